#include "job_offer.h"

#include "release/offer.h"

bool job_offer(struct job *job)
{
    enum offer_outcome outcome;
    struct fail why = {0};
    enum err rc = offer_update(&job->config, &outcome, &why);
    if (rc != ERR_OK)
        job_note(job, "mvti: it is live here, and other hosts do not get it: %s", why.text);
    else if (outcome == OFFER_NEW)
        job_say(job, "offered to other hosts in %s", job->config.offer_dir);
    return rc == ERR_OK;
}

bool job_offer_kept(struct job *job)
{
    long lead = job->config.offer_lead_s;
    job->config.offer_lead_s = lead < OFFER_HEARD ? lead : OFFER_HEARD;
    bool offered = job_offer(job);
    job->config.offer_lead_s = lead;
    return offered;
}
