/* The pages of one character and of one film, as www/js/pages/character.js and movie.js draw them. */
#include "app/browse.h"
#include "app/react.h"
#include "facts.h"
#include "input.h"
#include "page.h"
#include "parts.h"
#include "picture.h"
#include "tally.h"

static struct snapshot_text plot(const struct snapshot *s, uint32_t movie)
{
    return (struct snapshot_text){s->movies[movie].plot_ko, s->movies[movie].plot_en};
}

/* A link to a film with its title. */
static void put_film_link(struct exchange *p, uint32_t movie)
{
    parts_link(p, NULL, parts_path(p, "/m/%d", (int)p->snapshot->movies[movie].id));
    parts_say(p, HTML_SPAN, NULL, parts_title(p->snapshot, movie));
    html_out_end(&p->html);
}

/* ---- a character */

struct who {
    uint32_t character;
    struct browse_page others, similar;
    struct react_about about; /* as everybody says */
    bool known;               /* false while the database is away */
};

static void put_who_type(struct exchange *p, const struct snapshot_character *c)
{
    html_out_open_class(&p->html, HTML_P, "who-type");
    parts_link(p, NULL, parts_path(p, "/t/%s", mbti_name(c->mbti)));
    html_out_text(&p->html, mbti_name(c->mbti));
    html_out_end(&p->html);
    html_out_text(&p->html, " ");
    parts_link(p, "wing", parts_path(p, "/e/%s", enneagram_name(c->enneagram)));
    html_out_text(&p->html, enneagram_name(c->enneagram));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_who(struct exchange *p, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    int year = p->snapshot->movies[c->movie].year;
    parts_typed(p, HTML_SECTION, "who", c->mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap who-in");
    html_out_open_class(&p->html, HTML_DIV, "who-art");
    parts_portrait(p, character);
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_DIV, "who-text");
    html_out_open_class(&p->html, HTML_P, "over");
    put_film_link(p, c->movie);
    if (year > 0)
        html_out_text(&p->html, arena_printf(p->arena, " · %d", year));
    html_out_end(&p->html);
    parts_say(p, HTML_H1, NULL, parts_name(p->snapshot, character));
    put_who_type(p, c);
    html_out_say(&p->html, HTML_P, "tags",
                 parts_text(p, (struct snapshot_text){c->hashtags_ko, c->hashtags_en}));
    /* Where scripts put hearts and opinions. */
    html_out_say(&p->html, HTML_P, "actions waits", "");
    html_out_say(&p->html, HTML_P, "says waits", "");
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

/* How sure the typing is: www/js/pages/character.js has the same limits. */
static const char *sure(struct exchange *p, const struct snapshot_character *c)
{
    if (c->votes < 0)
        return parts_word(p, WORDS_sure_editorial);
    enum words_key key = c->certainty >= 0.85f  ? WORDS_sure_high
                         : c->certainty >= 0.5f ? WORDS_sure_middle
                                                : WORDS_sure_low;
    return words_fill(p->arena, p->language, key, "n", words_number(p->arena, c->votes), NULL);
}

static void put_film(struct exchange *p, uint32_t movie)
{
    parts_section(p, "panel film-panel", "film", parts_word(p, WORDS_character_film));
    html_out_open_class(&p->html, HTML_DIV, "film-row");
    html_out_open_class(&p->html, HTML_SPAN, "film-poster");
    parts_drawing(p, "poster");
    html_out_end(&p->html);
    html_out_open(&p->html, HTML_DIV);
    html_out_open_class(&p->html, HTML_P, "film-title");
    put_film_link(p, movie);
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "muted", parts_film_facts(p, movie));
    parts_say(p, HTML_P, NULL, plot(p->snapshot, movie));
    html_out_end(&p->html);
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_watch_title));
    parts_watch(p, movie);
    html_out_end(&p->html);
}

static void put_character(struct exchange *p, const void *of)
{
    const struct who *who = of;
    const struct snapshot_character *c = &p->snapshot->characters[who->character];
    put_who(p, who->character);
    html_out_open_class(&p->html, HTML_DIV, "wrap columns");
    parts_section(p, "prose", "about-who", parts_word(p, WORDS_character_about));
    parts_say(p, HTML_P, NULL, (struct snapshot_text){c->description_ko, c->description_en});
    html_out_open_class(&p->html, HTML_P, "sure");
    parts_chip(p, c->mbti, c->enneagram);
    html_out_text(&p->html, " ");
    html_out_text(&p->html, sure(p, c));
    html_out_end(&p->html);
    html_out_end(&p->html);
    put_film(p, c->movie);
    html_out_end(&p->html);
    if (who->known)
        tally_put(p, &who->about.votes);
    const char *film = parts_quoted(p, parts_text(p, parts_title(p->snapshot, c->movie)));
    parts_faces(p, "others", words_fill(p->arena, p->language, WORDS_character_others, "film", film, NULL),
                &who->others);
    parts_faces(p, "similar", parts_word(p, WORDS_character_similar), &who->similar);
}

static void put_character_facts(struct exchange *p, struct json_out *w, const void *of)
{
    uint32_t character = ((const struct who *)of)->character;
    const struct snapshot_character *c = &p->snapshot->characters[character];
    const struct facts_step way[] = {
        {parts_text(p, parts_title(p->snapshot, c->movie)),
         arena_printf(p->arena, "/m/%d", (int)p->snapshot->movies[c->movie].id)},
        {parts_text(p, parts_name(p->snapshot, character)), arena_printf(p->arena, "/c/%d", (int)c->id)}};
    facts_character(p, w, character);
    facts_way(p, w, way, 2);
}

static enum err show_character(struct exchange *p, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    struct who who = {.character = character};
    enum err rc = browse_others(p->snapshot, character, p->arena, &who.others);
    if (rc == ERR_OK)
        rc = browse_similar(p->snapshot, character, p->arena, &who.similar);
    if (rc != ERR_OK)
        return rc;
    who.known = react_about(p->site->db, &p->session, c->id, &who.about, &p->why) == ERR_OK;
    p->why = (struct fail){0};
    const char *path = arena_printf(p->arena, "/c/%d", (int)c->id);
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    shown_character(&facts, p->snapshot, &card, character);
    struct shell_page page = {
        .picture = picture_address(p, path, &card, &facts),
        .picture_alt = words_fill(p->arena, p->language, WORDS_head_picture_character, "name",
                                  parts_text(p, parts_name(p->snapshot, character)), "film",
                                  parts_text(p, parts_title(p->snapshot, c->movie)), "mbti",
                                  mbti_name(c->mbti), "enneagram", enneagram_name(c->enneagram), NULL),
        .title = arena_printf(p->arena, "%s (%s) – %s %s", parts_text(p, parts_name(p->snapshot, character)),
                              parts_text(p, parts_title(p->snapshot, c->movie)), mbti_name(c->mbti),
                              enneagram_name(c->enneagram)),
        .description = parts_text(p, (struct snapshot_text){c->description_ko, c->description_en}),
        .path = path,
        .content = put_character,
        .facts = put_character_facts,
        .of = &who,
    };
    return page_show(p, &page);
}

enum err page_catalog_character(struct exchange *p)
{
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    int32_t asked = p->id;
    int64_t i = input_character(p);
    if (i < 0)
        return page_missing(p);
    return p->id == asked ? show_character(p, (uint32_t)i)
                          : page_moved(p, parts_path(p, "/c/%d", (int)p->id));
}

/* ---- a film */

static void put_movie_text(struct exchange *p, uint32_t movie)
{
    html_out_open_class(&p->html, HTML_DIV, "film-text");
    html_out_say(&p->html, HTML_P, "over", parts_film_facts(p, movie));
    parts_say(p, HTML_H1, NULL, parts_title(p->snapshot, movie));
    if (*parts_text(p, plot(p->snapshot, movie)) != '\0')
        parts_say(p, HTML_P, "lead", plot(p->snapshot, movie));
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_watch_title));
    parts_watch(p, movie);
    html_out_end(&p->html);
}

static void put_movie(struct exchange *p, const void *of)
{
    uint32_t movie = *(const uint32_t *)of;
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    html_out_open_class(&p->html, HTML_DIV, "wrap film-page");
    html_out_open_class(&p->html, HTML_DIV, "film-art");
    parts_drawing(p, "poster");
    html_out_end(&p->html);
    put_movie_text(p, movie);
    html_out_end(&p->html);
    parts_band(p, "people", parts_word(p, WORDS_movie_people), "");
    if (m->cast_count > 0)
        html_out_open_class(&p->html, HTML_DIV, "faces");
    for (uint32_t i = 0; i < m->cast_count; i++)
        parts_face(p, p->snapshot->cast[m->cast_start + i]);
    if (m->cast_count > 0)
        html_out_end(&p->html);
    else
        html_out_say(&p->html, HTML_P, "muted", parts_word(p, WORDS_movie_nobody));
    html_out_end(&p->html);
}

static void put_movie_facts(struct exchange *p, struct json_out *w, const void *of)
{
    uint32_t movie = *(const uint32_t *)of;
    const struct facts_step way = {parts_text(p, parts_title(p->snapshot, movie)),
                                   arena_printf(p->arena, "/m/%d", (int)p->snapshot->movies[movie].id)};
    facts_movie(p, w, movie);
    facts_way(p, w, &way, 1);
}

static enum err show_movie(struct exchange *p, uint32_t movie)
{
    const char *said = parts_text(p, plot(p->snapshot, movie));
    const char *path = arena_printf(p->arena, "/m/%d", (int)p->snapshot->movies[movie].id);
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    shown_movie(&facts, p->snapshot, &card, movie);
    struct shell_page page = {
        .picture = picture_address(p, path, &card, &facts),
        .picture_alt = words_fill(p->arena, p->language, WORDS_head_picture_movie, "film",
                                  parts_text(p, parts_title(p->snapshot, movie)), NULL),
        .title = parts_film_line(p, movie),
        .description = *said != '\0' ? said : parts_word(p, WORDS_head_movie),
        .path = path,
        .content = put_movie,
        .facts = put_movie_facts,
        .of = &movie,
    };
    return page_show(p, &page);
}

enum err page_catalog_movie(struct exchange *p)
{
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    int32_t asked = p->id;
    int64_t i = input_movie(p);
    if (i < 0)
        return page_missing(p);
    return p->id == asked ? show_movie(p, (uint32_t)i) : page_moved(p, parts_path(p, "/m/%d", (int)p->id));
}
