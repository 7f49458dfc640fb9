/* A question for those who look after it: as candidates see it, with its key. See issue.h.
 *
 * It is put on a form of its own, in the written order and with ids that follow from its place, so that a page shows it with what shows it
 * to candidates. */
#include "proctor/correction.h"
#include "proctor/issue.h"
#include "store/bank_version.h"

#define ITEM_BYTES_MAX (32u << 20)

static bool copy_item(const struct item *it, struct item **ret, struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF(ITEM_BYTES_MAX);
	item_encode(it, &bytes);
	return buf_check(&bytes, "the question", err) && item_decode(buf_str(&bytes), ret, err);
}

/* Owns a copy of `shown`, so that nothing of it hangs on the bank. */
static bool put_on_form(const struct item *shown, struct question *q, struct err *err)
{
	static const unsigned char seed[RNG_SEED_SIZE] = {0};
	struct item *copy;
	struct rng rng;
	if (!copy_item(shown, &copy, err))
		return false;
	rng_init(&rng, seed, q->hash); /* two texts of a question may stand on one page */
	q->form = form_chosen(&q->source, &copy, 1, false, &rng);
	return true;
}

static const struct form_item *on_form(const struct form *form, const char *item)
{
	for (size_t i = 0; i < form->n_items; i++)
		if (strcmp(form->items[i].item_id, item) == 0)
			return &form->items[i];
	return NULL;
}

static bool load_form(struct proctor *pr, struct store *rd, const char *attempt, struct form_entry **ret, struct err *err)
{
	struct attempt_row row;
	return store_attempt_get(rd, attempt, &row, err) && form_cache_get(pr, rd, &row, ret, err);
}

bool question_of_attempt(struct proctor *pr, struct store *rd, const char *attempt, const char *item, struct question *ret, bool *ret_there,
                         struct err *err)
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	*ret_there = false;
	if (!load_form(pr, rd, attempt, &fe, err))
		return false;
	const struct form_item *fi = on_form(fe->form, item);
	const struct item *source = bank_item(fe->version->bank, item);
	if (!fi || !source)
		return true;
	ret->version = version_ref(fe->version);
	ret->source = source;
	question_hash(source, ret->hash);
	*ret_there = true;
	return put_on_form(fi->item, ret, err);
}

bool question_today(struct proctor *pr, struct store *rd, const char *bank, const char *item, const char *attempt, struct question *ret,
                    bool *ret_there, struct err *err)
{
	int64_t newest;
	*ret_there = false;
	if (!store_version_newest(rd, bank, &newest, err))
		return false;
	if (!newest)
		return true;
	if (!catalog_version(pr, rd, newest, &ret->version, err))
		return false;
	ret->source = bank_item(ret->version->bank, item);
	if (!ret->source)
		return true;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	const struct item *shown = ret->source;
	char drawn[HASH_HEX_SIZE] = "";
	question_hash(ret->source, ret->hash);
	if (ret->source->params_lua && attempt) {
		if (!load_form(pr, rd, attempt, &fe, err))
			return false;
		const struct form_item *fi = on_form(fe->form, item);
		const struct item *was = bank_item(fe->version->bank, item);
		if (was)
			question_hash(was, drawn);
		if (fi && strcmp(drawn, ret->hash) == 0)
			shown = fi->item;
	}
	*ret_there = true;
	return put_on_form(shown, ret, err);
}

cJSON *question_json(const struct question *q)
{
	static const char *const statuses[] = {
	    [ITEM_ACTIVE] = "active", [ITEM_DRAFT] = "draft", [ITEM_PRETEST] = "pretest", [ITEM_RETIRED] = "retired"};
	const struct bank *bank = q->version->bank;
	cJSON *o = json_object(), *item = json_object(), *feedback = json_object();
	form_item_json(q->form, bank, 0, item);
	/* The shape of an item of an attempt, so that one thing shows both. */
	json_set_i64(item, "n", 1);
	json_set_bool(item, "closed", true);
	json_set_i64(item, "seq", 0);
	json_set(item, "response", cJSON_CreateNull());
	json_set(item, "saved_at", cJSON_CreateNull());
	json_set_bool(item, "flagged", false);
	json_set_i64(item, "spent_ms", 0);
	json_set(item, "note", cJSON_CreateNull());
	form_feedback_json(q->form, 0, NULL, feedback);
	json_set(o, "item", item);
	json_set(o, "feedback", feedback);
	json_set_str(o, "title", q->source->title);
	json_set_str(o, "domain", q->source->domain);
	json_set_str(o, "file", q->source->file);
	json_set_str(o, "status", (size_t)q->source->status < ARRAY_SIZE(statuses) ? statuses[q->source->status] : "other");
	json_set_str(o, "version", bank->version ? bank->version : "");
	json_set_bool(o, "parametrised", q->source->params_lua != NULL);
	return o;
}

void question_finish(struct question *q)
{
	form_destroy(q->form);
	version_unref(q->version);
	*q = (struct question){0};
}
