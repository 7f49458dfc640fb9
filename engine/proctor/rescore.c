/* Rescoring: planning, beginning, batches. See rescore.h; what is told of it is in rescore_report.c. */
#include "proctor/rescore.h"
#include "proctor/keys.h"
#include "store/bank_version.h"
#include "store/issue.h"
#include <stdio.h>

#define ITEM_BYTES_MAX (32u << 20)
#define WINDOW 64      /* keys of attempts that a batch looks through */
#define BATCH_MS 20    /* after which a batch ends … */
#define TICK_BATCHES 1 /* … and how many the server does at once: answers wait meanwhile */

/* ---- The plan ---- */

static bool check_texts(const struct rescore *what, struct err *err)
{
	size_t reason = strlen(what->reason), by = strlen(what->by);
	if (!reason || reason > RESCORE_REASON_MAX || !str_is_utf8(str_of(what->reason), NULL))
		return err_set(err, ERR_INVALID, "the reason has 1 to %d bytes of UTF-8: candidates read it", RESCORE_REASON_MAX);
	if (!by || by > RESCORE_NAME_MAX || !str_is_utf8(str_of(what->by), NULL))
		return err_set(err, ERR_INVALID, "the name of who decided has 1 to %d bytes of UTF-8", RESCORE_NAME_MAX);
	for (const char *p = what->reason; *p; p++)
		if ((unsigned char)*p < ' ' && *p != '\n')
			return err_set(err, ERR_INVALID, "the reason has a control character in it");
	if (!str_is_id(str_of(what->bank)) || !str_is_id(str_of(what->item)))
		return err_set(err, ERR_INVALID, "'%.70s' is not an id", str_is_id(str_of(what->bank)) ? what->item : what->bank);
	if (what->how != CORRECTION_KEY && what->otherwise != CORRECTION_ORIGINAL)
		return err_set(err, ERR_INVALID, "what else to do is for corrected keys alone");
	if (what->otherwise == CORRECTION_KEY)
		return err_set(err, ERR_INVALID, "where the key cannot be applied: credit-all or drop");
	return true;
}

/* Attempts of a bank that have the item: by the text that they have. */
struct counting {
	struct proctor *pr;
	struct store *rd;
	const char *item, *today; /* hash */
	struct {
		char id[RNG_ID_SIZE];
	} * list;
	size_t n, cap;
	int old, same;
	int64_t version; /* that was hashed last */
	char hash[HASH_HEX_SIZE];
};

static bool take_id(void *arg, int64_t key, const char *id, struct err *err)
{
	(void)err;
	(void)key;
	struct counting *c = arg;
	c->list = xgrow(c->list, c->n, &c->cap, sizeof *c->list);
	snprintf(c->list[c->n++].id, RNG_ID_SIZE, "%s", id);
	return true;
}

static bool count_one(struct counting *c, const char *id, struct err *err)
{
	struct attempt_row row;
	if (!store_attempt_get(c->rd, id, &row, err))
		return false;
	if (row.version != c->version) {
		_cleanup_(version_unrefp) struct version *v = NULL;
		if (!catalog_version(c->pr, c->rd, row.version, &v, err))
			return false;
		const struct item *it = bank_item(v->bank, c->item);
		*c->hash = 0;
		if (it)
			question_hash(it, c->hash);
		c->version = row.version;
	}
	c->same += *c->hash && strcmp(c->hash, c->today) == 0;
	c->old += *c->hash && strcmp(c->hash, c->today) != 0;
	return true;
}

static bool count(struct proctor *pr, struct store *rd, const struct rescore *what, struct rescore_plan *plan, struct err *err)
{
	struct counting c = {.pr = pr, .rd = rd, .item = what->item, .today = plan->row.text_sha256};
	int64_t last;
	bool ok =
	    store_correction_last_attempt(rd, &last, err) && store_correction_candidates(rd, what->bank, what->item, 0, last, take_id, &c, err);
	for (size_t i = 0; ok && i < c.n; i++)
		ok = count_one(&c, c.list[i].id, err);
	free(c.list);
	plan->old = c.old;
	plan->today = c.same;
	return ok;
}

static bool set_item(struct proctor *pr, struct store *rd, const struct rescore *what, struct rescore_plan *plan, struct err *err)
{
	_cleanup_(version_unrefp) struct version *v = NULL;
	if (!store_version_newest(rd, what->bank, &plan->row.version, err))
		return false;
	if (!plan->row.version)
		return err_set(err, ERR_NOT_FOUND, "no bank '%s' was ever served from here", what->bank);
	if (!catalog_version(pr, rd, plan->row.version, &v, err))
		return false;
	const struct item *now = bank_item(v->bank, what->item);
	if (now) {
		question_hash(now, plan->row.text_sha256);
		item_encode(now, &plan->item);
		plan->row.item = buf_str(&plan->item);
	}
	if (what->how == CORRECTION_KEY && !now)
		return err_set(err, ERR_CONFLICT, "the bank has no question '%s' today, so it has no key: credit-all or drop", what->item);
	if (what->how == CORRECTION_KEY && now->kind == ITEM_ESSAY)
		return err_set(err, ERR_CONFLICT, "'%s' is an essay, which people mark: see assay mark", what->item);
	if (what->how == CORRECTION_KEY && now->kind == ITEM_TASK)
		return err_set(err, ERR_CONFLICT, "'%s' is a task, which a grader marks: see assay regrade", what->item);
	return buf_check(&plan->item, "the question", err);
}

struct newest {
	struct rescore_plan *plan;
	int64_t id;
	bool same, done;
	enum correction_how how;
};

/* The last one that it is called with is the newest. */
static bool take_newest(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	struct newest *n = arg;
	const struct correction_row *p = &n->plan->row;
	n->id = row->id;
	n->how = row->how;
	n->done = row->done_ms > 0;
	n->same = row->how == p->how && row->otherwise == p->otherwise && row->old_only == p->old_only && row->version == p->version &&
	          strcmp(row->text_sha256, p->text_sha256) == 0 && strcmp(row->reason, p->reason) == 0;
	return true;
}

static bool choose_forms(const struct rescore *what, struct rescore_plan *plan, struct err *err)
{
	bool whole = what->how == CORRECTION_CREDIT || what->how == CORRECTION_DROP;
	if (!plan->old && !plan->today && !plan->row.item.p)
		return err_set(err, ERR_NOT_FOUND, "neither the bank '%s' nor any attempt has a question '%s'", what->bank, what->item);
	if (whole && what->forms == FORMS_UNSAID && plan->old && plan->today)
		return err_set(err, ERR_CONFLICT,
		               "%d attempts have the question as it was before, %d as it stands today: say which forms, old ones or all", plan->old,
		               plan->today);
	plan->row.old_only = whole && (what->forms == FORMS_OLD || (what->forms == FORMS_UNSAID && plan->old));
	return true;
}

bool rescore_plan(struct proctor *pr, struct store *rd, const struct rescore *what, struct rescore_plan *ret, struct err *err)
{
	*ret = (struct rescore_plan){.item = BUF(ITEM_BYTES_MAX)};
	ret->row = (struct correction_row){.bank_id = what->bank,
	                                   .item_id = what->item,
	                                   .how = what->how,
	                                   .otherwise = what->otherwise,
	                                   .reason = what->reason,
	                                   .who = what->by,
	                                   .at_ms = proctor_wall_ms(pr)};
	struct newest newest = {.plan = ret};
	if (!check_texts(what, err) || !set_item(pr, rd, what, ret, err) || !count(pr, rd, what, ret, err) || !choose_forms(what, ret, err) ||
	    !store_correction_of_item(rd, what->bank, what->item, take_newest, &newest, err))
		return false;
	if (what->how == CORRECTION_ORIGINAL && (!newest.id || (newest.how == CORRECTION_ORIGINAL && !newest.same)))
		return err_set(err, ERR_CONFLICT, "there is no correction of '%s' to take back", what->item);
	ret->there = newest.same;
	return true;
}

void rescore_plan_finish(struct rescore_plan *plan)
{
	buf_finish(&plan->item);
}

/* ---- Beginning ---- */

static bool take_issue(void *arg, const struct issue_row *row, struct err *err)
{
	(void)err;
	*(int *)arg = row->reports;
	return true;
}

/* In the history of the question. One that nobody has reported or taken up needs nobody to look at it. */
static bool note(struct store *wr, const struct correction_row *row, struct err *err)
{
	_cleanup_free_ char *text = xasprintf("%s: %s", correction_how_name(row->how), row->reason);
	struct issue_entry entry = {.at_ms = row->at_ms, .what = ISSUE_CORRECTION, .who = row->who, .text = text};
	int64_t issue, entries;
	int reports = 0;
	bool there;
	enum issue_state state;
	if (!store_issue_make(wr, row->bank_id, row->item_id, row->at_ms, &issue, &state, err) ||
	    !store_issue_entries(wr, issue, &entries, err) ||
	    !store_issue_get(wr, row->bank_id, row->item_id, take_issue, &reports, &there, err))
		return false;
	if (!entries && !reports && !store_issue_change(wr, issue, ISSUE_FIXED, NULL, NULL, row->at_ms, err))
		return false;
	return store_issue_entry_add(wr, issue, &entry, err);
}

bool rescore_begin(struct proctor *pr, struct store *wr, const struct rescore_plan *plan, int64_t *ret_id, struct err *err)
{
	(void)pr;
	struct newest newest = {.plan = (struct rescore_plan *)plan};
	if (!store_correction_of_item(wr, plan->row.bank_id, plan->row.item_id, take_newest, &newest, err))
		return false;
	*ret_id = newest.id;
	if (newest.same)
		return !newest.done || store_correction_again(wr, newest.id, err);
	return store_correction_add(wr, &plan->row, ret_id, err) && note(wr, &plan->row, err);
}

/* ---- Batches ---- */

struct batch {
	int64_t id, cursor, until;
	bool done;
	char bank[ATTEMPT_NAME_SIZE], item[ATTEMPT_NAME_SIZE];
	struct {
		int64_t key;
		char id[RNG_ID_SIZE];
	} list[WINDOW];
	size_t n;
};

static bool take_correction(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	struct batch *b = arg;
	b->cursor = row->cursor;
	b->until = row->until;
	b->done = row->done_ms > 0;
	snprintf(b->bank, sizeof b->bank, "%s", row->bank_id);
	snprintf(b->item, sizeof b->item, "%s", row->item_id);
	return true;
}

static bool take_candidate(void *arg, int64_t key, const char *id, struct err *err)
{
	(void)err;
	struct batch *b = arg;
	if (b->n < WINDOW) { /* keys are unique: there are no more of them */
		b->list[b->n].key = key;
		snprintf(b->list[b->n++].id, RNG_ID_SIZE, "%s", id);
	}
	return true;
}

static bool give_result(struct proctor *pr, struct store *wr, struct rescore_look *l, int *ret_n, struct err *err)
{
	struct event e = {
	    .attempt = l->row.key, .kind = EVENT_REMARK, .item = l->index, .at_ms = proctor_wall_ms(pr), .service_ms = l->row.ended_service_ms};
	struct result_row row;
	int64_t bytes;
	int left;
	if (!store_event_totals(wr, l->row.key, &e.n, &bytes, err))
		return false;
	e.n++;
	if (!store_event_add(wr, &e, err) || !finish_result(pr, wr, &l->row, l->fe, &left, err) ||
	    !store_result_get(wr, l->row.key, &row, NULL, NULL, err))
		return false;
	*ret_n = row.n;
	return true;
}

static bool rescore_one(struct proctor *pr, struct store *wr, const struct batch *b, size_t i, struct err *err)
{
	_cleanup_look_ struct rescore_look l = {0};
	struct corrected_row row = {.correction = b->id, .attempt = b->list[i].key, .outcome = CORRECTED_SAME};
	if (!rescore_look(pr, wr, b->list[i].id, b->item, NULL, &l, err))
		return false;
	if (!l.concerned || l.waits)
		return true;
	if (l.why)
		row.outcome = CORRECTED_LEFT;
	else if (l.changes)
		row.outcome = CORRECTED_CHANGED;
	if (row.outcome == CORRECTED_CHANGED && !give_result(pr, wr, &l, &row.result_n, err))
		return false;
	row.why = l.why;
	row.before_m = l.before_m;
	row.after_m = l.after_m;
	row.passed_before = l.passed_before;
	row.passed_after = l.passed_after;
	return store_corrected_put(wr, &row, err);
}

/* What one attempt has against it keeps none of the others back. What ails the storage or the keys does: then it is tried again. */
static bool rescore_safely(struct proctor *pr, struct store *wr, const struct batch *b, size_t i, struct err *err)
{
	struct err inner;
	if (!store_savepoint(wr, err))
		return false;
	if (rescore_one(pr, wr, b, i, &inner) && store_release(wr, &inner))
		return true;
	store_rollback_savepoint(wr);
	if (!rescore_leaves(&inner))
		return err_set(err, inner.code, "attempt %s: %s", b->list[i].id, inner.msg);
	struct corrected_row row = {.correction = b->id, .attempt = b->list[i].key, .outcome = CORRECTED_LEFT, .why = inner.msg};
	return store_corrected_put(wr, &row, err);
}

bool rescore_step(struct proctor *pr, struct store *wr, int64_t id, bool *ret_done, struct err *err)
{
	struct batch *b = xcalloc(1, sizeof *b);
	int64_t stop_ms = pr->clock.monotonic_ms() + BATCH_MS;
	b->id = id;
	bool ok = store_correction_get(wr, id, take_correction, b, err) &&
	          (b->done || store_correction_candidates(wr, b->bank, b->item, b->cursor, WINDOW, take_candidate, b, err));
	size_t i = 0;
	for (; ok && i < b->n && (i == 0 || pr->clock.monotonic_ms() < stop_ms); i++)
		ok = rescore_safely(pr, wr, b, i, err);
	if (ok && !b->done) {
		b->cursor = i < b->n ? b->list[i - 1].key : b->cursor + WINDOW;
		b->done = b->cursor >= b->until;
		ok = store_correction_moved(wr, id, b->cursor, b->done ? proctor_wall_ms(pr) : 0, err);
	}
	*ret_done = b->done;
	free(b);
	return ok;
}

bool rescore_tick(struct proctor *pr, struct store *wr, struct err *err)
{
	const struct sign_key *key;
	struct err inner;
	int64_t id = 0;
	bool done;
	if (!store_correction_waiting(wr, &id, err) || !id || !key_active(pr, KEY_RESULTS, &key, &inner))
		return false;
	for (int i = 0; i < TICK_BATCHES; i++)
		if (!rescore_step(pr, wr, id, &done, err))
			return false;
	return true;
}
