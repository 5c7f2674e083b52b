/* What every page of HTML may answer with. */
#include "page.h"

#include "base/log.h"
#include "parts.h"

enum err page_show(struct exchange *p, const struct shell_page *page)
{
    return page_show_as(p, 200, page);
}

enum err page_show_as(struct exchange *p, int status, const struct shell_page *page)
{
    bool whole = page->title != NULL && page->description != NULL && page->path != NULL &&
                 (page->picture == NULL || page->picture_alt != NULL);
    return whole ? shell_put(p, status, page) : ERR_NOMEM;
}

enum err page_moved(struct exchange *p, const char *address)
{
    if (address == NULL)
        return ERR_NOMEM;
    p->response->status = 301;
    response_header(p->response, "Location", address);
    return ERR_OK;
}

/* A page that is nobody's to find: a heading, a sentence, the way on. */
struct notice {
    const char *title, *text;
};

static void put_notice(struct exchange *p, const void *of)
{
    const struct notice *n = of;
    html_out_open_class(&p->html, HTML_DIV, "wrap pad");
    html_out_open_class(&p->html, HTML_DIV, "state");
    html_out_say(&p->html, HTML_H1, NULL, n->title);
    html_out_say(&p->html, HTML_P, NULL, n->text);
    html_out_open_class(&p->html, HTML_P, "actions");
    parts_link(p, "button", parts_path(p, "/"));
    html_out_text(&p->html, parts_word(p, WORDS_action_home));
    html_out_end(&p->html);
    parts_link(p, "button quiet", parts_path(p, "/test"));
    html_out_text(&p->html, parts_word(p, WORDS_nav_test));
    for (int i = 0; i < 4; i++)
        html_out_end(&p->html);
}

static enum err show_notice(struct exchange *p, int status, enum words_key title, enum words_key text)
{
    struct notice n = {parts_word(p, title), parts_word(p, text)};
    struct shell_page page = {.title = n.title,
                              .description = n.text,
                              .path = "/",
                              .hidden = true,
                              .content = put_notice,
                              .of = &n};
    return shell_put(p, status, &page);
}

enum err page_missing(struct exchange *p)
{
    return show_notice(p, 404, WORDS_error_notfound_title, WORDS_error_notfound_text);
}

enum err page_no_login(struct exchange *p, int status, const char *cause)
{
    struct shell_page page = {.title = parts_word(p, WORDS_head_login),
                              .description = parts_word(p, WORDS_head_login_text),
                              .path = "/login",
                              .hidden = true,
                              .login = cause};
    return shell_put(p, status, &page);
}

enum err page_unavailable(struct exchange *p, enum err rc)
{
    log_event(LOG_ERROR, "request.failed", "%s: %s", err_name(rc),
              p->snapshot != NULL ? p->why.text : "no catalog has been published yet");
    response_header(p->response, "Retry-After", "5");
    return show_notice(p, 503, WORDS_error_busy_title, WORDS_error_busy_text);
}
