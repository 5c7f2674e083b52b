#include "bts/bts_encoder.h"

#include <stdio.h>
#include <string.h>

#include "base/map_file.h"
#include "base/secret.h"

static const struct {
    const char *name;
    bool needed;
} files[] = {
    {"config.json", true},
    {"vocab.txt", true},
    {"model.safetensors", true},
    {"tokenizer_config.json", false},
    {"sentence_bert_config.json", false},
};

static enum err hash_files(const char *dir, uint8_t out[SECRET_HASH_BYTES], struct fail *why)
{
    struct secret_hasher h;
    enum err rc = ERR_OK;
    secret_hasher_init(&h);
    for (size_t i = 0; i < sizeof files / sizeof *files && rc == ERR_OK; i++) {
        char path[1024];
        struct map_file m;
        if (snprintf(path, sizeof path, "%s/%s", dir, files[i].name) >= (int)sizeof path)
            return fail_set(why, ERR_TOO_LARGE, "path too long: %.200s", dir);
        rc = map_file_open(&m, path, why);
        if (rc == ERR_NOT_FOUND && !files[i].needed) {
            rc = ERR_OK;
            continue;
        }
        if (rc != ERR_OK)
            break;
        uint64_t size = m.size;
        secret_hasher_add(&h, files[i].name, strlen(files[i].name) + 1);
        secret_hasher_add(&h, &size, sizeof size);
        secret_hasher_add(&h, m.data, m.size);
        map_file_close(&m);
    }
    secret_hasher_end(&h, out);
    return rc;
}

static enum err open_it(void *arg, size_t *d, struct fail *why)
{
    struct bts_encoder *e = arg;
    enum err rc = e->bert != NULL ? ERR_OK : bert_open(&e->bert, e->dir, why);
    if (rc == ERR_OK)
        *d = bert_width(e->bert);
    return rc;
}

static enum err encode(void *arg, const char *const *texts, size_t n, float *out, struct fail *why)
{
    struct bts_encoder *e = arg;
    return bert_encode(e->bert, texts, n, out, why);
}

enum err bts_encoder_init(struct bts_encoder *e, const char *dir, struct fail *why)
{
    *e = (struct bts_encoder){.dir = dir, .encoder = {.open = open_it, .encode = encode, .arg = e}};
    return hash_files(dir, e->encoder.identity, why);
}

void bts_encoder_close(struct bts_encoder *e)
{
    bert_close(e->bert);
    e->bert = NULL;
}
