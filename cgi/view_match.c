/* How characters go with a visitor, and why. */
#include <math.h>
#include <string.h>

#include "input.h"
#include "view.h"

/* In hundredths, as it is stored. */
static void put_share(struct exchange *p, const char *name, float share)
{
    if (isnan(share))
        json_out_null_of(&p->out, name);
    else
        json_out_real_of(&p->out, name, recommend_percent(share) / 100.0, 2);
}

/* What the parts add up to and where that stands, unless the result is older than these. */
static void put_place(struct exchange *p, const struct recommend_match *m)
{
    if (isnan(m->film)) {
        json_out_null_of(&p->out, "points");
        json_out_null_of(&p->out, "above");
        return;
    }
    json_out_int_of(&p->out, "points", recommend_percent(m->parts));
    put_share(p, "above", m->above);
}

static void put_match(struct exchange *p, const struct recommend_match *m, bool films)
{
    static const char *const names[] = {"same", "compatible", "near"};
    json_out_name(&p->out, "match");
    json_out_map(&p->out);
    json_out_int_of(&p->out, "percent", m->percent);
    json_out_text_of(&p->out, "type", names[m->type]);
    put_share(p, "film", films ? m->film : NAN);
    json_out_real_of(&p->out, "enneagram", (double)m->enneagram, 2);
    json_out_real_of(&p->out, "grade", (double)m->grade, 2);
    view_word(p, "by", m->completes ? "grade" : isnan(m->enneagram) ? "" : "enneagram");
    json_out_real_of(&p->out, "fame", (double)m->fame, 2);
    put_place(p, m);
    json_out_bool_of(&p->out, "strange", m->strange);
    json_out_end(&p->out);
}

void view_match_for(struct exchange *p, uint32_t character, const struct input_visitor *v)
{
    struct recommend_match m = recommend_match_of(v->matches, character);
    put_match(p, &m, v->asked.n_movies > 0);
}

void view_character_for(struct exchange *p, uint32_t character, const struct input_visitor *v)
{
    json_out_map(&p->out);
    view_character_members(p, character);
    if (v->matches != NULL)
        view_match_for(p, character, v);
    json_out_end(&p->out);
}

static void put_common(struct exchange *p, const struct likeness *like)
{
    json_out_bool_of(&p->out, "series", like->series);
    view_word(p, "theme", like->theme != NULL ? like->theme : "");
    json_out_name(&p->out, "genres");
    json_out_list(&p->out);
    for (size_t i = 0; i < like->n_genres; i++)
        json_out_text_n(&p->out, like->genres[i].text, like->genres[i].n);
    json_out_end(&p->out);
    if (like->country != NULL)
        json_out_text_of(&p->out, "country", like->country);
    else
        json_out_null_of(&p->out, "country");
    if (like->decade > 0)
        json_out_int_of(&p->out, "decade", like->decade);
    else
        json_out_null_of(&p->out, "decade");
}

static void put_likeness(struct exchange *p, const struct likeness *like)
{
    view_reason_film(p, like->movie);
    put_common(p, like);
}

/* What a chosen film and the character's have in common, where it is told. */
static void put_compared(struct exchange *p, const struct likeness *like)
{
    json_out_name(&p->out, "common");
    if (like == NULL) {
        json_out_null(&p->out);
        return;
    }
    json_out_map(&p->out);
    put_common(p, like);
    json_out_end(&p->out);
}

/* What the film has to do with the visitor: nothing that is not so. */
static const char *film_reason(const struct recommend_item *item)
{
    if (item->n_because > 0)
        return "movies";
    return item->like != NULL ? "content" : item->loved ? "popular" : "personality";
}

static void put_because(struct exchange *p, const struct recommend_item *item)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", film_reason(item));
    if (item->like != NULL)
        put_likeness(p, item->like);
    if (item->n_because > 0) {
        json_out_name(&p->out, "because");
        json_out_list(&p->out);
        for (size_t i = 0; i < item->n_because; i++) {
            json_out_map(&p->out);
            view_reason_film(p, item->because[i].movie);
            json_out_real_of(&p->out, "share", (double)item->because[i].share, 4);
            put_compared(p, item->because[i].like);
            json_out_end(&p->out);
        }
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

/* What the character's type is to the visitor's: the relation is the list's, the distance is to the nearer of
 * the visitor's own and the compatible type. */
static void put_type_reason(struct exchange *p, const struct snapshot_character *c, enum match_type type,
                            uint8_t mbti)
{
    static const char *const names[] = {"same", "compatible", "near"};
    int own = mbti_distance(c->mbti, mbti), partner = mbti_distance(c->mbti, p->snapshot->partners[mbti]);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", "type");
    json_out_text_of(&p->out, "mbti", mbti_name(c->mbti));
    json_out_text_of(&p->out, "relation", names[type]);
    json_out_int_of(&p->out, "distance", own < partner ? own : partner);
    json_out_end(&p->out);
}

static void put_reasons(struct exchange *p, const struct recommend_item *item, uint8_t mbti)
{
    const struct snapshot_character *c = &p->snapshot->characters[item->character];
    json_out_name(&p->out, "reasons");
    json_out_list(&p->out);
    put_because(p, item);
    put_type_reason(p, c, item->match.type, mbti);
    if (!isnan(item->match.enneagram)) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "kind", "enneagram");
        json_out_text_of(&p->out, "enneagram", enneagram_name(c->enneagram));
        json_out_real_of(&p->out, "similarity", (double)item->match.enneagram, 2);
        json_out_end(&p->out);
    }
    view_reason_votes(p, item->character);
    json_out_end(&p->out);
}

void view_matched(struct exchange *p, const struct recommend_item *item)
{
    json_out_map(&p->out);
    view_character_members(p, item->character);
    put_match(p, &item->match, !isnan(item->match.film));
    json_out_end(&p->out);
}

void view_recommended(struct exchange *p, const struct recommend_list *list, uint8_t mbti)
{
    json_out_list(&p->out);
    for (size_t i = 0; i < list->n; i++) {
        const struct recommend_item *item = &list->items[i];
        json_out_map(&p->out);
        view_character_members(p, item->character);
        put_match(p, &item->match, !isnan(item->match.film));
        put_reasons(p, item, mbti);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}
