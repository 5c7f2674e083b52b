#include "base/version.h"

const char *version_text(void)
{
    return MVTI_VERSION; /* of the Makefile */
}
