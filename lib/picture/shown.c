#include "picture/shown.h"

#include <string.h>

#include "base/joined.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "json/json_out.h"
#include "domain/presentation.h"

/* Code points of one character that are drawn, but for an emoji of several, which joiners hold together. More are marks heaped on a
 * letter. */
enum { MARKS = 5, EMOJI_BYTES = 48 };

struct pen {
    struct json_out json;
    const struct snapshot *s;
};

/* Bytes of the cluster of n that are drawn. */
static size_t drawn_bytes(const char *s, size_t n)
{
    bool joined = memmem(s, n, "\xe2\x80\x8d", 3) != NULL;
    size_t at = 0;
    uint32_t code;
    for (int i = 0; at < n && (joined ? n <= EMOJI_BYTES : i < MARKS); i++)
        at += utf8_decode(s + at, n - at, &code);
    return at;
}

static void put_clean(struct buf *out, const char *s)
{
    size_t left = strlen(s);
    for (int shown = 0; left > 0 && shown < SHOWN_TEXT; shown++) {
        uint32_t code;
        size_t n = unicode_cluster(s, left);
        utf8_decode(s, left, &code);
        if (code < 0x20 || code == 0x7f)
            buf_putc(out, ' ');
        else if (!unicode_is_unseen(code))
            buf_put(out, s, drawn_bytes(s, n));
        s += n;
        left -= n;
    }
    if (left > 0)
        buf_puts(out, "…");
}

static void put_text(struct pen *p, const char *name, uint32_t ko, uint32_t en)
{
    struct buf clean = {0};
    const uint32_t texts[] = {ko, en};
    static const char *const names[] = {"ko", "en"};
    json_out_name(&p->json, name);
    json_out_map(&p->json);
    for (int i = 0; i < 2; i++) {
        buf_reset(&clean);
        put_clean(&clean, snapshot_text(p->s, texts[i]));
        p->json.out->failed |= clean.failed;
        json_out_text_of(&p->json, names[i], buf_str(&clean));
    }
    json_out_end(&p->json);
    buf_free(&clean);
}

static void put_text_of(struct pen *p, const char *name, struct snapshot_text text)
{
    put_text(p, name, text.ko, text.en);
}

static void put_parts(struct pen *p, const char *name, const char *parts)
{
    json_out_name(&p->json, name);
    json_out_list(&p->json);
    for (struct joined part; joined_next(&parts, &part);)
        json_out_text_n(&p->json, part.text, part.n);
    json_out_end(&p->json);
}

/* null for "": not known. */
static void put_word(struct pen *p, const char *name, const char *word)
{
    if (*word != '\0')
        json_out_text_of(&p->json, name, word);
    else
        json_out_null_of(&p->json, name);
}

static void put_movie(struct pen *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->s->movies[movie];
    json_out_map(&p->json);
    put_text(p, "title", m->title_ko, m->title_en);
    json_out_int_of(&p->json, "year", m->year);
    put_parts(p, "genres", snapshot_text(p->s, m->genres));
    put_word(p, "theme", snapshot_text(p->s, m->theme));
    json_out_end(&p->json);
}

static void put_type(struct pen *p, uint8_t mbti, uint8_t enneagram)
{
    json_out_text_of(&p->json, "mbti", mbti_name(mbti));
    json_out_text_of(&p->json, "enneagram", enneagram_name(enneagram));
    if (mbti != MBTI_NONE)
        put_text_of(p, "typeName", p->s->types[mbti].name);
}

/* percent 0: there is no match to tell. */
static void put_character(struct pen *p, uint32_t character, int percent)
{
    const struct snapshot_character *c = &p->s->characters[character];
    json_out_map(&p->json);
    put_text(p, "name", c->name_ko, c->name_en);
    put_type(p, c->mbti, c->enneagram);
    json_out_name(&p->json, "presentation");
    json_out_map(&p->json);
    put_word(p, "figure", presentation_figure(c->presentation));
    put_word(p, "age", presentation_age(c->presentation));
    json_out_end(&p->json);
    json_out_name(&p->json, "movie");
    put_movie(p, c->movie);
    if (percent > 0)
        json_out_int_of(&p->json, "percent", percent);
    json_out_end(&p->json);
}

/* Of "https://HOST/…". */
static void put_host(struct pen *p, const char *site)
{
    const char *host = strstr(site, "://");
    host = host != NULL ? host + 3 : site;
    json_out_name(&p->json, "host");
    json_out_text_n(&p->json, host, strcspn(host, "/"));
}

static struct pen begin(struct buf *out, const struct snapshot *s, const char *kind,
                        const struct shown_form *form)
{
    struct pen p = {.s = s};
    json_out_start(&p.json, out);
    json_out_map(&p.json);
    json_out_text_of(&p.json, "kind", kind);
    json_out_text_of(&p.json, "lang", form->english ? "en" : "ko");
    json_out_text_of(&p.json, "size", form->story ? "story" : "card");
    put_host(&p, form->site);
    return p;
}

static void put_movies(struct pen *p, const uint32_t *movies, size_t n)
{
    json_out_name(&p->json, "movies");
    json_out_list(&p->json);
    for (size_t i = 0; i < n && i < SHOWN_MOVIES; i++)
        put_movie(p, movies[i]);
    json_out_end(&p->json);
}

void shown_result(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                  const struct shown_quiz *r)
{
    struct pen p = begin(out, s, "result", form);
    put_type(&p, r->mbti, r->enneagram);
    if (r->best >= 0) {
        json_out_name(&p.json, "best");
        put_character(&p, (uint32_t)r->best, r->percent);
    }
    put_movies(&p, r->movies, r->n_movies);
    json_out_end(&p.json);
}

static void put_person(struct pen *p, const struct shown_person *who)
{
    json_out_map(&p->json);
    put_type(p, who->mbti, who->enneagram);
    if (who->character >= 0) {
        json_out_name(&p->json, "who");
        put_character(p, (uint32_t)who->character, 0);
    }
    json_out_end(&p->json);
}

void shown_people(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                  const struct shown_people *c)
{
    struct pen p = begin(out, s, "circle", form);
    json_out_name(&p.json, "people");
    json_out_list(&p.json);
    for (size_t i = 0; i < c->n; i++)
        put_person(&p, &c->people[i]);
    json_out_end(&p.json);
    if (c->n == 2)
        json_out_int_of(&p.json, "grade", c->grade);
    if (c->n == 2 && c->movie >= 0) {
        json_out_name(&p.json, "movie");
        put_movie(&p, (uint32_t)c->movie);
    }
    json_out_end(&p.json);
}

/* The most popular of a type; with `enneagram`, only those, or without them. Gives how many there are now. */
static size_t put_ranked(struct pen *p, size_t n, uint8_t mbti, uint8_t enneagram, bool exactly)
{
    const struct snapshot *s = p->s;
    for (uint32_t i = s->rank_start[mbti]; i < s->rank_start[mbti + 1] && n < SHOWN_CHARACTERS; i++) {
        if ((s->characters[s->ranking[i]].enneagram == enneagram) != exactly)
            continue;
        put_character(p, s->ranking[i], 0);
        n++;
    }
    return n;
}

void shown_type(struct buf *out, const struct snapshot *s, const struct shown_form *form, uint8_t mbti,
                uint8_t enneagram)
{
    struct pen p = begin(out, s, "type", form);
    put_type(&p, mbti, enneagram);
    put_text_of(&p, "summary", s->types[mbti].summary);
    if (enneagram != ENNEAGRAM_NONE)
        put_text_of(&p, "wingName", s->wings[enneagram].name);
    json_out_name(&p.json, "characters");
    json_out_list(&p.json);
    size_t n = put_ranked(&p, 0, mbti, enneagram, true);
    put_ranked(&p, n, mbti, enneagram, false);
    json_out_end(&p.json);
    json_out_end(&p.json);
}

void shown_character(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                     uint32_t character)
{
    struct pen p = begin(out, s, "character", form);
    json_out_name(&p.json, "character");
    put_character(&p, character, 0);
    json_out_end(&p.json);
}

void shown_movie(struct buf *out, const struct snapshot *s, const struct shown_form *form, uint32_t movie)
{
    const struct snapshot_movie *m = &s->movies[movie];
    struct pen p = begin(out, s, "movie", form);
    json_out_name(&p.json, "movie");
    put_movie(&p, movie);
    json_out_name(&p.json, "characters");
    json_out_list(&p.json);
    for (uint32_t i = 0; i < m->cast_count && i < SHOWN_CHARACTERS; i++)
        put_character(&p, s->cast[m->cast_start + i], 0);
    json_out_end(&p.json);
    json_out_end(&p.json);
}

void shown_site(struct buf *out, const struct snapshot *s, const struct shown_form *form)
{
    static const char *const shown[] = {"ENFP", "INTJ", "ISFP", "ESTP", "INFJ", "ENTP"};
    struct pen p = begin(out, s, "site", form);
    json_out_name(&p.json, "characters");
    json_out_list(&p.json);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        uint8_t type = mbti_parse(shown[i], 4);
        if (s->rank_start[type] < s->rank_start[type + 1])
            put_character(&p, s->ranking[s->rank_start[type]], 0);
    }
    json_out_end(&p.json);
    json_out_end(&p.json);
}
