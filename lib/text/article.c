#include "text/article.h"

#include <stddef.h>

/* English; French; Italian; Spanish, Catalan and Portuguese; German; Dutch and the languages of the North. */
const char *const article_list[] = {
    "The", "A",   "An",  "Da",                                                           /**/
    "Le",  "La",  "Les", "L'",  "L\u2019", "Un",   "Une", "Des",                         /**/
    "Il",  "Lo",  "I",   "Gli", "Uno",     "Una",  "Un'", "Un\u2019",                    /**/
    "El",  "Los", "Las", "Els", "Unos",    "Unas", "O",   "Os",       "As", "Um", "Uma", /**/
    "Der", "Die", "Das", "Den", "Ein",     "Eine",                                       /**/
    "De",  "Het", "'t",  "Een", "En",      "Ett",  "Et",  "Det",      NULL,
};
