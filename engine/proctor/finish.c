/* The end of an attempt: its marks, its score, and the signed result. See internal.h. Runs inside the writer's savepoint, so an attempt is
 * either ended with its result (or in the hands of the markers), or it still runs. */
#include "credential/jcs.h"
#include "proctor/certificate.h"
#include "proctor/correction.h"
#include "proctor/keys.h"
#include "proctor/log.h"
#include "proctor/marking.h"
#include "proctor/task.h"
#include "store/outcome.h"
#include <math.h>
#include <sodium.h>
#include <stdio.h>

/* ---- Marks ---- */

bool finish_mark_one(const struct form_entry *fe, const struct answer *a, size_t index, struct mark *ret, struct err *err)
{
	_cleanup_json_ cJSON *response = NULL;
	if (a->body && !json_parse((struct str){a->body, a->body_len}, &response, err))
		return err_prefix(err, "the stored answer %zu", index);
	mark_item(&fe->form->items[index], response, (enum partial_rule)fe->bp->partial, fe->bp->negative, ret);
	return true;
}

/* Through the corrections in force; fe is the corrected form.
 * *ret_ungraded: scored items that a person, or a grader, has to mark first. Study sessions leave out what only a person can mark. */
static bool mark_all(struct store *wr, const struct attempt_row *row, const struct corrections *corrections, const struct answer *answers,
                     const struct task_marks *tasks, struct person_marks *people, struct mark *marks, int *ret_ungraded, struct err *err)
{
	const struct form_entry *fe = corrections->fe;
	size_t n = fe->form->n_items;
	for (size_t i = 0; i < n; i++) {
		if (!finish_mark_one(fe, &answers[i], i, &marks[i], err))
			return false;
		if (fe->form->items[i].item->kind == ITEM_TASK)
			task_mark_item(&fe->form->items[i], &tasks->items[i], &marks[i]);
	}
	if (!person_marks_load(wr, row, fe, people, err))
		return false;
	person_marks_apply(people, marks);
	corrections_apply(corrections, marks);
	*ret_ungraded = 0;
	for (size_t i = 0; i < n; i++) {
		if (marks[i].outcome != MARK_UNGRADED)
			continue;
		bool waits = tasks->items[i].graded && tasks->items[i].state < GRADING_DONE;
		if (row->study && !waits)
			marks[i].max_m = 0;
		else
			*ret_ungraded += !fe->form->items[i].unscored;
	}
	return true;
}

bool finish_assess(struct store *st, const struct attempt_row *row, const struct form_entry *fe, const struct correction_row *extra,
                   struct assessed *ret, struct err *err)
{
	size_t n = fe->form->n_items;
	struct assessed *a = ret;
	*a = (struct assessed){.n = n,
	                       .tasks = xcalloc(1, sizeof *a->tasks),
	                       .people = xcalloc(1, sizeof *a->people),
	                       .corrections = xcalloc(1, sizeof *a->corrections)};
	if (!task_marks_load(st, row->key, n, a->tasks, err) || !answers_load(st, row->key, n, &a->answers, err) ||
	    !corrections_load_with(st, row, fe, extra, a->corrections, err))
		return false;
	a->marks = xcalloc(n + 1, sizeof *a->marks);
	if (!mark_all(st, row, a->corrections, a->answers, a->tasks, a->people, a->marks, &a->ungraded, err))
		return false;
	if (a->ungraded == 0)
		score_form(fe->version->bank, fe->bp, a->corrections->fe->form, a->marks, &a->score);
	return true;
}

void assessed_finish(struct assessed *a)
{
	score_finish(&a->score);
	free(a->marks);
	answers_free(a->answers, a->n);
	if (a->corrections)
		corrections_finish(a->corrections);
	if (a->tasks)
		task_marks_finish(a->tasks);
	if (a->people)
		person_marks_finish(a->people);
	free(a->corrections);
	free(a->people);
	free(a->tasks);
}

bool finish_ungraded(struct store *st, const struct attempt_row *row, const struct form_entry *fe, int *ret, struct err *err)
{
	_cleanup_assessed_ struct assessed a = {0};
	if (!finish_assess(st, row, fe, NULL, &a, err))
		return false;
	*ret = a.ungraded;
	return true;
}

/* ---- The result ---- */

static bool sign_doc(const struct sign_key *key, const cJSON *doc, struct buf *body, unsigned char signature[SIGN_SIZE], struct err *err)
{
	if (!jcs_canonical(doc, body, err) || !buf_check(body, "the result", err))
		return false;
	sign_bytes(key, buf_str(body), signature);
	return true;
}

static bool put_outcomes(struct store *wr, const struct finished *f, int64_t release_ms, struct err *err)
{
	const struct form_entry *fe = f->fe;
	for (size_t i = 0; i < fe->form->n_items; i++) {
		const struct form_item *fi = &fe->form->items[i];
		const struct mark *m = &f->marks[i];
		if (f->marks[i].dropped) {
			if (!store_outcome_drop(wr, f->row->account, f->row->bank_id, fi->item_id, f->row->key, err))
				return false;
			continue;
		}
		if (fi->unscored || (f->row->study && !f->answers[i].body && !f->tasks->items[i].opened))
			continue;
		struct outcome_row row = {
		    .account = f->row->account,
		    .attempt = f->row->key,
		    .bank_id = f->row->bank_id,
		    .item_id = fi->item_id,
		    .domain = fi->item->domain,
		    .at_ms = f->row->ended_ms,
		    .release_ms = release_ms,
		    .told = f->row->study || fe->bp->explanations || fe->bp->show >= REPORT_QUESTIONS,
		    .flagged = f->answers[i].flagged,
		    .outcome = m->outcome,
		    .share_m = m->max_m > 0 && m->points_m > 0 ? (int)(m->points_m * 1000 / m->max_m) : 0,
		    .confidence = f->answers[i].body ? f->answers[i].confidence : EVENT_NONE,
		    .spent_ms = f->answers[i].spent_ms,
		};
		if (!store_outcome_put(wr, &row, err))
			return false;
	}
	return true;
}

static bool put_brief(struct store *wr, const struct finished *f, const cJSON *doc, int64_t release_ms, struct err *err)
{
	_cleanup_json_ cJSON *brief = result_brief(f, doc);
	_cleanup_buf_ struct buf text = BUF(RESULT_BYTES_MAX);
	json_print(brief, &text);
	struct attempt_brief row = {
	    .passed = f->row->study ? -1 : f->score->passed,
	    .share_m = (int)lround(f->score->share * 1000),
	    .release_ms = release_ms,
	    .json = text.p,
	};
	return buf_check(&text, "the result", err) && store_attempt_brief(wr, f->row->key, &row, err);
}

static bool put_result(struct proctor *pr, struct store *wr, struct finished *f, struct err *err)
{
	_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX), public_body = BUF(RESULT_BYTES_MAX);
	struct result_row row = {.attempt = f->row->key, .n = f->n, .created_ms = f->now_ms};
	_cleanup_json_ cJSON *doc = result_doc(f);
	if (!sign_doc(f->key, doc, &body, row.signature, err))
		return false;
	hash_sha256_hex(buf_str(&body), row.hash);
	_cleanup_json_ cJSON *shown = result_doc_public(f, doc, row.hash);
	if (!sign_doc(f->key, shown, &public_body, row.public_signature, err))
		return false;
	row.body = buf_str(&body);
	row.public_body = buf_str(&public_body);
	snprintf(row.previous, sizeof row.previous, "%s", f->previous);
	memcpy(row.public_key, f->key->public_key, sizeof row.public_key);
	_cleanup_free_ char *reference = log_result_reference(row.attempt, row.n);
	int64_t release_ms = f->row->ended_ms + (f->row->study ? 0 : f->fe->bp->release_after_ms);
	return store_result_add(wr, &row, err) && key_used(pr, wr, KEY_RESULTS, f->key, INT64_MAX, err) &&
	       log_append(pr, wr, LOG_RESULT, reference, row.body, NULL, err) && put_outcomes(wr, f, release_ms, err) &&
	       put_brief(wr, f, doc, release_ms, err) && certificate_after_result(pr, wr, f, err);
}

/* Fills in what came before: the chain, the outages, the person. */
static bool gather(struct proctor *pr, struct store *wr, struct finished *f, struct account_row *account, struct result_row *before,
                   struct err *err)
{
	struct err none;
	bool first = !store_result_get(wr, f->row->key, before, NULL, NULL, &none);
	if (first && none.code != ERR_NOT_FOUND)
		return err_set(err, none.code, "%s", none.msg);
	f->n = first ? 1 : before->n + 1;
	f->previous = first ? f->fe->hash : before->hash;
	f->now_ms = proctor_wall_ms(pr);
	if (!keys_refresh(pr, wr, err) || !key_active(pr, KEY_RESULTS, &f->key, err))
		return false;
	sodium_bin2hex(f->key_hex, sizeof f->key_hex, f->key->public_key, sizeof f->key->public_key);
	if (!store_account_get(wr, f->row->account, account, err) ||
	    !store_outages(wr, f->row->begun_service_ms, f->row->ended_service_ms - 1, f->outages, ARRAY_SIZE(f->outages), &f->n_outages,
	                   &f->outages_ms, err))
		return false;
	f->candidate = account->name;
	return true;
}

bool finish_result(struct proctor *pr, struct store *wr, struct attempt_row *row, struct form_entry *fe, int *ret_ungraded, struct err *err)
{
	_cleanup_assessed_ struct assessed a = {0};
	struct account_row account;
	struct result_row before;
	if (!finish_assess(wr, row, fe, NULL, &a, err))
		return false;
	if (a.ungraded == 0) {
		struct finished f = {.row = row,
		                     .fe = a.corrections->fe,
		                     .answers = a.answers,
		                     .tasks = a.tasks,
		                     .people = a.people,
		                     .marks = a.marks,
		                     .score = &a.score,
		                     .corrections = a.corrections};
		if (!gather(pr, wr, &f, &account, &before, err) || !put_result(pr, wr, &f, err))
			return false;
		row->phase = PHASE_FINAL;
	}
	*ret_ungraded = a.ungraded;
	return true;
}

/* ---- The end ---- */

static bool end_row(struct proctor *pr, struct store *wr, struct attempt_row *row, const struct form_entry *fe, enum ended_by by,
                    struct err *err)
{
	int64_t now = proctor_service_ms(pr);
	struct progress *p = &row->progress;
	progress_advance(p, fe->form, row->extra_m, now);
	if (p->state != ATTEMPT_ENDED && !progress_end(p, fe->form, row->extra_m, now, err))
		return false;
	row->ended_by = p->closed_ms ? ENDED_BY_TIME : by;
	row->ended_service_ms = p->closed_ms ? p->closed_ms : now;
	row->ended_ms = proctor_wall_ms(pr) - (now - row->ended_service_ms);
	row->next_ms = ATTEMPT_NEVER;
	row->phase = PHASE_REVIEWING;
	return store_event_answered(wr, row->key, (size_t)row->items, &row->answered, err) && store_attempt_end(wr, row, err);
}

bool finish_attempt(struct proctor *pr, struct store *wr, struct live *l, enum ended_by by, struct err *err)
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	struct attempt_row row = l->row;
	struct event e = {.kind = by == ENDED_BY_TIME ? EVENT_EXPIRE : EVENT_SUBMIT};
	int ungraded;
	if (!form_cache_get(pr, wr, &row, &fe, err) || !live_append(pr, wr, l, &e, err) || !end_row(pr, wr, &row, fe, by, err) ||
	    !grading_enqueue(pr, wr, &row, fe, err) || !finish_result(pr, wr, &row, fe, &ungraded, err))
		return false;
	live_drop(pr, l);
	service_changed(pr);
	return true;
}
