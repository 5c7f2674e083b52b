/* Writing HTML straight into a buffer. Names of elements and attributes are constants of the tables below, values
 * are escaped by where they stand, and addresses are checked, so that no text of anybody becomes markup, a script
 * or an address with one: there is no function that writes a text unescaped. What is opened is closed in order.
 *
 * A slip of the page that writes (an attribute behind content, an end too many, an element too deep), and a NULL for
 * a text, which is what memory that ran out leaves, show in out->failed. Text is UTF-8. */
#ifndef MVTI_WEB_HTML_OUT_H
#define MVTI_WEB_HTML_OUT_H

#include <stdbool.h>

#include "base/buf.h"

/* clang-format off */
/* VOID elements have no content and no end. */
#define HTML_ELEMENTS(PAIRED, VOID)                                                                            \
    PAIRED(A, "a") PAIRED(ARTICLE, "article") PAIRED(B, "b") PAIRED(BUTTON, "button") PAIRED(DD, "dd")         \
    PAIRED(DETAILS, "details") PAIRED(DIV, "div") PAIRED(DL, "dl") PAIRED(DT, "dt") PAIRED(EM, "em")           \
    PAIRED(FIELDSET, "fieldset") PAIRED(PROGRESS, "progress") PAIRED(RECT, "rect") PAIRED(SUMMARY, "summary")  \
    PAIRED(FOOTER, "footer") PAIRED(FORM, "form") PAIRED(H1, "h1") PAIRED(H2, "h2") PAIRED(H3, "h3")           \
    PAIRED(HEADER, "header") PAIRED(I, "i") PAIRED(LABEL, "label") PAIRED(LEGEND, "legend") PAIRED(LI, "li")   \
    PAIRED(MAIN, "main") PAIRED(NAV, "nav") PAIRED(OL, "ol") PAIRED(P, "p") PAIRED(SECTION, "section")         \
    PAIRED(SMALL, "small") PAIRED(SPAN, "span") PAIRED(STRONG, "strong") PAIRED(TITLE, "title")                \
    PAIRED(UL, "ul") PAIRED(SVG, "svg") PAIRED(PATH, "path") PAIRED(CIRCLE, "circle")                            \
    VOID(BR, "br") VOID(IMG, "img") VOID(INPUT, "input") VOID(LINK, "link")                                    \
    VOID(META, "meta")

/* What an ADDRESS leads to: html_out_address_safe. There are none for scripts and styles. */
#define HTML_ATTRIBUTES(PLAIN, ADDRESS)                                                                        \
    PLAIN(ALT, "alt") PLAIN(ARIA_CURRENT, "aria-current") PLAIN(ARIA_HIDDEN, "aria-hidden")                    \
    PLAIN(ARIA_LABEL, "aria-label") PLAIN(ARIA_LABELLEDBY, "aria-labelledby") PLAIN(CHECKED, "checked")        \
    PLAIN(CLASS, "class") PLAIN(CX, "cx") PLAIN(CY, "cy") PLAIN(D, "d") PLAIN(CONTENT, "content")              \
    PLAIN(DATA_STATIC, "data-static") PLAIN(FOCUSABLE, "focusable") PLAIN(FOR, "for")                          \
    PLAIN(HEIGHT, "height") PLAIN(HREFLANG, "hreflang") PLAIN(ID, "id") PLAIN(LANG, "lang")                    \
    PLAIN(LOADING, "loading") PLAIN(MAXLENGTH, "maxlength") PLAIN(METHOD, "method") PLAIN(NAME, "name")        \
    PLAIN(PLACEHOLDER, "placeholder") PLAIN(PROPERTY, "property") PLAIN(R, "r") PLAIN(REL, "rel")              \
    PLAIN(REQUIRED, "required") PLAIN(ROLE, "role") PLAIN(RX, "rx")                                            \
    PLAIN(STROKE_DASHARRAY, "stroke-dasharray") PLAIN(TABINDEX, "tabindex") PLAIN(TARGET, "target")            \
    PLAIN(TRANSFORM, "transform") PLAIN(TYPE, "type") PLAIN(VALUE, "value") PLAIN(VIEWBOX, "viewBox")          \
    PLAIN(WIDTH, "width") PLAIN(X, "x") PLAIN(Y, "y") PLAIN(MAX, "max") PLAIN(RATIO, "preserveAspectRatio")    \
    PLAIN(FORMMETHOD, "formmethod") PLAIN(AUTOCOMPLETE, "autocomplete")                                        \
    ADDRESS(ACTION, "action") ADDRESS(HREF, "href") ADDRESS(SRC, "src")
/* clang-format on */

#define HTML_CONSTANT(name, text) HTML_##name,
enum html_element { HTML_ELEMENTS(HTML_CONSTANT, HTML_CONSTANT) HTML_ELEMENT_COUNT };
#undef HTML_CONSTANT
#define HTML_CONSTANT(name, text) HTML_AT_##name,
enum html_attribute { HTML_ATTRIBUTES(HTML_CONSTANT, HTML_CONSTANT) HTML_ATTRIBUTE_COUNT };
#undef HTML_CONSTANT

enum { HTML_OUT_DEEPEST = 32 };

struct html_out {
    struct buf *out;
    unsigned char open[HTML_OUT_DEEPEST]; /* [depth] elements, outermost first */
    unsigned depth;
    bool in_tag; /* the innermost may still get attributes */
};

/* Starts writing at the end of out. */
void html_out_start(struct html_out *w, struct buf *out);
void html_out_open(struct html_out *w, enum html_element e);
/* Of the element that was just opened. An address that is not safe is left out with its attribute. */
void html_out_attribute(struct html_out *w, enum html_attribute a, const char *value);
void html_out_text(struct html_out *w, const char *s);
/* Closes the innermost element. */
void html_out_end(struct html_out *w);
/* An element with a class (NULL: none) and a text, whole. */
void html_out_say(struct html_out *w, enum html_element e, const char *class_name, const char *text);
/* Opens an element with a class. */
void html_out_open_class(struct html_out *w, enum html_element e, const char *class_name);
/* JSON that was written before, as a data block of the type application/ld+json: no part of it ends the block. */
void html_out_json(struct html_out *w, const char *json);
/* Everything that was opened is closed. */
bool html_out_whole(const struct html_out *w);

/* A path of this site ("/c/1", not "//host"), a place on the page ("#main"), or an http or https address, without
 * blanks, control characters and backslashes, which browsers repair into something else. */
bool html_out_address_safe(const char *s);

#endif
