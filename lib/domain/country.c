#include "domain/country.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *code, *ko, *en;
} rows[] = {
    {"KR", "한국", "South Korea"},
    {"KR", "대한민국", "Korea"},
    {"US", "미국", "United States"},
    {"US", "미합중국", "USA"},
    {"GB", "영국", "United Kingdom"},
    {"JP", "일본", "Japan"},
    {"FR", "프랑스", "France"},
    {"DE", "독일", "Germany"},
    {"CA", "캐나다", "Canada"},
    {"AU", "호주", "Australia"},
    {"NZ", "뉴질랜드", "New Zealand"},
    {"CN", "중국", "China"},
    {"HK", "홍콩", "Hong Kong"},
    {"TW", "대만", "Taiwan"},
    {"IN", "인도", "India"},
    {"IT", "이탈리아", "Italy"},
    {"ES", "스페인", "Spain"},
    {"IE", "아일랜드", "Ireland"},
    {"BE", "벨기에", "Belgium"},
    {"NL", "네덜란드", "Netherlands"},
    {"DK", "덴마크", "Denmark"},
    {"SE", "스웨덴", "Sweden"},
    {"NO", "노르웨이", "Norway"},
    {"FI", "핀란드", "Finland"},
    {"IS", "아이슬란드", "Iceland"},
    {"CH", "스위스", "Switzerland"},
    {"AT", "오스트리아", "Austria"},
    {"CZ", "체코", "Czech Republic"},
    {"HU", "헝가리", "Hungary"},
    {"PL", "폴란드", "Poland"},
    {"BG", "불가리아", "Bulgaria"},
    {"RO", "루마니아", "Romania"},
    {"RU", "러시아", "Russia"},
    {"GR", "그리스", "Greece"},
    {"MT", "몰타", "Malta"},
    {"TR", "터키", "Turkey"},
    {"IL", "이스라엘", "Israel"},
    {"IR", "이란", "Iran"},
    {"AE", "아랍 에미리트 연합국", "United Arab Emirates"},
    {"ZA", "남아프리카 공화국", "South Africa"},
    {"MA", "모로코", "Morocco"},
    {"TH", "태국", "Thailand"},
    {"VN", "베트남", "Vietnam"},
    {"SG", "싱가포르", "Singapore"},
    {"ID", "인도네시아", "Indonesia"},
    {"PH", "필리핀", "Philippines"},
    {"MX", "멕시코", "Mexico"},
    {"BR", "브라질", "Brazil"},
    {"AR", "아르헨티나", "Argentina"},
    {"CL", "칠레", "Chile"},
    {"CO", "콜롬비아", "Colombia"},
};

/* ISO 3166-1 alpha-2, every code that is given out, in ascending order. */
static const char codes[][3] = {
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA",
    "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV",
    "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU",
    "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES",
    "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM",
    "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE",
    "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM",
    "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY",
    "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT",
    "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU",
    "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA",
    "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM",
    "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL",
    "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE",
    "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW"};

static int is(const char *text, size_t n, const char *name)
{
    return strlen(name) == n && strncasecmp(text, name, n) == 0;
}

const char *country_code(const char *text)
{
    size_t n = strcspn(text, ",|");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(text, n, rows[i].code) || is(text, n, rows[i].ko) || is(text, n, rows[i].en))
            return rows[i].code;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (is(text, n, codes[i]))
            return codes[i];
    return "";
}
