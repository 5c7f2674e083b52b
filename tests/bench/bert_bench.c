/* The BERT encoder on a file of texts, each ended by NUL:
 *     bert_bench speed DIR TEXTS          texts and tokens per second, as JSON: the median of 3 runs
 *     bert_bench embed DIR TEXTS OUT      the embeddings, float32 [n × d]
 *     bert_bench tokens DIR TEXTS OUT     the token ids, int32: for each text how many, then they
 * For tests/peers/bert_onnx.py and bert_cosine.py, which hold it to onnxruntime and sentence-transformers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/map_file.h"
#include "num/parallel.h"
#include "tests/fixture/bench.h"
#include "text/bert_private.h"

enum { RUNS = 3 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static enum err count_tokens(const struct bert *b, const struct vec *texts, struct vec *out, size_t *total)
{
    struct vec ids = VEC_OF(int32_t);
    enum err rc = ERR_OK;
    *total = 0;
    for (size_t i = 0; i < texts->len && rc == ERR_OK; i++) {
        ids.len = 0;
        rc = wordpiece_encode(&b->words, ((const char **)texts->data)[i], b->config.most, &ids);
        int32_t n = (int32_t)ids.len;
        bool ok = out == NULL || vec_push(out, &n);
        for (size_t k = 0; out != NULL && k < ids.len && ok; k++)
            ok = vec_push(out, (const int32_t *)ids.data + k);
        rc = ok ? rc : ERR_NOMEM;
        *total += ids.len;
    }
    vec_free(&ids);
    return rc;
}

static enum err measure(const struct bert *b, const struct vec *texts, double opened, struct fail *why)
{
    size_t d = bert_width(b), tokens;
    float *out = malloc(texts->len * d * sizeof *out + 1);
    double took[RUNS];
    enum err rc = out == NULL ? ERR_NOMEM : count_tokens(b, texts, NULL, &tokens);
    for (size_t i = 0; i < RUNS && rc == ERR_OK; i++) {
        double start = seconds();
        rc = bert_encode(b, texts->data, texts->len, out, why);
        took[i] = seconds() - start;
    }
    free(out);
    if (rc != ERR_OK)
        return rc;
    double median = bench_median(took, RUNS);
    printf("{\"texts\": %zu, \"tokens\": %zu, \"width\": %zu, \"threads\": %zu, \"kernels\": \"%s\", "
           "\"open_seconds\": %.3f, \"seconds\": %.3f, \"texts_per_second\": %.1f, \"tokens_per_second\": "
           "%.0f}\n",
           texts->len, tokens, d, parallel_threads(), b->way->name, opened, median,
           (double)texts->len / median, (double)tokens / median);
    return ERR_OK;
}

static enum err put_file(const char *path, const void *bytes, size_t n, struct fail *why)
{
    struct out_file o;
    enum err rc = map_file_out_open(&o, path, why);
    if (rc != ERR_OK)
        return rc;
    map_file_out_write(&o, bytes, n);
    return map_file_out_commit(&o, why);
}

static enum err write_embeddings(const struct bert *b, const struct vec *texts, const char *path,
                                 struct fail *why)
{
    size_t n = texts->len * bert_width(b);
    float *out = malloc(n * sizeof *out + 1);
    enum err rc = out == NULL ? ERR_NOMEM : bert_encode(b, texts->data, texts->len, out, why);
    rc = rc == ERR_OK ? put_file(path, out, n * sizeof *out, why) : rc;
    free(out);
    return rc;
}

static enum err write_tokens(const struct bert *b, const struct vec *texts, const char *path,
                             struct fail *why)
{
    struct vec all = VEC_OF(int32_t);
    size_t total;
    enum err rc = count_tokens(b, texts, &all, &total);
    rc = rc == ERR_OK ? put_file(path, all.data, all.len * sizeof(int32_t), why) : rc;
    vec_free(&all);
    return rc;
}

static bool cut_texts(const struct map_file *file, struct vec *texts)
{
    for (size_t at = 0; at < file->size;) {
        const char *text = (const char *)file->data + at;
        size_t n = strnlen(text, file->size - at);
        if (at + n == file->size || !vec_push(texts, &text))
            return false; /* the last text has no end */
        at += n + 1;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct fail why = {0};
    struct bert *b = NULL;
    struct map_file file = {0};
    struct vec texts = VEC_OF(const char *);
    const char *what = argc >= 4 ? argv[1] : "";
    bool speed = strcmp(what, "speed") == 0 && argc == 4, embed = strcmp(what, "embed") == 0 && argc == 5;
    if (!speed && !embed && !(strcmp(what, "tokens") == 0 && argc == 5)) {
        fprintf(stderr, "bert_bench speed DIR TEXTS | embed DIR TEXTS OUT | tokens DIR TEXTS OUT\n");
        return 2;
    }
    double start = seconds();
    enum err rc = bert_open(&b, argv[2], &why);
    double opened = seconds() - start;
    rc = rc == ERR_OK ? map_file_open(&file, argv[3], &why) : rc;
    if (rc == ERR_OK && !cut_texts(&file, &texts))
        rc = fail_set(&why, ERR_INVALID, "%s: its last text is not ended by NUL", argv[3]);
    if (rc == ERR_OK)
        rc = speed   ? measure(b, &texts, opened, &why)
             : embed ? write_embeddings(b, &texts, argv[4], &why)
                     : write_tokens(b, &texts, argv[4], &why);
    if (rc != ERR_OK)
        fprintf(stderr, "bert_bench: %s: %s\n", err_name(rc), why.text);
    vec_free(&texts);
    map_file_close(&file);
    bert_close(b);
    return rc == ERR_OK ? 0 : 1;
}
