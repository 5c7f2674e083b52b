/* The command line of mvti, without a database: what it explains, refuses and returns. */
#include "tests/check.h"

#include <sys/wait.h>

static char program[600];
static char out[1 << 15];

static int run(const char *arguments)
{
    char command[1500];
    snprintf(command, sizeof command, "env -u MVTI_CONFIG %s %s 2>&1", program, arguments);
    FILE *f = popen(command, "r");
    CHECK(f != NULL);
    size_t n = fread(out, 1, sizeof out - 1, f);
    out[n] = '\0';
    int status = pclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define SAYS(text) CHECK_MSG(strstr(out, text) != NULL, "\"%s\" is not in:\n%s", text, out)

static void help_lists_commands_and_settings(void)
{
    CHECK_INT(run("--help"), 0);
    SAYS("migrate");
    SAYS("import");
    SAYS("db_socket");
    CHECK_INT(run(""), 64);
    SAYS("usage: mvti");
}

static void every_command_explains_itself(void)
{
    static const char *const commands[] = {"migrate", "import", "import movies", "import ratings"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[80];
        snprintf(line, sizeof line, "%s --help", commands[i]);
        CHECK_INT(run(line), 0);
        SAYS("usage: mvti");
        SAYS(commands[i]);
    }
}

static void what_is_not_known_is_refused(void)
{
    CHECK_INT(run("nonsense"), 64);
    SAYS("no command 'nonsense'");
    CHECK_INT(run("--nonsense migrate"), 64);
    CHECK_INT(run("migrate --nonsense"), 64);
    SAYS("no option --nonsense");
    CHECK_INT(run("migrate --list=yes"), 64);
    CHECK_INT(run("migrate one-word"), 64);
    CHECK_INT(run("import"), 64);
    CHECK_INT(run("import nonsense x.csv"), 64);
    CHECK_INT(run("import movies"), 64);
    SAYS("missing");
}

static void wrong_settings_are_named(void)
{
    CHECK_INT(run("--set db_timeout_ms=soon migrate"), 64);
    SAYS("db_timeout_ms");
    CHECK_INT(run("--set colour=red migrate"), 64);
    SAYS("colour");
    CHECK_INT(run("--set db_socket migrate"), 64);
    CHECK_INT(run("--config /nonexistent/mvti.conf migrate"), 64);
    SAYS("/nonexistent/mvti.conf");
}

static void a_missing_server_is_unavailable(void)
{
    CHECK_INT(run("--set db_socket=/nonexistent/s migrate"), 69);
    SAYS("cannot connect");
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *tests = strstr(argv[0], "tests/unit/");
    snprintf(program, sizeof program, "%.*smvti", tests != NULL ? (int)(tests - argv[0]) : 0, argv[0]);
    RUN(help_lists_commands_and_settings);
    RUN(every_command_explains_itself);
    RUN(what_is_not_known_is_refused);
    RUN(wrong_settings_are_named);
    RUN(a_missing_server_is_unavailable);
    return check_done();
}
