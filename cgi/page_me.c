#include <string.h>

#include "app/react.h"
#include "app/share.h"
#include "input.h"
#include "view.h"

enum err page_my_tests(struct page *p)
{
    struct visitor_test *tests;
    size_t n;
    enum err rc = share_list(p->site->db, &p->session, p->arena, &tests, &n, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_name(&p->out, "items");
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "token", tests[i].token);
        json_out_text_of(&p->out, "mbti", mbti_name(tests[i].mbti));
        json_out_text_of(&p->out, "enneagram", enneagram_name(tests[i].enneagram));
        view_created(p, tests[i].created);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err page_my_test_delete(struct page *p)
{
    enum err rc = share_delete(p->site->db, &p->session, p->token, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    p->response->status = 204;
    return ERR_OK;
}

enum err page_my_likes(struct page *p)
{
    int32_t *ids;
    size_t n;
    enum err rc = react_likes(p->site->db, &p->session, p->arena, &ids, &n, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_name(&p->out, "items");
    json_out_list(&p->out);
    for (size_t i = 0; i < n; i++) {
        int64_t c = snapshot_character_index(p->snapshot, ids[i]);
        if (c >= 0)
            view_character(p, (uint32_t)c);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err page_feedback(struct page *p)
{
    const char *value = input_text(p, p->body, "value");
    if (value == NULL)
        return ERR_INVALID;
    if (strcmp(value, "up") != 0 && strcmp(value, "down") != 0 && strcmp(value, "none") != 0)
        return problem_field(&p->problem, "value", "must be up, down or none");
    bool limited = p->site->config->rate_limits != 0;
    enum err rc = react_feedback(p->site->db, &p->session, p->token, value, limited, &p->why);
    if (rc != ERR_OK)
        return page_unsaved(p, rc);
    p->response->status = 204;
    return ERR_OK;
}
