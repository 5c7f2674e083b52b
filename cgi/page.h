/* How a page of HTML answers when all is well, and when it is not. */
#ifndef MVTI_CGI_PAGE_H
#define MVTI_CGI_PAGE_H

#include "shell.h"

/* 200; ERR_NOMEM where a text of it is NULL. */
enum err page_show(struct exchange *p, const struct shell_page *page);
/* The same with another status. */
enum err page_show_as(struct exchange *p, int status, const struct shell_page *page);
/* 301 to the address under which the page is shown. */
enum err page_moved(struct exchange *p, const char *address);
/* 503: a page for the visitor, and the cause for whoever reads the log, as with a problem document. */
enum err page_unavailable(struct exchange *p, enum err rc);

#endif
