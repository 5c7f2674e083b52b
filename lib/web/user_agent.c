#include "web/user_agent.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool has(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; *text != '\0'; text++)
        if (strncasecmp(text, word, n) == 0)
            return true;
    return false;
}

static bool has_any(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(text, words[i]))
            return true;
    return false;
}

const char *user_agent_device(const char *user_agent, bool touch)
{
    if (has(user_agent, "iPad") || has(user_agent, "Tablet") || (touch && has(user_agent, "Macintosh")))
        return "tablet";
    if (has(user_agent, "Mobi") || has(user_agent, "iPhone"))
        return "phone";
    return has(user_agent, "Android") ? "tablet" : "desktop"; /* Android's phones say "Mobile" */
}

bool user_agent_bot(const char *user_agent)
{
    static const char *const words[] = {
        "bot",     "crawl",   "spider",    "slurp",      "headless",   "preview", "scrap",
        "fetch",   "monitor", "python",    "curl/",      "wget/",      "java/",   "okhttp",
        "go-http", "axios",   "httpx",     "aiohttp",    "lighthouse", "pingdom", "facebookexternalhit",
        "yeti/",   "daum/",   "phantomjs", "node-fetch", "libwww",
    };
    /* Names of phones and apps that one of the words lies in. */
    static const char *const people[] = {"cubot"};
    if (*user_agent == '\0')
        return true;
    return has_any(user_agent, words, sizeof words / sizeof *words) &&
           !has_any(user_agent, people, sizeof people / sizeof *people);
}
