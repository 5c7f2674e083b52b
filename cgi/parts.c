#include "parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/browse.h"

const char *const parts_order[MBTI_COUNT] = {"INTJ", "INTP", "ENTJ", "ENTP", "INFJ", "INFP", "ENFJ", "ENFP",
                                             "ISTJ", "ISFJ", "ESTJ", "ESFJ", "ISTP", "ISFP", "ESTP", "ESFP"};

const char *parts_word(const struct exchange *p, enum words_key key)
{
    return words_of(p->language, key);
}

const char *parts_path(struct exchange *p, const char *format, ...)
{
    char path[256];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(path, sizeof path, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof path)
        return NULL;
    const char *prefix = language_prefix(p->language);
    return arena_printf(p->arena, "%s%s", prefix, *prefix != '\0' && strcmp(path, "/") == 0 ? "" : path);
}

void parts_link(struct exchange *p, const char *class_name, const char *address)
{
    html_out_open(&p->html, HTML_A);
    if (class_name != NULL)
        html_out_attribute(&p->html, HTML_AT_CLASS, class_name);
    html_out_attribute(&p->html, HTML_AT_HREF, address);
}

void parts_typed(struct exchange *p, enum html_element e, const char *class_name, uint8_t mbti)
{
    char both[64];
    snprintf(both, sizeof both, "%s t-%s", class_name, mbti_name(mbti));
    html_out_open_class(&p->html, e, both);
}

/* A link with a word, whole. */
static void put_link(struct exchange *p, const char *class_name, const char *address, const char *text)
{
    parts_link(p, class_name, address);
    html_out_text(&p->html, text);
    html_out_end(&p->html);
}

static void put_word(struct exchange *p, enum html_element e, const char *class_name, enum words_key key)
{
    html_out_say(&p->html, e, class_name, parts_word(p, key));
}

static void put_shape(struct exchange *p, const char *class_name, const char *d)
{
    html_out_open_class(&p->html, HTML_PATH, class_name);
    html_out_attribute(&p->html, HTML_AT_D, d);
    html_out_end(&p->html);
}

/* The mark of the site: www/js/ui/mark.js. */
static void put_mark(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_SVG, "mark");
    html_out_attribute(&p->html, HTML_AT_VIEWBOX, "0 0 32 32");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_attribute(&p->html, HTML_AT_FOCUSABLE, "false");
    put_shape(p, "mark-a", "M4 6h24v6a4 4 0 0 0 0 8v6H4v-6a4 4 0 0 0 0-8z");
    html_out_open_class(&p->html, HTML_CIRCLE, "mark-b");
    html_out_attribute(&p->html, HTML_AT_CX, "16");
    html_out_attribute(&p->html, HTML_AT_CY, "16");
    html_out_attribute(&p->html, HTML_AT_R, "7");
    html_out_end(&p->html);
    put_shape(p, "mark-c", "M16 9a7 7 0 0 1 0 14v-5l2-2-2-3z");
    html_out_end(&p->html);
}

static void put_logo(struct exchange *p)
{
    parts_link(p, "logo", parts_path(p, "/"));
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_nav_home));
    put_mark(p);
    html_out_say(&p->html, HTML_SPAN, NULL, "MVTI");
    html_out_end(&p->html);
}

static void put_nav_link(struct exchange *p, const char *class_name, const char *to, const char *path,
                         enum words_key key)
{
    parts_link(p, class_name, parts_path(p, "%s", to));
    html_out_attribute(&p->html, HTML_AT_ARIA_CURRENT, strcmp(to, path) == 0 ? "page" : "false");
    html_out_text(&p->html, parts_word(p, key));
    html_out_end(&p->html);
}

/* To the same page in the other language. */
static void put_other_language(struct exchange *p, const char *path)
{
    enum language other = language_other(p->language);
    const char *prefix = language_prefix(other);
    const char *rest = *prefix != '\0' && strcmp(path, "/") == 0 ? "" : path;
    parts_link(p, "lang", arena_printf(p->arena, "%s%s", prefix, rest));
    html_out_attribute(&p->html, HTML_AT_LANG, language_code(other));
    html_out_attribute(&p->html, HTML_AT_HREFLANG, language_code(other));
    html_out_text(&p->html, parts_word(p, WORDS_nav_other));
    html_out_end(&p->html);
}

void parts_input(struct exchange *p, const char *type, const char *name, const char *value)
{
    html_out_open(&p->html, HTML_INPUT);
    html_out_attribute(&p->html, HTML_AT_TYPE, type);
    html_out_attribute(&p->html, HTML_AT_NAME, name);
    html_out_attribute(&p->html, HTML_AT_VALUE, value);
}

void parts_hidden(struct exchange *p, const char *name, const char *value)
{
    parts_input(p, "hidden", name, value);
    html_out_end(&p->html);
}

void parts_seek_field(struct exchange *p, const char *id, const char *q)
{
    html_out_open_class(&p->html, HTML_LABEL, "sr");
    html_out_attribute(&p->html, HTML_AT_FOR, id);
    html_out_text(&p->html, parts_word(p, WORDS_search_label));
    html_out_end(&p->html);
    parts_input(p, "search", "q", q);
    html_out_attribute(&p->html, HTML_AT_ID, id);
    html_out_attribute(&p->html, HTML_AT_MAXLENGTH, "60");
    html_out_attribute(&p->html, HTML_AT_AUTOCOMPLETE, "off");
    html_out_attribute(&p->html, HTML_AT_PLACEHOLDER, parts_word(p, WORDS_search_hint));
    html_out_end(&p->html);
}

/* Where there is room a field, else the way to the page that has one. */
static void put_seek(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_FORM, "seek top-seek");
    html_out_attribute(&p->html, HTML_AT_ROLE, "search");
    html_out_attribute(&p->html, HTML_AT_ACTION, parts_path(p, "/search"));
    parts_seek_field(p, "seek-q", "");
    html_out_end(&p->html);
}

static void put_seek_link(struct exchange *p, const char *path)
{
    parts_link(p, "seek-link", parts_path(p, "/search"));
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_search_label));
    html_out_attribute(&p->html, HTML_AT_ARIA_CURRENT, strncmp(path, "/search", 7) == 0 ? "page" : "false");
    html_out_open(&p->html, HTML_SVG);
    html_out_attribute(&p->html, HTML_AT_VIEWBOX, "0 0 24 24");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    put_shape(p, "glass", "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.3 15.3L20.5 20.5");
    html_out_end(&p->html);
    html_out_end(&p->html);
}

void parts_header(struct exchange *p, const char *path)
{
    put_link(p, "skip", "#main", parts_word(p, WORDS_nav_skip));
    html_out_open_class(&p->html, HTML_HEADER, "top");
    html_out_open_class(&p->html, HTML_DIV, "wrap top-in");
    put_logo(p);
    put_seek(p);
    html_out_open(&p->html, HTML_NAV);
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_nav_label));
    put_seek_link(p, path);
    put_nav_link(p, "nav-test", "/test", path, WORDS_nav_test);
    put_nav_link(p, NULL, "/liked", path, WORDS_nav_liked);
    put_nav_link(p, NULL, "/me", path, WORDS_nav_me);
    put_other_language(p, path);
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

void parts_footer(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_FOOTER, "foot");
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    html_out_open_class(&p->html, HTML_P, "foot-name");
    put_mark(p);
    html_out_say(&p->html, HTML_SPAN, NULL, "MVTI");
    html_out_end(&p->html);
    put_word(p, HTML_P, NULL, WORDS_foot_line);
    html_out_open(&p->html, HTML_P);
    put_link(p, NULL, parts_path(p, "/about"), parts_word(p, WORDS_nav_about));
    put_link(p, NULL, parts_path(p, "/about#privacy"), parts_word(p, WORDS_foot_privacy));
    html_out_end(&p->html);
    put_word(p, HTML_P, "fine", WORDS_foot_mark);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* The offset in the language, and which language it is in the end: the other one only where a text is missing. */
static uint32_t in_language(const struct exchange *p, struct snapshot_text t, enum language *l)
{
    uint32_t own = p->language == LANGUAGE_EN ? t.en : t.ko;
    bool there = *snapshot_text(p->snapshot, own) != '\0';
    *l = there ? p->language : language_other(p->language);
    return there ? own : p->language == LANGUAGE_EN ? t.ko : t.en;
}

const char *parts_text(const struct exchange *p, struct snapshot_text t)
{
    enum language l;
    return snapshot_text(p->snapshot, in_language(p, t, &l));
}

void parts_say(struct exchange *p, enum html_element e, const char *class_name, struct snapshot_text t)
{
    enum language l;
    const char *text = snapshot_text(p->snapshot, in_language(p, t, &l));
    html_out_open(&p->html, e);
    if (class_name != NULL)
        html_out_attribute(&p->html, HTML_AT_CLASS, class_name);
    if (l != p->language && *text != '\0')
        html_out_attribute(&p->html, HTML_AT_LANG, language_code(l));
    html_out_text(&p->html, text);
    html_out_end(&p->html);
}

const char *parts_joined(struct exchange *p, struct snapshot_text t, char separator)
{
    char *text = arena_strdup(p->arena, parts_text(p, t));
    for (char *c = text; c != NULL && *c != '\0'; c++)
        if (*c == separator)
            *c = ' ';
    return text;
}

struct snapshot_text parts_title(const struct snapshot *s, uint32_t movie)
{
    return (struct snapshot_text){s->movies[movie].title_ko, s->movies[movie].title_en};
}

struct snapshot_text parts_name(const struct snapshot *s, uint32_t character)
{
    return (struct snapshot_text){s->characters[character].name_ko, s->characters[character].name_en};
}

const char *parts_quoted(struct exchange *p, const char *title)
{
    return arena_printf(p->arena, p->language == LANGUAGE_KO ? "『%s』" : "“%s”", title);
}

const char *parts_film_line(struct exchange *p, uint32_t movie)
{
    const char *title = parts_text(p, parts_title(p->snapshot, movie));
    int year = p->snapshot->movies[movie].year;
    return year > 0 ? arena_printf(p->arena, "%s (%d)", title, year) : title;
}

/* A genre in words; unknown ones as they are. */
static void put_genre(struct exchange *p, struct buf *out, const char *genre)
{
    const char *word = words_find(p->language, "genre.", genre);
    buf_printf(out, "%s%s", out->len > 0 ? " · " : "", word != NULL ? word : genre);
}

const char *parts_film_facts(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    char *genres = arena_strdup(p->arena, snapshot_text(p->snapshot, m->genres)), *rest = NULL;
    struct buf b = {0};
    if (m->year > 0)
        buf_printf(&b, "%d", m->year);
    for (char *g = genres != NULL ? strtok_r(genres, "|", &rest) : NULL; g != NULL;
         g = strtok_r(NULL, "|", &rest))
        put_genre(p, &b, g);
    b.failed |= genres == NULL;
    return arena_take(p->arena, &b);
}

void parts_chip(struct exchange *p, uint8_t mbti, uint8_t enneagram)
{
    parts_typed(p, HTML_SPAN, "chip", mbti);
    html_out_text(&p->html, mbti_name(mbti));
    if (enneagram != ENNEAGRAM_NONE)
        html_out_say(&p->html, HTML_I, NULL, enneagram_name(enneagram));
    html_out_end(&p->html);
}

void parts_drawing(struct exchange *p, const char *kind)
{
    html_out_open_class(&p->html, HTML_SPAN, kind);
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_end(&p->html);
}

void parts_portrait(struct exchange *p, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    const char *image = snapshot_text(p->snapshot, c->image);
    if (*image != '/') {
        parts_typed(p, HTML_SPAN, "portrait", c->mbti);
        html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
        html_out_end(&p->html);
        return;
    }
    html_out_open_class(&p->html, HTML_IMG, "portrait");
    html_out_attribute(&p->html, HTML_AT_SRC, image);
    html_out_attribute(&p->html, HTML_AT_ALT, "");
    html_out_attribute(&p->html, HTML_AT_LOADING, "lazy");
    html_out_attribute(&p->html, HTML_AT_WIDTH, "200");
    html_out_attribute(&p->html, HTML_AT_HEIGHT, "200");
    html_out_end(&p->html);
}

void parts_face(struct exchange *p, uint32_t character)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    html_out_open_class(&p->html, HTML_ARTICLE, "face");
    parts_link(p, NULL, parts_path(p, "/c/%d", (int)c->id));
    html_out_open_class(&p->html, HTML_SPAN, "face-art");
    parts_portrait(p, character);
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_SPAN, "face-text");
    parts_say(p, HTML_STRONG, NULL, parts_name(p->snapshot, character));
    html_out_say(&p->html, HTML_SPAN, "film", parts_film_line(p, c->movie));
    html_out_open_class(&p->html, HTML_SPAN, "face-row");
    parts_chip(p, c->mbti, c->enneagram);
    for (int i = 0; i < 4; i++)
        html_out_end(&p->html);
}

void parts_section(struct exchange *p, const char *class_name, const char *id, const char *heading)
{
    html_out_open_class(&p->html, HTML_SECTION, class_name);
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, id);
    html_out_open(&p->html, HTML_H2);
    html_out_attribute(&p->html, HTML_AT_ID, id);
    html_out_text(&p->html, heading);
    html_out_end(&p->html);
}

void parts_band(struct exchange *p, const char *id, const char *heading, const char *more)
{
    html_out_open_class(&p->html, HTML_SECTION, "wrap band");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, id);
    html_out_open_class(&p->html, HTML_DIV, "band-head");
    html_out_open(&p->html, HTML_H2);
    html_out_attribute(&p->html, HTML_AT_ID, id);
    html_out_text(&p->html, heading);
    html_out_end(&p->html);
    if (more == NULL || *more != '\0')
        html_out_say(&p->html, HTML_P, NULL, more);
    html_out_end(&p->html);
}

void parts_faces(struct exchange *p, const char *id, const char *title, const struct browse_page *faces)
{
    if (faces->n == 0)
        return;
    parts_band(p, id, title, "");
    html_out_open_class(&p->html, HTML_DIV, "faces");
    for (size_t i = 0; i < faces->n; i++)
        parts_face(p, faces->items[i]);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_watch(struct exchange *p, const struct snapshot_link *l)
{
    const char *platform = snapshot_text(p->snapshot, l->platform);
    const char *word = words_find(p->language, "platform.", platform);
    html_out_open(&p->html, HTML_LI);
    parts_link(p, "button quiet", snapshot_text(p->snapshot, l->url));
    html_out_attribute(&p->html, HTML_AT_TARGET, "_blank");
    html_out_attribute(&p->html, HTML_AT_REL, "noopener noreferrer nofollow");
    html_out_text(&p->html, word != NULL ? word : platform);
    html_out_open(&p->html, HTML_SPAN);
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_text(&p->html, "↗");
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_SPAN, "sr", parts_word(p, WORDS_watch_new));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* Only https addresses become links, as in the scripts. */
void parts_watch(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    size_t shown = 0;
    for (uint32_t i = 0; i < m->link_count; i++) {
        const struct snapshot_link *l = &p->snapshot->links[m->link_start + i];
        if (strncmp(snapshot_text(p->snapshot, l->url), "https://", 8) != 0)
            continue;
        if (shown++ == 0)
            html_out_open_class(&p->html, HTML_UL, "watch");
        put_watch(p, l);
    }
    if (shown > 0)
        html_out_end(&p->html);
    else
        put_word(p, HTML_P, "muted", WORDS_watch_none);
}

void parts_simulated(struct exchange *p)
{
    html_out_text(&p->html, parts_word(p, WORDS_simulated_note));
    html_out_text(&p->html, " ");
    put_link(p, NULL, parts_path(p, "/about#simulated"), parts_word(p, WORDS_simulated_more));
}
