/* P = (XᵀX + D)⁻¹, X users × items 0/1, D diagonal and positive, and products with it, in the cheaper of two
 * ways that differ only in rounding:
 *   by items    P itself, n² float32: 2n² flops a column;
 *   by people   P = D⁻¹ − D⁻¹Xᵀ·S·X·D⁻¹ with S = (I + X·D⁻¹·Xᵀ)⁻¹, users² (Woodbury's identity): 2·users²
 *               flops and two passes over the entries of X a column. P is never formed.
 * The second is cheaper if there are fewer people than items: on MovieLens-100K (943 people,
 * 1,682 films, 80,808 entries) a product takes a third of the multiplications besides those passes, on
 * ml-latest-small (609 and 7,363) a hundredth. */
#ifndef MVTI_TRAIN_RIDGE_INVERSE_H
#define MVTI_TRAIN_RIDGE_INVERSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "num/wide.h"

enum ridge_way { RIDGE_CHEAPER, RIDGE_BY_ITEMS, RIDGE_BY_PEOPLE };

struct ridge_inverse {
    const struct csr *x;
    struct csr xt;
    bool by_people;
    size_t n;               /* items */
    float *matrix;          /* by items: P [n × n] */
    float *packed;          /* by people: S in the order of the kernel that multiplies with it */
    const struct wide *way; /* by people: that kernel */
    float *one_by;          /* by people: [users + items] 1 for users, 1/D for items */
    float *ones;            /* by people: [users + items] all 1 */
    float *scratch;         /* by people: one area for each thread */
};

/* Whether RIDGE_CHEAPER goes by people. */
bool ridge_inverse_by_people(const struct csr *x);

/* What is inverted, and how. */
struct ridge_sum {
    const struct csr *x;    /* borrowed; must outlive the ridge_inverse */
    const double *diagonal; /* D [n] */
    enum ridge_way way;
};

/* ridge_inverse_free it in any case. ERR_DIVERGED: not positive definite or not finite; ERR_NOMEM. `name` is the
 * stage that progress reports. */
MUST_USE enum err ridge_inverse_make(struct ridge_inverse *r, const struct ridge_sum *of,
                                     const struct progress *progress, const char *name, struct fail *why);
/* product = v·P; v and product are [rows × n], row-major, and must not overlap. Uses all cores. */
void ridge_inverse_multiply(const struct ridge_inverse *r, const float *v, float *product, size_t rows);
void ridge_inverse_free(struct ridge_inverse *r);

#endif
