/* Answers of HTML pages: success, redirect, failure. */
#ifndef MVTI_CGI_PAGE_H
#define MVTI_CGI_PAGE_H

#include "shell.h"

/* 200. ERR_NOMEM, also if one of the page's texts is NULL. */
enum err page_show(struct exchange *p, const struct shell_page *page);
/* The same with another status. */
enum err page_show_as(struct exchange *p, int status, const struct shell_page *page);
/* 301 to the page's canonical address. */
enum err page_moved(struct exchange *p, const char *address);
/* 503 as a page for the visitor; the cause rc is logged, as with a problem document. */
enum err page_unavailable(struct exchange *p, enum err rc);

#endif
