/* A bank, or one item, as deterministic JSON: members in a fixed order, defaults left out. decode.c reads it back. */
#include "bank/bank.h"

static void key(struct buf *out, const char *name)
{
	if (out->len && out->p[out->len - 1] != '{')
		buf_addc(out, ',');
	buf_addf(out, "\"%s\":", name);
}

static void put_str(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	key(out, name);
	buf_add_json(out, str_of(value));
}

static void put_int(struct buf *out, const char *name, int64_t value, int64_t otherwise)
{
	if (value == otherwise)
		return;
	key(out, name);
	buf_addf(out, "%lld", (long long)value);
}

static void put_bool(struct buf *out, const char *name, bool value, bool otherwise)
{
	if (value == otherwise)
		return;
	key(out, name);
	buf_adds(out, value ? "true" : "false");
}

static void put_double(struct buf *out, const char *name, double value, double otherwise)
{
	if (value == otherwise)
		return;
	key(out, name);
	buf_addf(out, "%.17g", value);
}

static void put_strings(struct buf *out, const char *name, char *const *list, size_t n)
{
	if (!n)
		return;
	key(out, name);
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		buf_add_json(out, str_of(list[i]));
	}
	buf_addc(out, ']');
}

/* An array of objects: begins with open_array, each object between open_object and '}'. */
static void open_array(struct buf *out, const char *name)
{
	key(out, name);
	buf_addc(out, '[');
}
static void open_object(struct buf *out, size_t i)
{
	buf_adds(out, i ? ",{" : "{");
}

static void put_options(struct buf *out, const char *name, const struct item_option *list, size_t n)
{
	if (!n)
		return;
	open_array(out, name);
	for (size_t i = 0; i < n; i++) {
		open_object(out, i);
		put_str(out, "html", list[i].html);
		if (list[i].text && strcmp(list[i].text, list[i].html) != 0)
			put_str(out, "text", list[i].text);
		put_str(out, "feedback", list[i].feedback_html);
		put_bool(out, "key", list[i].key, false);
		put_bool(out, "pin", list[i].pin, false);
		put_int(out, "match", list[i].match, -1);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_texts(struct buf *out, const char *name, const struct item_text *list, size_t n)
{
	if (!n)
		return;
	open_array(out, name);
	for (size_t i = 0; i < n; i++) {
		open_object(out, i);
		put_str(out, "pattern", list[i].pattern);
		put_bool(out, "regex", list[i].regex, false);
		put_bool(out, "ignore_case", list[i].ignore_case, false);
		put_int(out, "credit_m", list[i].credit_m, 1000);
		put_str(out, "reason", list[i].reason_html);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_numbers(struct buf *out, const struct item *item)
{
	if (!item->n_numbers)
		return;
	open_array(out, "numbers");
	for (size_t i = 0; i < item->n_numbers; i++) {
		open_object(out, i);
		put_double(out, "lo", item->numbers[i].lo, 0);
		put_double(out, "hi", item->numbers[i].hi, 0);
		put_str(out, "unit", item->numbers[i].unit);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_blanks(struct buf *out, const struct item *item)
{
	if (!item->n_blanks)
		return;
	open_array(out, "blanks");
	for (size_t i = 0; i < item->n_blanks; i++) {
		open_object(out, i);
		put_options(out, "options", item->blanks[i].options, item->blanks[i].n_options);
		put_texts(out, "texts", item->blanks[i].texts, item->blanks[i].n_texts);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_regions(struct buf *out, const struct item *item)
{
	if (!item->n_regions)
		return;
	open_array(out, "regions");
	for (size_t i = 0; i < item->n_regions; i++) {
		const struct item_region *r = &item->regions[i];
		open_object(out, i);
		put_str(out, "id", r->id);
		put_str(out, "label", r->label);
		put_int(out, "shape", r->shape, REGION_RECT);
		open_array(out, "at");
		for (int k = 0; k < r->n_at; k++)
			buf_addf(out, "%s%d", k ? "," : "", r->at[k]);
		buf_addc(out, ']');
		put_bool(out, "correct", r->correct, false);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_task(struct buf *out, const struct task *task)
{
	size_t n_limits = 0;
	if (!task)
		return;
	while (task->limits && task->limits[n_limits])
		n_limits++;
	key(out, "task");
	buf_addc(out, '{');
	put_str(out, "image", task->image);
	put_str(out, "user", task->user);
	put_strings(out, "limits", task->limits, n_limits);
	put_int(out, "time_ms", task->time_ms, 0);
	put_strings(out, "commands", task->commands, task->n_commands);
	put_strings(out, "checklist", task->checklist_html, task->n_checklist);
	put_strings(out, "docs", task->docs, task->n_docs);
	if (task->n_ports) {
		open_array(out, "ports");
		for (size_t i = 0; i < task->n_ports; i++)
			buf_addf(out, "%s%d", i ? "," : "", task->ports[i]);
		buf_addc(out, ']');
	}
	put_str(out, "setup", task->setup_sh);
	put_str(out, "grader", task->grader_lua);
	put_str(out, "solution", task->solution_sh);
	if (task->n_files)
		open_array(out, "files");
	for (size_t i = 0; i < task->n_files; i++) {
		open_object(out, i);
		put_str(out, "path", task->files[i].path);
		put_str(out, "hash", task->files[i].hash);
		put_bool(out, "executable", task->files[i].executable, false);
		put_int(out, "size", (int64_t)task->files[i].size, 0);
		buf_addc(out, '}');
	}
	if (task->n_files)
		buf_addc(out, ']');
	put_str(out, "values", task->values);
	put_str(out, "checks", task->check_ids);
	put_str(out, "hash", task->hash);
	buf_addc(out, '}');
}

void item_encode(const struct item *item, struct buf *out)
{
	buf_addc(out, '{');
	put_str(out, "id", item->id);
	put_str(out, "title", item->title);
	put_str(out, "kind", item_kind_name(item->kind));
	put_str(out, "domain", item->domain);
	put_str(out, "objective", item->objective);
	put_str(out, "family", item->family);
	put_str(out, "case", item->case_id);
	put_strings(out, "tags", item->tags, item->n_tags);
	put_int(out, "status", item->status, ITEM_ACTIVE);
	put_int(out, "partial", item->partial, PARTIAL_UNSET);
	put_int(out, "difficulty", item->difficulty, 0);
	put_int(out, "points_m", item->points_m, 1000);
	put_bool(out, "shuffle", item->shuffle, true);
	put_int(out, "select", item->select, 0);
	put_bool(out, "ignore_case", item->ignore_case, false);
	put_str(out, "stem", item->stem_html);
	put_options(out, "options", item->options, item->n_options);
	put_options(out, "targets", item->targets, item->n_targets);
	put_numbers(out, item);
	put_strings(out, "units", item->units, item->n_units);
	put_texts(out, "texts", item->texts, item->n_texts);
	put_blanks(out, item);
	put_str(out, "image", item->image_html);
	put_int(out, "image_w", item->image_w, 0);
	put_int(out, "image_h", item->image_h, 0);
	put_regions(out, item);
	put_task(out, item->task);
	put_str(out, "rubric", item->rubric_html);
	put_str(out, "explanation", item->explanation_html);
	put_str(out, "references", item->references_html);
	put_strings(out, "hints", item->hints_html, item->n_hints);
	put_str(out, "params", item->params_lua);
	put_str(out, "source", item->source);
	put_str(out, "file", item->file);
	put_int(out, "place", item->place, 0);
	buf_addc(out, '}');
}

static void put_span(struct buf *out, const char *name, struct span s)
{
	if (s.ms == 0 && s.months == 0)
		return;
	key(out, name);
	buf_addc(out, '{');
	put_int(out, "ms", s.ms, 0);
	put_int(out, "months", s.months, 0);
	buf_addc(out, '}');
}

static void put_sections(struct buf *out, const struct blueprint *bp)
{
	if (!bp->n_sections)
		return;
	open_array(out, "sections");
	for (size_t i = 0; i < bp->n_sections; i++) {
		const struct blueprint_section *s = &bp->sections[i];
		open_object(out, i);
		put_str(out, "id", s->id);
		put_str(out, "title", s->title);
		put_bool(out, "is_break", s->is_break, false);
		put_bool(out, "clock_stopped", s->clock_stopped, false);
		put_bool(out, "no_return", s->no_return, false);
		put_int(out, "items", s->items, 0);
		put_int(out, "duration_ms", s->duration_ms, 0);
		put_strings(out, "domains", s->domains, s->n_domains);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_weights(struct buf *out, const struct blueprint *bp)
{
	if (!bp->n_weights)
		return;
	open_array(out, "weights");
	for (size_t i = 0; i < bp->n_weights; i++) {
		open_object(out, i);
		put_str(out, "domain", bp->weights[i].domain);
		put_double(out, "lo", bp->weights[i].lo, -1);
		put_double(out, "hi", bp->weights[i].hi, -1);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_waits(struct buf *out, const struct blueprint *bp)
{
	if (!bp->n_retake_waits)
		return;
	open_array(out, "retake_waits");
	for (size_t i = 0; i < bp->n_retake_waits; i++) {
		open_object(out, i);
		put_int(out, "ms", bp->retake_waits[i].ms, 0);
		put_int(out, "months", bp->retake_waits[i].months, 0);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void put_exam(struct buf *out, const struct blueprint *bp)
{
	put_str(out, "id", bp->id);
	put_str(out, "title", bp->title);
	put_str(out, "description", bp->description);
	put_str(out, "note", bp->note);
	put_int(out, "kind", bp->kind, BLUEPRINT_PRACTICE);
	put_int(out, "items_min", bp->items_min, 0);
	put_int(out, "items_max", bp->items_max, 0);
	put_int(out, "unscored", bp->unscored, 0);
	put_int(out, "tasks_min", bp->tasks_min, 0);
	put_int(out, "tasks_max", bp->tasks_max, 0);
	put_int(out, "duration_ms", bp->duration_ms, 0);
	put_int(out, "grace_ms", bp->grace_ms, 0);
	put_bool(out, "mode_exam", bp->mode_exam, false);
	put_bool(out, "mode_study", bp->mode_study, false);
	put_bool(out, "no_return", bp->no_return, false);
	put_weights(out, bp);
	put_sections(out, bp);
	put_int(out, "method", bp->method, SCORE_PERCENT);
	put_double(out, "score_min", bp->score_min, 0);
	put_double(out, "score_max", bp->score_max, 0);
	put_double(out, "cut", bp->cut, 0);
	put_int(out, "partial", bp->partial, PARTIAL_UNSET);
	put_double(out, "negative", bp->negative, 0);
	put_bool(out, "shuffle_items", bp->shuffle_items, false);
	put_bool(out, "shuffle_options", bp->shuffle_options, false);
	put_int(out, "docs", bp->docs, DOCS_CLOSED);
	put_strings(out, "doc_urls", bp->doc_urls, bp->n_doc_urls);
	put_bool(out, "confidence", bp->confidence, false);
	put_bool(out, "essays", bp->essays, false);
	put_int(out, "markers", bp->markers == 2 ? 2 : 1, 1);
	put_int(out, "tolerance_m", bp->tolerance_m, 0);
	put_bool(out, "tolerance_percent", bp->tolerance_percent, false);
	put_int(out, "show", bp->show, REPORT_PASS_FAIL);
	put_bool(out, "explanations", bp->explanations, false);
	put_int(out, "release_after_ms", bp->release_after_ms, 0);
	put_waits(out, bp);
	put_int(out, "retake_max", bp->retake_max, 0);
	put_span(out, "retake_per", bp->retake_per);
	put_span(out, "lock_after_pass", bp->lock_after_pass);
	put_bool(out, "certificate", bp->certificate, false);
	put_span(out, "valid", bp->valid);
	put_span(out, "renew_window", bp->renew_window);
	put_str(out, "renew_exam", bp->renew_exam);
	put_bool(out, "renew_extends_expiry", bp->renew_extends_expiry, false);
	put_int(out, "effective_from_ms", bp->effective_from_ms, 0);
	put_int(out, "effective_until_ms", bp->effective_until_ms, 0);
}

static void put_domains(struct buf *out, const struct bank *bank)
{
	open_array(out, "domains");
	for (size_t i = 0; i < bank->n_domains; i++) {
		const struct bank_domain *d = &bank->domains[i];
		open_object(out, i);
		put_str(out, "id", d->id);
		put_str(out, "title", d->title);
		if (d->n_objectives)
			open_array(out, "objectives");
		for (size_t k = 0; k < d->n_objectives; k++) {
			open_object(out, k);
			put_str(out, "id", d->objectives[k].id);
			put_str(out, "title", d->objectives[k].title);
			buf_addc(out, '}');
		}
		buf_adds(out, d->n_objectives ? "]}" : "}");
	}
	buf_addc(out, ']');
}

static void put_pages(struct buf *out, const struct bank *bank)
{
	open_array(out, "cases");
	for (size_t i = 0; i < bank->n_cases; i++) {
		open_object(out, i);
		put_str(out, "id", bank->cases[i].id);
		put_str(out, "title", bank->cases[i].title);
		put_str(out, "html", bank->cases[i].html);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
	open_array(out, "docs");
	for (size_t i = 0; i < bank->n_docs; i++) {
		open_object(out, i);
		put_str(out, "id", bank->docs[i].id);
		put_str(out, "title", bank->docs[i].title);
		put_str(out, "html", bank->docs[i].html);
		put_str(out, "text", bank->docs[i].text);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
	open_array(out, "media");
	for (size_t i = 0; i < bank->n_media; i++) {
		open_object(out, i);
		put_str(out, "path", bank->media[i].path);
		put_str(out, "hash", bank->media[i].hash);
		put_int(out, "width", bank->media[i].width, 0);
		put_int(out, "height", bank->media[i].height, 0);
		put_int(out, "size", (int64_t)bank->media[i].size, 0);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
	if (bank->n_images)
		open_array(out, "images");
	for (size_t i = 0; i < bank->n_images; i++) {
		open_object(out, i);
		put_str(out, "name", bank->images[i].name);
		put_str(out, "suite", bank->images[i].suite);
		put_strings(out, "packages", bank->images[i].packages, bank->images[i].n_packages);
		buf_addc(out, '}');
	}
	if (bank->n_images)
		buf_addc(out, ']');
}

void bank_encode(const struct bank *bank, struct buf *out)
{
	buf_addc(out, '{');
	put_int(out, "format", 1, 0);
	put_str(out, "id", bank->id);
	put_str(out, "title", bank->title);
	put_str(out, "description", bank->description);
	put_str(out, "version", bank->version);
	put_str(out, "license", bank->license);
	put_str(out, "language", bank->language);
	put_strings(out, "authors", bank->authors, bank->n_authors);
	put_domains(out, bank);
	open_array(out, "items");
	for (size_t i = 0; i < bank->n_items; i++) {
		if (i)
			buf_addc(out, ',');
		item_encode(&bank->items[i], out);
	}
	buf_addc(out, ']');
	put_pages(out, bank);
	open_array(out, "exams");
	for (size_t i = 0; i < bank->n_exams; i++) {
		open_object(out, i);
		put_exam(out, &bank->exams[i]);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}
