/* The panel: people whom no model is trained on, so that two snapshots of different nights can be compared on
 * the same people without either knowing their films (publish/champion.h).
 *
 * Who belongs follows from a keyed hash of the person's number: below[kind] is where the hashes of the panel
 * end. So the same people are held out every night, those who come later too; and of two models with
 * different bounds neither was trained on whoever is below both. The key is drawn once and lies in the state
 * folder, so that nobody can choose a number that is in the panel; the rule names it by a hash, and rules of
 * different keys have nothing to do with each other. */
#ifndef MVTI_DATA_PANEL_H
#define MVTI_DATA_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Visitors are counted apart from the people of imported ratings: what is good for one need not be for the
 * other. */
enum panel_kind { PANEL_VISITORS, PANEL_RATINGS, PANEL_KINDS };

/* PANEL_LEAST likes make a person somebody to compare on: three known at least, one to be found. Of fewer
 * than PANEL_WORTH such people of a kind nobody is held out. */
enum {
    PANEL_LEAST = 4,
    PANEL_WORTH = 80,
    PANEL_MOST = 1000,
    PANEL_KEY = 32,
    PANEL_ID = 8,
    PANEL_PATH = 1088
};

/* What a dataset and its models say of who was held out; all zero: nobody. */
struct panel_rule {
    uint8_t key[PANEL_ID]; /* beginning of the hash of the key */
    uint32_t below[PANEL_KINDS];
};
_Static_assert(sizeof(struct panel_rule) == 16, "panel rule layout");

struct panel {
    uint8_t key[PANEL_KEY];
    struct panel_rule rule; /* below: 0 until panel_choose */
};

/* Reads the key at path; with `make`, draws one if there is none (mode 0600). ERR_NOT_FOUND, ERR_CORRUPT,
 * ERR_IO. */
MUST_USE enum err panel_open(struct panel *p, const char *path, bool make, struct fail *why);
/* Sets the bound of a kind of which there are `people`, n of them with PANEL_LEAST likes: an eighth, halved
 * until it is PANEL_MOST of the n or fewer; a power of two, so that it moves seldom. Where there are no people
 * of a kind, nobody of it is trained on, and all that ever come are held out. */
void panel_choose(struct panel *p, enum panel_kind kind, size_t people, size_t n);
/* The hash of a person. */
uint32_t panel_hash(const struct panel *p, enum panel_kind kind, uint32_t person);
/* Is a hash within the rule? */
bool panel_has(const struct panel_rule *rule, enum panel_kind kind, uint32_t hash);
/* Narrows `rule` to whom `other` holds out as well; false, and nobody is left, if the keys differ. */
bool panel_narrow(struct panel_rule *rule, const struct panel_rule *other);
/* "…/current.mvd" → "…/current.held.mvd": the dataset of the panel, beside that of everybody else.
 * ERR_INVALID: too long. */
MUST_USE enum err panel_path(const char *dataset, char *out, size_t size, struct fail *why);

#endif
