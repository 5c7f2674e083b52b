#include "cards.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

/* Of the ring: centre and radius in its viewBox of 48 by 48. */
#define CENTRE "24"
#define RADIUS "19"
static const double AROUND = 2 * 3.14159265358979 * 19;

static void put_circle(struct exchange *p, const char *class_name)
{
    html_out_open_class(&p->html, HTML_CIRCLE, class_name);
    html_out_attribute(&p->html, HTML_AT_CX, CENTRE);
    html_out_attribute(&p->html, HTML_AT_CY, CENTRE);
    html_out_attribute(&p->html, HTML_AT_R, RADIUS);
}

static void open_drawing(struct exchange *p, const char *box)
{
    html_out_open(&p->html, HTML_SVG);
    html_out_attribute(&p->html, HTML_AT_VIEWBOX, box);
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_attribute(&p->html, HTML_AT_FOCUSABLE, "false");
}

void cards_ring(struct exchange *p, int percent)
{
    const char *n = arena_printf(p->arena, "%d", percent);
    html_out_open_class(&p->html, HTML_SPAN, "ring");
    html_out_attribute(&p->html, HTML_AT_ROLE, "img");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL,
                       words_fill(p->arena, p->language, WORDS_match_percent, "n", n, NULL));
    open_drawing(p, "0 0 48 48");
    put_circle(p, "ring-rest");
    html_out_end(&p->html);
    put_circle(p, "ring-part");
    html_out_attribute(&p->html, HTML_AT_STROKE_DASHARRAY,
                       arena_printf(p->arena, "%.3f %.3f", AROUND * percent / 100, AROUND));
    html_out_attribute(&p->html, HTML_AT_TRANSFORM, "rotate(-90 " CENTRE " " CENTRE ")");
    html_out_end(&p->html);
    html_out_end(&p->html);
    html_out_open(&p->html, HTML_SPAN);
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_say(&p->html, HTML_B, NULL, n);
    html_out_text(&p->html, "%");
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static const char *character_path(struct exchange *p, uint32_t character)
{
    return parts_path(p, "/c/%d", (int)p->snapshot->characters[character].id);
}

static void put_name(struct exchange *p, enum html_element heading, uint32_t character)
{
    html_out_open(&p->html, heading);
    parts_link(p, NULL, character_path(p, character));
    parts_say(p, HTML_SPAN, NULL, parts_name(p->snapshot, character));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_film(struct exchange *p, uint32_t character)
{
    uint32_t movie = p->snapshot->characters[character].movie;
    html_out_open_class(&p->html, HTML_P, "film");
    parts_link(p, NULL, parts_path(p, "/m/%d", (int)p->snapshot->movies[movie].id));
    html_out_text(&p->html, parts_film_line(p, movie));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

void cards_art(struct exchange *p, const char *class_name, uint32_t character)
{
    parts_link(p, class_name, character_path(p, character));
    html_out_attribute(&p->html, HTML_AT_TABINDEX, "-1");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    parts_portrait(p, character);
    html_out_end(&p->html);
}

static void put_grade(struct exchange *p, const struct recommend_match *m)
{
    if (m->type == MATCH_NEAR)
        html_out_say(&p->html, HTML_SPAN, "near", parts_word(p, WORDS_match_near));
    if (m->type != MATCH_COMPATIBLE)
        return;
    const char *n = arena_printf(p->arena, "%ld", lrintf(100 * m->grade));
    html_out_say(&p->html, HTML_SPAN, "near",
                 words_fill(p->arena, p->language, WORDS_match_grade, "n", n, NULL));
}

/* Each hashtag by itself, so that none is broken behind its #. */
static void put_tags(struct exchange *p, const struct snapshot_character *c)
{
    char *rest = NULL,
         *tags =
             arena_strdup(p->arena, parts_text(p, (struct snapshot_text){c->hashtags_ko, c->hashtags_en}));
    html_out_open(&p->html, HTML_SPAN);
    for (char *tag = tags != NULL ? strtok_r(tags, " ", &rest) : NULL; tag != NULL;
         tag = strtok_r(NULL, " ", &rest)) {
        html_out_say(&p->html, HTML_SPAN, "tag", tag);
        html_out_text(&p->html, " ");
    }
    html_out_end(&p->html);
}

void cards_head(struct exchange *p, enum html_element heading, const struct recommend_item *item)
{
    html_out_open_class(&p->html, HTML_DIV, "match-head");
    html_out_open(&p->html, HTML_DIV);
    put_name(p, heading, item->character);
    put_film(p, item->character);
    html_out_end(&p->html);
    cards_ring(p, item->match.percent);
    html_out_end(&p->html);
}

void cards_match(struct exchange *p, const struct cards_match *card)
{
    const struct snapshot_character *c = &p->snapshot->characters[card->item->character];
    html_out_open_class(&p->html, HTML_ARTICLE, card->first ? "match top-match" : "match");
    cards_art(p, "match-art", card->item->character);
    html_out_open_class(&p->html, HTML_DIV, "match-text");
    html_out_say(&p->html, HTML_P, "best", parts_word(p, card->best));
    cards_head(p, HTML_H3, card->item);
    html_out_open_class(&p->html, HTML_P, "tags");
    parts_chip(p, c->mbti, c->enneagram);
    put_grade(p, &card->item->match);
    put_tags(p, c);
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "because", card->because);
    html_out_say(&p->html, HTML_DIV, "match-foot waits", ""); /* where scripts put numbers and a heart */
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* As www/js/quiz/score.js has it. */
static bool near_middle(int percent)
{
    return percent >= 45 && percent <= 55;
}

static void put_rect(struct exchange *p, const char *class_name, int x, int width)
{
    bool knob = strcmp(class_name, "knob") == 0, thin = !knob && strcmp(class_name, "mid") != 0;
    html_out_open_class(&p->html, HTML_RECT, class_name);
    html_out_attribute(&p->html, HTML_AT_X, arena_printf(p->arena, "%d", x));
    html_out_attribute(&p->html, HTML_AT_Y, thin ? "4" : "0");
    html_out_attribute(&p->html, HTML_AT_WIDTH, arena_printf(p->arena, "%d", width));
    html_out_attribute(&p->html, HTML_AT_HEIGHT, thin ? "8" : "16");
    html_out_end(&p->html);
}

static void put_letter(struct exchange *p, char letter, bool on)
{
    char name[2] = {letter, '\0'};
    html_out_open_class(&p->html, HTML_SPAN, on ? "on" : "");
    html_out_say(&p->html, HTML_B, NULL, name);
    html_out_text(&p->html, " ");
    html_out_text(&p->html, words_find(p->language, "letter.", name));
    html_out_end(&p->html);
}

static void put_axis(struct exchange *p, const char *letters, int percent)
{
    bool second = percent >= 50;
    int strong = second ? percent : 100 - percent;
    char letter[2] = {letters[second ? 1 : 0], '\0'};
    const char *n = arena_printf(p->arena, "%d", strong);
    html_out_open_class(&p->html, HTML_LI, near_middle(percent) ? "axis close" : "axis");
    put_letter(p, letters[0], !second);
    open_drawing(p, "0 0 200 16");
    html_out_attribute(&p->html, HTML_AT_RATIO, "none");
    put_rect(p, "rest", 0, 200);
    put_rect(p, "part", second ? 100 : percent * 2, abs(percent - 50) * 2);
    put_rect(p, "mid", 99, 2);
    put_rect(p, "knob", percent * 2 - 4, 8);
    html_out_end(&p->html);
    put_letter(p, letters[1], second);
    html_out_say(&p->html, HTML_EM, second ? "second" : "",
                 near_middle(percent)
                     ? words_fill(p->arena, p->language, WORDS_axis_close, "n", n, NULL)
                     : words_fill(p->arena, p->language, WORDS_axis_says, "letter", letter, "n", n, NULL));
    html_out_end(&p->html);
}

void cards_axes(struct exchange *p, const uint8_t *percent)
{
    html_out_open_class(&p->html, HTML_UL, "axes");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_axis_label));
    for (int axis = 0; axis < MBTI_AXES; axis++)
        put_axis(p, mbti_axis_name((enum mbti_axis)axis), percent[axis]);
    html_out_end(&p->html);
}
