/* Marking: what a response is worth. docs/authors/scoring.md states these rules with examples; tests/unit/exam/test_mark.c holds them.
 *
 * All shares are fractions of whole numbers and turn into thousandths of a point once, at the end, rounded half away from zero. */
#include "exam/internal.h"
#include <assert.h>
#include <math.h>

const char *mark_outcome_name(enum mark_outcome o)
{
	static const char *const names[] = {"right", "partial", "wrong", "unanswered", "ungraded"};
	assert((size_t)o < ARRAY_SIZE(names));
	return names[o];
}

static const struct share nothing = {0, 1}, everything = {1, 1};

static const cJSON *member(const cJSON *response, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(response, key);
}

static bool is_blank(const char *s)
{
	_cleanup_free_ char *folded = text_fold(s);
	return !*folded;
}

/* Whether nothing was answered: null, an empty list or object, or white space only. A unit without a number is nothing. */
static bool is_empty(const cJSON *v)
{
	if (!v || cJSON_IsNull(v))
		return true;
	if (cJSON_IsString(v))
		return is_blank(v->valuestring);
	if (!cJSON_IsObject(v) && !cJSON_IsArray(v))
		return false;
	for (const cJSON *c = v->child; c; c = c->next)
		if (!is_empty(c) && !(c->string && strcmp(c->string, "unit") == 0))
			return false;
	return true;
}

/* ---- Choices: options of a multiple, regions of a hotspot ---- */

struct choices {
	int64_t keys, distractors; /* offered */
	int64_t hits, wrong;       /* chosen */
	int64_t limit;             /* how many one may choose */
};

static struct share share_of_choices(const struct choices *c, enum partial_rule rule)
{
	int64_t net;
	switch (rule) {
	case PARTIAL_PER_OPTION:
		return c->hits + c->wrong > c->limit ? nothing : (struct share){c->hits, c->keys};
	case PARTIAL_NET_CORRECT:
		return (struct share){c->hits > c->wrong ? c->hits - c->wrong : 0, c->keys};
	case PARTIAL_COVERAGE:
		if (!c->distractors)
			return (struct share){c->hits > c->wrong ? c->hits - c->wrong : 0, c->keys};
		net = c->hits * c->distractors - c->wrong * c->keys;
		return (struct share){net > 0 ? net : 0, c->keys * c->distractors};
	case PARTIAL_UNSET:
	case PARTIAL_NONE:
		break;
	}
	return c->hits == c->keys && !c->wrong ? everything : nothing;
}

static size_t option_by_id(const struct form_item *fi, const char *id)
{
	for (size_t k = 0; k < fi->item->n_options; k++)
		if (strcmp(fi->option_ids[k], id) == 0)
			return fi->order[k];
	return NONE;
}

static size_t target_by_id(const struct form_item *fi, const char *id)
{
	for (size_t k = 0; k < fi->item->n_targets; k++)
		if (strcmp(fi->target_ids[k], id) == 0)
			return fi->target_order[k];
	return NONE;
}

static struct share mark_choose(const struct form_item *fi, const cJSON *list, enum partial_rule rule)
{
	const struct item *it = fi->item;
	struct choices c = {0};
	for (size_t i = 0; i < it->n_options; i++) {
		c.keys += it->options[i].key;
		c.distractors += !it->options[i].key;
	}
	for (const cJSON *v = list->child; v; v = v->next) {
		size_t i = option_by_id(fi, v->valuestring);
		c.hits += i != NONE && it->options[i].key;
		c.wrong += i == NONE || !it->options[i].key;
	}
	/* After a correction more may be right than was asked for: then as many of them as were asked for are everything. */
	int64_t asked = it->kind == ITEM_MULTIPLE ? it->select : 1;
	c.keys = asked > 0 && c.keys > asked ? asked : c.keys;
	c.limit = it->select > 0 ? it->select : c.keys;
	return share_of_choices(&c, it->kind == ITEM_MULTIPLE ? rule : PARTIAL_NONE);
}

/* Points in one region are one choice; each point outside of all regions is a wrong one. */
static struct share mark_points(const struct form_item *fi, const cJSON *list, enum partial_rule rule)
{
	const struct item *it = fi->item;
	struct choices c = {0};
	bool *hit = xcalloc(it->n_regions + 1, sizeof *hit);
	for (size_t i = 0; i < it->n_regions; i++) {
		c.keys += it->regions[i].correct;
		c.distractors += !it->regions[i].correct;
	}
	for (const cJSON *v = list->child; v; v = v->next) {
		size_t r = region_at(it, v->child->valuedouble, v->child->next->valuedouble);
		if (r != NONE && hit[r])
			continue;
		if (r != NONE)
			hit[r] = true;
		c.hits += r != NONE && it->regions[r].correct;
		c.wrong += r == NONE || !it->regions[r].correct;
	}
	free(hit);
	c.keys = it->select > 0 && c.keys > it->select ? it->select : c.keys; /* see mark_choose() */
	c.limit = it->select > 0 ? it->select : c.keys;
	return share_of_choices(&c, rule);
}

/* ---- Parts: rows, pairs, blanks ---- */

struct parts {
	int64_t n;
	int64_t credit_m; /* sum over the parts, each at most 1000 */
	int64_t wrong;    /* answered, and worth nothing */
};

static void add_part(struct parts *p, int credit_m)
{
	p->credit_m += credit_m;
	p->wrong += credit_m == 0;
}

static struct share share_of_parts(const struct parts *p, enum partial_rule rule)
{
	int64_t net = p->credit_m - 1000 * p->wrong;
	switch (rule) {
	case PARTIAL_PER_OPTION:
	case PARTIAL_COVERAGE:
		return (struct share){p->credit_m, 1000 * p->n};
	case PARTIAL_NET_CORRECT:
		return (struct share){net > 0 ? net : 0, 1000 * p->n};
	case PARTIAL_UNSET:
	case PARTIAL_NONE:
		break;
	}
	return p->credit_m == 1000 * p->n ? everything : nothing;
}

static struct share mark_pairs(const struct form_item *fi, const cJSON *pairs, enum partial_rule rule)
{
	struct parts p = {.n = (int64_t)fi->item->n_options};
	for (const cJSON *v = pairs->child; v; v = v->next) {
		size_t left = option_by_id(fi, v->string), right = target_by_id(fi, v->valuestring);
		add_part(&p, left != NONE && right != NONE && fi->item->options[left].match == (int)right ? 1000 : 0);
	}
	return share_of_parts(&p, rule);
}

/* False when a pattern ran into a limit. */
static bool blank_credit(const struct form_item *fi, size_t b, const char *answer, int *ret_credit_m)
{
	const struct item_blank *blank = &fi->item->blanks[b];
	const char *reason;
	if (!blank->n_options)
		return text_credit(blank->texts, blank->n_texts, answer, ret_credit_m, &reason);
	*ret_credit_m = 0;
	for (size_t k = 0; k < blank->n_options; k++)
		if (strcmp(fi->blank_ids[b][k], answer) == 0 && blank->options[fi->blank_orders[b][k]].key)
			*ret_credit_m = 1000;
	return true;
}

static bool mark_blanks(const struct form_item *fi, const cJSON *blanks, enum partial_rule rule, struct share *ret)
{
	struct parts p = {.n = (int64_t)fi->item->n_blanks};
	for (const cJSON *v = blanks->child; v; v = v->next) {
		int64_t number;
		int credit_m;
		if (is_blank(v->valuestring) || !str_to_i64(str_of(v->string), 1, p.n, &number))
			continue;
		if (!blank_credit(fi, (size_t)number - 1, v->valuestring, &credit_m))
			return false;
		add_part(&p, credit_m);
	}
	*ret = share_of_parts(&p, rule);
	return true;
}

/* ---- Ordering: the longest run of lines, not necessarily neighbours, that are in the right order to each other ---- */

static struct share mark_order(const struct form_item *fi, const cJSON *list, enum partial_rule rule)
{
	size_t n = fi->item->n_options, count = 0, longest = 0;
	size_t *at = xcalloc(n + 1, sizeof *at), *run = xcalloc(n + 1, sizeof *run);
	for (const cJSON *v = list->child; v && count < n; v = v->next) {
		at[count] = option_by_id(fi, v->valuestring);
		run[count] = 1;
		for (size_t i = 0; i < count; i++)
			if (at[i] < at[count] && run[i] + 1 > run[count])
				run[count] = run[i] + 1;
		longest = run[count] > longest ? run[count] : longest;
		count++;
	}
	free(at);
	free(run);
	if (longest == n)
		return everything;
	if (rule == PARTIAL_NONE || rule == PARTIAL_UNSET || !longest)
		return nothing;
	return (struct share){(int64_t)longest - 1, (int64_t)n - 1};
}

/* ---- One item ---- */

static bool mark_number(const struct form_item *fi, const cJSON *response)
{
	const cJSON *value = member(response, "value"), *unit = member(response, "unit");
	double v;
	return number_parse(value->valuestring, &v) && number_matches(fi->item, v, cJSON_IsString(unit) ? unit->valuestring : NULL);
}

/* False: it cannot be marked here. */
static bool share_earned(const struct form_item *fi, const cJSON *response, enum partial_rule rule, struct share *ret,
                         const char **ret_reason)
{
	int credit_m;
	switch (fi->item->kind) {
	case ITEM_SINGLE:
	case ITEM_TRUE_FALSE:
	case ITEM_MULTIPLE:
		*ret = mark_choose(fi, member(response, "choose"), rule);
		return true;
	case ITEM_GRID:
		*ret = mark_pairs(fi, member(response, "rows"), rule);
		return true;
	case ITEM_MATCHING:
		*ret = mark_pairs(fi, member(response, "match"), rule);
		return true;
	case ITEM_ORDERING:
		*ret = mark_order(fi, member(response, "order"), rule);
		return true;
	case ITEM_NUMERIC:
		*ret = mark_number(fi, response) ? everything : nothing;
		return true;
	case ITEM_TEXT:
		if (!text_credit(fi->item->texts, fi->item->n_texts, member(response, "text")->valuestring, &credit_m, ret_reason))
			return false;
		*ret = (struct share){credit_m, 1000};
		return true;
	case ITEM_CLOZE:
		return mark_blanks(fi, member(response, "blanks"), rule, ret);
	case ITEM_HOTSPOT:
		*ret = mark_points(fi, member(response, "points"), rule);
		return true;
	case ITEM_ESSAY:
	case ITEM_TASK:
	case ITEM_KINDS:
		break;
	}
	return false;
}

/* points * num / den, rounded half away from zero; num and den are not negative. */
static int64_t points_of(int64_t points_m, struct share s)
{
	return (2 * points_m * s.num + s.den) / (2 * s.den);
}

void mark_item(const struct form_item *fi, const cJSON *response, enum partial_rule rule, double negative, struct mark *ret)
{
	const struct item *it = fi->item;
	*ret = (struct mark){.outcome = MARK_UNGRADED, .max_m = it->points_m};
	if (it->kind != ITEM_TASK && is_empty(response)) {
		ret->outcome = MARK_UNANSWERED;
		return;
	}
	struct share s;
	const char *reason = NULL;
	if (!share_earned(fi, response, it->partial != PARTIAL_UNSET ? it->partial : rule, &s, &reason))
		return;
	if (s.num <= 0 || s.den <= 0) {
		ret->outcome = MARK_WRONG;
		ret->points_m = -llround(negative * (double)it->points_m);
		return;
	}
	ret->outcome = s.num >= s.den ? MARK_RIGHT : MARK_PARTIAL;
	ret->points_m = points_of(it->points_m, s);
	ret->reason_html = ret->outcome == MARK_PARTIAL ? reason : NULL;
}
