/* Questions as forms: the same text as in the editor. See author.h and bank/model.h. */
#include "bank/model.h"
#include "proctor/author_internal.h"

/* The question that is meant: the file's only one when none is named. */
static bool find(const struct outline *o, const char *id, size_t *ret, struct err *err)
{
	if (!id && o->n == 1) {
		*ret = 0;
		return true;
	}
	for (size_t i = 0; id && i < o->n; i++)
		if (strcmp(o->list[i].id, id) == 0) {
			*ret = i;
			return true;
		}
	return id ? err_set(err, ERR_NOT_FOUND, "there is no question '%.64s' in this file", id)
	          : err_set(err, ERR_INVALID, "the file has %zu questions: name one in item", o->n);
}

/* What the loader takes it for; NULL when it has mistakes. */
static const char *kind_of(const struct bank *bank, const char *path, int line)
{
	for (size_t i = 0; i < bank->n_items; i++)
		if (bank->items[i].line == line && strcmp(bank->items[i].file, path) == 0)
			return item_kind_name(bank->items[i].kind);
	return NULL;
}

struct asked {
	struct bank_draft draft;
	struct outline outline;
	struct author_bank bank;
	size_t index;
	const char *kind;
};

static void asked_finish(struct asked *q)
{
	outline_finish(&q->outline);
	author_bank_finish(&q->bank);
}

static bool ask(const struct author *a, const cJSON *body, struct asked *q, struct err *err)
{
	const char *id = NULL, *last = NULL;
	if (!author_draft(body, &q->draft, err) || !json_opt_str(body, "", "item", 64, &id, err) ||
	    !json_opt_str(body, "", "kind", 32, &last, err))
		return false;
	if (workspace_kind_of(q->draft.path) != FILE_QUESTION)
		return err_set(err, ERR_INVALID, "path must be a file of questions");
	outline_read(q->draft.path, q->draft.text, &q->outline);
	if (!find(&q->outline, id, &q->index, err) || !author_load(a, &q->draft, &q->bank, err))
		return false;
	q->kind = kind_of(q->bank.bank, q->draft.path, q->outline.list[q->index].line);
	if (!q->kind)
		q->kind = last; /* a form that is being filled in knows what it is, whatever is still missing */
	return true;
}

bool author_parse(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", "item", "kind", NULL};
	__attribute__((cleanup(asked_finish))) struct asked q = {0};
	if (!json_only_keys(body, "", keys, err) || !ask(a, body, &q, err))
		return false;
	const struct outline_entry *e = &q.outline.list[q.index];
	_cleanup_json_ cJSON *json = json_object();
	cJSON *range = json_object();
	json_set(json, "model", model_read(q.draft.text, &q.outline, q.index, q.kind));
	json_set_i64(range, "line", e->line);
	json_set_i64(range, "end_line", e->end_line);
	json_set(json, "range", range);
	json_set(json, "places", model_places(q.draft.text, &q.outline, q.index, q.kind));
	json_print(json, out);
	return buf_check(out, "the model", err);
}

bool author_write(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", "item", "kind", "model", NULL};
	__attribute__((cleanup(asked_finish))) struct asked q = {0};
	const cJSON *model;
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	if (!json_only_keys(body, "", keys, err) || !json_get_object(body, "", "model", &model, err) || !ask(a, body, &q, err) ||
	    !model_write(q.draft.text, &q.outline, q.index, q.kind, model, &text, err))
		return false;
	buf_adds(out, "{\"text\":");
	buf_add_json(out, buf_str(&text));
	buf_addc(out, '}');
	return buf_check(out, "the text", err);
}
