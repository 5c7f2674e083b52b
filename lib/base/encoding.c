#include "base/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct decoder {
    iconv_t cd;
    size_t unit; /* bytes that one wrong piece takes */
    char name[ENCODING_NAME_MAX];
};

/* https://encoding.spec.whatwg.org/#names-and-labels: what is written under these names is their superset by
 * Microsoft. glibc's EUC-KR would refuse 8,822 Hangul syllables that Windows writes (펲, 똠). */
static const struct {
    const char *label, *name;
} labels[] = {
    {"euc-kr", "CP949"},   {"euckr", "CP949"},       {"cp949", "CP949"},          {"ms949", "CP949"},
    {"uhc", "CP949"},      {"windows-949", "CP949"}, {"ks_c_5601-1987", "CP949"}, {"ksc5601", "CP949"},
    {"korean", "CP949"},   {"shift_jis", "CP932"},   {"shift-jis", "CP932"},      {"sjis", "CP932"},
    {"ms932", "CP932"},    {"windows-31j", "CP932"}, {"gbk", "GB18030"},          {"gb2312", "GB18030"},
    {"cp936", "GB18030"},  {"big5", "BIG5-HKSCS"},   {"cp950", "BIG5-HKSCS"},     {"latin1", "CP1252"},
    {"latin-1", "CP1252"}, {"iso-8859-1", "CP1252"}, {"iso8859-1", "CP1252"},     {"windows-1252", "CP1252"},
    {"ansi", "CP1252"},    {"utf8", "UTF-8"},        {"utf-8-sig", "UTF-8"},      {"utf16", "UTF-16"},
};

static const char *known_as(const char *label)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcasecmp(labels[i].label, label) == 0)
            return labels[i].name;
    return label;
}

/* "//IGNORE" and "//TRANSLIT" of iconv would lose characters without a word. */
static bool plain_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:+";
    size_t n = strlen(name);
    return n > 0 && n < ENCODING_NAME_MAX && strspn(name, letters) == n;
}

enum err decoder_open(struct decoder **out, const char *label, struct fail *why)
{
    *out = NULL;
    const char *name = known_as(label);
    struct decoder *d = calloc(1, sizeof *d);
    if (d == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    const iconv_t none = (iconv_t)-1; /* NOLINT(performance-no-int-to-ptr): iconv_open(3) */
    d->cd = plain_name(name) ? iconv_open("UTF-8", name) : none;
    if (d->cd == none) {
        free(d);
        return fail_set(why, ERR_INVALID,
                        "unknown encoding '%.40s'; try cp949 (Korean Windows), shift_jis, "
                        "gb18030, big5, windows-1252, utf-16 or another name of `iconv --list`",
                        label);
    }
    snprintf(d->name, sizeof d->name, "%s", name);
    d->unit = strncasecmp(name, "UTF-16", 6) == 0 || strncasecmp(name, "UCS-2", 5) == 0   ? 2
              : strncasecmp(name, "UTF-32", 6) == 0 || strncasecmp(name, "UCS-4", 5) == 0 ? 4
                                                                                          : 1;
    *out = d;
    return ERR_OK;
}

enum err encoding_check(const char *label, struct fail *why)
{
    struct decoder *d = NULL;
    enum err rc = label != NULL ? decoder_open(&d, label, why) : ERR_OK;
    decoder_close(d);
    return rc;
}

void decoder_close(struct decoder *d)
{
    if (d == NULL)
        return;
    iconv_close(d->cd);
    free(d);
}

const char *decoder_name(const struct decoder *d)
{
    return d->name;
}

size_t decoder_run(struct decoder *d, const char **in, size_t *n, bool last, char *out, size_t room)
{
    char *from = (char *)*in, *to = out; /* iconv takes char ** and does not write there */
    while (*n > 0 && iconv(d->cd, &from, n, &to, &room) == (size_t)-1) {
        if (errno == E2BIG || (errno == EINVAL && !last) || room == 0)
            break;
        size_t skip = *n < d->unit ? *n : d->unit;
        from += skip;
        *n -= skip;
        *to++ = ENCODING_BAD;
        room--;
    }
    *in = from;
    return (size_t)(to - out);
}
