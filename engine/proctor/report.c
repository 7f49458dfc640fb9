/* The result as its candidate may see it: read from the signed document, cut to what the exam reports. See proctor.h; the shapes are in
 * docs/openapi.yaml. */
#include "proctor/certificate.h"
#include "proctor/correction.h"
#include "proctor/marking.h"
#include "proctor/task.h"
#include <stdio.h>

static double number(const cJSON *o, const char *key)
{
	return cJSON_GetNumberValue(json_member(o, key));
}

/* What the parts of a report share. */
struct report {
	struct proctor *pr;
	struct store *rd;
	const struct view *v;
	const cJSON *doc;            /* the whole result */
	const struct form_entry *fe; /* with the keys in force */
	const struct corrections *corrections;
	struct answer *answers;
	cJSON *out;
	enum report_show show;
	bool numbers, explanations, items; /* items: how single items went is told */
};

static bool is_released(const struct view *v)
{
	return v->row.study || v->now_wall_ms >= v->row.ended_ms + v->fe->bp->release_after_ms;
}

/* A study session shows keys. While an exam of the same person runs that has some of its questions, it would be reading the answers. */
static bool must_not_help(struct proctor *pr, struct store *rd, const struct view *v, struct err *err)
{
	_cleanup_hidden_ struct hidden hidden = {0};
	if (!v->row.study)
		return true;
	if (!hidden_load(pr, rd, v->row.account, v->row.bank_id, &hidden, err))
		return false;
	for (size_t i = 0; i < v->fe->form->n_items; i++)
		if (hidden_has(&hidden, v->fe->form->items[i].item))
			return err_set(err, ERR_NOT_RELEASED,
			               "some of these questions are on an exam of yours that is running: the report comes after it");
	return true;
}

static bool must_be_released(struct proctor *pr, struct store *rd, const struct view *v, struct err *err)
{
	char time[CLOCK_RFC3339_SIZE];
	if (!must_not_help(pr, rd, v, err))
		return false;
	if (is_released(v))
		return true;
	err_set(err, ERR_NOT_RELEASED, "the report will be released at %s", clock_rfc3339(v->row.ended_ms + v->fe->bp->release_after_ms, time));
	return err_add_str(err, "release_at", time);
}

/* ---- Parts ---- */

static void add_head(struct report *r)
{
	const struct view *v = r->v;
	char time[CLOCK_RFC3339_SIZE];
	_cleanup_free_ char *exam = xasprintf("%s/%s", v->row.bank_id, v->row.exam);
	json_set_str(r->out, "attempt", v->row.id);
	json_set_str(r->out, "exam", exam);
	json_set_str(r->out, "title", v->fe->bp->title);
	json_set_str(r->out, "mode", v->row.study ? "study" : "exam");
	json_set_str(r->out, "state", "final");
	json_set(r->out, "verdict", cJSON_Duplicate(json_member(r->doc, "verdict"), true));
	json_set_str(r->out, "started_at", clock_rfc3339(v->row.started_ms, time));
	json_set_str(r->out, "ended_at", clock_rfc3339(v->row.ended_ms, time));
	json_set_str(r->out, "ended_by", v->row.ended_by == ENDED_BY_TIME ? "time" : "candidate");
}

static cJSON *counts_api(const cJSON *doc)
{
	static const char *const keys[] = {"items", "right", "partial", "wrong", "unanswered", "unscored"};
	cJSON *o = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_set_double(o, keys[i], number(json_member(doc, "counts"), keys[i]));
	return o;
}

static void add_scores(struct report *r)
{
	json_set(r->out, "score", r->numbers ? result_score_api(r->doc) : cJSON_CreateNull());
	json_set(r->out, "counts", r->numbers ? counts_api(r->doc) : cJSON_CreateNull());
	if (r->show == REPORT_BANDS)
		json_set(r->out, "bands", result_bands(r->doc));
	if (r->show >= REPORT_DOMAINS)
		json_set(r->out, "domains", result_groups_api(r->doc, "domains"));
	if (r->show >= REPORT_OBJECTIVES)
		json_set(r->out, "objectives", result_groups_api(r->doc, "objectives"));
	if (json_member(r->doc, "hands_on"))
		json_set(r->out, "hands_on", result_hands_on(r->doc, r->numbers && r->show >= REPORT_DOMAINS, false));
	marking_result_api(r->doc, r->out);
}

static void add_time_part(struct report *r)
{
	static const char *const keys[] = {"used_ms", "limit_ms", "outages_ms", "extra_ms", "late"};
	cJSON *o = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_set(o, keys[i], cJSON_Duplicate(json_member(json_member(r->doc, "time"), keys[i]), true));
	json_set(r->out, "time", o);
}

static void add_rules(struct report *r, const struct result_row *row)
{
	const cJSON *rules = json_member(r->doc, "rules");
	cJSON *o = json_object();
	json_set(o, "method", cJSON_Duplicate(json_member(rules, "method"), true));
	json_set(o, "partial", cJSON_Duplicate(json_member(rules, "partial"), true));
	json_set(o, "negative", cJSON_Duplicate(json_member(rules, "negative"), true));
	json_set_str(o, "rules_url", "/scoring");
	json_set(o, "engine", cJSON_Duplicate(json_member(r->doc, "engine"), true));
	json_set_str(o, "bank_hash", r->v->fe->version->hash);
	/* Results from before there were releases say nothing. */
	const cJSON *release = json_member(json_member(r->doc, "bank"), "release");
	json_set_bool(o, "bank_official", cJSON_IsTrue(json_member(json_member(r->doc, "bank"), "official")));
	json_set(o, "bank_release", release ? cJSON_Duplicate(release, true) : cJSON_CreateNull());
	json_set_str(o, "form_hash", r->v->fe->hash);
	json_set(r->out, "scoring", o);

	_cleanup_free_ char *download = xasprintf("/api/v1/attempts/%s/result/signed", r->v->row.id);
	char hash[HASH_HEX_SIZE];
	cJSON *s = json_object();
	json_set_str(s, "sha256", hash_sha256_hex(row->public_body, hash));
	json_set(s, "key", cJSON_Duplicate(json_member(r->doc, "key"), true));
	json_set_str(s, "download", download);
	json_set(r->out, "signed", s);
}

/* ---- Items ---- */

/* The question as it was, with the answer: for those who may see explanations. */
static void add_question(struct report *r, size_t index, const struct mark *mark, int n, cJSON *out)
{
	const struct form_entry *fe = r->fe;
	const struct answer *a = &r->answers[index];
	char time[CLOCK_RFC3339_SIZE];
	cJSON *item = json_object(), *response = a->body ? cJSON_ParseWithLength(a->body, a->body_len) : NULL;
	_cleanup_buf_ struct buf feedback = BUF(JSON_OUT_MAX);
	form_item_json(fe->form, fe->version->bank, index, item);
	json_set_i64(item, "n", n);
	json_set_bool(item, "closed", true);
	json_set_i64(item, "seq", a->seq);
	json_set(item, "response", response ? cJSON_Duplicate(response, true) : cJSON_CreateNull());
	json_set_str(item, "saved_at", a->at_ms ? clock_rfc3339(a->at_ms, time) : NULL);
	json_set_bool(item, "flagged", a->flagged);
	json_set_i64(item, "spent_ms", a->spent_ms);
	json_set(item, "note", cJSON_CreateNull());
	json_set_str(out, "title", fe->form->items[index].item->title);
	json_set(out, "item", item);
	json_set(out, "response", response ? response : cJSON_CreateNull());
	add_feedback(fe, index, mark, &feedback);
	json_set(out, "feedback", cJSON_Parse(feedback.p));
}

static enum mark_outcome outcome_of(const cJSON *item)
{
	const char *name = cJSON_GetStringValue(json_member(item, "outcome"));
	for (int o = MARK_RIGHT; o <= MARK_UNGRADED; o++)
		if (name && strcmp(mark_outcome_name((enum mark_outcome)o), name) == 0)
			return (enum mark_outcome)o;
	return MARK_UNGRADED;
}

/* Also where it changed no points: the key that is shown may be another one than then. */
static void add_correction(struct report *r, size_t index, cJSON *out)
{
	const struct correction_on *on = r->corrections->items ? &r->corrections->items[index] : NULL;
	char time[CLOCK_RFC3339_SIZE];
	if (!on || !on->of || correction_is_left(on))
		return;
	cJSON *o = json_object();
	json_set_str(o, "how", correction_how_name(on->how));
	json_set_str(o, "reason", on->of->reason);
	json_set_str(o, "at", clock_rfc3339(on->of->at_ms, time));
	json_set(out, "correction", o);
}

static void add_item(struct report *r, const cJSON *marked, cJSON *list)
{
	const char *id = cJSON_GetStringValue(json_member(marked, "id"));
	int index = id ? form_find(r->v->fe->form, id) : -1;
	if (index < 0)
		return;
	const struct item *it = r->v->fe->form->items[index].item;
	const struct answer *a = &r->answers[index];
	struct mark mark = {
	    .outcome = outcome_of(marked), .points_m = (int64_t)number(marked, "points_m"), .max_m = (int64_t)number(marked, "max_m")};
	int n = (int)number(marked, "n");
	cJSON *o = json_object();
	json_set_i64(o, "n", n);
	json_set_str(o, "id", id);
	json_set_str(o, "domain", it->domain);
	json_set_str(o, "objective", it->objective);
	json_set_str(o, "outcome", mark_outcome_name(mark.outcome));
	json_set_double(o, "points", (double)mark.points_m / 1000);
	json_set_double(o, "max", (double)mark.max_m / 1000);
	json_set(o, "confidence", a->confidence == EVENT_NONE ? cJSON_CreateNull() : cJSON_CreateNumber(a->confidence));
	json_set_i64(o, "spent_ms", a->spent_ms);
	json_set_bool(o, "flagged", a->flagged);
	add_correction(r, (size_t)index, o);
	const cJSON *how = json_member(json_member(marked, "marking"), "how");
	if (how)
		json_set(o, "marked_by", cJSON_Duplicate(how, true));
	if (it->kind == ITEM_TASK) {
		result_task_api(marked, r->explanations, o);
		if (r->explanations)
			add_question(r, (size_t)index, &mark, n, o);
	} else if (r->explanations) {
		_cleanup_json_ cJSON *response = a->body ? cJSON_ParseWithLength(a->body, a->body_len) : NULL;
		struct mark again; /* for the reason of partial credit, which the document does not have */
		mark_item(&r->fe->form->items[index], response, (enum partial_rule)r->v->fe->bp->partial, r->v->fe->bp->negative, &again);
		mark.reason_html = again.outcome == mark.outcome ? again.reason_html : NULL;
		add_question(r, (size_t)index, &mark, n, o);
	}
	json_add(list, o);
}

static void add_items(struct report *r)
{
	const cJSON *marked;
	cJSON *list = json_array();
	cJSON_ArrayForEach(marked, json_member(r->doc, "items")) add_item(r, marked, list);
	json_set(r->out, "items", list);
}

/* Confidence against correctness: how often answers of each confidence were right. */
static void add_calibration(struct report *r)
{
	int n[101] = {0}, right[101] = {0};
	const cJSON *marked;
	cJSON_ArrayForEach(marked, json_member(r->doc, "items"))
	{
		const char *id = cJSON_GetStringValue(json_member(marked, "id"));
		int index = id ? form_find(r->v->fe->form, id) : -1;
		int confidence = index < 0 ? EVENT_NONE : r->answers[index].confidence;
		if (confidence < 0 || confidence > 100 || !r->answers[index].body || outcome_of(marked) == MARK_UNGRADED ||
		    cJSON_IsTrue(json_member(marked, "dropped")))
			continue;
		n[confidence]++;
		right[confidence] += outcome_of(marked) == MARK_RIGHT;
	}
	cJSON *list = json_array();
	for (int c = 0; c <= 100; c++) {
		if (!n[c])
			continue;
		cJSON *o = json_object();
		json_set_i64(o, "confidence", c);
		json_set_i64(o, "n", n[c]);
		json_set_double(o, "right_share", (double)right[c] / n[c]);
		json_add(list, o);
	}
	json_set(r->out, "calibration", list);
}

/* ---- Around the result ---- */

static bool add_expectation(struct report *r, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(4096);
	cJSON *o = NULL;
	if (!store_attempt_expectation_get(r->rd, r->v->row.key, &text, err))
		return false;
	if (text.len)
		o = cJSON_ParseWithLength(text.p, text.len);
	if (o && r->numbers)
		json_set_double(o, "outcome_share", number(json_member(r->doc, "score"), "share"));
	json_set(r->out, "expectation", o ? o : cJSON_CreateNull());
	return true;
}

static int by_share(const void *a, const void *b)
{
	double x = number(*(const cJSON *const *)a, "share"), y = number(*(const cJSON *const *)b, "share");
	return x < y ? -1 : x > y;
}

/* The weakest groups first: objectives where they are told, else domains; what is all right already is left out. */
static void add_practise_next(struct report *r)
{
	bool objectives = r->show >= REPORT_OBJECTIVES && cJSON_GetArraySize(json_member(r->doc, "objectives")) > 0;
	const cJSON *groups = json_member(r->doc, objectives ? "objectives" : "domains"), *g;
	size_t n = 0;
	const cJSON **sorted = xcalloc((size_t)cJSON_GetArraySize(groups) + 1, sizeof *sorted);
	cJSON_ArrayForEach(g, groups) if (number(g, "share") < 0.999) sorted[n++] = g;
	qsort(sorted, n, sizeof *sorted, by_share);
	cJSON *list = json_array();
	for (size_t i = 0; i < n && i < 5; i++) {
		cJSON *o = json_object();
		json_set(o, "domain", cJSON_Duplicate(json_member(sorted[i], objectives ? "domain" : "id"), true));
		json_set(o, "objective", objectives ? cJSON_Duplicate(json_member(sorted[i], "id"), true) : cJSON_CreateNull());
		json_set(o, "title", cJSON_Duplicate(json_member(sorted[i], "title"), true));
		json_set_double(o, "share", number(sorted[i], "share"));
		json_set_double(o, "items", number(sorted[i], "items"));
		json_add(list, o);
	}
	free(sorted);
	json_set(r->out, "practise_next", list);
}

/* Earlier and later attempts at the same exam in the same mode, oldest first. */
struct history {
	const struct attempt_row *row;
	int64_t now_ms;
	cJSON *list;
};

static bool take_history(void *arg, const struct attempt_item *item, struct err *err)
{
	(void)err;
	struct history *h = arg;
	if (!item->brief || item->release_ms > h->now_ms || item->study != h->row->study || strcmp(item->bank_id, h->row->bank_id) != 0 ||
	    strcmp(item->exam, h->row->exam) != 0)
		return true;
	_cleanup_json_ cJSON *brief = cJSON_Parse(item->brief);
	const cJSON *score = json_member(brief, "score");
	char time[CLOCK_RFC3339_SIZE];
	if (!cJSON_IsObject(score))
		return true;
	cJSON *o = json_object();
	json_set_str(o, "attempt", item->id);
	json_set_str(o, "ended_at", clock_rfc3339(item->ended_ms, time));
	json_set_double(o, "share", number(score, "share"));
	json_set_double(o, "value", number(score, "value"));
	if (!cJSON_InsertItemInArray(h->list, 0, o))
		abort();
	return true;
}

static bool add_history(struct report *r, struct err *err)
{
	struct history h = {&r->v->row, r->v->now_wall_ms, json_array()};
	json_set(r->out, "history", h.list);
	return store_attempt_each(r->rd, r->v->row.account, LIST_MAX, take_history, &h, err);
}

static bool build(struct report *r, const struct result_row *row, struct err *err)
{
	add_head(r);
	add_scores(r);
	add_time_part(r);
	add_rules(r, row);
	if (r->items)
		add_items(r);
	if (r->numbers && (r->v->fe->bp->confidence || r->v->row.study))
		add_calibration(r);
	if (r->show >= REPORT_DOMAINS)
		add_practise_next(r);
	return result_add_corrected(r->rd, r->v, r->doc, row->n, r->items, r->out, err) && add_expectation(r, err) &&
	       (!r->numbers || add_history(r, err)) && certificate_of_result(r->pr, r->rd, r->v->row.key, r->out, err);
}

/* ---- Entrances ---- */

static const char *grading_name(enum grading_state s)
{
	static const char *const names[] = {"queued", "running", "done", "review"};
	return names[s];
}

static void add_gradings(const struct view *v, const struct task_marks *tasks, struct buf *out)
{
	bool any = false;
	buf_adds(out, "{\"state\":\"grading\",\"tasks\":[");
	for (size_t i = 0; i < tasks->n; i++) {
		const struct task_mark *tm = &tasks->items[i];
		if (!tm->graded)
			continue;
		buf_addf(out, "%s{\"item\":\"%s\",\"state\":\"%s\",\"ahead\":%lld}", any ? "," : "", v->fe->form->items[i].id,
		         grading_name(tm->state), (long long)tm->row.ahead);
		any = true;
	}
	buf_adds(out, "]}");
}

/* Time is up, and what was sent in time may still arrive; or graders are at work; or people have to mark. */
static bool pending(struct store *rd, const struct view *v, bool *ret_pending, struct buf *out, struct err *err)
{
	int ungraded = 0;
	bool grading = false;
	_cleanup_task_marks_ struct task_marks tasks = {0};
	if (v->row.progress.state != ATTEMPT_ENDED)
		return err_set(err, ERR_CONFLICT, "the attempt is still running");
	if (v->row.phase == PHASE_REVIEWING &&
	    (!finish_ungraded(rd, &v->row, v->fe, &ungraded, err) || !task_marks_load(rd, v->row.key, v->fe->form->n_items, &tasks, err)))
		return false;
	for (size_t i = 0; i < tasks.n; i++)
		grading |= tasks.items[i].graded && tasks.items[i].state < GRADING_DONE;
	if (grading)
		add_gradings(v, &tasks, out);
	else
		buf_addf(out, "{\"state\":\"reviewing\",\"ungraded\":%d}", ungraded);
	*ret_pending = true;
	return buf_check(out, "the result", err);
}

bool result_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, bool *ret_pending, struct buf *out,
                 struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_view_ struct view v = {0};
	_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX), public_body = BUF(RESULT_BYTES_MAX);
	_cleanup_json_ cJSON *doc = NULL, *result = json_object();
	struct result_row row;
	*ret_pending = false;
	if (!view_load(pr, rd, who, attempt, &v, err))
		return false;
	if (v.row.phase != PHASE_FINAL)
		return pending(rd, &v, ret_pending, out, err);
	if (!must_be_released(pr, rd, &v, err) || !store_result_get(rd, v.row.key, &row, &body, &public_body, err) ||
	    !json_parse(buf_str(&body), &doc, err))
		return false;
	const struct blueprint *bp = v.fe->bp;
	struct report r = {
	    .pr = pr, .rd = rd, .v = &v, .doc = doc, .out = result, .show = report_level(&v.row, bp), .numbers = report_numbers(&v.row, bp)};
	r.explanations = v.row.study || bp->explanations;
	r.items = r.explanations || r.show >= REPORT_QUESTIONS;
	_cleanup_corrections_ struct corrections corrections = {0};
	if (!corrections_load(rd, &v.row, v.fe, &corrections, err) || !answers_load(rd, v.row.key, v.fe->form->n_items, &r.answers, err))
		return false;
	r.fe = corrections.fe;
	r.corrections = &corrections;
	bool ok = build(&r, &row, err);
	answers_free(r.answers, v.fe->form->n_items);
	if (!ok)
		return false;
	json_print(result, out);
	return buf_check(out, "the result", err);
}

bool result_signed(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_view_ struct view v = {0};
	_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX);
	struct result_row row;
	if (!view_load(pr, rd, who, attempt, &v, err))
		return false;
	if (v.row.phase != PHASE_FINAL)
		return err_set(err, ERR_CONFLICT,
		               v.row.progress.state == ATTEMPT_ENDED ? "the result is not there yet" : "the attempt is still running");
	if (!must_be_released(pr, rd, &v, err) || !store_result_get(rd, v.row.key, &row, NULL, &body, err))
		return false;
	signed_export(row.public_body, row.public_signature, row.public_key, out);
	return buf_check(out, "the result", err);
}
