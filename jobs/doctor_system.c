#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First line of a command's output without its end; false if there is none. */
static bool first_line(const char *command, char *out, size_t size)
{
    FILE *p = popen(command, "r");
    bool got = p != NULL && fgets(out, (int)size, p) != NULL;
    if (got)
        out[strcspn(out, "\n")] = '\0';
    if (p != NULL)
        pclose(p);
    return got && out[0] != '\0';
}

/* Debian's order of versions; relation is ge or lt. */
static bool compares(const char *version, const char *relation, const char *other)
{
    char command[200];
    snprintf(command, sizeof command, "dpkg --compare-versions '%s' %s '%s'", version, relation, other);
    return system(command) == 0;
}

/* CVE-2025-23016 (an overflow in reading parameters) is mended in 2.4.5, and in Debian 12 by a patch
 * to 2.4.2. */
void doctor_fastcgi(struct doctor *d)
{
    static const char query[] =
        "dpkg-query -W -f '${db:Status-Status} ${Version}\\n' 'libfcgi0*' 2>/dev/null "
        "| sed -n 's/^installed //p'";
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~:-";
    char version[80];
    if (system("command -v dpkg >/dev/null 2>&1") != 0)
        doctor_say(d, DOCTOR_NOTE, "libfcgi",
                   "its version cannot be determined without dpkg; it must have the fix for CVE-2025-23016 "
                   "(2.4.5 or patched)");
    else if (!first_line(query, version, sizeof version) || strspn(version, allowed) != strlen(version))
        doctor_say(d, DOCTOR_NOTE, "libfcgi",
                   "not installed as a package; this host runs no workers, or its own build, which needs the "
                   "fix for CVE-2025-23016");
    else if (compares(version, "ge", "2.4.5") ||
             (compares(version, "ge", "2.4.2-2+deb12u1") && compares(version, "lt", "2.4.3")))
        doctor_say(d, DOCTOR_GOOD, "libfcgi", "%s has the fix for CVE-2025-23016", version);
    else
        doctor_say(d, DOCTOR_WRONG, "libfcgi",
                   "%s lets a crafted request overflow memory (CVE-2025-23016); " DOCTOR_DO
                   "run: apt-get update && "
                   "apt-get upgrade, and restart the workers",
                   version);
}
