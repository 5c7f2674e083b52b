#include "domain/mbti.h"

static const char letters[MBTI_AXES][3] = {"EI", "SN", "TF", "JP"};

static const char names[MBTI_COUNT][5] = {"ESTJ", "ESTP", "ESFJ", "ESFP", "ENTJ", "ENTP", "ENFJ", "ENFP",
                                          "ISTJ", "ISTP", "ISFJ", "ISFP", "INTJ", "INTP", "INFJ", "INFP"};

bool mbti_letter(char letter, enum mbti_axis *axis, bool *second)
{
    if (letter >= 'a' && letter <= 'z')
        letter = (char)(letter - 'a' + 'A');
    for (int a = 0; a < MBTI_AXES; a++)
        for (int side = 0; side < 2; side++)
            if (letters[a][side] == letter) {
                *axis = (enum mbti_axis)a;
                *second = side == 1;
                return true;
            }
    return false;
}

uint8_t mbti_parse(const char *s, size_t n)
{
    if (n != MBTI_AXES)
        return MBTI_NONE;
    unsigned type = 0;
    for (int i = 0; i < MBTI_AXES; i++) {
        enum mbti_axis axis;
        bool second;
        if (!mbti_letter(s[i], &axis, &second) || (int)axis != i)
            return MBTI_NONE;
        type = type << 1 | second;
    }
    return (uint8_t)type;
}

const char *mbti_name(uint8_t type)
{
    return type < MBTI_COUNT ? names[type] : "";
}

int mbti_distance(uint8_t a, uint8_t b)
{
    return __builtin_popcount((unsigned)(a ^ b) & 15u);
}

const char *mbti_axis_name(enum mbti_axis axis)
{
    return letters[axis];
}
