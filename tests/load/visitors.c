/* visitors SITE PROVIDER RUN N SECONDS RAMP THINK FILMS RECORD: N visitors at once, each a browser of its
 * own: own cookies, own connections, own address of loopback (127.1.x.y), so that limits by address treat
 * them as N households. They come within RAMP seconds, go on for SECONDS and until standard input ends, then
 * finish their visit, log in once more to see whether everything is there and nothing else, and leave; every
 * fifth erases the account then. What a person presses
 * comes after a thinking time, exponential with a mean of THINK seconds (at most five times that) and the
 * same at every run.
 *
 * FILMS: a file of numbers to choose from. RECORD: what happened, as lines of words between tabs, for load.py
 * to judge. On standard output: the phases as they begin, and meanwhile "progress ACKNOWLEDGED LOST", ten
 * times a second. */
#include <curl/curl.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "load/visit.h"

enum { FILMS_ROOM = 100000, REQUEST_SECONDS = 30 };
static const double LONGEST_THINK = 5, PROGRESS = 0.1;

/* A visitor's browser. */
struct browser {
    struct visitor *visitor;
    CURL *easy;
    struct curl_slist *headers;
    double due;   /* when the present step is to be asked: from here its latency counts */
    bool asking;  /* under way */
    bool leaving; /* this visit is the last one, or it has left */
    bool gone;
};

enum phase { COMING, MEASURED, LEAVING };
static const char *const phases[] = {"coming", "measured", "leaving"};

struct load {
    struct crowd crowd;
    struct browser *browsers; /* [crowd.n] */
    CURLM *multi;
    FILE *record;
    double started, seconds, ramp, think, told;
    enum phase phase;
    bool released; /* standard input has ended */
    int present;
    long acknowledged, lost;
};

static size_t take_body(char *bytes, size_t size, size_t n, void *arg)
{
    struct visitor *v = arg;
    buf_put(&v->answer.body, bytes, size * n);
    return v->answer.body.failed ? 0 : size * n;
}

/* The value behind `name` if the line begins with it, without the end of line; up to a semicolon if `cut`. */
static bool take_value(const char *line, size_t n, const char *name, char end, char *out, size_t room)
{
    size_t skip = strlen(name), i = 0;
    if (n < skip || strncasecmp(line, name, skip) != 0)
        return false;
    for (const char *p = line + skip; p < line + n && *p != end && *p != '\r' && *p != '\n' && i + 1 < room;
         p++)
        out[i++] = *p;
    out[i] = '\0';
    return true;
}

static size_t take_header(char *line, size_t size, size_t n, void *arg)
{
    struct answer *a = &((struct visitor *)arg)->answer;
    n *= size;
    take_value(line, n, "Location: ", '\0', a->location, sizeof a->location);
    take_value(line, n, "X-CSRF-Token: ", '\0', a->csrf, sizeof a->csrf);
    take_value(line, n, "X-Guest-Challenge: ", '\0', a->challenge, sizeof a->challenge);
    a->session_set |= take_value(line, n, "Set-Cookie: mvti=", ';', a->session, sizeof a->session);
    return n;
}

static void set_options(struct browser *b)
{
    struct visitor *v = b->visitor;
    char address[64];
    snprintf(address, sizeof address, "host!127.1.%d.%d", v->number / 250, v->number % 250 + 1);
    curl_easy_setopt(b->easy, CURLOPT_INTERFACE, address);
    curl_easy_setopt(b->easy, CURLOPT_PRIVATE, b);
    curl_easy_setopt(b->easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(b->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(b->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(b->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(b->easy, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS);
    curl_easy_setopt(b->easy, CURLOPT_USERAGENT,
                     "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0 Safari/537.36");
    curl_easy_setopt(b->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(b->easy, CURLOPT_WRITEDATA, v);
    curl_easy_setopt(b->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(b->easy, CURLOPT_HEADERDATA, v);
}

static void set_headers(struct browser *b)
{
    const struct visitor *v = b->visitor;
    char csrf[COOKIE_MOST + 32], proof[PROOF_MOST + 32];
    curl_slist_free_all(b->headers);
    b->headers = NULL;
    if (v->request.write) {
        b->headers = curl_slist_append(b->headers, "Content-Type: application/json");
        b->headers = curl_slist_append(b->headers, "Sec-Fetch-Site: same-origin");
    }
    if (v->request.write && v->csrf[0] != '\0') {
        snprintf(csrf, sizeof csrf, "X-CSRF-Token: %s", v->csrf);
        b->headers = curl_slist_append(b->headers, csrf);
    }
    if (v->request.write && v->proof[0] != '\0') {
        snprintf(proof, sizeof proof, "X-Guest-Proof: %s", v->proof);
        b->headers = curl_slist_append(b->headers, proof);
    }
    curl_easy_setopt(b->easy, CURLOPT_HTTPHEADER, b->headers);
}

static void ask(struct load *l, struct browser *b)
{
    struct visitor *v = b->visitor;
    visit_ask(v, &l->crowd);
    buf_reset(&v->answer.body);
    v->answer = (struct answer){.body = v->answer.body};
    curl_easy_setopt(b->easy, CURLOPT_URL, v->request.url);
    curl_easy_setopt(b->easy, CURLOPT_COOKIE, v->request.cookie[0] != '\0' ? v->request.cookie : NULL);
    if (v->request.write) {
        curl_easy_setopt(b->easy, CURLOPT_POSTFIELDSIZE, (long)v->request.body.len);
        curl_easy_setopt(b->easy, CURLOPT_POSTFIELDS, buf_str(&v->request.body));
        curl_easy_setopt(b->easy, CURLOPT_CUSTOMREQUEST, v->request.method);
    } else {
        curl_easy_setopt(b->easy, CURLOPT_CUSTOMREQUEST, NULL);
        curl_easy_setopt(b->easy, CURLOPT_HTTPGET, 1L);
    }
    set_headers(b);
    b->asking = curl_multi_add_handle(l->multi, b->easy) == CURLM_OK;
}

static double think(const struct load *l, struct browser *b)
{
    double t = -log(1 - rng_unit(&b->visitor->rng));
    return l->think * (t < LONGEST_THINK ? t : LONGEST_THINK);
}

/* Another browser of the same person: nothing is remembered. */
static void begin_visit(struct load *l, struct browser *b)
{
    struct visitor *v = b->visitor;
    b->leaving = l->phase == LEAVING;
    curl_easy_setopt(b->easy, CURLOPT_COOKIELIST, "ALL");
    visit_begin(v, b->leaving);
}

static void hear(struct load *l, struct browser *b, CURLcode code)
{
    static const char *const words[] = {"request", "lost", "wrong", "foreign"};
    struct visitor *v = b->visitor;
    enum outcome outcome;
    const char *why, *route = visit_route(v);
    double now = clock_monotonic();
    curl_easy_getinfo(b->easy, CURLINFO_RESPONSE_CODE, &v->answer.status);
    v->answer.arrived = code == CURLE_OK;
    curl_multi_remove_handle(l->multi, b->easy);
    b->asking = false;
    bool more = visit_hear(v, &l->crowd, &outcome, &why);
    fprintf(l->record, "%s\t%s\t%.6f\t%.6f\t%ld\t%s\t%s\t%s\n", words[outcome], v->subject, b->due, now,
            v->answer.status, phases[l->phase], route, code != CURLE_OK ? curl_easy_strerror(code) : why);
    if (outcome != OUTCOME_GOOD)
        visit_abandon(v);
    l->acknowledged += outcome == OUTCOME_GOOD && v->request.write;
    l->lost += outcome == OUTCOME_LOST;
    b->due = now;
    if (!more && b->leaving) {
        b->gone = true;
        l->present--;
        return;
    }
    if (!more)
        begin_visit(l, b);
    if (visit_thinks(v))
        b->due += think(l, b);
}

static void hear_all(struct load *l)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(l->multi, &left)) != NULL) {
        struct browser *b;
        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&b);
        hear(l, b, m->data.result);
    }
}

static void enter(struct load *l, enum phase phase, double now)
{
    l->phase = phase;
    printf("%s %.6f\n", phases[phase], now);
    fflush(stdout);
}

static void watch_phase(struct load *l, double now)
{
    if (!l->released) {
        char bytes[64];
        struct pollfd in = {.fd = 0, .events = POLLIN};
        l->released = poll(&in, 1, 0) > 0 && fread(bytes, 1, 1, stdin) == 0;
    }
    if (l->phase == COMING && now >= l->started + l->ramp)
        enter(l, MEASURED, now);
    if (l->phase == MEASURED && l->released && now >= l->started + l->ramp + l->seconds)
        enter(l, LEAVING, now);
    if (now >= l->told + PROGRESS) {
        l->told = now;
        printf("progress %ld %ld\n", l->acknowledged, l->lost);
        fflush(stdout);
    }
}

static void run(struct load *l)
{
    l->started = clock_monotonic();
    l->present = l->crowd.n;
    enter(l, COMING, l->started);
    for (int i = 0; i < l->crowd.n; i++) {
        begin_visit(l, &l->browsers[i]);
        l->browsers[i].due = l->started + l->ramp * rng_unit(&l->browsers[i].visitor->rng);
    }
    while (l->present > 0) {
        double now = clock_monotonic(), next = now + PROGRESS;
        int running;
        watch_phase(l, now);
        for (int i = 0; i < l->crowd.n; i++) {
            struct browser *b = &l->browsers[i];
            if (b->gone || b->asking)
                continue;
            if (b->due <= now)
                ask(l, b);
            else if (b->due < next)
                next = b->due;
        }
        curl_multi_perform(l->multi, &running);
        hear_all(l);
        int wait = (int)ceil((next - clock_monotonic()) * 1e3);
        curl_multi_poll(l->multi, NULL, 0, wait > 0 ? wait : 0, NULL);
    }
}

static const char *const standings[] = {"stands", "erased", "perhaps"};

static void write_ledgers(struct load *l)
{
    for (int i = 0; i < l->crowd.n; i++) {
        const struct visitor *v = &l->crowd.all[i];
        const struct ledger *k = &v->ledger;
        fprintf(l->record, "visitor\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t", v->subject, v->mbti, v->enneagram,
                v->returned, k->logins, k->tried_tests, k->sessions_left);
        for (size_t j = 0; j < v->n_films; j++)
            fprintf(l->record, "%s%d", j > 0 ? "," : "", v->films[j]);
        fprintf(l->record, "\t%s\t%d\t%d\t%d\n", standings[k->standing], k->deleted, k->unliked, k->erased);
        ledger_write(k, v->subject, l->record);
    }
}

static bool read_films(struct crowd *c, const char *path)
{
    FILE *f = fopen(path, "r");
    c->films = calloc(FILMS_ROOM, sizeof *c->films);
    while (f != NULL && c->films != NULL && c->n_films < FILMS_ROOM &&
           fscanf(f, "%d", &c->films[c->n_films]) == 1)
        c->n_films++;
    if (f != NULL)
        fclose(f);
    return c->n_films >= FILMS_MOST;
}

static bool open_browsers(struct load *l)
{
    struct crowd *c = &l->crowd;
    c->all = calloc((size_t)c->n, sizeof *c->all);
    l->browsers = calloc((size_t)c->n, sizeof *l->browsers);
    l->multi = curl_multi_init();
    if (c->all == NULL || l->browsers == NULL || l->multi == NULL)
        return false;
    curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS, 4L * c->n);
    for (int i = 0; i < c->n; i++) {
        struct browser *b = &l->browsers[i];
        visitor_init(&c->all[i], i, c);
        b->visitor = &c->all[i];
        b->easy = curl_easy_init();
        if (b->easy == NULL)
            return false;
        set_options(b);
    }
    return true;
}

static void close_browsers(struct load *l)
{
    for (int i = 0; i < l->crowd.n; i++) {
        curl_easy_cleanup(l->browsers[i].easy);
        curl_slist_free_all(l->browsers[i].headers);
        visitor_free(&l->crowd.all[i]);
    }
    curl_multi_cleanup(l->multi);
    free(l->browsers);
    free(l->crowd.all);
    free(l->crowd.films);
}

int main(int argc, char **argv)
{
    if (argc != 10) {
        fputs("usage: visitors SITE PROVIDER RUN N SECONDS RAMP THINK FILMS RECORD\n", stderr);
        return 64;
    }
    struct load l = {.crowd = {.site = argv[1], .provider = argv[2], .run = argv[3], .n = atoi(argv[4])},
                     .seconds = atof(argv[5]),
                     .ramp = atof(argv[6]),
                     .think = atof(argv[7])};
    if (l.crowd.n < 1 || l.crowd.n > 60000 || !read_films(&l.crowd, argv[8]) ||
        (l.record = fopen(argv[9], "w")) == NULL) {
        fputs("visitors: N, FILMS or RECORD cannot be used\n", stderr);
        return 64;
    }
    setvbuf(l.record, NULL, _IOFBF, 1 << 20);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !open_browsers(&l))
        return 70;
    run(&l);
    write_ledgers(&l);
    bool written = fclose(l.record) == 0;
    close_browsers(&l);
    curl_global_cleanup();
    return written ? 0 : 74;
}
