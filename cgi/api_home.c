#include "app/leave_out.h"
#include "app/quiz.h"
#include "app/rank.h"
#include "app/share.h"
#include "base/clock.h"
#include "input.h"
#include "view.h"

enum { POPULAR = 12, MINE = 10 };

/* Asked at most every other second, because it is the one thing that every visit of the home page asks the
 * database for. −1 while it is away. */
static const double COUNT_EVERY = 2.0;

static int64_t count_tests(struct exchange *p)
{
    struct site *site = p->site;
    double now = clock_monotonic();
    if (site->tests_counted != 0 && now - site->tests_counted < COUNT_EVERY)
        return site->tests;
    if (quiz_count(site->db, &site->tests, &p->why) != ERR_OK)
        return -1;
    site->tests_counted = now;
    return site->tests;
}

/* The same for what is a little slower, and may be a little older. False while the database is away. */
static bool read_today(struct exchange *p)
{
    static const double every = 20.0;
    struct site *site = p->site;
    double now = clock_monotonic();
    if (site->today_read != 0 && now - site->today_read < every)
        return true;
    if (quiz_today(site->db, &site->today, &p->why) != ERR_OK)
        return false;
    site->today_read = now;
    return true;
}

static void put_today(struct exchange *p)
{
    json_out_name(&p->out, "today");
    if (!read_today(p)) {
        json_out_null(&p->out);
        return;
    }
    const struct today *t = &p->site->today;
    json_out_map(&p->out);
    json_out_int_of(&p->out, "tests", t->tests);
    json_out_bool_of(&p->out, "more", t->more);
    json_out_name(&p->out, "met");
    json_out_list(&p->out);
    for (size_t i = 0; i < t->n_met; i++) {
        int64_t c = snapshot_character_index(p->snapshot, t->met[i]);
        if (c >= 0)
            view_character(p, (uint32_t)c);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_mine(struct exchange *p)
{
    struct share_quiz t;
    struct leave_out left;
    json_out_name(&p->out, "mine");
    if (!p->session.present ||
        share_newest(p->site->db, p->snapshot, &p->session, p->arena, &t, &p->why) != ERR_OK ||
        leave_out_load(p->site->db, t.stored.visitor_id, p->arena, &left, &p->why) != ERR_OK) {
        json_out_null(&p->out);
        return;
    }
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(t.stored.mbti));
    view_word(p, "enneagram", enneagram_name(t.stored.enneagram));
    json_out_text_of(&p->out, "token", t.stored.token);
    json_out_text_of(&p->out, "snapshot", t.stored.snapshot_id);
    json_out_name(&p->out, "same");
    json_out_list(&p->out);
    for (size_t i = 0, shown = 0; i < t.same.n && shown < MINE; i++)
        if (!leave_out_has(&left, p->snapshot, t.same.items[i].character)) {
            view_matched(p, &t.same.items[i]);
            shown++;
        }
    json_out_end(&p->out);
    json_out_end(&p->out);
}

static void put_counts(struct exchange *p)
{
    int64_t tests = count_tests(p);
    if (tests < 0)
        json_out_null_of(&p->out, "tests");
    else
        json_out_int_of(&p->out, "tests", tests);
    json_out_int_of(&p->out, "movies", (int64_t)p->snapshot->n_movies);
    json_out_int_of(&p->out, "characters", (int64_t)p->snapshot->n_characters);
    json_out_bool_of(&p->out, "simulated", p->site->serving.simulated);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
}

enum err api_home(struct exchange *p)
{
    struct browse_page popular;
    enum err rc = rank_popular(p->snapshot, POPULAR, p->arena, &popular);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    put_counts(p);
    json_out_name(&p->out, "types");
    json_out_list(&p->out);
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        view_type(p, t);
    json_out_end(&p->out);
    json_out_name(&p->out, "popular");
    json_out_list(&p->out);
    for (size_t i = 0; i < popular.n; i++)
        view_character(p, popular.items[i]);
    json_out_end(&p->out);
    put_today(p);
    put_mine(p);
    view_page_texts(p, "home.");
    json_out_end(&p->out);
    return ERR_OK;
}
