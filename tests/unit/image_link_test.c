/* lib/domain/image_link: which addresses of portraits a page may show, and which are none. */
#include "tests/check.h"

#include "domain/image_link.h"

static void expect(enum image_link want, const char *const *urls)
{
    for (; *urls != NULL; urls++)
        CHECK_MSG(image_link_judge(*urls) == want, "%s: %d", *urls, (int)image_link_judge(*urls));
}

static void paths_of_this_site(void)
{
    expect(IMAGE_NONE, (const char *const[]){"", NULL});
    expect(IMAGE_OWN,
           (const char *const[]){"/a.png", "/images/\uc601\ud654.webp?v=2", "/", "/a//b.png", NULL});
}

static void other_hosts(void)
{
    expect(IMAGE_ELSEWHERE,
           (const char *const[]){"https://other.example/a.png", "HTTPS://other.example", NULL});
}

static void what_is_no_image(void)
{
    expect(IMAGE_WRONG, (const char *const[]){"javascript:alert(1)",
                                              "JavaScript://other.example/%0aalert(1)",
                                              "java\tscript:alert(1)",
                                              "data:image/svg+xml,<svg onload=alert(1)>",
                                              "http://other.example/a.png",
                                              "ftp://other.example/a.png",
                                              "//other.example/a.png",
                                              "/\\other.example/a.png",
                                              "/\t/other.example/a.png",
                                              "\\\\other.example\\a.png",
                                              "a.png",
                                              "https:a.png",
                                              "https://",
                                              "https:///a.png",
                                              "https://@other.example/a.png",
                                              "https://other.example/a b",
                                              " https://other.example/a.png",
                                              "vbscript:x",
                                              "blob:https://other.example/1",
                                              NULL});
}

int main(void)
{
    RUN(paths_of_this_site);
    RUN(other_hosts);
    RUN(what_is_no_image);
    return check_done();
}
