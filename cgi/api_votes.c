/* What visitors think a character's type is. */
#include <string.h>

#include "app/react.h"
#include "input.h"
#include "view.h"

/* A list of {name, "count"} of the types that have votes. */
static void put_counts(struct exchange *p, const char *list, const char *name, const int64_t *counts,
                       uint8_t n, const char *(*name_of)(uint8_t))
{
    json_out_name(&p->out, list);
    json_out_list(&p->out);
    for (uint8_t i = 0; i < n; i++) {
        if (counts[i] == 0)
            continue;
        json_out_map(&p->out);
        json_out_text_of(&p->out, name, name_of(i));
        json_out_int_of(&p->out, "count", counts[i]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

void view_votes(struct exchange *p, const struct consensus_votes *votes)
{
    struct consensus c = consensus_of(votes);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "count", votes->count);
    put_counts(p, "mbti", "mbti", votes->mbti, MBTI_COUNT, mbti_name);
    put_counts(p, "enneagram", "enneagram", votes->enneagram, ENNEAGRAM_COUNT, enneagram_name);
    json_out_real_of(&p->out, "agreement", c.agreement, 3);
    json_out_text_of(&p->out, "label", consensus_label_name(c.label));
    json_out_end(&p->out);
}

void view_vote_types(struct exchange *p, const struct visitor_vote *vote)
{
    json_out_text_of(&p->out, "mbti", mbti_name(vote->mbti));
    if (vote->enneagram != ENNEAGRAM_NONE)
        json_out_text_of(&p->out, "enneagram", enneagram_name(vote->enneagram));
    else
        json_out_null_of(&p->out, "enneagram");
}

static enum err read_vote(struct exchange *p, struct visitor_vote *vote)
{
    const char *mbti = input_text(p, p->body, "mbti");
    if (mbti == NULL)
        return ERR_INVALID;
    vote->mbti = mbti_parse(mbti, strlen(mbti));
    if (vote->mbti == MBTI_NONE)
        return problem_field(&p->problem, "mbti", "must be one of the 16 types, such as INFP");
    const struct json_value *wing = json_member(p->body, "enneagram");
    if (wing == NULL || wing->kind == JSON_NULL)
        return ERR_OK;
    if (wing->kind == JSON_TEXT)
        vote->enneagram = enneagram_parse(wing->text, strlen(wing->text));
    return vote->enneagram != ENNEAGRAM_NONE
               ? ERR_OK
               : problem_field(&p->problem, "enneagram",
                               "must be one of the 18 types with a wing, such as 4w5, or null");
}

/* mbti MBTI_NONE: takes it back. */
static enum err change(struct exchange *p, const struct visitor_vote *vote)
{
    struct consensus_votes votes;
    bool limited = p->site->config->rate_limits != 0;
    enum err rc = react_vote(p->site->db, &p->session, vote, limited, &votes, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_name(&p->out, "votes");
    view_votes(p, &votes);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_votes_put(struct exchange *p)
{
    if (input_character(p) < 0)
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is no character %d", p->id);
    struct visitor_vote vote = {.character_id = p->id, .enneagram = ENNEAGRAM_NONE};
    enum err rc = read_vote(p, &vote);
    return rc == ERR_OK ? change(p, &vote) : rc;
}

/* Also of a character that has left the catalog: one's own vote can always be taken back. */
enum err api_votes_delete(struct exchange *p)
{
    return change(
        p, &(struct visitor_vote){.character_id = p->id, .mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE});
}

static struct view_place put_mine(struct exchange *p, const void *rows, size_t i)
{
    const struct visitor_vote *vote = (const struct visitor_vote *)rows + i;
    int64_t c = snapshot_character_index(p->snapshot, vote->character_id);
    if (c >= 0) {
        json_out_map(&p->out);
        json_out_name(&p->out, "character");
        view_character(p, (uint32_t)c);
        view_vote_types(p, vote);
        view_created(p, vote->updated);
        json_out_end(&p->out);
    }
    return (struct view_place){vote->updated, vote->character_id};
}

enum err api_votes_mine(struct exchange *p)
{
    struct input_rows page;
    enum err rc = input_rows(p, REACT_LIST_MOST, INT32_MAX, &page);
    if (rc != ERR_OK)
        return rc;
    const struct visitor_vote after = {.updated = page.first, .character_id = (int32_t)page.second};
    struct visitor_votes votes = {.after = page.given ? &after : NULL, .most = page.limit + 1};
    rc = react_votes(p->site->db, &p->session, &votes, p->arena, &p->why);
    return rc == ERR_OK ? view_rows(p, &page, votes.items, votes.n, put_mine) : exchange_unsaved(p, rc);
}
