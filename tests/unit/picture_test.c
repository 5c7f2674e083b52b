/* lib/picture and mvti-draw: what a picture shows, whatever the catalog says; pictures are kept and forgotten; and a program that
 * draws may die, hang or be none. */
#include "fixture/small_snapshot.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "json/json.h"
#include "picture/gallery.h"
#include "picture/shown.h"
#include "picture/spare.h"

static char build[300], folder[64];
static struct small_snapshot small;
static struct snapshot snapshot;
static const struct shown_form card = {.site = "https://mvti.example/x"};

/* Titles that films may have, and some that no film should. */
static const char *hostile(int i, char *room, size_t size)
{
    static const char *const titles[] = {
        "",
        " ",
        "</text><script>alert(1)</script>",
        "\"'&<>]]>",
        "a\nb\tc\r",
        "\xe2\x80\xae"
        "txet", /* U+202E turns what follows */
        "\xd7\x91\xd7\xa8\xd7\x90\xd7\xa9\xd7\x99\xd7\xaa",
        "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd9\x83",
        "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d\xf0\x9f\x91\xa6"
        " \xf0\x9f\x98\x80", /* a family */
        "\xf0\x9f\x87\xb0\xf0\x9f\x87\xb7\xf0\x9f\x87\xb0",
        "\xef\xbb\xbf\xe2\x80\x8b\xc2\xad",
        "\xef\xbf\xbf\xef\xbf\xbe",
        "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8\xe1\x86\xa8\xe1\x86\xa8",
        "\xe2\x80\x8d\xe2\x80\x8d\xe2\x80\x8d",
        "%s%n{0}${x}`\\",
        "\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa",
        "\x7f\x01\x1b[31m",
    };
    enum { N = sizeof titles / sizeof *titles };
    if (i < N)
        return titles[i];
    static const char *const units[] = {
        "W", "\xea\xb0\x80", "a ", "\xcc\xb7", "\xf0\x9f\x98\x80", "i", "\xd7\x91", "A\xcc\x81\xcc\xb4"};
    enum { M = sizeof units / sizeof *units };
    if (i >= N + M)
        return NULL;
    const char *unit = units[i - N];
    size_t n = strlen(unit), at = 0;
    for (int k = 0; k < 10000 && at + n < size; k++, at += n)
        memcpy(room + at, unit, n);
    room[at] = '\0';
    return room;
}

/* A catalog of one text: offset 1. */
static struct snapshot with_title(const char *title, char *strings, size_t size)
{
    struct snapshot s = snapshot;
    snprintf(strings, size, "%c%s", ' ', title);
    strings[0] = '\0';
    s.strings = strings;
    s.strings_len = strlen(title) + 2;
    return s;
}

static struct snapshot_movie odd_movie;
static struct snapshot_character odd_character;

static void put_odd(struct snapshot *s)
{
    odd_movie = (struct snapshot_movie){.id = 1, .title_ko = 1, .title_en = 1, .year = 1999, .cast_count = 1};
    odd_character =
        (struct snapshot_character){.id = 1, .name_ko = 1, .name_en = 1, .mbti = 9, .enneagram = 3};
    static const uint32_t cast[] = {0};
    static struct snapshot_type types[MBTI_COUNT];
    for (int i = 0; i < MBTI_COUNT; i++)
        types[i].name = (struct snapshot_text){1, 1};
    s->movies = &odd_movie;
    s->characters = &odd_character;
    s->cast = cast;
    s->types = types;
}

static void titles_are_short_and_plain(void)
{
    static char room[50000], strings[50002];
    const char *title;
    for (int i = 0; (title = hostile(i, room, sizeof room)) != NULL; i++) {
        struct snapshot s = with_title(title, strings, sizeof strings);
        struct buf facts = {0};
        struct arena a = {0};
        const struct json_value *v;
        put_odd(&s);
        shown_movie(&facts, &s, &card, 0);
        CHECK_MSG(json_read(&a, facts.data, facts.len, &v, NULL) == ERR_OK, "title %d: %s", i,
                  buf_str(&facts));
        const char *shown = json_member(json_member(json_member(v, "movie"), "title"), "ko")->text;
        CHECK_MSG(strlen(shown) <= SHOWN_TEXT * 48 + 3, "title %d: %zu bytes", i, strlen(shown));
        CHECK_MSG(strpbrk(shown, "\n\r\t\x1b\x7f") == NULL && strstr(shown, "\xe2\x80\xae") == NULL,
                  "title %d: %s", i, shown);
        arena_free(&a);
        buf_free(&facts);
    }
}

/* One letter under ten thousand marks is a letter with few. */
static void marks_do_not_heap_up(void)
{
    static char room[50000], strings[50002];
    struct buf facts = {0};
    size_t n = 1;
    room[0] = 'a';
    for (; n + 2 < sizeof room; n += 2)
        memcpy(room + n, "\xcc\xb7", 2);
    room[n] = '\0';
    struct snapshot s = with_title(room, strings, sizeof strings);
    put_odd(&s);
    shown_character(&facts, &s, &card, 0);
    CHECK_MSG(facts.len < 1000, "%zu bytes", facts.len);
    buf_free(&facts);
}

static void a_result_shows_the_best_and_three_films(void)
{
    uint32_t movies[] = {0, 1, 2, 3};
    struct shown_quiz r = {
        .mbti = 0, .enneagram = 0, .best = 2, .percent = 87, .movies = movies, .n_movies = 4};
    struct buf facts = {0};
    struct arena a = {0};
    const struct json_value *v;
    shown_result(&facts, &snapshot, &card, &r);
    CHECK(json_read(&a, facts.data, facts.len, &v, NULL) == ERR_OK);
    CHECK_INT(json_member(v, "movies")->n, 3);
    CHECK_INT(json_member(json_member(v, "best"), "percent")->integer, 87);
    CHECK_STR(json_member(v, "host")->text, "mvti.example");
    CHECK_STR(json_member(v, "mbti")->text, mbti_name(0));
    buf_reset(&facts);
    r.best = -1;
    shown_result(&facts, &snapshot, &card, &r);
    CHECK(json_read(&a, facts.data, facts.len, &v, NULL) == ERR_OK && json_member(v, "best") == NULL);
    arena_free(&a);
    buf_free(&facts);
}

/* One invites, two are compared with their grade and film, more are only shown. */
static void a_circle_shows_its_people(void)
{
    struct shown_people c = {
        .people = {{0, 0, 2}, {5, ENNEAGRAM_NONE, -1}, {3, 1, 1}}, .grade = 96, .movie = 1};
    for (c.n = 1; c.n <= 3; c.n++) {
        struct buf facts = {0};
        struct arena a = {0};
        const struct json_value *v;
        shown_people(&facts, &snapshot, &card, &c);
        CHECK(json_read(&a, facts.data, facts.len, &v, NULL) == ERR_OK);
        const struct json_value *people = json_member(v, "people");
        CHECK_INT(people->n, c.n);
        CHECK(json_member(&people->items[0], "who") != NULL);
        CHECK((json_member(v, "grade") != NULL) == (c.n == 2) &&
              (json_member(v, "movie") != NULL) == (c.n == 2));
        if (c.n > 1)
            CHECK(json_member(&people->items[1], "who") == NULL);
        arena_free(&a);
        buf_free(&facts);
    }
}

/* Another picture has another name: by what it shows, by its form and by the script. */
static void names_follow_what_is_shown(void)
{
    char names[4][SHELF_NAME + 1];
    struct shown_form english = card;
    struct buf facts = {0};
    english.english = true;
    shown_movie(&facts, &snapshot, &card, 0);
    shelf_name(names[0], "1", &facts);
    shelf_name(names[1], "2", &facts);
    buf_reset(&facts);
    shown_movie(&facts, &snapshot, &english, 0);
    shelf_name(names[2], "1", &facts);
    buf_reset(&facts);
    shown_movie(&facts, &snapshot, &card, 1);
    shelf_name(names[3], "1", &facts);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            CHECK(strcmp(names[i], names[k]) != 0);
    buf_free(&facts);
}

static uint64_t bytes_below(const char *path, int *n)
{
    uint64_t sum = 0;
    char name[600];
    struct stat st;
    DIR *d = opendir(path);
    const struct dirent *e;
    *n = 0;
    while ((e = readdir(d)) != NULL) {
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        if (stat(name, &st) == 0 && S_ISREG(st.st_mode)) {
            sum += (uint64_t)st.st_blocks * 512;
            ++*n;
        }
    }
    closedir(d);
    return sum;
}

static void a_shelf_is_bounded_and_keeps_what_is_asked_for(void)
{
    struct shelf s;
    struct buf png = {0}, got = {0};
    char path[200], name[SHELF_NAME + 1];
    int n;
    snprintf(path, sizeof path, "%s/shelf", folder);
    CHECK(shelf_open(&s, path, 1 << 20, NULL) == ERR_OK);
    for (int i = 0; i < 20000; i++)
        buf_putc(&png, (char)i);
    buf_put(&png, "IEND\xae\x42\x60\x82", 8);
    CHECK(shelf_put(&s, "dear", &png, NULL) == ERR_OK);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "%d", i);
        CHECK(shelf_put(&s, name, &png, NULL) == ERR_OK);
        buf_reset(&got);
        CHECK(shelf_get(&s, "dear", &got, NULL) == ERR_OK);
    }
    CHECK(got.len == png.len && memcmp(got.data, png.data, got.len) == 0);
    CHECK_MSG(bytes_below(path, &n) <= (1 << 20) + 33 * 24576, "%d files", n);
    CHECK(!shelf_has(&s, "0") && shelf_has(&s, "499") && shelf_get(&s, "0", &got, NULL) == ERR_NOT_FOUND);
    buf_free(&got);
    buf_free(&png);
}

/* What a crash leaves of a file is no picture. */
static void half_a_file_is_none(void)
{
    struct shelf s;
    struct buf got = {0};
    char path[200], file[240];
    snprintf(path, sizeof path, "%s/half", folder);
    CHECK(shelf_open(&s, path, 1 << 20, NULL) == ERR_OK);
    snprintf(file, sizeof file, "%s/a.png", path);
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(file, "w");
        fputs(i == 0 ? "" : "\x89PNG\r\n\x1a\nIEN", f);
        fclose(f);
        CHECK_INT(shelf_get(&s, "a", &got, NULL), ERR_NOT_FOUND);
    }
    buf_free(&got);
}

static bool is_png(const struct buf *b, int w, int h)
{
    const unsigned char *p = (const unsigned char *)b->data;
    return b->len > 33 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0 && (p[18] << 8 | p[19]) == w &&
           (p[22] << 8 | p[23]) == h;
}

static struct painter *real(void)
{
    char program[400], scripts[400];
    snprintf(program, sizeof program, "%s/mvti-draw", build);
    snprintf(scripts, sizeof scripts, "%s/picture", build);
    return painter_new(program, scripts);
}

/* Each hostile title as name, film and chosen film of a result, in both sizes, and in the pictures of its film and its person. */
static void no_title_breaks_a_picture(void)
{
    static char room[50000], strings[50002];
    const char *title;
    struct painter *p = real();
    uint32_t movies[] = {0, 0, 0};
    struct shown_quiz r = {
        .mbti = 9, .enneagram = 3, .best = 0, .percent = 100, .movies = movies, .n_movies = 3};
    struct shown_people circle = {.grade = 100};
    for (int i = 0; i < SHOWN_PEOPLE; i++)
        circle.people[i] = (struct shown_person){(uint8_t)i, (uint8_t)i, 0};
    for (int i = 0; (title = hostile(i, room, sizeof room)) != NULL; i++) {
        struct snapshot s = with_title(title, strings, sizeof strings);
        put_odd(&s);
        for (int k = 0; k < 6; k++) {
            struct buf facts = {0}, png = {0};
            struct fail why = {0};
            struct shown_form form = {.english = i % 2 == 1, .story = k == 1, .site = "https://mvti.example"};
            if (k < 2)
                shown_result(&facts, &s, &form, &r);
            else if (k == 2)
                shown_movie(&facts, &s, &form, 0);
            else if (k > 3) {
                circle.n = k == 4 ? 2 : SHOWN_PEOPLE;
                shown_people(&facts, &s, &form, &circle);
            } else
                shown_character(&facts, &s, &form, 0);
            enum err rc = painter_draw(p, &facts, 60, &png, &why);
            CHECK_MSG(rc == ERR_OK, "title %d, picture %d: %s", i, k, why.text);
            CHECK_MSG(k == 1 ? is_png(&png, 1080, 1920) : is_png(&png, 1200, 630), "title %d, picture %d", i,
                      k);
            CHECK_MSG(k == 1 || png.len <= 300000, "title %d, picture %d: %zu bytes", i, k, png.len);
            buf_free(&facts);
            buf_free(&png);
        }
    }
    painter_close(p);
}

static void what_is_no_picture_is_refused_and_the_next_is_drawn(void)
{
    static const char *const wrong[] = {"",
                                        "{",
                                        "null",
                                        "{\"kind\":\"none\"}",
                                        "{\"kind\":\"movie\"}",
                                        "[]",
                                        "\"x\"",
                                        "{\"kind\":\"constructor\",\"size\":\"name\"}"};
    struct painter *p = real();
    struct buf facts = {0}, png = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fail why = {0};
        buf_reset(&facts);
        buf_puts(&facts, wrong[i]);
        CHECK_MSG(painter_draw(p, &facts, 60, &png, &why) == ERR_INVALID, "%s", wrong[i]);
        CHECK_MSG(why.text[0] != '\0', "%s", wrong[i]);
    }
    buf_reset(&facts);
    shown_movie(&facts, &snapshot, &card, 0);
    CHECK(painter_draw(p, &facts, 60, &png, NULL) == ERR_OK && is_png(&png, 1200, 630));
    buf_free(&facts);
    buf_free(&png);
    painter_close(p);
}

static struct painter *script(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    fprintf(f, "#!/bin/sh\n%s\n", text);
    fclose(f);
    CHECK(chmod(path, 0700) == 0);
    return painter_new(path, folder);
}

static void a_program_that_fails_is_replaced_or_given_up(void)
{
    struct buf facts = {0}, png = {0};
    struct {
        struct painter *painter;
        double seconds;
        enum err wanted;
    } cases[] = {
        {painter_new("/nonexistent/mvti-draw", folder), 10, ERR_UNAVAILABLE},
        {script("ends", "exit 1"), 10, ERR_UNAVAILABLE},
        {script("hangs", "exec sleep 600"), 0.2, ERR_BUSY},
        {script("babbles", "yes"), 10, ERR_UNAVAILABLE},
        {script("cut", "head -c 10 >/dev/null; printf '\\0\\0\\0\\0\\144\\0\\0\\0abc'"), 10, ERR_UNAVAILABLE},
    };
    buf_puts(&facts, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fail why = {0};
        double begun = clock_monotonic();
        CHECK_INT(painter_draw(cases[i].painter, &facts, cases[i].seconds, &png, &why), cases[i].wanted);
        CHECK(why.text[0] != '\0' && clock_monotonic() - begun < 30);
        painter_close(cases[i].painter);
    }
    buf_free(&facts);
    buf_free(&png);
}

static void spare_names_are_all_different(void)
{
    char name[SHELF_NAME + 1];
    spare_name(name, &(struct spare_of){.mbti = 9, .enneagram = ENNEAGRAM_NONE, .english = true});
    CHECK_MSG(strncmp(name, mbti_name(9), 4) == 0 && strcmp(name + 4, "-en") == 0, "%s", name);
    spare_name(name, &(struct spare_of){.mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE});
    CHECK_STR(name, "site-ko");
    CHECK_INT(SPARE_ALL, 2 * (1 + 16 + 288));
}

static void open_small(void)
{
    small_snapshot_open(&small, 12, 1, &snapshot);
    strcpy(folder, "/tmp/mvti-picture-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
}

static void close_small(void)
{
    char command[200];
    snapshot_close(&snapshot);
    small_snapshot_free(&small);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0);
}

int main(void)
{
    const char *b = getenv("BUILD");
    snprintf(build, sizeof build, "%s", b != NULL ? b : "build");
    CHECK(secret_init() == ERR_OK);
    open_small();
    RUN(titles_are_short_and_plain);
    RUN(marks_do_not_heap_up);
    RUN(a_result_shows_the_best_and_three_films);
    RUN(a_circle_shows_its_people);
    RUN(names_follow_what_is_shown);
    RUN(a_shelf_is_bounded_and_keeps_what_is_asked_for);
    RUN(half_a_file_is_none);
    RUN(spare_names_are_all_different);
    RUN(no_title_breaks_a_picture);
    RUN(what_is_no_picture_is_refused_and_the_next_is_drawn);
    RUN(a_program_that_fails_is_replaced_or_given_up);
    close_small();
    return check_done();
}
