#include <string.h>

#include "app/storage.h"
#include "exchange.h"

enum err api_health(struct exchange *p)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "status", "ok");
    json_out_end(&p->out);
    return ERR_OK;
}

/* Ready means: there is a snapshot to serve from, if not the one that should be (refused). The database and the file of experiments are reported but not needed for
 * that. */
enum err api_health_ready(struct exchange *p)
{
    static const char *const states[] = {
        [EXPERIMENTS_NONE] = "none", [EXPERIMENTS_READY] = "ready", [EXPERIMENTS_BROKEN] = "broken"};
    bool ready = p->snapshot != NULL;
    p->response->status = ready ? 200 : 503;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "status", ready ? "ready" : "no snapshot");
    if (ready)
        json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    else
        json_out_null_of(&p->out, "snapshot");
    if (p->site->serving.live.refused != SNAPSHOT_USED)
        json_out_text_of(&p->out, "refused", snapshot_refusal_word(p->site->serving.live.refused));
    else
        json_out_null_of(&p->out, "refused");
    json_out_text_of(&p->out, "experiments", states[p->site->serving.experiments.state]);
    json_out_bool_of(&p->out, "database", storage_answers(p->site->db));
    json_out_end(&p->out);
    return ERR_OK;
}
