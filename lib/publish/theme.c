#include "publish/theme.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/joined.h"

/* English words and phrases, matched whole and without case; Korean ones, matched anywhere in the Korean plot. Divided by '|'. */
struct theme {
    const char *name, *english, *korean;
};

/* clang-format off */
static const struct theme themes[] = {
    {"grave", "holocaust|genocide|massacre|concentration camp|nazis|vietnam war|world war ii|korean war|war crime|slavery|hiroshima|shipwreck|disaster|uprising|gwangju", "학살|전쟁터|강제 수용소|참사|6·25|5·18|나치|노예"},
    {"space", "space|spaceship|astronaut|galaxy|planet|outer space|alien invasion|mars|starship", "우주|은하|행성"},
    {"robot", "robot|android|cyborg|artificial intelligence|machines|computer", "로봇|인공지능|기계"},
    {"time", "time travel|time loop|future|memory|memories|amnesia", "시간을|과거로|기억"},
    {"sea", "ocean|sea|ship|pirate|pirates|island|fish|shark|mermaid|sailor", "바다|외딴섬|해적|상어"},
    {"magic", "magic|wizard|witch|magic school|fairy tale|curse|dragon|spell|genie", "마법|마녀|저주|요정"},
    {"royal", "king|queen|princess|prince|joseon|emperor|palace|throne|knight", "왕|공주|궁궐|황제|조선"},
    {"music", "music|band|singer|musician|jazz|piano|song|composer|concert|pianist", "음악|노래|밴드|피아노|가수"},
    {"stage", "theater|theatre|actor|actress|dance|ballet|opera|circus|hollywood|filmmaking", "무대|배우|극단|춤"},
    {"school", "school|high school|teacher|student|students|college|classroom|mentor", "학교|교사|선생|학생"},
    {"letters", "letter|letters|writer|poetry|poet|novel|journalist|reporter", "편지|작가|기자|시를"},
    {"ghost", "ghost|ghosts|haunted|exorcism|demon|spirits|afterlife|possession|zombie|vampire", "유령|귀신|악령|좀비|저승"},
    {"hero", "superhero|superpowers|vigilante|secret identity", "영웅|초능력"},
    {"gamble", "gambling|poker|con artist|heist|con man|casino", "도박|화투|사기꾼"},
    {"police", "detective|police|serial killer|investigation|fbi|murder|mystery", "형사|경찰|수사|탐정|살인"},
    {"crime", "mafia|gangster|assassin|drug|robbery|thief|thieves|gang", "조직|마피아|암살|강도|도둑"},
    {"law", "court|lawyer|trial|justice|prison|law", "변호사|재판|법정|교도소|감옥"},
    {"sport", "boxing|baseball|basketball|football|wrestling|training|underdog|marathon|coach", "권투|야구|농구|레슬링|경기에|달리기"},
    {"food", "food|cooking|chef|restaurant|chocolate|baker", "요리|식당|음식"},
    {"train", "train|railway|station", "기차|열차|역에서"},
    {"travel", "road trip|journey|chase|driver|taxi|escape|adventure", "여행|여정|운전|택시"},
    {"snow", "snow|winter|christmas|ice", "겨울|크리스마스|눈보라"},
    {"forest", "forest|nature|jungle|garden|mountain|farm", "숲|자연|밀림|농장|시골"},
    {"desert", "desert|wasteland", "사막|황무지"},
    {"animal", "animal|animals|dog|cat|lion|toy|toys|panda|rabbit|fox|bird", "동물|강아지|고양이|사자|장난감|토끼"},
    {"love", "first love|love|romance|forbidden love|marriage|wedding|breakup", "사랑|첫사랑|결혼|연인"},
    {"family", "family|father and son|brothers|sisters|motherhood|mother and daughter|fatherhood|childhood", "가족|아버지|어머니|엄마|아빠|형제|자매"},
};
/* clang-format on */
enum { THEMES = sizeof themes / sizeof *themes };

static bool is_edge(char c)
{
    return !isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

/* Whether a word or phrase of n letters stands whole in a text. */
static bool has_word(const char *text, const char *word, size_t n)
{
    for (const char *at = text; *at != '\0'; at++)
        if ((at == text || is_edge(at[-1])) && strncasecmp(at, word, n) == 0 && is_edge(at[n]))
            return true;
    return false;
}

static int count_english(const struct catalog_movie *m, const char *words)
{
    int sum = 0;
    for (struct joined word; joined_next(&words, &word);)
        sum += THEME_KEYWORD * has_word(m->keywords, word.text, word.n) +
               has_word(m->plot_en, word.text, word.n);
    return sum;
}

static int count_korean(const char *plot, const char *words)
{
    int sum = 0;
    for (struct joined word; joined_next(&words, &word);)
        sum += memmem(plot, strlen(plot), word.text, word.n) != NULL;
    return sum;
}

const char *theme_of(const struct catalog_movie *m)
{
    int most = THEME_LEAST - 1;
    const char *best = "";
    for (size_t i = 0; i < THEMES; i++) {
        int sum = count_english(m, themes[i].english) + count_korean(m->plot_ko, themes[i].korean);
        if (sum <= most)
            continue;
        most = sum;
        best = themes[i].name;
        if (i == 0)
            break;
    }
    return best;
}
