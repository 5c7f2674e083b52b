#include "doctor.h"

#include "analytics/google.h"
#include "base/clock.h"
#include "store/outbox.h"

static const char what[] = "Google Analytics";
static const int64_t LATE_MS = 2 * 3600 * 1000;

/* The property and the server of the settings; false: it has been said what is wrong. */
static bool answers(struct doctor *d)
{
    const struct config *c = &d->job->config;
    struct google g;
    struct fail why = {0};
    enum err rc = google_open(&g, c, &why);
    if (rc != ERR_OK)
        doctor_say(
            d, DOCTOR_WRONG, what,
            "%s; analytics_id is the measurement ID of a web data stream, analytics_secret_file holds its "
            "Measurement Protocol API secret",
            why.text);
    else if ((rc = google_judge(&g, &why)) != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s; " DOCTOR_DO "check analytics_url (%s) and that this machine reaches it", why.text,
                   c->analytics_url);
    google_close(&g);
    return rc == ERR_OK;
}

void doctor_analytics(struct doctor *d)
{
    struct outbox_state s = {0};
    struct fail why = {0};
    if (d->job->config.analytics_id[0] == '\0' || !answers(d))
        return;
    enum err rc = d->tables ? outbox_read(d->job->db, &s, &why) : ERR_OK;
    const char *last = s.sent_ms > 0 ? doctor_age(d, s.sent_ms / 1000) : "never";
    if (rc != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, what, "%s", why.text);
    else if (s.failures > 0)
        doctor_say(
            d, DOCTOR_WRONG, what,
            "answers now, but %lld requests in a row were not taken: %s; %lld events wait, last sent %s; run "
            "mvti analytics send --now",
            (long long)s.failures, s.problem, (long long)s.waiting, last);
    else if (s.waiting > 0 && clock_wall_ms() - s.oldest_ms > LATE_MS)
        doctor_say(
            d, DOCTOR_WRONG, what,
            "answers, but %lld events wait, the oldest for longer than two hours; last sent %s; " DOCTOR_DO
            "run mvti "
            "analytics send and read what it says, or enable mvti-analytics.timer",
            (long long)s.waiting, last);
    else
        doctor_say(d, DOCTOR_GOOD, what,
                   "answers at %s; %lld events wait, last sent %s; %lld lost without an answer",
                   d->job->config.analytics_url, (long long)s.waiting, last, (long long)s.unsure);
}
