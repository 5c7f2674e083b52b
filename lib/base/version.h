/* Which MVTI this is. */
#ifndef MVTI_BASE_VERSION_H
#define MVTI_BASE_VERSION_H

/* The release of the file VERSION, and behind a plus (Semantic Versioning 2.0.0, 10) the commit it was built from where that is known:
 * "0.9.0+1a2b3c4d5e". */
const char *version_text(void);

#endif
