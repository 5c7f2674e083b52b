#include "text/latin.h"

#include <stddef.h>
#include <stdlib.h>

struct letter {
    uint16_t code;
    char plain[3];
};

/* Ordered by code. The languages that write them stand behind. */
static const struct letter letters[] = {
    {0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"},  {0x00fe, "th"}, /* Danish, Icelandic, Norwegian */
    {0x0111, "d"},  {0x0127, "h"}, {0x0131, "i"},  {0x0138, "q"},  /* Vietnamese, Maltese, Turkish */
    {0x0142, "l"},  {0x014b, "n"}, {0x0153, "oe"}, {0x0167, "t"},  /* Polish, Sámi, French */
    {0x0180, "b"},  {0x0183, "b"}, {0x0188, "c"},  {0x018c, "d"},  {0x0192, "f"},
    {0x0195, "hv"}, {0x0199, "k"}, {0x019a, "l"},  {0x019e, "n"},  {0x01a3, "oi"},
    {0x01a5, "p"},  {0x01ab, "t"}, {0x01ad, "t"},  {0x01b4, "y"},  {0x01b6, "z"},
    {0x01bf, "w"},  {0x01dd, "e"}, /* Hausa, Old English */
    {0x01e5, "g"},  {0x021d, "z"}, {0x0221, "d"},  {0x0223, "ou"}, {0x0225, "z"},
    {0x0234, "l"},  {0x0235, "n"}, {0x0236, "t"},  {0x0237, "j"},  {0x023c, "c"},
    {0x023f, "s"},  {0x0240, "z"}, {0x0247, "e"},  {0x0249, "j"},  {0x024b, "q"},
    {0x024d, "r"},  {0x024f, "y"}, {0x0253, "b"},  {0x0254, "o"},  {0x0256, "d"},
    {0x0257, "d"},  {0x0259, "e"}, {0x025b, "e"},  {0x0260, "g"}, /* Ewe, Azeri */
    {0x0263, "g"},  {0x0268, "i"}, {0x0269, "i"},  {0x0272, "n"},  {0x0275, "o"},
    {0x0280, "r"},  {0x0283, "s"}, {0x0288, "t"},  {0x0289, "u"},  {0x028a, "u"},
    {0x028b, "v"},  {0x0292, "z"}, /* Akan, Fula */
    {0x2c61, "l"},  {0x2c65, "a"}, {0x2c66, "t"},  {0x2c68, "h"},  {0x2c6a, "k"},
    {0x2c6c, "z"},
};

static int by_code(const void *a, const void *b)
{
    const struct letter *x = a, *y = b;
    return (x->code > y->code) - (x->code < y->code);
}

const char *latin_plain(uint32_t code)
{
    struct letter key = {.code = (uint16_t)code};
    if (code < letters[0].code || code > UINT16_MAX)
        return NULL;
    const struct letter *found =
        bsearch(&key, letters, sizeof letters / sizeof *letters, sizeof key, by_code);
    return found == NULL ? NULL : found->plain;
}
