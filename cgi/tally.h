/* Visitors' votes on a character's type as HTML, as www/js/ui/vote.js draws them: confidence, shares with counts, the
 * runner-up. */
#ifndef MVTI_CGI_TALLY_H
#define MVTI_CGI_TALLY_H

#include "domain/consensus.h"
#include "parts.h"

/* Writes the panel into p->html. */
void tally_put(struct exchange *p, const struct consensus_votes *votes);

#endif
