/* What visitors think a character's type is, as HTML: how certain that is, shares with counts, the runner-up; as www/js/ui/vote.js draws it. */
#ifndef MVTI_CGI_TALLY_H
#define MVTI_CGI_TALLY_H

#include "domain/consensus.h"
#include "parts.h"

/* Writes the panel into p->html. */
void tally_put(struct exchange *p, const struct consensus_votes *votes);

#endif
