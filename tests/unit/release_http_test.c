/* What one host offers and another fetches by HTTP, and what happens meanwhile at either end. */
#include "tests/fixture/pair.h"
#include "tests/check.h"

#include <stdio.h>

#include "base/map_file.h"
#include "publish/snapshot_folder.h"
#include "release/manifest.h"
#include "tests/fixture/peer.h"
#include "tests/fixture/shell.h"

/* What happens at the other end, or to this host, while a pull is at work: at the request for a file, 1 the first one that is no manifest;
 * or for a manifest, 1 the first. Each happens once. */
static void (*at_file)(void), (*at_manifest)(void);
static int which_file, which_manifest;

static void meanwhile(const char *name)
{
    bool is_manifest = strcmp(name, MANIFEST_NAME) == 0;
    void (**happens)(void) = is_manifest ? &at_manifest : &at_file;
    if (*happens == NULL || --*(is_manifest ? &which_manifest : &which_file) > 0)
        return;
    (*happens)();
    *happens = NULL;
}

static void serve_files(int connection, const char *request)
{
    char path[256], name[128] = "";
    struct map_file file;
    sscanf(request, "GET /x/%127[0-9a-z] ", name);
    meanwhile(name);
    snprintf(path, sizeof path, "%s/offer/%s", pair.top, name);
    if (map_file_open(&file, path, NULL) != ERR_OK) {
        peer_send(connection, "404 Not Found", "", 0);
        return;
    }
    peer_send(connection, "200 OK", (const char *)file.data, file.size);
    map_file_close(&file);
}

static bool in_first(const struct piece *one)
{
    struct pieces p;
    pair_cut(&pair.first, &p);
    bool found = pair_has(&p, one);
    pieces_free(&p);
    return found;
}

static void it_comes_by_http(void)
{
    struct peer p;
    pair_begin();
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", pair.top));
    pair_publish(&pair.first);
    peer_open(&p, serve_files);
    snprintf(pair.there.pull_url, CONFIG_TEXT, "http://127.0.0.1:%d/x", p.port);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.first), "%s", pair.why.text);
    CHECK(pair.got.fetched >= pair_lacking(&pair.first, NULL));
    CHECK(shell("rm -rf %s/b/snapshots %s/b/pull && rm %s", pair.top, pair.top,
                pair_piece_of(&pair.first, &pair.second)));
    pair_refuses(ERR_NOT_FOUND, "status 404", NULL);
    peer_close(&p);
    pair_refuses(ERR_UNAVAILABLE, "connect", NULL);
}

static void take_back(void)
{
    pair_publish(&pair.first);
}

static void go_on(void)
{
    pair.here.offer_lead_s = 0;
    pair_publish(&pair.second);
}

static void pin(void)
{
    struct snapshot_folder f;
    CHECK_MSG(snapshot_folder_open(&f, &pair.there, &pair.why) == ERR_OK, "%s", pair.why.text);
    CHECK(snapshot_folder_pin(&f, pair_name_of(&pair.first), NULL) == ERR_OK);
    snapshot_folder_close(&f);
}

static void pull_too(void)
{
    static const struct progress quiet;
    struct pull p = {.config = &pair.there, .from = pair.there.pull_url, .keep = 5, .progress = &quiet};
    struct pull_result other;
    struct fail busy = {0};
    CHECK(pull_run(&p, &other, &busy) == ERR_BUSY && strstr(busy.text, "another mvti pull") != NULL);
}

static void lose_it(void)
{
    CHECK(shell("rm %s/b/snapshots/%s", pair.top, pair_name_of(&pair.second)));
}

/* A host with `first` to which `second` is offered by HTTP. */
static void begin_by_http(struct peer *p)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", pair.top));
    pair_publish(&pair.second);
    peer_open(p, serve_files);
    snprintf(pair.there.pull_url, CONFIG_TEXT, "http://127.0.0.1:%d/x", p->port);
}

static void a_rollback_waits_for_no_pull(void)
{
    struct peer p;
    begin_by_http(&p);
    at_file = take_back, which_file = 1; /* the index */
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.first), "%s",
              pair.why.text);
    CHECK(at_file == NULL && pair.got.fetched > 0 &&
          pair.got.fetched < pair_lacking(&pair.second, &pair.first));
    pair_publish(&pair.second);
    at_file = pull_too, which_file = 1;
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.second) && at_file == NULL, "%s", pair.why.text);
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK && pair_is_live(&pair.first));
    CHECK(shell("rm %s/b/snapshots/%s", pair.top, pair_name_of(&pair.second)));
    pair_publish(&pair.second);
    at_file = pin, which_file = 2;
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_PINNED && pair_is_live(&pair.first), "%s",
              pair.why.text);
    peer_close(&p);
}

static void go_back_in_time(void)
{
    CHECK(shell("cp %s/old %s/offer/manifest", pair.top, pair.top));
}

/* Or a source that offers old and new by turns would hold a pull for ever. */
static void what_was_seen_once_is_not_forgotten_in_the_next_round(void)
{
    struct peer p;
    begin_by_http(&p);
    CHECK(shell("cp %s/offer/manifest %s/old", pair.top, pair.top));
    at_file = take_back, which_file = 1;
    at_manifest = go_back_in_time, which_manifest = 3; /* the first of the second round */
    pair_refuses(ERR_CONFLICT, "was taken before: it is an old one", &pair.first);
    peer_close(&p);
}

static void what_is_taken_back_while_hosts_wait_is_never_live(void)
{
    struct peer p;
    begin_by_http(&p);
    CHECK(pair_take() == ERR_OK && pair_is_live(&pair.second));
    pair.here.offer_lead_s = 1;
    pair_publish(&pair.first);
    at_manifest = go_on,
    which_manifest = 2; /* the look after the wait; nothing is fetched, so there is none before */
    CHECK_MSG(pair_take() == ERR_OK && at_manifest == NULL && pair_is_live(&pair.second), "%s",
              pair.why.text);
    peer_close(&p);
}

static void what_is_removed_while_it_comes_comes_again(void)
{
    struct peer p;
    struct pieces all;
    begin_by_http(&p);
    CHECK(shell("cp -r %s/b %s/c", pair.top, pair.top));
    CHECK(pair_take() == ERR_OK && pair_is_live(&pair.second));
    pair_cut(&pair.second, &all);
    CHECK(shell("rm -rf %s/b && mv %s/c %s/b", pair.top, pair.top, pair.top));
    /* The last file is that of experiments, when the snapshot has its place already. */
    at_file = lose_it, which_file = 0;
    for (size_t i = 0; i < all.n; i++)
        which_file += !in_first(&all.items[i]);
    which_file += 2;
    pieces_free(&all);
    pair_refuses(ERR_BUSY, "was removed while it came", &pair.first);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.second), "%s", pair.why.text);
    peer_close(&p);
}

int main(void)
{
    pair_open();
    RUN(it_comes_by_http);
    RUN(a_rollback_waits_for_no_pull);
    RUN(what_was_seen_once_is_not_forgotten_in_the_next_round);
    RUN(what_is_taken_back_while_hosts_wait_is_never_live);
    RUN(what_is_removed_while_it_comes_comes_again);
    pair_close();
    return check_done();
}
