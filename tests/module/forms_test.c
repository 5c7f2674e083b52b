/* The test as plain forms: what a ticket is good for, once, and how few guests a network makes by them. */
#include "app/limits.h"
#include "tests/check.h"

#include "auth/ticket.h"
#include "base/clock.h"
#include "fixture/site_tables.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *db;

static const char *const NOBODY = "";
#define ANSWERS "age=14&step=films&mbti=INFP&enneagram=4w5&m101=1&m102=1&m103=1"

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static int64_t visitors(void)
{
    return number("SELECT COUNT(*) FROM visitor");
}

/* One that was given `age` seconds ago to the session of a cookie ("": to nobody). */
static const char *ticket(const char *cookie, int age)
{
    static char text[TICKET_CHARS];
    struct session s;
    const char *value = strchr(cookie, '=');
    session_from_token(&s, &f.site.keys, value != NULL ? value + 1 : NULL);
    ticket_make(&s, clock_wall() - age, text);
    session_forget(&s);
    return text;
}

static const char *answer(void)
{
    return buf_str(&f.site.response.body);
}

static int send_as(struct request *r, const char *with, const char *fields)
{
    char body[8192];
    int n = snprintf(body, sizeof body, "ticket=%s&%s", with, fields);
    r->method = HTTP_POST;
    if (r->content_type == NULL)
        r->content_type = "application/x-www-form-urlencoded";
    if (r->origin == NULL && r->fetch_site == NULL)
        r->fetch_site = "same-origin";
    return site_ask_as(&f, r, "/test", body, (size_t)n);
}

static int send_form(const char *with, const char *fields, const char *address)
{
    return send_as(&(struct request){.cookie = NOBODY, .address = address}, with, fields);
}

static void a_ticket_makes_one_guest_and_one_test(void)
{
    char first[64], with[TICKET_CHARS];
    int64_t before = visitors(), tests = number("SELECT COUNT(*) FROM test");
    snprintf(with, sizeof with, "%s", ticket(NOBODY, 60));
    CHECK_INT(send_form(with, ANSWERS, "192.0.2.1"), 303);
    snprintf(first, sizeof first, "%s", site_header(&f, "Location"));
    CHECK_MSG(strncmp(first, "/r/", 3) == 0 && strlen(first) == 3 + SHARE_TOKEN_CHARS, "%s", first);
    CHECK(*site_header(&f, "Set-Cookie") != '\0');
    CHECK_INT(send_form(with, ANSWERS, "192.0.2.1"), 303); /* a press too many, or an answer that was lost */
    CHECK_STR(site_header(&f, "Location"), first);
    CHECK_INT(send_form(with, ANSWERS "&m104=1", "192.0.2.1"), 409);
    CHECK(strstr(answer(), with) == NULL && strstr(answer(), "name=\"ticket\"") != NULL); /* another one */
    CHECK(strstr(answer(), "name=\"m104\" value=\"1\" checked") != NULL);
    CHECK_INT(visitors(), before + 1);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), tests + 1);
    CHECK_INT(number("SELECT entered FROM visitor ORDER BY visitor_id DESC LIMIT 1") >= 60, 1);
}

static void what_is_no_ticket_of_theirs_is_refused(void)
{
    char with[TICKET_CHARS];
    int64_t before = visitors();
    f.cookie[0] = '\0';
    CHECK_INT(send_form(ticket(NOBODY, 60), ANSWERS, "192.0.2.2"), 303);
    static const char shaped[] = "000000000000.AAAAAAAAAAAAAAAAAAAAAA."
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    static const char *const none[] = {"", "x", shaped};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_INT(send_form(none[i], ANSWERS, "192.0.2.2"), 403);
    snprintf(with, sizeof with, "%s", ticket(NOBODY, 60));
    with[5] = with[5] == '9' ? '8' : (char)(with[5] + 1); /* another moment */
    CHECK_INT(send_form(with, ANSWERS, "192.0.2.2"), 403);
    CHECK_INT(send_form(ticket(NOBODY, TICKET_MOST + 1), ANSWERS, "192.0.2.2"), 403);
    CHECK_INT(send_form(ticket(NOBODY, -60), ANSWERS, "192.0.2.2"), 403);
    CHECK_INT(send_form(ticket(f.cookie, 60), ANSWERS, "192.0.2.2"), 403); /* a session's, without it */
    CHECK_INT(send_as(&(struct request){.cookie = f.cookie}, ticket(NOBODY, 60), ANSWERS), 403);
    CHECK(strstr(answer(), "name=\"m101\" value=\"1\" checked") != NULL); /* nothing is lost */
    CHECK_INT(send_as(&(struct request){.cookie = f.cookie}, ticket(f.cookie, 60), ANSWERS), 303);
    CHECK_INT(send_as(&(struct request){.cookie = f.cookie, .fetch_site = "cross-site"}, ticket(f.cookie, 60),
                      ANSWERS),
              403);
    CHECK_INT(send_as(&(struct request){.cookie = f.cookie, .origin = "https://evil.example"},
                      ticket(f.cookie, 60), ANSWERS),
              403);
    CHECK_INT(visitors(), before + 1);
}

static void who_is_too_fast_waits_with_the_same_ticket(void)
{
    char with[TICKET_CHARS];
    snprintf(with, sizeof with, "%s", ticket(NOBODY, 0));
    CHECK_INT(send_form(with, ANSWERS, "192.0.2.3"), 429);
    CHECK(strtol(site_header(&f, "Retry-After"), NULL, 10) > 0 && strstr(answer(), with) != NULL);
    f.config.guest_work = 0; /* where nobody works, nobody waits */
    CHECK_INT(send_form(with, ANSWERS, "192.0.2.3"), 303);
    f.config.guest_work = 5;
}

/* 500 faces of one script, with a ticket for each, which cost them nothing. */
static void a_network_makes_few(void)
{
    int taken = 0, refused = 0;
    f.config.rate_limits = 1;
    tables_run(&server, "DELETE FROM arrival");
    for (int i = 0; i < 500; i++) {
        char address[40];
        snprintf(address, sizeof address, "2001:db8:0:%x::1", i % 256); /* one customer's */
        int status = send_form(ticket(NOBODY, 60), ANSWERS, address);
        taken += status == 303;
        refused += status == 429;
    }
    CHECK_INT(taken, limits_table[LIMITS_FORMS].most);
    CHECK_INT(refused, 500 - taken);
    CHECK(strtol(site_header(&f, "Retry-After"), NULL, 10) > 60);
    CHECK(strstr(answer(), "name=\"m101\" value=\"1\" checked") != NULL);
    CHECK_INT(send_form(ticket(NOBODY, 60), ANSWERS, "192.0.2.9"), 303); /* another network's */
    f.config.rate_limits = 0;
}

static void wrong_answers_are_asked_again(void)
{
    static const struct {
        const char *fields, *shown;
    } rows[] = {
        {"step=films&mbti=INFP&enneagram=4w5&m101=1&m102=1", "name=\"m102\" value=\"1\" checked"},
        {"step=films&mbti=INFP&enneagram=4w5&m101=1&m102=1&m101x=1&m999999=1&mx=1&m=1",
         "name=\"m102\" value=\"1\" checked"},
        {"step=films&mbti=INFP&m101=1&m102=1&m103=1", "name=\"step\" value=\"coping\""},
        {"step=films&mbti=ABCD&enneagram=4w5&m101=1&m102=1&m103=1", "name=\"mbti\" value=\"INFP\""},
        {"step=films&mbti=INFP&style=withdrawn&coping=reactive&enneagram=7w8&m101=1&m102=1&m103=1",
         "name=\"enneagram\" value=\"4w5\""},
        {"step=films&survey=55&enneagram=4w5&m101=1&m102=1&m103=1", "name=\"mbti\" value=\"INFP\""},
        {"a=1", "name=\"mbti\" value=\"INFP\""},
    };
    int64_t before = visitors();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_MSG(send_form(ticket(NOBODY, 60), rows[i].fields, "192.0.2.4") == 400, "%s: %d", rows[i].fields,
                  f.site.response.status);
        CHECK_MSG(strstr(answer(), rows[i].shown) != NULL, "%s", rows[i].fields);
        CHECK_MSG(strstr(answer(), "role=\"alert\"") != NULL, "%s", rows[i].fields);
        CHECK_STR(site_header(&f, "Set-Cookie"), "");
    }
    CHECK_INT(visitors(), before);
}

static void what_was_entered_is_text(void)
{
#define MARKUP "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cb%20x='"
    static const char fields[] =
        "step=films&mbti=INFP&enneagram=4w5&q=" MARKUP "&style=" MARKUP "&coping=" MARKUP "&survey=" MARKUP
        "&seed=" MARKUP "&m" MARKUP "=1&s1=" MARKUP "&EI=" MARKUP;
    CHECK_INT(send_form(ticket(NOBODY, 60), fields, "192.0.2.5"), 400);
    CHECK(strstr(answer(), "<script>alert") == NULL && strstr(answer(), "<b x=") == NULL);
    CHECK(strstr(answer(), "&lt;script&gt;alert(1)") != NULL);
    CHECK_INT(send_form(MARKUP, "step=" MARKUP, "192.0.2.5"), 403);
    CHECK(strstr(answer(), "<script>alert") == NULL);
    char target[1024];
    snprintf(target, sizeof target, "/test?ticket=%s&other=%s&%s", MARKUP, MARKUP, fields);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK(strstr(answer(), "<script>alert") == NULL && strstr(answer(), "<b x=") == NULL);
}

static void the_survey_gives_the_type(void)
{
    char fields[256], survey[SURVEY_MAX_ITEMS + 1];
    size_t n = f.site.serving.snapshot.n_survey_items;
    memset(survey, '4', n);
    survey[n] = '\0';
    snprintf(fields, sizeof fields,
             "age=14&step=films&survey=%s&style=withdrawn&coping=reactive&enneagram=4w5&m101=1&m102=1&m103=1",
             survey);
    CHECK_INT(send_form(ticket(NOBODY, 60), fields, "192.0.2.6"), 303);
    CHECK_INT(
        number(
            "SELECT COUNT(*) FROM test WHERE answers LIKE '%survey%' AND answers LIKE '%4w5%' AND locale = "
            "'ko' ORDER BY test_id DESC LIMIT 1"),
        1);
}

int main(void)
{
    db = site_tables_start(&f, &server, "mvti_forms");
    f.config.guest_work = 5;
    RUN(a_ticket_makes_one_guest_and_one_test);
    RUN(what_is_no_ticket_of_theirs_is_refused);
    RUN(who_is_too_fast_waits_with_the_same_ticket);
    RUN(a_network_makes_few);
    RUN(wrong_answers_are_asked_again);
    RUN(what_was_entered_is_text);
    RUN(the_survey_gives_the_type);
    site_tables_stop(&f, &server, db);
    return check_done();
}
