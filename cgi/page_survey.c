#include "page.h"

enum err page_survey(struct page *p)
{
    buf_put(&p->response->body, p->snapshot->survey, p->snapshot->survey_len);
    return ERR_OK;
}
