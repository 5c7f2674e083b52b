/* Every page that the catalog answers, with the database away, while memory runs out: the right answer or a
 * problem document, never half of one, never another. */
#include "fixture/site.h"
#include "fixture/torture.h"
#include "tests/check.h"

static struct site_fixture f;

struct question {
    enum http_method method;
    const char *target, *body;
    int status; /* that it is answered with when memory suffices */
};

/* What a worker keeps between requests would serve most of them, so it starts with nothing. */
static void forget(void)
{
    arena_free(&f.site.arena);
    response_free(&f.site.response);
}

/* But for the time in it, which is now. */
static void says_body(struct torture_result *out, const struct response_part *body)
{
    static const char member[] = "\"created\":\"";
    const char *time = strstr(body->text, member);
    size_t before = time != NULL ? (size_t)(time - body->text) + strlen(member) : body->n;
    size_t behind = time != NULL ? before + strcspn(body->text + before, "\"") : body->n;
    torture_says(out, body->text, before);
    torture_says(out, body->text + behind, body->n - behind);
}

/* What the web server would get. */
static enum err judge(const struct question *q, int status, struct torture_result *out, struct fail *why)
{
    struct buf head = {0};
    struct response_part parts[2];
    response_parts(&f.site.response, &head, parts);
    int said = atoi(parts[0].text + strlen("Status: "));
    if (said < 400)
        says_body(out, &parts[1]); /* a refusal may say less */
    bool problem =
        strstr(parts[0].text, "\r\nContent-Type: application/problem+json\r\n") != NULL &&
        strncmp(parts[1].text, "{\"type\":\"about:blank\"", 21) == 0 &&
        strstr(parts[1].text, "memory") == NULL; /* nothing of an answer before it, nothing of ours in it */
    bool whole = strstr(parts[0].text, "\r\nCache-Control: ") != NULL;
    enum err rc = said == q->status && whole                ? ERR_OK
                  : said == 503 || (said == 500 && problem) ? ERR_NOMEM
                                                            : ERR_FAULT;
    if (rc != ERR_OK)
        fail_set(why, rc, "%d %.300s", status, parts[1].text);
    buf_free(&head);
    return rc;
}

static enum err ask(void *arg, struct torture_result *out, struct fail *why)
{
    const struct question *q = arg;
    struct request r = {.method = q->method,
                        .id = "a-request",
                        .content_type = "application/json",
                        .origin = "https://mvti.example",
                        .fetch_site = "same-origin"};
    forget();
    int status = site_ask_as(&f, &r, q->target, q->body, q->body != NULL ? strlen(q->body) : 0);
    enum err rc = judge(q, status, out, why);
    forget();
    return rc;
}

static void catalog_pages(void)
{
    static struct question rows[] = {
        {HTTP_GET, "/api/v1/home", NULL, 200},
        {HTTP_GET, "/api/v1/survey", NULL, 200},
        {HTTP_GET, "/api/v1/movies?seed=5&limit=12", NULL, 200},
        {HTTP_GET, "/api/v1/movies?q=film", NULL, 200},
        {HTTP_GET, "/api/v1/movies/101?mbti=INFP&enneagram=4w5", NULL, 200},
        {HTTP_GET, "/api/v1/characters/1011?mbti=INFP&enneagram=4w5", NULL, 200},
        {HTTP_GET, "/api/v1/types", NULL, 200},
        {HTTP_GET, "/api/v1/types/INFP?limit=5", NULL, 200},
        {HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=101,102,103", NULL, 200},
        {HTTP_POST, "/api/v1/tests",
         "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,103],\"locale\":\"ko\"}", 200},
        {HTTP_GET, "/c/1011", NULL, 200},
        {HTTP_GET, "/m/101", NULL, 200},
        {HTTP_GET, "/t/INFP", NULL, 200},
        {HTTP_GET, "/en/m/101", NULL, 200},
        {HTTP_GET, "/en", NULL, 200},
        {HTTP_GET, "/about", NULL, 200},
        {HTTP_GET, "/r/abcdefghijklmnopqrstuv", NULL, 503},
        {HTTP_GET, "/nothing", NULL, 404},
        {HTTP_GET, "/api/v1/nothing", NULL, 404},
        {HTTP_GET, "/robots.txt", NULL, 200},
        {HTTP_GET, "/sitemap.xml", NULL, 200},
        {HTTP_PUT, "/api/v1/characters/1011/like", "{}", 503},
        {HTTP_DELETE, "/api/v1/me/tests/abcdefghijklmnopqrstuv", "{}", 404},
        {HTTP_POST, "/api/v1/movies", "{}", 405},
        {HTTP_GET, "/api/v1/movies?limit=0", NULL, 400},
        {HTTP_GET, "/auth/google", NULL, 404},
        {HTTP_GET, "/healthz", NULL, 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(torture(rows[i].target, ask, &rows[i]), "%s", rows[i].target);
}

/* As a worker does that starts, or notices another snapshot. */
static enum err serve(void *arg, struct torture_result *out, struct fail *why)
{
    struct serving *v = arg;
    *v = (struct serving){0};
    serving_init(v, &f.config);
    serving_refresh(v, 0);
    torture_says(out, v->tag, sizeof v->tag);
    torture_says(out, &v->simulated, sizeof v->simulated);
    enum err rc = v->ready ? ERR_OK : fail_set(why, ERR_NOMEM, "there is no snapshot");
    serving_refresh(v, 60); /* what memory did not suffice for is tried again */
    serving_close(v);
    return rc;
}

static void a_snapshot_is_taken_up(void)
{
    static struct serving v;
    CHECK(torture("serving_refresh", serve, &v));
}

int main(void)
{
    site_make(&f, 60, NULL);
    RUN(catalog_pages);
    RUN(a_snapshot_is_taken_up);
    site_free(&f);
    return check_done();
}
