/* How well markers agree: by exam, by question and by pair of markers. See marking.h.
 *
 * Counted are the first two marks of each answer, both blind, of attempts that have their result. The third marks are left out: they are a
 * selection of the answers about which two disagreed. Marks are compared as shares of what the question is worth, so that questions of
 * different worth can stand in one table; shares are millionths here. */
#include "proctor/marking.h"
#include "stats/kappa.h"
#include <math.h>

#define WHOLE 1000000
#define CATEGORIES_MAX 101 /* different marks in a table; when there are more, they are compared as whole percents */
#define LINES_MAX 2000     /* that are counted and told */
#define BANDS_FROM 9       /* so many different marks are shown as bands of 20 percent */
#define BANDS 5

struct pair {
	char *exam, *item, *a, *b; /* "bank/exam"; item: the author's id; the markers by name */
	int64_t max_m;
	int first, second; /* the first mark and the second in time */
	int by_a, by_b;    /* the same two by name */
};
struct pairs {
	struct pair *list;
	size_t n, cap;
	/* The blind marks of the answer that is being read. */
	int64_t attempt, item;
	char *marker;
	struct pair open; /* what is known of it so far */
	bool there, paired;
};

static int share_of(const struct human_mark *mark)
{
	return mark->max_m > 0 ? (int)((2 * mark->points_m * WHOLE + mark->max_m) / (2 * mark->max_m)) : 0;
}

static void pair_free(struct pair *p)
{
	free(p->exam);
	free(p->item);
	free(p->a);
	free(p->b);
}

static void pairs_finish(struct pairs *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		pair_free(&ps->list[i]);
	free(ps->list);
	free(ps->marker);
}

static void begin_answer(struct pairs *ps, int64_t attempt, const struct human_mark *mark)
{
	ps->attempt = attempt;
	ps->item = mark->item;
	ps->there = true;
	ps->paired = false;
	free(ps->marker);
	ps->marker = xstrdup(mark->marker);
	ps->open.first = share_of(mark);
}

/* A marker's own later mark stands for the earlier one: it was changed before anybody else had marked. */
static bool take_mark(void *arg, int64_t attempt, const char *bank_id, const char *exam, const struct human_mark *mark, struct err *err)
{
	(void)err;
	struct pairs *ps = arg;
	if (!mark->item_id)
		return true;
	if (!ps->there || ps->attempt != attempt || ps->item != mark->item) {
		begin_answer(ps, attempt, mark);
		return true;
	}
	if (markers_same(ps->marker, mark->marker)) {
		if (!ps->paired)
			ps->open.first = share_of(mark);
		return true;
	}
	if (ps->paired)
		return true;
	ps->paired = true;
	ps->list = xgrow(ps->list, ps->n, &ps->cap, sizeof *ps->list);
	bool in_order = strcmp(ps->marker, mark->marker) < 0;
	int first = ps->open.first, second = share_of(mark);
	ps->list[ps->n++] = (struct pair){
	    .exam = xasprintf("%s/%s", bank_id, exam),
	    .item = xstrdup(mark->item_id),
	    .a = xstrdup(in_order ? ps->marker : mark->marker),
	    .b = xstrdup(in_order ? mark->marker : ps->marker),
	    .max_m = mark->max_m,
	    .first = first,
	    .second = second,
	    .by_a = in_order ? first : second,
	    .by_b = in_order ? second : first,
	};
	return true;
}

/* ---- One line ---- */

/* What a line is about; NULL: all of them. */
struct about {
	const char *exam, *item, *a, *b;
};

static bool is_about(const struct pair *p, const struct about *w)
{
	return strcmp(p->exam, w->exam) == 0 && (!w->item || strcmp(p->item, w->item) == 0) &&
	       (!w->a || (strcmp(p->a, w->a) == 0 && strcmp(p->b, w->b) == 0));
}

struct counted {
	double *counts, *values; /* k by k; the shares that were given, in order */
	size_t k, n;
	double apart;  /* mean distance, as a share */
	int64_t max_m; /* 0: of questions of different worth */
};

static void counted_finish(struct counted *c)
{
	free(c->counts);
	free(c->values);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static size_t keep_different(double *v, size_t n)
{
	size_t k = 0;
	qsort(v, n, sizeof *v, by_value);
	for (size_t i = 0; i < n; i++)
		if (!k || v[k - 1] != v[i])
			v[k++] = v[i];
	return k;
}

static double rounded(double v, bool percents)
{
	return percents ? round(v * 100 / WHOLE) * WHOLE / 100 : v;
}

static size_t place_of(const struct counted *c, double v)
{
	return (size_t)((const double *)bsearch(&v, c->values, c->k, sizeof v, by_value) - c->values);
}

static void count(const struct pairs *ps, const struct about *w, struct counted *c)
{
	int *marks = xcalloc(2 * ps->n, sizeof *marks);
	*c = (struct counted){.max_m = -1};
	for (size_t i = 0; i < ps->n; i++) {
		const struct pair *p = &ps->list[i];
		if (!is_about(p, w))
			continue;
		int *at = marks + 2 * c->n++;
		at[0] = w->a ? p->by_a : p->first;
		at[1] = w->a ? p->by_b : p->second;
		c->apart += abs(at[0] - at[1]);
		c->max_m = c->max_m < 0 || c->max_m == p->max_m ? p->max_m : 0;
	}
	c->apart /= (double)c->n * WHOLE;
	c->values = xcalloc(2 * c->n, sizeof *c->values);
	bool percents = false;
	do {
		percents = c->k > CATEGORIES_MAX;
		for (size_t i = 0; i < 2 * c->n; i++)
			c->values[i] = rounded(marks[i], percents);
		c->k = keep_different(c->values, 2 * c->n);
	} while (c->k > CATEGORIES_MAX);
	c->counts = xcalloc(c->k * c->k, sizeof *c->counts);
	for (size_t i = 0; i < c->n; i++)
		c->counts[place_of(c, rounded(marks[2 * i], percents)) * c->k + place_of(c, rounded(marks[2 * i + 1], percents))]++;
	free(marks);
}

static cJSON *kappa_json(const struct kappa *k)
{
	if (!k->defined)
		return cJSON_CreateNull();
	cJSON *o = json_object();
	json_set_double(o, "value", k->value);
	json_set_double(o, "error", k->error);
	if (k->error > 0) {
		json_set_double(o, "low", fmax(-1, k->value - 1.959964 * k->error));
		json_set_double(o, "high", fmin(1, k->value + 1.959964 * k->error));
	} else { /* perfect agreement: the formula gives no interval */
		json_set(o, "low", cJSON_CreateNull());
		json_set(o, "high", cJSON_CreateNull());
	}
	return o;
}

static void add_kappas(const struct counted *c, cJSON *o)
{
	double *weights = xcalloc(c->k * c->k, sizeof *weights);
	struct kappa plain, weighted;
	kappa_quadratic(c->values, c->k, weights);
	kappa_of(c->counts, NULL, c->k, &plain);
	kappa_of(c->counts, weights, c->k, &weighted);
	free(weights);
	json_set_double(o, "observed", plain.observed);
	json_set_double(o, "expected", plain.expected);
	json_set(o, "kappa", kappa_json(&plain));
	json_set(o, "weighted", kappa_json(&weighted));
}

static size_t band_of(double value)
{
	size_t band = (size_t)(value * BANDS / WHOLE);
	return band < BANDS ? band : BANDS - 1;
}

/* The marks of one against those of the other: as they are, or in fifths when there are many. `labels` are the lower ends, in percent. */
static cJSON *matrix_json(const struct counted *c)
{
	bool bands = c->k >= BANDS_FROM;
	size_t k = bands ? BANDS : c->k;
	cJSON *o = json_object(), *labels = json_array(), *rows = json_array();
	double *cells = xcalloc(k * k, sizeof *cells);
	for (size_t i = 0; i < c->k; i++)
		for (size_t j = 0; j < c->k; j++)
			cells[(bands ? band_of(c->values[i]) : i) * k + (bands ? band_of(c->values[j]) : j)] += c->counts[i * c->k + j];
	for (size_t i = 0; i < k; i++) {
		cJSON *row = json_array();
		json_add(labels, cJSON_CreateNumber(bands ? 100.0 / BANDS * (double)i : c->values[i] * 100 / WHOLE));
		for (size_t j = 0; j < k; j++)
			json_add(row, cJSON_CreateNumber(cells[i * k + j]));
		json_add(rows, row);
	}
	free(cells);
	json_set_bool(o, "bands", bands);
	json_set(o, "labels", labels);
	json_set(o, "counts", rows);
	return o;
}

static void add_line(const struct pairs *ps, const struct about *w, cJSON *list)
{
	__attribute__((cleanup(counted_finish))) struct counted c;
	cJSON *o = json_object(), *pair = w->a ? json_array() : cJSON_CreateNull();
	count(ps, w, &c);
	json_set_str(o, "exam", w->exam);
	json_set_str(o, "item", w->item);
	if (w->a) {
		json_add_str(pair, w->a);
		json_add_str(pair, w->b);
	}
	json_set(o, "markers", pair);
	json_set_i64(o, "n", (int64_t)c.n);
	json_set(o, "max", c.max_m > 0 ? cJSON_CreateNumber((double)c.max_m / 1000) : cJSON_CreateNull());
	json_set_double(o, "apart", c.apart);
	add_kappas(&c, o);
	json_set(o, "matrix", matrix_json(&c));
	json_add(list, o);
}

/* ---- All lines ---- */

static int by_all(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int by = strcmp(x->exam, y->exam);
	by = by ? by : strcmp(x->item, y->item);
	by = by ? by : strcmp(x->a, y->a);
	return by ? by : strcmp(x->b, y->b);
}

/* Whether an earlier answer of the same exam (from index `from` on) has made this line. */
static bool said(const struct pairs *ps, size_t from, size_t i, const struct about *w)
{
	for (size_t k = from; k < i; k++)
		if (is_about(&ps->list[k], w))
			return true;
	return false;
}

/* Each exam, each of its questions, each of its pairs, and each question by pair: the first answer that belongs to a line makes it. False:
 * there are more than are told. */
static bool add_lines(const struct pairs *ps, cJSON *list)
{
	for (size_t from = 0, to, lines = 0; from < ps->n; from = to) {
		for (to = from + 1; to < ps->n && strcmp(ps->list[to].exam, ps->list[from].exam) == 0;)
			to++;
		for (int kind = 0; kind < 4; kind++)
			for (size_t i = from; i < to; i++) {
				const struct pair *p = &ps->list[i];
				if (i > from && by_all(p - 1, p) == 0)
					continue; /* all of its lines are there; this keeps many thousand answers fast */
				const struct about w = {p->exam, kind & 1 ? p->item : NULL, kind & 2 ? p->a : NULL, kind & 2 ? p->b : NULL};
				if (said(ps, from, i, &w))
					continue;
				if (lines++ == LINES_MAX)
					return false;
				add_line(ps, &w, list);
			}
	}
	return true;
}

bool marking_agreement_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	(void)pr;
	__attribute__((cleanup(pairs_finish))) struct pairs ps = {0};
	_cleanup_json_ cJSON *o = json_object();
	if (!store_human_mark_blind(rd, take_mark, &ps, err))
		return false;
	if (ps.n)
		qsort(ps.list, ps.n, sizeof *ps.list, by_all);
	cJSON *list = json_array();
	bool all = add_lines(&ps, list);
	json_set(o, "lines", list);
	json_set_bool(o, "more", !all);
	json_print(o, out);
	return buf_check(out, "the agreement", err);
}
