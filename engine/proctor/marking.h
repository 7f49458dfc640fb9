/* Marks by people: one marker, or two who know neither the candidate nor each other, and a third where these are too far apart. What
 * becomes of their marks is in exam/markers.h. See proctor.h for who may call what on which thread.
 *
 * A marker is an account of role examiner or above, by the name of the account; or, from the shell, a name that the operator vouches for.
 * Names that look the same are one person's (name_same()). Nobody marks their own answers, with one exception that the result states: on
 * a server without accounts the one local person is everybody, and may mark what needs one marker. */
#pragma once
#include "exam/markers.h"
#include "proctor/internal.h"

/* ---- The marks of an attempt (marking_marks.c) ---- */

struct person_mark {
	int64_t id, at_ms, account;        /* account 0: a name that the operator gave */
	char *marker, *comment, *criteria; /* the last two or NULL */
};
struct item_marks {
	struct given_mark *given; /* in the order of time; their markers are those of `by` */
	struct person_mark *by;
	size_t n, cap_given, cap_by;
	struct agreed_mark agreed;
	bool counts; /* the rules left it to people, and they have marked it */
};
struct person_marks {
	struct item_marks *items;
	size_t n;
};
MUST_CHECK bool person_marks_load(struct store *st, const struct attempt_row *row, const struct form_entry *fe, struct person_marks *ret,
                                  struct err *err);
void person_marks_finish(struct person_marks *m);
#define _cleanup_person_marks_ __attribute__((cleanup(person_marks_finish)))
/* Puts them where the rules have left an answer to people. */
void person_marks_apply(struct person_marks *m, struct mark *marks);
/* What this person's next mark of the answer would be; false when there is none to give: it is marked, or theirs is there. */
bool person_may_mark(const struct item_marks *m, const char *marker, enum mark_part *ret_part);
/* Whether the only mark of the answer is this one's: it may still be taken back. */
bool person_is_alone(const struct item_marks *m, const char *marker);
/* Whether the rules leave this answer to people; tasks are not for here (review.c). */
MUST_CHECK bool marking_is_for_people(const struct form_entry *fe, const struct answer *answers, size_t i, bool *ret, struct err *err);
/* The rules of an exam with two markers, and the members of an answer that a marker needs: rubric or accepted answers, and its criteria. */
cJSON *marking_rules_json(const struct blueprint *bp);
void marking_rubric_html(const struct item *it, struct buf *out);
cJSON *marking_criteria_json(const struct item *it); /* NULL: there are none */

/* In results (marking_result.c): see docs/verifiers/results.md. NULL when people marked nothing. */
cJSON *marking_result_of(const struct finished *f);
void marking_result_item(const struct finished *f, size_t index, cJSON *item);
void marking_result_public(cJSON *item); /* without who gave which */
void marking_result_api(const cJSON *doc, cJSON *out);

/* ---- Marking (marking.c) ---- */

struct marking {
	const char *attempt, *item; /* the item by its id on the form, or by its number */
	const char *marker, *comment;
	int64_t account;  /* the marker's; 0: a name that the operator gives */
	int64_t points_m; /* of the question; or by criterion, in the rubric's points: */
	const int64_t *criteria_m;
	size_t n_criteria; /* 0: marked as a whole */
	bool decide;       /* the operator's: a decision that counts from now on, whoever has marked */
};
struct marking_done {
	int64_t points_m;
	int left;  /* answers of the attempt that still wait; at 0 its result is made */
	bool undo; /* it may still be taken back */
};
MUST_CHECK bool marking_give(struct proctor *pr, struct store *wr, const struct marking *m, struct marking_done *ret, struct err *err);
/* Takes the marker's own mark back: until another has marked the answer, or the result is made. */
MUST_CHECK bool marking_undo(struct proctor *pr, struct store *wr, const struct marking *m, struct err *err);
/* A number of points as thousandths; ERR_INVALID for what is no whole number of them. */
MUST_CHECK bool marking_points(double points, int64_t *ret_m, struct err *err);

/* For `assay mark`: as marking_list_json(), but only what waits for `by`. */
MUST_CHECK bool marking_list_for(struct proctor *pr, struct store *rd, const char *attempt, const char *by, struct buf *out,
                                 struct err *err);

/* ---- For the pages (marking_queue.c, marking_agreement.c); shapes in docs/openapi.yaml ---- */

MUST_CHECK bool marking_queue_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
MUST_CHECK bool marking_answer_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                    struct buf *out, struct err *err);
MUST_CHECK bool marking_put_json(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                                 const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool marking_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                               struct err *err);
/* How well markers agree, by exam, item and pair. Only of attempts that have their result: nobody who still marks learns from it. */
MUST_CHECK bool marking_agreement_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);
