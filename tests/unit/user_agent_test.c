/* lib/web/user_agent: kinds of machines by what they say of themselves. */
#include "web/user_agent.h"
#include "tests/check.h"

#define MAC                                                                                                  \
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 " \
    "Safari/605.1.15"
#define PHONE                                                                                                \
    "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "     \
    "Mobile Safari/537.36"

static void devices_by_their_words(void)
{
    static const struct {
        const char *agent, *device;
        bool touch;
    } rows[] = {
        {PHONE, "phone", true},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Mobile/15E148 KAKAOTALK 10.7.0",
         "phone", true},
        {"Mozilla/5.0 (Linux; Android 13; SM-X906N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 "
         "Safari/537.36",
         "tablet", true},
        {"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15", "tablet", true},
        {MAC, "desktop", false},
        {MAC, "tablet", true}, /* what an iPad says of itself since iPadOS 13 */
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 "
         "Safari/537.36",
         "desktop", true},
        {"", "desktop", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(user_agent_device(rows[i].agent, rows[i].touch), rows[i].device);
}

static void programs_say_so(void)
{
    static const char *const bots[] = {
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "facebookexternalhit/1.1",
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
        "curl/8.5.0",
        "python-requests/2.31.0",
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0 "
         "Safari/537.36"),
    };
    for (size_t i = 0; i < sizeof bots / sizeof *bots; i++)
        CHECK_MSG(user_agent_bot(bots[i]), "%s", bots[i]);
    static const char *const people[] = {
        MAC,
        PHONE,
        "Mozilla/5.0 (Linux; Android 10; CUBOT_NOTE_20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 "
        "Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Mobile/15E148 NAVER(inapp; search; 1270; 12.6.1)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Mobile/15E148 DaumApps/5.5.0 DaumDevice/mobile",
    };
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        CHECK_MSG(!user_agent_bot(people[i]), "%s", people[i]);
}

int main(void)
{
    RUN(devices_by_their_words);
    RUN(programs_say_so);
    return check_done();
}
