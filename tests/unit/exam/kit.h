/* Items, banks and forms by hand, for the tests of exam/.
 *
 * kit_item() puts one item on a form, shown backwards, with ids that tell the tests which option is meant: option i is "oa", "ob", …;
 * target i "ta", "tb", …; choice i of blank b "x1a", "x1b", …. kit_bank() has one item of each kind, sorted by id, and whatever a candidate
 * must not see before an answer says SECRET. */
#pragma once
#include "../test.h"
#include "exam/internal.h"
#include <stdio.h>

#define S(literal) ((char *)(uintptr_t)("" literal))
#define LIST(type, ...) ((type[]){__VA_ARGS__}), sizeof((type[]){__VA_ARGS__}) / sizeof(type)

static inline struct form kit_item(const struct item *it)
{
	struct form form = {.n_items = 1, .n_sections = 1};
	form.items = xcalloc(1, sizeof *form.items);
	form.sections = xcalloc(1, sizeof *form.sections);
	form.sections[0] = (struct form_section){.id = xstrdup("s1"), .title = xstrdup(""), .count = 1};
	struct form_item *fi = form.items;
	size_t n = arrange_count(it);
	*fi = (struct form_item){.id = "ibcdf", .item_id = xstrdup(it->id ? it->id : "x"), .item = it};
	fi->order = xcalloc(n + 1, sizeof *fi->order);
	fi->option_ids = xcalloc(n + 1, sizeof *fi->option_ids);
	for (size_t k = 0; k < n; k++) {
		fi->order[k] = n - 1 - k;
		snprintf(fi->option_ids[k], 8, "o%c", (char)('a' + fi->order[k]));
	}
	fi->target_order = xcalloc(it->n_targets + 1, sizeof *fi->target_order);
	fi->target_ids = xcalloc(it->n_targets + 1, sizeof *fi->target_ids);
	for (size_t k = 0; k < it->n_targets; k++) {
		fi->target_order[k] = it->n_targets - 1 - k;
		snprintf(fi->target_ids[k], 8, "t%c", (char)('a' + fi->target_order[k]));
	}
	fi->n_blanks = it->n_blanks;
	fi->blank_orders = xcalloc(it->n_blanks + 1, sizeof *fi->blank_orders);
	fi->blank_ids = xcalloc(it->n_blanks + 1, sizeof *fi->blank_ids);
	for (size_t b = 0; b < it->n_blanks; b++) {
		size_t m = it->blanks[b].n_options;
		fi->blank_orders[b] = m ? xcalloc(m, sizeof *fi->blank_orders[b]) : NULL;
		fi->blank_ids[b] = m ? xcalloc(m, sizeof *fi->blank_ids[b]) : NULL;
		for (size_t k = 0; k < m; k++) {
			fi->blank_orders[b][k] = m - 1 - k;
			snprintf(fi->blank_ids[b][k], 8, "x%c%c", (char)('1' + b), (char)('a' + fi->blank_orders[b][k]));
		}
	}
	return form;
}

/* Frees what kit_item() made; the items are the caller's. */
static inline void kit_item_finish(struct form *form)
{
	struct form *heap = xcalloc(1, sizeof *heap);
	*heap = *form;
	form_destroy(heap);
}

static inline cJSON *kit_json(const char *text)
{
	cJSON *v = NULL;
	struct err err = {0};
	if (!json_parse(str_of(text), &v, &err))
		fail_msg("%s: %s", text, err.msg);
	return v;
}

static inline void kit_rng(struct rng *rng, unsigned seed)
{
	unsigned char secret[RNG_SEED_SIZE] = {(unsigned char)seed, (unsigned char)(seed >> 8), (unsigned char)(seed >> 16)};
	rng_init(rng, secret, "test");
}

/* ---- A bank with one item of each kind ---- */

#define SECRETS                                                                                                             \
	.objective = S("SECRET.objective"), .title = S("SECRET title"), .explanation_html = S("<p>SECRET explanation</p>"),     \
	.references_html = S("<p>SECRET references</p>"), .hints_html = hints, .n_hints = 1, .points_m = 1000, .shuffle = true, \
	.file = S("SECRET.md"), .domain = S("files")
#define ID(name) .id = S("SECRET-" name), .family = S("SECRET-" name)
#define OPTION(word, is_key)                                                                                                   \
	{                                                                                                                          \
		.html = S("<p>" word "</p>"), .text = S(word), .feedback_html = S("<p>SECRET feedback on " word "</p>"), .key = is_key \
	}
#define ROW(word, column)                                                                                  \
	{                                                                                                      \
		.html = S("<p>" word "</p>"), .text = S(word), .match = column, .feedback_html = S("SECRET " word) \
	}

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static inline const struct bank *kit_bank(void)
{
	static char *hints[] = {S("<p>SECRET hint</p>")};
	static struct item_option single[] = {OPTION("ext4", true), OPTION("xfs", false), OPTION("btrfs", false),
	                                      OPTION("none of them", false)};
	static struct item_option multiple[] = {OPTION("red", true), OPTION("green", false), OPTION("blue", true), OPTION("white", false),
	                                        OPTION("black", false)};
	static struct item_option truth[] = {OPTION("True", false), OPTION("False", true)};
	static struct item_option rows[] = {ROW("hard links cross", 1), ROW("symbolic links dangle", 0), ROW("directories link", 1)};
	static struct item_option columns[] = {{.html = S("Yes")}, {.html = S("No")}};
	static struct item_option lines[] = {ROW("pvcreate", 0), ROW("vgcreate", 0), ROW("lvcreate", 0), ROW("mkfs", 0)};
	static struct item_option left[] = {ROW("chmod", 2), ROW("chown", 0), ROW("chgrp", 0)};
	static struct item_option right[] = {{.html = S("owner")}, {.html = S("time")}, {.html = S("mode")}};
	static struct item_number numbers[] = {{4711.25 * 1024, 4711.75 * 1024, S("KiB")}};
	static struct item_text texts[] = {{.pattern = S("SECRET literal"), .credit_m = 1000},
	                                   {.pattern = S("SECRET\\s+pattern"), .regex = true, .ignore_case = true, .credit_m = 1000},
	                                   {.pattern = S("SECRET part"), .credit_m = 500, .reason_html = S("SECRET reason")}};
	static struct item_option choices[] = {OPTION("plan", false), OPTION("apply", true), OPTION("get", false)};
	static struct item_text typed[] = {{.pattern = S("SECRETinit"), .credit_m = 1000}, {.pattern = S("SECRET other"), .credit_m = 1000}};
	static struct item_blank blanks[] = {{.options = choices, .n_options = 3}, {.texts = typed, .n_texts = 2}};
	static struct item_region regions[] = {
	    {.id = S("SECRET1"), .label = S("the swap line"), .shape = REGION_RECT, .at = {10, 80, 300, 100}, .n_at = 4, .correct = true},
	    {.id = S("SECRET2"), .label = S("the root line"), .shape = REGION_RECT, .at = {10, 50, 300, 70}, .n_at = 4},
	    {.id = S("SECRET3"), .label = S("the mark"), .shape = REGION_CIRCLE, .at = {40, 20, 12}, .n_at = 3},
	};
	static char *units[] = {S("B"), S("KiB"), S("MiB")};
	static char *asked[] = {S("<p>first</p>"), S("<p>second</p>")}, *pages[] = {S("disks")};
	static int ports[] = {8080};
	static struct task_file task_files[] = {{.path = S("/etc/SECRET"), .hash = S(NO_HASH), .size = 3}};
	static struct task task = {.image = S("host"),
	                           .user = S("candidate"),
	                           .time_ms = 300000,
	                           .checklist_html = asked,
	                           .n_checklist = 2,
	                           .docs = pages,
	                           .n_docs = 1,
	                           .ports = ports,
	                           .n_ports = 1,
	                           .setup_sh = S("SECRET setup"),
	                           .grader_lua = S("SECRET grader"),
	                           .solution_sh = S("SECRET solution"),
	                           .files = task_files,
	                           .n_files = 1,
	                           .check_ids = S("SECRET=1"),
	                           .hash = NO_HASH};
	static struct item items[] = {
	    {ID("a-single"), SECRETS, .kind = ITEM_SINGLE, .select = 1, .stem_html = S("<p>one</p>"), .options = single, .n_options = 4},
	    {ID("b-multiple"), SECRETS, .kind = ITEM_MULTIPLE, .select = 2, .stem_html = S("<p>two</p>"), .options = multiple, .n_options = 5},
	    {ID("c-truth"), SECRETS, .kind = ITEM_TRUE_FALSE, .select = 1, .stem_html = S("<p>true?</p>"), .options = truth, .n_options = 2},
	    {ID("d-grid"), SECRETS, .kind = ITEM_GRID, .stem_html = S("<p>grid</p>"), .options = rows, .n_options = 3, .targets = columns,
	     .n_targets = 2},
	    {ID("e-ordering"), SECRETS, .kind = ITEM_ORDERING, .stem_html = S("<p>order</p>"), .options = lines, .n_options = 4},
	    {ID("f-matching"), SECRETS, .kind = ITEM_MATCHING, .stem_html = S("<p>match</p>"), .options = left, .n_options = 3,
	     .targets = right, .n_targets = 3},
	    {ID("g-numeric"), SECRETS, .kind = ITEM_NUMERIC, .stem_html = S("<p>how many</p>"), .numbers = numbers, .n_numbers = 1,
	     .units = units, .n_units = 3},
	    {ID("h-text"), SECRETS, .kind = ITEM_TEXT, .stem_html = S("<p>type</p>"), .texts = texts, .n_texts = 3},
	    {ID("i-cloze"), SECRETS, .kind = ITEM_CLOZE,
	     .stem_html = S("<p>terraform <span data-blank=\"1\"></span>, <span data-blank=\"2\"></span></p>"), .blanks = blanks,
	     .n_blanks = 2},
	    {ID("j-hotspot"), SECRETS, .kind = ITEM_HOTSPOT, .select = 1, .stem_html = S("<p>where</p>"),
	     .image_html = S("<img alt=\"disks\">"), .image_w = 320, .image_h = 120, .regions = regions, .n_regions = 3},
	    {ID("k-essay"), SECRETS, .kind = ITEM_ESSAY, .stem_html = S("<p>explain</p>"), .rubric_html = S("SECRET rubric"),
	     .case_id = S("SECRET-case")},
	    {ID("l-task"), SECRETS, .kind = ITEM_TASK, .stem_html = S("<p>do it</p>"), .task = &task},
	};
	static struct bank_case cases[] = {{S("SECRET-case"), S("A company"), S("<p>has a server</p>")}};
	static struct bank_objective objectives[] = {{S("objective"), S("An objective")}};
	static struct bank_domain domains[] = {{S("files"), S("Files"), objectives, 1}};
	static const struct bank bank = {
	    .id = S("kit"), .domains = domains, .n_domains = 1, .items = items, .n_items = ARRAY_SIZE(items), .cases = cases, .n_cases = 1};
	return &bank;
}
