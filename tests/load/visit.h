/* A visitor of the load test, as a table of steps: what to ask next, and whether the answer is what this
 * visitor, and nobody else, must see. No network here: visitors.c sends and receives. */
#ifndef MVTI_TESTS_LOAD_VISIT_H
#define MVTI_TESTS_LOAD_VISIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "load/ledger.h"

enum { FILMS_MOST = 5, ADDRESS_MOST = 2048, COOKIE_MOST = 64, PROOF_MOST = 256 };

#define API "/api/v1"

enum visit_kind {
    VISIT_PLAIN = 1, /* log in, take a test, like, look, log out */
    VISIT_GUEST = 2, /* takes a test before logging in too, which must follow */
    VISIT_MEND = 4,  /* deletes a test and takes a like back */
    VISIT_ERASE = 8, /* erases the account in place of logging out, and comes back as somebody new */
    /* The last one: log in once more and find everything, and log out or erase it. */
    VISIT_RETURN = 16,
    VISIT_END = 32
};

enum outcome {
    OUTCOME_GOOD,
    OUTCOME_LOST,   /* no answer, 5xx, or "not saved": allowed while something is down, and never acknowledged
                     */
    OUTCOME_WRONG,  /* any other answer than the right one */
    OUTCOME_FOREIGN /* something of another visitor */
};

struct crowd {
    const char *site;     /* http://127.0.0.1:PORT */
    const char *provider; /* the same of the stand-in */
    const char *run;      /* begins every subject of this run, and nothing else anywhere */
    int32_t *films;       /* [n_films] ids to choose from */
    size_t n_films;
    struct visitor *all; /* [n] */
    int n;
};

struct answer {
    bool arrived; /* false: the connection failed */
    long status;
    char location[ADDRESS_MOST];
    char csrf[COOKIE_MOST], session[COOKIE_MOST]; /* "" if the answer carries none */
    char challenge[PROOF_MOST];                   /* likewise: what a first write is to answer */
    bool session_set;
    struct buf body;
};

struct request {
    const char *method;
    char url[ADDRESS_MOST];
    char cookie[COOKIE_MOST + 8]; /* in place of the kept ones; "": none */
    struct buf body;
    bool write; /* with the headers of a script's request */
};

struct json_value;

struct visitor {
    int number;
    char subject[64];
    const char *mbti, *enneagram; /* a pair of its own for the first 288 visitors */
    int32_t films[FILMS_MOST];
    size_t n_films;
    struct rng rng;
    struct ledger ledger;
    enum visit_kind kind;
    int step, round;
    bool signed_in, returned;
    char session[COOKIE_MOST], csrf[COOKIE_MOST], location[ADDRESS_MOST], token[TOKEN_CHARS + 1];
    char challenge[PROOF_MOST], proof[PROOF_MOST]; /* of a guest to be; "": none */
    int32_t character, unliked;                    /* to like next; to take back */
    char doomed[TOKEN_CHARS + 1];                  /* to delete */
    struct request request;
    struct answer answer;
    struct arena arena;
};

void visitor_init(struct visitor *v, int number, const struct crowd *crowd);
void visitor_free(struct visitor *v);
/* At the first step of a visit; the last one of a visitor or another. */
void visit_begin(struct visitor *v, bool last);
/* For steps: fills v->request, whose body is empty. */
void visit_ask_at(struct visitor *v, const char *method, const char *site, const char *path);
/* Fills v->request for the present step. */
void visit_ask(struct visitor *v, const struct crowd *crowd);
/* Judges v->answer and goes to the next step; `why` says what is wrong with it. False after the last one. */
bool visit_hear(struct visitor *v, const struct crowd *crowd, enum outcome *outcome, const char **why);
/* The visit broke off: what it had under way is of unknown fate. */
void visit_abandon(struct visitor *v);
/* "PUT /api/v1/characters/{id}/like"; "provider" for the pages of the provider. */
const char *visit_route(const struct visitor *v);
/* Whether a person would think before this step; scripts and redirects do not. */
bool visit_thinks(const struct visitor *v);

#endif
