/* Corrections as they apply to one attempt. See correction.h. */
#include "proctor/correction.h"

#define QUESTION_BYTES_MAX (32u << 20)

static const char *const how_names[] = {"original", "key", "credit-all", "drop"};

const char *correction_how_name(enum correction_how how)
{
	return how_names[how];
}

bool correction_how_parse(const char *name, enum correction_how *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(how_names); i++)
		if (strcmp(how_names[i], name) == 0) {
			*ret = (enum correction_how)i;
			return true;
		}
	return err_set(err, ERR_INVALID, "'%.40s' is no way to score a question: key, credit-all, drop or original", name);
}

void question_hash(const struct item *it, char ret[HASH_HEX_SIZE])
{
	_cleanup_buf_ struct buf bytes = BUF(QUESTION_BYTES_MAX);
	static char empty[] = "";
	struct item plain = *it;
	plain.title = plain.file = empty;
	plain.status = ITEM_ACTIVE;
	plain.n_tags = plain.n_hints = 0;
	plain.difficulty = plain.line = plain.place = 0;
	plain.explanation_html = plain.references_html = plain.rubric_html = NULL;
	item_encode(&plain, &bytes);
	hash_sha256_hex(buf_str(&bytes), ret);
}

static bool take(void *arg, const struct correction_row *row, struct err *err)
{
	struct corrections *c = arg;
	struct item *now = NULL;
	if (row->item.p && !item_decode(row->item, &now, err))
		return err_prefix(err, "correction %lld", (long long)row->id);
	c->list = xgrow(c->list, c->n, &c->cap, sizeof *c->list);
	struct correction *to = &c->list[c->n++];
	*to = (struct correction){
	    .id = row->id,
	    .version = row->version,
	    .at_ms = row->at_ms,
	    .how = row->how,
	    .otherwise = row->otherwise,
	    .old_only = row->old_only,
	    .item_id = xstrdup(row->item_id),
	    .reason = xstrdup(row->reason),
	    .who = xstrdup(row->who),
	    .now = now,
	};
	memcpy(to->text_sha256, row->text_sha256, sizeof to->text_sha256);
	return true;
}

/* The newest of a question counts: one that is not stored stands behind those that are. */
static const struct correction *find(const struct corrections *c, const char *item_id)
{
	for (size_t i = c->n; i-- > 0;)
		if (strcmp(c->list[i].item_id, item_id) == 0)
			return &c->list[i];
	return NULL;
}

static bool covers(const struct correction *c, const struct item *was, int64_t version)
{
	char hash[HASH_HEX_SIZE];
	question_hash(was, hash);
	bool same = strcmp(hash, c->text_sha256) == 0;
	return c->old_only ? !same && version <= c->version : same || version <= c->version;
}

/* Puts the key in force into the copy of the form. */
static void rekey(struct corrections *c, size_t i, const struct item *was)
{
	struct correction_on *on = &c->items[i];
	struct err err;
	if (!on->of->now)
		on->why = xstrdup("the bank has no such question any more");
	else if (!rekey_item(&c->form.items[i], was, on->of->now, &on->rekeyed, &err))
		on->why = xstrdup(err.msg);
	else
		c->form.items[i] = on->rekeyed.fi;
	if (on->why)
		on->how = on->of->otherwise;
}

static void apply_to_form(struct corrections *c, const struct attempt_row *row, const struct form_entry *fe)
{
	size_t n = fe->form->n_items;
	c->form = *fe->form;
	c->form.items = xcalloc(n + 1, sizeof *c->form.items);
	memcpy(c->form.items, fe->form->items, n * sizeof *c->form.items);
	c->items = xcalloc(n + 1, sizeof *c->items);
	c->n_items = n;
	for (size_t i = 0; i < n; i++) {
		const char *id = fe->form->items[i].item_id;
		const struct item *was = bank_item(fe->version->bank, id);
		const struct correction *of = find(c, id);
		if (!of || !was || !covers(of, was, row->version))
			continue;
		c->items[i].of = of;
		c->items[i].how = of->how;
		if (of->how == CORRECTION_KEY)
			rekey(c, i, was);
	}
	c->copy = *fe;
	c->copy.form = &c->form;
	c->fe = &c->copy;
}

bool corrections_load_with(struct store *st, const struct attempt_row *row, const struct form_entry *fe, const struct correction_row *extra,
                           struct corrections *ret, struct err *err)
{
	struct corrections *c = ret;
	*c = (struct corrections){.fe = fe};
	if (row->study)
		return true;
	if (!store_correction_in_force(st, row->bank_id, take, c, err) || (extra && !take(c, extra, err)))
		return false;
	if (c->n)
		apply_to_form(c, row, fe);
	return true;
}

bool corrections_load(struct store *st, const struct attempt_row *row, const struct form_entry *fe, struct corrections *ret,
                      struct err *err)
{
	return corrections_load_with(st, row, fe, NULL, ret, err);
}

void corrections_finish(struct corrections *c)
{
	for (size_t i = 0; i < c->n_items; i++) {
		rekeyed_finish(&c->items[i].rekeyed);
		free(c->items[i].why);
	}
	for (size_t i = 0; i < c->n; i++) {
		free(c->list[i].item_id);
		free(c->list[i].reason);
		free(c->list[i].who);
		item_destroy(c->list[i].now);
	}
	free(c->items);
	free(c->list);
	free(c->form.items);
	*c = (struct corrections){0};
}

void corrections_apply(const struct corrections *c, struct mark *marks)
{
	for (size_t i = 0; i < c->n_items; i++) {
		enum correction_how how = c->items[i].how; /* ORIGINAL where there is none */
		struct mark *m = &marks[i];
		if (how == CORRECTION_CREDIT)
			*m = (struct mark){.outcome = MARK_RIGHT, .points_m = m->max_m, .max_m = m->max_m};
		else if (how == CORRECTION_DROP)
			*m = (struct mark){.outcome = m->outcome == MARK_UNGRADED ? MARK_UNANSWERED : m->outcome, .dropped = true};
	}
}

cJSON *corrections_json(const struct corrections *c, bool whole, bool items)
{
	cJSON *list = NULL;
	for (size_t i = 0; i < c->n_items; i++) {
		const struct correction *of = c->items[i].of;
		char time[CLOCK_RFC3339_SIZE];
		if (!of || correction_is_left(&c->items[i]) || c->form.items[i].unscored)
			continue;
		cJSON *o = json_object();
		json_set_i64(o, "number", (int64_t)i + 1);
		if (items)
			json_set_str(o, "item", c->form.items[i].id);
		json_set_str(o, "how", correction_how_name(c->items[i].how));
		json_set_str(o, "reason", of->reason);
		json_set_str(o, "at", clock_rfc3339(of->at_ms, time));
		if (whole)
			json_set_str(o, "by", of->who);
		list = list ? list : json_array();
		json_add(list, o);
	}
	return list;
}
