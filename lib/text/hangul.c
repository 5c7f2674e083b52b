#include "text/hangul.h"

#include <string.h>

enum { LEAD = 0x1100, LEADS = 19, VOWEL = 0x1161, VOWELS = 21, TAIL = 0x11a8, TAILS = 27 };
enum { FIRST_CONSONANT = 'A', FIRST_VOWEL = '!', VOWEL_KEYS = 14 };

/* Numbers of keys, from 1 (Unicode 15, tables of section 3.12 and KS X 5002). */
static const uint8_t vowel_keys[VOWELS][HANGUL_KEYS_MAX] = {
    {1},     {2},  {3},  {4},     {5},     {6},      {7},  {8},  {9},      {9, 1}, {9, 2},
    {9, 14}, {10}, {11}, {11, 5}, {11, 6}, {11, 14}, {12}, {13}, {13, 14}, {14}};
static const uint8_t tail_keys[TAILS][HANGUL_KEYS_MAX] = {
    {1},    {2},    {1, 10}, {3},     {3, 13}, {3, 19}, {4},  {6},  {6, 1},
    {6, 7}, {6, 8}, {6, 10}, {6, 17}, {6, 18}, {6, 19}, {7},  {8},  {8, 10},
    {10},   {11},   {12},    {13},    {15},    {16},    {17}, {18}, {19}};

/* Where the keys lie, in their order. */
static const char consonants_at[] = "rRseEfaqQtTdwWczxvg";
static const char vowels_at[] = "koiOjpuPhynbml";

bool hangul_is_letter(uint32_t code)
{
    return (code >= 0x1100 && code <= 0x11ff) || (code >= 0xa960 && code <= 0xa97c) ||
           (code >= 0xd7b0 && code <= 0xd7fb);
}

static size_t put(const uint8_t numbers[HANGUL_KEYS_MAX], char first, char *out)
{
    size_t n = 0;
    for (; n < HANGUL_KEYS_MAX && numbers[n] != 0; n++)
        out[n] = (char)(first + numbers[n] - 1);
    return n;
}

size_t hangul_keys(uint32_t code, char out[HANGUL_KEYS_MAX])
{
    if (code - LEAD < LEADS) {
        out[0] = (char)(FIRST_CONSONANT + (code - LEAD));
        return 1;
    }
    if (code - VOWEL < VOWELS)
        return put(vowel_keys[code - VOWEL], FIRST_VOWEL, out);
    if (code - TAIL < TAILS)
        return put(tail_keys[code - TAIL], FIRST_CONSONANT, out);
    return 0;
}

bool hangul_is_consonant(char key)
{
    return key >= FIRST_CONSONANT && key < FIRST_CONSONANT + LEADS;
}

bool hangul_is_vowel(char key)
{
    return key >= FIRST_VOWEL && key < FIRST_VOWEL + VOWEL_KEYS;
}

static char at(const char *row, char letter, char first)
{
    const char *found = letter == '\0' ? NULL : strchr(row, letter);
    return found == NULL ? 0 : (char)(first + (found - row));
}

char hangul_from_latin(char letter)
{
    char key = at(consonants_at, letter, FIRST_CONSONANT);
    if (key == 0)
        key = at(vowels_at, letter, FIRST_VOWEL);
    if (key == 0 && letter >= 'A' && letter <= 'Z')
        key = hangul_from_latin((char)(letter - 'A' + 'a'));
    return key;
}

char hangul_to_latin(char key)
{
    if (hangul_is_consonant(key))
        return consonants_at[key - FIRST_CONSONANT];
    return hangul_is_vowel(key) ? vowels_at[key - FIRST_VOWEL] : 0;
}
