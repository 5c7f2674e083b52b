/* The languages of the site, and which one an address is in: "/en/c/1" is the English page of "/c/1". */
#ifndef MVTI_WEB_LANGUAGE_H
#define MVTI_WEB_LANGUAGE_H

enum language { LANGUAGE_KO, LANGUAGE_EN, LANGUAGE_COUNT };

enum language language_of_path(const char *path);
/* "ko": as in HTML (BCP 47). */
const char *language_code(enum language l);
/* "ko_KR": as in Open Graph. */
const char *language_locale(enum language l);
/* What stands before the path of a page: "" or "/en". */
const char *language_prefix(enum language l);
enum language language_other(enum language l);

#endif
