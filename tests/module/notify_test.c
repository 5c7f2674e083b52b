/* What operators are told, and how often: a stand-in for a chat and one for sendmail, with the database away. */
#include "tests/check.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "fixture/peer.h"
#include "fixture/program.h"

static struct mariadb server;
static struct program program = {
    .server = &server,
    .settings =
        "--set db_socket=/nonexistent --set notify_dir=\"$D/told\" --set access_log=\"$D/access.log\" "
        "--set shell_file=\"$D/index.html\" --set notify_webhooks_file=\"$D/webhooks\" "
        "--set notify_email=ops@example.org --set notify_sendmail=\"$D/sendmail\""};
static struct peer chat;
static _Atomic double heard_at;
static char bodies[16][4000];
static atomic_int heard, refusals;

/* 503 for so many, then 200. */
static void answer(int connection, const char *request)
{
    const char *body = strstr(request, "\r\n\r\n");
    int n = atomic_fetch_add(&heard, 1);
    atomic_store(&heard_at, clock_monotonic());
    if (n < 16)
        snprintf(bodies[n], sizeof bodies[n], "%s", body != NULL ? body + 4 : "");
    if (atomic_fetch_sub(&refusals, 1) > 0)
        peer_send(connection, "503 Service Unavailable", "{}", 2);
    else
        peer_send(connection, "200 OK", "ok", 2);
}

static int mvti(const char *words)
{
    return program_run(&program, words);
}

static void webhooks(const char *kinds)
{
    char command[600] = "cd \"$D\" && : >webhooks && chmod 600 webhooks", one[200], copy[100];
    snprintf(copy, sizeof copy, "%s", kinds);
    for (char *save = NULL, *kind = strtok_r(copy, " ", &save); kind != NULL;
         kind = strtok_r(NULL, " ", &save)) {
        snprintf(one, sizeof one, " && echo %s http://127.0.0.1:%d/hook/secret-token >>webhooks", kind,
                 chat.port);
        strncat(command, one, sizeof command - strlen(command) - 1);
    }
    CHECK_INT(program_shell(&program, command), 0);
    atomic_store(&heard, 0);
}

static int shell(const char *command)
{
    return program_shell(&program, command);
}

static int mails(void)
{
    return shell("exit $(grep -c '^Subject: ' \"$D/mail\" 2>/dev/null || true)");
}

static void it_speaks_as_each_chat_reads(void)
{
    webhooks("slack discord kakaowork generic");
    CHECK_INT(mvti("notify --test"), 0);
    PROGRAM_SAYS(&program, "taken by 5 of 5 channels");
    CHECK_INT(atomic_load(&heard), 4);
    CHECK(strncmp(bodies[0], "{\"text\":\"", 9) == 0 && strncmp(bodies[1], "{\"content\":\"", 12) == 0 &&
          strncmp(bodies[2], "{\"text\":\"", 9) == 0 && strncmp(bodies[3], "{\"host\":\"", 9) == 0);
    CHECK(strstr(bodies[3], "\"state\":\"a trial\"") != NULL);
    CHECK_INT(shell("grep -q '^To: ops@example.org$' \"$D/mail\" && grep -q '^Subject: MVTI .*: a trial: ' "
                    "\"$D/mail\" && "
                    "grep -qx -- '-t -i' \"$D/words\""),
              0);
    CHECK(strstr(buf_str(&program.said), "secret-token") == NULL);
}

static void a_failed_unit_is_told_once(void)
{
    webhooks("slack");
    CHECK_INT(mvti("notify --unit mvti-nightly.service"), 0);
    CHECK_INT(mvti("notify --unit mvti-nightly.service"), 0);
    CHECK_INT(atomic_load(&heard), 1);
    CHECK(strstr(bodies[0], "wrong: mvti-nightly.service: has failed") != NULL &&
          strstr(bodies[0], "journalctl -u mvti-nightly.service") != NULL);
    CHECK_INT(mvti("notify --unit mvti-sessions.service"), 0);
    CHECK_INT(atomic_load(&heard), 2);
    CHECK_INT(mvti("notify --unit 'x;id'"), 64);
    CHECK_INT(mvti("notify"), 64);
}

static void it_is_told_again_after_hours_and_when_it_is_well(void)
{
    webhooks("slack");
    CHECK_INT(shell("sed -i 's/\\t[0-9]*\\t1\\t/\\t1000\\t1\\t/' \"$D/told/told\""), 0);
    CHECK_INT(mvti("notify --unit mvti-nightly.service"), 0);
    CHECK(atomic_load(&heard) == 1 && strstr(bodies[0], "still wrong: mvti-nightly.service") != NULL);
    /* Nothing of a unit is found where no systemd runs: both are well, and the database is not. */
    CHECK_INT(mvti("notify --watch"), 0);
    CHECK_INT(atomic_load(&heard), 2);
    CHECK(strstr(bodies[1], "well again: mvti-nightly.service") != NULL &&
          strstr(bodies[1], "well again: mvti-sessions.service") != NULL &&
          strstr(bodies[1], " wrong: database: ") != NULL);
    CHECK_INT(mvti("notify --watch"), 0);
    CHECK_INT(atomic_load(&heard), 2);
    /* What fails again an hour later is no news yet, and so is its end. */
    CHECK_INT(mvti("notify --unit mvti-nightly.service"), 0);
    CHECK_INT(mvti("notify --watch"), 0);
    CHECK_INT(atomic_load(&heard), 2);
}

static void a_full_disk_and_failing_requests_are_seen(void)
{
    webhooks("generic");
    CHECK_INT(mvti("--set watch_disk_percent=1 notify --watch"), 0);
    CHECK(atomic_load(&heard) == 1 && strstr(bodies[0], "\"id\":\"disk\"") != NULL &&
          strstr(bodies[0], "\"state\":\"wrong\"") != NULL && strstr(bodies[0], "make room") != NULL);
    CHECK_INT(
        shell(
            "for i in $(seq 30); do date "
            "+'{\"time\":\"%Y-%m-%dT%H:%M:%S+00:00\",\"path\":\"/x\",\"status\":502,\"sample\":1}'; date -u "
            "+'{\"time\":\"%Y-%m-%dT%H:%M:%S+00:00\",\"path\":\"/readyz\",\"status\":502,\"sample\":1}'; "
            "done >\"$D/access.log\""),
        0);
    CHECK_INT(mvti("--set watch_disk_percent=100 notify --watch"), 0);
    CHECK(atomic_load(&heard) == 2 &&
          strstr(bodies[1], "30 of 30 requests of the last 10 minutes failed") != NULL &&
          strstr(bodies[1], "\"state\":\"well again\"") != NULL);
    CHECK_INT(shell("for i in $(seq 30); do date "
                    "+'{\"time\":\"%Y-%m-%dT%H:%M:%S+00:00\",\"status\":200,\"sample\":20}'; done "
                    ">>\"$D/access.log\""),
              0);
    CHECK_INT(mvti("--set watch_disk_percent=100 notify --watch"), 0);
    CHECK(atomic_load(&heard) == 3 && strstr(bodies[2], "\"id\":\"errors\"") != NULL &&
          strstr(bodies[2], "well again") != NULL);
}

static void a_server_that_is_away_for_a_moment_is_asked_again(void)
{
    webhooks("slack");
    atomic_store(&refusals, 2);
    CHECK_INT(mvti("notify --test"), 0);
    CHECK_INT(atomic_load(&heard), 3);
}

/* It takes a connection, as its system does for it, and says nothing. */
static int a_server_that_hangs(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int hangs = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(hangs >= 0 && bind(hangs, (struct sockaddr *)&at, n) == 0 && listen(hangs, 8) == 0);
    CHECK(getsockname(hangs, (struct sockaddr *)&at, &n) == 0);
    *port = ntohs(at.sin_port);
    return hangs;
}

/* The chat behind the one that hangs is asked after its first time, not after its third, and once. */
static void who_hangs_keeps_nobody_waiting(void)
{
    enum { MS = 300 };
    char command[200], words[80];
    int port, hangs = a_server_that_hangs(&port);
    webhooks("slack");
    snprintf(command, sizeof command,
             "sed -i '1i slack http://127.0.0.1:%d/hook/secret-token' \"$D/webhooks\"", port);
    CHECK_INT(shell(command), 0);
    snprintf(words, sizeof words, "--set notify_timeout_ms=%d --set notify_email= notify --test", MS);
    CHECK_INT(mvti(words), 69);
    PROGRAM_SAYS(&program, "127.0.0.1: no answer within 0.3 s");
    CHECK(strstr(buf_str(&program.said), "secret-token") == NULL);
    CHECK_INT(atomic_load(&heard), 1);
    double after = clock_monotonic() - atomic_load(&heard_at);
    CHECK_MSG(after > 2 * MS / 1e3, "it was heard %.2f s before the end", after);
    CHECK(close(hangs) == 0);
}

/* sendmail reads nothing, and TERM does not end it; the chat has its message all the same. */
static void a_mail_that_hangs_is_ended(void)
{
    webhooks("slack");
    CHECK_INT(
        shell("mv \"$D/sendmail\" \"$D/gone\" && printf '#!/bin/sh\\ntrap \"\" TERM\\nwhile :; do sleep 60; "
              "done\\n' >\"$D/sendmail\" && chmod +x \"$D/sendmail\""),
        0);
    CHECK_INT(mvti("--set notify_timeout_ms=100 notify --test"), 69);
    PROGRAM_SAYS(&program, "sendmail did not take the e-mail");
    CHECK_INT(atomic_load(&heard), 1);
    CHECK_INT(shell("mv \"$D/gone\" \"$D/sendmail\""), 0);
}

/* What nobody took is told the next time, what somebody took is not, and the file keeps no secret from who reads messages. */
static void what_nobody_took_is_not_forgotten(void)
{
    webhooks("slack");
    int before = mails();
    atomic_store(&refusals, 3);
    CHECK_INT(mvti("--set notify_email= notify --unit mvti-backup.service"), 69);
    PROGRAM_SAYS(&program, "a webhook answered 503");
    CHECK(strstr(buf_str(&program.said), "secret-token") == NULL);
    atomic_store(&refusals, 3);
    CHECK_INT(mvti("notify --unit mvti-backup.service"), 0);
    PROGRAM_SAYS(&program, "alarm.untaken");
    CHECK(strstr(buf_str(&program.said), "secret-token") == NULL);
    CHECK_INT(mails(), before + 1); /* the other channel had it, and is not told again */
    CHECK(atomic_load(&heard) == 6 && strstr(bodies[5], " wrong: mvti-backup.service") != NULL);
    atomic_store(&refusals, 0);
    CHECK_INT(mvti("notify --unit mvti-backup.service"), 0);
    CHECK(mails() == before + 1 && atomic_load(&heard) == 6);
    CHECK_INT(shell("chmod 644 \"$D/webhooks\""), 0);
    CHECK(mvti("notify --test") != 0);
    CHECK_INT(shell("chmod 600 \"$D/webhooks\" && mv \"$D/sendmail\" \"$D/gone\""), 0);
    CHECK_INT(mvti("notify --test"), 69);
    PROGRAM_SAYS(&program, "did not take the e-mail");
    CHECK_INT(shell("mv \"$D/gone\" \"$D/sendmail\""), 0);
}

/* Discord takes 2,000 characters, and who has more to say would say nothing. */
static void a_long_message_is_one_that_discord_takes(void)
{
    webhooks("discord slack");
    CHECK_INT(
        shell("for i in $(seq 70); do printf 'units\\tmvti-%s.service\\t1000\\t1\\t고장\\n' \"$i\"; done "
              ">>\"$D/told/told\""),
        0);
    CHECK_INT(mvti("notify --watch"), 0);
    CHECK_INT(atomic_load(&heard), 2);
    CHECK(strlen(bodies[1]) > 2100 && strstr(bodies[1], "mvti-70.service") != NULL);
    CHECK(strlen(bodies[0]) < 2100 && strlen(bodies[0]) > 1900 && strstr(bodies[0], "…") != NULL);
}

static void without_a_channel_or_a_folder_it_still_speaks_to_the_log(void)
{
    CHECK_INT(mvti("--set notify_email= --set notify_webhooks_file= notify --test"), 0);
    PROGRAM_SAYS(&program, "no channel: set notify_email or notify_webhooks_file");
    PROGRAM_SAYS(&program, "\"event\":\"alarm.tried\"");
    webhooks("slack");
    CHECK_INT(mvti("--set notify_dir=/nonexistent/x notify --unit mvti-nightly.service"), 0);
    CHECK_INT(atomic_load(&heard), 1);
}

/* By what they are called by in systemd/; what else these commands do is no run of a timer. */
static void every_unattended_command_is_recorded(void)
{
    static const char *const failing[] = {"backup \"$D/copies\"", "pull http://127.0.0.1:9", "pictures"};
    static const char *const names[] = {"backup", "pull", "pictures"};
    char line[100];
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
        CHECK_MSG(mvti(failing[i]) != 0, "%s", buf_str(&program.said));
    CHECK_INT(shell("rm -f \"$D/state/jobs/notify\""), 0);
    CHECK_INT(mvti("notify --test"), 0);
    CHECK_INT(mvti("notify --watch"), 0);
    CHECK_INT(mvti("metrics"), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(line, sizeof line, "mvti_job_runs_total{command=\"%s\",outcome=\"failure\"} 1\n", names[i]);
        PROGRAM_SAYS(&program, line);
    }
    PROGRAM_SAYS(&program, "mvti_job_runs_total{command=\"notify\",outcome=\"success\"} 1\n");
    CHECK_INT(mvti("doctor"), 69);
    PROGRAM_SAYS(&program, "– jobs: the last run of backup failed (");
    CHECK(strstr(buf_str(&program.said), "the last run of notify") == NULL);
}

int main(void)
{
    if (secret_init() != ERR_OK || !mariadb_start(&server, "mvti_notify_test"))
        return 1;
    peer_open(&chat, answer);
    CHECK_INT(shell("mkdir -p \"$D/state\" && cd \"$D\" && printf '#!/bin/sh\\necho \"$@\" >words\\ncat "
                    ">>mail\\n' >sendmail && "
                    "sed -i \"s#words#$D/words#; s#mail\\$#$D/mail#\" sendmail && chmod +x sendmail && "
                    "echo '<!--mvti:head--><!--mvti:body--><!--/mvti:body-->' >index.html"),
              0);
    RUN(it_speaks_as_each_chat_reads);
    RUN(a_failed_unit_is_told_once);
    RUN(it_is_told_again_after_hours_and_when_it_is_well);
    RUN(a_full_disk_and_failing_requests_are_seen);
    RUN(a_server_that_is_away_for_a_moment_is_asked_again);
    RUN(who_hangs_keeps_nobody_waiting);
    RUN(a_mail_that_hangs_is_ended);
    RUN(what_nobody_took_is_not_forgotten);
    RUN(a_long_message_is_one_that_discord_takes);
    RUN(without_a_channel_or_a_folder_it_still_speaks_to_the_log);
    RUN(every_unattended_command_is_recorded);
    peer_close(&chat);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
