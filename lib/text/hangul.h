/* Hangul as it is typed. On the standard Korean keyboard (two-set, KS X 5002) a syllable is two to five
 * keystrokes: 대부 is ㄷㅐㅂㅜ, 과 is ㄱㅗㅏ, 닭 is ㄷㅏㄹㄱ. While one is typed, a consonant that will begin
 * the next syllable stands below this one (대, 댑, 대부), so only keystrokes are a beginning of what they
 * become.
 *
 * A key is one byte: a consonant 'A' … 'S' (ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ), a vowel '!' … '.'
 * (ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ). In a run of keys a consonant begins a syllable if a vowel follows. */
#ifndef MVTI_TEXT_HANGUL_H
#define MVTI_TEXT_HANGUL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HANGUL_KEYS_MAX = 2 };

/* The keystrokes of a conjoining letter (U+1100 … U+11C2, what NFKD makes of all modern Hangul); 0 for
 * anything else. */
size_t hangul_keys(uint32_t code, char out[HANGUL_KEYS_MAX]);
/* Conjoining letters of any age, fillers among them. */
bool hangul_is_letter(uint32_t code);
bool hangul_is_consonant(char key);
bool hangul_is_vowel(char key);
/* The key that lies where a Latin letter lies (e is ㄷ, E is ㄸ; A is ㅁ as a is), and back; 0 for what is
 * neither. */
char hangul_from_latin(char letter);
char hangul_to_latin(char key);

#endif
