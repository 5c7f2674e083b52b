/* Catalog things as JSON: the shapes that every page shares. Each writes one value into p->out. */
#ifndef MVTI_CGI_VIEW_H
#define MVTI_CGI_VIEW_H

#include "app/own.h"
#include "app/react.h"
#include "exchange.h"

/* {"ko":…,"en":…} */
void view_text(struct exchange *p, uint32_t ko, uint32_t en);
/* {"ko":[…],"en":[…]} from texts whose parts `separator` divides. */
void view_texts(struct exchange *p, struct snapshot_text text, char separator);
/* A word under a name; null for "". */
void view_word(struct exchange *p, const char *name, const char *word);
/* A film as in a list. */
void view_movie(struct exchange *p, uint32_t movie);
/* The members of a film without the braces, so that a page can add its own. */
void view_movie_members(struct exchange *p, uint32_t movie);
void view_links(struct exchange *p, uint32_t movie);
/* A character as in a list. */
void view_character(struct exchange *p, uint32_t character);
void view_character_members(struct exchange *p, uint32_t character);
/* Parts of reasons: the members that name a chosen film, and the reason that tells how sure the typing is. */
void view_reason_film(struct exchange *p, uint32_t movie);
void view_reason_votes(struct exchange *p, uint32_t character);
/* Characters and parts of reasons, written anew. */
extern const struct fragment_renderers view_renderers;
struct input_visitor;
/* A character with its match to a visitor; plainly if they are nobody. */
void view_character_for(struct exchange *p, uint32_t character, const struct input_visitor *v);
/* The member "match" of that. */
void view_match_for(struct exchange *p, uint32_t character, const struct input_visitor *v);
/* A character with the match it was recommended with. */
void view_matched(struct exchange *p, const struct recommend_item *item);
/* [CHAR with match and reasons …] */
void view_recommended(struct exchange *p, const struct recommend_list *list, uint8_t mbti);
/* What made lists of recommendations: "snapshot" and "ranker" (null: the snapshot is not the one that is live). */
void view_made_by(struct exchange *p, const char *snapshot_id);
/* The member "experiments", [{"experiment","variant"}]: variants that made the answer; nothing if none did. */
void view_experiments(struct exchange *p, const struct choice *choice);
/* The same, and "texts", {"NAME": {"ko","en"}}: what variants say otherwise on the page whose names begin so; nothing if nothing. */
void view_experiments_texts(struct exchange *p, const struct choice *choice, const char *begin);
/* Both for a page that shows nothing else of experiments, to who asks. */
void view_page_texts(struct exchange *p, const char *begin);
/* The personality of a visitor, without what is said of the Enneagram for ENNEAGRAM_NONE; percent[4] towards
 * I, N, F, P, or NULL when the type was chosen. */
void view_personality(struct exchange *p, uint8_t mbti, uint8_t enneagram, const uint8_t *percent);
/* "axes" of it. */
void view_axes(struct exchange *p, const uint8_t *percent);
/* {"name","locale"}, null where nothing was said. */
void view_profile(struct exchange *p, const struct visitor_profile *profile);
/* {"mbti","name","tags","characters"} */
void view_type(struct exchange *p, uint8_t mbti);
/* "grades": how well a type goes with each. */
void view_grades(struct exchange *p, uint8_t mbti);
/* {"count","mbti":[{mbti,count}],"enneagram":[…],"certainty","label"}; types without a vote are left out. */
void view_votes(struct exchange *p, const struct consensus_votes *votes);
/* The members "mbti" and "enneagram" (null: left open) of a vote. */
void view_vote_types(struct exchange *p, const struct visitor_vote *vote);
/* A moment under a name: RFC 3339, UTC. */
void view_time(struct exchange *p, const char *name, int64_t seconds);
/* "created" of that. */
void view_created(struct exchange *p, int64_t seconds);
/* "saying" of a text of base/saying.h: {"code", "values"}; null where it is NULL or none of them. */
void view_saying(struct exchange *p, const char *text);
/* "items" of a list answer, begun: views follow, then json_out_end. */
void view_items(struct exchange *p);
/* "next_cursor": text or null, as the last member of a list answer. */
void view_next(struct exchange *p, bool more, uint64_t seed, size_t offset);
struct input_rows;
/* Where a row of a list stands, for the cursor of what follows it. */
struct view_place {
    int64_t first, second;
};
/* Writes rows[i], or nothing where there is nothing to show. */
typedef struct view_place view_row(struct exchange *p, const void *rows, size_t i);
/* The whole answer of a page of rows[n]: all but the one more that was asked for (input_rows), and where those behind them begin. */
enum err view_rows(struct exchange *p, const struct input_rows *page, const void *rows, size_t n,
                   view_row *row);

/* "feedback": the thumbs on "same" and "compatible". */
void view_feedback(struct exchange *p, const char *const thumbs[2]);

#endif
