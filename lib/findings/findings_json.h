/* What an experiment has found, as one JSON map: what `mvti experiment report --json` prints and the owner's console shows. */
#ifndef MVTI_FINDINGS_FINDINGS_JSON_H
#define MVTI_FINDINGS_FINDINGS_JSON_H

#include "findings/findings.h"
#include "json/json_out.h"

void findings_json_write(struct json_out *w, const struct findings *f);
/* One member with nine digits, which figures of small differences need; null for what is not finite. */
void findings_json_number(struct json_out *w, const char *name, double value);

#endif
