/* From the catalog in the database and a trained model to the file that workers map. */
#ifndef MVTI_PUBLISH_PUBLISH_H
#define MVTI_PUBLISH_PUBLISH_H

#include "base/err.h"
#include "model/model_file.h"
#include "model/snapshot_writer.h"
#include "publish/film_counts.h"
#include "publish/published_models.h"
#include "store/catalog.h"
#include "store/like_totals.h"

/* Fills films, characters and links of a builder.
 *
 *   film popularity       L(people who rated it at the catalog's source), or where that is unknown
 *                         L(people who like it: trained on or held out)
 *   character popularity  0.60 L(votes) + 0.25 film popularity + 0.15 L(likes)
 *   L(n) = ln(1 + n) / ln(1 + the largest n of its kind), 0 where all are 0
 *
 * A missing Korean text of a name
 * or title is replaced by the English one and the other way round. An image is kept only if it is a path of
 * our own site, a link only if it leads where it says. ERR_NOMEM. */
MUST_USE enum err publish_catalog(struct snapshot_builder *b, const struct catalog *c,
                                  const struct like_totals *likes, const struct film_counts *counts,
                                  struct fail *why);

/* The snapshot's own description: model, settings, metrics, its parts with their weights, dataset, whether
 * simulated. */
void publish_meta(struct snapshot_builder *b, const struct published_models *models);

#endif
