/* The authors' queue: one issue a question that was reported, or that an author has taken up. Who reported it is nowhere in what it says.
 */
#pragma once
#include "proctor/proctor.h"
#include "store/issue.h"

#define ISSUE_TEXT_MAX 4000 /* bytes of a comment or an answer */
#define ISSUES_MAX 1000     /* in a list */

const char *issue_state_name(enum issue_state s); /* "open", "accepted", "fixed", "declined" */
const char *problem_kind_name(enum problem_kind k);
MUST_CHECK bool issue_state_parse(const char *name, enum issue_state *ret, struct err *err);
MUST_CHECK bool problem_kind_parse(const char *name, enum problem_kind *ret, struct err *err);
/* UTF-8 without control characters but line feeds and tabs. */
MUST_CHECK bool issue_check_text(const char *text, const char *what, struct err *err);

/* After a report: an issue that was closed is open again. Writer. */
MUST_CHECK bool issue_reported(struct proctor *pr, struct store *wr, int64_t issue, const char *bank, const char *item, struct err *err);

/* {"issues":[…],"counts":{"open":…}}; bank NULL: all, state ISSUE_STATES: any. */
MUST_CHECK bool issue_list_json(struct proctor *pr, struct store *rd, const char *bank, enum issue_state state, struct buf *out,
                                struct err *err);
/* One question: as candidates see it with its key, reports, history, corrections. Also one that nobody has reported. */
MUST_CHECK bool issue_show_json(struct proctor *pr, struct store *rd, const char *bank, const char *item, struct buf *out, struct err *err);
/* {state?, owner?, comment?, answer?, seen?}: `seen` is the number of entries that the caller knew of; ERR_CONFLICT when there are more.
 * `by` is the name that is kept. Writer. */
MUST_CHECK bool issue_change(struct proctor *pr, struct store *wr, const char *by, const char *bank, const char *item, const cJSON *body,
                             struct err *err);
/* How the question behaves, over the first exam attempt of each person that had it. Takes a while: on a pool thread. */
MUST_CHECK bool issue_figures_json(struct proctor *pr, struct store *rd, const char *bank, const char *item, struct buf *out,
                                   struct err *err);
/* The name of a signed-in author, for `by`. */
MUST_CHECK bool issue_name(struct store *rd, const struct caller *who, char *ret, size_t size, struct err *err);

/* ---- The question (issue_question.c) ---- */

struct question {
	struct version *version;   /* references */
	struct form *form;         /* of this one item, in the written order; owned */
	const struct item *source; /* in the bank: a parametrised one with its names in place */
	char hash[65];
};
/* As the bank has it today: *ret_there false when it has none. A parametrised one comes as it was drawn for `attempt` (an id, or NULL: then
 * with its names). */
MUST_CHECK bool question_today(struct proctor *pr, struct store *rd, const char *bank, const char *item, const char *attempt,
                               struct question *ret, bool *ret_there, struct err *err);
/* As it was on the form of an attempt. */
MUST_CHECK bool question_of_attempt(struct proctor *pr, struct store *rd, const char *attempt, const char *item, struct question *ret,
                                    bool *ret_there, struct err *err);
cJSON *
question_json(const struct question *q); /* {"item":FormItem,"feedback":Feedback,"title":…,"status":…,"version":…,"parametrised":…} */
void question_finish(struct question *q);
#define _cleanup_question_ __attribute__((cleanup(question_finish)))
