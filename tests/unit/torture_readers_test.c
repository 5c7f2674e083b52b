/* Every reader and writer of files while memory runs out: ERR_NOMEM, nothing lost, the older file intact. */
#include <dirent.h>
#include <unistd.h>

#include "auth/jwt.h"
#include "auth/profile.h"
#include "base/csv.h"
#include "base/secret.h"
#include "base/text_file.h"
#include "base/text_survey.h"
#include "bts/vector_file.h"
#include "data/dataset.h"
#include "data/lists_reader.h"
#include "data/ratings_file.h"
#include "data/ratings_reader.h"
#include "fixture/failing.h"
#include "fixture/signing.h"
#include "fixture/small_snapshot.h"
#include "fixture/torture.h"
#include "json/json.h"
#include "tests/check.h"
#include "text/safetensors.h"
#include "text/wordpiece.h"
#include "train/trainers.h"
#include "train/tuned_file.h"
#include "web/cookie.h"
#include "web/form.h"

static char folder[] = "/tmp/mvti-torture-XXXXXX";
static char path[128], made[128];

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL && fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

static void says(struct torture_result *out, const char *text)
{
    torture_says(out, text, strlen(text) + 1);
}

/* ---- text ---- */

static enum err read_csv(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct csv *r;
    struct csv_row row;
    enum err rc = csv_open(&r, path, why);
    if (rc != ERR_OK)
        return rc;
    while (csv_next(r, &row)) {
        torture_says(out, &row.verdict, sizeof row.verdict);
        for (size_t i = 0; row.fields != NULL && i < row.n; i++)
            says(out, row.fields[i].text);
    }
    rc = csv_end(r, why);
    csv_close(r);
    return rc;
}

static enum err read_ratings(void *arg, struct torture_result *out, struct fail *why)
{
    struct ratings_reader *r;
    struct ratings_row row;
    struct ratings_rules rules = ratings_reader_plain;
    rules.inter = arg != NULL;
    rules.tolerate = 50;
    enum err rc = ratings_reader_open(&r, path, &rules, why);
    if (rc != ERR_OK)
        return rc;
    while (ratings_reader_next(r, &row)) {
        torture_says(out, &row.verdict, sizeof row.verdict);
        if (row.verdict == RATINGS_OK) {
            torture_says(out, &row.rating.user, sizeof row.rating.user);
            torture_says(out, &row.rating.value, sizeof row.rating.value);
        }
    }
    rc = ratings_reader_end(r, why);
    ratings_reader_close(r);
    return rc;
}

static enum err read_lists(void *arg, struct torture_result *out, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    enum err rc = lists_reader_read(&in, &ids, path, *(enum lists_shape *)arg, why);
    torture_says(out, in.keys.data, in.keys.len * sizeof(uint64_t));
    interactions_free(&in);
    id_tokens_free(&ids);
    return rc;
}

static enum err read_candidates(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct interactions good = INTERACTIONS_NONE, bad = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    enum err rc = lists_reader_read_candidates(&good, &bad, &ids, path, why);
    torture_says(out, bad.keys.data, bad.keys.len * sizeof(uint64_t));
    interactions_free(&good);
    interactions_free(&bad);
    id_tokens_free(&ids);
    return rc;
}

static enum err survey(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct text_survey s;
    enum err rc = text_survey_file(path, &s, why);
    torture_says(out, &s.wrong, sizeof s.wrong);
    torture_says(out, &s.look, sizeof s.look);
    return rc;
}

static enum err read_encoded(void *arg, struct torture_result *out, struct fail *why)
{
    struct text_file *t;
    struct text_line line;
    enum err rc = text_file_open_as(&t, path, arg, why);
    if (rc != ERR_OK)
        return rc;
    while (text_file_first(t, &line))
        torture_says(out, line.text, line.n);
    rc = text_file_status(t, why);
    text_file_close(t);
    return rc;
}

static const char rows_of_csv[] = "movie_id,title,plot\n1,\"one, \"\"two\"\"\",plain\n2,x\n3,\"a\nb\",z\n";

static void csv_files(void)
{
    static char text[40000];
    size_t n = (size_t)snprintf(text, sizeof text, "%s4,\"", rows_of_csv);
    memset(text + n, 'w', 30000); /* longer than what libcsv has to begin with */
    n += 30000;
    n += (size_t)snprintf(text + n, sizeof text - n, "\",end\n");
    put(text, n);
    CHECK(torture("csv", read_csv, NULL));
}

static void ratings_files(void)
{
    static char text[20000];
    size_t n = (size_t)snprintf(text, sizeof text, "userId,movieId,rating,timestamp\n");
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "person-%d,%d,%d.5,126075914%d\n", i, i % 7, i % 5,
                              i % 10);
    put(text, n);
    CHECK(torture("ratings.csv", read_ratings, NULL));
    static const char dat[] = "1::31::2.5::1260759144\n2::31::5::1260759144\n";
    put(dat, sizeof dat - 1);
    CHECK(torture("ratings.dat", read_ratings, NULL));
    static const char inter[] = "user_id:token\titem_id:token\trating:float\nu1\t5\t4\nu2\t6\t5\n";
    put(inter, sizeof inter - 1);
    CHECK(torture(".inter", read_ratings, ""));
}

static void lists_files(void)
{
    static enum lists_shape shapes[] = {LISTS_LISTS, LISTS_PAIRS, LISTS_ROWS};
    static const char *const names[] = {"lists", "pairs", "rows"};
    static const char *const texts[] = {"9 a b c\n2 b d\nu1 a\n", "user,item\nu1,a\nu2,b\n",
                                        "u1\ta\t1\nu2\tb\t1\n"};
    for (int i = 0; i < 3; i++) {
        put(texts[i], strlen(texts[i]));
        CHECK(torture(names[i], read_lists, &shapes[i]));
    }
    static const char candidates[] = "(0,a)\tb\tc\n(1,b)\ta\td\n";
    put(candidates, sizeof candidates - 1);
    CHECK(torture("candidates", read_candidates, NULL));
}

static void encodings(void)
{
    static const char korean[] = "\xb0\xa1\xb3\xaa\xb4\xd9\n\xb6\xf3\xb8\xb6\xb9\xd9\n";
    put(korean, sizeof korean - 1);
    CHECK(torture("text_survey", survey, NULL));
    CHECK(torture("cp949", read_encoded, "euc-kr"));
    put("\xff\xfe"
        "a\0\n\0",
        6);
    CHECK(torture("utf-16", read_encoded, NULL));
}

/* ---- what strangers send ---- */

static enum err read_json(void *arg, struct torture_result *out, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *v;
    enum err rc = json_read(&a, arg, strlen(arg), &v, why);
    if (rc == ERR_OK)
        says(out, json_text(v, "name"));
    arena_free(&a);
    return rc;
}

static enum err read_form(void *arg, struct torture_result *out, struct fail *why)
{
    struct arena a = {0};
    struct form f;
    enum err rc = form_parse(&f, &a, arg, why);
    for (size_t i = 0; rc == ERR_OK && i < f.n; i++)
        says(out, f.pairs[i].value);
    arena_free(&a);
    return rc;
}

static enum err write_cookie(void *arg, struct torture_result *out, struct fail *why)
{
    struct buf b = {0};
    cookie_put(&b, "mvti", arg, 3600, true);
    enum err rc = b.failed ? fail_set(why, ERR_NOMEM, "no cookie") : ERR_OK;
    says(out, buf_str(&b));
    buf_free(&b);
    return rc;
}

static enum err read_profile(void *arg, struct torture_result *out, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *v;
    struct oidc_identity who = {0};
    enum err rc = json_read(&a, arg, strlen(arg), &v, why);
    if (rc == ERR_OK)
        rc = profile_read_claims("https://i.example", v, &who, why);
    says(out, who.name);
    arena_free(&a);
    return rc;
}

static char keys_text[4000], *token;

static enum err read_token(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct arena a = {0};
    struct jwt_keys *keys;
    const struct json_value *claims;
    enum err rc = jwt_keys_read(keys_text, strlen(keys_text), &keys, why);
    if (rc == ERR_OK) {
        rc = jwt_verify(keys, &a, token, &claims, why);
        if (rc == ERR_OK)
            says(out, json_text(claims, "sub"));
        jwt_keys_free(keys);
    }
    arena_free(&a);
    return rc;
}

static void tokens(void)
{
    static const char claims[] = "{\"iss\":\"https://i.example\",\"sub\":\"s\"}";
    cjose_jwk_t *key = signing_rsa_key();
    CHECK(key != NULL);
    token = signing_token(key, "RS256", "r", NULL, claims, sizeof claims - 1);
    snprintf(keys_text, sizeof keys_text, "{\"keys\":[%s,%s]}", signing_ec_public, signing_rsa_public);
    CHECK(torture("jwt", read_token, NULL));
    cjose_jwk_release(key);
    free(token);
}

static void what_strangers_send(void)
{
    CHECK(torture("json", read_json, "{\"name\":\"a\\u00e9\",\"list\":[1,2.5,null,true,{\"x\":\"y\"}]}"));
    CHECK(torture("form", read_form, "q=%ED%95%9C+b&limit=12&empty="));
    CHECK(torture("cookie", write_cookie, "abcdefghijklmnopqrstuv"));
    CHECK(torture("profile", read_profile,
                  "{\"sub\":\"s\",\"nickname\":\"Jose\\u0301 the longer name\",\"name\":\"another\"}"));
}

/* ---- files of ours ---- */

/* Of a folder that is made anew for each test: after a failure it holds what it held before. */
static size_t entries(void)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    while (dir != NULL && readdir(dir) != NULL)
        n++;
    if (dir != NULL)
        closedir(dir);
    return n;
}

static enum err kept(enum err rc, size_t before, struct fail *why)
{
    return entries() == before ? rc : fail_set(why, ERR_FAULT, "%zu entries became %zu", before, entries());
}

static void says_file(struct torture_result *out, const char *name)
{
    static char bytes[1 << 16];
    FILE *f = fopen(name, "rb");
    if (f != NULL) {
        torture_says(out, bytes, fread(bytes, 1, sizeof bytes, f));
        fclose(f);
    }
}

static enum err write_dataset(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct interactions in = INTERACTIONS_NONE;
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1};
    const struct dataset_source source = {.name = "films", .n_rows = 60};
    struct dataset_builder b;
    size_t before = entries();
    dataset_builder_init(&b);
    enum err rc = ERR_OK;
    for (uint32_t i = 0; i < 60 && rc == ERR_OK; i++)
        rc = interactions_add(&in, i % 9, (int32_t)(i * 7 % 31)) ? ERR_OK : ERR_NOMEM;
    if (rc == ERR_OK)
        rc = dataset_builder_add(&b, &source, &in, why);
    if (rc == ERR_OK)
        rc = dataset_builder_write(&b, &rules, made, why);
    interactions_free(&in);
    dataset_builder_free(&b);
    struct dataset d;
    if (dataset_open(&d, made, NULL) == ERR_OK) {
        torture_says(out, d.hash, SECRET_HASH_BYTES);
        dataset_close(&d);
    } else if (rc == ERR_OK)
        rc = ERR_FAULT;
    return kept(rc, before, why);
}

static enum err write_ratings(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct ratings_writer *w;
    struct ratings_header header;
    size_t before = entries();
    enum err rc = ratings_writer_open(&w, made, why);
    if (rc != ERR_OK)
        return kept(rc, before, why);
    for (uint32_t i = 0; i < 200; i++) {
        const struct rating rating = {i % 9 + 1, (int32_t)(i * 7 % 31 + 1), (int64_t)i * 1000, RATING_ONE};
        ratings_writer_add(w, &rating);
    }
    rc = ratings_writer_finish(w, 5 * RATING_ONE, false, &header, why);
    if (rc == ERR_OK)
        rc = ratings_writer_commit(w, why);
    ratings_writer_close(w);
    says_file(out, made);
    return kept(rc, before, why);
}

static enum err write_tuned(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    struct trainer_values v = {0}, back = {0};
    size_t before = entries();
    enum err rc = trainer_set(trainers_find("ease"), &v, "lambda=400", why);
    if (rc == ERR_OK)
        rc = tuned_file_write(&v, trainers_find("ease"), "a remark", made, why);
    if (rc == ERR_OK)
        rc = tuned_file_read(&back, trainers_find("ease"), made, why);
    torture_says(out, back.value, sizeof back.value);
    return kept(rc, before, why);
}

static enum err write_vectors(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    const struct vector_key keys[] = {{{1}}, {{2}}};
    const float rows[] = {1, 0, 0, 1};
    struct vector_file v = {0};
    size_t before = entries();
    enum err rc = vector_file_write(made, keys, rows, 2, 2, why);
    if (rc == ERR_OK)
        rc = vector_file_open(&v, made, why);
    torture_says(out, &v.n, sizeof v.n);
    vector_file_close(&v);
    return kept(rc, before, why);
}

static enum err write_snapshot(void *arg, struct torture_result *out, struct fail *why)
{
    const struct small_snapshot *f = arg;
    struct snapshot_builder b;
    struct snapshot s = {0};
    struct rng r;
    char name[256] = "";
    size_t before = entries();
    rng_seed(&r, 1);
    failing_pause(true);
    small_snapshot_catalog(&b, 20, &r);
    failing_pause(false);
    b.models[0] = &f->ease;
    b.models[1] = &f->bts;
    b.blend =
        (struct snapshot_blend){.n_parts = 2, .weight = {0.8f, 0.2f}, .is_content = {0, 1}, .cold = 0.4f};
    enum err rc = snapshot_writer_build(&b, folder, 1700000000, name, sizeof name, why);
    snapshot_builder_free(&b);
    if (rc == ERR_OK) {
        rc = snapshot_open(&s, name, why);
        says(out, s.id);
        snapshot_close(&s);
        unlink(name);
    }
    return kept(rc, before, why);
}

static enum err write_model(void *arg, struct torture_result *out, struct fail *why)
{
    const struct small_snapshot *f = arg;
    struct model m = {0};
    size_t before = entries();
    enum err rc = model_write(&f->bts, made, NULL, why);
    if (rc == ERR_OK)
        rc = model_open(&m, made, why);
    torture_says(out, &m.n_items, sizeof m.n_items);
    model_close(&m);
    return kept(rc, before, why);
}

static void files_of_ours(void)
{
    static struct small_snapshot small;
    struct snapshot_builder b;
    FILE *older = fopen(made, "wb");
    CHECK(older != NULL && fclose(older) == 0);
    CHECK(torture("tuned", write_tuned, NULL));
    CHECK(torture("ratings_file", write_ratings, NULL));
    CHECK(torture("dataset", write_dataset, NULL));
    CHECK(torture("vectors", write_vectors, NULL));
    small_snapshot_fill(&b, &small, 20, 1);
    snapshot_builder_free(&b);
    CHECK(torture("model_file", write_model, &small));
    CHECK(torture("snapshot", write_snapshot, &small));
    small_snapshot_free(&small);
}

/* ---- encoders ---- */

static enum err read_safetensors(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    static const char header[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                                 "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
    unsigned char bytes[256] = {sizeof header - 1};
    struct safetensors s;
    memcpy(bytes + 8, header, sizeof header - 1);
    enum err rc = safetensors_parse(&s, bytes, 8 + sizeof header - 1 + 8, why);
    torture_says(out, &s.n, sizeof s.n);
    safetensors_close(&s);
    return rc;
}

static enum err read_wordpiece(void *arg, struct torture_result *out, struct fail *why)
{
    (void)arg;
    static const char vocabulary[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nfilm\n##s\na\nb\nc\n";
    const struct wordpiece_rules rules = {
        .lower_case = true, .strip_accents = true, .unknown = "[UNK]", .first = "[CLS]", .last = "[SEP]"};
    struct wordpiece w;
    struct vec ids = VEC_OF(int32_t);
    enum err rc = wordpiece_open(&w, vocabulary, sizeof vocabulary - 1, &rules, why);
    if (rc == ERR_OK)
        rc = wordpiece_encode(&w, "Films \xc3\xa1 b c films films films films films films films", 64, &ids);
    torture_says(out, ids.data, ids.len * sizeof(int32_t));
    wordpiece_close(&w);
    vec_free(&ids);
    return rc;
}

static void encoders(void)
{
    CHECK(torture("safetensors", read_safetensors, NULL));
    CHECK(torture("wordpiece", read_wordpiece, NULL));
}

int main(void)
{
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/in", folder);
    snprintf(made, sizeof made, "%s/out", folder);
    RUN(csv_files);
    RUN(ratings_files);
    RUN(lists_files);
    RUN(encodings);
    RUN(what_strangers_send);
    RUN(tokens);
    RUN(files_of_ours);
    RUN(encoders);
    unlink(path);
    unlink(made);
    CHECK(rmdir(folder) == 0);
    return check_done();
}
