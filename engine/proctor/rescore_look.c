/* What a correction does to one attempt. See rescore.h.
 *
 * The attempt is marked anew with what is in force, and compared with its newest result: item by item, and the corrections that the result
 * records. Only what differs needs a new result. */
#include "proctor/certify.h"
#include "proctor/rescore.h"
#include "proctor/task.h"
#include <math.h>

static const cJSON *item_of(const cJSON *doc, const char *id)
{
	const cJSON *o;
	cJSON_ArrayForEach(o, json_member(doc, "items")) if (strcmp(json_text(o, "id"), id) == 0) return o;
	return NULL;
}

static bool same_number(const cJSON *o, const char *key, int64_t v)
{
	return llround(cJSON_GetNumberValue(json_member(o, key))) == v;
}

static bool same_marks(const cJSON *doc, const struct assessed *a, const struct form *form)
{
	for (size_t i = 0; i < form->n_items; i++) {
		const cJSON *o = form->items[i].unscored ? NULL : item_of(doc, form->items[i].id);
		if (!form->items[i].unscored &&
		    (!o || !same_number(o, "points_m", a->marks[i].points_m) || !same_number(o, "max_m", a->marks[i].max_m) ||
		     cJSON_IsTrue(json_member(o, "dropped")) != a->marks[i].dropped))
			return false;
	}
	return true;
}

/* A result that tells of a correction has to tell of the one that took its place. */
static bool same_corrections(const cJSON *doc, const struct assessed *a)
{
	const cJSON *before = json_member(doc, "corrections");
	_cleanup_json_ cJSON *now = corrections_json(a->corrections, true, true);
	return !before || (now && cJSON_Compare(before, now, true));
}

/* ---- Certificates ---- */

struct mine {
	int valid;
};

static bool take_certificate(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	(void)err;
	((struct mine *)arg)->valid += row->state == CERTIFICATE_VALID || row->state == CERTIFICATE_SUSPENDED;
	return true;
}

/* Whether anything changes that a certificate says; see set_claims() in award.c. */
static bool same_claims(const struct rescore_look *l, const struct assessed *a, const cJSON *shown_before)
{
	static const char *const parts[] = {"verdict", "score", "bands", "domains", "hands_on"};
	struct finished f = {.row = &l->row,
	                     .fe = a->corrections->fe,
	                     .answers = a->answers,
	                     .tasks = a->tasks,
	                     .people = a->people,
	                     .marks = a->marks,
	                     .score = &a->score,
	                     .corrections = a->corrections,
	                     .candidate = "",
	                     .previous = ""};
	_cleanup_json_ cJSON *doc = result_doc(&f), *shown = result_doc_public(&f, doc, "");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcmp(json_text(json_member(shown, "digests"), parts[i]), json_text(json_member(shown_before, "digests"), parts[i])) != 0)
			return false;
	return true;
}

static bool look_at_certificates(struct store *st, struct rescore_look *l, const struct assessed *a, const cJSON *shown, struct err *err)
{
	struct mine mine = {0};
	if (!store_certificate_of_attempt(st, l->row.key, take_certificate, &mine, err))
		return false;
	if (!l->passed_after)
		l->revoked = mine.valid;
	else if (mine.valid && shown && !same_claims(l, a, shown))
		l->reissued = mine.valid;
	else if (!mine.valid && !l->passed_before && l->fe->bp->certificate)
		l->granted = 1;
	return true;
}

/* ---- The attempt ---- */

static int find(const struct form *form, const char *item)
{
	for (size_t i = 0; i < form->n_items; i++)
		if (strcmp(form->items[i].item_id, item) == 0)
			return (int)i;
	return -1;
}

static bool compare(struct store *st, struct rescore_look *l, const struct assessed *a, bool covered, struct err *err)
{
	_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX), shown_body = BUF(RESULT_BYTES_MAX);
	_cleanup_json_ cJSON *doc = NULL, *shown = NULL;
	struct result_row before;
	l->after_m = (int)lround(a->score.share * 1000);
	l->passed_after = a->score.passed;
	l->first = l->row.phase != PHASE_FINAL;
	if (l->first) {
		l->changes = true; /* nothing else kept its result back */
		return look_at_certificates(st, l, a, NULL, err);
	}
	if (!store_result_get(st, l->row.key, &before, &body, &shown_body, err) || !json_parse(buf_str(&body), &doc, err) ||
	    !json_parse(buf_str(&shown_body), &shown, err))
		return false;
	l->before_m = (int)lround(cJSON_GetNumberValue(json_member(json_member(doc, "score"), "share")) * 1000);
	l->passed_before = strcmp(json_text(doc, "verdict"), "pass") == 0;
	l->changes = !same_corrections(doc, a) || (covered && !same_marks(doc, a, l->fe->form));
	return !l->changes || look_at_certificates(st, l, a, shown, err);
}

/* Why an attempt that has its result gets no other one; NULL: it does. Then people may still mark it, as any attempt. */
static char *cannot_score(const struct assessed *a)
{
	if (a->ungraded)
		return xasprintf("people have to mark %d of its answers first", a->ungraded);
	return a->score.items ? NULL : xstrdup("nothing would be left that is scored");
}

/* Not covered: but an earlier correction may have been, and is in force no more. */
static bool look_back(struct store *st, struct rescore_look *l, const struct assessed *a, struct err *err)
{
	if (l->row.phase != PHASE_FINAL || a->ungraded)
		return true;
	if (!compare(st, l, a, false, err))
		return false;
	l->concerned = l->changes;
	return true;
}

bool rescore_look(struct proctor *pr, struct store *st, const char *attempt, const char *item, const struct correction_row *extra,
                  struct rescore_look *ret, struct err *err)
{
	_cleanup_assessed_ struct assessed a = {0};
	struct rescore_look *l = ret;
	*l = (struct rescore_look){0};
	if (!store_attempt_get(st, attempt, &l->row, err) || !form_cache_get(pr, st, &l->row, &l->fe, err))
		return false;
	l->index = find(l->fe->form, item);
	if (l->index < 0 || l->row.study)
		return true;
	if (!finish_assess(st, &l->row, l->fe, extra, &a, err))
		return false;
	const struct correction_on *on = a.corrections->items ? &a.corrections->items[l->index] : NULL;
	if (!on || !on->of)
		return look_back(st, l, &a, err);
	l->concerned = true;
	l->waits = l->row.phase == PHASE_RUNNING || (l->row.phase == PHASE_REVIEWING && a.ungraded);
	l->why = correction_is_left(on) ? xstrdup(on->why) : l->waits ? NULL : cannot_score(&a);
	return l->waits || l->why ? true : compare(st, l, &a, true, err);
}

void rescore_look_finish(struct rescore_look *l)
{
	form_entry_unref(l->fe);
	free(l->why);
	*l = (struct rescore_look){0};
}
