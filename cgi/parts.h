/* HTML that pages share: header and footer, cards of characters, lists. Elements, classes and
 * words are those that the scripts draw (www/js/ui), so that nothing moves when the scripts take over. Each writes to
 * p->html; if the arena is out of memory, p->html.out->failed is set. */
#ifndef MVTI_CGI_PARTS_H
#define MVTI_CGI_PARTS_H

#include "exchange.h"
#include "words.h"

struct browse_page;

/* The types in the order of the pages (www/js/art/palette.js). */
extern const char *const parts_order[MBTI_COUNT];

/* Before and after the content. path: that of the page's Korean version. */
void parts_header(struct exchange *p, const char *path);
void parts_footer(struct exchange *p);
/* Opens an input of a form, to which the caller may add attributes before ending it. */
void parts_input(struct exchange *p, const char *type, const char *name, const char *value);
/* A hidden input. */
void parts_hidden(struct exchange *p, const char *name, const char *value);
/* The search field of a form to /search: label and input. */
void parts_seek_field(struct exchange *p, const char *id, const char *q);
/* A path of the site in the page's language, in the arena: "/c/1" or "/en/c/1". */
const char *parts_path(struct exchange *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Opens a link to an address that parts_path made. class_name may be NULL. */
void parts_link(struct exchange *p, const char *class_name, const char *address);
/* Opens an element of a class in the colours of a type. */
void parts_typed(struct exchange *p, enum html_element e, const char *class_name, uint8_t mbti);
/* Text of the site in the page's language. */
const char *parts_word(const struct exchange *p, enum words_key key);
/* An element with a class (NULL: none) and a text of the catalog: in the page's language or, if there is none, in the
 * other one, with a lang attribute. */
void parts_say(struct exchange *p, enum html_element e, const char *class_name, struct snapshot_text t);
/* That text without an element. */
const char *parts_text(const struct exchange *p, struct snapshot_text t);
/* A list whose items `separator` divides, with spaces instead. */
const char *parts_joined(struct exchange *p, struct snapshot_text t, char separator);
/* A title with the quotation marks of the language: 『title』 or “title”. */
const char *parts_quoted(struct exchange *p, const char *title);
/* "title (1999)". */
const char *parts_film_line(struct exchange *p, uint32_t movie);
/* "1999 · drama · war". */
const char *parts_film_facts(struct exchange *p, uint32_t movie);
struct snapshot_text parts_title(const struct snapshot *s, uint32_t movie);
struct snapshot_text parts_name(const struct snapshot *s, uint32_t character);
/* The type of a character or visitor in its colour; the Enneagram type is omitted if it is ENNEAGRAM_NONE. */
void parts_chip(struct exchange *p, uint8_t mbti, uint8_t enneagram);
/* A portrait: the catalog's picture, or an empty element of the same size for a drawing. */
void parts_portrait(struct exchange *p, uint32_t character);
/* An empty element for a drawing; kind is the class that gives its shape ("poster", "emblem"). */
void parts_drawing(struct exchange *p, const char *kind);
void parts_face(struct exchange *p, uint32_t character);
/* A band of faces under a heading with this id; nothing if there are no faces. */
void parts_faces(struct exchange *p, const char *id, const char *title, const struct browse_page *faces);
/* Opens a band: its heading with an id, and a sentence ("": none). */
void parts_band(struct exchange *p, const char *id, const char *heading, const char *more);
/* Links to where a film can be watched. */
void parts_watch(struct exchange *p, uint32_t movie);
/* The note that numbers come from a simulated audience, with a link to the explanation; inside a paragraph. */
void parts_simulated(struct exchange *p);
/* Opens a section labelled by its heading, with the heading. */
void parts_section(struct exchange *p, const char *class_name, const char *id, const char *heading);

#endif
