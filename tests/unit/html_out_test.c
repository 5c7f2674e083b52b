/* Writing HTML: what comes out, and what a slip of the page that writes costs. */
#include "tests/check.h"
#include "web/html_out.h"
#include "web/language.h"

static struct buf b;
static struct html_out w;

static void start(void)
{
    buf_reset(&b);
    html_out_start(&w, &b);
}

static void elements_close_in_order(void)
{
    start();
    html_out_open_class(&w, HTML_SECTION, "a \"b\"");
    html_out_say(&w, HTML_H2, NULL, "<&>");
    html_out_open(&w, HTML_IMG);
    html_out_attribute(&w, HTML_AT_ALT, "");
    html_out_end(&w);
    html_out_text(&w, "it's");
    CHECK(!html_out_whole(&w));
    html_out_end(&w);
    CHECK(html_out_whole(&w));
    CHECK_STR(buf_str(&b),
              "<section class=\"a &quot;b&quot;\"><h2>&lt;&amp;&gt;</h2><img alt=\"\">it's</section>");
}

static void addresses_lead_within_the_site_or_to_the_web(void)
{
    static const char *const good[] = {
        "/", "/c/1", "#main", "/about#privacy", "https://x.example/?a=b&c=d", "http://127.0.0.1:8080/"};
    static const char *const bad[] = {"",
                                      "javascript:alert(1)",
                                      "//evil.example",
                                      "/\\evil.example",
                                      "data:text/html,x",
                                      "ht\ttps://x",
                                      " /c/1",
                                      "c/1",
                                      "/c/1\n",
                                      "HTTPS://x"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_MSG(html_out_address_safe(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(!html_out_address_safe(bad[i]), "%s", bad[i]);
    start();
    html_out_open(&w, HTML_A);
    html_out_attribute(&w, HTML_AT_HREF, "javascript:alert(1)");
    html_out_text(&w, "x");
    html_out_end(&w);
    CHECK_STR(buf_str(&b), "<a>x</a>");
}

static void json_stays_in_its_block(void)
{
    start();
    html_out_json(&w, "{\"a\":\"</script><!--&\"}");
    CHECK_STR(
        buf_str(&b),
        "<script type=\"application/ld+json\">{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}</script>\n");
    CHECK(html_out_whole(&w));
}

static void slips_show(void)
{
    start();
    html_out_end(&w);
    CHECK(b.failed);
    start();
    html_out_text(&w, NULL);
    CHECK(b.failed);
    start();
    html_out_open(&w, HTML_P);
    html_out_text(&w, "x");
    html_out_attribute(&w, HTML_AT_ID, "late");
    CHECK(b.failed);
    start();
    html_out_open(&w, HTML_INPUT);
    html_out_text(&w, "in it");
    CHECK(b.failed);
    start();
    html_out_open(&w, HTML_BR);
    html_out_open(&w, HTML_B);
    CHECK(b.failed);
    start();
    for (int i = 0; i < HTML_OUT_DEEPEST; i++)
        html_out_open(&w, HTML_DIV);
    CHECK(!b.failed);
    html_out_open(&w, HTML_DIV);
    CHECK(b.failed);
}

static void the_language_is_that_of_the_address(void)
{
    static const char *const english[] = {"/en", "/en/", "/en/c/1"}, *const korean[] = {"/", "/english",
                                                                                        "/c/en", "/env/x"};
    for (size_t i = 0; i < 3; i++)
        CHECK_MSG(language_of_path(english[i]) == LANGUAGE_EN, "%s", english[i]);
    for (size_t i = 0; i < 4; i++)
        CHECK_MSG(language_of_path(korean[i]) == LANGUAGE_KO, "%s", korean[i]);
    CHECK_STR(language_code(language_other(LANGUAGE_KO)), "en");
    CHECK_STR(language_locale(language_other(LANGUAGE_EN)), "ko_KR");
}

int main(void)
{
    RUN(elements_close_in_order);
    RUN(addresses_lead_within_the_site_or_to_the_web);
    RUN(json_stays_in_its_block);
    RUN(slips_show);
    RUN(the_language_is_that_of_the_address);
    buf_free(&b);
    return check_done();
}
