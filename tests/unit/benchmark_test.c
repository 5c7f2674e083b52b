/* train/benchmark: ready parts and divided files become matrices over one numbering, whatever their ids,
 * scale and protocol. */
#include "train/benchmark.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

static char folder[] = "/tmp/mvti-benchmark-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][128];
    static int at;
    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static void write_text(const char *path, const char *text)
{
    CHECK(file_put_text(path, text));
}

static const char some_ratings[] = "userId,movieId,rating,timestamp\n"
                                   "1,10,3.5,5\n1,20,3.0,5\n2,10,5.0,5\n2,,5.0,5\n2,30,4.0,5\n";

static void benchmark_files_share_one_numbering(void)
{
    write_text(in_folder("train"), "5 1 2\n7 9\n");
    write_text(in_folder("test"), "7 1\n8 4\n");
    write_text(in_folder("mask"), "5 4\n");
    write_text(in_folder("r.csv"), some_ratings);
    struct benchmark_files files = {
        .train = in_folder("train"), .test = in_folder("test"), .format = "lists", .threshold = 3.5f};
    struct benchmark b;
    struct evaluate_task t;
    struct fail why = {0};
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.n_users, 3);
    CHECK_INT(b.items.n, 4);
    CHECK(benchmark_task(&b, SPLIT_TEST, &t, NULL) == ERR_OK);
    CHECK(t.history == &b.train && t.mask == NULL && t.candidates == NULL && !t.unseen);
    CHECK(csr_has(&b.train, 1, 3) && csr_has(t.held, 1, 0) && csr_has(t.held, 2, 2));
    CHECK(benchmark_task(&b, SPLIT_VALID, &t, NULL) == ERR_INVALID);
    benchmark_free(&b);
    files.mask = in_folder("mask");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_OK);
    CHECK(benchmark_task(&b, SPLIT_TEST, &t, NULL) == ERR_OK);
    CHECK(t.mask != NULL && csr_has(t.mask, 0, 2));
    benchmark_free(&b);
    files.format = "movielens"; /* a row that is no rating ends a benchmark */
    files.train = files.test = in_folder("r.csv");
    files.mask = NULL;
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    files.format = "list";
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
}

/* Text ids in every place where a benchmark has ids, the same in all its files. */
static void benchmark_of_text_ids(void)
{
    write_text(in_folder("train"), "ann heat 2\nbob alien\n");
    write_text(in_folder("test"), "bob heat\ncid 2\n");
    struct benchmark_files files = {
        .train = in_folder("train"), .test = in_folder("test"), .format = "lists"};
    struct benchmark b;
    struct fail why = {0};
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.n_users, 3);
    CHECK_INT(b.items.n, 3); /* 2, heat, alien */
    CHECK(csr_has(&b.train, 0, 0) && csr_has(&b.train, 0, 1) && csr_has(&b.train, 1, 2));
    CHECK(csr_has(&b.held[SPLIT_TEST], 1, 1) && csr_has(&b.held[SPLIT_TEST], 2, 0));
    benchmark_free(&b);
    write_text(in_folder("fold"), "ann alien\n");
    files.fold_in = in_folder("fold");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "user ann is in the training file") != NULL, "%s", why.text);
}

static void benchmark_judges_its_ratings(void)
{
    struct benchmark_files files = {
        .data = in_folder("r.csv"), .format = "movielens", .threshold = 3.5f, .ratio = {0.8, 0.1, 0.1}};
    struct benchmark b;
    struct fail why = {0};
    write_text(in_folder("r.csv"), "userId,movieId,rating\n1,1,9\n1,2,10\n1,3,7\n1,4,6\n");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "--scale 10") != NULL, "%s", why.text);
    files.scale = (struct rating_scale){.kind = SCALE_TOP, .top = 10 * RATING_ONE};
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.items.n, 3);
    benchmark_free(&b);
    files.threshold = 0; /* every row, whatever its number */
    files.scale = (struct rating_scale){0};
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.items.n, 4);
    benchmark_free(&b);
    write_text(in_folder("r.csv"),
               "user_id:token\titem_id:token\trating:float\nA\tB\t9\nA\tC\t10\nA\tD\t2\n");
    files = (struct benchmark_files){
        .data = in_folder("r.csv"), .format = "inter", .threshold = 3.5f, .ratio = {0.8, 0.1, 0.1}};
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "--scale 10") != NULL, "%s", why.text);
    /* The newest counts: no like of B is left. */
    write_text(in_folder("r.csv"),
               "user_id:token\titem_id:token\trating:float\ttimestamp:float\nA\tB\t5\t1.0\n"
               "A\tC\t5\t2.0\nC\tC\t5\t2.0\nA\tB\t2\t3.5\nA\tE\t4\t9\n");
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.items.n, 2);
    benchmark_free(&b);
}

/* One point in time for all: nothing that is held out is older than what is learned from, and who is new
 * after it is not measured. */
static void benchmark_by_time(void)
{
    struct benchmark_files files = {.data = in_folder("r.csv"),
                                    .format = "movielens",
                                    .protocol = BENCHMARK_TIME,
                                    .threshold = 3.5f,
                                    .ratio = {0.5, 0.25, 0.25}};
    struct benchmark b;
    struct evaluate_task t;
    struct fail why = {0};
    /* Times 1, 2, 3, 4 | 5, 6 | 7, 8, not in order; person 3 comes with 8, a rating of 9 is no like. */
    write_text(in_folder("r.csv"), "userId,movieId,rating,timestamp\n1,17,5,7\n1,11,5,1\n2,12,5,2\n1,13,5,3\n"
                                   "2,14,5,4\n1,15,5,5\n2,16,5,6\n3,11,5,8\n2,19,1,9\n");
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(csr_count(&b.train), 4);
    CHECK_INT(csr_count(&b.held[SPLIT_VALID]), 2);
    CHECK_INT(csr_count(&b.held[SPLIT_TEST]), 1);
    CHECK_INT(b.n_users, 2);
    CHECK_INT(b.items.n, 7);
    CHECK(csr_has(&b.train, 0, 0) && csr_has(&b.train, 0, 2) && csr_has(&b.train, 1, 1) &&
          csr_has(&b.train, 1, 3));
    CHECK(csr_has(&b.held[SPLIT_VALID], 0, 4) && csr_has(&b.held[SPLIT_VALID], 1, 5));
    CHECK(csr_has(&b.held[SPLIT_TEST], 0, 6));
    CHECK(benchmark_task(&b, SPLIT_TEST, &t, NULL) == ERR_OK && t.mask == &b.held[SPLIT_VALID]);
    benchmark_free(&b);
    write_text(in_folder("r.csv"), "userId,movieId,rating,timestamp\n1,1,5,7\n1,2,5,7\n1,3,5,7\n1,4,5,8\n");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "no point in time") != NULL, "%s", why.text);
    write_text(in_folder("r.csv"), "userId,movieId,rating\n1,1,5\n1,2,5\n");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "timestamp is needed") != NULL, "%s", why.text);
}

static void benchmark_of_unseen_users(void)
{
    write_text(in_folder("train"), "5 1 2\n7 9\n");
    write_text(in_folder("test"), "6 1\n8 4\n");
    write_text(in_folder("fold"), "6 2 9\n");
    struct benchmark_files files = {.train = in_folder("train"),
                                    .test = in_folder("test"),
                                    .fold_in = in_folder("fold"),
                                    .format = "lists"};
    struct benchmark b;
    struct evaluate_task t;
    struct fail why = {0};
    CHECK_MSG(benchmark_load(&b, &files, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(b.n_users, 4);
    CHECK_INT(b.train.n_rows, 2);
    CHECK(benchmark_task(&b, SPLIT_TEST, &t, NULL) == ERR_OK);
    CHECK(t.unseen);
    CHECK_INT(t.history->n_rows, 2);
    CHECK(csr_has(t.history, 0, 1) && csr_has(t.history, 0, 3) && csr_has(t.held, 0, 0) &&
          csr_has(t.held, 1, 2));
    benchmark_free(&b);
    write_text(in_folder("fold"), "6 2\n7 9\n");
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "user 7") != NULL, "%s", why.text);
}

static void benchmark_among_candidates(void)
{
    write_text(in_folder("train"), "5\t1\t3\t99\n7\t9\t4\t99\n");
    write_text(in_folder("test"), "(5,9)\t2\t3\n(7,1)\t3\n");
    struct benchmark_files files = {
        .train = in_folder("train"), .candidates = in_folder("test"), .format = "rows"};
    struct benchmark b;
    struct evaluate_task t;
    CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_OK);
    CHECK(benchmark_task(&b, SPLIT_TEST, &t, NULL) == ERR_OK);
    CHECK_INT(b.items.n, 4);
    CHECK(t.candidates != NULL && csr_has(t.held, 0, 3) && csr_has(t.candidates, 0, 1));
    CHECK_INT(csr_count(t.candidates), 3);
    benchmark_free(&b);
    files.mask = in_folder("train");
    CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_INVALID);
    files.mask = NULL;
    files.data = in_folder("train");
    CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_INVALID);
}

static uint64_t likes_of(const struct csr *x, const bool films[9], bool those)
{
    uint64_t n = 0;
    for (uint64_t p = 0; p < csr_count(x); p++)
        n += films[x->col[p]] == those;
    return n;
}

/* A quarter of the eight films that anybody likes: gone from training and from what is given, still to be found. */
static void hides_new_films(const struct benchmark_files *strong)
{
    struct benchmark_files files = *strong;
    struct benchmark b;
    files.new_films = 0.25;
    for (int alone = 0; alone < 2; alone++) {
        bool is_new[9];
        uint64_t likes[9] = {0};
        size_t n = 0;
        files.find_new = alone;
        CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_OK);
        csr_column_counts(&b.train, likes);
        for (size_t i = 0; i < 9; i++) {
            is_new[i] = likes[i] == 0 && i < 8; /* the ninth was never liked by anybody */
            n += is_new[i];
        }
        CHECK_INT(n, 2);
        CHECK_INT(csr_count(&b.train), 25 * 6);
        CHECK_INT(likes_of(&b.known[SPLIT_TEST], is_new, true), 0);
        CHECK(csr_count(&b.known[SPLIT_TEST]) > 0);
        CHECK(likes_of(&b.held[SPLIT_TEST], is_new, true) > 0);
        CHECK((likes_of(&b.held[SPLIT_TEST], is_new, false) == 0) == (alone == 1));
        benchmark_free(&b);
    }
}

/* One file, divided, and only films of a catalog: 40 users with 10 films each, of which the catalog knows 8,
 * and one more that nobody has seen. */
static void benchmark_divides_one_file(void)
{
    struct buf text = {0};
    for (int u = 1; u <= 40; u++)
        for (int i = 1; i <= 10; i++)
            buf_printf(&text, "%d %d\n", u, i);
    write_text(in_folder("train"), buf_str(&text));
    write_text(in_folder("test"), "title,movie_id,genres\na,1,Drama|War\nb,2,War\nc,3,(no genres "
                                  "listed)\nd,4,\ne,5,War|Comedy\nf,6,\ng,7,\n"
                                  "h,8,\ni,99,Comedy\n");
    buf_free(&text);
    struct benchmark_files files = {.data = in_folder("train"),
                                    .format = "pairs",
                                    .catalog = in_folder("test"),
                                    .ratio = {0.5, 0.25, 0.25},
                                    .users = {.test = 10, .valid = 5, .fold_in = 0.5, .least = 5},
                                    .seed = 1};
    struct benchmark b;
    struct evaluate_task test, valid;
    CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_OK);
    CHECK_INT(b.items.n, 9);
    CHECK_INT(csr_count(&b.train), 40 * 4);
    static const uint64_t genres[] = {1 | 2, 2, 0, 0, 2 | 4, 0, 0, 0, 4};
    for (size_t i = 0; b.genres != NULL && i < 9; i++)
        CHECK_INT(b.genres[i], genres[i]);
    CHECK(benchmark_task(&b, SPLIT_TEST, &test, NULL) == ERR_OK &&
          benchmark_task(&b, SPLIT_VALID, &valid, NULL) == ERR_OK);
    CHECK_INT(csr_count(test.held), 40 * 2);
    CHECK(test.mask == valid.held && valid.mask == NULL && !test.unseen);
    CHECK(b.genres != NULL && test.genres == b.genres);
    benchmark_free(&b);
    files.protocol = BENCHMARK_STRONG;
    CHECK(benchmark_load(&b, &files, NULL, NULL) == ERR_OK);
    CHECK(benchmark_task(&b, SPLIT_TEST, &test, NULL) == ERR_OK &&
          benchmark_task(&b, SPLIT_VALID, &valid, NULL) == ERR_OK);
    CHECK_INT(csr_count(&b.train), 25 * 8);
    CHECK_INT(csr_count(test.held), 10 * 4);
    CHECK_INT(csr_count(test.history), 10 * 4);
    CHECK_INT(csr_count(valid.held), 5 * 4);
    CHECK(test.unseen && test.mask == NULL);
    benchmark_free(&b);
    hides_new_films(&files);
    write_text(in_folder("test"), "title,movie_id\na,1\nb,x\n");
    struct fail why = {0};
    CHECK(benchmark_load(&b, &files, NULL, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "test:3:") != NULL, "%s", why.text);
}

int main(void)
{
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    RUN(benchmark_files_share_one_numbering);
    RUN(benchmark_of_text_ids);
    RUN(benchmark_judges_its_ratings);
    RUN(benchmark_by_time);
    RUN(benchmark_of_unseen_users);
    RUN(benchmark_among_candidates);
    RUN(benchmark_divides_one_file);
    const char *const left[] = {"r.csv", "train", "test", "mask", "fold"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        unlink(in_folder(left[i]));
    rmdir(folder);
    return check_done();
}
