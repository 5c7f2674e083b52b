/* JSON that handlers share: films, characters, types, votes, lists. Each function writes one value to p->out. */
#ifndef MVTI_CGI_VIEW_H
#define MVTI_CGI_VIEW_H

#include "app/own.h"
#include "app/react.h"
#include "exchange.h"

/* {"ko":…,"en":…} */
void view_text(struct exchange *p, uint32_t ko, uint32_t en);
/* {"ko":[…],"en":[…]} from texts that are lists with this separator. */
void view_texts(struct exchange *p, struct snapshot_text text, char separator);
/* A string member; null for "". */
void view_word(struct exchange *p, const char *name, const char *word);
/* A film as in a list. */
void view_movie(struct exchange *p, uint32_t movie);
/* The members of a film without the braces, so that a handler can add its own. */
void view_movie_members(struct exchange *p, uint32_t movie);
void view_links(struct exchange *p, uint32_t movie);
/* A character as in a list. */
void view_character(struct exchange *p, uint32_t character);
void view_character_members(struct exchange *p, uint32_t character);
/* Parts of reasons: the members that name a chosen film, and the reason about the confidence in the type. */
void view_reason_film(struct exchange *p, uint32_t movie);
void view_reason_votes(struct exchange *p, uint32_t character);
/* The functions that write the fragments (fragments.h). */
extern const struct fragment_renderers view_renderers;
struct input_visitor;
/* A character with its match to a visitor; without a match if the query has no visitor. */
void view_character_for(struct exchange *p, uint32_t character, const struct input_visitor *v);
/* The member "match" of that. */
void view_match_for(struct exchange *p, uint32_t character, const struct input_visitor *v);
/* A recommended character with its match. */
void view_matched(struct exchange *p, const struct recommend_item *item);
/* A list of recommended characters with match and reasons. */
void view_recommended(struct exchange *p, const struct recommend_list *list, uint8_t mbti);
/* The origin of recommendations: members "snapshot" and "ranker" (null if that snapshot is no longer live). */
void view_made_by(struct exchange *p, const char *snapshot_id);
/* The member "experiments", [{"experiment","variant"}]: the variants that affected the answer; omitted if there are none. */
void view_experiments(struct exchange *p, const struct choice *choice);
/* The same, and the member "texts", {"NAME": {"ko","en"}}: the variants' texts whose names begin with `begin`; omitted
 * if there are none. */
void view_experiments_texts(struct exchange *p, const struct choice *choice, const char *begin);
/* Both for the requesting visitor, on a page that experiments affect in no other way. */
void view_page_texts(struct exchange *p, const char *begin);
/* A visitor's personality, without the Enneagram if it is ENNEAGRAM_NONE; percent[4] towards
 * I, N, F, P, or NULL if the type was chosen and not found by the survey. */
void view_personality(struct exchange *p, uint8_t mbti, uint8_t enneagram, const uint8_t *percent);
/* The member "axes" of that. */
void view_axes(struct exchange *p, const uint8_t *percent);
/* {"name","locale"}, null where not set. */
void view_profile(struct exchange *p, const struct visitor_profile *profile);
/* {"mbti","name","tags","characters"} */
void view_type(struct exchange *p, uint8_t mbti);
/* The member "grades": the compatibility of a type with each of the 16. */
void view_grades(struct exchange *p, uint8_t mbti);
/* {"count","mbti":[{mbti,count}],"enneagram":[…],"certainty","label"}; types without a vote are left out. */
void view_votes(struct exchange *p, const struct consensus_votes *votes);
/* The members "mbti" and "enneagram" of a vote, null where the visitor did not vote. */
void view_vote_types(struct exchange *p, const struct visitor_vote *vote);
/* A member with a time, given in seconds since 1970: RFC 3339, UTC. */
void view_time(struct exchange *p, const char *name, int64_t seconds);
/* The same as the member "created". */
void view_created(struct exchange *p, int64_t seconds);
/* The member "saying" for a text of base/saying.h: {"code", "values"}; null for NULL and other texts. */
void view_saying(struct exchange *p, const char *text);
/* Opens the member "items" of a list: views follow, then json_out_end. */
void view_items(struct exchange *p);
/* The last member of a list, "next_cursor": text, or null without `more`. */
void view_next(struct exchange *p, bool more, uint64_t seed, size_t offset);
struct input_rows;
/* The position of a row in a list, for the cursor of the next page. */
struct view_place {
    int64_t first, second;
};
/* Writes rows[i], or nothing if there is nothing to show, and returns its position. */
typedef struct view_place view_row(struct exchange *p, const void *rows, size_t i);
/* The whole answer for one page of a list: rows[n] without the extra one (input_rows), and the cursor of the next page. */
enum err view_rows(struct exchange *p, const struct input_rows *page, const void *rows, size_t n,
                   view_row *row);

/* The member "feedback": the thumbs for "same" and "compatible". */
void view_feedback(struct exchange *p, const char *const thumbs[2]);

#endif
