/* lib/domain/watch_link: what may stand on a page as a place to watch a film, and what only looks like it. */
#include "tests/check.h"

#include "domain/watch_link.h"

static void expect(const char *platform, const char *url, const char *words)
{
    const char *wrong = watch_link_wrong(platform, url);
    if (words == NULL)
        CHECK_MSG(wrong == NULL, "%s: %s", url, wrong);
    else
        CHECK_MSG(wrong != NULL && strstr(wrong, words) != NULL, "%s: %s", url,
                  wrong != NULL ? wrong : "good");
}

static void addresses_of_the_web(void)
{
    expect("Mubi", "https://mubi.com/films/1?x=y#z", NULL);
    expect("Mubi", "HTTP://MUBI.COM", NULL);
    expect("Mubi", "https://mubi.com:8443/a", NULL);
    expect("Mubi", "https://mubi.com/a@b", NULL);
    expect("Mubi", "https://mubi.com?who=a@b", NULL);
    expect("Mubi", "https://mubi.com/\uc601\ud654", NULL);
    expect("Mubi", "https://xn--h49an2f8wap3i.kr/", NULL);
    expect("Mubi", "https://a-b.c3.example/", NULL);
}

static void other_schemes(void)
{
    static const char *const urls[] = {"javascript:alert(1)",
                                       "JaVaScRiPt://https://mubi.com/",
                                       "ftp://mubi.com/",
                                       "//mubi.com/",
                                       "mubi.com",
                                       "/a",
                                       "",
                                       "https:/mubi.com",
                                       "https:mubi.com",
                                       "data:text/html,x",
                                       " https://mubi.com/",
                                       "httpss://mubi.com"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        expect("Mubi", urls[i], "not an http or https");
}

static void names_of_users(void)
{
    expect("netflix", "https://netflix.com@evil.example/", "user name");
    expect("Mubi", "https://mubi.com:pw@evil.example/", "user name");
    expect("Mubi", "https://@evil.example/", "user name");
    expect("Mubi", "https://mubi.com:443@evil.example", "user name");
    expect("Mubi", "https://a@b@mubi.com", "user name");
}

static void what_readers_differ_about(void)
{
    static const char *const urls[] = {"https://netflix.com\\@evil.example/",
                                       "https://evil.example\\.netflix.com/",
                                       "https://mubi.com/a b",
                                       "https://mubi.com/\ta",
                                       "https://mubi.com/\n",
                                       "https://mubi.com/\x7f",
                                       "https://mubi.com/\u200b",
                                       "https://mubi.com/\u202efdp",
                                       "https://mubi.com/\u00a0",
                                       "https://mubi.com/\u3000",
                                       "https://mubi.com/\xc2\x85"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        expect("Mubi", urls[i], "invisible");
}

static void hosts(void)
{
    static const char *const urls[] = {"https://",
                                       "https:///a",
                                       "https://localhost/",
                                       "https://127.0.0.1/",
                                       "https://2130706433/",
                                       "https://0x7f.1/",
                                       "https://[::1]/",
                                       "https://mubi..com/",
                                       "https://.mubi.com/",
                                       "https://mubi.com./",
                                       "https://-mubi.com/",
                                       "https://mubi-.com/",
                                       "https://mubi.com:/",
                                       "https://mubi.com:0/",
                                       "https://mubi.com:99999/",
                                       "https://mubi.com:80a/",
                                       "https://mubi%2ecom.example/",
                                       "https://m\u00fcbi.com/",
                                       "https://mubi\u3002com/",
                                       "https://\uff4dubi.com/",
                                       "https://a_b.example/",
                                       "https://mubi.com:8:8/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        expect("Mubi", urls[i], "host");
}

static void known_platforms(void)
{
    expect("넷플릭스", "https://www.netflix.com/title/1", NULL);
    expect("NETFLIX", "https://netflix.com/title/1", NULL);
    expect("넷플릭스", "https://redirect.watcha.com/galaxy/abc", NULL);
    expect("디즈니+", "https://disneyplus.bn5x.net/c/1?u=https%3A%2F%2Fwww.disneyplus.com", NULL);
    expect("애플 TV+", "https://tv.apple.com/kr/movie/1", NULL);
    expect("넷플릭스", "https://netflix.com.evil.example/", "not the platform's");
    expect("넷플릭스", "https://evilnetflix.com/", "not the platform's");
    expect("Netflix", "https://netflix.evil.example/", "not the platform's");
    expect("왓챠", "https://netflix.com/", "not the platform's");
    expect("Netflix Kids", "https://anywhere.example/", NULL);
    expect("net", "https://anywhere.example/", NULL);
}

int main(void)
{
    RUN(addresses_of_the_web);
    RUN(other_schemes);
    RUN(names_of_users);
    RUN(what_readers_differ_about);
    RUN(hosts);
    RUN(known_platforms);
    return check_done();
}
