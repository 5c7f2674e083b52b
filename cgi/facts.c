#include "facts.h"

#include <string.h>

#include "parts.h"
#include "shell.h"

/* NULL, where memory ran out, shows in the buffer. */
static void say(struct json_out *w, const char *name, const char *text)
{
    if (text != NULL)
        json_out_text_of(w, name, text);
    else
        w->out->failed = true;
}

/* A member with an address of ours in the page's language. */
static void put_url(struct exchange *p, struct json_out *w, const char *name, const char *path)
{
    say(w, name, path != NULL ? shell_address(p, p->language, path) : NULL);
}

/* Also in the other language, where it has another there. */
static void put_name(struct exchange *p, struct json_out *w, struct snapshot_text t)
{
    const char *name = parts_text(p, t);
    const char *other = snapshot_text(p->snapshot, p->language == LANGUAGE_EN ? t.ko : t.en);
    say(w, "name", name);
    if (*other != '\0' && strcmp(other, name) != 0)
        json_out_text_of(w, "alternateName", other);
}

static void put_text(struct exchange *p, struct json_out *w, const char *name, struct snapshot_text t)
{
    const char *text = parts_text(p, t);
    if (*text != '\0')
        json_out_text_of(w, name, text);
}

static void put_genres(struct exchange *p, struct json_out *w, uint32_t genres)
{
    char *all = arena_strdup(p->arena, snapshot_text(p->snapshot, genres)), *rest = NULL;
    w->out->failed |= all == NULL;
    if (all == NULL || *all == '\0')
        return;
    json_out_name(w, "genre");
    json_out_list(w);
    for (char *g = strtok_r(all, "|", &rest); g != NULL; g = strtok_r(NULL, "|", &rest)) {
        const char *word = words_find(p->language, "genre.", g);
        json_out_text(w, word != NULL ? word : g);
    }
    json_out_end(w);
}

/* The members by which a thing that is named in passing is known. */
static void put_movie_name(struct exchange *p, struct json_out *w, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    json_out_text_of(w, "@type", "Movie");
    put_url(p, w, "url", arena_printf(p->arena, "/m/%d", (int)m->id));
    put_name(p, w, parts_title(p->snapshot, movie));
    if (m->year > 0)
        say(w, "datePublished", arena_printf(p->arena, "%04d", (int)m->year));
}

static void put_character_name(struct exchange *p, struct json_out *w, uint32_t character)
{
    json_out_text_of(w, "@type", "Person");
    put_url(p, w, "url", arena_printf(p->arena, "/c/%d", (int)p->snapshot->characters[character].id));
    put_name(p, w, parts_name(p->snapshot, character));
}

void facts_movie(struct exchange *p, struct json_out *w, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    json_out_map(w);
    put_movie_name(p, w, movie);
    put_genres(p, w, m->genres);
    put_text(p, w, "description", (struct snapshot_text){m->plot_ko, m->plot_en});
    if (m->cast_count > 0) {
        json_out_name(w, "character");
        json_out_list(w);
        for (uint32_t i = 0; i < m->cast_count; i++) {
            json_out_map(w);
            put_character_name(p, w, p->snapshot->cast[m->cast_start + i]);
            json_out_end(w);
        }
        json_out_end(w);
    }
    json_out_end(w);
}

void facts_character(struct exchange *p, struct json_out *w, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    json_out_map(w);
    put_character_name(p, w, character);
    put_text(p, w, "description", (struct snapshot_text){c->description_ko, c->description_en});
    json_out_name(w, "subjectOf");
    json_out_map(w);
    put_movie_name(p, w, c->movie);
    json_out_end(w);
    json_out_end(w);
}

void facts_list(struct exchange *p, struct json_out *w, const char *name, const uint32_t *characters,
                size_t n)
{
    json_out_map(w);
    json_out_text_of(w, "@type", "ItemList");
    say(w, "name", name);
    json_out_int_of(w, "numberOfItems", (int64_t)n);
    json_out_name(w, "itemListElement");
    json_out_list(w);
    for (size_t i = 0; i < n; i++) {
        json_out_map(w);
        json_out_text_of(w, "@type", "ListItem");
        json_out_int_of(w, "position", (int64_t)i + 1);
        json_out_name(w, "item");
        json_out_map(w);
        put_character_name(p, w, characters[i]);
        json_out_end(w);
        json_out_end(w);
    }
    json_out_end(w);
    json_out_end(w);
}

static void put_step(struct exchange *p, struct json_out *w, const struct facts_step *step, size_t place)
{
    json_out_map(w);
    json_out_text_of(w, "@type", "ListItem");
    json_out_int_of(w, "position", (int64_t)place);
    say(w, "name", step->name);
    put_url(p, w, "item", step->path);
    json_out_end(w);
}

void facts_way(struct exchange *p, struct json_out *w, const struct facts_step *steps, size_t n)
{
    const struct facts_step home = {"MVTI", "/"};
    json_out_map(w);
    json_out_text_of(w, "@type", "BreadcrumbList");
    json_out_name(w, "itemListElement");
    json_out_list(w);
    put_step(p, w, &home, 1);
    for (size_t i = 0; i < n; i++)
        put_step(p, w, &steps[i], i + 2);
    json_out_end(w);
    json_out_end(w);
}

/* Where the site is searched: {search_term_string} is what is typed. */
static void put_search(struct exchange *p, struct json_out *w)
{
    json_out_name(w, "potentialAction");
    json_out_map(w);
    json_out_text_of(w, "@type", "SearchAction");
    json_out_name(w, "target");
    json_out_map(w);
    json_out_text_of(w, "@type", "EntryPoint");
    put_url(p, w, "urlTemplate", "/search?q={search_term_string}");
    json_out_end(w);
    json_out_text_of(w, "query-input", "required name=search_term_string");
    json_out_end(w);
}

void facts_site(struct exchange *p, struct json_out *w)
{
    json_out_map(w);
    json_out_text_of(w, "@type", "WebSite");
    json_out_text_of(w, "name", "MVTI");
    put_url(p, w, "url", "/");
    json_out_text_of(w, "inLanguage", language_code(p->language));
    json_out_text_of(w, "description", words_of(p->language, WORDS_home_lead));
    put_search(p, w);
    json_out_end(w);
}
