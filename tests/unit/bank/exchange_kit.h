/* Banks of random questions of all kinds, for what writes and reads them. The same seed makes the same bank. */
#pragma once
#include "bank/exchange/intake.h"
#include "kit.h"

struct dice {
	uint64_t state;
};
static inline unsigned roll(struct dice *d, unsigned n)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(d->state >> 33) % n;
}

/* Texts that other formats give a meaning, as plain text. */
static inline const char *odd_text(struct dice *d)
{
	static const char *const texts[] = {
	    "plain words",
	    "a = b ~ c # d {e} : f",
	    "1. not a list",
	    "- [x] no box",
	    "* star *",
	    "under_score _x_",
	    "<b>not bold</b> & &amp; done",
	    "back\\slash \\n",
	    "`ticks` ``two``",
	    "[link](nowhere)",
	    "# heading",
	    "> quote",
	    "| a | b |",
	    "naïve – “quotes” 日本",
	    "50% of 20%",
	    "x -> y => z",
	    "{{blank}} @{name}",
	    "100 $ $x$",
	    "---",
	    "a; b, \"c\", 'd'",
	    "== x ==",
	    "~~gone~~ ~/home",
	    "tail\\",
	    "![alt](x.png)",
	    "https://a.example/?x=1&y=2",
	    "line<br>break",
	    "A) option",
	    "ANSWER: B",
	};
	return texts[roll(d, ARRAY_SIZE(texts))];
}

static inline char *inline_text(struct dice *d, int salt)
{
	static const char *const rich[] = {"**bold** text",
	                                   "*em* and `code`",
	                                   "`a|b` then **x `y` z**",
	                                   "see [the page](https://example.org/a?b=c&d=e)",
	                                   "~~old~~ new",
	                                   "``a`b`` end",
	                                   "_**both**_",
	                                   "<https://example.org/x>",
	                                   "**a _b_ c**",
	                                   "![A box](../media/box.svg) shown"};
	_cleanup_free_ char *text = escape_text(str_of(odd_text(d)));
	return roll(d, 3) ? xasprintf("%s %d", text, salt) : xasprintf("%s %d", rich[roll(d, ARRAY_SIZE(rich))], salt);
}

/* A line that can hold no '|' and no ' => '. */
static inline char *cell_text(struct dice *d, int salt)
{
	static const char *const texts[] = {"plain", "**bold**", "`code`",    "a *b* c",   "50 \\% off",
	                                    "== x",  "%50% y",   "x \\<b> y", "naïve 日本"};
	return xasprintf("%s %d", texts[roll(d, ARRAY_SIZE(texts))], salt);
}

static inline char *block_text(struct dice *d, int salt)
{
	static const char *const blocks[] = {"```sh\n$ ls -l | grep x\n\n  indented\n```",
	                                     "- one\n- two\n  - three\n- four",
	                                     "1. one\n2. two",
	                                     "> quoted\n> text",
	                                     "| a | b |\n|---|:---:|\n| `x\\|y` | 2 |\n| | z |",
	                                     "First line\\\nsecond line",
	                                     "one\n\ntwo\n\nthree",
	                                     "- loose\n\n- list",
	                                     "#### Small heading",
	                                     "```\nplain ``` inside? no\n```",
	                                     "***",
	                                     "3. three\n4. four",
	                                     "````md\n```\nx\n```\n````",
	                                     "a soft\nline end",
	                                     "- `code`\n\n  ```js\n  let x = \"<b>\";\n  ```\n- b"};
	_cleanup_free_ char *first = inline_text(d, salt);
	return roll(d, 2) ? xasprintf("%s", first) : xasprintf("%s\n\n%s\n\nEnd of %d?", first, blocks[roll(d, ARRAY_SIZE(blocks))], salt);
}

static inline void fill_options(struct dice *d, struct plain *q, bool several)
{
	unsigned n = 2 + roll(d, 5), key = roll(d, n);
	for (unsigned i = 0; i < n; i++) {
		struct plain_option *o = plain_add_option(&q->options, inline_text(d, (int)i));
		if (!roll(d, 6)) {
			char *more = xasprintf("%s\n\n```py\nx = %u\n```", o->text, i);
			free(o->text);
			o->text = more;
		}
		if (!roll(d, 12)) { /* nothing but a block */
			free(o->text);
			o->text = xasprintf("```c\nint x%u;\n```", i);
		}
		if (!roll(d, 2))
			o->feedback = roll(d, 3) ? inline_text(d, (int)i) : block_text(d, (int)i);
		o->key = several ? i == key || roll(d, 2) : i == key;
		o->pin = !roll(d, 8);
	}
}

static inline void fill_pairs(struct dice *d, struct plain *q)
{
	unsigned n = 2 + roll(d, 3);
	for (unsigned i = 0; i < n; i++) {
		plain_add_option(&q->options, cell_text(d, (int)i))->match = (int)i;
		plain_add_option(&q->targets, cell_text(d, 100 + (int)i));
	}
	if (q->kind == ITEM_MATCHING && roll(d, 2))
		plain_add_option(&q->targets, cell_text(d, 200));
}

static inline void fill_texts(struct dice *d, struct plain *q)
{
	static const char *const answers[] = {"ls -la", "a*b", "/etc/passwd", "x = y", "~user", "/i/", "naïve", "C#", "a|b", "50%"};
	q->ignore_case = roll(d, 2);
	for (unsigned i = 0, n = 1 + roll(d, 3); i < n; i++) {
		struct plain_text *t = plain_add_text(&q->texts, xstrdup(answers[roll(d, ARRAY_SIZE(answers))]));
		t->ignore_case = q->ignore_case;
		if (i > 0 && roll(d, 2)) {
			t->credit_m = 500;
			t->reason = roll(d, 2) ? cell_text(d, (int)i) : NULL;
		}
	}
	if (!roll(d, 4)) {
		struct plain_text *t = plain_add_text(&q->texts, xstrdup("^a\\/b.+$"));
		t->regex = true;
	}
}

static inline void fill_cloze(struct dice *d, struct plain *q)
{
	_cleanup_free_ char *before = cell_text(d, 1), *after = cell_text(d, 2);
	q->ignore_case = roll(d, 2);
	q->stem = xasprintf("%s: run \xee\x80\x80"
	                    "1\xee\x80\x81 and then \xee\x80\x80"
	                    "2\xee\x80\x81 with %s.",
	                    before, after);
	for (int i = 0; i < 2; i++) {
		struct plain_blank *b = plain_add_blank(q);
		if (roll(d, 2)) {
			unsigned n = 2 + roll(d, 3), key = roll(d, n);
			for (unsigned k = 0; k < n; k++)
				plain_add_option(&b->options, cell_text(d, (int)k))->key = k == key;
		} else {
			plain_add_text(&b->texts, xstrdup("plan"));
			if (roll(d, 2))
				plain_add_text(&b->texts, xstrdup("=x"));
		}
	}
}

static inline void fill_regions(struct dice *d, struct plain *q)
{
	q->image = xstrdup("../media/box.svg");
	q->image_alt = xstrdup("A box with \"two\" sides & more");
	for (int i = 0; i < 3; i++) {
		q->regions = xgrow(q->regions, q->n_regions, &q->cap_regions, sizeof *q->regions);
		struct item_region *r = &q->regions[q->n_regions++];
		*r = (struct item_region){.id = xasprintf("r%d", i), .label = cell_text(d, i), .correct = i == 0};
		r->shape = (enum region_shape)i;
		static const int at[3][6] = {{1, 2, 30, 40}, {50, 25, 9}, {0, 0, 40, 0, 20, 30}};
		static const int n[] = {4, 3, 6};
		memcpy(r->at, at[i], sizeof at[i]);
		r->n_at = n[i];
	}
}

static inline void fill(struct dice *d, struct plain *q, int number)
{
	q->kind = (enum item_kind)roll(d, ITEM_TASK);
	q->id = xasprintf("q-%d", number);
	q->title = roll(d, 4) ? xasprintf("Title %d: %s", number, odd_text(d)) : xstrdup(q->id);
	q->domain = xstrdup(roll(d, 2) ? "files" : "users");
	q->objective = strcmp(q->domain, "files") == 0 && roll(d, 2) ? xstrdup("links") : NULL;
	q->difficulty = (int)roll(d, 6);
	q->family = roll(d, 4) ? NULL : xasprintf("family-%u", roll(d, 5));
	q->points_m = roll(d, 4) ? 1000 : 1500;
	q->partial = roll(d, 4) ? PARTIAL_UNSET : PARTIAL_PER_OPTION;
	q->status = roll(d, 4) ? ITEM_ACTIVE : (enum item_status)roll(d, 4);
	q->fixed = !roll(d, 5);
	if (!roll(d, 3))
		strings_add(&q->tags, xstrdup(odd_text(d)));
	if (q->kind != ITEM_CLOZE)
		q->stem = block_text(d, number);
	if (roll(d, 2))
		q->explanation = block_text(d, number);
	if (!roll(d, 3))
		q->references = xstrdup("- [a page](https://example.org/r)\n- inode(7)");
	if (!roll(d, 4))
		strings_add(&q->hints, inline_text(d, number));
	switch (q->kind) {
	case ITEM_SINGLE:
		fill_options(d, q, false);
		break;
	case ITEM_MULTIPLE:
		fill_options(d, q, true);
		q->select = roll(d, 3) ? -1 : 0;
		break;
	case ITEM_TRUE_FALSE:
		plain_add_option(&q->options, xstrdup("True"))->key = roll(d, 2);
		plain_add_option(&q->options, xstrdup("False"))->key = !q->options.list[0].key;
		q->options.list[roll(d, 2)].feedback = inline_text(d, 1);
		break;
	case ITEM_GRID:
	case ITEM_MATCHING:
		fill_pairs(d, q);
		break;
	case ITEM_ORDERING:
		for (unsigned i = 0, n = 2 + roll(d, 4); i < n; i++)
			plain_add_option(&q->options, inline_text(d, (int)i));
		break;
	case ITEM_NUMERIC: {
		static const char *const numbers[] = {"3.14 +- 0.01", "42",  "[3.1, 3.2]", "-1e-7",          "10 GiB",
		                                      "250 +- 2%",    "0.1", "[48, 52] %", "1 GiB +- 10 MiB"};
		strings_add(&q->numbers, xstrdup(numbers[roll(d, ARRAY_SIZE(numbers))]));
		break;
	}
	case ITEM_TEXT:
		fill_texts(d, q);
		break;
	case ITEM_CLOZE:
		fill_cloze(d, q);
		break;
	case ITEM_HOTSPOT:
		fill_regions(d, q);
		break;
	default:
		q->rubric = xstrdup("| Criterion | Points | Full marks when |\n|---|---|---|\n| Clear | 2 | it is **clear** |");
	}
}

/* A folder with a bank of n questions; loaded, without errors. */
static inline void random_bank(struct kit *k, unsigned seed, int n)
{
	struct dice d = {.state = seed * UINT64_C(7919) + 17};
	struct buf text = BUF(64 << 20);
	kit_folder(k);
	for (int i = 0; i < n; i++) {
		struct plain q;
		plain_init(&q, "", 0);
		fill(&d, &q, i);
		write_question(&q, &text);
		buf_addc(&text, '\n');
		plain_finish(&q);
	}
	kit_write(k->dir, "questions/all.md", buf_str(&text));
	kit_write(k->dir, "media/box.svg", STR("<svg width=\"100\" height=\"50\"></svg>"));
	kit_write(k->dir, "bank.yml",
	          STR("id: random\ntitle: Random\ndomains:\n  files:\n    title: Files / folders\n    objectives: {links: Hard & soft links}\n "
	              " users: Users\n"));
	buf_finish(&text);
	kit_load(k);
	for (size_t i = 0; i < k->diags.n; i++)
		if (k->diags.list[i].level == DIAG_ERROR)
			fail_msg("seed %u: %s:%d: %s\n%s", seed, k->diags.list[i].file, k->diags.list[i].line, k->diags.list[i].message,
			         k->diags.list[i].source_line ? k->diags.list[i].source_line : "");
	assert_int_equal(k->bank->n_items, n);
}
