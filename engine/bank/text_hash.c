/* What an approval of a question is about, as one hash. See record.h.
 *
 * An item as it is compiled, without what no candidate sees and without what only the layout of its Markdown decides: white space outside
 * of code is one space. A question with parameters is compiled only with their values: its source is taken as it is. Renaming, moving and
 * `bank fmt` change nothing; a word, an option, a key or an explanation does. */
#include "bank/bank.h"
#include "bank/record.h"
#include "base/mem.h"
#include <assert.h>

#define TEXT_MAX (64u << 20)

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Whether code ends or begins here; our own HTML writes these tags in small letters. */
static int code_change(const char *p)
{
	static const struct {
		const char *tag;
		int change;
	} tags[] = {{"<pre", 1}, {"<code", 1}, {"</pre", -1}, {"</code", -1}};
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (strncmp(p, tags[i].tag, strlen(tags[i].tag)) == 0 && strchr("> ", p[strlen(tags[i].tag)]))
			return tags[i].change;
	return 0;
}

static void squeeze_html(char *html)
{
	int code = 0;
	char *to = html;
	for (const char *p = html; html && *p; p++) {
		code += *p == '<' ? code_change(p) : 0;
		if (code > 0 || !is_space(*p))
			*to++ = *p;
		else if (to > html && !(to[-1] == ' '))
			*to++ = ' ';
	}
	while (to > html && to[-1] == ' ')
		to--;
	if (html)
		*to = 0;
}

/* Markdown and programs: as they are, for white space at the end of a line breaks it, and in code and strings candidates can see all of
 * it. Only around the whole, and how lines end, it is layout. */
static void trim_source(char *text)
{
	char *to = text;
	const char *from = text;
	for (const char *p = text; text && is_space(*p); p++)
		from = *p == '\n' ? p + 1 : from;
	for (const char *p = from; text && *p; p++)
		if (*p != '\r' || p[1] != '\n')
			*to++ = *p;
	while (to > text && is_space(to[-1]))
		to--;
	if (text)
		*to = 0;
}

static void squeeze_options(struct item_option *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		squeeze_html(list[i].html);
		squeeze_html(list[i].feedback_html);
		free(list[i].text); /* follows from the HTML */
		list[i].text = NULL;
	}
}

static void squeeze_texts(struct item_text *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		squeeze_html(list[i].reason_html);
}

static void forget(char **place)
{
	free(*place);
	*place = NULL;
}

/* What nobody sees who sits an exam. */
static void forget_others(struct item *it)
{
	char **texts[] = {&it->id, &it->title, &it->domain, &it->objective, &it->family, &it->case_id, &it->file};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		forget(texts[i]);
	for (size_t i = 0; i < it->n_tags; i++)
		free(it->tags[i]);
	it->n_tags = 0;
	it->status = ITEM_ACTIVE;
	it->difficulty = it->place = 0;
	if (it->task) { /* of the folder, whose fields are above; and of the proof */
		it->task->hash[0] = 0;
		forget(&it->task->check_ids);
	}
}

static void squeeze(struct item *it)
{
	char *texts[] = {it->stem_html, it->image_html, it->rubric_html, it->explanation_html, it->references_html};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		squeeze_html(texts[i]);
	for (size_t i = 0; i < it->n_hints; i++)
		squeeze_html(it->hints_html[i]);
	squeeze_options(it->options, it->n_options);
	squeeze_options(it->targets, it->n_targets);
	squeeze_texts(it->texts, it->n_texts);
	for (size_t i = 0; i < it->n_blanks; i++) {
		squeeze_options(it->blanks[i].options, it->blanks[i].n_options);
		squeeze_texts(it->blanks[i].texts, it->blanks[i].n_texts);
	}
	for (size_t i = 0; it->task && i < it->task->n_checklist; i++)
		squeeze_html(it->task->checklist_html[i]);
	trim_source(it->source);
	trim_source(it->params_lua);
}

void item_text_hash(const struct bank *bank, const struct item *item, char ret[HASH_HEX_SIZE])
{
	_cleanup_buf_ struct buf bytes = BUF(TEXT_MAX);
	struct item *copy;
	struct err err;
	item_encode(item, &bytes);
	bool ok = item_decode(buf_str(&bytes), &copy, &err);
	assert(ok); /* what a bank holds can be stored */
	const struct bank_case *c = copy->case_id ? bank_case(bank, copy->case_id) : NULL;
	_cleanup_free_ char *html = c ? xstrdup(c->html) : NULL;
	forget_others(copy);
	squeeze(copy);
	squeeze_html(html);
	buf_clear(&bytes);
	buf_adds(&bytes, "assay-review-text/v1\n");
	if (html)
		buf_addf(&bytes, "%s\n", html);
	item_encode(copy, &bytes);
	item_destroy(copy);
	hash_sha256_hex(buf_str(&bytes), ret);
}
