/* Pictures of results, circles, types, characters, films and the site, as messengers and stories show them. Drawing takes a tenth of a second,
 * so a pool of its own does it, behind a short queue; whom that turns away the main pool gives the picture of the type, which was
 * drawn ahead. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "input.h"
#include "picture.h"
#include "picture/gallery.h"
#include "picture/spare.h"

/* A picture by its own name never changes. A result may be deleted, which a day of memory respects well enough: who has the picture
 * has it. */
#define OWN "public, max-age=31536000, immutable"
#define OWN_RESULT "public, max-age=86400"
#define ANY "public, max-age=300"
#define SPARE "public, max-age=60"

/* lang= and size= of the query. */
static enum err read_form(struct exchange *p, const char *language, struct shown_form *form)
{
    const char *lang = form_get(&p->query, "lang"), *size = form_get(&p->query, "size");
    if (lang != NULL && strcmp(lang, "ko") != 0 && strcmp(lang, "en") != 0)
        return problem_field(&p->problem, "lang", "must be ko or en");
    if (size != NULL && strcmp(size, "card") != 0 && strcmp(size, "story") != 0)
        return problem_field(&p->problem, "size", "must be card or story");
    form->english = strcmp(lang != NULL ? lang : language, "en") == 0;
    form->site = p->site->config->public_url;
    form->story = size != NULL && strcmp(size, "story") == 0;
    return ERR_OK;
}

static void put_kind(struct exchange *p, const char *cache)
{
    response_header(p->response, "Content-Type", "image/png");
    response_header(p->response, "Cache-Control", cache);
}

/* Frees facts. own: how long the picture may be kept under its own name. */
static enum err put_picture(struct exchange *p, struct buf *facts, const char *own)
{
    char name[SHELF_NAME + 1], tag[SHELF_NAME + 3];
    enum err rc = facts->failed ? ERR_NOMEM : p->site->gallery == NULL ? ERR_UNAVAILABLE : ERR_OK;
    if (rc == ERR_OK) {
        shelf_name(name, p->site->gallery->version, facts);
        snprintf(tag, sizeof tag, "\"%s\"", name);
        response_header(p->response, "ETag", tag);
        if (request_matches_tag(p->request, tag))
            p->response->status = 304;
        else
            rc = gallery_picture(p->site->gallery, facts, name, &p->response->body, &p->why);
    }
    buf_free(facts);
    if (rc == ERR_OK)
        put_kind(p, picture_named(p, name) ? own : ANY);
    return rc == ERR_OK
               ? ERR_OK
               : problem_set(&p->problem, rc == ERR_NOMEM ? rc : ERR_UNAVAILABLE, "the picture is not ready");
}

enum err page_picture_result(struct exchange *p)
{
    struct share_quiz t;
    struct shown_form form;
    struct buf facts = {0};
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &t, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    rc = read_form(p, t.stored.locale, &form);
    if (rc != ERR_OK)
        return rc;
    picture_facts_quiz(p, &t, &form, &facts);
    return put_picture(p, &facts, OWN_RESULT);
}

/* enneagram= of the query; without it the picture is of the MBTI type. */
static enum err read_enneagram(struct exchange *p, uint8_t *enneagram)
{
    const char *text = form_get(&p->query, "enneagram");
    *enneagram = text != NULL ? enneagram_parse(text, strlen(text)) : ENNEAGRAM_NONE;
    if (text != NULL && *enneagram == ENNEAGRAM_NONE)
        return problem_field(&p->problem, "enneagram",
                             "must be one of the 18 types with a wing, such as 4w5");
    return ERR_OK;
}

enum err page_picture_type(struct exchange *p)
{
    struct shown_form form;
    struct buf facts = {0};
    uint8_t enneagram;
    enum err rc = read_form(p, "ko", &form);
    if (rc == ERR_OK)
        rc = read_enneagram(p, &enneagram);
    if (rc != ERR_OK)
        return rc;
    shown_type(&facts, p->snapshot, &form, p->mbti, enneagram);
    return put_picture(p, &facts, OWN);
}

enum err page_picture_character(struct exchange *p)
{
    struct shown_form form;
    struct buf facts = {0};
    int64_t i = input_character(p);
    if (i < 0)
        return ERR_NOT_FOUND;
    enum err rc = read_form(p, "ko", &form);
    if (rc != ERR_OK)
        return rc;
    shown_character(&facts, p->snapshot, &form, (uint32_t)i);
    return put_picture(p, &facts, OWN);
}

enum err page_picture_movie(struct exchange *p)
{
    struct shown_form form;
    struct buf facts = {0};
    int64_t i = input_movie(p);
    if (i < 0)
        return ERR_NOT_FOUND;
    enum err rc = read_form(p, "ko", &form);
    if (rc != ERR_OK)
        return rc;
    shown_movie(&facts, p->snapshot, &form, (uint32_t)i);
    return put_picture(p, &facts, OWN);
}

enum err page_picture_site(struct exchange *p)
{
    struct shown_form form;
    struct buf facts = {0};
    enum err rc = read_form(p, "ko", &form);
    if (rc != ERR_OK)
        return rc;
    shown_site(&facts, p->snapshot, &form);
    return put_picture(p, &facts, OWN);
}

static enum err look(struct exchange *p, struct circles_view *v)
{
    return circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, v, &p->why);
}

static enum err compare(struct exchange *p, const struct circles_view *v, struct circles_two *two)
{
    *two = (struct circles_two){.snapshot = p->snapshot};
    enum err rc = input_two(p, v, two);
    return rc == ERR_OK ? circles_compare(p->site->db, v, p->arena, two, &p->why) : rc;
}

/* Whoever has left is on no picture that is drawn from now on. */
enum err page_picture_circle(struct exchange *p)
{
    struct circles_view v;
    struct circles_two two;
    struct shown_form form;
    struct buf facts = {0};
    enum err rc = look(p, &v);
    bool of_two = rc == ERR_OK && picture_is_of_two(p, &v);
    if (rc == ERR_OK)
        rc = read_form(p, "ko", &form);
    if (rc == ERR_OK && of_two)
        rc = compare(p, &v, &two);
    if (rc != ERR_OK)
        return rc == ERR_INVALID ? rc : exchange_unsaved(p, rc);
    picture_facts_circle(p, &v, of_two ? &two : NULL, &form, &facts);
    return put_picture(p, &facts, OWN_RESULT);
}

/* The spare one of a type, and where there is none that of the site. */
static enum err put_spare(struct exchange *p, struct spare_of of, const char *language)
{
    struct shown_form form = {0};
    struct shelf spare;
    char name[SHELF_NAME + 1];
    struct buf *body = &p->response->body;
    enum err rc = read_form(p, language, &form);
    if (rc != ERR_OK)
        return rc;
    of.english = form.english;
    rc = spare_open(&spare, p->site->config, &p->why);
    spare_name(name, &of);
    if (rc == ERR_OK)
        rc = shelf_get(&spare, name, body, &p->why);
    if (rc == ERR_NOT_FOUND && of.mbti != MBTI_NONE) {
        buf_reset(body);
        of.mbti = MBTI_NONE;
        spare_name(name, &of);
        rc = shelf_get(&spare, name, body, &p->why);
    }
    if (rc != ERR_OK)
        return problem_set(&p->problem, ERR_UNAVAILABLE, "the picture is not ready");
    put_kind(p, SPARE);
    return ERR_OK;
}

static const struct spare_of SITE = {.mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE};

/* Without the database it is a picture still. */
enum err page_picture_result_spare(struct exchange *p)
{
    struct share_quiz t;
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &t, &p->why);
    if (rc == ERR_NOT_FOUND)
        return rc;
    if (rc != ERR_OK)
        return put_spare(p, SITE, "ko");
    return put_spare(p, (struct spare_of){.mbti = t.stored.mbti, .enneagram = t.stored.enneagram},
                     t.stored.locale);
}

enum err page_picture_circle_spare(struct exchange *p)
{
    struct circles_view v;
    enum err rc = look(p, &v);
    return rc == ERR_NOT_FOUND ? rc : put_spare(p, SITE, "ko");
}

enum err page_picture_type_spare(struct exchange *p)
{
    uint8_t enneagram;
    enum err rc = read_enneagram(p, &enneagram);
    return rc == ERR_OK ? put_spare(p, (struct spare_of){.mbti = p->mbti, .enneagram = enneagram}, "ko") : rc;
}

enum err page_picture_character_spare(struct exchange *p)
{
    int64_t i = input_character(p);
    if (i < 0)
        return ERR_NOT_FOUND;
    const struct snapshot_character *c = &p->snapshot->characters[i];
    return put_spare(p, (struct spare_of){.mbti = c->mbti, .enneagram = c->enneagram}, "ko");
}

enum err page_picture_movie_spare(struct exchange *p)
{
    return input_movie(p) < 0 ? ERR_NOT_FOUND : put_spare(p, SITE, "ko");
}

enum err page_picture_site_spare(struct exchange *p)
{
    return put_spare(p, SITE, "ko");
}
