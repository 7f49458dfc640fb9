/* Questions as candidates will see them, from a text that need not be saved. See author.h.
 *
 * The shapes are those of an attempt's form and of study mode's feedback, so that a page shows them with the same parts. The ids of options
 * depend on question and seed alone: what was shown can be answered. */
#include "exam/exam.h"
#include "graders/client/params.h"
#include "proctor/author_internal.h"
#include <stdio.h>

#define PREVIEW_ITEMS_MAX 200 /* of one file, when no question is named */
#define PREVIEW_VIEWS_MAX 1000

/* ---- One question ---- */

/* The key, if it is a response that earns everything. */
static cJSON *whole_key(const struct form *form, size_t index, const cJSON *feedback)
{
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(feedback, "key");
	struct mark mark;
	struct err ignored;
	if (!cJSON_IsObject(key) || !response_check(&form->items[index], key, &ignored))
		return cJSON_CreateNull();
	mark_item(&form->items[index], key, PARTIAL_NONE, 0, &mark);
	return mark.outcome == MARK_RIGHT ? cJSON_Duplicate(key, true) : cJSON_CreateNull();
}

void author_item_json(const struct bank *bank, const struct form *form, size_t index, const cJSON *response, cJSON *out)
{
	cJSON *view = json_object(), *feedback = json_object();
	struct mark mark;
	form_item_json(form, bank, index, view);
	if (response)
		mark_item(&form->items[index], response, PARTIAL_PER_OPTION, 0, &mark);
	form_feedback_json(form, index, response ? &mark : NULL, feedback);
	json_set(out, "view", view);
	json_set(out, "key", whole_key(form, index, feedback));
	json_set(out, "feedback", feedback);
}

/* ---- What is asked for ---- */

struct wish {
	struct bank_draft draft;
	const char *item; /* or NULL: all of the file */
	const cJSON *response;
	int64_t seeds[AUTHOR_SEEDS_MAX];
	size_t n_seeds;
};

static bool parse_seeds(const cJSON *body, struct wish *ret, struct err *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, "seeds");
	if (!list || cJSON_IsNull(list))
		return true;
	if (!json_get_array(body, "", "seeds", AUTHOR_SEEDS_MAX, &list, err))
		return false;
	for (const cJSON *c = list->child; c; c = c->next) {
		if (!cJSON_IsNumber(c) || c->valuedouble < 0 || c->valuedouble > 9007199254740991.0 ||
		    c->valuedouble != (double)(int64_t)c->valuedouble)
			return err_set(err, ERR_INVALID, "seeds are whole numbers");
		ret->seeds[ret->n_seeds++] = (int64_t)c->valuedouble;
	}
	return true;
}

static bool parse(const cJSON *body, struct wish *ret, struct err *err)
{
	static const char *const keys[] = {"path", "text", "item", "seeds", "response", NULL};
	const cJSON *response = cJSON_GetObjectItemCaseSensitive(body, "response");
	if (!json_only_keys(body, "", keys, err) || !author_draft(body, &ret->draft, err) ||
	    !json_opt_str(body, "", "item", 64, &ret->item, err) || !parse_seeds(body, ret, err))
		return false;
	if (cJSON_IsObject(response))
		ret->response = response;
	if (ret->response && !ret->item)
		return err_set(err, ERR_INVALID, "a response is to one question: name it in item");
	return true;
}

/* ---- Views ---- */

struct preview {
	struct author *a;
	const struct wish *wish;
	const struct author_bank *b;
	cJSON *items;
	size_t n;
};

static cJSON *own_problem(const struct preview *p, const struct item *it, const char *code, const char *message)
{
	cJSON *out = json_object();
	json_set_str(out, "path", p->wish->draft.path);
	json_set_i64(out, "line", it->line ? it->line : 1);
	json_set_i64(out, "column", 1);
	json_set_i64(out, "end_column", 1);
	json_set_str(out, "severity", "error");
	json_set_str(out, "code", code);
	json_set_str(out, "message", message);
	json_set_str(out, "hint", NULL);
	json_set(out, "fixes", json_array());
	return out;
}

static cJSON *new_entry(struct preview *p, const char *id, const int64_t *seed, cJSON *problems)
{
	cJSON *entry = json_object();
	json_set_str(entry, "id", id);
	json_set(entry, "seed", seed ? cJSON_CreateNumber((double)*seed) : cJSON_CreateNull());
	json_set(entry, "problems", problems);
	json_add(p->items, entry);
	p->n++;
	return entry;
}

static void nothing_to_see(cJSON *entry)
{
	json_set(entry, "view", cJSON_CreateNull());
	json_set(entry, "key", cJSON_CreateNull());
	json_set(entry, "feedback", cJSON_CreateNull());
}

struct form *author_form(const struct item *it, struct item *instance, const int64_t *seed)
{
	static const unsigned char secret[RNG_SEED_SIZE] = "preview";
	char label[120];
	struct rng rng;
	snprintf(label, sizeof label, "%s:%lld", it->id, seed ? (long long)*seed : -1LL);
	rng_init(&rng, secret, label);
	return form_chosen(&it, &instance, 1, seed != NULL, &rng);
}

static void set_values(cJSON *entry, const char *values)
{
	cJSON *drawn;
	struct err ignored;
	if (values && json_parse(str_of(values), &drawn, &ignored))
		json_set(entry, "values", drawn);
}

/* Takes instance; `values` (or NULL) are what its parameters were drawn as. */
static void add_view(struct preview *p, const struct item *it, struct item *instance, const char *values, const int64_t *seed,
                     cJSON *problems)
{
	struct err ignored;
	cJSON *entry = new_entry(p, it->id, seed, problems);
	struct form *form = author_form(it, instance, seed);
	const cJSON *response = p->wish->response;
	if (response && !response_check(&form->items[0], response, &ignored))
		response = NULL;
	author_item_json(p->b->bank, form, 0, response, entry);
	form_destroy(form);
	set_values(entry, values);
}

/* The draws of one parametrised question, in one process. A draw that candidates would not get is shown as what it is. */
static bool add_draws(struct preview *p, const struct item *it, const cJSON *problems, struct err *err)
{
	const struct wish *w = p->wish;
	struct params_job jobs[AUTHOR_SEEDS_MAX] = {0};
	if (!p->a->params_program)
		return err_set(err, ERR_UNSUPPORTED, "the program assay-params is not there: questions with parameters cannot be drawn");
	for (size_t i = 0; i < w->n_seeds; i++)
		jobs[i] = (struct params_job){.lua = it->params_lua, .seed = (uint64_t)w->seeds[i]};
	bool ok = params_draw(p->a->params_program, jobs, w->n_seeds, err);
	for (size_t i = 0; i < w->n_seeds; i++) {
		struct err why;
		struct item *instance = NULL;
		cJSON *own = ok ? cJSON_Duplicate(problems, true) : NULL;
		if (ok && jobs[i].values && bank_instantiate(p->b->bank, it, jobs[i].values, &instance, &why)) {
			add_view(p, it, instance, jobs[i].values, &w->seeds[i], own);
		} else if (ok) {
			bool program = !jobs[i].values;
			json_add(own, own_problem(p, it,
			                          program                    ? "program"
			                          : why.code == ERR_CONFLICT ? "program-equal"
			                                                     : "program-text",
			                          program ? (jobs[i].error ? jobs[i].error : "the program failed") : why.msg));
			cJSON *entry = new_entry(p, it->id, &w->seeds[i], own);
			nothing_to_see(entry);
			set_values(entry, jobs[i].values);
		}
		free(jobs[i].values);
		free(jobs[i].error);
	}
	return ok;
}

static bool add_item(struct preview *p, const struct item *it, int from, int to, struct err *err)
{
	const struct wish *w = p->wish;
	_cleanup_json_ cJSON *problems = author_problems(p->a, &w->draft, &p->b->diags, w->draft.path, from, to);
	if (it->params_lua && w->n_seeds)
		return add_draws(p, it, problems, err);
	if (it->params_lua) {
		cJSON *entry = new_entry(p, it->id, NULL, cJSON_Duplicate(problems, true));
		nothing_to_see(entry);
		json_set_bool(entry, "needs_seed", true);
		return true;
	}
	for (size_t i = 0; i < (w->n_seeds ? w->n_seeds : 1); i++)
		add_view(p, it, NULL, NULL, w->n_seeds ? &w->seeds[i] : NULL, cJSON_Duplicate(problems, true));
	return true;
}

static const struct item *item_at(const struct bank *bank, const char *path, int line)
{
	for (size_t i = 0; i < bank->n_items; i++)
		if (bank->items[i].line == line && strcmp(bank->items[i].file, path) == 0)
			return &bank->items[i];
	return NULL;
}

/* A question with a mistake has its problems, and nothing else. */
static bool add_entry(struct preview *p, const struct outline_entry *e, bool alone, struct err *err)
{
	const struct wish *w = p->wish;
	const struct item *it = item_at(p->b->bank, w->draft.path, e->line);
	int from = alone ? 0 : e->line, to = alone ? INT32_MAX : e->end_line;
	if (w->item && strcmp(w->item, it ? it->id : e->id) != 0)
		return true;
	if (it)
		return add_item(p, it, from, to, err);
	nothing_to_see(new_entry(p, e->id, NULL, author_problems(p->a, &w->draft, &p->b->diags, w->draft.path, from, to)));
	return true;
}

static bool add_questions(struct preview *p, struct err *err)
{
	_cleanup_outline_ struct outline o;
	outline_read(p->wish->draft.path, p->wish->draft.text, &o);
	size_t views = p->wish->n_seeds ? p->wish->n_seeds : 1;
	if (!p->wish->item && (o.n > PREVIEW_ITEMS_MAX || o.n * views > PREVIEW_VIEWS_MAX))
		return err_set(err, ERR_TOO_LARGE, "the file has %zu questions: preview one of them, or fewer seeds", o.n);
	bool ok = true;
	for (size_t i = 0; i < o.n && ok; i++)
		ok = add_entry(p, &o.list[i], o.alone, err);
	return ok;
}

static bool add_task(struct preview *p, struct err *err)
{
	struct str rest = str_of(p->wish->draft.path), slug = {0};
	(void)(str_next_field(&rest, '/', &slug) && str_next_field(&rest, '/', &slug));
	_cleanup_free_ char *id = str_dup(slug);
	const struct item *it = bank_item(p->b->bank, id);
	if (it && it->task)
		return add_item(p, it, 0, INT32_MAX, err);
	nothing_to_see(new_entry(p, id, NULL, author_problems(p->a, &p->wish->draft, &p->b->diags, p->wish->draft.path, 0, INT32_MAX)));
	return true;
}

/* A case or a page of the documentation, as it is shown. */
static cJSON *page_json(const struct bank *bank, const char *path)
{
	const char *title = NULL, *html = NULL;
	for (size_t i = 0; i < bank->n_cases; i++) {
		_cleanup_free_ char *file = xasprintf("cases/%s.md", bank->cases[i].id);
		if (strcmp(file, path) == 0) {
			title = bank->cases[i].title;
			html = bank->cases[i].html;
		}
	}
	for (size_t i = 0; i < bank->n_docs; i++) {
		_cleanup_free_ char *file = xasprintf("docs/%s.md", bank->docs[i].id);
		if (strcmp(file, path) == 0) {
			title = bank->docs[i].title;
			html = bank->docs[i].html;
		}
	}
	if (!html)
		return cJSON_CreateNull();
	cJSON *page = json_object();
	json_set_str(page, "title", title);
	json_set_str(page, "html", html);
	return page;
}

bool author_preview(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	struct wish wish = {0};
	_cleanup_author_bank_ struct author_bank b = {0};
	if (!parse(body, &wish, err) || !author_load(a, &wish.draft, &b, err))
		return false;
	_cleanup_json_ cJSON *json = json_object();
	struct preview p = {.a = a, .wish = &wish, .b = &b, .items = json_array()};
	json_set(json, "items", p.items);
	enum workspace_kind kind = workspace_kind_of(wish.draft.path);
	if (kind == FILE_QUESTION ? !add_questions(&p, err) : kind == FILE_TASK && !add_task(&p, err))
		return false;
	if (wish.item && !p.n)
		return err_set(err, ERR_NOT_FOUND, "there is no question '%.64s' in this file", wish.item);
	json_set(json, "page", page_json(b.bank, wish.draft.path));
	json_print(json, out);
	return buf_check(out, "the preview", err);
}
