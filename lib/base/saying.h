/* Sentences that programs store for the owner, and what the console reads out of them: which one it is, and its values, so that the page says the
 * same in its own language. Who writes one uses the format from here, so that both are one text.
 *
 * A sentence that is none of these (a system's own, say) is shown as it is. That of two snapshots compared is not here: the table has its numbers. */
#ifndef MVTI_BASE_SAYING_H
#define MVTI_BASE_SAYING_H

#include <stdbool.h>
#include <stddef.h>

/* Why a snapshot was published or not. */
#define SAYING_FIRST "this is the first snapshot; there is nothing to compare it with"
#define SAYING_SAME_CONTENT "the same content is live already"
#define SAYING_BELOW_POPULAR                                                                                 \
    "worse than no model: NDCG@10 of %zu people is %.4f with what is popular and %.4f with the new "         \
    "snapshot, a difference of %+.4f (99%% interval %+.4f to %+.4f)"
#define SAYING_FORCED "; published all the same (--force)"       /* behind another */
#define SAYING_NOT_COMPARED "the snapshots are not compared: %s" /* before another */
#define SAYING_NOBODY_HELD "nobody is held out of training; mvti dataset build does it"
#define SAYING_FEW_HELD "only %zu people are held out of both, and %d are needed"
#define SAYING_NEW_UNSAID                                                                                    \
    "the new models do not say whom they were not trained on; run mvti dataset build and train again"
#define SAYING_LIVE_SEEN                                                                                     \
    "the models of the live snapshot were trained on people of the panel, or on all of them"
#define SAYING_BY_HAND "by hand"
#define SAYING_FOUND "live without a record of it"

/* Why another one cannot become live. */
#define SAYING_IS_PINNED "%s is pinned; run mvti publish --unpin first, or --pin another one"
#define SAYING_NOT_KEPT                                                                                      \
    "there is no snapshot %.40s among the %zu that are kept; 'mvti snapshot history' lists them"
#define SAYING_NO_OLDER "there is no older snapshot to roll back to"
#define SAYING_NO_NEWER "there is no newer snapshot to go forward to"
#define SAYING_NONE_LIVE "no snapshot is live, so there is none to pin; run mvti publish"
#define SAYING_NONE_PINNED "no snapshot is pinned"

/* What came of what was asked for in the console. */
#define SAYING_IS_LIVE "%s is live; the next night may replace it"
#define SAYING_IS_PINNED_NOW "%s is live and stays so until it is unpinned"
#define SAYING_IS_UNPINNED "%s is pinned no more; the next night may replace it"
#define SAYING_IS_BANNED "visitor %s may only read, and no longer counts from the next night on"
#define SAYING_IS_UNBANNED "visitor %s is like any other, and counts again from the next night on"
#define SAYING_VOTES_GONE "the votes of visitor %s are gone"
#define SAYING_REPORT_CLOSED "report %s is closed"
#define SAYING_NO_REPORT "report %lld is closed already"
#define SAYING_RUNS "%s runs"
#define SAYING_IS_STOPPED "%s is stopped; its visitors are shown what the site shows"
#define SAYING_IS_ADMIN "visitor %lld is an admin; take the name out of the setting admins first"
#define SAYING_NO_VISITOR "there is no visitor %s"
#define SAYING_WORKERS_LATE "%s is changed, but workers do not know it yet: %s"
#define SAYING_UNKNOWN_ACTION "this version does not know how to do that"
#define SAYING_NOBODY_CAME "nobody carried it out in time"
#define SAYING_KILLED "whoever carried it out was stopped; look at what is live"

/* Why an experiment, or a variant of it, does not run. */
#define SAYING_STOPPED_BY_HAND "stopped by hand"
#define SAYING_STOPPED_IN_CONSOLE "stopped in the owner's console"
#define SAYING_ENDED "its end has come"
#define SAYING_GUARDED "guard-rail: every variant but the control was stopped"
#define SAYING_GUARD_LIKES "guard-rail: a like in %lld of %lld tests, of the control in %lld of %lld"
#define SAYING_GUARD_DOWN "guard-rail: a thumb down on %lld of %lld tests, of the control on %lld of %lld"
#define SAYING_NO_EXPERIMENT "there is no experiment %.40s"
#define SAYING_RUNS_ALREADY "%s runs already"
#define SAYING_NO_RETURN "%s was stopped and does not come back; take another name"
#define SAYING_STOPPED_ALREADY "%s was stopped already: %s"
#define SAYING_END_PASSED "the end of %s has passed; apply it with a later one"
#define SAYING_NO_ROOM                                                                                       \
    "%s wants %g %% of layer %s, of which %g %% in one piece are free; stop another experiment there, or "   \
    "ask for less traffic"

enum { SAYING_VALUES = 8 };

struct saying {
    const char *code; /* "few_held"; static */
    size_t n;
    struct {
        const char *at; /* in the text that was read */
        size_t n;
    } values[SAYING_VALUES];
};

/* False: the text is none of them. */
bool saying_read(struct saying *out, const char *text);

#endif
