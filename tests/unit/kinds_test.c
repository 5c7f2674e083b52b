/* Pages of types, of Enneagram types and of pairs: their rankings against the plain definition, and what their pages say. */
#include <math.h>

#include "app/browse.h"
#include "app/rank.h"
#include "fixture/site.h"
#include "tests/check.h"

static struct site_fixture f;
static struct snapshot s;
static struct arena arena;

/* Against the plain definition: everybody of the types, in the order of the ranking of all. */
static void rankings_of_wings_and_pairs_are_whole(void)
{
    uint32_t counts[RANK_PAIRS];
    rank_pair_counts(&s, counts);
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
        size_t all = 0, count = 0, at = 0;
        struct browse_page page = {.more = true};
        for (size_t c = 0; c < s.n_characters; c++)
            all += s.characters[c].enneagram == e;
        float last = INFINITY;
        for (; page.more; at += page.n) {
            CHECK(rank_enneagram(&s, &(struct rank_ask){MBTI_NONE, e, at, 7}, &arena, &page, &count) ==
                  ERR_OK);
            CHECK_INT(count, all);
            for (size_t i = 0; i < page.n; i++) {
                const struct snapshot_character *c = &s.characters[page.items[i]];
                CHECK(c->enneagram == e && c->popularity <= last);
                last = c->popularity;
            }
        }
        CHECK_INT(at, all);
        uint8_t order[MBTI_COUNT];
        rank_types_of(counts, e, order);
        unsigned seen = 0;
        for (int i = 0; i < MBTI_COUNT; i++) {
            seen |= 1u << order[i];
            CHECK(i == 0 ||
                  counts[order[i - 1] * ENNEAGRAM_COUNT + e] >= counts[order[i] * ENNEAGRAM_COUNT + e]);
        }
        CHECK_INT(seen, 0xffff);
        for (uint8_t t = 0; t < MBTI_COUNT; t++) {
            struct browse_page pair, whole;
            size_t n = 0;
            CHECK(rank_enneagram(&s, &(struct rank_ask){t, e, 0, s.n_characters}, &arena, &pair, &count) ==
                  ERR_OK);
            rank_type(&s, t, 0, s.n_characters, &whole);
            for (size_t i = 0; i < whole.n; i++)
                if (s.characters[whole.items[i]].enneagram == e)
                    CHECK(n < pair.n && pair.items[n++] == whole.items[i]);
            CHECK_INT(n, pair.n);
            CHECK_INT(n, count);
            CHECK_INT(n, counts[t * ENNEAGRAM_COUNT + e]);
        }
    }
}

static void who_comes_near_has_another_wing_and_the_nearest_first(void)
{
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
            const float *similarity = s.similarity + (size_t)e * ENNEAGRAM_COUNT;
            struct browse_page near;
            float last = 2;
            CHECK(browse_near(&s, t, e, &arena, &near) == ERR_OK);
            for (size_t i = 0; i < near.n; i++) {
                const struct snapshot_character *c = &s.characters[near.items[i]];
                CHECK(c->mbti == t && c->enneagram != e && similarity[c->enneagram] <= last);
                last = similarity[c->enneagram];
            }
            uint8_t kin[ENNEAGRAM_COUNT - 1];
            rank_kin(&s, e, kin);
            for (int i = 0; i < ENNEAGRAM_COUNT - 1; i++)
                CHECK(kin[i] != e && (i == 0 || similarity[kin[i - 1]] >= similarity[kin[i]]));
        }
}

static void pages_say_what_the_api_says(void)
{
    static const struct {
        const char *target, *texts[6];
    } rows[] = {
        {"/t/INFP", {"href=\"/t/INFP/4w5\"", "<h2 id=\"pairs\">"}},
        {"/t/INFP/4w5",
         {"<h1>", "href=\"/t/INFP\"", "href=\"/e/4w5\"", "<h2 id=\"near\">", "\"@type\":\"BreadcrumbList\"",
          "hreflang=\"en\" href=\"https://mvti.example/en/t/INFP/4w5\""}},
        {"/en/e/4w5",
         {"<html lang=\"en\"", "<h1>", "href=\"/en/t/INFP/4w5\"", "href=\"/en/e/5w4\"",
          "rel=\"canonical\" href=\"https://mvti.example/en/e/4w5\"", "A Four looks for"}},
        {"/api/v1/enneagrams/4w5", {"\"enneagram\":\"4w5\"", "\"core\":{\"ko\":\"4번은", "\"with\":[{"}},
        {"/api/v1/enneagrams?mbti=INFP&style=withdrawn&coping=reactive",
         {"{\"likely\":[{\"core\":4,\"percent\":"}},
        {"/api/v1/types/INFP/4w5?limit=1", {"\"personality\":{\"mbti\":\"INFP\"", "\"near\":[{"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(site_ask(&f, HTTP_GET, rows[i].target, NULL), 200);
        const char *html = buf_str(&f.site.response.body);
        for (size_t t = 0; t < 6 && rows[i].texts[t] != NULL; t++)
            CHECK_MSG(strstr(html, rows[i].texts[t]) != NULL, "%s %s", rows[i].target, rows[i].texts[t]);
    }
}

static void another_spelling_leads_there(void)
{
    static const char *const moved[][2] = {
        {"/e/4W5", "/e/4w5"}, {"/t/infp/4w5", "/t/INFP/4w5"}, {"/en/t/INFP/4W5", "/en/t/INFP/4w5"}};
    static const char *const none[] = {"/t/INFP/4w6", "/e/4w6", "/api/v1/enneagrams/4W5",
                                       "/api/v1/types/infp/4w5"};
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        CHECK_INT(site_ask(&f, HTTP_GET, moved[i][0], NULL), 301);
        CHECK_STR(site_header(&f, "Location"), moved[i][1]);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_INT(site_ask(&f, HTTP_GET, none[i], NULL), 404);
}

int main(void)
{
    site_make(&f, 300, NULL);
    s = f.site.serving.snapshot;
    RUN(rankings_of_wings_and_pairs_are_whole);
    RUN(who_comes_near_has_another_wing_and_the_nearest_first);
    RUN(pages_say_what_the_api_says);
    RUN(another_spelling_leads_there);
    arena_free(&arena);
    site_free(&f);
    return check_done();
}
