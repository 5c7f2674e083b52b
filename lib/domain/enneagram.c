#include "domain/enneagram.h"

#include <string.h>

static const char names[ENNEAGRAM_COUNT][4] = {"1w9", "1w2", "2w1", "2w3", "3w2", "3w4", "4w3", "4w5", "5w4",
                                               "5w6", "6w5", "6w7", "7w6", "7w8", "8w7", "8w9", "9w8", "9w1"};

static const int cores[STYLE_COUNT][COPING_COUNT] = {
    [STYLE_ASSERTIVE] = {[COPING_POSITIVE] = 7, [COPING_COMPETENCY] = 3, [COPING_REACTIVE] = 8},
    [STYLE_COMPLIANT] = {[COPING_POSITIVE] = 2, [COPING_COMPETENCY] = 1, [COPING_REACTIVE] = 6},
    [STYLE_WITHDRAWN] = {[COPING_POSITIVE] = 9, [COPING_COMPETENCY] = 5, [COPING_REACTIVE] = 4},
};

uint8_t enneagram_parse(const char *s, size_t n)
{
    if (n != 3 || (s[1] != 'w' && s[1] != 'W'))
        return ENNEAGRAM_NONE;
    for (int i = 0; i < ENNEAGRAM_COUNT; i++)
        if (names[i][0] == s[0] && names[i][2] == s[2])
            return (uint8_t)i;
    return ENNEAGRAM_NONE;
}

bool enneagram_parse_any(const char *s, size_t n, uint8_t *out)
{
    *out = enneagram_parse(s, n);
    return n == 0 || *out != ENNEAGRAM_NONE;
}

const char *enneagram_name(uint8_t type)
{
    return type < ENNEAGRAM_COUNT ? names[type] : "";
}

int enneagram_core(uint8_t type)
{
    return type < ENNEAGRAM_COUNT ? names[type][0] - '0' : 0;
}

static int find(const char *const *words, int n, const char *s)
{
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], s) == 0)
            return i;
    return -1;
}

int social_style_parse(const char *s)
{
    static const char *const words[] = {"assertive", "compliant", "withdrawn"};
    return find(words, STYLE_COUNT, s);
}

int coping_style_parse(const char *s)
{
    static const char *const words[] = {"positive", "competency", "reactive"};
    return find(words, COPING_COUNT, s);
}

bool enneagram_answers(int core, enum social_style style, enum coping_style coping)
{
    for (int i = 0; i < STYLE_COUNT; i++)
        for (int j = 0; j < COPING_COUNT; j++)
            if (cores[i][j] == core)
                return i == (int)style || j == (int)coping;
    return false;
}

/* share[core − 1], which add up to 1. */
static void shares_of(enum social_style style, enum coping_style coping, const uint32_t met[ENNEAGRAM_CORES],
                      double share[ENNEAGRAM_CORES])
{
    double all = 0, sum = 0;
    for (int i = 0; i < ENNEAGRAM_CORES; i++)
        all += met[i] + 1.0;
    for (int i = 0; i < STYLE_COUNT; i++)
        for (int j = 0; j < COPING_COUNT; j++) {
            int core = cores[i][j];
            double before = 0.5 / ENNEAGRAM_CORES + 0.5 * (met[core - 1] + 1.0) / all;
            double said = i == (int)style ? ENNEAGRAM_TRUE : (1 - ENNEAGRAM_TRUE) / 2;
            double coped = j == (int)coping ? ENNEAGRAM_TRUE : (1 - ENNEAGRAM_TRUE) / 2;
            share[core - 1] = before * said * coped;
            sum += share[core - 1];
        }
    for (int i = 0; i < ENNEAGRAM_CORES; i++)
        share[i] /= sum;
}

static int likeliest(const double share[ENNEAGRAM_CORES])
{
    int best = 0;
    for (int i = 1; i < ENNEAGRAM_CORES; i++)
        if (share[i] > share[best])
            best = i;
    return best;
}

void enneagram_likely(enum social_style style, enum coping_style coping, const uint32_t met[ENNEAGRAM_CORES],
                      struct enneagram_likely out[ENNEAGRAM_LIKELY])
{
    double share[ENNEAGRAM_CORES];
    shares_of(style, coping, met, share);
    for (int core = 1; core <= ENNEAGRAM_CORES; core++)
        if (!enneagram_answers(core, style, coping))
            share[core - 1] = -1;
    for (int k = 0; k < ENNEAGRAM_LIKELY; k++) {
        int best = likeliest(share);
        out[k] = (struct enneagram_likely){best + 1, share[best]};
        share[best] = -1;
    }
}
