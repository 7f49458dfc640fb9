/* The rules of an exam as words and JSON, and the retake rules. See internal.h. */
#include "credential/jcs.h"
#include "proctor/certify.h"
#include "proctor/marking.h"
#include <assert.h>
#include <stdio.h>
#include <time.h>

static const char *pick(const char *const *names, size_t n, size_t i)
{
	assert(i < n);
	return names[i];
}

const char *method_name(enum score_method m)
{
	static const char *const names[] = {"percent", "points", "scaled", "pass-fail"};
	return pick(names, ARRAY_SIZE(names), m);
}

const char *partial_name(int rule)
{
	static const char *const names[] = {"none", "none", "per-option", "net-correct", "coverage"};
	return pick(names, ARRAY_SIZE(names), (size_t)rule);
}

const char *docs_name(enum docs_rule d)
{
	static const char *const names[] = {"closed", "bundled", "urls", "open"};
	return pick(names, ARRAY_SIZE(names), d);
}

const char *show_name(enum report_show s)
{
	static const char *const names[] = {"pass-fail", "score", "bands", "domains", "objectives", "questions"};
	return pick(names, ARRAY_SIZE(names), s);
}

const char *kind_name(enum blueprint_kind k)
{
	static const char *const names[] = {"practice", "quiz", "renewal", "preset"};
	return pick(names, ARRAY_SIZE(names), k);
}

static cJSON *span_json(const struct span *s)
{
	cJSON *o = json_object();
	json_set_i64(o, "ms", s->ms);
	json_set_i64(o, "months", s->months);
	return o;
}

static cJSON *strings_json(char *const *list, size_t n)
{
	cJSON *a = json_array();
	for (size_t i = 0; i < n; i++)
		json_add_str(a, list[i]);
	return a;
}

static cJSON *sections_json(const struct blueprint *bp)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < bp->n_sections; i++) {
		const struct blueprint_section *s = &bp->sections[i];
		cJSON *o = json_object();
		json_set_str(o, "id", s->id);
		json_set_bool(o, "break", s->is_break);
		json_set_bool(o, "clock_stopped", s->clock_stopped);
		json_set_bool(o, "no_return", s->no_return);
		json_set_i64(o, "items", s->items);
		json_set_i64(o, "duration_ms", s->duration_ms);
		json_set(o, "domains", strings_json(s->domains, s->n_domains));
		json_add(list, o);
	}
	return list;
}

static cJSON *weights_json(const struct blueprint *bp)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < bp->n_weights; i++) {
		cJSON *o = json_object();
		json_set_str(o, "domain", bp->weights[i].domain);
		json_set_double(o, "lo", bp->weights[i].lo);
		json_set_double(o, "hi", bp->weights[i].hi);
		json_add(list, o);
	}
	return list;
}

static cJSON *retake_json(const struct blueprint *bp)
{
	cJSON *o = json_object(), *waits = json_array();
	for (size_t i = 0; i < bp->n_retake_waits; i++)
		json_add(waits, span_json(&bp->retake_waits[i]));
	json_set(o, "waits", waits);
	json_set_i64(o, "max", bp->retake_max);
	json_set(o, "per", span_json(&bp->retake_per));
	json_set(o, "lock_after_pass", span_json(&bp->lock_after_pass));
	return o;
}

cJSON *blueprint_json(const struct blueprint *bp)
{
	cJSON *o = json_object();
	json_set_str(o, "id", bp->id);
	json_set_str(o, "kind", kind_name(bp->kind));
	json_set_i64(o, "items_min", bp->items_min);
	json_set_i64(o, "items_max", bp->items_max);
	json_set_i64(o, "unscored", bp->unscored);
	json_set_i64(o, "duration_ms", bp->duration_ms);
	json_set_i64(o, "grace_ms", bp->grace_ms);
	json_set_bool(o, "no_return", bp->no_return);
	json_set(o, "weights", weights_json(bp));
	json_set(o, "sections", sections_json(bp));
	json_set_str(o, "method", method_name(bp->method));
	json_set_double(o, "min", bp->score_min);
	json_set_double(o, "max", bp->score_max);
	json_set_double(o, "cut", bp->cut);
	json_set_str(o, "partial", partial_name(bp->partial));
	json_set_double(o, "negative", bp->negative);
	json_set_bool(o, "shuffle_items", bp->shuffle_items);
	json_set_bool(o, "shuffle_options", bp->shuffle_options);
	json_set_str(o, "docs", docs_name(bp->docs));
	json_set(o, "doc_urls", strings_json(bp->doc_urls, bp->n_doc_urls));
	json_set_bool(o, "confidence", bp->confidence);
	json_set_str(o, "show", show_name(bp->show));
	json_set_bool(o, "explanations", bp->explanations);
	json_set_i64(o, "release_after_ms", bp->release_after_ms);
	if (bp->markers == 2)
		json_set(o, "marking", marking_rules_json(bp));
	json_set(o, "retake", retake_json(bp));
	json_set_bool(o, "certificate", bp->certificate);
	json_set(o, "valid", span_json(&bp->valid));
	return o;
}

void blueprint_hash(const struct blueprint *bp, char ret[HASH_HEX_SIZE])
{
	_cleanup_json_ cJSON *tree = blueprint_json(bp);
	_cleanup_buf_ struct buf bytes = BUF(RESULT_BYTES_MAX);
	struct err err;
	bool ok = jcs_canonical(tree, &bytes, &err);
	assert(ok); /* our own strings and finite numbers */
	(void)ok;
	hash_sha256_hex(buf_str(&bytes), ret);
}

/* ---- Retakes ---- */

int64_t span_add(int64_t wall_ms, const struct span *s)
{
	if (s->months) {
		time_t seconds = (time_t)(wall_ms / 1000);
		int64_t rest = wall_ms % 1000;
		struct tm t, check;
		gmtime_r(&seconds, &t);
		int day = t.tm_mday;
		t.tm_mon += s->months;
		time_t moved = timegm(&t);
		gmtime_r(&moved, &check);
		if (check.tm_mday != day) { /* 31 January and a month: the last day of February */
			moved -= (time_t)check.tm_mday * 86400;
		}
		wall_ms = (int64_t)moved * 1000 + rest;
	}
	return wall_ms + s->ms;
}

bool retake_relaxed(const struct proctor *pr, const struct caller *who)
{
	return who->account == ACCOUNT_LOCAL && !pr->enforce_retake;
}

#define TRIES_MAX 100

/* The attempts that count, newest first. */
struct tries {
	const char *bank_id, *exam;
	int64_t now_ms;
	int64_t ended_ms[TRIES_MAX];
	int passed[TRIES_MAX];
	size_t n;
	int64_t renewed_ms; /* when a certificate of the exam was last earned, by a renewal for one; 0: never */
	bool open;          /* how the last one went is not told yet … */
	int64_t release_ms; /* … until then; 0: nobody knows */
};

static bool take_try(void *arg, const struct attempt_item *item, struct err *err)
{
	(void)err;
	struct tries *t = arg;
	if (item->study || item->phase == PHASE_RUNNING || t->n == TRIES_MAX || strcmp(item->bank_id, t->bank_id) != 0 ||
	    strcmp(item->exam, t->exam) != 0)
		return true;
	if (t->n == 0 && (item->phase != PHASE_FINAL || item->release_ms > t->now_ms)) {
		t->open = true;
		t->release_ms = item->phase == PHASE_FINAL ? item->release_ms : 0;
	}
	t->ended_ms[t->n] = item->ended_ms;
	t->passed[t->n++] = item->passed;
	return true;
}

static bool is_set(const struct span *s)
{
	return s->ms > 0 || s->months > 0;
}

/* The time before which one rule does not allow another attempt; 0 when it has nothing to say, INT64_MAX for never. */
static int64_t after_pass(const struct blueprint *bp, const struct tries *t)
{
	int64_t passed_ms = t->renewed_ms;
	if (!is_set(&bp->lock_after_pass))
		return 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->passed[i] == 1 && t->ended_ms[i] > passed_ms)
			passed_ms = t->ended_ms[i];
	return passed_ms ? span_add(passed_ms, &bp->lock_after_pass) : 0;
}

static int64_t after_failures(const struct blueprint *bp, const struct tries *t)
{
	size_t failures = 0;
	while (failures < t->n && t->passed[failures] != 1)
		failures++;
	if (!failures || !bp->n_retake_waits)
		return 0;
	size_t which = failures < bp->n_retake_waits ? failures - 1 : bp->n_retake_waits - 1;
	return span_add(t->ended_ms[0], &bp->retake_waits[which]);
}

static int64_t after_many(const struct blueprint *bp, const struct tries *t)
{
	size_t max = (size_t)bp->retake_max;
	if (bp->retake_max <= 0 || t->n < max)
		return 0;
	return is_set(&bp->retake_per) ? span_add(t->ended_ms[max - 1], &bp->retake_per) : INT64_MAX;
}

bool retake_check(struct proctor *pr, struct store *st, int64_t account, const char *bank_id, const struct blueprint *bp, bool *ret_allowed,
                  int64_t *ret_next_ms, char *ret_why, size_t why_size, struct err *err)
{
	int64_t now = proctor_wall_ms(pr);
	struct tries t = {.bank_id = bank_id, .exam = bp->id, .now_ms = now};
	*ret_allowed = true;
	*ret_next_ms = 0;
	if (why_size)
		*ret_why = 0;
	if (!bp->n_retake_waits && bp->retake_max <= 0 && !is_set(&bp->lock_after_pass))
		return true;
	if (!store_attempt_each(st, account, INT32_MAX, take_try, &t, err) ||
	    !certificate_last_pass(st, account, bank_id, bp->id, &t.renewed_ms, err))
		return false;
	/* What the rules say now would tell how the last one went. */
	if (t.open && (bp->n_retake_waits || is_set(&bp->lock_after_pass))) {
		*ret_allowed = false;
		*ret_next_ms = t.release_ms;
		snprintf(ret_why, why_size, "the result of the last attempt is not there yet, and the rules for the next one depend on it");
		return true;
	}
	const struct {
		int64_t until;
		const char *why;
	} rules[] = {
	    {after_pass(bp, &t), "this exam is passed already"},
	    {after_failures(bp, &t), "there is a wait after an attempt that was not passed"},
	    {after_many(bp, &t), "all attempts of this period are used up"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (rules[i].until <= now || (*ret_next_ms && rules[i].until <= *ret_next_ms))
			continue;
		*ret_allowed = false;
		*ret_next_ms = rules[i].until;
		snprintf(ret_why, why_size, "%s", rules[i].why);
	}
	if (*ret_next_ms == INT64_MAX)
		*ret_next_ms = 0;
	return true;
}
