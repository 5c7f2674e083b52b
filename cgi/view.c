#include "view.h"

#include <string.h>
#include <time.h>

#include "base/saying.h"
#include "domain/presentation.h"
#include "input.h"

static const char *text_at(const struct exchange *p, uint32_t offset)
{
    return snapshot_text(p->snapshot, offset);
}

void view_text(struct exchange *p, uint32_t ko, uint32_t en)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "ko", text_at(p, ko));
    json_out_text_of(&p->out, "en", text_at(p, en));
    json_out_end(&p->out);
}

static void view_text_of(struct exchange *p, const char *name, struct snapshot_text t)
{
    json_out_name(&p->out, name);
    view_text(p, t.ko, t.en);
}

/* The non-empty parts of s as items of the open list. */
static void put_parts(struct exchange *p, const char *s, char separator)
{
    const char stops[2] = {separator, '\0'};
    while (*s != '\0') {
        size_t n = strcspn(s, stops);
        if (n > 0)
            json_out_text_n(&p->out, s, n);
        s += n + (s[n] != '\0');
    }
}

static void put_list(struct exchange *p, const char *s, char separator)
{
    json_out_list(&p->out);
    put_parts(p, s, separator);
    json_out_end(&p->out);
}

void view_texts(struct exchange *p, struct snapshot_text text, char separator)
{
    json_out_map(&p->out);
    json_out_name(&p->out, "ko");
    put_list(p, text_at(p, text.ko), separator);
    json_out_name(&p->out, "en");
    put_list(p, text_at(p, text.en), separator);
    json_out_end(&p->out);
}

void view_word(struct exchange *p, const char *name, const char *word)
{
    if (*word != '\0')
        json_out_text_of(&p->out, name, word);
    else
        json_out_null_of(&p->out, name);
}

/* The members that a film has wherever it is named. */
static void put_film(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    json_out_int_of(&p->out, "id", m->id);
    view_text_of(p, "title", (struct snapshot_text){m->title_ko, m->title_en});
    json_out_int_of(&p->out, "year", m->year);
    json_out_name(&p->out, "genres");
    put_list(p, text_at(p, m->genres), '|');
    view_word(p, "theme", text_at(p, m->theme));
}

#define PUT_TEXT(field) json_out_text_of(&p->out, #field, text_at(p, m->field));
#define PUT_NUMBER(field) json_out_int_of(&p->out, #field, m->field);

void view_movie_members(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    put_film(p, movie);
    SNAPSHOT_MOVIE_PLAIN(PUT_TEXT, PUT_NUMBER)
    json_out_real_of(&p->out, "popularity", (double)m->popularity, 3);
}

void view_movie(struct exchange *p, uint32_t movie)
{
    json_out_map(&p->out);
    view_movie_members(p, movie);
    json_out_end(&p->out);
}

void view_links(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    json_out_list(&p->out);
    for (uint32_t i = 0; i < m->link_count; i++) {
        const struct snapshot_link *l = &p->snapshot->links[m->link_start + i];
        json_out_map(&p->out);
        json_out_text_of(&p->out, "platform", text_at(p, l->platform));
        json_out_text_of(&p->out, "url", text_at(p, l->url));
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_votes(struct exchange *p, const struct snapshot_character *c)
{
    if (c->votes < 0)
        json_out_null_of(&p->out, "votes");
    else
        json_out_int_of(&p->out, "votes", c->votes);
    json_out_real_of(&p->out, "certainty", (double)c->certainty, 2);
}

static void render_character(struct exchange *p, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    json_out_int_of(&p->out, "id", c->id);
    view_text_of(p, "name", (struct snapshot_text){c->name_ko, c->name_en});
    json_out_name(&p->out, "movie");
    json_out_map(&p->out);
    put_film(p, c->movie);
    json_out_end(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(c->mbti));
    json_out_text_of(&p->out, "enneagram", enneagram_name(c->enneagram));
    json_out_name(&p->out, "hashtags");
    view_texts(p, (struct snapshot_text){c->hashtags_ko, c->hashtags_en}, ' ');
    put_votes(p, c);
    json_out_text_of(&p->out, "image", text_at(p, c->image));
    json_out_name(&p->out, "presentation");
    json_out_map(&p->out);
    view_word(p, "figure", presentation_figure(c->presentation));
    view_word(p, "age", presentation_age(c->presentation));
    json_out_end(&p->out);
}

void view_character_members(struct exchange *p, uint32_t character)
{
    size_t n;
    const char *ready = fragments_character(&p->site->serving.fragments, character, &n);
    if (ready != NULL)
        json_out_members(&p->out, ready, n);
    else
        render_character(p, character);
}

void view_character(struct exchange *p, uint32_t character)
{
    json_out_map(&p->out);
    view_character_members(p, character);
    json_out_end(&p->out);
}

static void render_reason_film(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    json_out_int_of(&p->out, "movie_id", m->id);
    view_text_of(p, "title", (struct snapshot_text){m->title_ko, m->title_en});
}

void view_reason_film(struct exchange *p, uint32_t movie)
{
    size_t n;
    const char *ready = fragments_film(&p->site->serving.fragments, movie, &n);
    if (ready != NULL)
        json_out_members(&p->out, ready, n);
    else
        render_reason_film(p, movie);
}

static void render_reason_votes(struct exchange *p, uint32_t character)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", "votes");
    put_votes(p, &p->snapshot->characters[character]);
    json_out_end(&p->out);
}

void view_reason_votes(struct exchange *p, uint32_t character)
{
    size_t n;
    const char *ready = fragments_votes(&p->site->serving.fragments, character, &n);
    if (ready != NULL)
        json_out_raw(&p->out, ready, n);
    else
        render_reason_votes(p, character);
}

void view_axes(struct exchange *p, const uint8_t *percent)
{
    json_out_name(&p->out, "axes");
    if (percent == NULL) {
        json_out_null(&p->out);
        return;
    }
    json_out_list(&p->out);
    for (int axis = 0; axis < MBTI_AXES; axis++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "axis", mbti_axis_name((enum mbti_axis)axis));
        json_out_int_of(&p->out, "percent", percent[axis]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

/* Parts of several texts as one pair of lists. */
static void put_joined(struct exchange *p, const char *name, const struct snapshot_text *texts, size_t n)
{
    json_out_name(&p->out, name);
    json_out_map(&p->out);
    json_out_name(&p->out, "ko");
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++)
        put_parts(p, text_at(p, texts[i].ko), '|');
    json_out_end(&p->out);
    json_out_name(&p->out, "en");
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++)
        put_parts(p, text_at(p, texts[i].en), '|');
    json_out_end(&p->out);
    json_out_end(&p->out);
}

void view_made_by(struct exchange *p, const char *snapshot_id)
{
    json_out_text_of(&p->out, "snapshot", snapshot_id);
    if (strcmp(snapshot_id, p->snapshot->id) == 0)
        json_out_text_of(&p->out, "ranker", recommend_ranker(p->snapshot));
    else
        json_out_null_of(&p->out, "ranker");
}

void view_experiments(struct exchange *p, const struct choice *choice)
{
    if (choice->n == 0)
        return;
    json_out_name(&p->out, "experiments");
    json_out_list(&p->out);
    for (size_t i = 0; i < choice->n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "experiment", choice->made[i].experiment->name);
        json_out_text_of(&p->out, "variant", choice->made[i].arm->name);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_said(struct exchange *p, const struct experiment_text *t, bool *begun)
{
    const char *strings = p->site->serving.experiments.file.strings;
    if (!*begun) {
        json_out_name(&p->out, "texts");
        json_out_map(&p->out);
    }
    *begun = true;
    json_out_name(&p->out, strings + t->name);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "ko", strings + t->ko);
    json_out_text_of(&p->out, "en", strings + t->en);
    json_out_end(&p->out);
}

void view_experiments_texts(struct exchange *p, const struct choice *choice, const char *begin)
{
    const struct experiment_file *f = &p->site->serving.experiments.file;
    bool begun = false;
    view_experiments(p, choice);
    for (size_t i = 0; i < choice->n; i++) {
        const struct experiment_arm *a = choice->made[i].arm;
        for (uint32_t k = 0; k < a->n_texts; k++) {
            const struct experiment_text *t = &f->texts[a->first_text + k];
            if (strncmp(f->strings + t->name, begin, strlen(begin)) == 0)
                put_said(p, t, &begun);
        }
    }
    if (begun)
        json_out_end(&p->out);
}

void view_page_texts(struct exchange *p, const char *begin)
{
    struct choice choice;
    struct experiments_visit v = {.session = &p->session, .parts = VARIANT_WORDS, .texts = begin};
    experiments_show(p->site->db, &p->site->serving.experiments, &v, &choice);
    view_experiments_texts(p, &choice, begin);
}

void view_personality(struct exchange *p, uint8_t mbti, uint8_t enneagram, const uint8_t *percent)
{
    const struct snapshot *s = p->snapshot;
    const struct snapshot_type *type = &s->types[mbti];
    struct snapshot_text tags[2] = {type->tags}, description[3] = {type->description};
    const struct snapshot_wing *wing = enneagram != ENNEAGRAM_NONE ? &s->wings[enneagram] : NULL;
    if (wing != NULL) {
        int bridge = snapshot_temperament(mbti) * 9 + enneagram_core(enneagram) - 1;
        tags[1] = wing->tags;
        description[1] = s->bridges[bridge].text;
        description[2] = wing->description;
    }
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(mbti));
    view_word(p, "enneagram", enneagram_name(enneagram));
    view_axes(p, percent);
    json_out_text_of(&p->out, "partner", mbti_name(s->partners[mbti]));
    view_text_of(p, "name", type->name);
    if (wing != NULL)
        view_text_of(p, "wing_name", wing->name);
    else
        json_out_null_of(&p->out, "wing_name");
    put_joined(p, "tags", tags, wing != NULL ? 2 : 1);
    view_text_of(p, "summary", type->summary);
    put_joined(p, "description", description, wing != NULL ? 3 : 1);
    view_text_of(p, "compatible", type->compatible);
    json_out_end(&p->out);
}

void view_type(struct exchange *p, uint8_t mbti)
{
    const struct snapshot *s = p->snapshot;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(mbti));
    view_text_of(p, "name", s->types[mbti].name);
    json_out_name(&p->out, "tags");
    view_texts(p, s->types[mbti].tags, '|');
    json_out_int_of(&p->out, "characters", s->rank_start[mbti + 1] - s->rank_start[mbti]);
    json_out_end(&p->out);
}

void view_grades(struct exchange *p, uint8_t mbti)
{
    const float *grades = p->snapshot->grades + (size_t)mbti * MBTI_COUNT;
    json_out_name(&p->out, "grades");
    json_out_list(&p->out);
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "mbti", mbti_name(t));
        json_out_real_of(&p->out, "grade", (double)grades[t], 2);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_word_or_null(struct exchange *p, const char *name, const char *text)
{
    if (*text != '\0')
        json_out_text_of(&p->out, name, text);
    else
        json_out_null_of(&p->out, name);
}

void view_profile(struct exchange *p, const struct visitor_profile *profile)
{
    json_out_map(&p->out);
    put_word_or_null(p, "name", profile->name);
    put_word_or_null(p, "locale", profile->locale);
    json_out_end(&p->out);
}

void view_time(struct exchange *p, const char *name, int64_t seconds)
{
    char text[32];
    time_t t = (time_t)seconds;
    struct tm tm;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
    json_out_text_of(&p->out, name, text);
}

void view_created(struct exchange *p, int64_t seconds)
{
    view_time(p, "created", seconds);
}

void view_saying(struct exchange *p, const char *text)
{
    struct saying s;
    if (text == NULL || !saying_read(&s, text)) {
        json_out_null_of(&p->out, "saying");
        return;
    }
    json_out_name(&p->out, "saying");
    json_out_map(&p->out);
    json_out_text_of(&p->out, "code", s.code);
    json_out_name(&p->out, "values");
    json_out_list(&p->out);
    for (size_t i = 0; i < s.n; i++)
        json_out_text_n(&p->out, s.values[i].at, s.values[i].n);
    json_out_end(&p->out);
    json_out_end(&p->out);
}

void view_items(struct exchange *p)
{
    json_out_name(&p->out, "items");
    json_out_list(&p->out);
}

void view_next(struct exchange *p, bool more, uint64_t seed, size_t offset)
{
    char cursor[INPUT_CURSOR];
    json_out_name(&p->out, "next_cursor");
    if (more)
        json_out_text(&p->out, input_cursor_text(seed, offset, cursor));
    else
        json_out_null(&p->out);
}

enum err view_rows(struct exchange *p, const struct input_rows *page, const void *rows, size_t n,
                   view_row *row)
{
    struct view_place last = {0};
    json_out_map(&p->out);
    view_items(p);
    for (size_t i = 0; i < n && i < page->limit; i++)
        last = row(p, rows, i);
    json_out_end(&p->out);
    view_next(p, n > page->limit, (uint64_t)last.first, (size_t)last.second);
    json_out_end(&p->out);
    return ERR_OK;
}

void view_feedback(struct exchange *p, const char *const thumbs[2])
{
    json_out_name(&p->out, "feedback");
    json_out_map(&p->out);
    json_out_text_of(&p->out, "same", thumbs[0]);
    json_out_text_of(&p->out, "compatible", thumbs[1]);
    json_out_end(&p->out);
}

const struct fragment_renderers view_renderers = {
    .character = render_character, .votes = render_reason_votes, .film = render_reason_film};
