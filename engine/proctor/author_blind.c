/* The blind reader: sees a question as candidates do, answers, and only then sees the key. See author.h.
 *
 * The answer is on record before anything of the key leaves the server. A form is made again from its seed, so nothing is kept between the
 * two requests. */
#include "exam/exam.h"
#include "graders/client/params.h"
#include "proctor/author_internal.h"

#define SKIP_MAX 10000
#define SEED_MAX INT64_C(4294967295)
#define DRAW_TRIES 20 /* as for candidates */

/* ---- Which question ---- */

/* Whether this reader may read it blind: `why` says what is in the way. */
static bool may_read(const struct author *a, const struct author_case *c, struct err *why)
{
	const char *id = c->item->id;
	if (c->item->task)
		return err_set(why, ERR_UNSUPPORTED, "%s is a hands-on task: its proof is its second reader (assay task test)", id);
	if (record_has(&c->record, c->text, DID_ANSWERED, a->by))
		return err_set(why, ERR_CONFLICT, "%s has answered %s already", a->by, id);
	if (record_is_submitter(&c->record, c->text, a->by))
		return err_set(why, ERR_FORBIDDEN, "%s submitted %s, and knows its key", a->by, id);
	return true;
}

static bool is_skipped(const cJSON *skip, const char *id)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, skip) if (cJSON_IsString(c) && strcmp(c->valuestring, id) == 0) return true;
	return false;
}

/* How far a reader is with what is in review. */
struct progress_of {
	int left, done, tasks;
	const struct item *next;
};

static struct progress_of count(const struct author *a, const struct bank *bank, const cJSON *skip)
{
	struct progress_of p = {0};
	for (size_t i = 0; i < bank->n_items; i++) {
		struct author_case c = {.b.bank = NULL, .item = &bank->items[i]};
		struct err ignored;
		if (c.item->status != ITEM_REVIEW)
			continue;
		if (!record_read(a->workspace, c.item->id, &c.record, &ignored))
			c.record = (struct record){0};
		item_text_hash(bank, c.item, c.text);
		bool open = may_read(a, &c, &ignored);
		p.left += open;
		p.tasks += c.item->task != NULL;
		p.done += record_has(&c.record, c.text, DID_ANSWERED, a->by);
		if (open && !p.next && !is_skipped(skip, c.item->id))
			p.next = c.item;
		record_finish(&c.record);
	}
	return p;
}

static void set_progress(cJSON *json, const struct author *a, const struct progress_of *p)
{
	json_set_str(json, "you", a->by);
	json_set_i64(json, "left", p->left);
	json_set_i64(json, "done", p->done);
	json_set_i64(json, "tasks", p->tasks);
}

/* ---- As candidates see it ---- */

/* A drawn instance for this seed; NULL for a question without a program. */
static bool draw(const struct author *a, const struct bank *bank, const struct item *it, int64_t seed, struct item **ret, struct err *err)
{
	struct params_job job = {.lua = it->params_lua, .seed = (uint64_t)seed};
	*ret = NULL;
	if (!it->params_lua)
		return true;
	if (!a->params_program)
		return err_set(err, ERR_UNSUPPORTED, "the program assay-params is not there: questions with parameters cannot be drawn");
	bool ok = params_draw(a->params_program, &job, 1, err);
	if (ok && !job.values)
		ok = err_set(err, ERR_INVALID, "the program of %s: %.300s", it->id, job.error ? job.error : "it failed");
	ok = ok && bank_instantiate(bank, it, job.values, ret, err);
	free(job.values);
	free(job.error);
	return ok;
}

static bool draw_any(const struct author *a, const struct bank *bank, const struct item *it, int64_t *ret_seed, struct item **ret,
                     struct err *err)
{
	for (int i = 0; i < DRAW_TRIES; i++) {
		uint32_t seed;
		rng_secret(&seed, sizeof seed);
		*ret_seed = seed;
		if (draw(a, bank, it, seed, ret, err))
			return true;
		if (err->code != ERR_CONFLICT) /* two options are equal: candidates get another draw, too */
			return false;
	}
	return false;
}

static bool add_question(const struct author *a, const struct author_case *c, cJSON *json, struct err *err)
{
	struct item *instance;
	int64_t seed;
	if (!draw_any(a, c->b.bank, c->item, &seed, &instance, err))
		return false;
	cJSON *item = json_object(), *view = json_object();
	struct form *form = author_form(c->item, instance, &seed);
	form_item_json(form, c->b.bank, 0, view);
	form_destroy(form);
	json_set_str(item, "item", c->item->id);
	json_set_str(item, "text", c->text);
	json_set_i64(item, "seed", seed);
	json_set(item, "view", view);
	json_set(json, "question", item);
	return true;
}

bool author_review_next(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"item", "skip", NULL};
	const char *id = NULL;
	const cJSON *skip = cJSON_GetObjectItemCaseSensitive(body, "skip");
	_cleanup_author_bank_ struct author_bank b = {0};
	_cleanup_author_case_ struct author_case c = {0};
	_cleanup_json_ cJSON *json = json_object();
	if (!json_only_keys(body, "", keys, err) || !json_opt_str(body, "", "item", 64, &id, err) ||
	    (skip && !json_get_array(body, "", "skip", SKIP_MAX, &skip, err)) || !author_load(a, NULL, &b, err))
		return false;
	struct progress_of p = count(a, b.bank, skip);
	set_progress(json, a, &p);
	if (!id && p.next)
		id = p.next->id;
	if (id && (!author_case_open(a, id, NULL, &c, err) || !may_read(a, &c, err) || !add_question(a, &c, json, err)))
		return false;
	if (!id)
		json_set(json, "question", cJSON_CreateNull());
	json_print(json, out);
	return buf_check(out, "the question", err);
}

/* ---- The answer ---- */

/* What the reader answered to this text before; or NULL. */
static const struct record_entry *answered(const struct author *a, const struct author_case *c)
{
	for (size_t i = 0; i < c->record.n; i++) {
		const struct record_entry *e = &c->record.list[i];
		if (e->did == DID_ANSWERED && strcmp(e->text, c->text) == 0 && record_same_name(e->by, a->by))
			return e;
	}
	return NULL;
}

/* Puts the answer on record. The same answer again is the one that is there: a reply may get lost. */
static bool store(const struct author *a, struct author_case *c, const struct form *form, const cJSON *response,
                  enum record_verdict *ret_verdict, struct err *err)
{
	const struct form_item *fi = &form->items[0];
	_cleanup_buf_ struct buf words = BUF(RECORD_TEXT_MAX);
	struct mark mark;
	mark_item(fi, response, PARTIAL_NONE, 0, &mark);
	enum record_verdict verdict = mark.outcome == MARK_RIGHT      ? VERDICT_AGREES
	                              : mark.outcome == MARK_UNGRADED ? VERDICT_NONE
	                                                              : VERDICT_DISAGREES;
	response_words(fi, response, &words);
	if (!buf_check(&words, "the answer", err))
		return false;
	const struct record_entry *before = answered(a, c);
	if (before && before->response && str_is(buf_str(&words), before->response)) {
		*ret_verdict = before->verdict;
		return true;
	}
	struct author_words w = {.response = words.p ? words.p : "", .verdict = verdict};
	*ret_verdict = verdict;
	return may_read(a, c, err) && author_case_add(a, c, DID_ANSWERED, &w, err);
}

static bool parse_answer(const cJSON *body, const char **item, const char **text, int64_t *seed, const cJSON **response, struct err *err)
{
	static const char *const keys[] = {"item", "text", "seed", "response", NULL};
	*response = cJSON_GetObjectItemCaseSensitive(body, "response");
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "item", 64, item, err) ||
	    !json_get_str(body, "", "text", HASH_HEX_SIZE, text, err) || !json_get_i64(body, "", "seed", 0, SEED_MAX, seed, err))
		return false;
	if (!*response)
		return err_set(err, ERR_INVALID, "response is missing; null says that you cannot tell");
	if (cJSON_IsNull(*response))
		*response = NULL;
	return true;
}

bool author_review_answer(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	const char *item, *text;
	int64_t seed;
	const cJSON *response;
	struct item *instance;
	enum record_verdict verdict;
	_cleanup_author_case_ struct author_case c = {0};
	if (!parse_answer(body, &item, &text, &seed, &response, err) || !author_case_open(a, item, text, &c, err))
		return false;
	if (c.item->task)
		return may_read(a, &c, err);
	if (!draw(a, c.b.bank, c.item, seed, &instance, err))
		return false;
	_cleanup_(form_destroyp) struct form *form = author_form(c.item, instance, &seed);
	if (!response_check(&form->items[0], response, err) || !store(a, &c, form, response, &verdict, err))
		return false;
	_cleanup_json_ cJSON *json = json_object();
	struct progress_of p = count(a, c.b.bank, NULL);
	set_progress(json, a, &p);
	json_set(json, "agrees", verdict ? cJSON_CreateBool(verdict == VERDICT_AGREES) : cJSON_CreateNull());
	author_item_json(c.b.bank, form, 0, response, json);
	json_print(json, out);
	return author_look(a, err) && buf_check(out, "the key", err);
}
