/* Pieces that pages share as HTML: header and footer, cards of characters, lists. The same elements, classes and
 * words that the scripts draw (www/js/ui), so that nothing moves when those take over. Each writes into p->html;
 * what needs memory of the arena and finds none shows in p->html.out->failed. */
#ifndef MVTI_CGI_PARTS_H
#define MVTI_CGI_PARTS_H

#include "exchange.h"
#include "words.h"

struct browse_page;

/* The types as pages show them: www/js/art/palette.js. */
extern const char *const parts_order[MBTI_COUNT];

/* What stands before and behind the content. path: the page's, of the Korean twin. */
void parts_header(struct exchange *p, const char *path);
void parts_footer(struct exchange *p);
/* Opens an input of a form, which may get more attributes; the caller ends it. */
void parts_input(struct exchange *p, const char *type, const char *name, const char *value);
/* What a form sends along. */
void parts_hidden(struct exchange *p, const char *name, const char *value);
/* A field to search everything with, in a form that asks for /search: its label and the input. */
void parts_seek_field(struct exchange *p, const char *id, const char *q);
/* A path of ours in the page's language, in the arena: "/c/1" or "/en/c/1". */
const char *parts_path(struct exchange *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Opens a link to an address that parts_path made. class_name may be NULL. */
void parts_link(struct exchange *p, const char *class_name, const char *address);
/* Opens an element of a class in the colours of a type. */
void parts_typed(struct exchange *p, enum html_element e, const char *class_name, uint8_t mbti);
/* Words of the page's language. */
const char *parts_word(const struct exchange *p, enum words_key key);
/* An element with a class (NULL: none) and a text of the catalog: in the page's language, or in the other one, which
 * it then says. */
void parts_say(struct exchange *p, enum html_element e, const char *class_name, struct snapshot_text t);
/* The same text by itself. */
const char *parts_text(const struct exchange *p, struct snapshot_text t);
/* The parts of a text that `separator` divides, with blanks between. */
const char *parts_joined(struct exchange *p, struct snapshot_text t, char separator);
/* A title as it stands in a sentence: 『title』 or “title”. */
const char *parts_quoted(struct exchange *p, const char *title);
/* "title (1999)". */
const char *parts_film_line(struct exchange *p, uint32_t movie);
/* "1999 · drama · war". */
const char *parts_film_facts(struct exchange *p, uint32_t movie);
struct snapshot_text parts_title(const struct snapshot *s, uint32_t movie);
struct snapshot_text parts_name(const struct snapshot *s, uint32_t character);
/* The type of a character or visitor in its colour; ENNEAGRAM_NONE leaves that out. */
void parts_chip(struct exchange *p, uint8_t mbti, uint8_t enneagram);
/* The place of a portrait: the catalog's picture, or an empty one of the same size. */
void parts_portrait(struct exchange *p, uint32_t character);
/* The empty place of a drawing: kind is the class that gives the shape ("poster", "emblem"). */
void parts_drawing(struct exchange *p, const char *kind);
void parts_face(struct exchange *p, uint32_t character);
/* A band of faces under a heading; nothing where there are none. id: of the heading. */
void parts_faces(struct exchange *p, const char *id, const char *title, const struct browse_page *faces);
/* Opens a band: its heading with an id, and a sentence ("": none). */
void parts_band(struct exchange *p, const char *id, const char *heading, const char *more);
/* Where to watch a film. */
void parts_watch(struct exchange *p, uint32_t movie);
/* That numbers here were learned from a simulated audience, and where more is said of it; within a paragraph. */
void parts_simulated(struct exchange *p);
/* Opens a section that is named by its heading, with the heading. */
void parts_section(struct exchange *p, const char *class_name, const char *id, const char *heading);

#endif
