/* The key on several hosts: which of its rounds may stand beside which, so that nobody is signed out while it changes. */
#include "auth/keyring.h"
#include "tests/check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum round { OLD, OLD_NEW, NEW_OLD, NEW, ROUNDS };

static struct keyring hosts[ROUNDS];

static void write_round(enum round r, const char *first, const char *second)
{
    char path[] = "/tmp/mvti-keyring-XXXXXX";
    struct fail why = {0};
    int fd = mkstemp(path);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    CHECK(f != NULL && fprintf(f, "%s\n%s%s", first, second, *second != '\0' ? "\n" : "") > 0 &&
          fclose(f) == 0);
    CHECK_MSG(keyring_read(&hosts[r], path, &why) == ERR_OK, "%s", why.text);
    unlink(path);
}

/* What a host in one round gives out, a host in the other believes. */
static bool believes(enum round reader, enum round writer)
{
    char token[SECRET_TOKEN_CHARS + 1];
    keyring_token(&hosts[writer], 0, "label", "somebody", token);
    return keyring_token_valid(&hosts[reader], "label", "somebody", token);
}

static void rounds_that_follow_each_other_understand_each_other(void)
{
    for (int r = OLD; r < ROUNDS; r++)
        CHECK(believes((enum round)r, (enum round)r));
    CHECK(believes(OLD, OLD_NEW) && believes(OLD_NEW, OLD));
    CHECK(believes(OLD_NEW, NEW_OLD) && believes(NEW_OLD, OLD_NEW));
    CHECK(believes(NEW, NEW_OLD)); /* and what the old key made is over by then */
    CHECK(believes(NEW_OLD, OLD));
}

/* Why the new line begins as the second one. */
static void a_round_that_is_left_out_signs_people_out(void)
{
    CHECK(!believes(OLD, NEW_OLD));
    CHECK(!believes(NEW, OLD) && !believes(NEW, OLD_NEW));
}

int main(void)
{
    char old[SECRET_TOKEN_CHARS + 1], new[SECRET_TOKEN_CHARS + 1];
    if (secret_init() != ERR_OK)
        return 1;
    secret_token(old, SECRET_TOKEN_BYTES);
    secret_token(new, SECRET_TOKEN_BYTES);
    write_round(OLD, old, "");
    write_round(OLD_NEW, old, new);
    write_round(NEW_OLD, new, old);
    write_round(NEW, new, "");
    RUN(rounds_that_follow_each_other_understand_each_other);
    RUN(a_round_that_is_left_out_signs_people_out);
    return check_done();
}
