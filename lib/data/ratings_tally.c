#include "data/ratings_tally.h"

#include <stdio.h>

#include "data/rating_scale.h"

/* Of a file of which so many rows, in percent, are rejected, nobody should import what is left unseen. */
enum { HOPELESS = 50 };

const char *ratings_reader_verdict_name(int verdict)
{
    static const char *const names[RATINGS_N_VERDICTS] = {
        [RATINGS_BAD_USER] = "the person's id is empty, too long or no text",
        [RATINGS_BAD_MOVIE] = "film id is not a number from 0 to 2147483647",
        [RATINGS_BAD_RATING] = "rating is not a number",
        [RATINGS_OUTSIDE] = "rating is outside its scale",
        [RATINGS_OTHER_TOP] = "rating names another scale than the file's",
        [RATINGS_BAD_TIME] = "timestamp is not seconds or milliseconds since 1970, nor ISO 8601",
        [RATINGS_MIXED_TIME] = "timestamp is of another kind than those before",
    };
    if (verdict >= 0 && verdict < CSV_N_VERDICTS)
        return csv_verdict_name((enum csv_verdict)verdict);
    return verdict > 0 && verdict < RATINGS_N_VERDICTS ? names[verdict] : "unknown";
}

static void add_time(struct ratings_tally *t, int64_t time)
{
    if (time == 0)
        return;
    if (time < t->earliest || t->earliest == 0)
        t->earliest = time;
    if (time > t->latest)
        t->latest = time;
}

void ratings_tally_add(struct ratings_tally *t, const struct ratings_row *row, enum time_offset offset)
{
    t->rows++;
    if (row->verdict == RATINGS_OK) {
        add_time(t, row->rating.time);
        t->offsets[offset]++;
        return;
    }
    t->rejected++;
    if (t->by_verdict[row->verdict]++ == 0) {
        t->first[row->verdict].line = row->line;
        snprintf(t->first[row->verdict].reason, RATINGS_REASON, "%s", row->reason);
    }
}

/* ---- rejected rows ---- */

enum err ratings_tally_rejected(const struct ratings_tally *t, double tolerate, const char *path,
                                struct fail *why)
{
    char n[32], rows[32], most[32];
    int worst = 0;
    double percent = 100.0 * (double)t->rejected / (double)t->rows;
    if (percent <= tolerate && t->rejected < t->rows)
        return ERR_OK;
    for (int v = 0; v < RATINGS_N_VERDICTS; v++)
        worst = t->by_verdict[v] > t->by_verdict[worst] ? v : worst;
    char advice[120] = "not one could be used";
    if (percent > HOPELESS && t->rejected < t->rows)
        snprintf(advice, sizeof advice,
                 "look at the file: so many wrong rows mean that it is not what it is "
                 "taken for");
    else if (t->rejected < t->rows)
        snprintf(advice, sizeof advice, "--tolerate %d leaves them out", (int)percent + 1);
    return fail_set(why, ERR_INVALID, "%s: %s of %s rows rejected, %s of them as in line %llu (%s); %s", path,
                    rating_scale_count_text(t->rejected, n), rating_scale_count_text(t->rows, rows),
                    rating_scale_count_text(t->by_verdict[worst], most),
                    (unsigned long long)t->first[worst].line, t->first[worst].reason, advice);
}

/* ---- times ---- */

enum err ratings_tally_times(const struct ratings_tally *t, enum time_kind kind, const char *path,
                             struct fail *why)
{
    static const struct {
        int64_t from, to; /* seconds */
        const char *what, *remedy;
    } others[] = {
        /* 1970-01-01 … 2119; as seconds, ten hours of one day of 1970 */
        {25569, 80000, "days as spreadsheets count them", "show that column as yyyy-mm-dd hh:mm:ss there"},
        {19700101, 21001231, "dates without dashes", "write them as 2020-12-31"}};
    int64_t from = t->earliest / 1000, to = t->latest / 1000;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (kind == TIME_SECONDS && from >= others[i].from && to <= others[i].to)
            return fail_set(why, ERR_INVALID,
                            "%s: timestamps from %lld to %lld look like %s, not like seconds since 1970; %s, "
                            "or leave the column out",
                            path, (long long)from, (long long)to, others[i].what, others[i].remedy);
    return ERR_OK;
}

const char *ratings_tally_remark(const struct ratings_tally *t, char out[RATINGS_REASON])
{
    char said[32], unsaid[32];
    out[0] = '\0';
    if (t->offsets[OFFSET_SAID] > 0 && t->offsets[OFFSET_UNSAID] > 0)
        snprintf(out, RATINGS_REASON,
                 "%s timestamps say how far from UTC they are and %s do not; the latter were taken for UTC",
                 rating_scale_count_text(t->offsets[OFFSET_SAID], said),
                 rating_scale_count_text(t->offsets[OFFSET_UNSAID], unsaid));
    return out;
}
