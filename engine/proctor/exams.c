/* The catalogue as JSON: what can be taken, by which rules, and how the caller stands with it. See proctor.h. What depends on nobody is
 * rendered once a version. */
#include "proctor/internal.h"
#include <stdio.h>

#define DESCRIBE_MAX (4u << 20)

static void add_str(struct buf *out, const char *key, const char *v)
{
	buf_addf(out, "\"%s\":", key);
	if (v)
		buf_add_json(out, str_of(v));
	else
		buf_adds(out, "null");
}

static void add_number(struct buf *out, const char *key, double v)
{
	char text[40];
	snprintf(text, sizeof text, "%.10g", v);
	buf_addf(out, "\"%s\":%s", key, text);
}

static const char *bool_text(bool v)
{
	return v ? "true" : "false";
}

/* The exam's time: its own, or that of its sections when each has one; 0: untimed. */
static int64_t whole_duration_ms(const struct blueprint *bp)
{
	int64_t sum_ms = 0;
	for (size_t i = 0; i < bp->n_sections && !bp->duration_ms; i++) {
		if (bp->sections[i].is_break)
			continue;
		if (!bp->sections[i].duration_ms)
			return 0;
		sum_ms += bp->sections[i].duration_ms;
	}
	return bp->duration_ms ? bp->duration_ms : sum_ms;
}

static void add_brief(const struct version *v, const struct blueprint *bp, struct buf *out)
{
	const struct bank *b = v->bank;
	buf_addf(out, "\"id\":\"%s/%s\",\"bank\":{\"id\":\"%s\",", b->id, bp->id, b->id);
	add_str(out, "title", b->title);
	buf_addc(out, ',');
	add_str(out, "version", b->version ? b->version : ""); /* a lone file has none */
	buf_addc(out, ',');
	add_str(out, "language", b->language);
	buf_adds(out, "},");
	add_str(out, "title", bp->title);
	buf_addc(out, ',');
	add_str(out, "description", bp->description);
	buf_addf(out, ",\"kind\":\"%s\",\"items\":", kind_name(bp->kind));
	if (bp->items_min == bp->items_max)
		buf_addf(out, "%d", bp->items_min);
	else
		buf_addf(out, "[%d,%d]", bp->items_min, bp->items_max);
	buf_adds(out, ",\"duration_ms\":");
	int64_t duration_ms = whole_duration_ms(bp);
	if (duration_ms)
		buf_addf(out, "%lld", (long long)duration_ms);
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"modes\":[%s%s%s]", bp->mode_exam ? "\"exam\"" : "", bp->mode_exam && bp->mode_study ? "," : "",
	         bp->mode_study ? "\"study\"" : "");
}

static void add_sections(const struct blueprint *bp, struct buf *out)
{
	buf_adds(out, ",\"sections\":[");
	for (size_t i = 0; i < bp->n_sections; i++) {
		const struct blueprint_section *s = &bp->sections[i];
		buf_adds(out, i ? ",{" : "{");
		add_str(out, "title", s->title ? s->title : "");
		buf_addf(out, ",\"items\":%d,\"duration_ms\":", s->items);
		if (s->duration_ms)
			buf_addf(out, "%lld", (long long)s->duration_ms);
		else
			buf_adds(out, "null");
		buf_addf(out, ",\"break\":%s,\"no_return\":%s}", bool_text(s->is_break), bool_text(s->no_return || bp->no_return));
	}
	buf_addc(out, ']');
}

static void add_scoring(const struct blueprint *bp, struct buf *out)
{
	bool percent = bp->method == SCORE_PERCENT || bp->method == SCORE_PASS_FAIL;
	buf_addf(out, ",\"scoring\":{\"method\":\"%s\",", method_name(bp->method));
	add_number(out, "min", bp->method == SCORE_SCALED ? bp->score_min : 0);
	buf_addc(out, ',');
	add_number(out, "max", percent ? 100 : bp->score_max);
	buf_addc(out, ',');
	if (bp->method == SCORE_PASS_FAIL)
		buf_adds(out, "\"cut\":null");
	else
		add_number(out, "cut", bp->cut);
	buf_addf(out, "},\"partial\":\"%s\",", partial_name(bp->partial));
	add_number(out, "negative", bp->negative);
}

/* "14 days", "24 months" */
static void add_span_text(struct buf *out, const struct span *s)
{
	if (s->months) {
		buf_addf(out, "\"%d month%s\"", s->months, s->months == 1 ? "" : "s");
		return;
	}
	int64_t n = s->ms / MS_SECOND;
	const char *unit = "second";
	const struct {
		int64_t ms;
		const char *name;
	} units[] = {{MS_DAY, "day"}, {MS_HOUR, "hour"}, {MS_MINUTE, "minute"}};
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (s->ms % units[i].ms == 0) {
			n = s->ms / units[i].ms;
			unit = units[i].name;
			break;
		}
	buf_addf(out, "\"%lld %s%s\"", (long long)n, unit, n == 1 ? "" : "s");
}

static void add_rules(const struct blueprint *bp, struct buf *out)
{
	int markers = bp->markers == 2 ? 2 : 1;
	buf_addf(out, "\"unscored\":%d,\"tasks\":[%d,%d],\"markers\":%d", bp->unscored, bp->tasks_min,
	         bp->tasks_max < bp->items_max ? bp->tasks_max : bp->items_max, bp->essays ? markers : 0);
	add_sections(bp, out);
	buf_addf(out, ",\"no_return\":%s", bool_text(bp->no_return));
	add_scoring(bp, out);
	buf_addf(out, ",\"docs\":\"%s\",\"doc_urls\":[", docs_name(bp->docs));
	for (size_t i = 0; i < bp->n_doc_urls; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(bp->doc_urls[i]));
	}
	buf_addf(out, "],\"confidence\":%s,\"report\":{\"show\":\"%s\",\"release_after_ms\":%lld,\"explanations\":%s},\"certificate\":",
	         bool_text(bp->confidence), show_name(bp->show), (long long)bp->release_after_ms, bool_text(bp->explanations));
	if (bp->certificate) {
		buf_adds(out, "{\"valid\":");
		if (bp->valid.ms || bp->valid.months)
			add_span_text(out, &bp->valid);
		else
			buf_adds(out, "null");
		buf_addc(out, '}');
	} else {
		buf_adds(out, "null");
	}
}

/* The weight of a domain; one of "rest" has what the fixed ones leave, shared with the others of "rest". */
static struct blueprint_weight weight_shown(const struct blueprint *bp, const struct blueprint_weight *w)
{
	double lo = 1, hi = 1;
	int n_rest = 0;
	for (size_t i = 0; i < bp->n_weights; i++)
		if (bp->weights[i].lo < 0) {
			n_rest++;
		} else {
			lo -= bp->weights[i].hi;
			hi -= bp->weights[i].lo;
		}
	if (w->lo >= 0)
		return *w;
	return (struct blueprint_weight){w->domain, lo > 0 ? lo / n_rest : 0, hi > 0 ? hi / n_rest : 0};
}

static void add_weight(struct buf *out, const struct blueprint *bp, const char *domain)
{
	for (size_t i = 0; i < bp->n_weights; i++) {
		if (strcmp(bp->weights[i].domain, domain) != 0)
			continue;
		struct blueprint_weight shown = weight_shown(bp, &bp->weights[i]), *w = &shown;
		buf_addf(out, ",\"weight\":\"%.3g", w->lo * 100);
		if (w->hi > w->lo + 1e-9)
			buf_addf(out, "\xE2\x80\x93%.3g", w->hi * 100);
		buf_adds(out, " %\"");
		return;
	}
	buf_adds(out, ",\"weight\":null");
}

static bool drawable(const struct item *it)
{
	return it->status == ITEM_ACTIVE;
}

static void add_domains(const struct version *v, const struct blueprint *bp, struct buf *out)
{
	buf_adds(out, "\"domains\":[");
	for (size_t i = 0; i < v->bank->n_domains; i++) {
		const struct bank_domain *d = &v->bank->domains[i];
		int items = 0;
		for (size_t k = 0; k < v->bank->n_items; k++)
			items += drawable(&v->bank->items[k]) && strcmp(v->bank->items[k].domain, d->id) == 0;
		buf_adds(out, i ? ",{" : "{");
		add_str(out, "id", d->id);
		buf_addc(out, ',');
		add_str(out, "title", d->title);
		add_weight(out, bp, d->id);
		buf_addf(out, ",\"items_in_bank\":%d,\"objectives\":[", items);
		for (size_t k = 0; k < d->n_objectives; k++) {
			buf_adds(out, k ? ",{" : "{");
			add_str(out, "id", d->objectives[k].id);
			buf_addc(out, ',');
			add_str(out, "title", d->objectives[k].title);
			buf_addc(out, '}');
		}
		buf_adds(out, "]}");
	}
	buf_addc(out, ']');
}

static void add_about(const struct version *v, const struct blueprint *bp, struct buf *out)
{
	const struct bank *b = v->bank;
	buf_adds(out, ",\"authors\":[");
	for (size_t i = 0; i < b->n_authors; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(b->authors[i]));
	}
	buf_adds(out, "],");
	add_str(out, "license", b->license);
	buf_addc(out, ',');
	add_str(out, "note", bp->note);
	buf_addf(out, ",\"bank_hash\":\"%s\"", v->hash);
	if (!bp->mode_study || (bp->docs != DOCS_BUNDLED && bp->docs != DOCS_OPEN))
		return;
	buf_adds(out, ",\"doc_list\":[");
	for (size_t i = 0; i < b->n_docs; i++) {
		buf_adds(out, i ? ",{" : "{");
		add_str(out, "id", b->docs[i].id);
		buf_addc(out, ',');
		add_str(out, "title", b->docs[i].title);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static struct str take(struct buf *b)
{
	size_t len;
	const char *p = buf_take(b, &len);
	return (struct str){p, len};
}

void exam_describe(const struct version *v, size_t exam, struct str *ret_brief, struct str *ret_rules)
{
	const struct blueprint *bp = &v->bank->exams[exam];
	struct buf brief = BUF(DESCRIBE_MAX), rules = BUF(DESCRIBE_MAX);
	add_brief(v, bp, &brief);
	/* domains, authors … and then the rules object, left open for the retake rules */
	add_domains(v, bp, &rules);
	add_about(v, bp, &rules);
	buf_adds(&rules, ",\"rules\":{");
	add_rules(bp, &rules);
	*ret_brief = take(&brief);
	*ret_rules = take(&rules);
}

/* ---- What depends on the caller ---- */

/* How an account stands with each exam, as text in the order of the query. */
struct standing {
	struct standing_row {
		char *exam, *running, *best;
		int done;
	} * rows;
	size_t n, cap;
};

static bool take_sum(void *arg, const struct attempt_sum *sum, struct err *err)
{
	(void)err;
	struct standing *s = arg;
	s->rows = xgrow(s->rows, s->n, &s->cap, sizeof *s->rows);
	s->rows[s->n++] = (struct standing_row){
	    .exam = xasprintf("%s/%s", sum->bank_id, sum->exam),
	    .running = sum->running ? xstrdup(sum->running) : NULL,
	    .best = sum->best ? xstrdup(sum->best) : NULL,
	    .done = sum->done,
	};
	return true;
}

static void standing_finish(struct standing *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->rows[i].exam);
		free(s->rows[i].running);
		free(s->rows[i].best);
	}
	free(s->rows);
}

static void add_standing(const struct standing *s, const char *bank, const char *exam, struct buf *out)
{
	_cleanup_free_ char *id = xasprintf("%s/%s", bank, exam);
	const struct standing_row none = {0}, *row = &none;
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->rows[i].exam, id) == 0)
			row = &s->rows[i];
	buf_adds(out, ",\"attempts\":{");
	add_str(out, "running", row->running);
	buf_addf(out, ",\"done\":%d,\"best\":%s}", row->done, row->best ? row->best : "null");
}

/* NULL when the exam can be taken. */
static const char *unavailable(const struct version *v, size_t exam, int64_t now_ms)
{
	const struct blueprint *bp = &v->bank->exams[exam];
	if (bp->kind == BLUEPRINT_PRESET)
		return "This is a format to copy into a bank of one's own.";
	if (bp->effective_from_ms && now_ms < bp->effective_from_ms)
		return "This exam is not offered yet.";
	if (bp->effective_until_ms && now_ms >= bp->effective_until_ms)
		return "This exam is not offered any more.";
	return v->exam_feasible[exam] ? NULL : v->exam_reasons[exam];
}

static void add_exam(const struct version *v, size_t exam, const struct standing *s, int64_t now_ms, struct buf *out)
{
	const char *why = unavailable(v, exam, now_ms);
	buf_addc(out, '{');
	buf_addv(out, v->exam_briefs[exam]);
	buf_addf(out, ",\"available\":%s,", bool_text(!why));
	add_str(out, "unavailable_reason", why);
	add_standing(s, v->bank->id, v->bank->exams[exam].id, out);
}

bool exam_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	__attribute__((cleanup(standing_finish))) struct standing s = {0};
	if (!store_attempt_sums(rd, who->account, proctor_wall_ms(pr), take_sum, &s, err))
		return false;
	size_t n;
	bool first = true;
	struct version **versions = catalog_current(pr, &n);
	buf_adds(out, "{\"exams\":[");
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < versions[i]->bank->n_exams; k++, first = false) {
			buf_adds(out, first ? "" : ",");
			add_exam(versions[i], k, &s, proctor_wall_ms(pr), out);
			buf_addc(out, '}');
		}
		version_unref(versions[i]);
	}
	free(versions);
	buf_adds(out, "]}");
	return buf_check(out, "the catalogue", err);
}

static bool add_retake(struct proctor *pr, struct store *rd, const struct caller *who, const struct version *v, const struct blueprint *bp,
                       struct buf *out, struct err *err)
{
	bool allowed;
	int64_t next;
	char why[128];
	if (!retake_check(pr, rd, who->account, v->bank->id, bp, &allowed, &next, why, sizeof why, err))
		return false;
	bool locks = bp->lock_after_pass.ms || bp->lock_after_pass.months;
	if (!bp->n_retake_waits && bp->retake_max <= 0 && !locks) {
		buf_adds(out, ",\"retake\":null");
		return true;
	}
	buf_adds(out, ",\"retake\":{\"waits\":[");
	for (size_t i = 0; i < bp->n_retake_waits; i++) {
		buf_adds(out, i ? "," : "");
		add_span_text(out, &bp->retake_waits[i]);
	}
	buf_addf(out, "],\"max\":%d,\"enforced\":%s,\"next_at\":", bp->retake_max, bool_text(!retake_relaxed(pr, who)));
	add_time(out, next);
	buf_addc(out, '}');
	return true;
}

static void add_counts(struct buf *out, const struct study_counts *c)
{
	buf_addf(out, "\"total\":%d,\"new\":%d,\"missed\":%d,\"flagged\":%d", c->total, c->fresh, c->missed, c->flagged);
}

static bool add_study(struct proctor *pr, struct store *rd, const struct caller *who, const struct version *v, struct buf *out,
                      struct err *err)
{
	const struct bank *b = v->bank;
	struct study_counts counts = {0};
	struct study_counts *by_domain = xcalloc(b->n_domains + 1, sizeof *by_domain);
	const char **ids = xcalloc(b->n_items + 1, sizeof *ids);
	size_t n;
	bool ok = study_items(pr, rd, who->account, b, POOL_ALL, ids, &n, &counts, by_domain, err);
	if (ok) {
		buf_adds(out, ",\"study\":{");
		add_counts(out, &counts);
		buf_adds(out, ",\"by_domain\":{");
		for (size_t i = 0; i < b->n_domains; i++) {
			buf_adds(out, i ? "," : "");
			buf_add_json(out, str_of(b->domains[i].id));
			buf_adds(out, ":{");
			add_counts(out, &by_domain[i]);
			buf_addc(out, '}');
		}
		buf_adds(out, "}}");
	}
	free(by_domain);
	free(ids);
	return ok;
}

bool exam_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *exam, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_(version_unrefp) struct version *v = NULL;
	const struct blueprint *bp;
	__attribute__((cleanup(standing_finish))) struct standing s = {0};
	if (!catalog_exam(pr, exam, &v, &bp, err) || !store_attempt_sums(rd, who->account, proctor_wall_ms(pr), take_sum, &s, err))
		return false;
	size_t index = (size_t)(bp - v->bank->exams);
	add_exam(v, index, &s, proctor_wall_ms(pr), out);
	buf_addc(out, ',');
	buf_addv(out, v->exam_rules[index]);
	if (!add_retake(pr, rd, who, v, bp, out, err))
		return false;
	buf_addc(out, '}');
	if (!add_study(pr, rd, who, v, out, err))
		return false;
	buf_addc(out, '}');
	return buf_check(out, "the exam", err);
}
