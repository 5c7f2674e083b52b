#include "ratings_options.h"

#include <string.h>

#include "base/encoding.h"

void ratings_options_rows(struct ratings_options *o, struct job_option *rows)
{
    const struct job_option all[RATINGS_OPTIONS] = {
        {"scale", JOB_TEXT, &o->scale, 0, 0,
         "highest possible rating, such as 10 or 100 (default 5, and the file must look like it: 0.5 to 5); "
         "thumbs: 1 is a like, 0 and -1 are not; likes: every row is a like"},
        {"like-at", JOB_TEXT, &o->like_at, 0, 0,
         "lowest rating that is a like, in the file's own units (default: the equivalent of 3.5 out of 5, "
         "such as 7 of 10)"},
        {"tolerate", JOB_REAL, &o->tolerate, 0, 100,
         "stop if more than X % of the rows are invalid (default 5; evaluate and tune: 0)"},
        {"encoding", JOB_TEXT, &o->encoding, 0, 0,
         "encoding of the file if it is not UTF-8: cp949, shift_jis, …"},
    };
    memcpy(rows, all, sizeof all);
}

enum err ratings_options_read(const struct ratings_options *o, struct ratings_rules *out, struct fail *why)
{
    *out = (struct ratings_rules){.tolerate = o->tolerate, .encoding = o->encoding};
    enum err rc = encoding_check(o->encoding, why);
    return rc == ERR_OK ? rating_scale_read(&out->scale, o->scale, o->like_at, why) : rc;
}
