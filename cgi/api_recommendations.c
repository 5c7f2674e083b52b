#include "input.h"
#include "view.h"

enum err api_recommendations(struct exchange *p)
{
    struct recommend_request q = {0};
    struct recommend_result found;
    enum err who = input_personality(p, true, &q.mbti, &q.enneagram); /* all wrong fields are named at once */
    enum err rc = input_movies_query(p, &q.movies, &q.n_movies);
    if (rc == ERR_OK)
        rc = input_limit(p, RECOMMEND_DEFAULT, RECOMMEND_MAX, &q.limit);
    if (rc == ERR_OK)
        rc = who;
    if (rc == ERR_OK)
        rc = recommend_run(p->snapshot, &q, p->arena, &found, &p->why);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    json_out_name(&p->out, "personality");
    view_personality(p, q.mbti, q.enneagram, NULL);
    json_out_name(&p->out, "same");
    view_recommended(p, &found.same, q.mbti);
    json_out_name(&p->out, "compatible");
    view_recommended(p, &found.compatible, q.mbti);
    view_made_by(p, p->snapshot->id);
    json_out_bool_of(&p->out, "simulated", p->site->serving.simulated);
    json_out_end(&p->out);
    return ERR_OK;
}
