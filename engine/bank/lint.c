/* Lint: what is allowed, but more likely a slip or a habit that makes questions worse. Warnings only. See bank.h. */
#include "bank/lint.h"
#include "bank/markdown.h"
#include "base/mem.h"
#include <math.h>

#define TEXT_MAX (1024u << 10)

static void add_options(const struct item_option *options, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_addc(out, ' ');
		buf_adds(out, options[i].text);
	}
}

void lint_text(const struct item *item, bool with_options, struct buf *out)
{
	html_text(item->stem_html, out);
	if (!with_options)
		return;
	add_options(item->options, item->n_options, out);
	add_options(item->targets, item->n_targets, out);
	for (size_t i = 0; i < item->n_blanks; i++)
		add_options(item->blanks[i].options, item->blanks[i].n_options, out);
	for (size_t i = 0; i < item->n_regions; i++)
		buf_addf(out, " %s", item->regions[i].label);
}

static bool is_choice(const struct item *item)
{
	return item->kind == ITEM_SINGLE || item->kind == ITEM_MULTIPLE;
}

static size_t characters(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* ---- options ---- */

/* Option texts without the white space and full stop that nobody sees as a difference. */
static struct str essence(const char *text)
{
	struct str s = str_trim(str_of(text));
	while (s.len && s.p[s.len - 1] == '.')
		s.len--;
	return s;
}

/* The words of an option in small letters, each behind one space, without punctuation at their ends: what a reader takes for the same.
 * A lone word keeps its letters: MB is not Mb. */
static void add_words(struct str s, struct buf *out)
{
	struct str word;
	bool many = memchr(s.p, ' ', s.len) != NULL;
	while (str_next_field(&s, ' ', &word)) {
		size_t len = word.len;
		while (len && strchr(".,;:!?", word.p[len - 1]))
			len--;
		if (word.len)
			buf_addc(out, ' ');
		word.len = len ? len : word.len;
		for (size_t i = 0; i < word.len; i++)
			buf_addc(out, many && word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] + 32) : word.p[i]);
	}
}

static void check_equal(const struct item *item, const struct item_option *options, size_t n, struct diags *d)
{
	_cleanup_buf_ struct buf words = BUF(TEXT_MAX);
	struct str all[BANK_OPTIONS_MAX];
	size_t start[BANK_OPTIONS_MAX + 1] = {0};
	for (size_t i = 0; i < n; i++) {
		add_words(essence(options[i].text), &words);
		start[i + 1] = words.len;
	}
	for (size_t i = 0; i < n; i++)
		all[i] = str_sub(buf_str(&words), start[i], start[i + 1]);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			bool same = strcmp(options[i].html, options[k].html) == 0;
			if (!same && !(str_eq(all[i], all[k]) && !strchr(options[i].html, '<') && !strchr(options[k].html, '<')))
				continue;
			lint_warn(d, item, "duplicate-options", "two options say the same: %.200s", options[i].text);
			diags_help(d, "a candidate cannot tell them apart: change or remove one");
			return;
		}
	}
}

static void check_keys(const struct item *item, struct diags *d)
{
	size_t keys = 0, longest_key = 0, longest_other = 0;
	for (size_t i = 0; i < item->n_options; i++) {
		size_t n = characters(item->options[i].text);
		size_t *longest = item->options[i].key ? &longest_key : &longest_other;
		keys += item->options[i].key;
		if (n > *longest)
			*longest = n;
	}
	if (keys == item->n_options) {
		lint_warn(d, item, "all-keys", "every option is right");
		diags_help(d, "add wrong options, or the question measures nothing");
	} else if (item->kind == ITEM_SINGLE && item->n_options > 2 && longest_key > longest_other + 25 &&
	           longest_key * 2 > longest_other * 3) {
		lint_warn(d, item, "long-key", "the right option is much longer than all others (%zu characters, they at most %zu)", longest_key,
		          longest_other);
		diags_help(d, "people who know nothing pick the longest option: shorten it, or give the others as much detail");
	}
}

static bool refers_to_others(struct str s, bool *ret_all)
{
	static const char *const words[] = {"above", "these", "those", "listed", "the other options", "the options", "following"};
	bool all = s.len > 7 && str_eq_nocase(str_sub(s, 0, 7), STR("all of ")),
	     none = s.len > 8 && str_eq_nocase(str_sub(s, 0, 8), STR("none of "));
	if (!all && !none)
		return false;
	*ret_all = all;
	struct str rest = str_sub(s, all ? 7 : 8, s.len);
	if (rest.len > 4 && str_eq_nocase(str_sub(rest, 0, 4), STR("the ")) && !str_starts(rest, "the o"))
		rest = str_sub(rest, 4, rest.len);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i]);
		if (rest.len >= n && rest.len <= n + 12 && str_eq_nocase(str_sub(rest, 0, n), str_of(words[i])))
			return true;
	}
	return false;
}

static void check_references_to_options(const struct item *item, struct diags *d)
{
	for (size_t i = 0; i < item->n_options; i++) {
		const struct item_option *o = &item->options[i];
		bool all;
		if (!refers_to_others(essence(o->text), &all))
			continue;
		if (all) {
			lint_warn(d, item, "all-of-above", "'%.100s' gives itself away to who knows two right options", o->text);
			diags_help(d, "make it a question with several right options");
		} else if (item->shuffle && !o->pin) {
			lint_warn(d, item, "unpinned", "'%.100s' may be shown above the options that it speaks of", o->text);
			diags_help(d, "write {pin} at its end");
		}
	}
}

/* ---- wording ---- */

static bool word_at(struct str s, size_t at, const char *word)
{
	size_t n = strlen(word);
	bool starts = at == 0 || s.p[at - 1] == ' ' || s.p[at - 1] == '\n';
	return starts && at + n <= s.len && str_eq_nocase(str_sub(s, at, at + n), (struct str){word, n}) &&
	       (at + n == s.len || strchr(" \n,;:?.", s.p[at + n]));
}

/* A question word at the beginning, and a negation in small letters in the same clause. */
static bool is_plain_negative(struct str sentence)
{
	static const char *const askers[] = {"which", "what", "who", "where", "when"};
	static const char *const negations[] = {"not", "never", "except", "cannot", "least"};
	static const char *const clauses[] = {"that",    "who", "whose",    "and",   "but",     "so",
	                                      "because", "if",  "although", "while", "whether", "without"};
	size_t from = sentence.len;
	sentence = str_trim(sentence);
	for (size_t i = 0; i < ARRAY_SIZE(askers); i++)
		if (word_at(sentence, 0, askers[i]))
			from = strlen(askers[i]);
	for (size_t i = from; i < sentence.len; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(clauses); k++)
			if (word_at(sentence, i, clauses[k]))
				return false;
		for (size_t k = 0; k < ARRAY_SIZE(negations); k++) {
			bool small = sentence.p[i] == negations[k][0];
			if (small && word_at(sentence, i, negations[k]) && !(k == 4 && str_starts(str_sub(sentence, i > 3 ? i - 3 : 0, i), "at ")))
				return true;
		}
	}
	return false;
}

/* The stem without what is emphasised or code. */
static void unemphasised(const char *html, struct buf *out)
{
	static const char *const tags[][2] = {{"<strong>", "</strong>"}, {"<em>", "</em>"}, {"<code", "</code>"}, {"<table>", "</table>"}};
	_cleanup_buf_ struct buf rest = BUF(TEXT_MAX);
	for (const char *p = html; *p;) {
		const char *end = NULL;
		for (size_t i = 0; i < ARRAY_SIZE(tags) && *p == '<' && !end; i++)
			if (strncmp(p, tags[i][0], strlen(tags[i][0])) == 0 && (end = strstr(p, tags[i][1])))
				end += strlen(tags[i][1]);
		if (end) {
			buf_addc(&rest, '_');
			p = end;
			continue;
		}
		size_t run = strcspn(p + 1, "<") + 1;
		buf_add(&rest, p, run);
		p += run;
	}
	if (rest.p)
		html_text(rest.p, out);
}

static void check_negative(const struct item *item, struct diags *d)
{
	_cleanup_buf_ struct buf text = BUF(TEXT_MAX);
	if (!strchr(item->stem_html, '?'))
		return;
	unemphasised(item->stem_html, &text);
	struct str rest = buf_str(&text);
	for (size_t i = 0, start = 0; i < rest.len; i++) {
		char c = rest.p[i];
		bool end = c == '?' || c == '!' || ((c == '.' || c == ':') && (i + 1 == rest.len || rest.p[i + 1] == ' ' || rest.p[i + 1] == '\n'));
		if (!end)
			continue;
		if (c == '?' && is_plain_negative(str_sub(rest, start, i))) {
			lint_warn(d, item, "plain-negative", "the question is negative, and nothing makes that stand out");
			diags_help(d, "write **not**, or ask for what is true");
			return;
		}
		start = i + 1;
	}
}

/* ---- the rest ---- */

static void check_number(const struct item *item, struct diags *d)
{
	for (size_t i = 0; i < item->n_numbers && !item->source; i++) {
		const struct item_number *n = &item->numbers[i];
		double middle = (n->lo + n->hi) / 2, width = n->hi - n->lo;
		bool exact = width <= 3e-9 * fabs(middle);
		if (!exact || n->unit || fabs(middle - round(middle)) < 1e-6 * fmax(1, fabs(middle)))
			continue;
		lint_warn(d, item, "no-tolerance", "only exactly %g is accepted", middle);
		diags_help(d, "add a tolerance: = %g +- …, or +- 1%%", middle);
		return;
	}
}

static void check_item(const struct item *item, bool english, struct diags *d)
{
	if (item->kind != ITEM_TRUE_FALSE)
		check_equal(item, item->options, item->n_options, d);
	for (size_t i = 0; i < item->n_blanks; i++)
		check_equal(item, item->blanks[i].options, item->blanks[i].n_options, d);
	if (is_choice(item)) {
		check_keys(item, d);
		if (english)
			check_references_to_options(item, d);
	}
	if (english)
		check_negative(item, d);
	check_number(item, d);
	if (!item->explanation_html && item->kind != ITEM_ESSAY) {
		lint_warn(d, item, "no-explanation", "there is no explanation");
		diags_help(d, "say under '### Explanation' why the answer is right and why the tempting one is wrong");
	}
	if (!item->references_html && item->kind != ITEM_ESSAY && item->kind != ITEM_TASK) {
		lint_warn(d, item, "no-reference", "there is no reference");
		diags_help(d, "name under '### References' where a reader can check the answer");
	}
}

void bank_lint(const struct bank *bank, struct diags *diags)
{
	bool english = strncmp(bank->language, "en", 2) == 0;
	for (size_t i = 0; i < bank->n_items; i++)
		if (bank->items[i].status != ITEM_RETIRED)
			check_item(&bank->items[i], english, diags);
	lint_habits(bank, diags);
	lint_similar(bank, diags);
	lint_unused(bank, diags);
}
