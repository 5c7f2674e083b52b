/* What visitors who say "not like me" take off a character's likes, before these are mixed into its popularity.
 *
 * They are believed as those who choose a film are (data/credit.h): accounts each, guests together as few. More than the likes of a
 * character they cannot take: of its popularity the 0.15 that likes give at most. */
#ifndef MVTI_PUBLISH_UNLIKE_H
#define MVTI_PUBLISH_UNLIKE_H

#include "store/like_totals.h"

MUST_USE enum err unlike_take_off(struct db *db, struct like_totals *likes, struct fail *why);

#endif
