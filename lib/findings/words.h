/* The sentences of findings/findings.h, for somebody who decides about the site and need not know what an interval is. */
#ifndef MVTI_FINDINGS_WORDS_H
#define MVTI_FINDINGS_WORDS_H

#include "findings/findings.h"

/* Fills variants[i].verdict, or that of the whole, from the figures. */
void words_of_variant(struct findings *f, size_t i);
void words_of_experiment(struct findings *f);

#endif
