/* Property: whatever body comes to a route that reads one (the first byte chooses it), the answer is not a
 * server error (503 is: the database is away), a problem document names a known field, and every answer's
 * body is JSON. */
#include <string.h>

#include "fixture/site.h"
#include "routes.h"
#include "tests/fuzz/property.h"

static struct site_fixture f;

static const struct {
    enum http_method method;
    const char *target;
} targets[] = {
    {HTTP_POST, "/api/v1/tests"},
    {HTTP_POST, "/api/v1/events"},
    {HTTP_PUT, "/api/v1/tests/abcdefghijklmnopqrstuv/feedback"},
    {HTTP_PUT, "/api/v1/characters/1011/like"},
    {HTTP_PUT, "/api/v1/characters/1011/mark"},
};

static void check_fields(void)
{
    static const char *const known[] = {"mbti",   "enneagram", "movies", "survey",        "answers",
                                        "locale", "value",     "body",   "survey_version"};
    const struct json_value *errors = json_member(site_json(&f), "errors");
    must(errors != NULL && errors->n > 0);
    for (size_t i = 0; i < errors->n; i++) {
        bool is_known = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            is_known |= strcmp(json_member(&errors->items[i], "field")->text, known[k]) == 0;
        must(is_known);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (f.site.config == NULL)
        site_make(&f, 40, NULL);
    size_t which = size > 0 ? data[0] % (sizeof targets / sizeof *targets) : 0;
    struct request r = {
        .method = targets[which].method, .content_type = "application/json", .fetch_site = "same-origin"};
    size_t n = size > 0 ? size - 1 : 0;
    int status = site_ask_as(&f, &r, targets[which].target, (const char *)data + (size > 0), n);
    must(status == 200 || status == 400 || status == 413 || status == 503 ||
         (status == 404 && targets[which].method == HTTP_PUT)); /* a thumb by nobody on nothing */
    if (status == 400)
        check_fields();
    else
        (void)site_json(&f);   /* exits if it is no JSON */
    must(f.cookie[0] == '\0'); /* nothing was stored, so nobody gets a session */
    arena_reset(&f.answers);
    return 0;
}
