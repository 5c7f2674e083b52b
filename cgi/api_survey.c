#include "exchange.h"

enum err api_survey(struct exchange *p)
{
    buf_put(&p->response->body, p->snapshot->survey, p->snapshot->survey_len);
    return ERR_OK;
}
