/* How long does ADMM-SLIM take, and how near does it come to the minimum?
 *
 *     build/tests/bench/admm_slim_bench [users] [items]                default 6000, 3500: drawn interactions
 *     build/tests/bench/admm_slim_bench MATRIX TRAIN.inter OTHER.inter…
 *
 * The second compares with a peer's result on the same data at RecBole's settings: MATRIX is its float32
 * [items × items], items by ascending id of all files. Prints one JSON line a run: our own ρ and stop, then
 * exactly a hundred iterations at ρ = 4000, RecBole's. Objective: ½‖X − XB‖² + ½ Σ λ₂ᵢ‖B[i,:]‖² + λ₁‖B‖₁. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map_file.h"
#include "base/secret.h"
#include "data/interactions.h"
#include "data/ratings_likes.h"
#include "tests/fixture/long_tail.h"
#include "train/admm_slim_train.h"

enum { MEAN = 100, FILES_MAX = 4 };

static const struct admm_slim_options OWN = {3, 200, 0.5, 0, 100, 3e-3, RIDGE_CHEAPER},
                                      SAME_WORK = {3, 200, 0.5, 4000, 100, 0, RIDGE_CHEAPER};

/* Rows of X that the files after the first have are left out; their items have columns all the same. */
static enum err read_files(struct csr *x, char **paths, size_t n, struct fail *why)
{
    struct interactions in[FILES_MAX];
    const struct interactions *sets[FILES_MAX];
    struct id_table users = {0}, items = {0};
    struct id_tokens ids = {0};
    struct ratings_count count;
    const struct ratings_rules rules = {
        .scale = {.kind = SCALE_ANY}, .inter = true, .users = &ids.users, .items = &ids.items};
    enum err rc = n <= FILES_MAX ? ERR_OK : fail_set(why, ERR_INVALID, "at most %d files", FILES_MAX);
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        in[i] = INTERACTIONS_NONE;
        sets[i] = &in[i];
        rc = ratings_likes_text(&in[i], &(struct ratings_likes){paths[i], &rules, 0, NULL}, &count, why);
    }
    rc = rc == ERR_OK ? id_table_users(&users, sets, 1, why) : rc;
    rc = rc == ERR_OK ? id_table_items(&items, sets, n, why) : rc;
    return rc == ERR_OK ? interactions_matrix(x, &in[0], &users, &items, why) : rc;
}

/* Σ ½ λ₂ᵢ b² + λ₁ |b| over row i of B. */
static double penalty(const struct csr *xt, const struct admm_slim_options *o, size_t n_users, size_t i,
                      const float *row)
{
    double share = (double)csr_row_count(xt, i) / (double)n_users, sum = 0;
    double ridge = o->lambda2 * pow(share, o->alpha);
    for (size_t j = 0; j < xt->n_rows; j++)
        sum += ridge * row[j] * row[j] / 2 + o->lambda1 * fabs((double)row[j]);
    return sum;
}

static double objective(const struct csr *x, const struct admm_slim_options *o, const float *b)
{
    size_t n = x->n_cols;
    struct csr xt;
    double total = 0, *left = malloc((n + 1) * sizeof *left);
    if (left == NULL || csr_transpose(&xt, x) != ERR_OK)
        return NAN;
    for (size_t u = 0; u < x->n_rows; u++) {
        memset(left, 0, n * sizeof *left);
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++) {
            const float *row = b + (size_t)x->col[p] * n;
            left[x->col[p]] += 1;
            for (size_t j = 0; j < n; j++)
                left[j] -= (double)row[j];
        }
        for (size_t j = 0; j < n; j++)
            total += left[j] * left[j] / 2;
    }
    for (size_t i = 0; i < n; i++)
        total += penalty(&xt, o, x->n_rows, i, b + i * n);
    csr_free(&xt);
    free(left);
    return total;
}

static enum err run(const struct csr *x, const struct admm_slim_options *o, const char *peer,
                    struct fail *why)
{
    struct csr links = {0};
    float *strength = NULL, *b = calloc(x->n_cols * x->n_cols + 1, sizeof *b);
    struct admm_slim_report r = {0};
    enum err rc = b == NULL
                      ? ERR_NOMEM
                      : admm_slim_train(x, o, &(struct admm_slim_result){&links, &strength, &r}, NULL, why);
    for (size_t i = 0; rc == ERR_OK && i < x->n_cols; i++)
        for (uint64_t p = links.start[i]; p < links.start[i + 1]; p++)
            b[i * x->n_cols + (size_t)links.col[p]] = strength[p];
    if (rc == ERR_OK)
        printf("{\"bench\":\"admm-slim\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"rho\":%.0f,"
               "\"tolerance\":%g,\"iterations\":%.1f,\"invert_seconds\":%.3f,\"seconds\":%.3f,\"links\":%zu,"
               "\"objective\":%.3f%s}\n",
               x->n_rows, x->n_cols, csr_count(x), r.rho, o->tolerance,
               (double)r.column_iterations / (double)x->n_cols, r.invert, r.invert + r.iterate,
               csr_count(&links), objective(x, o, b), peer);
    csr_free(&links);
    free(strength);
    free(b);
    return rc;
}

/* `,"peer_objective":…` */
static enum err judge_peer(const struct csr *x, const char *path, char *out, size_t n, struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc != ERR_OK)
        return rc;
    if (file.size == x->n_cols * x->n_cols * sizeof(float))
        (void)snprintf(out, n, ",\"peer_objective\":%.3f", objective(x, &OWN, (const float *)file.data));
    else
        rc = fail_set(why, ERR_INVALID, "%s is no matrix of %zu items", path, x->n_cols);
    map_file_close(&file);
    return rc;
}

int main(int argc, char **argv)
{
    char *end = NULL, peer[64] = "";
    size_t users = argc > 1 ? strtoul(argv[1], &end, 10) : 6000;
    bool files = end != NULL && *end != '\0' && argc > 2;
    struct fail why = {0};
    struct csr x = {0};
    if (secret_init() != ERR_OK)
        return 64;
    enum err rc = files ? read_files(&x, argv + 2, (size_t)argc - 2, &why)
                        : long_tail_draw(&x, users, argc > 2 ? strtoul(argv[2], NULL, 10) : 3500, MEAN);
    if (rc == ERR_OK && files)
        rc = judge_peer(&x, argv[1], peer, sizeof peer, &why);
    rc = rc == ERR_OK ? run(&x, &OWN, peer, &why) : rc;
    rc = rc == ERR_OK ? run(&x, &SAME_WORK, peer, &why) : rc;
    if (rc != ERR_OK)
        fprintf(stderr, "admm_slim_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
