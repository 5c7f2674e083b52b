/* A stored result, for who has its link, and the form by which its owner compares it. */
#include "circle_form.h"
#include "page.h"
#include "result_view.h"

/* wrong: what is to be said about what was sent; NULL: nothing was. With it, a result that cannot be shown is an error:
 * the refusal is said without. */
static enum err show_result(struct exchange *p, int status, const char *wrong)
{
    struct share_quiz quiz;
    if (p->snapshot == NULL)
        return wrong != NULL ? ERR_UNAVAILABLE : page_unavailable(p, ERR_UNAVAILABLE);
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &quiz, &p->why);
    if (rc != ERR_OK && wrong != NULL)
        return rc;
    if (rc == ERR_NOT_FOUND)
        return page_missing(p);
    if (rc != ERR_OK)
        return page_unavailable(p, rc);
    return result_view_show(p, status, &(struct result_view){&quiz, p->token, wrong});
}

enum err page_result(struct exchange *p)
{
    return show_result(p, 200, NULL);
}

enum err page_result_again(struct exchange *p, enum err why)
{
    return circle_form_again(p, why, show_result);
}

enum err page_result_compare(struct exchange *p)
{
    return circle_form_begin(p);
}
