/* BERT's tokenizer: basic tokenizer and WordPiece (Devlin et al., NAACL 2019; Schuster & Nakajima, ICASSP
 * 2012), equal to Hugging Face's BertTokenizerFast on every text.
 *
 *   added tokens such as [MASK] are taken out of the text as they stand
 *   → control characters go, Chinese characters become words → accents off (NFD without marks) → lower case
 *   → words at spaces, every punctuation mark a word → longest entries of the vocabulary from the left, those
 *     inside a word with "##"; a word that cannot be covered, or of over 100 characters, is [UNK]. */
#ifndef MVTI_TEXT_WORDPIECE_H
#define MVTI_TEXT_WORDPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "text/term_table.h"

enum { WORDPIECE_WORD_MAX = 100 }; /* characters of a word; longer ones are unknown */

struct wordpiece_rules {
    bool lower_case, strip_accents;
    bool split_chinese;       /* a Chinese character is a word by itself */
    const char *unknown;      /* "[UNK]" */
    const char *first, *last; /* "[CLS]", "[SEP]": around every text */
    const char *const *added; /* [n_added] further tokens that are taken whole; those that the vocabulary */
    size_t n_added;           /* does not hold, and NULL, are passed over */
};

/* One way to write words and the number of each in the vocabulary. */
struct wordpiece_side {
    struct term_table terms;
    struct vec ids; /* int32_t [terms.n] */
};

struct wordpiece {
    bool lower_case, strip_accents, split_chinese;
    struct wordpiece_side heads; /* every line of the vocabulary */
    struct wordpiece_side tails; /* the lines with "##", without it */
    struct wordpiece_side added;
    size_t longest; /* bytes of the longest line */
    size_t n;       /* lines: ids are below it */
    int32_t unknown, first, last;
};

/* Reads a vocabulary of one token a line, the line's number its id; of equal lines the last one counts. The
 * bytes are not kept. ERR_INVALID (the sentence names the line or the token missing), ERR_NOMEM. */
MUST_USE enum err wordpiece_open(struct wordpiece *w, const char *vocabulary, size_t n_bytes,
                                 const struct wordpiece_rules *rules, struct fail *why);
/* Safe on a zeroed struct. */
void wordpiece_close(struct wordpiece *w);

/* Appends the ids of one text to `ids` (int32_t): first, at most `most` − 2 of the text, last; most ≥ 2.
 * Bytes that are not UTF-8 count as U+FFFD, which is dropped. ERR_NOMEM. Cost: linear in what is kept. */
MUST_USE enum err wordpiece_encode(const struct wordpiece *w, const char *text, size_t most, struct vec *ids);

#endif
