#include "train/descent.h"

#include <math.h>
#include <stdlib.h>

#include "num/parallel.h"

static const double RUNAWAY = 20; /* a loss this many times the first batch's has diverged */
enum { CHUNK = 1 << 15 /* parameters that a thread takes at a time */ };

/* ---- steps ---- */

enum err descent_init(struct descent *d, float *theta, size_t n, struct fail *why)
{
    *d = (struct descent){.theta = theta, .n = n};
    d->m = calloc(n + 1, sizeof *d->m);
    d->v = calloc(n + 1, sizeof *d->v);
    if (d->m != NULL && d->v != NULL)
        return ERR_OK;
    descent_free(d);
    return fail_set(why, ERR_NOMEM, "out of memory for the moments of %zu parameters", n);
}

void descent_free(struct descent *d)
{
    free(d->m);
    free(d->v);
    *d = (struct descent){0};
}

struct span {
    struct descent *d;
    size_t from, n;
    const float *gradient;
};

static void step_chunk(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct span *s = arg;
    struct descent *d = s->d;
    size_t off = block * CHUNK, n = s->n - off < CHUNK ? s->n - off : CHUNK, at = s->from + off;
    adam_update(&d->adam, d->theta + at, d->m + at, d->v + at, s->gradient + off, n);
}

void descent_step(struct descent *d, size_t from, size_t n, const float *gradient)
{
    struct span s = {d, from, n, gradient};
    parallel_if(n > CHUNK, (n + CHUNK - 1) / CHUNK, step_chunk, &s);
}

/* ---- epochs ---- */

bool descent_sane(const struct checkpoint *state, double loss)
{
    return isfinite(loss) && loss <= RUNAWAY * fmax(state->first, 1);
}

static void set_arrays(const struct descent_run *run, struct checkpoint *state)
{
    for (size_t i = 0; i < run->n_parts; i++) {
        const struct descent *d = &run->parts[i];
        float *const values[] = {d->theta, d->m, d->v};
        for (size_t k = 0; k < 3; k++) {
            state->arrays[3 * i + k].values = values[k];
            state->arrays[3 * i + k].n = d->n;
        }
    }
}

static enum err run_epoch(const struct descent_run *run, struct checkpoint *state,
                          const struct progress *progress, struct fail *why)
{
    state->loss = run->epoch(run->training, progress);
    if (!descent_sane(state, state->loss))
        return fail_set(why, ERR_DIVERGED,
                        "%s: the loss is %g in epoch %llu, after %g in the first batch; a smaller rate than "
                        "%g may help",
                        run->name, state->loss, (unsigned long long)state->epochs + 1, state->first,
                        run->rate);
    state->epochs++;
    for (size_t i = 0; i < run->n_parts; i++)
        state->steps[i] = run->parts[i].adam.t;
    if (run->after != NULL)
        run->after(run->training);
    return checkpoint_keep(state, run->place, state->epochs == run->epochs, progress, why);
}

enum err descent_run(const struct descent_run *run, struct checkpoint *state, const struct progress *progress,
                     struct fail *why)
{
    set_arrays(run, state);
    enum err rc = checkpoint_begin(state, run->place, run->epochs, progress, why);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < run->n_parts; i++) {
        adam_init(&run->parts[i].adam, run->rate);
        run->parts[i].adam.t = state->steps[i];
    }
    run->begin(run->training, state->epochs == 0);
    while (rc == ERR_OK && state->epochs < run->epochs)
        rc = run_epoch(run, state, progress, why);
    return rc;
}
