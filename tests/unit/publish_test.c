/* lib/publish: what of the catalog comes into a snapshot and how popular it is there. */
#include "tests/check.h"

#include <unistd.h>

#include "base/secret.h"
#include "publish/publish.h"
#include "publish/theme.h"

static const char *text_at(const struct snapshot_builder *b, uint32_t offset)
{
    return buf_str(&b->strings) + offset;
}

/* People who like film 1 and film 2, in a file, as `mvti train popularity` leaves it. */
static void open_counts(struct model *m, char *path)
{
    const struct model_info info = {.kind = "popularity"};
    const int32_t ids[] = {1, 2};
    const float likes[] = {3, 8};
    const struct model out = {.info = &info, .item_ids = ids, .n_items = 2, .weights = likes, .n_weights = 2};
    CHECK(close(mkstemp(path)) == 0);
    CHECK(model_write(&out, path, NULL, NULL) == ERR_OK && model_open(m, path, NULL) == ERR_OK);
}

static struct catalog_movie film(int32_t id, const char *ko, const char *en, int64_t popularity)
{
    struct catalog_movie m = catalog_movie_unknown;
    m.id = id;
    m.title_ko = ko;
    m.title_en = en;
    m.country = "South Korea";
    m.popularity = (int32_t)popularity;
    return m;
}

static struct catalog_character character(int32_t id, int32_t movie, int32_t votes, const char *image)
{
    struct catalog_character c = catalog_character_unknown;
    c.id = id;
    c.movie_id = movie;
    c.mbti = c.enneagram = 0;
    c.name_en = "Somebody";
    c.image_url = image;
    c.votes = votes;
    return c;
}

static void popularity_is_what_is_known(void)
{
    char path[] = "/tmp/mvti-publish-XXXXXX";
    struct model counts;
    struct snapshot_builder b;
    struct fail why = {0};
    static const struct catalog_link links[] = {{1, "Mubi", "https://mubi.com/films/1"},
                                                {1, "Netflix", "https://netflix.example.net/title/1"}};
    struct catalog_movie movies[] = {film(1, "", "One", -1), film(2, "둘", "", -1),
                                     film(3, "셋", "Three", 100), film(4, "", "Four", 10),
                                     film(5, "", "Five", -1)};
    movies[0].links = links;
    movies[0].n_links = 2;
    struct catalog_character people[] = {character(11, 1, 50, "/images/11.webp"),
                                         character(12, 3, -1, "https://elsewhere.example/12.jpg")};
    const struct catalog c = {movies, 5, people, 2};
    struct like_total rows[] = {{11, 4}, {12, 1}};
    const struct like_totals likes = {rows, 2};
    open_counts(&counts, path);
    const struct film_counts people_who_like = {.learned = &counts};
    snapshot_builder_init(&b);
    CHECK_MSG(publish_catalog(&b, &c, &likes, &people_who_like, &why) == ERR_OK, "%s", why.text);
    const struct snapshot_movie *m = b.movies.data;
    const struct snapshot_character *p = b.characters.data;
    CHECK_NEAR((double)m[0].popularity, log1p(3) / log1p(8),
               1e-6); /* who likes it, of those who like the most liked */
    CHECK_NEAR((double)m[1].popularity, 1, 1e-6);
    CHECK_NEAR((double)m[2].popularity, 1, 1e-6); /* who rated it, of those who rated the most rated */
    CHECK_NEAR((double)m[3].popularity, log1p(10) / log1p(100), 1e-6);
    CHECK(m[4].popularity == 0);
    CHECK_STR(text_at(&b, m[0].title_ko), "One");
    CHECK_STR(text_at(&b, m[1].title_en), "둘");
    CHECK_STR(text_at(&b, m[0].country), "KR");
    CHECK_NEAR((double)p[0].popularity, 0.6 + 0.25 * log1p(3) / log1p(8) + 0.15, 1e-6);
    CHECK_NEAR((double)p[1].popularity, 0.25 + 0.15 * log1p(1) / log1p(4), 1e-6);
    CHECK(p[0].certainty == 0.5f && p[1].certainty == 0.5f && p[1].votes == -1);
    CHECK_STR(text_at(&b, p[0].image), "/images/11.webp");
    CHECK_STR(text_at(&b, p[1].image), "");
    CHECK_STR(text_at(&b, p[0].name_ko), "Somebody");
    CHECK_INT(b.links.len, 1); /* one that lies about where it goes was stored before imports looked */
    snapshot_builder_free(&b);
    model_close(&counts);
    unlink(path);
}

static void themes_are_of_the_words(void)
{
    static const struct {
        const char *keywords, *en, *ko, *theme;
    } rows[] = {
        {"", "", "", ""},
        {"space|rebellion", "", "", "space"},
        {"", "A farm boy looks at the sky.", "", ""},
        {"", "An astronaut grows potatoes on Mars.", "", "space"},
        {"", "A love letter finds a writer.", "", "letters"},
        {"", "A spacecraft of his own.", "", ""}, /* whole words only */
        {"", "One robot.", "", ""},               /* one word is no plot */
        {"", "One robot.", "로봇이 눈을 떠요.", "robot"},
        {"love|first love|holocaust", "", "", "grave"},
        {"war crime", "A love story, a romance, a marriage, a wedding.", "", "grave"},
        {"time travel", "", "", "time"},
        {"TIME TRAVEL", "", "", "time"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog_movie m = film(1, "", "One", -1);
        m.keywords = rows[i].keywords;
        m.plot_en = rows[i].en;
        m.plot_ko = rows[i].ko;
        CHECK_STR(theme_of(&m), rows[i].theme);
    }
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(popularity_is_what_is_known);
    RUN(themes_are_of_the_words);
    return check_done();
}
