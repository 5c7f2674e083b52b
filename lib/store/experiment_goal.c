#include "store/experiment_goal.h"

#include <stddef.h>
#include <string.h>

static const struct experiment_goal goals[] = {
    {"like", {"like", "like"}, "", "liked a character", true},
    {"click", {"click", "click"}, "", "opened a character", true},
    {"engage", {"like", "click"}, "", "liked or opened a character", true},
    {"watch", {"watch", "watch"}, "", "followed a link to a streaming service", true},
    {"share", {"share", "share"}, "", "shared a result", false},
    {"up", {"feedback", "feedback"}, "up", "gave a thumb up", false},
};

enum err experiment_goal_find(const char *name, const struct experiment_goal **out, struct fail *why)
{
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
        if (strcmp(goals[i].name, name) == 0) {
            *out = &goals[i];
            return ERR_OK;
        }
    return fail_set(why, ERR_INVALID, "%s is not a goal; goals are like, click, engage, watch, share and up",
                    name);
}
