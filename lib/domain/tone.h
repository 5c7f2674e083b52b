/* Whether a film is dark or bright, by its genres as catalogs name them: horror, thriller, crime and war are dark; animation, family, comedy,
 * musical and romance are bright. With genres of both, or of neither, it is neither. */
#ifndef MVTI_DOMAIN_TONE_H
#define MVTI_DOMAIN_TONE_H

enum tone { TONE_NEITHER, TONE_BRIGHT, TONE_DARK, TONE_COUNT };

/* genres: "a|b", "" none. */
enum tone tone_of(const char *genres);

#endif
