/* The owner's week as a document: sections of tables, printed as text or written as one HTML file without scripts, in Korean or English. */
#ifndef MVTI_JOBS_WEEK_REPORT_H
#define MVTI_JOBS_WEEK_REPORT_H

#include "app/overview.h"
#include "base/buf.h"
#include "job.h"
#include "store/list_figures.h"
#include "store/publication.h"

struct week_report {
    struct overview overview;  /* of the last day of the week */
    struct list_figures lists; /* of the last seven days */
    struct publication *steps; /* [n_steps] newest first: what became live, or did not */
    size_t n_steps;
    int language; /* 0 Korean, 1 English */
};

/* On stdout. */
void week_report_say(struct job *job, const struct week_report *r);
/* Appends the HTML document. */
void week_report_html(struct job *job, const struct week_report *r, struct buf *out);

#endif
