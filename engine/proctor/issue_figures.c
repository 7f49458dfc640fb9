/* How a question behaves. See issue.h; the computing is in stats/item.c.
 *
 * Over exam attempts that have their result; of each person the first that had the question, since a second look at it is no evidence about
 * it. Where the question's text has changed there are two sets of figures: as it stands today, and as it was before. Answers count by the
 * key that is in force (a corrected one included), whether or not a correction gives credit to all: figures are about the
 * question. */
#include "proctor/correction.h"
#include "proctor/issue.h"
#include "stats/item.h"
#include <stdio.h>

struct answer_case {
	int64_t account, key;
	struct item_case figures;
	bool today; /* of the text as it stands today */
	enum mark_outcome outcome;
	uint64_t chosen; /* options, bit by bit, by their place in the set's question */
	bool other;      /* chose one that the set's question does not have */
};

struct gathering {
	struct proctor *pr;
	struct store *rd;
	const char *item;
	struct question today, before;
	bool is_today, has_before;
	struct {
		int64_t key;
		char id[RNG_ID_SIZE];
	} * ids;
	size_t n_ids, ids_cap;
	struct answer_case *cases;
	size_t n, cap;
};

static void gathering_finish(struct gathering *g)
{
	question_finish(&g->today);
	question_finish(&g->before);
	free(g->ids);
	free(g->cases);
}

static bool take_id(void *arg, int64_t key, const char *id, struct err *err)
{
	(void)err;
	struct gathering *g = arg;
	g->ids = xgrow(g->ids, g->n_ids, &g->ids_cap, sizeof *g->ids);
	g->ids[g->n_ids].key = key;
	snprintf(g->ids[g->n_ids++].id, RNG_ID_SIZE, "%s", id);
	return true;
}

static bool chooses(enum item_kind k)
{
	return k == ITEM_SINGLE || k == ITEM_MULTIPLE || k == ITEM_TRUE_FALSE;
}

/* What was chosen, as places in the set's question: found by text, since both come from banks. `was`: the question of the attempt's bank.
 */
static void set_chosen(const struct form_item *fi, const struct item *was, const struct item *set, const struct answer *a,
                       struct answer_case *c)
{
	_cleanup_json_ cJSON *response = a->body ? cJSON_ParseWithLength(a->body, a->body_len) : NULL;
	const cJSON *v;
	cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(response, "choose"))
	{
		size_t k = 0, o = 0;
		while (k < fi->item->n_options && strcmp(fi->option_ids[k], v->valuestring) != 0)
			k++;
		if (k == fi->item->n_options || fi->order[k] >= was->n_options)
			continue;
		while (o < set->n_options && strcmp(set->options[o].html, was->options[fi->order[k]].html) != 0)
			o++;
		if (o < set->n_options && o < 64)
			c->chosen |= UINT64_C(1) << o;
		else
			c->other = true;
	}
}

/* The share of the question, and of all the others that count. */
static void set_shares(const struct assessed *a, const struct form *form, size_t index, const struct mark *m, struct item_case *ret)
{
	int64_t points = 0, max = 0;
	for (size_t i = 0; i < form->n_items; i++)
		if (i != index && !form->items[i].unscored) {
			points += a->marks[i].points_m;
			max += a->marks[i].max_m;
		}
	ret->rest = max > 0 && points > 0 ? (double)points / (double)max : 0;
	ret->share = m->max_m > 0 && m->points_m > 0 ? (double)m->points_m / (double)m->max_m : 0;
}

/* By the key in force; what people and graders gave stands, unless a correction covers it. */
static bool mark_of(const struct assessed *a, size_t index, struct mark *ret, struct err *err)
{
	enum item_kind kind = a->corrections->fe->form->items[index].item->kind;
	*ret = a->marks[index];
	if (kind != ITEM_TASK && kind != ITEM_ESSAY)
		return finish_mark_one(a->corrections->fe, &a->answers[index], index, ret, err);
	if (a->corrections->items && a->corrections->items[index].how != CORRECTION_ORIGINAL)
		ret->outcome = MARK_UNGRADED;
	return true;
}

/* The other text that the second set is about: that of the newest attempt which has one. */
static bool set_before(struct gathering *g, const char *attempt, struct err *err)
{
	bool there;
	if (g->has_before)
		return true;
	if (!question_of_attempt(g->pr, g->rd, attempt, g->item, &g->before, &there, err))
		return false;
	g->has_before = there;
	return true;
}

static bool take_case(struct gathering *g, const char *attempt, struct err *err)
{
	struct attempt_row row;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	_cleanup_assessed_ struct assessed a = {0};
	char hash[HASH_HEX_SIZE];
	struct mark mark;
	size_t i = 0;
	if (!store_attempt_get(g->rd, attempt, &row, err))
		return false;
	if (row.phase != PHASE_FINAL || row.study)
		return true;
	if (!form_cache_get(g->pr, g->rd, &row, &fe, err))
		return false;
	while (i < fe->form->n_items && strcmp(fe->form->items[i].item_id, g->item) != 0)
		i++;
	const struct item *was = bank_item(fe->version->bank, g->item);
	if (i == fe->form->n_items || !was)
		return true;
	question_hash(was, hash);
	bool today = g->is_today && strcmp(hash, g->today.hash) == 0;
	if ((!today && !set_before(g, attempt, err)) || !finish_assess(g->rd, &row, fe, NULL, &a, err) || !mark_of(&a, i, &mark, err))
		return false;
	if (mark.outcome == MARK_UNGRADED)
		return true;
	g->cases = xgrow(g->cases, g->n, &g->cap, sizeof *g->cases);
	struct answer_case *c = &g->cases[g->n++];
	*c = (struct answer_case){.account = row.account, .key = row.key, .today = today, .outcome = mark.outcome};
	c->figures.spent_ms = a.answers[i].spent_ms;
	c->figures.flagged = a.answers[i].flagged;
	set_shares(&a, fe->form, i, &mark, &c->figures);
	const struct item *set = today ? g->today.source : g->before.source;
	if (set && chooses(was->kind))
		set_chosen(&fe->form->items[i], was, set, &a.answers[i], c);
	return true;
}

static int by_person(const void *a, const void *b)
{
	const struct answer_case *x = a, *y = b;
	return x->account != y->account ? (x->account > y->account) - (x->account < y->account) : (x->key > y->key) - (x->key < y->key);
}

/* The first of each person. */
static void keep_first(struct gathering *g)
{
	size_t n = 0;
	if (g->n)
		qsort(g->cases, g->n, sizeof *g->cases, by_person);
	for (size_t i = 0; i < g->n; i++)
		if (!n || g->cases[n - 1].account != g->cases[i].account)
			g->cases[n++] = g->cases[i];
	g->n = n;
}

/* ---- As JSON ---- */

static double rounded(double v)
{
	return (double)(int64_t)(v * 1e4 + (v < 0 ? -0.5 : 0.5)) / 1e4;
}

static cJSON *interval(const struct item_interval *i)
{
	cJSON *o = json_object();
	json_set_double(o, "value", rounded(i->value));
	json_set_double(o, "low", rounded(i->lo));
	json_set_double(o, "high", rounded(i->hi));
	return o;
}

/* How many of each third: [weakest, middle, strongest]. */
static cJSON *thirds(const int n[ITEM_GROUPS])
{
	cJSON *list = json_array();
	for (int g = 0; g < ITEM_GROUPS; g++)
		json_add(list, cJSON_CreateNumber(n[g]));
	return list;
}

static cJSON *options_json(const struct question *q, const struct answer_case *cases, const struct item_case *figures, size_t n)
{
	const struct form_item *fi = &q->form->items[0];
	cJSON *list = json_array();
	if (!chooses(q->source->kind))
		return list;
	for (size_t k = 0; k <= fi->item->n_options; k++) {
		bool none = k == fi->item->n_options;
		size_t place = none ? 0 : fi->order[k];
		int by_group[ITEM_GROUPS] = {0};
		for (size_t i = 0; i < n; i++)
			by_group[figures[i].group] += none ? !cases[i].chosen && !cases[i].other : place < 64 && (cases[i].chosen >> place & 1);
		cJSON *o = json_object();
		json_set_str(o, "id", none ? NULL : fi->option_ids[k]);
		json_set_str(o, "html", none ? NULL : fi->item->options[place].html);
		json_set_bool(o, "key", !none && fi->item->options[place].key);
		json_set(o, "thirds", thirds(by_group));
		json_add(list, o);
	}
	return list;
}

static cJSON *outcomes_json(const struct answer_case *cases, const struct item_case *figures, size_t n)
{
	cJSON *o = json_object();
	for (int outcome = MARK_RIGHT; outcome <= MARK_UNANSWERED; outcome++) {
		int by_group[ITEM_GROUPS] = {0};
		for (size_t i = 0; i < n; i++)
			by_group[figures[i].group] += cases[i].outcome == (enum mark_outcome)outcome;
		json_set(o, mark_outcome_name((enum mark_outcome)outcome), thirds(by_group));
	}
	return o;
}

static cJSON *set_json(const struct gathering *g, const struct question *q, bool today)
{
	struct answer_case *cases = xcalloc(g->n + 1, sizeof *cases);
	struct item_case *figures = xcalloc(g->n + 1, sizeof *figures);
	struct item_figures f;
	size_t n = 0;
	for (size_t i = 0; i < g->n; i++)
		if (g->cases[i].today == today) {
			cases[n] = g->cases[i];
			figures[n++] = g->cases[i].figures;
		}
	item_figures(figures, n, &f);
	cJSON *o = json_object(), *sizes = json_array(), *means = json_array();
	for (int k = 0; k < ITEM_GROUPS; k++) {
		json_add(sizes, cJSON_CreateNumber((double)f.group_n[k]));
		json_add(means, f.group_n[k] ? cJSON_CreateNumber(rounded(f.group_mean[k])) : cJSON_CreateNull());
	}
	json_set_i64(o, "n", (int64_t)f.n);
	json_set(o, "facility", f.n ? interval(&f.facility) : cJSON_CreateNull());
	json_set(o, "discrimination", f.discriminates ? interval(&f.discrimination) : cJSON_CreateNull());
	json_set(o, "median_ms", f.median_ms >= 0 ? cJSON_CreateNumber((double)f.median_ms) : cJSON_CreateNull());
	json_set_double(o, "flagged", rounded(f.flagged));
	json_set(o, "thirds", sizes);
	json_set(o, "means", means);
	json_set(o, "outcomes", outcomes_json(cases, figures, n));
	json_set(o, "options", options_json(q, cases, figures, n));
	free(cases);
	free(figures);
	return o;
}

bool issue_figures_json(struct proctor *pr, struct store *rd, const char *bank, const char *item, struct buf *out, struct err *err)
{
	__attribute__((cleanup(gathering_finish))) struct gathering g = {.pr = pr, .rd = rd, .item = item};
	_cleanup_json_ cJSON *o = json_object();
	int64_t last;
	if (!question_today(pr, rd, bank, item, NULL, &g.today, &g.is_today, err) || !store_correction_last_attempt(rd, &last, err) ||
	    !store_correction_candidates(rd, bank, item, 0, last, take_id, &g, err))
		return false;
	if (!g.is_today && !g.n_ids)
		return err_set(err, ERR_NOT_FOUND, "there is no question '%.70s' in a bank '%.70s'", item, bank);
	for (size_t i = g.n_ids; i-- > 0;) /* newest first: see set_before() */
		if (!take_case(&g, g.ids[i].id, err))
			return err_prefix(err, "attempt %s", g.ids[i].id);
	keep_first(&g);
	json_set(o, "today", g.is_today ? set_json(&g, &g.today, true) : cJSON_CreateNull());
	json_set(o, "before", g.has_before ? set_json(&g, &g.before, false) : cJSON_CreateNull());
	json_print(o, out);
	return buf_check(out, "the figures", err);
}
