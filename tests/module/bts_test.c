/* The content model as a person makes it: from imported films and plots, again after a new film, and without
 * a database. */
#include "tests/check.h"

#include <unistd.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "model/model_file.h"
#include "store/db.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet"};

static const char *at(const char *name)
{
    return mariadb_path(&server, name);
}

static int mvti(const char *words)
{
    return program_run(&program, words);
}

#define CHECK_WELL(arguments) CHECK_MSG(mvti(arguments) == 0, "%s", buf_str(&program.said))
#define CHECK_SAYS(words)                                                                                    \
    CHECK_MSG(strstr(buf_str(&program.said), words) != NULL, "%s", buf_str(&program.said))

static void write_file(const char *name, const char *text)
{
    CHECK(mariadb_write(&server, name, text));
}

static const char movies[] = "movie_id,title_en,title_ko,year,genres\n"
                             "1,Deep Water,깊은 물,2001,Thriller|Drama\n"
                             "2,Deeper Water,더 깊은 물,2003,Thriller|Drama\n"
                             "3,Ballroom,무도회장,1960,Musical\n"
                             "4,Untold,알 수 없는,,\n"
                             "5,Dancing School,무용 학교,1961,Musical\n";
static const char plots[] = "movie_id,plot_ko,plot_en,keywords\n"
                            "1,잠수부가 난파선을 찾는다,A diver looks for a wreck,diver|wreck\n"
                            "2,잠수부가 바다로 돌아온다,The diver returns to the sea,diver|sea\n"
                            "3,,Two dancers rehearse,dancer\n"
                            "5,학생이 춤을 배운다,,\n";

/* The model's index of a film, −1. */
static int item(const struct model *m, int32_t id)
{
    for (size_t i = 0; i < m->n_items; i++)
        if (m->item_ids[i] == id)
            return (int)i;
    return -1;
}

static float weight(const struct model *m, int32_t from, int32_t to)
{
    int a = item(m, from), b = item(m, to);
    for (uint64_t p = a < 0 || b < 0 ? 0 : m->links.start[a]; a >= 0 && b >= 0 && p < m->links.start[a + 1];
         p++)
        if (m->links.col[p] == b)
            return m->strength[p];
    return 0;
}

static void model_of(struct model *m, const char *name)
{
    struct fail why = {0};
    CHECK_MSG(model_open(m, at(name), &why) == ERR_OK, "%s", why.text);
}

static void films_get_neighbours_from_their_texts(void)
{
    struct model m;
    write_file("movies.csv", movies);
    write_file("plots.csv", plots);
    CHECK_WELL("import movies $D/movies.csv");
    CHECK_WELL("import plots $D/plots.csv");
    CHECK_WELL("train bts --set neighbours=2");
    CHECK_SAYS("4 films (3 with an English text, 3 with a Korean one)");
    CHECK_SAYS("skipped 1 films with neither a text nor a genre");
    CHECK_SAYS("TF-IDF only");
    model_of(&m, "state/models/bts.mvm");
    CHECK_INT(m.n_items, 4);
    CHECK_INT(item(&m, 4), -1);
    CHECK(weight(&m, 1, 2) > 0.15F && weight(&m, 2, 1) == weight(&m, 1, 2));
    CHECK(weight(&m, 3, 5) > 0);
    CHECK(weight(&m, 1, 2) > weight(&m, 1, 3));
    model_close(&m);
}

/* The likes know films 1 and 3 only. */
static void a_new_film_gets_neighbours_and_nothing_else_changes(void)
{
    struct model m;
    write_file("ratings.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n1,3,5,1\n2,1,4,1\n3,3,4,1\n");
    CHECK_WELL("import ratings --name ml $D/ratings.csv");
    CHECK_WELL("dataset build");
    CHECK_WELL("train ease --holdout 0");
    CHECK(link(at("state/models/ease.mvm"), at("kept")) == 0);
    write_file("more.csv", "movie_id,title_en,year,genres\n6,Deepest Water,2024,Thriller\n");
    write_file("more_plots.csv", "movie_id,plot_en,keywords\n6,The diver and the last wreck,diver|wreck\n");
    CHECK_WELL("import movies $D/more.csv");
    CHECK_WELL("import plots $D/more_plots.csv");
    CHECK_WELL("train bts");
    model_of(&m, "state/models/bts.mvm");
    CHECK_INT(m.n_items, 5);
    CHECK(weight(&m, 1, 6) > 0.2F && weight(&m, 6, 1) > 0.2F && weight(&m, 1, 6) > weight(&m, 3, 6));
    model_close(&m);
    CHECK_INT(program_shell(&program, "cmp \"$D/kept\" \"$D/state/models/ease.mvm\""), 0);
}

static void it_is_measured_where_there_are_likes(void)
{
    struct model m;
    CHECK_WELL("train bts --holdout 0.5 --seed 4");
    CHECK_SAYS("cold.hit@10");
    model_of(&m, "state/models/bts.mvm");
    CHECK(m.n_metrics > 0 && strncmp(m.metrics[0].name, "cold.", 5) == 0);
    CHECK_INT(m.info->seed, 4);
    model_close(&m);
    CHECK_WELL("train bts --holdout 0");
    model_of(&m, "state/models/bts.mvm");
    CHECK_INT(m.n_metrics, 0);
    model_close(&m);
}

static void files_give_the_same_links_as_the_database(void)
{
    struct model a, b;
    write_file("all.csv", "movieId,title,genres\n"
                          "6,Deepest Water (2024),Thriller\n"
                          "5,Dancing School (1961),Musical\n"
                          "no number,Nothing (1999),Drama\n"
                          "4,Untold,(no genres listed)\n"
                          "3,Ballroom (1960),Musical\n"
                          "2,Deeper Water (2003),Thriller|Drama\n"
                          "1,Deep Water (2001),Thriller|Drama\n");
    write_file("all_plots.csv", "movie_id,plot_ko,plot_en,keywords\n"
                                "9,,A film of another catalog,\n"
                                "6,,The diver and the last wreck,diver|wreck\n"
                                "1,,A diver looks for a wreck,diver|wreck\n"
                                "2,,The diver returns to the sea,diver|sea\n"
                                "3,,Two dancers rehearse,dancer\n");
    CHECK_WELL("train bts --movies $D/all.csv --plots $D/all_plots.csv --out $D/files.mvm --holdout 0");
    CHECK_SAYS("1 rows that are not films");
    tables_run(&server, "UPDATE movie_plot SET plot_ko = ''");
    CHECK_WELL("train bts --out $D/database.mvm --holdout 0");
    model_of(&a, "files.mvm");
    model_of(&b, "database.mvm");
    CHECK_INT(a.n_items, b.n_items);
    CHECK_INT(csr_count(&a.links), csr_count(&b.links));
    CHECK(memcmp(a.links.col, b.links.col, csr_count(&a.links) * sizeof *a.links.col) == 0);
    CHECK(memcmp(a.strength, b.strength, csr_count(&a.links) * sizeof *a.strength) == 0);
    model_close(&a);
    model_close(&b);
}

enum { KO_FILMS = 6, KO_WIDTH = 16 };

/* Writes the films of make_bert.py, numbered from 1, and reads their vectors by NumPy. */
static void korean_films(double v[KO_FILMS][KO_WIDTH])
{
    FILE *in = fopen("tests/unit/fixtures/bert_ko.txt", "r");
    FILE *films = fopen(at("ko.csv"), "w"), *told = fopen(at("ko_plots.csv"), "w");
    char hex[4096], text[2048];
    CHECK(in != NULL && films != NULL && told != NULL);
    fputs("movie_id,title_en,title_ko\n", films);
    fputs("movie_id,plot_ko\n", told);
    CHECK(fscanf(in, "#%*[^\n]") == 0);
    for (int i = 0; i < KO_FILMS; i++) {
        CHECK(fscanf(in, " text %4095[0-9a-f] ids%*[^o]out", hex) == 1);
        for (size_t k = 0; hex[2 * k] != '\0'; k++) {
            sscanf(hex + 2 * k, "%2hhx", (unsigned char *)&text[k]);
            text[k + 1] = '\0';
        }
        for (int k = 0; k < KO_WIDTH; k++)
            CHECK(fscanf(in, "%lf", &v[i][k]) == 1);
        char *stop = strstr(text, ". ");
        CHECK(stop != NULL);
        *stop = '\0';
        fprintf(films, "%d,Film %d,%s\n", i + 1, i + 1, text);
        fprintf(told, "%d,\"%s\"\n", i + 1, stop + 2);
    }
    fclose(in);
    CHECK(fclose(films) == 0 && fclose(told) == 0);
}

/* With nothing but the encoder's say, a link is the cosine of two vectors, right to 3e-5 in each number (see
 * bert_test). */
static void korean_plots_are_read_by_the_encoder(void)
{
    static const char train[] =
        "--set bert_ko_dir=tests/unit/fixtures/bert_ko train bts --movies $D/ko.csv --plots $D/ko_plots.csv "
        "--set mix=1 --set genres=0 --set era=0 --out $D/ko.mvm --holdout 0";
    double v[KO_FILMS][KO_WIDTH];
    struct model m;
    korean_films(v);
    CHECK_WELL(train);
    CHECK_SAYS("Korean texts encoded by BERT: 6, 6 of them new");
    CHECK_WELL(train);
    CHECK_SAYS("Korean texts encoded by BERT: 6, 0 of them new");
    model_of(&m, "ko.mvm");
    for (int a = 0; a < KO_FILMS; a++)
        for (int b = 0; b < KO_FILMS; b++) {
            double cosine = 0;
            for (int k = 0; k < KO_WIDTH; k++)
                cosine += v[a][k] * v[b][k];
            if (a != b)
                CHECK_NEAR((double)weight(&m, a + 1, b + 1), fmax(cosine, 0), 1e-4);
        }
    model_close(&m);
}

static void what_cannot_be_is_said(void)
{
    write_file("twice.csv", "movie_id,title_en,genres\n1,One,War\n1,Two,War\n");
    write_file("wrong.csv", "id,title_en\n1,One\n");
    write_file("none.csv", "movie_id,title_en\n1,One\n");
    CHECK_INT(mvti("train bts --movies $D/twice.csv"), err_exit_status(ERR_INVALID));
    CHECK_SAYS("duplicate film");
    CHECK_INT(mvti("train bts --movies $D/wrong.csv"), err_exit_status(ERR_INVALID));
    CHECK_SAYS("movie_id");
    CHECK_INT(mvti("train bts --movies $D/none.csv"), err_exit_status(ERR_INVALID));
    CHECK_SAYS("import plots");
    CHECK_INT(mvti("train bts --movies nowhere.csv"), err_exit_status(ERR_NOT_FOUND));
    CHECK_INT(mvti("train bts --dataset nowhere.mvd"), err_exit_status(ERR_NOT_FOUND));
    CHECK_INT(mvti("train bts --set lambda=3"), 64);
    CHECK_INT(mvti("train ease --movies $D/all.csv"), 64);
    CHECK_INT(mvti("train bts --plots $D/plots.csv"), 64);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_bts_test"));
    RUN(films_get_neighbours_from_their_texts);
    RUN(a_new_film_gets_neighbours_and_nothing_else_changes);
    RUN(it_is_measured_where_there_are_likes);
    RUN(files_give_the_same_links_as_the_database);
    RUN(korean_plots_are_read_by_the_encoder);
    RUN(what_cannot_be_is_said);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
