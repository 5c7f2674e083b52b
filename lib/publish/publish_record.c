#include "publish/publish_record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/saying.h"
#include "base/secret.h"

void publish_record_id(const char *name, char id[PUBLICATION_ID])
{
    const char *dash = strchr(name, '-');
    snprintf(id, PUBLICATION_ID, "%.64s", dash != NULL ? dash + 1 : name);
    id[strcspn(id, ".")] = '\0';
}

void publish_record(const struct publisher *p, struct publication *step,
                    const struct publication_model *models, size_t n)
{
    struct fail why = {0};
    step->decided_ms = clock_wall_ms();
    if (publication_store(p->db, step, models, n, &why) != ERR_OK)
        progress_note(p->progress, "this step was not recorded, the next one will say what it finds: %s",
                      why.text);
}

static void put_model(struct publication_model *out, const struct model *m, double weight)
{
    *out = (struct publication_model){.weight = weight};
    secret_hex(out->model_hash, m->file.header->content, SECTION_HASH);
    secret_hex(out->dataset_hash, m->info->dataset_hash, SECTION_HASH);
    snprintf(out->kind, sizeof out->kind, "%.16s", m->info->kind);
}

static size_t put_models(struct publication_model out[PUBLISHED_MODELS + 1], const struct published_models *m)
{
    size_t n = 0;
    put_model(&out[n++], &m->head, NAN);
    for (size_t p = 0; p < m->head.n_parts; p++)
        put_model(&out[n++], &m->parts[p], (double)m->head.parts[p].weight);
    if (m->has_counts)
        put_model(&out[n++], &m->counts, NAN);
    return n;
}

static void put_scores(struct publication *step, const struct champion_verdict *v)
{
    snprintf(step->decision, sizeof step->decision, "%s", champion_decision_name(v->decision));
    if (v->decision != CHAMPION_UNKNOWN) {
        snprintf(step->decided_by, sizeof step->decided_by, "%s", champion_people_name(v->by));
        secret_hex(step->held_hash, v->held, sizeof v->held);
    }
    for (int g = 0; g <= CHAMPION_ALL; g++) {
        const struct paired *s = &v->ndcg[g];
        if (s->n == 0)
            continue;
        struct publication_score *out = &step->scores[step->n_scores++];
        *out = (struct publication_score){.n_people = (int64_t)s->n,
                                          .live = s->before,
                                          .fresh = s->after,
                                          .difference = s->difference,
                                          .low = s->low,
                                          .high = s->high};
        snprintf(out->people, sizeof out->people, "%s", champion_people_name((enum champion_people)g));
    }
}

void publish_record_made(const struct publisher *p, const char *was_live, const struct publisher_result *r,
                         const struct published_models *models)
{
    static const char *const outcomes[] = {"live", "same", "pinned", "refused"};
    struct publication step = {.action = "publish", .reason = r->reason};
    struct publication_model made[PUBLISHED_MODELS + 1];
    snprintf(step.outcome, sizeof step.outcome, "%s", outcomes[r->outcome]);
    snprintf(step.snapshot, sizeof step.snapshot, "%s", r->id);
    snprintf(step.was_live, sizeof step.was_live, "%s", was_live);
    if (r->has_verdict)
        put_scores(&step, &r->verdict);
    publish_record(p, &step, made, put_models(made, models));
}

void publish_record_found(const struct publisher *p, const struct snapshot_folder *f)
{
    struct publication step = {.action = "found", .outcome = "live", .reason = SAYING_FOUND};
    struct fail why = {0};
    char name[SNAPSHOT_NAME], pinned[SNAPSHOT_NAME], path[SNAPSHOT_PATH];
    snapshot_folder_current(f, name);
    snapshot_folder_pinned(f, pinned);
    snapshot_folder_file(f, pinned, path);
    if (pinned[0] != '\0' && strcmp(pinned, name) != 0 && access(path, R_OK) == 0 &&
        snapshot_folder_switch(f, pinned, &why) == ERR_OK)
        snapshot_folder_current(f, name);
    if (name[0] == '\0')
        return;
    if (publication_live(p->db, step.was_live, &why) != ERR_OK) {
        progress_note(p->progress, "this step was not recorded as found: %s", why.text);
        return;
    }
    publish_record_id(name, step.snapshot);
    if (strcmp(step.snapshot, step.was_live) != 0)
        publish_record(p, &step, NULL, 0);
}
