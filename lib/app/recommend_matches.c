#include "app/recommend_private.h"

enum err recommend_matches(const struct snapshot *s, const struct recommend_request *q,
                           struct recommend_asked *asked, size_t n, struct arena *a)
{
    struct recommend_work w;
    enum err rc = recommend_start(&w, s, q, a, NULL);
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        uint8_t wanted = asked[i].compatible ? s->partners[q->mbti] : q->mbti;
        int distance = mbti_distance(s->characters[asked[i].character].mbti, wanted);
        asked[i].match = (double)recommend_match(&w, asked[i].character, distance);
    }
    return rc;
}
