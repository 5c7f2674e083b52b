/* Nights as an operator sees them: what is trained is compared with what is live on people that neither
 * knows, and what was live when is known afterwards. */
#include "tests/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "fixture/eventually.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
#define QUICK " --set lightgcn++.epochs=20"

/* Where the live snapshot is called so afterwards. */
static void remember(const char *name)
{
    char command[300];
    snprintf(command, sizeof command, "readlink \"$D/state/snapshots/current\" >\"$D/%s\"", name);
    program_shell_works(&program, command);
}

static void live_is(const char *name)
{
    char command[300];
    snprintf(command, sizeof command,
             "test \"$(readlink \"$D/state/snapshots/current\")\" = \"$(cat \"$D/%s\")\"", name);
    program_shell_works(&program, command);
}

static void a_catalog_with_raters(void)
{
    /* The same people are held out whenever this runs. */
    program_shell_works(&program,
                        "mkdir -p \"$D/state\" && printf '%s\\n' AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 "
                        ">\"$D/state/panel.key\" && "
                        "chmod 600 \"$D/state/panel.key\"");
    tastes_catalog(&server);
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
}

static void the_first_night_has_nothing_to_compare_with(void)
{
    program_says(&program, "snapshot history", 0, "nothing was published yet");
    program_says(&program, "runs --published", 0, "nothing was published yet");
    program_says(&program, "publish --pin", 66, "no snapshot is live");
    program_says(&program, "dataset build", 0, "held out of training, to compare snapshots on: 0 visitors, ");
    program_says(&program, "train blend" QUICK, 0, "weights: ");
    program_says(&program, "train popularity", 0, "");
    program_says(&program, "publish", 0, "nothing to compare it with");
    remember("first");
    program_says(&program, "snapshot history", 0, "publish");
    program_says(&program, "publish", 0, "the same content is live already");
    live_is("first");
}

/* The people on whom a night's model was measured differ from those of the night before: that is no fault of the
 * model. */
static void visitors_come_between_two_nights(void)
{
    tastes_visitors(&server, 1001, 2400, 60);
    tables_run(&server,
               "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id % 3 > 0");
    program_says(&program, "dataset build", 0, "held out of training");
    CHECK(strstr(buf_str(&program.said), " 0 visitors") == NULL);
    program_says(&program, "train blend" QUICK, 0, "weights: ");
    program_says(&program, "publish", 0, "published ");
    CHECK_MSG(strstr(buf_str(&program.said), "  visitors ") != NULL &&
                  strstr(buf_str(&program.said), "  people of imported ratings ") != NULL,
              "%s", buf_str(&program.said));
    CHECK(strstr(buf_str(&program.said), "worse: ") == NULL);
    remember("second");
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) FROM publication WHERE action = 'publish' AND outcome = "
                            "'live' AND decided_by = 'visitors' AND held_hash IS NOT NULL"),
              1);
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) FROM publication_score WHERE n_people >= 200 AND low <= "
                            "difference AND difference <= high AND ABS(new_ndcg - live_ndcg - difference) "
                            "< 1e-9 AND people = 'visitors'"),
              1);
    program_says(&program, "snapshot history --json", 0, "\"visitors\":{\"n\":");
    program_says(&program, "snapshot history", 0, "visitors");
}

/* Members drawn anew are no better and no worse, whichever comes after which. */
static void another_seed_is_no_change(void)
{
    for (int seed = 2; seed <= 6; seed++) {
        char words[200];
        snprintf(words, sizeof words, "train blend --seed %d" QUICK, seed);
        program_says(&program, words, 0, "weights: ");
        program_says(&program, "publish --keep 20", 0, "no change beyond chance: ");
        snprintf(words, sizeof words, "seed%d", seed);
        remember(words);
    }
}

static void a_worse_model_is_refused(void)
{
    remember("before");
    program_shell_works(&program, "ls \"$D\"/state/snapshots/*.mvs | sort >\"$D/files\"");
    program_says(&program, "train bpr --set epochs=1", 0, "");
    program_says(&program, "publish --model \"$D/state/models/bpr.mvm\"", 65,
                 "not published: worse: NDCG@10 of ");
    CHECK(strstr(buf_str(&program.said), "see 'mvti snapshot history', or publish anyway with --force") !=
          NULL);
    live_is("before");
    program_shell_works(&program, "ls \"$D\"/state/snapshots/*.mvs | sort | cmp - \"$D/files\" && ! test -e "
                                  "\"$D/state/snapshots/candidate\"");
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) FROM publication WHERE outcome = 'refused' AND decision = "
                            "'worse' AND reason LIKE 'worse: %'"),
              1);
    /* It may be wanted all the same. */
    program_says(&program, "publish --force --keep 20 --model \"$D/state/models/bpr.mvm\"", 0,
                 "published all the same (--force)");
    program_says(&program, "publish --rollback", 0, "rolled back to");
    live_is("before");
}

/* People of another panel than today's were trained on: nothing to compare on, and that is said. */
static void a_new_key_compares_nothing(void)
{
    program_shell_works(&program, "mv \"$D/state/panel.key\" \"$D/kept.key\"");
    program_says(&program, "dataset build", 0, "held out of training");
    program_says(&program, "train ease --set lambda=30", 0, "");
    program_says(
        &program, "publish --keep 20 --model \"$D/state/models/ease.mvm\"", 0,
        "the snapshots are not compared: the models of the live snapshot were trained on people of the "
        "panel");
    program_says(&program, "publish --rollback \"$(cat \"$D/before\")\"", 0, "rolled back to");
    program_shell_works(&program, "mv \"$D/kept.key\" \"$D/state/panel.key\"");
    program_says(&program, "dataset build", 0, "held out of training");
    live_is("before");
}

/* Few films, which lists of twenty cover. Newest first: the forced one, which was rolled back, is named so; the refused one has the figures that it was refused for. */
static void what_was_published_is_seen_over_time(void)
{
    char line[200];
    program_says(&program, "runs --published --limit 2 --json", 0, "\"verdict\":\"rolled back\"");
    const char *said = buf_str(&program.said), *forced = strstr(said, "\"rolled back\""),
               *refused = strstr(said, "\"verdict\":\"refused\"");
    CHECK_MSG(forced != NULL && refused != NULL && forced < refused, "%s", said);
    CHECK_MSG(refused != NULL && strstr(refused, "\"held_out\":{\"people\":\"") != NULL &&
                  strstr(refused, "\"difference\":-") != NULL,
              "%s", said);
    program_says(&program, "runs --published --limit 100 --json", 0, "\"verdict\":\"published\"");
    const char *first = buf_str(&program.said);
    for (const char *next = first; next != NULL; next = strstr(next + 1, "{\"decided_ms\""))
        first = next;
    CHECK_MSG(strstr(first, "\"held_out\":null") != NULL && strstr(first, "\"coverage.20\":1") != NULL, "%s",
              first);
    snprintf(line, sizeof line, "\"run\":%lld,\"dataset\":\"",
             (long long)tables_number(
                 &server, "SELECT MIN(run_id) FROM training_run WHERE model = 'blend' AND command "
                          "= 'train' AND snapshot_id IS NOT NULL"));
    CHECK_MSG(strstr(first, line) != NULL, "%s not in %s", line, first);
    program_says(&program, "runs --published", 0, "in training");
    program_says(&program, "runs --published --model blend", 64, "--published goes with");
}

static void every_snapshot_can_come_back(void)
{
    program_says(&program, "publish --rollback nothing", 66, "there is no snapshot nothing among the ");
    program_says(&program, "publish --rollback \"$(cat \"$D/first\")\"", 0, "rolled back to");
    live_is("first");
    program_says(&program, "publish --rollback", 66, "there is no older snapshot to roll back to");
    program_says(&program, "publish --forward", 0, "went forward to");
    live_is("second");
    /* By its number alone, too. */
    program_says(&program, "publish --rollback \"$(sed 's/mvti-//; s/[.]mvs//' \"$D/before\")\"", 0, "");
    live_is("before");
    CHECK(tables_number(&server, "SELECT COUNT(*) FROM publication WHERE action = 'forward'") >= 1);
    /* From a snapshot that was live to the run and the data that made it. */
    CHECK(tables_number(&server,
                        "SELECT COUNT(*) FROM v_lineage l JOIN training_run r ON r.run_id = l.run_id WHERE "
                        "l.kind = 'blend' AND r.dataset_hash = l.dataset AND r.snapshot_id = "
                        "l.snapshot_id") >= 7);
    CHECK_INT(
        tables_number(&server, "SELECT COUNT(DISTINCT snapshot_id) FROM v_lineage WHERE live_until IS NULL"),
        1);
    CHECK(tables_number(&server,
                        "SELECT COUNT(*) FROM training_run WHERE model = 'popularity' AND snapshot_id IS NOT "
                        "NULL") >= 1);
}

static void a_pinned_one_stays(void)
{
    program_says(&program, "publish --unpin", 66, "no snapshot is pinned");
    program_says(&program, "publish --pin \"$(cat \"$D/second\")\"", 0,
                 "is live and stays so until mvti publish --unpin");
    live_is("second");
    program_says(&program, "train ease --set lambda=20", 0, "");
    program_says(&program, "publish --keep 1 --model \"$D/state/models/ease.mvm\"", 0,
                 "is pinned and stays live");
    live_is("second");
    program_says(&program, "publish --rollback", 65, "is pinned; run mvti publish --unpin first");
    program_says(&program, "doctor", 69, "is pinned: nights train, but publish nothing");
    program_says(&program, "snapshot history", 0, "pinned: mvti-");
    /* Killed between the pin and the switch. */
    program_shell_works(&program, "ln -sfn \"$(cat \"$D/before\")\" \"$D/state/snapshots/current\"");
    program_says(&program, "doctor", 69, "is pinned and not live");
    program_says(&program, "publish --model \"$D/state/models/ease.mvm\"", 0, "is pinned and stays live");
    live_is("second");
    program_says(&program, "publish --unpin", 0, "is no longer pinned");
    program_says(&program, "publish --unpin --pin", 64, "give one of --rollback");
    program_says(&program, "publish --forward x", 64, "give one of --rollback");
}

/* What somebody did by hand, or a killed program left, is not missing in the history. */
static void what_was_not_recorded_is_found(void)
{
    program_shell_works(&program, "ln -sfn \"$(cat \"$D/before\")\" \"$D/state/snapshots/current\"");
    program_says(&program, "publish --rollback", 0, "rolled back to");
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) FROM publication WHERE action = 'found' AND outcome = 'live'"),
              1);
}

static bool candidate_is_there(void *arg)
{
    (void)arg;
    return program_shell(&program, "ls \"$D\"/state/snapshots/candidate/* >\"$D/ls\" 2>&1") == 0;
}

/* Killed while it builds and compares: the live one stays live, and nothing is left of the other. */
static void a_killed_publishing_changes_nothing(void)
{
    char command[2500];
    const struct config *c = &server.config;
    const char *build = getenv("BUILD");
    remember("now");
    program_says(&program, "train ease --set lambda=25", 0, "");
    snprintf(command, sizeof command,
             "{ '%s/mvti' --quiet --set reference_dir=sql/reference --set state_dir=\"$D/state\" --set "
             "db_socket='%s' --set db_name='%s' --set db_user='%s' publish --force --model "
             "\"$D/state/models/ease.mvm\" >\"$D/out\" 2>&1 & echo $! >\"$D/pid\"; }",
             build != NULL ? build : "build", c->db_socket, c->db_name, c->db_user);
    program_shell_works(
        &program, "mkdir -p \"$D/state/snapshots/candidate\" && touch \"$D/state/snapshots/candidate/left\"");
    CHECK(eventually(candidate_is_there, NULL));
    program_shell_works(&program, command);
    program_shell_works(
        &program,
        "kill -9 \"$(cat \"$D/pid\")\"; while kill -0 \"$(cat \"$D/pid\")\" 2>/dev/null; do sleep 0.05; "
        "done");
    program_shell_works(&program, "cat \"$D/state/snapshots/current\" >\"$D/copy.mvs\"");
    program_says(&program, "snapshot verify \"$D/copy.mvs\"", 0, "intact");
    program_says(&program, "publish --force --model \"$D/state/models/ease.mvm\"", 0, "published ");
    program_shell_works(&program, "! test -e \"$D/state/snapshots/candidate\"");
}

int main(void)
{
    db_free(tables_start(&server, "mvti_night_test"));
    RUN(a_catalog_with_raters);
    RUN(the_first_night_has_nothing_to_compare_with);
    RUN(visitors_come_between_two_nights);
    RUN(another_seed_is_no_change);
    RUN(a_worse_model_is_refused);
    RUN(what_was_published_is_seen_over_time);
    RUN(a_new_key_compares_nothing);
    RUN(every_snapshot_can_come_back);
    RUN(a_pinned_one_stays);
    RUN(what_was_not_recorded_is_found);
    RUN(a_killed_publishing_changes_nothing);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
