/* Characters: the catalog's own columns, or those crawled from a voting site with votes such as 2.7k/477. */
#include "import/import_kind.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "domain/enneagram.h"
#include "domain/image_link.h"
#include "domain/mbti.h"
#include "domain/presentation.h"
#include "store/catalog.h"

enum { ID, MOVIE_ID, MBTI, ENNEAGRAM, CATALOG_CHARACTER_FIELDS(IMPORT_AT, IMPORT_AT) };

static const struct import_column columns[] = {
    [ID] = {"character_id|CharacterId", IMPORT_REQUIRED, 0, 0},
    [MOVIE_ID] = {"movie_id|movieId", IMPORT_REQUIRED, 0, 0},
    [MBTI] = {"mbti|MBTI", IMPORT_REQUIRED, 0, 0},
    [ENNEAGRAM] = {"enneagram|Enneagram", IMPORT_REQUIRED, 0, 0},
    CATALOG_CHARACTER_FIELDS(IMPORT_TEXT, IMPORT_NUMBER){0},
};

/* "477", "2.7k" or "1.2m" at *text, which moves behind it. −1 if that is no count. */
static int32_t count_at(const char **text)
{
    const char *s = *text;
    if (!isdigit((unsigned char)*s))
        return -1;
    size_t n = strspn(s, "0123456789.");
    char *end;
    double value = strtod(s, &end);
    if (end != s + n)
        return -1;
    if (*end == 'k' || *end == 'K')
        value *= 1000;
    else if (*end == 'm' || *end == 'M')
        value *= 1000000;
    *text = end + (*end != '\0' && strchr("kKmM", *end) != NULL);
    return value <= INT32_MAX ? (int32_t)lround(value) : -1;
}

/* "votes" or "votes/comments", of which only the first is kept; "" is an editorial typing. */
static bool take_votes(struct import *im, const char *text, struct catalog_character *c)
{
    c->votes = -1;
    if (import_no_number(text))
        return true;
    const char *at = text;
    c->votes = count_at(&at);
    bool ok = c->votes >= 0;
    if (ok && *at == '/') {
        at++;
        ok = count_at(&at) >= 0;
    }
    if (ok && *at == '\0')
        return true;
    (void)import_reject(im, "votes are not a count", "'%.40s'", text);
    return false;
}

static bool take_types(struct import *im, const struct import_row *row, struct catalog_character *c)
{
    const char *mbti = row->text[MBTI], *enneagram = row->text[ENNEAGRAM];
    c->mbti = mbti_parse(mbti, strlen(mbti));
    c->enneagram = enneagram_parse(enneagram, strlen(enneagram));
    if (c->mbti == MBTI_NONE)
        (void)import_reject(im, "unknown MBTI type", "'%.40s'", mbti);
    else if (c->enneagram == ENNEAGRAM_NONE)
        (void)import_reject(im, "unknown Enneagram type", "'%.40s'", enneagram);
    return c->mbti != MBTI_NONE && c->enneagram != ENNEAGRAM_NONE;
}

static bool take_fields(struct import *im, const struct import_row *row, struct catalog_character *to)
{
#define NOT_PLAIN(...) /* votes have a notation of their own */
    CATALOG_CHARACTER_FIELDS(IMPORT_TAKE_TEXT, NOT_PLAIN)
#undef NOT_PLAIN
    if (to->name_ko[0] != '\0' || to->name_en[0] != '\0')
        return true;
    (void)import_reject(im, "no name", "%s", "");
    return false;
}

/* A wrong address costs the image, not the character; one that is stored stays. */
static void take_image(struct import *im, const struct import_row *row, struct catalog_character *c,
                       unsigned *given)
{
    enum image_link link = image_link_judge(c->image_url);
    if (link == IMAGE_ELSEWHERE)
        import_report_noted(&im->report,
                            "an image on another host: kept, but pages show images of this site only");
    if (link != IMAGE_WRONG)
        return;
    import_warn(im, row, "image_url left out, as it is neither an https address nor a path of this site",
                "'%.80s'", c->image_url);
    c->image_url = "";
    *given &= ~(unsigned)CATALOG_IMAGE_URL;
}

/* Wrong words cost the portrait its likeness, not the character; those that are stored stay. */
static void take_presentation(struct import *im, const struct import_row *row, struct catalog_character *c,
                              unsigned *given)
{
    uint8_t p;
    if (presentation_parse(c->presentation, &p))
        return;
    import_warn(
        im, row,
        "presentation left out, as it is not one of woman, man, neither, creature, robot, with child or "
        "old, divided by |",
        "'%.40s'", c->presentation);
    c->presentation = "";
    *given &= ~(unsigned)CATALOG_PRESENTATION;
}

static enum import_verdict put(struct import *im, const struct import_row *row)
{
    struct catalog_character c = catalog_character_unknown;
    unsigned given = row->given;
    if (!import_id(im, row->text[ID], "character_id", &c.id) ||
        !import_id(im, row->text[MOVIE_ID], "movie_id", &c.movie_id) || !take_fields(im, row, &c) ||
        !take_types(im, row, &c) || !take_votes(im, row->text[AT_VOTES], &c))
        return IMPORT_REJECTED;
    if (!import_has_movie(im, c.movie_id))
        return import_reject(im, "its film is not in the catalog", "movie %d", (int)c.movie_id);
    if (!import_first(im, (uint64_t)c.id, row->text[ID]))
        return IMPORT_REJECTED;
    take_image(im, row, &c, &given);
    take_presentation(im, row, &c, &given);
    enum catalog_change change = CATALOG_SAME;
    enum err rc = catalog_put_character(im->db, &c, given, &change, &im->why);
    return import_stored(im, rc, (int)change);
}

const struct import_kind import_characters = {.name = "characters", .columns = columns, .put = put};
