#include "tally.h"

#include <math.h>

/* One type of those that have votes. */
struct share {
    const char *name;
    int64_t count;
};

/* Most votes first, equals in their order: how many have any. Room for the longest list. */
static size_t in_order(const int64_t *counts, uint8_t n, const char *(*name_of)(uint8_t),
                       struct share out[ENNEAGRAM_COUNT])
{
    size_t some = 0;
    for (uint8_t i = 0; i < n; i++) {
        if (counts[i] == 0)
            continue;
        size_t at = some++;
        for (; at > 0 && out[at - 1].count < counts[i]; at--)
            out[at] = out[at - 1];
        out[at] = (struct share){name_of(i), counts[i]};
    }
    return some;
}

static const char *percent(struct exchange *p, int64_t count, int64_t all)
{
    return arena_printf(p->arena, "%d", (int)floor(100.0 * (double)count / (double)all + 0.5));
}

static const char *counted(struct exchange *p, enum words_key one, enum words_key many, int64_t n)
{
    return words_fill(p->arena, p->language, n == 1 ? one : many, "n", words_number(p->arena, n), NULL);
}

static void put_rect(struct exchange *p, const char *class_name, const char *width)
{
    html_out_open_class(&p->html, HTML_RECT, class_name);
    html_out_attribute(&p->html, HTML_AT_WIDTH, width);
    html_out_attribute(&p->html, HTML_AT_HEIGHT, "10");
    html_out_end(&p->html);
}

static void put_bar(struct exchange *p, const struct share *s, int64_t all)
{
    html_out_open(&p->html, HTML_LI);
    html_out_say(&p->html, HTML_B, NULL, s->name);
    html_out_open(&p->html, HTML_SVG);
    html_out_attribute(&p->html, HTML_AT_VIEWBOX, "0 0 100 10");
    html_out_attribute(&p->html, HTML_AT_RATIO, "none");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_attribute(&p->html, HTML_AT_FOCUSABLE, "false");
    put_rect(p, "rest", "100");
    put_rect(p, "part", arena_printf(p->arena, "%.2f", 100.0 * (double)s->count / (double)all));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_SPAN, NULL,
                 arena_printf(p->arena, "%s%% · %s", percent(p, s->count, all),
                              counted(p, WORDS_vote_count_one, WORDS_vote_count_many, s->count)));
    html_out_end(&p->html);
}

static void put_bars(struct exchange *p, const struct share *shares, size_t n, enum words_key label)
{
    int64_t all = 0;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        all += shares[i].count;
    html_out_open_class(&p->html, HTML_UL, "bars");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, label));
    for (size_t i = 0; i < n; i++)
        put_bar(p, &shares[i], all);
    html_out_end(&p->html);
}

/* Which type leads, and which comes next. */
static void put_leaders(struct exchange *p, const struct share *first, int64_t all)
{
    const struct share *second = first + 1;
    html_out_say(&p->html, HTML_P, NULL,
                 words_fill(p->arena, p->language,
                            first->count == second->count ? WORDS_vote_tied : WORDS_vote_leads, "mbti",
                            first->name, "n", percent(p, first->count, all), "other", second->name, "m",
                            percent(p, second->count, all), NULL));
}

static void put_said(struct exchange *p, const struct consensus_votes *votes)
{
    struct consensus c = consensus_of(votes);
    const char *label = consensus_label_name(c.label);
    html_out_open(&p->html, HTML_P);
    html_out_say(&p->html, HTML_STRONG, "vote-label", words_find(p->language, "vote.", label));
    html_out_text(&p->html, " · ");
    html_out_text(&p->html, counted(p, WORDS_vote_all_one, WORDS_vote_all_many, votes->count));
    html_out_text(&p->html, " · ");
    html_out_text(&p->html,
                  words_fill(p->arena, p->language, WORDS_vote_agreement, "n",
                             arena_printf(p->arena, "%d", (int)floor(100 * c.agreement + 0.5)), NULL));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "muted",
                 words_find(p->language, "vote.", arena_printf(p->arena, "%s.text", label)));
}

static void put_votes(struct exchange *p, const struct consensus_votes *votes)
{
    struct share mbti[ENNEAGRAM_COUNT], enneagram[ENNEAGRAM_COUNT];
    size_t n = in_order(votes->mbti, MBTI_COUNT, mbti_name, mbti);
    size_t m = in_order(votes->enneagram, ENNEAGRAM_COUNT, enneagram_name, enneagram);
    put_said(p, votes);
    if (n > 1)
        put_leaders(p, mbti, votes->count);
    put_bars(p, mbti, n, WORDS_vote_bars);
    put_bars(p, enneagram, m, WORDS_vote_bars_enneagram);
}

void tally_put(struct exchange *p, const struct consensus_votes *votes)
{
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    parts_section(p, "panel vote", "vote", parts_word(p, WORDS_vote_title));
    html_out_open_class(&p->html, HTML_DIV, "vote-said");
    if (votes->count > 0)
        put_votes(p, votes);
    else
        html_out_say(&p->html, HTML_P, "muted", parts_word(p, WORDS_vote_none));
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}
