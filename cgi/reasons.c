#include "reasons.h"

#include <math.h>
#include <string.h>

#include "parts.h"

/* True sentences about one character, most telling first. */
enum { FILMS_MOST = RECOMMEND_MAX_MOVIES, SENTENCES = FILMS_MOST + 6 };
/* From which decade on a film is not told by it, and from which share of 10,000 on one film is what matters. */
enum { RECENT = 2010, MOST_SHARE = 5000 };
struct sentences {
    const char *text[SENTENCES];
    size_t n;
};

static void add(struct sentences *all, const char *text)
{
    if (all->n < SENTENCES)
        all->text[all->n++] = text;
}

static const char *film_title(struct exchange *p, uint32_t movie)
{
    return parts_text(p, parts_title(p->snapshot, movie));
}

/* Genres in words; unknown ones as they are. */
static const char *genres_text(struct exchange *p, const struct likeness *like)
{
    struct buf b = {0};
    for (size_t i = 0; i < like->n_genres; i++) {
        const char *name = arena_strndup(p->arena, like->genres[i].text, like->genres[i].n);
        const char *word = name != NULL ? words_find(p->language, "genre.", name) : NULL;
        buf_printf(&b, "%s%s", i > 0 ? parts_word(p, WORDS_why_genres_and) : "",
                   word != NULL   ? word
                   : name != NULL ? name
                                  : "");
        b.failed |= name == NULL;
    }
    return arena_take(p->arena, &b);
}

/* What a film that no chosen one speaks for has in common with one of them. */
static const char *in_common(struct exchange *p, const struct likeness *like)
{
    enum language l = p->language;
    const char *film = parts_quoted(p, film_title(p, like->movie));
    const char *theme = like->theme != NULL ? words_find(l, "theme.", like->theme) : NULL;
    if (like->series)
        return words_fill(p->arena, l, WORDS_why_series, "film", film, NULL);
    if (theme != NULL)
        return words_fill(p->arena, l, WORDS_why_theme, "film", film, "theme", theme, NULL);
    if (like->n_genres > 0)
        return words_fill(p->arena, l, WORDS_why_genres, "film", film, "genres", genres_text(p, like), NULL);
    return words_fill(p->arena, l, WORDS_why_place, "film", film, "decade",
                      arena_printf(p->arena, "%d", like->decade), NULL);
}

/* Whether the genres of both say something: drama alone does not. */
static bool telling(const struct likeness *like)
{
    return like->n_genres > 1 ||
           (like->n_genres == 1 && (like->genres[0].n != 5 || memcmp(like->genres[0].text, "Drama", 5) != 0));
}

/* What a chosen film that speaks for the film shares with it; NULL: nothing that tells much. */
static const char *shares(struct exchange *p, const struct recommend_because *because)
{
    const struct likeness *like = because->like;
    if (like == NULL || (!like->series && like->theme == NULL && !telling(like)))
        return NULL;
    if (like->series || like->theme != NULL || like->decade == 0 || like->decade >= RECENT)
        return in_common(p, like);
    return words_fill(p->arena, p->language, WORDS_why_era, "film",
                      parts_quoted(p, film_title(p, like->movie)), "genres", genres_text(p, like), "decade",
                      arena_printf(p->arena, "%d", like->decade), NULL);
}

static const char *for_who_loves(struct exchange *p, const struct recommend_because *because)
{
    return words_fill(p->arena, p->language, WORDS_why_one, "film",
                      parts_quoted(p, film_title(p, because->movie)), NULL);
}

/* In the order of their titles, so that two cards with the same two films say the same. */
static const char *because_two(struct exchange *p, const char *a, const char *b)
{
    bool turned = strcmp(a, b) > 0;
    return words_fill(p->arena, p->language, WORDS_why_two, "a", parts_quoted(p, turned ? b : a), "b",
                      parts_quoted(p, turned ? a : b), NULL);
}

/* The film that matters and what they share; where no film has most of the share, that it were two. */
static void add_chosen(struct exchange *p, const struct recommend_item *item, struct sentences *all)
{
    const struct recommend_because *b = item->because;
    const char *first = shares(p, &b[0]), *second = item->n_because > 1 ? shares(p, &b[1]) : NULL;
    const char *two =
        item->n_because > 1 ? because_two(p, film_title(p, b[0].movie), film_title(p, b[1].movie)) : NULL;
    bool even = two != NULL && lrintf(10000 * b[0].share) < MOST_SHARE;
    const char *const told[] = {first, even && first == NULL ? two : NULL, for_who_loves(p, &b[0]), second,
                                two};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i] != NULL)
            add(all, told[i]);
    for (size_t i = 1; i < item->n_because; i++)
        add(all, for_who_loves(p, &b[i]));
}

static void add_films(struct exchange *p, const struct recommend_item *item, struct sentences *all)
{
    if (item->like != NULL)
        add(all, in_common(p, item->like));
    else if (item->n_because > 0)
        add_chosen(p, item, all);
    else if (item->loved)
        add(all, parts_word(p, WORDS_why_popular));
}

static const char *type_reason(struct exchange *p, const struct recommend_item *item)
{
    const struct snapshot_character *c = &p->snapshot->characters[item->character];
    const struct recommend_match *m = &item->match;
    const char *grade = arena_printf(p->arena, "%ld", lrintf(100 * m->grade));
    enum words_key key = m->type == MATCH_COMPATIBLE ? WORDS_why_type_compatible
                         : m->type == MATCH_NEAR     ? WORDS_why_type_near
                         : m->enneagram >= 1         ? WORDS_why_type_same_same
                         : m->enneagram >= 0.8F      ? WORDS_why_type_same_close
                                                     : WORDS_why_type_same_other;
    return words_fill(p->arena, p->language, key, "mbti", mbti_name(c->mbti), "n", grade, "type",
                      enneagram_name(c->enneagram), NULL);
}

/* As the API gives it, so that scripts weigh the same. */
static double rounded(float x)
{
    return round(100 * (double)x) / 100;
}

/* The larger part of the match first. */
static void find(struct exchange *p, const struct recommend_item *item, struct sentences *all)
{
    const struct recommend_match *m = &item->match;
    double film = isnan(m->film) ? 1 : recommend_percent(m->film) / 100.0;
    double person = rounded(m->completes ? m->grade : m->enneagram);
    const char *type = type_reason(p, item);
    all->n = 0;
    add_films(p, item, all);
    bool first =
        all->n == 0 || (film * RECOMMEND_FILM < person * RECOMMEND_ENNEAGRAM && m->type != MATCH_NEAR);
    size_t at = first ? 0 : 1;
    memmove(all->text + at + 1, all->text + at, (all->n - at) * sizeof *all->text);
    all->text[at] = type;
    all->n++;
}

static bool was_said(const char *text, const char *const *said, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(said[i], text) == 0)
            return true;
    return false;
}

/* The first that no card above has said. */
static const char *choose(const struct sentences *all, const char *const *said, size_t n)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->text[i] == NULL || !was_said(all->text[i], said, n))
            return all->text[i];
    return all->text[0];
}

const char **reasons_sentences(struct exchange *p, const struct recommend_list *list, size_t n)
{
    const char **said = arena_array(p->arena, n + 1, sizeof *said);
    struct sentences all;
    for (size_t i = 0; said != NULL && i < n; i++) {
        find(p, &list->items[i], &all);
        said[i] = choose(&all, said, i);
        if (said[i] == NULL)
            return NULL;
    }
    return said;
}
