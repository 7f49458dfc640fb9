/* The rules of a blueprint: how answers count, what is reported, when one may try again. See draft.h. */
#include "bank/draft.h"
#include "base/clock.h"
#include "base/mem.h"
#include <math.h>

#define WAITS_MAX 20

void draft_scoring(struct draft *d)
{
	static const char *const fields[] = {"method", "min", "max", "cut"};
	static const char *const methods[] = {"percent", "points", "scaled", "pass-fail"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "scoring"), method = SCORE_PERCENT;
	bp->score_max = 100;
	bp->cut = 70;
	if (node < 0)
		return;
	if (d->y->nodes[node].type == YAML_TEXT) { /* "scoring: pass-fail" */
		if (draft_choice(d, node, "scoring", methods, ARRAY_SIZE(methods), &method) && (method == SCORE_SCALED || method == SCORE_POINTS))
			draft_wrong(d, node, "scoring", "this method needs its numbers", "for example {method: scaled, min: 100, max: 1000, cut: 720}");
		bp->method = (enum score_method)method;
		return;
	}
	if (!draft_is_map(d, node, "scoring", fields, ARRAY_SIZE(fields)))
		return;
	int name = draft_field(d, node, "method");
	if (name >= 0 && !draft_choice(d, name, "method", methods, ARRAY_SIZE(methods), &method))
		return;
	bp->method = (enum score_method)method;
	int values[] = {draft_field(d, node, "min"), draft_field(d, node, "max"), draft_field(d, node, "cut")};
	double *places[] = {&bp->score_min, &bp->score_max, &bp->cut};
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (values[i] >= 0 && !yaml_number(d->y, values[i], "scoring", 0, 1e6, places[i], d->l->diags))
			d->ok = false;
	bool own_scale = method == SCORE_SCALED || method == SCORE_POINTS;
	if (own_scale && (values[1] < 0 || values[2] < 0 || (method == SCORE_SCALED && values[0] < 0)))
		draft_wrong(d, node, "scoring", "this method needs its numbers", "scaled: min, max and cut; points: max and cut");
	else if (!own_scale && (values[0] >= 0 || values[1] >= 0))
		draft_wrong(d, node, "scoring", "only 'scaled' and 'points' have a scale of their own",
		            "remove min and max; the cut is in percent");
	else if (!(bp->score_min < bp->score_max) || bp->cut < bp->score_min || bp->cut > bp->score_max)
		draft_wrong(d, node, "scoring", "the numbers must be min < max, with the cut between them", NULL);
}

void draft_marking(struct draft *d)
{
	static const char *const rules[] = {"none", "per-option", "net-correct", "coverage"};
	static const char *const shuffle_fields[] = {"items", "options"};
	static const char *const navigation_fields[] = {"return"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "partial"), rule = 0;
	if (node >= 0)
		draft_choice(d, node, "partial", rules, ARRAY_SIZE(rules), &rule);
	bp->partial = rule + PARTIAL_NONE;
	node = draft_field(d, 0, "negative");
	if (node >= 0 && !yaml_number(d->y, node, "negative", 0, 1, &bp->negative, d->l->diags))
		d->ok = false;
	bp->shuffle_items = bp->shuffle_options = true;
	node = draft_field(d, 0, "shuffle");
	if (node >= 0 && d->y->nodes[node].type == YAML_TEXT) {
		draft_bool(d, 0, "shuffle", &bp->shuffle_items);
		bp->shuffle_options = bp->shuffle_items;
	} else if (node >= 0 && draft_is_map(d, node, "shuffle", shuffle_fields, ARRAY_SIZE(shuffle_fields))) {
		draft_bool(d, node, "items", &bp->shuffle_items);
		draft_bool(d, node, "options", &bp->shuffle_options);
	}
	bool may_return = true;
	node = draft_field(d, 0, "navigation");
	if (node >= 0 && draft_is_map(d, node, "navigation", navigation_fields, ARRAY_SIZE(navigation_fields)))
		draft_bool(d, node, "return", &may_return);
	bp->no_return = !may_return;
}

/* "1.5", in points, or "10%" of what the question is worth. */
static void read_tolerance(struct draft *d, int node)
{
	struct str text;
	double value;
	if (!yaml_text(d->y, node, "tolerance", 100, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	bool percent = str_ends(text, "%");
	if (!str_to_double(str_trim(str_sub(text, 0, text.len - percent)), &value) || value < 0 || value > (percent ? 100 : 1000)) {
		draft_wrong(d, node, "field-value", "tolerance: this is neither points nor a percentage",
		            "for example 1, in points, or 10% of what the question is worth");
		return;
	}
	d->bp->tolerance_percent = percent;
	d->bp->tolerance_m = llround(value * 1000);
}

void draft_markers(struct draft *d)
{
	static const char *const fields[] = {"markers", "tolerance"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "marking");
	bp->markers = 1;
	if (node < 0 || !draft_is_map(d, node, "marking", fields, ARRAY_SIZE(fields)))
		return;
	draft_int(d, node, "markers", 1, 2, &bp->markers);
	int tolerance = draft_field(d, node, "tolerance");
	if (bp->markers == 2) {
		bp->tolerance_percent = true;
		bp->tolerance_m = 10000;
		if (tolerance >= 0)
			read_tolerance(d, tolerance);
	} else if (tolerance >= 0) {
		draft_wrong(d, tolerance, "field-value", "'tolerance' is for two markers", "write {markers: 2, tolerance: 10%}, or remove it");
	}
}

void draft_docs(struct draft *d)
{
	static const char *const rules[] = {"closed", "bundled", "open"};
	static const enum docs_rule values[] = {DOCS_CLOSED, DOCS_BUNDLED, DOCS_OPEN};
	static const char *const fields[] = {"urls"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "docs"), rule = 0;
	if (node < 0)
		return;
	if (d->y->nodes[node].type == YAML_TEXT) {
		if (draft_choice(d, node, "docs", rules, ARRAY_SIZE(rules), &rule))
			bp->docs = values[rule];
		return;
	}
	if (!draft_is_map(d, node, "docs", fields, ARRAY_SIZE(fields)))
		return;
	int urls = draft_field(d, node, "urls");
	bp->docs = DOCS_URLS;
	if (urls < 0 || !yaml_texts(d->y, urls, "urls", 50, &bp->doc_urls, &bp->n_doc_urls, d->l->diags)) {
		d->ok = false;
		return;
	}
	for (size_t i = 0; i < bp->n_doc_urls; i++)
		if (strncmp(bp->doc_urls[i], "https://", 8) != 0 || strpbrk(bp->doc_urls[i], " \"'<>\\"))
			draft_wrong(d, urls, "field-value", "a URL must begin with https:// and have no spaces or quotes", NULL);
}

void draft_report(struct draft *d)
{
	static const char *const fields[] = {"show", "release", "after", "explanations"};
	static const char *const shows[] = {"pass-fail", "score", "bands", "domains", "objectives", "questions"};
	static const char *const releases[] = {"immediate", "delayed"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "report"), show = bp->method == SCORE_PASS_FAIL ? REPORT_PASS_FAIL : REPORT_DOMAINS, release = 0;
	bool text = node >= 0 && d->y->nodes[node].type == YAML_TEXT;
	if (text) {
		draft_choice(d, node, "report", shows, ARRAY_SIZE(shows), &show);
	} else if (node >= 0 && draft_is_map(d, node, "report", fields, ARRAY_SIZE(fields))) {
		int value = draft_field(d, node, "show");
		if (value >= 0)
			draft_choice(d, value, "show", shows, ARRAY_SIZE(shows), &show);
		value = draft_field(d, node, "release");
		if (value >= 0)
			draft_choice(d, value, "release", releases, ARRAY_SIZE(releases), &release);
		draft_ms(d, node, "after", &bp->release_after_ms);
		draft_bool(d, node, "explanations", &bp->explanations);
		if (d->ok && (release == 1) != (bp->release_after_ms > 0))
			draft_wrong(d, node, "report", "'release: delayed' and 'after' go together", "for example {release: delayed, after: 7d}");
	}
	bp->show = (enum report_show)show;
	if (d->ok && node >= 0 && bp->method == SCORE_PASS_FAIL && show == REPORT_SCORE)
		draft_wrong(d, node, "report", "with 'scoring: pass-fail' there is no score to show",
		            "show pass-fail, or bands for words in place of numbers");
}

void draft_retake(struct draft *d)
{
	static const char *const fields[] = {"waits", "max", "per", "lock_after_pass"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "retake");
	if (node < 0 || !draft_is_map(d, node, "retake", fields, ARRAY_SIZE(fields)))
		return;
	int waits = draft_field(d, node, "waits");
	bool list = waits >= 0 && d->y->nodes[waits].type == YAML_LIST;
	for (int child = list ? d->y->nodes[waits].first : waits; child >= 0; child = list ? d->y->nodes[child].next : -1) {
		if (bp->n_retake_waits >= WAITS_MAX) {
			draft_wrong(d, child, "field-long", "too many waits", NULL);
			return;
		}
		bp->retake_waits = xrealloc(bp->retake_waits, bp->n_retake_waits + 1, sizeof *bp->retake_waits);
		bp->retake_waits[bp->n_retake_waits] = (struct span){0};
		draft_span(d, child, "waits", &bp->retake_waits[bp->n_retake_waits++]);
	}
	draft_int(d, node, "max", 1, 10000, &bp->retake_max);
	draft_span(d, draft_field(d, node, "per"), "per", &bp->retake_per);
	draft_span(d, draft_field(d, node, "lock_after_pass"), "lock_after_pass", &bp->lock_after_pass);
	if (d->ok && bp->retake_max == 0 && draft_field(d, node, "per") >= 0)
		draft_wrong(d, node, "field-value", "'per' needs 'max'", "for example {max: 5, per: 365d}");
}

void draft_certificate(struct draft *d)
{
	static const char *const fields[] = {"valid", "renew"}, *const renew_fields[] = {"exam", "window", "extends"};
	static const char *const extends[] = {"pass", "expiry"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "certificate"), from = 0;
	if (node < 0 || !draft_is_map(d, node, "certificate", fields, ARRAY_SIZE(fields)))
		return;
	bp->certificate = true;
	draft_span(d, draft_field(d, node, "valid"), "valid", &bp->valid);
	int renew = draft_field(d, node, "renew");
	if (renew < 0 || !draft_is_map(d, renew, "renew", renew_fields, ARRAY_SIZE(renew_fields)))
		return;
	struct str exam;
	int name = draft_field(d, renew, "exam");
	if (name >= 0 && yaml_id(d->y, name, "exam", &exam, d->l->diags))
		bp->renew_exam = str_dup(exam);
	else
		draft_wrong(d, renew, "blueprint", "'renew' needs the id of an exam", NULL);
	draft_span(d, draft_field(d, renew, "window"), "window", &bp->renew_window);
	int value = draft_field(d, renew, "extends");
	if (value >= 0)
		draft_choice(d, value, "extends", extends, ARRAY_SIZE(extends), &from);
	bp->renew_extends_expiry = from == 1;
}

void draft_effective(struct draft *d)
{
	static const char *const fields[] = {"from", "until"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "effective");
	if (node < 0 || !draft_is_map(d, node, "effective", fields, ARRAY_SIZE(fields)))
		return;
	draft_date(d, node, "from", &bp->effective_from_ms);
	draft_date(d, node, "until", &bp->effective_until_ms);
	if (d->ok && bp->effective_until_ms && bp->effective_until_ms <= bp->effective_from_ms)
		draft_wrong(d, node, "date", "the exam ends before it begins", NULL);
}
