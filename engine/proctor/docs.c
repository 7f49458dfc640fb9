/* The documents of a bank beside an exam that allows them: list, one, search. See proctor.h.
 *
 * Search is plain: every word of the query must occur in the title or the text, as a part of a word too, whatever its case (ASCII). Hits in
 * titles come first, then by how often the words occur. */
#include "proctor/internal.h"
#include <ctype.h>
#include <stdio.h>

#define QUERY_MAX 200
#define WORDS_MAX 8
#define HITS_MAX 20
#define SNIPPET 160

bool docs_open(const struct view *v)
{
	enum docs_rule rule = v->fe->bp->docs;
	return (rule == DOCS_BUNDLED || rule == DOCS_OPEN) && (v->row.study || v->row.progress.state != ATTEMPT_ENDED);
}

static bool open_docs(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct view *ret,
                      struct err *err)
{
	if (!view_load(pr, rd, who, attempt, ret, err))
		return false;
	if (docs_open(ret))
		return true;
	return err_set(err, ERR_FORBIDDEN, "the bank's documents are not open %s",
	               ret->row.progress.state == ATTEMPT_ENDED ? "after the exam" : "in this exam");
}

static void add_entry(struct buf *out, const struct bank_doc *d)
{
	buf_adds(out, "{\"id\":");
	buf_add_json(out, str_of(d->id));
	buf_adds(out, ",\"title\":");
	buf_add_json(out, str_of(d->title));
}

bool attempt_docs_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *doc,
                       struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_view_ struct view v = {0};
	if (!open_docs(pr, rd, who, attempt, &v, err))
		return false;
	const struct bank *bank = v.fe->version->bank;
	if (doc) {
		for (size_t i = 0; i < bank->n_docs; i++) {
			if (strcmp(bank->docs[i].id, doc) != 0)
				continue;
			add_entry(out, &bank->docs[i]);
			buf_adds(out, ",\"html\":");
			buf_add_json(out, str_of(bank->docs[i].html));
			buf_addc(out, '}');
			return buf_check(out, "the document", err);
		}
		return err_set(err, ERR_NOT_FOUND, "there is no document '%.100s'", doc);
	}
	buf_adds(out, "{\"docs\":[");
	for (size_t i = 0; i < bank->n_docs; i++) {
		buf_adds(out, i ? "," : "");
		add_entry(out, &bank->docs[i]);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
	return buf_check(out, "the documents", err);
}

/* ---- Search ---- */

struct words {
	char text[QUERY_MAX + 1];
	const char *list[WORDS_MAX];
	size_t n;
};

static void split(const char *query, struct words *ret)
{
	snprintf(ret->text, sizeof ret->text, "%s", query);
	bool inside = false;
	for (char *p = ret->text; *p; p++) {
		if (isspace((unsigned char)*p)) {
			*p = 0;
			inside = false;
		} else if (!inside && ret->n < WORDS_MAX) {
			ret->list[ret->n++] = p;
			inside = true;
		} else {
			inside = true;
		}
	}
}

struct hit {
	const struct bank_doc *doc;
	const char *at; /* of the first word in the text, or its beginning */
	int score;
};

static bool match(const struct bank_doc *d, const struct words *w, struct hit *ret)
{
	*ret = (struct hit){.doc = d, .at = NULL};
	for (size_t i = 0; i < w->n; i++) {
		bool in_title = strcasestr(d->title, w->list[i]) != NULL;
		const char *first = strcasestr(d->text, w->list[i]);
		if (!in_title && !first)
			return false;
		ret->score += in_title ? 100 : 0;
		if (first && (!ret->at || i == 0))
			ret->at = first;
		for (const char *p = first; p && ret->score < 1000000; p = strcasestr(p + 1, w->list[i]))
			ret->score++;
	}
	if (!ret->at)
		ret->at = d->text;
	return true;
}

static int by_score(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score ? 1 : -1) : strcmp(x->doc->id, y->doc->id);
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Some text around the hit, cut between characters and, where it can, between words. */
static struct str snippet(const struct hit *h)
{
	const char *from = h->at, *to = h->at;
	size_t before = (size_t)(h->at - h->doc->text);
	from -= before < SNIPPET / 3 ? before : SNIPPET / 3;
	while (from > h->doc->text && from < h->at && from[-1] != ' ' && from[-1] != '\n')
		from++;
	while (from > h->doc->text && continues(*from))
		from--;
	to += strnlen(to, SNIPPET);
	while (*to && continues(*to))
		to--;
	return (struct str){from, (size_t)(to - from)};
}

bool attempt_docs_search_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *query,
                              struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_view_ struct view v = {0};
	struct words words = {.n = 0};
	if (!open_docs(pr, rd, who, attempt, &v, err))
		return false;
	if (strlen(query) > QUERY_MAX)
		return err_set(err, ERR_USAGE, "q is longer than %d bytes", QUERY_MAX);
	split(query, &words);
	const struct bank *bank = v.fe->version->bank;
	struct hit *hits = xcalloc(bank->n_docs + 1, sizeof *hits);
	size_t n = 0;
	for (size_t i = 0; words.n && i < bank->n_docs; i++)
		n += match(&bank->docs[i], &words, &hits[n]);
	qsort(hits, n, sizeof *hits, by_score);
	buf_adds(out, "{\"hits\":[");
	for (size_t i = 0; i < n && i < HITS_MAX; i++) {
		buf_adds(out, i ? "," : "");
		add_entry(out, hits[i].doc);
		buf_adds(out, ",\"snippet\":");
		buf_add_json(out, snippet(&hits[i]));
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
	free(hits);
	return buf_check(out, "the hits", err);
}
