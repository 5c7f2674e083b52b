/* What training says while it works, and what it leaves behind when it is stopped. No database, no terminal.
 */
#include "tests/check.h"

#include <dirent.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "json/json.h"
#include "model/model_file.h"

static char program[600], folder[256];

static const char *at(const char *name)
{
    static char path[8][600];
    static int next;
    next = (next + 1) % 8;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static int mvti(const char *arguments)
{
    char command[2048];
    snprintf(command, sizeof command,
             "env -u MVTI_CONFIG '%s' --set 'state_dir=%s' --set track_runs=0 %s >'%s' 2>'%s'", program,
             folder, arguments, at("out"), at("err"));
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_dataset(void)
{
    char command[700];
    FILE *f = fopen(at("ratings.csv"), "w");
    CHECK(f != NULL);
    fputs("userId,movieId,rating,timestamp\n", f);
    for (int user = 1; user <= 60; user++)
        for (int film = 1; film <= 40; film++)
            if ((user * 7 + film * 3) % 5 < 2)
                fprintf(f, "%d,%d,5.0,1\n", user, film);
    fclose(f);
    snprintf(command, sizeof command, "dataset build --no-db --ratings '%s'", at("ratings.csv"));
    CHECK_INT(mvti(command), 0);
}

/* ---- JSON lines ---- */

static double number(const struct json_value *line, const char *name)
{
    const struct json_value *v = json_member(line, name);
    return v != NULL && (v->kind == JSON_INT || v->kind == JSON_REAL) ? v->real : -1;
}

struct lines {
    const char *model;
    double done, total; /* of the last line about the model */
    int n, with_time;
};

static void check_line(const char *text, struct lines *l)
{
    struct arena a = {0};
    const struct json_value *line, *stage, *left;
    struct fail why = {0};
    CHECK_MSG(json_read(&a, text, strlen(text), &line, &why) == ERR_OK, "%s: %s", text, why.text);
    stage = json_member(line, "stage");
    left = json_member(line, "seconds_left");
    CHECK(stage != NULL && stage->kind == JSON_TEXT && stage->n > 0 && left != NULL);
    CHECK_STR(json_member(line, "event")->text, "job.progress");
    CHECK(number(line, "seconds") >= 0);
    if (strncmp(stage->text, l->model, strlen(l->model)) == 0) {
        CHECK(number(line, "done") > l->done && number(line, "done") <= number(line, "total"));
        l->done = number(line, "done");
        l->total = number(line, "total");
        l->with_time += left->kind == JSON_INT;
        l->n++;
    }
    arena_free(&a);
}

/* Every line that a program would read is JSON with the same members; `done` grows to `total`. */
static void a_log_gets_json_with_the_time_left(void)
{
    static const char *const models[] = {"lightgcn", "cdae", "recvae"};
    char text[2048];
    for (size_t i = 0; i < 3; i++) {
        struct lines l = {.model = models[i]};
        snprintf(text, sizeof text, "--set progress_seconds=0 train %s --holdout 0 --set epochs=30", l.model);
        CHECK_INT(mvti(text), 0);
        FILE *f = fopen(at("err"), "r");
        CHECK(f != NULL);
        while (f != NULL && fgets(text, sizeof text, f) != NULL)
            check_line(text, &l);
        if (f != NULL)
            fclose(f);
        CHECK_MSG(l.n >= 30 && l.with_time == l.n && l.done == l.total, "%s: %d lines to %g of %g", l.model,
                  l.n, l.done, l.total);
    }
}

static void quiet_says_nothing(void)
{
    CHECK_INT(mvti("--quiet --set progress_seconds=0 train bpr --holdout 0 --set epochs=30"), 0);
    FILE *f = fopen(at("err"), "r");
    CHECK(f != NULL && fgetc(f) == EOF);
    if (f != NULL)
        fclose(f);
}

/* ---- Ctrl-C ---- */

static int count_files(const char *name)
{
    int n = 0;
    DIR *dir = opendir(at(name));
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    if (dir != NULL)
        closedir(dir);
    return n;
}

static pid_t start_training(const char *model, const char *setting, FILE **said)
{
    int ends[2];
    char state[300];
    CHECK(pipe(ends) == 0);
    snprintf(state, sizeof state, "state_dir=%s", folder);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        unsetenv("MVTI_CONFIG");
        execl(program, program, "--set", state, "--set", "track_runs=0", "--set", "progress_seconds=0",
              "train", model, "--holdout", "0", "--set", setting, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *said = fdopen(ends[0], "r");
    return pid;
}

/* Starts a training, waits until it says how far it is, and interrupts it. The line that has `last` in it. */
static const char *stop(const char *model, const char *setting, const char *last)
{
    static char found[2048];
    FILE *said;
    char line[2048] = "", stage[64];
    int status = 0;
    pid_t pid = start_training(model, setting, &said);
    CHECK(pid > 0 && said != NULL);
    snprintf(stage, sizeof stage, "\"stage\":\"%s", model);
    while (fgets(line, sizeof line, said) != NULL && strstr(line, stage) == NULL)
        ;
    CHECK_MSG(strstr(line, stage) != NULL, "%s: %s", model, line);
    kill(pid, SIGINT);
    found[0] = '\0';
    while (fgets(line, sizeof line, said) != NULL)
        if (strstr(line, last) != NULL)
            memcpy(found, line, sizeof line);
    fclose(said);
    waitpid(pid, &status, 0);
    CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 130, "%s: %d", model, status);
    CHECK_MSG(found[0] != '\0', "%s: \"%s\" was not said", model, last);
    return found;
}

/* All that a terminal is told, until `wanted` is there or nothing more comes. */
static const char *hear(int terminal, const char *wanted)
{
    static char all[1 << 16];
    size_t n = 0;
    ssize_t got = 1;
    all[0] = '\0';
    while (strstr(all, wanted) == NULL && n < sizeof all - 1 &&
           (got = read(terminal, all + n, sizeof all - 1 - n)) > 0)
        all[n += (size_t)got] = '\0';
    return all;
}

/* A terminal gets a bar on one line, which is gone when something else is said. */
static void a_terminal_gets_a_bar(void)
{
    int terminal, status = 0;
    char state[300];
    snprintf(state, sizeof state, "state_dir=%s", folder);
    pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    if (pid == 0) {
        setenv("TERM", "xterm", 1);
        unsetenv("MVTI_CONFIG");
        execl(program, program, "--set", state, "--set", "track_runs=0", "train", "bpr", "--holdout", "0",
              "--set", "epochs=100000", (char *)NULL);
        _exit(127);
    }
    CHECK(pid > 0);
    const char *bar = hear(terminal, " s left");
    const char *start = strstr(bar, "\r\033[Kbpr"), *cells = start != NULL ? strchr(start, '[') : NULL;
    CHECK_MSG(cells != NULL && strstr(cells, "] ") != NULL && strstr(cells, " %") != NULL, "%s", bar);
    kill(pid, SIGINT);
    const char *end = hear(terminal, "stopped; nothing was changed");
    CHECK_MSG(strstr(end, "\r\033[Kmvti: stopped; nothing was changed") != NULL, "%s", end);
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 130);
    close(terminal); /* not before: whoever loses its terminal is hung up */
    CHECK_INT(count_files("models"), 0);
}

/* Each would go on for a long time if nobody stopped it. */
static void ctrl_c_leaves_no_file(void)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", at("models"));
    CHECK(system(command) == 0);
    stop("bpr", "epochs=100000", "stopped; nothing was changed");
    CHECK_INT(count_files("models"), 0);
    CHECK_INT(mvti("train bpr --holdout 0 --set epochs=3"), 0);
    CHECK_INT(count_files("models"), 1);
    CHECK(unlink(at("models/bpr.mvm")) == 0);
}

static void same_models(const char *a, const char *b)
{
    struct model x, y;
    CHECK(model_open(&x, a, NULL) == ERR_OK);
    CHECK(model_open(&y, b, NULL) == ERR_OK);
    CHECK(x.n_weights == y.n_weights && memcmp(x.weights, y.weights, x.n_weights * sizeof(float)) == 0);
    CHECK(x.n_settings == y.n_settings && x.info->seed == y.info->seed);
    for (size_t i = 0; i < x.n_settings && i < y.n_settings; i++)
        CHECK(x.settings[i].value == y.settings[i].value);
    model_close(&x);
    model_close(&y);
}

static bool err_says(const char *text)
{
    char line[2048];
    bool found = false;
    FILE *f = fopen(at("err"), "r");
    CHECK(f != NULL);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        found = found || strstr(line, text) != NULL;
    if (f != NULL)
        fclose(f);
    return found;
}

/* Stopped by Ctrl-C, a training keeps the epochs it has done and nothing else; gone on with, it comes to the
 * same numbers as one that was never stopped, and leaves the model file alone. */
static void goes_on_after_ctrl_c(const char *model)
{
    char command[600], text[64], checkpoint[64], file[64];
    unsigned long long epochs = 0;
    const char *said = stop(model, "epochs=100000", "stopped after epoch ");
    CHECK(sscanf(strstr(said, "epoch "), "epoch %llu", &epochs) == 1 && epochs > 0);
    snprintf(checkpoint, sizeof checkpoint, "models/%s.checkpoint", model);
    snprintf(file, sizeof file, "models/%s.mvm", model);
    CHECK_INT(count_files("models"), 1);
    CHECK(access(at(checkpoint), R_OK) == 0);
    CHECK(rename(at(checkpoint), at("kept")) == 0);
    snprintf(command, sizeof command, "--quiet train %s --holdout 0 --set epochs=%llu", model, epochs + 2);
    CHECK_INT(mvti(command), 0);
    CHECK(!err_says("resuming"));
    CHECK(rename(at(file), at("whole.mvm")) == 0 && rename(at("kept"), at(checkpoint)) == 0);
    CHECK_INT(mvti(command), 0);
    snprintf(text, sizeof text, "resuming from epoch %llu of %llu", epochs, epochs + 2);
    CHECK_MSG(err_says(text), "%s", text);
    same_models(at(file), at("whole.mvm"));
    CHECK_INT(count_files("models"), 1);
    CHECK(unlink(at(file)) == 0);
}

static void long_trainings_go_on_after_ctrl_c(void)
{
    goes_on_after_ctrl_c("lightgcn");
    goes_on_after_ctrl_c("recvae");
    goes_on_after_ctrl_c("cdae");
}

/* A checkpoint of another training is named and not used; the measured part keeps one of its own. */
static void what_is_of_no_use_is_said(void)
{
    stop("lightgcn", "epochs=100000", "stopped after epoch ");
    CHECK_INT(mvti("--quiet train lightgcn --holdout 0 --seed 9 --set epochs=2"), 0);
    CHECK(err_says("starting over") && err_says("another seed"));
    CHECK_INT(mvti("--quiet train lightgcn --set epochs=2"), 0);
    CHECK_INT(count_files("models"), 1);
}

int main(int argc, char **argv)
{
    (void)argc;
    CHECK(secret_init() == ERR_OK);
    const char *tests = strstr(argv[0], "tests/unit/");
    const char *tmp = getenv("TMPDIR");
    char command[300];
    snprintf(program, sizeof program, "%.*smvti", tests != NULL ? (int)(tests - argv[0]) : 0, argv[0]);
    snprintf(folder, sizeof folder, "%s/mvti-progress-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(folder) == NULL || setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0) /* for the same bytes */
        return 1;
    RUN(a_dataset);
    RUN(a_log_gets_json_with_the_time_left);
    RUN(quiet_says_nothing);
    RUN(ctrl_c_leaves_no_file);
    RUN(a_terminal_gets_a_bar);
    RUN(long_trainings_go_on_after_ctrl_c);
    RUN(what_is_of_no_use_is_said);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        return 1;
    return check_done();
}
