/* Rescoring: a question of past attempts is scored otherwise, because its key was wrong or the question was.
 *
 * Beginning stores the correction: from then on it is in force, and whatever ends later is scored with it. What ended before is gone
 * through in batches, each a transaction of its own, so that a running server is not held up: by `assay rescore`, by the server's tick, or
 * by both, since the batches follow a cursor in the database. Where the marks of an attempt change it gets its next signed result, and
 * certificates follow. An attempt that has such a result is not given another one, whatever is run again. */
#pragma once
#include "proctor/correction.h"
#include "store/certificate.h"

#define RESCORE_REASON_MAX 1000
#define RESCORE_NAME_MAX 64

enum rescore_forms {
	FORMS_UNSAID,
	FORMS_ALL,
	FORMS_OLD /* not those that have the question as it stands today */
};
struct rescore {
	const char *bank, *item, *reason, *by;
	enum correction_how how, otherwise; /* otherwise: of `key`, where it cannot be applied; ORIGINAL: left as it is */
	enum rescore_forms forms;
};

/* A correction that was looked over and may be stored. */
struct rescore_plan {
	struct correction_row row;
	struct buf item; /* row.item's bytes */
	bool there;      /* this very correction is in force already */
	int old, today;  /* attempts with the question as it was before, as it stands today */
};
/* Checks it against the bank of today and the attempts that there are. */
MUST_CHECK bool rescore_plan(struct proctor *pr, struct store *rd, const struct rescore *what, struct rescore_plan *ret, struct err *err);
void rescore_plan_finish(struct rescore_plan *plan);
#define _cleanup_plan_ __attribute__((cleanup(rescore_plan_finish)))
/* What it would do, as JSON; nothing is changed. */
MUST_CHECK bool rescore_preview(struct proctor *pr, struct store *rd, const struct rescore_plan *plan, struct buf *out, struct err *err);
/* Stores it, or takes up the same one again, if that is the newest of the question. Writer. */
MUST_CHECK bool rescore_begin(struct proctor *pr, struct store *wr, const struct rescore_plan *plan, int64_t *ret_id, struct err *err);
/* The next batch. Writer, in a transaction. */
MUST_CHECK bool rescore_step(struct proctor *pr, struct store *wr, int64_t id, bool *ret_done, struct err *err);
/* Some of what waits; true when there is more. Writer, for the tick. */
bool rescore_tick(struct proctor *pr, struct store *wr, struct err *err);
/* What it has done so far, as JSON; with every attempt that changed or was left when `list`. */
MUST_CHECK bool rescore_report(struct proctor *pr, struct store *rd, int64_t id, bool list, struct buf *out, struct err *err);

/* ---- One attempt (rescore_look.c) ---- */

struct rescore_look {
	struct attempt_row row;
	struct form_entry *fe; /* a reference */
	int index;             /* of the item on the form */
	bool concerned;        /* it has the item, in a text that the correction covers */
	bool waits;            /* it runs, or people have to mark it: it will be scored with the correction */
	bool changes;
	char *why;             /* it is left; or NULL */
	bool first;            /* it gets its first result: nothing to compare with */
	int before_m, after_m; /* shares of the score, thousandths */
	bool passed_before, passed_after;
	int granted, reissued, revoked; /* certificates */
};
/* `extra`: a correction that is not stored. */
MUST_CHECK bool rescore_look(struct proctor *pr, struct store *st, const char *attempt, const char *item,
                             const struct correction_row *extra, struct rescore_look *ret, struct err *err);
void rescore_look_finish(struct rescore_look *l); /* also after a failure */
/* What went wrong is the attempt's own: it is left as it is. What ails the storage or the keys is not. */
static inline bool rescore_leaves(const struct err *err)
{
	return err->code == ERR_CONFLICT || err->code == ERR_INVALID || err->code == ERR_TOO_LARGE || err->code == ERR_NOT_FOUND;
}
#define _cleanup_look_ __attribute__((cleanup(rescore_look_finish)))
