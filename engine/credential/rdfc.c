/* RDFC-1.0. See rdfc.h; section numbers are those of https://www.w3.org/TR/rdf-canon/.
 *
 * A quad that stands twice counts once. Blank nodes are numbers; an issuer is the list of those that it has named, in order. Strings are
 * compared byte by byte, which in UTF-8 is code point order. */
#include "credential/rdfc.h"
#include "base/hash.h"
#include "base/mem.h"

#define NONE UINT32_MAX
#define PATH_MAX_SIZE RDF_TEXT_MAX
#define WORK_BYTES 64 /* a step for so many bytes copied, compared or hashed */

/* Section 4.3: names b0, b1, … for blank nodes, in the order of asking. */
struct issuer {
	uint32_t *blanks;
	size_t n, cap;
};

struct canonizer {
	const struct rdf *rdf;
	const struct rdf_quad **quads; /* each once */
	size_t n_quads;
	uint32_t *mentions;            /* indices of quads, blank node by blank node */
	size_t *mentions_begin;        /* of each blank node; one more at the end */
	char (*hashes)[HASH_HEX_SIZE]; /* of the first degree */
	uint32_t *canonical;           /* the number in c14nN, or NONE */
	uint32_t n_canonical;
	size_t work;
	int depth;
};

static bool spend(struct canonizer *c, size_t work, struct err *err)
{
	c->work += work;
	if (c->work > RDFC_WORK_MAX)
		return err_set(err, ERR_TOO_LARGE, "its blank nodes look so much alike that naming them takes more than %d steps", RDFC_WORK_MAX);
	return true;
}

/* ---- Issuers ---- */

static uint32_t issuer_find(const struct issuer *i, uint32_t blank)
{
	for (size_t k = 0; k < i->n; k++)
		if (i->blanks[k] == blank)
			return (uint32_t)k;
	return NONE;
}

static uint32_t issuer_name(struct issuer *i, uint32_t blank)
{
	uint32_t at = issuer_find(i, blank);
	if (at != NONE)
		return at;
	i->blanks = xgrow(i->blanks, i->n, &i->cap, sizeof *i->blanks);
	i->blanks[i->n] = blank;
	return (uint32_t)i->n++;
}

static struct issuer issuer_copy(const struct issuer *i)
{
	struct issuer copy = {.blanks = xcalloc(i->n + 4, sizeof *i->blanks), .n = i->n, .cap = i->n + 4};
	if (i->n)
		memcpy(copy.blanks, i->blanks, i->n * sizeof *i->blanks);
	return copy;
}

static void issuer_finish(struct issuer *i)
{
	free(i->blanks);
	*i = (struct issuer){0};
}

static void issuer_move(struct issuer *to, struct issuer *from)
{
	issuer_finish(to);
	*to = *from;
	*from = (struct issuer){0};
}

static void name_canonically(struct canonizer *c, uint32_t blank)
{
	if (c->canonical[blank] == NONE)
		c->canonical[blank] = c->n_canonical++;
}

/* ---- Quads, each once, and who is mentioned where ---- */

static int compare_str(struct str a, struct str b)
{
	int order = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_terms(const struct rdf *r, struct rdf_term a, struct rdf_term b)
{
	if (a.is_blank != b.is_blank)
		return a.is_blank ? 1 : -1;
	if (a.is_blank)
		return (a.blank > b.blank) - (a.blank < b.blank);
	return compare_str(rdf_text(r, a), rdf_text(r, b));
}

static int compare_quads(const void *a, const void *b, void *arg)
{
	const struct rdf_quad *x = *(const struct rdf_quad *const *)a, *y = *(const struct rdf_quad *const *)b;
	int order = compare_terms(arg, x->subject, y->subject);
	order = order ? order : compare_terms(arg, x->predicate, y->predicate);
	order = order ? order : compare_terms(arg, x->object, y->object);
	return order ? order : compare_terms(arg, x->graph, y->graph);
}

static void collect_quads(struct canonizer *c)
{
	const struct rdf *r = c->rdf;
	c->quads = xcalloc(r->n, sizeof *c->quads);
	for (size_t i = 0; i < r->n; i++)
		c->quads[i] = &r->quads[i];
	qsort_r(c->quads, r->n, sizeof *c->quads, compare_quads, (void *)(uintptr_t)r);
	for (size_t i = 0; i < r->n; i++)
		if (!i || compare_quads(&c->quads[i], &c->quads[c->n_quads - 1], (void *)(uintptr_t)r) != 0)
			c->quads[c->n_quads++] = c->quads[i];
}

/* The blank nodes of a quad, each once; returns how many. */
static size_t blanks_of(const struct rdf_quad *q, uint32_t ret[3])
{
	const struct rdf_term parts[] = {q->subject, q->object, q->graph};
	size_t n = 0;
	for (size_t i = 0; i < 3; i++) {
		bool known = !parts[i].is_blank;
		for (size_t k = 0; k < n; k++)
			known = known || ret[k] == parts[i].blank;
		if (!known)
			ret[n++] = parts[i].blank;
	}
	return n;
}

static void collect_mentions(struct canonizer *c)
{
	uint32_t blanks[3];
	size_t n_blanks = c->rdf->n_blanks;
	c->mentions_begin = xcalloc(n_blanks + 2, sizeof *c->mentions_begin);
	for (size_t i = 0; i < c->n_quads; i++)
		for (size_t k = blanks_of(c->quads[i], blanks); k-- > 0;)
			c->mentions_begin[blanks[k] + 2]++;
	for (size_t b = 2; b < n_blanks + 2; b++)
		c->mentions_begin[b] += c->mentions_begin[b - 1];
	c->mentions = xcalloc(c->mentions_begin[n_blanks + 1], sizeof *c->mentions);
	for (size_t i = 0; i < c->n_quads; i++) /* begin[b + 1] runs from b's begin to its end */
		for (size_t k = blanks_of(c->quads[i], blanks); k-- > 0;)
			c->mentions[c->mentions_begin[blanks[k] + 1]++] = (uint32_t)i;
}

/* ---- Lines ---- */

typedef void label_fn(void *arg, uint32_t blank, struct buf *out);

static void add_term(const struct rdf *r, struct rdf_term t, label_fn *label, void *arg, struct buf *out)
{
	if (t.is_blank)
		label(arg, t.blank, out);
	else
		buf_addv(out, rdf_text(r, t));
}

static void add_quad(const struct rdf *r, const struct rdf_quad *q, label_fn *label, void *arg, struct buf *out)
{
	add_term(r, q->subject, label, arg, out);
	buf_addc(out, ' ');
	add_term(r, q->predicate, label, arg, out);
	buf_addc(out, ' ');
	add_term(r, q->object, label, arg, out);
	if (q->graph.is_blank || q->graph.len) {
		buf_addc(out, ' ');
		add_term(r, q->graph, label, arg, out);
	}
	buf_adds(out, " .\n");
}

static int compare_lines(const void *a, const void *b)
{
	return compare_str(*(const struct str *)a, *(const struct str *)b);
}

/* Whether code points and UTF-16 units order two strings differently: where they part, one has a character above U+FFFF and the other one
 * from U+E000 to U+FFFF. */
static bool disputed(struct str a, struct str b)
{
	size_t i = 0;
	while (i < a.len && i < b.len && a.p[i] == b.p[i])
		i++;
	unsigned char x = i < a.len ? (unsigned char)a.p[i] : 0, y = i < b.len ? (unsigned char)b.p[i] : 0;
	return (x >= 0xF0 && (y == 0xEE || y == 0xEF)) || (y >= 0xF0 && (x == 0xEE || x == 0xEF));
}

/* Sorts the lines of `text`, of which line i ends before ends[i], and appends them to `out`. If the two orders differ anywhere, they differ
 * for neighbours. */
static bool add_sorted(const struct buf *text, const size_t *ends, size_t n, struct buf *out, struct err *err)
{
	struct str *lines = xcalloc(n, sizeof *lines);
	bool ok = true;
	for (size_t i = 0, from = 0; i < n; from = ends[i++])
		lines[i] = str_sub(buf_str(text), from, ends[i]);
	qsort(lines, n, sizeof *lines, compare_lines);
	for (size_t i = 0; i < n; i++) {
		buf_addv(out, lines[i]);
		if (i && disputed(lines[i - 1], lines[i]))
			ok = err_set(err, ERR_INVALID,
			             "two statements differ first in a character above U+FFFF and one from U+E000 on: software does "
			             "not agree which comes first");
	}
	free(lines);
	return ok;
}

/* ---- Section 4.6: hash first degree quads ---- */

static void label_a_or_z(void *arg, uint32_t blank, struct buf *out)
{
	buf_adds(out, blank == *(const uint32_t *)arg ? "_:a" : "_:z");
}

static bool first_degree(struct canonizer *c, uint32_t blank, struct err *err)
{
	size_t begin = c->mentions_begin[blank], n = c->mentions_begin[blank + 1] - begin;
	_cleanup_buf_ struct buf text = BUF(2 * (size_t)RDF_TEXT_MAX), sorted = BUF(2 * (size_t)RDF_TEXT_MAX);
	size_t *ends = xcalloc(n, sizeof *ends);
	for (size_t i = 0; i < n; i++) {
		add_quad(c->rdf, c->quads[c->mentions[begin + i]], label_a_or_z, &blank, &text);
		ends[i] = text.len;
	}
	bool ok = buf_check(&text, "the statements about one blank node", err) && add_sorted(&text, ends, n, &sorted, err);
	free(ends);
	hash_sha256_hex(buf_str(&sorted), c->hashes[blank]);
	return ok;
}

/* ---- Sections 4.7 and 4.8: related blank nodes, and hash n-degree quads ---- */

struct related {
	char hash[HASH_HEX_SIZE];
	uint32_t blank;
};

static void add_name(const struct canonizer *c, const struct issuer *issuer, uint32_t blank, struct buf *out)
{
	uint32_t at = c->canonical[blank] == NONE ? issuer_find(issuer, blank) : c->canonical[blank];
	if (at == NONE)
		buf_adds(out, c->hashes[blank]);
	else
		buf_addf(out, c->canonical[blank] == NONE ? "_:b%u" : "_:c14n%u", at);
}

/* Returns how many bytes were hashed. */
static size_t hash_related(const struct canonizer *c, const struct rdf_quad *q, uint32_t blank, char position, const struct issuer *issuer,
                           struct related *ret)
{
	_cleanup_buf_ struct buf input = BUF(2 * (size_t)RDF_TEXT_MAX);
	buf_addc(&input, position);
	if (position != 'g')
		buf_addv(&input, rdf_text(c->rdf, q->predicate));
	add_name(c, issuer, blank, &input);
	hash_sha256_hex(buf_str(&input), ret->hash);
	ret->blank = blank;
	return input.len;
}

static int compare_related(const void *a, const void *b)
{
	const struct related *x = a, *y = b;
	int order = strcmp(x->hash, y->hash);
	return order ? order : (x->blank > y->blank) - (x->blank < y->blank);
}

static struct related *collect_related(struct canonizer *c, uint32_t blank, const struct issuer *issuer, size_t *ret_n, size_t *ret_work)
{
	struct related *list = NULL;
	size_t n = 0, cap = 0, bytes = 0;
	for (size_t i = c->mentions_begin[blank]; i < c->mentions_begin[blank + 1]; i++) {
		const struct rdf_quad *q = c->quads[c->mentions[i]];
		const struct rdf_term parts[] = {q->subject, q->object, q->graph};
		for (size_t k = 0; k < 3; k++) {
			if (!parts[k].is_blank || parts[k].blank == blank)
				continue;
			list = xgrow(list, n, &cap, sizeof *list);
			bytes += hash_related(c, q, parts[k].blank, "sog"[k], issuer, &list[n++]);
		}
	}
	if (n)
		qsort(list, n, sizeof *list, compare_related);
	*ret_n = n;
	*ret_work = 1 + n + bytes / WORK_BYTES;
	return list;
}

/* The next order of the list, which began sorted; false after the last one. Equal members are not told apart. */
static bool next_order(uint32_t *list, size_t n)
{
	size_t i = n ? n - 1 : 0, k = n;
	while (i > 0 && list[i - 1] >= list[i])
		i--;
	if (i == 0)
		return false;
	do
		k--;
	while (list[k] <= list[i - 1]);
	uint32_t swapped = list[i - 1];
	list[i - 1] = list[k];
	list[k] = swapped;
	for (size_t a = i, b = n - 1; a < b; a++, b--) {
		swapped = list[a];
		list[a] = list[b];
		list[b] = swapped;
	}
	return true;
}

/* The best path so far through the related blank nodes of one hash. */
struct choice {
	struct buf path;
	struct issuer issuer;
	bool made;
};

static bool worse(const struct choice *chosen, const struct buf *path)
{
	return chosen->made && compare_str(buf_str(path), buf_str(&chosen->path)) > 0;
}

static bool n_degree(struct canonizer *c, uint32_t blank, const struct issuer *in, char ret_hash[HASH_HEX_SIZE], struct issuer *ret,
                     struct err *err);

/* Steps 5.4.4 and 5.4.5 for one order: appends to `path`; *ret_worse when it cannot be the best any more. */
static bool walk(struct canonizer *c, const uint32_t *order, size_t n, const struct choice *chosen, struct issuer *issuer, struct buf *path,
                 bool *ret_worse, struct err *err)
{
	_cleanup_free_ char *fresh = xcalloc(n, 1);
	*ret_worse = false;
	for (size_t i = 0; i < n && !*ret_worse; i++) {
		if (!spend(c, 1 + (issuer->n * sizeof *issuer->blanks + path->len) / WORK_BYTES, err))
			return false;
		if (c->canonical[order[i]] != NONE) {
			buf_addf(path, "_:c14n%u", c->canonical[order[i]]);
		} else {
			fresh[i] = issuer_find(issuer, order[i]) == NONE;
			buf_addf(path, "_:b%u", issuer_name(issuer, order[i]));
		}
		*ret_worse = worse(chosen, path);
	}
	for (size_t i = 0; i < n && !*ret_worse; i++) {
		char hash[HASH_HEX_SIZE];
		struct issuer result = {0};
		if (!fresh[i])
			continue;
		if (!n_degree(c, order[i], issuer, hash, &result, err))
			return false;
		buf_addf(path, "_:b%u<%s>", issuer_name(issuer, order[i]), hash);
		issuer_move(issuer, &result);
		*ret_worse = worse(chosen, path);
	}
	return buf_check(path, "a path through blank nodes", err);
}

/* Step 5.4: every order of those that share a hash. */
static bool choose(struct canonizer *c, uint32_t *order, size_t n, const struct issuer *issuer, struct choice *chosen, struct err *err)
{
	bool ok;
	do {
		_cleanup_buf_ struct buf path = BUF(PATH_MAX_SIZE);
		_cleanup_(issuer_finish) struct issuer copy = issuer_copy(issuer);
		bool skip = false;
		ok = spend(c, 1 + issuer->n * sizeof *issuer->blanks / WORK_BYTES, err) && walk(c, order, n, chosen, &copy, &path, &skip, err);
		if (!ok || skip || (chosen->made && compare_str(buf_str(&path), buf_str(&chosen->path)) >= 0))
			continue;
		buf_finish(&chosen->path);
		chosen->path.p = buf_take(&path, &chosen->path.len);
		issuer_move(&chosen->issuer, &copy);
		chosen->made = true;
	} while (ok && next_order(order, n));
	return ok;
}

/* One group of related blank nodes with the same hash: extends what is hashed, and the issuer. */
static bool add_group(struct canonizer *c, const struct related *group, size_t n, struct issuer *issuer, struct buf *input, struct err *err)
{
	struct choice chosen = {.path = BUF(PATH_MAX_SIZE)};
	uint32_t *order = xcalloc(n, sizeof *order);
	for (size_t i = 0; i < n; i++)
		order[i] = group[i].blank;
	bool ok = choose(c, order, n, issuer, &chosen, err);
	if (ok) {
		buf_adds(input, group[0].hash);
		buf_addv(input, buf_str(&chosen.path));
		issuer_move(issuer, &chosen.issuer);
	}
	issuer_finish(&chosen.issuer);
	buf_finish(&chosen.path);
	free(order);
	return ok;
}

/* ret: the names given on the way, an issuer of the caller's. */
static bool n_degree(struct canonizer *c, uint32_t blank, const struct issuer *in, char ret_hash[HASH_HEX_SIZE], struct issuer *ret,
                     struct err *err)
{
	if (c->depth >= RDFC_DEPTH_MAX)
		return err_set(err, ERR_TOO_LARGE, "a path through blank nodes that look alike is longer than %d", RDFC_DEPTH_MAX);
	size_t n, to, work;
	struct related *related = collect_related(c, blank, in, &n, &work);
	_cleanup_buf_ struct buf input = BUF(2 * (size_t)PATH_MAX_SIZE);
	struct issuer issuer = issuer_copy(in);
	bool ok = spend(c, work, err);
	c->depth++;
	for (size_t from = 0; ok && from < n; from = to) {
		for (to = from + 1; to < n && strcmp(related[to].hash, related[from].hash) == 0;)
			to++;
		ok = add_group(c, related + from, to - from, &issuer, &input, err);
	}
	c->depth--;
	free(related);
	if (ok) {
		hash_sha256_hex(buf_str(&input), ret_hash);
		issuer_move(ret, &issuer);
	}
	issuer_finish(&issuer);
	return ok && buf_check(&input, "the paths through blank nodes", err);
}

/* ---- Section 4.4: the whole ---- */

/* Blank nodes that share a hash of the first degree, and what hash n-degree quads said of each. */
struct outcome {
	char hash[HASH_HEX_SIZE];
	struct issuer issuer;
};

static int compare_outcomes(const void *a, const void *b)
{
	return strcmp(((const struct outcome *)a)->hash, ((const struct outcome *)b)->hash);
}

static bool name_group(struct canonizer *c, const uint32_t *group, size_t n, struct err *err)
{
	struct outcome *outcomes = xcalloc(n, sizeof *outcomes);
	size_t n_outcomes = 0;
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		_cleanup_(issuer_finish) struct issuer issuer = {0};
		if (c->canonical[group[i]] != NONE)
			continue;
		issuer_name(&issuer, group[i]);
		ok = n_degree(c, group[i], &issuer, outcomes[n_outcomes].hash, &outcomes[n_outcomes].issuer, err);
		n_outcomes += ok;
	}
	qsort(outcomes, n_outcomes, sizeof *outcomes, compare_outcomes);
	for (size_t i = 0; i < n_outcomes; i++) {
		for (size_t k = 0; ok && k < outcomes[i].issuer.n; k++)
			name_canonically(c, outcomes[i].issuer.blanks[k]);
		issuer_finish(&outcomes[i].issuer);
	}
	free(outcomes);
	return ok;
}

static int compare_blanks(const void *a, const void *b, void *arg)
{
	const struct canonizer *c = arg;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = strcmp(c->hashes[x], c->hashes[y]);
	return order ? order : (x > y) - (x < y);
}

static size_t group_end(const struct canonizer *c, const uint32_t *blanks, size_t from, size_t n)
{
	size_t to = from + 1;
	while (to < n && strcmp(c->hashes[blanks[to]], c->hashes[blanks[from]]) == 0)
		to++;
	return to;
}

/* First those with a hash of their own, then the others, both in the order of the hashes. */
static bool name_all(struct canonizer *c, uint32_t *blanks, struct err *err)
{
	size_t n = 0;
	for (uint32_t b = 0; b < c->rdf->n_blanks; b++) {
		if (c->mentions_begin[b] == c->mentions_begin[b + 1])
			continue; /* nothing is said about it */
		blanks[n++] = b;
		if (!first_degree(c, b, err))
			return false;
	}
	qsort_r(blanks, n, sizeof *blanks, compare_blanks, c);
	for (size_t from = 0, to; from < n; from = to) {
		to = group_end(c, blanks, from, n);
		if (to == from + 1)
			name_canonically(c, blanks[from]);
	}
	for (size_t from = 0, to; from < n; from = to) {
		to = group_end(c, blanks, from, n);
		if (to > from + 1 && !name_group(c, blanks + from, to - from, err))
			return false;
	}
	return true;
}

static void label_canonical(void *arg, uint32_t blank, struct buf *out)
{
	const struct canonizer *c = arg;
	buf_addf(out, "_:c14n%u", c->canonical[blank]);
}

static bool canonize(struct canonizer *c, struct buf *out, struct err *err)
{
	size_t n = c->rdf->n_blanks;
	c->hashes = xcalloc(n, sizeof *c->hashes);
	c->canonical = xcalloc(n, sizeof *c->canonical);
	memset(c->canonical, 0xFF, n * sizeof *c->canonical);
	uint32_t *blanks = xcalloc(n, sizeof *blanks);
	collect_quads(c);
	collect_mentions(c);
	bool ok = name_all(c, blanks, err);
	free(blanks);
	if (!ok)
		return false;
	_cleanup_buf_ struct buf text = BUF(4 * (size_t)RDF_TEXT_MAX);
	size_t *ends = xcalloc(c->n_quads, sizeof *ends);
	for (size_t i = 0; i < c->n_quads; i++) {
		add_quad(c->rdf, c->quads[i], label_canonical, c, &text);
		ends[i] = text.len;
	}
	ok = buf_check(&text, "the canonical form", err) && add_sorted(&text, ends, c->n_quads, out, err);
	free(ends);
	return ok && buf_check(out, "the canonical form", err);
}

bool rdfc_canonical(const struct rdf *r, struct buf *out, struct err *err)
{
	if (!rdf_check(r, err))
		return false;
	struct canonizer c = {.rdf = r};
	bool ok = canonize(&c, out, err);
	free(c.quads);
	free(c.mentions);
	free(c.mentions_begin);
	free(c.hashes);
	free(c.canonical);
	return ok;
}
