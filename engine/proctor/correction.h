/* Corrections of how questions are scored, as they apply to one attempt.
 *
 * A correction is about a question of a bank; see store/correction.h. Whatever marks, scores or explains an attempt does it through
 * corrections_load(): it gives the form as it was drawn with the keys that are in force, and what else is in force for its questions. So a
 * correction also holds for attempts that end after it. Study sessions keep what they told. */
#pragma once
#include "exam/rekey.h"
#include "proctor/internal.h"
#include "store/correction.h"

struct correction {
	int64_t id, version, at_ms;
	enum correction_how how, otherwise;
	bool old_only;
	char *item_id, *reason, *who;
	char text_sha256[HASH_HEX_SIZE];
	struct item *now; /* the question then; NULL: the bank had it no more */
};
struct corrections {
	struct correction *list;
	size_t n, cap;
	struct correction_on {
		const struct correction *of; /* NULL: there is none */
		enum correction_how how;     /* what it comes to here */
		struct rekeyed rekeyed;      /* with item NULL: as drawn */
		char *why;                   /* a key could not be applied here; or NULL */
	} * items;                       /* by item of the form; NULL when the bank has no corrections */
	size_t n_items;
	struct form form;
	struct form_entry copy;
	const struct form_entry *fe; /* the one given, or the corrected copy */
};
/* It cannot be applied, and nothing is in its place. */
static inline bool correction_is_left(const struct correction_on *on)
{
	return on->why && on->how == CORRECTION_ORIGINAL;
}
MUST_CHECK bool corrections_load(struct store *st, const struct attempt_row *row, const struct form_entry *fe, struct corrections *ret,
                                 struct err *err);
/* The same, with one that is not stored: what it would do. */
MUST_CHECK bool corrections_load_with(struct store *st, const struct attempt_row *row, const struct form_entry *fe,
                                      const struct correction_row *extra, struct corrections *ret, struct err *err);
void corrections_finish(struct corrections *c);
#define _cleanup_corrections_ __attribute__((cleanup(corrections_finish)))
/* After all other marks: full points, or out of the score. */
void corrections_apply(const struct corrections *c, struct mark *marks);
/* [{"number":3,"item":"ibcd","how":"key","reason":…,"at":…,"by":…}] of scored items, as signed. `whole`: with `by`; `items`: with `item`,
 * where single questions are reported. NULL when there are none. */
cJSON *corrections_json(const struct corrections *c, bool whole, bool items);

/* "corrected": what a result's candidate is told of its corrections, and how the result was before them; nothing when it has none.
 * `n`: which result `doc` is; `items`: how single items went is told. (report_corrected.c) */
MUST_CHECK bool result_add_corrected(struct store *rd, const struct view *v, const cJSON *doc, int n, bool items, cJSON *out,
                                     struct err *err);

const char *correction_how_name(enum correction_how how); /* "original", "key", "credit-all", "drop" */
MUST_CHECK bool correction_how_parse(const char *name, enum correction_how *ret, struct err *err);
/* SHA-256 of what a candidate answers and what is right: not of status, place, title, tags or explanations. */
void question_hash(const struct item *it, char ret[HASH_HEX_SIZE]);
