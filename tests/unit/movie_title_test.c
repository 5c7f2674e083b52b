/* lib/text/movie_title: MovieLens's titles taken apart, and those that only look like them left alone. */
#include "tests/check.h"

#include "text/movie_title.h"

static struct arena arena;

static void expect(const char *title, const char *spoken, int32_t year)
{
    int32_t found = -1;
    size_t n = movie_title_cut_year(title, &found);
    CHECK_STR(movie_title_spoken(&arena, title, n), spoken);
    CHECK_INT(found, year);
}

static void years_at_the_end(void)
{
    expect("Heat (1995)", "Heat", 1995);
    expect("Death Note: Desu n\u00f4to (2006\u20132007)", "Death Note: Desu n\u00f4to", 2006);
    expect("Big Bang Theory, The (2007-)", "The Big Bang Theory", 2007);
    expect("Big Bang Theory, The (2007\u2013)", "The Big Bang Theory", 2007);
    expect("Fawlty Towers (1975-1979)", "Fawlty Towers", 1975);
    expect("Fawlty Towers (1975-79)", "Fawlty Towers", 1975);
    expect("Fawlty Towers ( 1975 - 1979 )", "Fawlty Towers", 1975);
    expect("Fawlty Towers (1975 \u2014 )", "Fawlty Towers", 1975);
    expect("Fawlty Towers (1975~1979)", "Fawlty Towers", 1975);
    expect("2012 (2009)", "2012", 2009);
    expect("1984", "1984", 0);
    expect("The first (1870)", "The first", 1870);
    expect("Before (1869)", "Before (1869)", 0);
    expect("The last (2100)", "The last", 2100);
    expect("Beyond (2101)", "Beyond (2101)", 0);
    expect("Too early (0000)", "Too early (0000)", 0);
    expect("1999)", "1999)", 0);
    expect("x1999)", "x1999)", 0);
    expect("(1999)", "(1999)", 0);
    expect("Blade Runner 2049", "Blade Runner 2049", 0);
    expect("Area (51)", "Area (51)", 0);
    expect("Call (0800-2007)", "Call (0800-2007)", 0);
    expect("Future (2500)", "Future (2500)", 0);
    expect("Birdman (The Unexpected Virtue)", "Birdman (The Unexpected Virtue)", 0);
    expect("", "", 0);
    expect(")", ")", 0);
    expect("-)", "-)", 0);
}

static void articles_of_every_language(void)
{
    expect("Matrix, The (1999)", "The Matrix", 1999);
    expect("American in Paris, An (1951)", "An American in Paris", 1951);
    expect("Haine, La (1995)", "La Haine", 1995);
    expect("Mis\u00e9rables, Les (1995)", "Les Mis\u00e9rables", 1995);
    expect("Boot, Das (1981)", "Das Boot", 1981);
    expect("Postino, Il (1994)", "Il Postino", 1994);
    expect("Avventura, L' (1960)", "L'Avventura", 1960);
    expect("Avventura, L\u2019 (1960)", "L\u2019Avventura", 1960);
    expect("Vitelloni, I (1953)", "I Vitelloni", 1953);
    expect("Olvidados, Los", "Los Olvidados", 0);
    expect("Passion, En", "En Passion", 0);
    expect("Sjunde inseglet, Det", "Det Sjunde inseglet", 0);
    expect("Ano em que Meus Pais, O", "O Ano em que Meus Pais", 0);
    expect("Zwarte Zwanen, De", "De Zwarte Zwanen", 0);
    expect("Welle, Die", "Die Welle", 0);
}

static void articles_in_brackets(void)
{
    expect("Postman, The (Postino, Il) (1994)", "The Postman (Il Postino)", 1994);
    expect("City of Lost Children, The (Cit\u00e9 des enfants perdus, La) (1995)",
           "The City of Lost Children (La Cit\u00e9 des enfants perdus)", 1995);
    expect("Seven (a.k.a. Se7en) (1995)", "Seven (a.k.a. Se7en)", 1995);
    expect("City of the Living Dead (a.k.a. Gates of Hell, The) (Paura nella citt\u00e0) (1980)",
           "City of the Living Dead (a.k.a. The Gates of Hell) (Paura nella citt\u00e0)", 1980);
    expect("Good, the Bad and the Ugly, The (Buono, il brutto, il cattivo, Il) (1966)",
           "The Good, the Bad and the Ugly (Il Buono, il brutto, il cattivo)", 1966);
    expect("(500) Days of Summer (2009)", "(500) Days of Summer", 2009);
    expect("Open (bracket, The", "Open (The bracket", 0);
    expect("Four (a) b, The (c)", "Four (a) b, The (c)", 0);
}

static void titles_that_are_as_they_should_be(void)
{
    static const char *const titles[] = {"Me, Myself & Irene",
                                         "Yours, Mine and Ours",
                                         "O Brother, Where Art Thou?",
                                         "Monsters, Inc.",
                                         "I, Robot",
                                         "Good, the Bad and the Ugly",
                                         "Paris, Texas",
                                         "Crazy, Stupid, Love.",
                                         "The Cook, the Thief, His Wife & Her Lover",
                                         "Steamboat Bill, Jr.",
                                         "Tinker, Tailor, Soldier, Spy",
                                         "So, the",
                                         ", The",
                                         "The",
                                         "Ieri, oggi, domani",
                                         "\uae30\uc0dd\ucda9"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        expect(titles[i], titles[i], 0);
}

static void titles_of_one_film_and_of_two(void)
{
    CHECK(movie_title_agree("The Matrix", "Matrix, The"));
    CHECK(movie_title_agree("Am\u00e9lie", "Amelie (Fabuleux destin d'Am\u00e9lie Poulain, Le)"));
    CHECK(movie_title_agree("La Haine", "Hate (Haine, La)"));
    CHECK(movie_title_agree("Gnomeo and Juliet", "Gnomeo & Juliet"));
    CHECK(
        movie_title_agree("The Lord of the Rings (Film Trilogy)", "Lord of the Rings: The Two Towers, The"));
    CHECK(movie_title_agree("Up", "UP!"));
    CHECK(!movie_title_agree("Up", "Superman"));
    CHECK(!movie_title_agree("The Man from Earth", "Hunt for Red October, The"));
    CHECK(!movie_title_agree("The Ugly Truth", "Visit, The"));
    CHECK(!movie_title_agree("", "Visit, The"));
}

int main(void)
{
    RUN(years_at_the_end);
    RUN(articles_of_every_language);
    RUN(articles_in_brackets);
    RUN(titles_that_are_as_they_should_be);
    RUN(titles_of_one_film_and_of_two);
    arena_free(&arena);
    return check_done();
}
