/* What kind of machine asks, as far as its User-Agent tells (RFC 9110, 10.1.5): words that agents of the kind carry,
 * good for counts and for nothing that must not be forged. */
#ifndef MVTI_WEB_USER_AGENT_H
#define MVTI_WEB_USER_AGENT_H

#include <stdbool.h>

/* "phone", "tablet" or "desktop". touch: the screen is touched, which alone tells an iPad from a Mac. */
const char *user_agent_device(const char *user_agent, bool touch);
/* Whether it says that it is a program: crawlers, previews, monitors, libraries, browsers without a screen; one that
 * says nothing is one. */
bool user_agent_bot(const char *user_agent);

#endif
