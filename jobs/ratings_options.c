#include "ratings_options.h"

#include <string.h>

void ratings_options_rows(struct ratings_options *o, struct job_option *rows)
{
    const struct job_option all[RATINGS_OPTIONS] = {
        {"scale", JOB_TEXT, &o->scale, 0, 0,
         "highest rating there can be, such as 10 or 100 (default 5, and the file must look like it: 0.5 to "
         "5); "
         "thumbs: 1 is a like, 0 and -1 are none; likes: every row is one"},
        {"like-at", JOB_TEXT, &o->like_at, 0, 0,
         "least rating that is a like, in the file's own units (default: what is 3.5 of 5, such as 7 of 10)"},
        {"tolerate", JOB_REAL, &o->tolerate, 0, 100,
         "stop when more than X % of the rows are rejected (default 5; evaluate and tune: 0)"},
        {"encoding", JOB_TEXT, &o->encoding, 0, 0, "what the file is in if not UTF-8: cp949, shift_jis, …"},
    };
    memcpy(rows, all, sizeof all);
}

enum err ratings_options_read(const struct ratings_options *o, struct ratings_rules *out, struct fail *why)
{
    *out = (struct ratings_rules){.tolerate = o->tolerate, .encoding = o->encoding};
    return rating_scale_read(&out->scale, o->scale, o->like_at, why);
}
