#include "publish/publish.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "domain/country.h"
#include "domain/image_link.h"
#include "domain/presentation.h"
#include "domain/watch_link.h"
#include "json/json_out.h"
#include "publish/theme.h"

/* Votes at which a typing counts as half certain. */
static const double HALF_CERTAIN = 50;

static double scaled(double n, double most)
{
    return n > 0 && most > 0 ? log1p(n) / log1p(most) : 0;
}

static const char *either(const char *first, const char *second)
{
    return first[0] != '\0' ? first : second;
}

struct largest {
    double people, liked, votes, likes;
};

static struct largest find_largest(const struct catalog *c, const struct film_counts *counts,
                                   const struct like_totals *likes)
{
    struct largest l = {0};
    for (size_t i = 0; i < c->n_movies; i++)
        l.people = fmax(l.people, (double)c->movies[i].popularity);
    l.liked = film_counts_most(counts);
    for (size_t i = 0; i < c->n_characters; i++)
        l.votes = fmax(l.votes, (double)c->characters[i].votes);
    for (size_t i = 0; i < likes->n; i++)
        l.likes = fmax(l.likes, (double)likes->rows[i].likes);
    return l;
}

static double movie_popularity(const struct catalog_movie *m, const struct film_counts *counts,
                               const struct largest *l)
{
    if (m->popularity >= 0)
        return scaled((double)m->popularity, l->people);
    return scaled(film_counts_of(counts, m->id), l->liked);
}

/* As pages show it. */
static struct catalog_movie shown(const struct catalog_movie *m)
{
    struct catalog_movie s = *m;
    s.title_ko = either(m->title_ko, m->title_en);
    s.title_en = either(m->title_en, m->title_ko);
    s.country = country_code(m->country);
    return s;
}

#define PUT_TEXT(field) out.field = snapshot_builder_text(b, m.field);
#define PUT_NUMBER(field) out.field = m.field;

static enum err add_movie(struct snapshot_builder *b, const struct catalog_movie *movie, double popularity)
{
    const struct catalog_movie m = shown(movie);
    struct snapshot_movie out = {.id = m.id, .popularity = (float)popularity};
    SNAPSHOT_MOVIE_FIELDS(PUT_TEXT, PUT_NUMBER)
    out.theme = snapshot_builder_text(b, theme_of(movie));
    return vec_push(&b->movies, &out) ? ERR_OK : ERR_NOMEM;
}

static enum err add_links(struct snapshot_builder *b, const struct catalog_movie *m)
{
    for (size_t i = 0; i < m->n_links; i++) {
        if (watch_link_wrong(m->links[i].platform, m->links[i].url) != NULL)
            continue; /* stored before imports looked so closely */
        struct builder_link link = {m->id, snapshot_builder_text(b, m->links[i].platform),
                                    snapshot_builder_text(b, m->links[i].url)};
        if (!vec_push(&b->links, &link))
            return ERR_NOMEM;
    }
    return ERR_OK;
}

static enum err add_character(struct snapshot_builder *b, const struct catalog_character *c, double film,
                              double likes, const struct largest *l)
{
    uint8_t presentation = 0;
    (void)presentation_parse(c->presentation, &presentation); /* unknown, if somebody wrote into the table */
    bool own_image = image_link_judge(c->image_url) == IMAGE_OWN; /* imports looked less closely once */
    double votes = c->votes < 0 ? 0 : (double)c->votes;
    struct snapshot_character out = {
        .id = c->id,
        .movie = (uint32_t)c->movie_id,
        .name_ko = snapshot_builder_text(b, either(c->name_ko, c->name_en)),
        .name_en = snapshot_builder_text(b, either(c->name_en, c->name_ko)),
        .hashtags_ko = snapshot_builder_text(b, c->hashtags_ko),
        .hashtags_en = snapshot_builder_text(b, c->hashtags_en),
        .description_ko = snapshot_builder_text(b, c->description_ko),
        .description_en = snapshot_builder_text(b, c->description_en),
        .image = snapshot_builder_text(b, own_image ? c->image_url : ""),
        .votes = c->votes < 0 ? -1 : (int32_t)fmin(votes, INT32_MAX),
        .certainty = c->votes < 0 ? 0.5f : (float)(votes / (votes + HALF_CERTAIN)),
        .popularity = (float)(0.60 * scaled(votes, l->votes) + 0.25 * film + 0.15 * scaled(likes, l->likes)),
        .mbti = c->mbti,
        .enneagram = c->enneagram,
        .presentation = presentation,
    };
    return vec_push(&b->characters, &out) ? ERR_OK : ERR_NOMEM;
}

enum err publish_catalog(struct snapshot_builder *b, const struct catalog *c, const struct like_totals *likes,
                         const struct film_counts *counts, struct fail *why)
{
    struct largest l = find_largest(c, counts, likes);
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < c->n_movies; i++) {
        rc = add_movie(b, &c->movies[i], movie_popularity(&c->movies[i], counts, &l));
        if (rc == ERR_OK)
            rc = add_links(b, &c->movies[i]);
    }
    for (size_t i = 0; rc == ERR_OK && i < c->n_characters; i++) {
        const struct catalog_movie *m = catalog_find_movie(c, c->characters[i].movie_id);
        rc = add_character(b, &c->characters[i], m == NULL ? 0 : movie_popularity(m, counts, &l),
                           (double)like_totals_of(likes, c->characters[i].id), &l);
    }
    return rc == ERR_NOMEM ? fail_set(why, rc, "out of memory while building the snapshot") : rc;
}

static void write_values(struct json_out *w, const char *name, const struct model_value *v, size_t n)
{
    json_out_name(w, name);
    json_out_map(w);
    for (size_t i = 0; i < n; i++)
        json_out_real_of(w, v[i].name, v[i].value, 6);
    json_out_end(w);
}

static void write_parts(struct json_out *w, const struct published_models *models)
{
    json_out_name(w, "parts");
    json_out_list(w);
    for (size_t p = 0; p < models->head.n_parts; p++) {
        const struct model *part = &models->parts[p];
        json_out_map(w);
        json_out_text_of(w, "model", part->info->kind);
        json_out_real_of(w, "weight", (double)models->head.parts[p].weight, 6);
        write_values(w, "settings", part->settings, part->n_settings);
        json_out_end(w);
    }
    json_out_end(w);
}

void publish_meta(struct snapshot_builder *b, const struct published_models *models)
{
    struct json_out w;
    const struct model *m = &models->head;
    char hash[65];
    secret_hex(hash, m->info->dataset_hash, sizeof m->info->dataset_hash);
    json_out_start(&w, &b->meta);
    json_out_map(&w);
    json_out_text_of(&w, "model", m->info->kind);
    write_values(&w, "settings", m->settings, m->n_settings);
    write_values(&w, "metrics", m->metrics, m->n_metrics);
    write_parts(&w, models);
    json_out_text_of(&w, "dataset", hash);
    json_out_int_of(&w, "users", (int64_t)m->info->n_users);
    json_out_int_of(&w, "interactions", (int64_t)m->info->n_interactions);
    json_out_bool_of(&w, "simulated", m->info->simulated != 0);
    json_out_end(&w);
}
