#include "domain/survey.h"

bool survey_item_valid(const struct survey_item *item)
{
    if (item->axis >= MBTI_AXES || item->slope < SURVEY_MIN_SLOPE || item->slope > SURVEY_MAX_SLOPE)
        return false;
    int before = -SURVEY_MAX_STEP - 1;
    for (int k = 0; k < SURVEY_STEPS; before = item->steps[k++])
        if (item->steps[k] <= before || item->steps[k] > SURVEY_MAX_STEP)
            return false;
    return true;
}

size_t survey_items_of(const struct survey_item *items, size_t n, int version)
{
    size_t brief = 0;
    while (brief < n && items[brief].brief)
        brief++;
    return version == SURVEY_SUMS ? brief : n;
}

static bool second_wins(const struct survey_item *items, const int8_t *answers, size_t n, uint8_t axis,
                        int sum)
{
    if (sum != 0)
        return sum > 0;
    for (size_t i = 0; i < n; i++)
        if (items[i].axis == axis && items[i].tiebreak && answers[i] != 0)
            return (answers[i] > 0) == (items[i].second != 0);
    return true;
}

void survey_score(const struct survey_item *items, const int8_t *answers, size_t n_items,
                  struct survey_score *out)
{
    unsigned type = 0;
    for (uint8_t axis = 0; axis < MBTI_AXES; axis++) {
        int sum = 0;
        int count = 0;
        for (size_t i = 0; i < n_items; i++) {
            if (items[i].axis != axis)
                continue;
            sum += items[i].second ? answers[i] : -answers[i];
            count++;
        }
        int most = count > 0 ? SURVEY_MAX_ANSWER * count : 1;
        int percent = 50 + (50 * sum + (sum > 0 ? most / 2 : -(most / 2))) / most;
        out->second_percent[axis] = (uint8_t)percent;
        type = type << 1 | (unsigned)second_wins(items, answers, n_items, axis, sum);
    }
    out->mbti = (uint8_t)type;
}
