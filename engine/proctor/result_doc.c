/* The result as a document: everything that was measured, by which rules, from which form. docs/verifiers/results.md describes it.
 *
 * Two are made and signed. The whole one stays in the database; its items carry the form's opaque ids and never an author's. The public
 * one, which the candidate hands on, has what the exam reports and names the whole one by its hash. Neither has a key, nor anything about
 * unscored items. Points are whole thousandths; shares have six decimals. */
#include "credential/jcs.h"
#include "proctor/correction.h"
#include "proctor/marking.h"
#include <assert.h>
#include <math.h>
#include <sodium.h>

static double rounded(double v)
{
	return round(v * 1e6) / 1e6;
}

static void set_time(cJSON *o, const char *key, int64_t wall_ms)
{
	char time[CLOCK_RFC3339_SIZE];
	json_set_str(o, key, wall_ms ? clock_rfc3339(wall_ms, time) : NULL);
}

static const char *unit_name(enum score_method m)
{
	return m == SCORE_SCALED ? "scaled" : m == SCORE_POINTS ? "points" : "%";
}

static cJSON *score_json(const struct finished *f)
{
	const struct score *s = f->score;
	cJSON *o = json_object();
	json_set_double(o, "value", s->value);
	json_set_double(o, "min", s->min);
	json_set_double(o, "max", s->max);
	json_set_double(o, "cut", s->cut);
	json_set_double(o, "error", s->error);
	json_set_str(o, "unit", unit_name(f->fe->bp->method));
	json_set_double(o, "share", rounded(s->share));
	json_set_double(o, "share_error", rounded(s->share_error));
	json_set_double(o, "pass_probability", rounded(s->pass_probability));
	json_set_i64(o, "points_m", s->points_m);
	json_set_i64(o, "max_m", s->max_m);
	return o;
}

static cJSON *groups_json(const struct score_group *groups, size_t n, bool objectives)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < n; i++) {
		cJSON *o = json_object();
		json_set_str(o, "id", groups[i].id);
		if (objectives) { /* "domain.objective" */
			_cleanup_free_ char *domain = xstrndup(groups[i].id, strcspn(groups[i].id, "."));
			json_set_str(o, "domain", domain);
		}
		json_set_str(o, "title", groups[i].title);
		json_set_i64(o, "items", groups[i].items);
		json_set_i64(o, "points_m", groups[i].points_m);
		json_set_i64(o, "max_m", groups[i].max_m);
		json_set_double(o, "share", rounded(groups[i].share));
		json_set_double(o, "error", rounded(groups[i].error));
		json_add(list, o);
	}
	return list;
}

static cJSON *counts_json(const struct score *s)
{
	cJSON *o = json_object();
	json_set_i64(o, "items", s->items);
	json_set_i64(o, "right", s->right);
	json_set_i64(o, "partial", s->partial);
	json_set_i64(o, "wrong", s->wrong);
	json_set_i64(o, "unanswered", s->unanswered);
	json_set_i64(o, "ungraded", s->ungraded);
	json_set_i64(o, "unscored", s->unscored);
	return o;
}

/* n counts the scored items: gaps would tell which ones were only tried out. Dropped ones keep their place, with nothing to earn. */
static cJSON *items_json(const struct finished *f)
{
	cJSON *list = json_array();
	int n = 0;
	for (size_t i = 0; i < f->fe->form->n_items; i++) {
		const struct form_item *fi = &f->fe->form->items[i];
		if (fi->unscored)
			continue;
		cJSON *o = json_object();
		json_set_i64(o, "n", ++n);
		json_set_str(o, "id", fi->id);
		json_set_str(o, "outcome", mark_outcome_name(f->marks[i].outcome));
		json_set_i64(o, "points_m", f->marks[i].points_m);
		json_set_i64(o, "max_m", f->marks[i].max_m);
		if (f->marks[i].dropped)
			json_set_bool(o, "dropped", true);
		result_task_item(f, i, o);
		marking_result_item(f, i, o);
		json_add(list, o);
	}
	return list;
}

static cJSON *outages_json(const struct finished *f)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < f->n_outages && i < ARRAY_SIZE(f->outages); i++) {
		cJSON *o = json_object();
		json_set_str(o, "kind", f->outages[i].kind == OUTAGE_STOP ? "stop" : "suspend");
		set_time(o, "from", f->outages[i].from_ms);
		set_time(o, "to", f->outages[i].to_ms);
		json_set_i64(o, "ms", f->outages[i].duration_ms);
		json_add(list, o);
	}
	return list;
}

static cJSON *late_json(const struct finished *f)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < f->fe->form->n_items; i++) {
		if (!f->answers[i].late_ms)
			continue;
		cJSON *o = json_object();
		json_set_str(o, "item", f->fe->form->items[i].id);
		json_set_i64(o, "late_ms", f->answers[i].late_ms);
		json_add(list, o);
	}
	return list;
}

static cJSON *time_json(const struct finished *f)
{
	const struct attempt_row *row = f->row;
	const struct blueprint *bp = f->fe->bp;
	cJSON *o = json_object();
	int64_t extra = attempt_extra_ms(row, bp);
	set_time(o, "started_at", row->started_ms);
	set_time(o, "ended_at", row->ended_ms);
	json_set_str(o, "ended_by", row->ended_by == ENDED_BY_TIME ? "time" : "candidate");
	json_set_i64(o, "used_ms", row->ended_service_ms - row->begun_service_ms);
	if (bp->duration_ms && !row->study)
		json_set_i64(o, "limit_ms", bp->duration_ms + extra);
	else
		json_set(o, "limit_ms", cJSON_CreateNull());
	json_set_i64(o, "extra_ms", extra);
	json_set_i64(o, "grace_ms", bp->grace_ms);
	json_set_i64(o, "outages_ms", f->outages_ms);
	json_set(o, "outages", outages_json(f));
	json_set(o, "late", late_json(f));
	return o;
}

static const char *retake_text(const struct finished *f)
{
	const struct blueprint *bp = f->fe->bp;
	if (f->row->study || (!bp->n_retake_waits && bp->retake_max <= 0 && !bp->lock_after_pass.ms && !bp->lock_after_pass.months))
		return "none";
	return f->row->relaxed ? "not enforced" : "enforced";
}

static cJSON *rules_json(const struct finished *f)
{
	const struct blueprint *bp = f->fe->bp;
	cJSON *o = json_object();
	json_set_str(o, "method", method_name(bp->method));
	json_set_str(o, "partial", partial_name(bp->partial));
	json_set_double(o, "negative", bp->negative);
	json_set_str(o, "report", show_name(bp->show));
	json_set_str(o, "docs", docs_name(bp->docs));
	json_set_str(o, "retake", retake_text(f));
	return o;
}

static cJSON *named_json(const char *id, const char *title)
{
	cJSON *o = json_object();
	json_set_str(o, "id", id);
	json_set_str(o, "title", title);
	return o;
}

/* Head and foot, the same in both documents. */
static void set_frame(cJSON *doc, const struct finished *f)
{
	const struct bank *bank = f->fe->version->bank;
	_cleanup_free_ char *exam = xasprintf("%s/%s", f->row->bank_id, f->row->exam);
	char blueprint[HASH_HEX_SIZE];
	json_set_str(doc, "type", "assay-result");
	json_set_i64(doc, "format", 1);
	json_set_str(doc, "attempt", f->row->id);
	json_set_i64(doc, "number", f->n);
	json_set_str(doc, "candidate", f->candidate);
	json_set(doc, "exam", named_json(exam, f->fe->bp->title));
	cJSON *of_bank = named_json(bank->id, bank->title);
	json_set_str(of_bank, "version", bank->version ? bank->version : "");
	json_set_str(of_bank, "sha256", f->fe->version->hash);
	json_set_bool(of_bank, "official", f->fe->version->release.number > 0);
	if (f->fe->version->release.number) {
		json_set_i64(of_bank, "release", f->fe->version->release.number);
		json_set_str(of_bank, "release_sha256", f->fe->version->release.sha256);
	}
	json_set(doc, "bank", of_bank);
	json_set_str(doc, "mode", f->row->study ? "study" : "exam");
	json_set_str(doc, "verdict", f->row->study ? NULL : f->score->passed ? "pass" : "fail");
	json_set(doc, "time", time_json(f));
	json_set(doc, "rules", rules_json(f));
	json_set_str(doc, "form_sha256", f->fe->hash);
	blueprint_hash(f->fe->bp, blueprint);
	json_set_str(doc, "blueprint_sha256", blueprint);
	json_set_str(doc, "previous_sha256", f->previous);
	json_set_str(doc, "engine", "assay " ASSAY_VERSION);
	json_set_str(doc, "key", f->key_hex);
	set_time(doc, "issued_at", f->now_ms);
}

void result_add_digests(cJSON *doc)
{
	cJSON *digests = json_object();
	_cleanup_buf_ struct buf bytes = BUF(RESULT_BYTES_MAX);
	for (const cJSON *c = doc->child; c; c = c->next) {
		char hex[HASH_HEX_SIZE];
		struct err err;
		buf_clear(&bytes);
		bool ok = jcs_canonical(c, &bytes, &err);
		assert(ok); /* our own strings and finite numbers */
		(void)ok;
		hash_sha256_hex(buf_str(&bytes), hex)[16] = 0;
		json_set_str(digests, c->string, hex);
	}
	json_set(doc, "digests", digests);
}

/* The candidate gets this document's hash. Without a salt the outcomes of a short exam could be tried out against it. */
static void set_salt(cJSON *doc)
{
	unsigned char salt[16];
	char hex[2 * sizeof salt + 1];
	rng_secret(salt, sizeof salt);
	json_set_str(doc, "salt", sodium_bin2hex(hex, sizeof hex, salt, sizeof salt));
}

/* How questions are scored otherwise than they were drawn, and why. A result without any has no such member. */
static void set_corrections(cJSON *doc, const struct finished *f, bool whole)
{
	cJSON *list = corrections_json(f->corrections, whole, whole || report_level(f->row, f->fe->bp) >= REPORT_QUESTIONS);
	if (list)
		json_set(doc, "corrections", list);
}

cJSON *result_doc(const struct finished *f)
{
	cJSON *doc = json_object();
	set_frame(doc, f);
	set_salt(doc);
	json_set(doc, "score", score_json(f));
	json_set(doc, "domains", groups_json(f->score->domains, f->score->n_domains, false));
	json_set(doc, "objectives", groups_json(f->score->objectives, f->score->n_objectives, true));
	json_set(doc, "counts", counts_json(f->score));
	json_set(doc, "items", items_json(f));
	set_corrections(doc, f, true);
	cJSON *hands_on = result_hands_on_of(f);
	if (hands_on)
		json_set(doc, "hands_on", hands_on);
	cJSON *marking = marking_result_of(f);
	if (marking)
		json_set(doc, "marking", marking);
	result_add_digests(doc);
	return doc;
}

/* ---- What the exam reports ---- */

enum report_show report_level(const struct attempt_row *row, const struct blueprint *bp)
{
	return row->study ? REPORT_QUESTIONS : bp->show;
}

bool report_numbers(const struct attempt_row *row, const struct blueprint *bp)
{
	return row->study || (bp->show >= REPORT_SCORE && bp->method != SCORE_PASS_FAIL);
}

const char *band_name(double share, double cut_share)
{
	return share < cut_share ? "weak" : share < cut_share + (1 - cut_share) / 2 ? "adequate" : "strong";
}

cJSON *result_bands(const cJSON *doc)
{
	const cJSON *score = cJSON_GetObjectItemCaseSensitive(doc, "score");
	double min = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "min"));
	double max = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "max"));
	double cut = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "cut"));
	double cut_share = max > min ? (cut - min) / (max - min) : 0;
	cJSON *list = json_array();
	const cJSON *d;
	cJSON_ArrayForEach(d, cJSON_GetObjectItemCaseSensitive(doc, "domains"))
	{
		cJSON *o = named_json(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(d, "id")),
		                      cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(d, "title")));
		json_set_str(o, "band", band_name(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(d, "share")), cut_share));
		json_add(list, o);
	}
	return list;
}

static void copy_member(cJSON *to, const cJSON *from, const char *key)
{
	json_set(to, key, cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(from, key), true));
}

cJSON *result_doc_public(const struct finished *f, const cJSON *doc, const char *full_hash)
{
	const struct blueprint *bp = f->fe->bp;
	enum report_show show = report_level(f->row, bp);
	cJSON *o = json_object();
	set_frame(o, f);
	json_set_str(o, "full_sha256", full_hash);
	if (report_numbers(f->row, bp)) {
		copy_member(o, doc, "score");
		copy_member(o, doc, "counts");
	}
	if (show == REPORT_BANDS)
		json_set(o, "bands", result_bands(doc));
	if (show >= REPORT_DOMAINS)
		copy_member(o, doc, "domains");
	if (show >= REPORT_OBJECTIVES)
		copy_member(o, doc, "objectives");
	if (show >= REPORT_QUESTIONS) {
		copy_member(o, doc, "items");
		cJSON *item;
		cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(o, "items"))
		{
			result_task_public(item, f->row->study || bp->explanations);
			marking_result_public(item);
		}
	}
	if (cJSON_GetObjectItemCaseSensitive(doc, "hands_on"))
		json_set(o, "hands_on", result_hands_on(doc, report_numbers(f->row, bp) && show >= REPORT_DOMAINS, true));
	set_corrections(o, f, false);
	if (cJSON_GetObjectItemCaseSensitive(doc, "marking"))
		copy_member(o, doc, "marking");
	result_add_digests(o);
	return o;
}

/* ---- The interface's shapes: points instead of thousandths ---- */

cJSON *result_score_api(const cJSON *doc)
{
	cJSON *o = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(doc, "score"), true);
	cJSON_DeleteItemFromObjectCaseSensitive(o, "points_m");
	cJSON_DeleteItemFromObjectCaseSensitive(o, "max_m");
	return o;
}

cJSON *result_groups_api(const cJSON *doc, const char *key)
{
	cJSON *list = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(doc, key), true), *o;
	cJSON_ArrayForEach(o, list)
	{
		json_set_double(o, "points", cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "points_m")) / 1000);
		json_set_double(o, "max", cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "max_m")) / 1000);
		cJSON_DeleteItemFromObjectCaseSensitive(o, "points_m");
		cJSON_DeleteItemFromObjectCaseSensitive(o, "max_m");
	}
	return list;
}

cJSON *result_brief(const struct finished *f, const cJSON *doc)
{
	const struct blueprint *bp = f->fe->bp;
	cJSON *o = json_object();
	copy_member(o, doc, "verdict");
	json_set(o, "score", report_numbers(f->row, bp) ? result_score_api(doc) : cJSON_CreateNull());
	if (report_level(f->row, bp) >= REPORT_DOMAINS)
		json_set(o, "domains", result_groups_api(doc, "domains"));
	return o;
}
