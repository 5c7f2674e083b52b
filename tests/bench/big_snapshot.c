/* big_snapshot FILE FILMS SEED: a snapshot of made-up films (tests/fixture/small_snapshot.h), of 4.7 bytes for each pair of them: 6000 are 169 MB. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture/small_snapshot.h"

int main(int argc, char **argv)
{
    struct small_snapshot s;
    char command[1200];
    if (argc != 4)
        return 64;
    small_snapshot_make(&s, (size_t)atol(argv[2]), (uint64_t)atol(argv[3]));
    snprintf(command, sizeof command, "cp %.200s '%.900s'", s.path, argv[1]);
    int status = system(command);
    small_snapshot_free(&s);
    return status == 0 ? 0 : 1;
}
