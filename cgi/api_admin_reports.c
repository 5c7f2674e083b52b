/* The owner's console: what visitors say is wrong. */
#include <string.h>

#include "app/mend.h"
#include "view.h"

enum { SHOWN = 100 };

/* What it is called, or null where the catalog has it no more. */
static void put_name(struct exchange *p, const struct error_report *r)
{
    const struct snapshot *s = p->snapshot;
    bool movie = strcmp(r->about, "movie") == 0;
    int64_t i = s == NULL ? -1
                : movie   ? snapshot_movie_index(s, r->subject_id)
                          : snapshot_character_index(s, r->subject_id);
    json_out_name(&p->out, "name");
    if (i < 0)
        json_out_null(&p->out);
    else if (movie)
        view_text(p, s->movies[i].title_ko, s->movies[i].title_en);
    else
        view_text(p, s->characters[i].name_ko, s->characters[i].name_en);
}

static void put_report(struct exchange *p, const struct error_report *r)
{
    json_out_map(&p->out);
    json_out_int_of(&p->out, "report", r->report_id);
    json_out_text_of(&p->out, "about", r->about);
    json_out_int_of(&p->out, "id", r->subject_id);
    put_name(p, r);
    json_out_text_of(&p->out, "kind", r->kind);
    json_out_text_of(&p->out, "said", r->said);
    view_created(p, r->created);
    json_out_end(&p->out);
}

enum err api_admin_reports(struct exchange *p)
{
    struct error_reports page = {.most = SHOWN};
    enum err rc = mend_queue(p->site->db, &page, p->arena, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    view_items(p);
    for (size_t i = 0; i < page.n; i++)
        put_report(p, &page.items[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}
