#include "app/leave_out.h"

#include "store/visitor_mark.h"

enum err leave_out_load(struct db *db, int64_t visitor_id, struct arena *a, struct leave_out *out,
                        struct fail *why)
{
    struct visitor_marks marks = {.most = LEAVE_OUT_MOST};
    *out = (struct leave_out){0};
    if (visitor_id == 0)
        return ERR_OK;
    enum err rc = visitor_mark_list(db, visitor_id, &marks, a, why);
    if (rc != ERR_OK)
        return rc;
    int32_t *characters = arena_array(a, marks.n + 1, sizeof *characters);
    int32_t *movies = arena_array(a, marks.n + 1, sizeof *movies);
    if (characters == NULL || movies == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < marks.n; i++)
        if (marks.items[i].kind == MARK_NOT_ME)
            characters[out->n_characters++] = marks.items[i].subject;
        else
            movies[out->n_movies++] = marks.items[i].subject;
    out->characters = characters;
    out->movies = movies;
    return ERR_OK;
}

bool leave_out_has(const struct leave_out *l, const struct snapshot *s, uint32_t character)
{
    for (size_t i = 0; i < l->n_characters; i++)
        if (snapshot_character_index(s, l->characters[i]) == character)
            return true;
    for (size_t i = 0; i < l->n_movies; i++)
        if (snapshot_movie_index(s, l->movies[i]) == s->characters[character].movie)
            return true;
    return false;
}

static size_t set_once(bool *flags, int64_t i)
{
    bool fresh = i >= 0 && !flags[i];
    if (fresh)
        flags[i] = true;
    return fresh;
}

size_t leave_out_movies(const struct leave_out *l, const struct snapshot *s, bool *flags)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_movies; i++)
        n += set_once(flags, snapshot_movie_index(s, l->movies[i]));
    return n;
}

size_t leave_out_characters(const struct leave_out *l, const struct snapshot *s, bool *flags)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_characters; i++)
        n += set_once(flags, snapshot_character_index(s, l->characters[i]));
    return n;
}
