/* The writer of questions. See write.h.
 *
 * Defaults are not written. What the loader would take for structure in a text is escaped where the text was made (escape.c, html.c); what
 * depends on the kind of the question is looked after here. */
#include "bank/exchange/write.h"
#include "bank/markdown.h"
#include <stdio.h>

static bool yaml_is_plain(struct str s)
{
	if (!s.len || s.p[s.len - 1] == ' ' || s.p[s.len - 1] == ':' || strchr(" -?:,[]{}#&*!|>'\"%@`=~", s.p[0]))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x20 || c >= 0x7f || strchr(",[]{}\"\\", c) || (c == ':' && i + 1 < s.len && s.p[i + 1] == ' ') ||
		    (c == '#' && i && s.p[i - 1] == ' '))
			return false;
	}
	static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "---", "..."};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_nocase(s, str_of(words[i])))
			return false;
	return true;
}

void write_yaml(struct str s, struct buf *out)
{
	if (yaml_is_plain(s)) {
		buf_addv(out, s);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c == '\n')
			buf_adds(out, "\\n");
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

/* ---- fields ---- */

static void add_field(struct buf *out, const char *name, struct str value)
{
	buf_addf(out, "%s: ", name);
	write_yaml(value, out);
	buf_addc(out, '\n');
}

static size_t count_keys(const struct plain *q)
{
	size_t keys = 0;
	for (size_t i = 0; i < q->options.n; i++)
		keys += q->options.list[i].key;
	return keys;
}

static bool looks_like_number(const char *s)
{
	return strchr("0123456789+-.[", *s) || strncmp(s, "\xe2\x88\x92", 3) == 0;
}

/* The type where it does not follow from what is written. */
static void add_type(const struct plain *q, struct buf *out)
{
	static const bool always[ITEM_KINDS] = {
	    [ITEM_TRUE_FALSE] = true, [ITEM_ORDERING] = true, [ITEM_CLOZE] = true, [ITEM_ESSAY] = true, [ITEM_HOTSPOT] = true};
	bool needed =
	    always[q->kind] || (q->kind == ITEM_MULTIPLE && count_keys(q) == 1 && q->select != 0) || (q->params && q->kind != ITEM_SINGLE);
	bool numbers = q->kind == ITEM_TEXT && q->texts.n > 0;
	for (size_t i = 0; i < q->texts.n; i++)
		numbers &= looks_like_number(q->texts.list[i].pattern);
	if (needed || numbers)
		buf_addf(out, "type: %s\n", item_kind_name(q->kind));
}

static void add_select(const struct plain *q, struct buf *out)
{
	size_t regions = 0;
	for (size_t i = 0; i < q->n_regions; i++)
		regions += q->regions[i].correct;
	if (q->select == 0 && (q->kind == ITEM_MULTIPLE || q->kind == ITEM_HOTSPOT))
		buf_adds(out, "select: any\n");
	else if (q->kind == ITEM_HOTSPOT && q->select > 0 && (size_t)q->select != regions)
		buf_addf(out, "select: %d\n", q->select);
}

static void add_regions(const struct plain *q, struct buf *out)
{
	static const char *const shapes[] = {"rect", "circle", "poly"};
	add_field(out, "image", str_of(q->image ? q->image : ""));
	add_field(out, "image-alt", str_of(q->image_alt ? q->image_alt : ""));
	buf_adds(out, "regions:\n");
	for (size_t i = 0; i < q->n_regions; i++) {
		const struct item_region *r = &q->regions[i];
		buf_addf(out, "  - {id: %s, label: ", r->id);
		write_yaml(str_of(r->label), out);
		buf_addf(out, ", shape: %s, at: [", shapes[r->shape]);
		for (int k = 0; k < r->n_at; k++)
			buf_addf(out, "%s%d", k ? ", " : "", r->at[k]);
		buf_addf(out, "]%s}\n", r->correct ? ", correct: true" : "");
	}
}

static void add_fields(const struct plain *q, struct buf *out)
{
	static const char *const rules[] = {"", "none", "per-option", "net-correct", "coverage"};
	_cleanup_free_ char *objective = q->objective ? xasprintf("%s.%s", q->domain, q->objective) : NULL;
	if (q->domain)
		add_field(out, "objective", str_of(objective ? objective : q->domain));
	if (q->difficulty)
		buf_addf(out, "difficulty: %d\n", q->difficulty);
	if (q->family && strcmp(q->family, q->id) != 0)
		add_field(out, "family", str_of(q->family));
	add_type(q, out);
	add_select(q, out);
	if (q->points_m != 1000) {
		buf_adds(out, "points: ");
		number_add((double)q->points_m / 1000, out);
		buf_addc(out, '\n');
	}
	if (q->partial)
		buf_addf(out, "partial: %s\n", rules[q->partial]);
	if (q->status)
		buf_addf(out, "status: %s\n", item_status_names[q->status]);
	if (q->fixed)
		buf_adds(out, "shuffle: false\n");
	if (q->case_id)
		add_field(out, "case", str_of(q->case_id));
	if (q->tags.n)
		buf_adds(out, "tags: [");
	for (size_t i = 0; i < q->tags.n; i++) {
		buf_adds(out, i ? ", " : "");
		write_yaml(str_of(q->tags.list[i]), out);
	}
	if (q->tags.n)
		buf_adds(out, "]\n");
	if (q->ignore_case)
		buf_adds(out, "ignore-case: true\n");
	if (q->kind == ITEM_HOTSPOT)
		add_regions(q, out);
}

/* ---- texts ---- */

/* Lines of a text, indented. */
static void add_lines(struct str text, const char *indent, struct buf *out)
{
	struct str line;
	while (str_next_line(&text, &line)) {
		if (line.len)
			buf_adds(out, indent);
		buf_addv(out, line);
		buf_addc(out, '\n');
	}
}

static bool begins_block(struct str s)
{
	return str_starts(s, "```") || str_starts(s, "|") || str_starts(s, "- ") || str_starts(s, "* ") || str_starts(s, "***") ||
	       str_starts(s, "#") || str_starts(s, "> ") || (s.len > 1 && escape_line_start(s) > 1);
}

/* "- [x] text", with what belongs to it indented by two; `arrow` at which " => " must not be read. */
static void add_entry(const char *marker, const struct plain_option *o, bool pin, struct buf *out)
{
	struct str text = str_trim(str_of(o->text));
	char indent[16];
	size_t width = marker[0] == '-' ? 2 : strlen(marker);
	memset(indent, ' ', sizeof indent);
	indent[width < sizeof indent ? width : sizeof indent - 1] = 0;
	bool block = begins_block(text);
	buf_adds(out, marker);
	if (block) { /* what is no paragraph begins below the marker */
		buf_cut(out, out->len - 1);
		buf_adds(out, pin ? " {pin}\n" : "\n");
	}
	const char *end = memchr(text.p, '\n', text.len);
	struct str first = str_sub(text, 0, end && !block ? (size_t)(end - text.p) : text.len);
	if (!block && str_ends(first, "{pin}")) {
		buf_addv(out, str_sub(first, 0, first.len - 1));
		buf_adds(out, "\\}");
	} else if (!block) {
		buf_addv(out, first);
	} else {
		add_lines(text, indent, out);
	}
	if (!block) {
		buf_adds(out, pin ? " {pin}\n" : "\n");
		add_lines(end ? str_sub(text, first.len + 1, text.len) : (struct str){"", 0}, indent, out);
	}
	struct str rest = str_trim(str_of(o->feedback ? o->feedback : "")), line;
	while (str_next_line(&rest, &line)) {
		buf_adds(out, indent);
		buf_adds(out, line.len ? "> " : ">");
		buf_addv(out, line);
		buf_addc(out, '\n');
	}
}

/* The stem. `list`: what follows is a list, so lists in it are indented and are then none of the answers. */
static void add_stem(const char *stem, bool list, struct buf *out)
{
	struct str rest = str_trim(str_of(stem ? stem : "")), line;
	bool inside = false, code = false;
	while (str_next_line(&rest, &line)) {
		bool blank = !line.len, marker = !code && escape_line_start(line) && !strchr("#>|=", line.p[0]);
		if (list && !code)
			inside = marker || (inside && (blank || line.p[0] == ' '));
		if (str_starts(line, "```"))
			code = !code;
		if (list && inside && !blank)
			buf_adds(out, "  ");
		buf_addv(out, line);
		buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
}

static void add_right_of_arrow(const char *text, bool left, struct buf *out)
{
	struct str s = str_trim(str_of(text));
	for (size_t i = 0; i < s.len; i++) {
		bool arrow = left && i + 1 < s.len && s.p[i] == '=' && s.p[i + 1] == '>' && (i == 0 || s.p[i - 1] == ' ');
		if (arrow)
			buf_addc(out, '\\');
		buf_addc(out, s.p[i] == '\n' ? ' ' : s.p[i]);
	}
}

static void add_pairs(const struct plain *q, struct buf *out)
{
	for (size_t i = 0; i < q->options.n; i++) {
		const struct plain_option *o = &q->options.list[i];
		buf_adds(out, "- ");
		add_right_of_arrow(o->text, true, out);
		buf_adds(out, " => ");
		if (o->match >= 0 && (size_t)o->match < q->targets.n)
			add_right_of_arrow(q->targets.list[o->match].text, false, out);
		buf_addc(out, '\n');
		struct str rest = str_trim(str_of(o->feedback ? o->feedback : "")), line;
		while (str_next_line(&rest, &line)) {
			buf_adds(out, line.len ? "  > " : "  >");
			buf_addv(out, line);
			buf_addc(out, '\n');
		}
	}
	for (size_t k = 0; k < q->targets.n; k++) {
		bool used = false;
		for (size_t i = 0; i < q->options.n && !used; i++)
			used = q->options.list[i].match == (int)k;
		if (used)
			continue;
		buf_adds(out, "- => ");
		add_right_of_arrow(q->targets.list[k].text, false, out);
		buf_addc(out, '\n');
	}
}

static void add_cell(const char *text, struct buf *out)
{
	struct str s = str_trim(str_of(text));
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '|' && (i == 0 || s.p[i - 1] != '\\'))
			buf_addc(out, '\\');
		buf_addc(out, s.p[i] == '\n' ? ' ' : s.p[i]);
	}
}

static void add_grid(const struct plain *q, struct buf *out)
{
	buf_adds(out, "| |");
	for (size_t k = 0; k < q->targets.n; k++) {
		buf_addc(out, ' ');
		add_cell(q->targets.list[k].text, out);
		buf_adds(out, " |");
	}
	buf_adds(out, "\n|---|");
	for (size_t k = 0; k < q->targets.n; k++)
		buf_adds(out, "---|");
	buf_addc(out, '\n');
	for (size_t i = 0; i < q->options.n; i++) {
		buf_adds(out, "| ");
		add_cell(q->options.list[i].text, out);
		buf_adds(out, " |");
		for (size_t k = 0; k < q->targets.n; k++)
			buf_adds(out, q->options.list[i].match == (int)k ? " x |" : " |");
		buf_addc(out, '\n');
	}
}

/* ---- typed answers ---- */

static void add_pattern(const struct plain_text *t, bool all_ignore, struct buf *out)
{
	struct str s = str_of(t->pattern);
	if (t->regex) {
		buf_addf(out, "/%s/%s", t->pattern, t->ignore_case && !all_ignore ? "i" : "");
	} else if (t->ignore_case && !all_ignore) { /* one that ignores case among others */
		buf_adds(out, "/");
		for (size_t i = 0; i < s.len; i++) {
			if (strchr("\\^$.[]|()?*+{}/", s.p[i]))
				buf_addc(out, '\\');
			buf_addc(out, s.p[i]);
		}
		buf_adds(out, "/i");
	} else {
		bool expression = s.len > 1 && s.p[0] == '/' && (s.p[s.len - 1] == '/' || str_ends(s, "/i"));
		buf_adds(out, expression ? "\\" : "");
		buf_addv(out, s);
	}
}

static void add_texts(const struct plain *q, struct buf *out)
{
	for (size_t i = 0; i < q->texts.n; i++) {
		const struct plain_text *t = &q->texts.list[i];
		buf_adds(out, t->credit_m >= 1000 ? "= " : "~ ");
		add_pattern(t, q->ignore_case, out);
		if (t->credit_m < 1000) {
			buf_adds(out, " : ");
			number_add((double)t->credit_m / 10, out);
			buf_addc(out, '%');
			if (t->reason)
				buf_addf(out, " \"%s\"", t->reason);
		}
		buf_addc(out, '\n');
	}
}

static void add_blank(const struct plain_blank *b, struct buf *out)
{
	buf_adds(out, "{{");
	for (size_t i = 0; i < b->options.n; i++) {
		if (i)
			buf_addc(out, '|');
		buf_addc(out, b->options.list[i].key ? '=' : '~');
		buf_adds(out, b->options.list[i].text);
	}
	for (size_t i = 0; i < b->texts.n; i++) {
		const char *pattern = b->texts.list[i].pattern;
		if (i)
			buf_addc(out, '|');
		if (pattern[0] == '=' || pattern[0] == '~')
			buf_addc(out, '\\');
		buf_adds(out, pattern);
	}
	buf_adds(out, "}}");
}

/* The stem with its blanks in place of their marks. In a table's row '|' has a backslash. */
static void add_cloze(const struct plain *q, struct buf *out)
{
	struct str rest = str_trim(str_of(q->stem ? q->stem : ""));
	bool row = str_starts(rest, "|");
	while (rest.len) {
		if (str_starts(rest, BLANK_OPEN)) {
			size_t n = 0, i = 3;
			while (i < rest.len && rest.p[i] >= '0' && rest.p[i] <= '9' && n < 1000)
				n = n * 10 + (size_t)(rest.p[i++] - '0');
			_cleanup_buf_ struct buf blank = BUF(1u << 20);
			if (n >= 1 && n <= q->n_blanks)
				add_blank(&q->blanks[n - 1], &blank);
			for (size_t k = 0; k < blank.len; k++) {
				if (row && blank.p[k] == '|')
					buf_addc(out, '\\');
				buf_addc(out, blank.p[k]);
			}
			rest = str_sub(rest, i + 3, rest.len);
			continue;
		}
		if (rest.p[0] == '\n')
			row = rest.len > 1 && rest.p[1] == '|';
		buf_addc(out, rest.p[0]);
		rest = str_sub(rest, 1, rest.len);
	}
	buf_adds(out, "\n\n");
}

static void add_options(const struct plain *q, struct buf *out)
{
	for (size_t i = 0; i < q->options.n; i++) {
		const struct plain_option *o = &q->options.list[i];
		add_entry(o->key ? "- [x] " : "- [ ] ", o, o->pin, out);
	}
}

static void add_order(const struct plain *q, struct buf *out)
{
	for (size_t i = 0; i < q->options.n; i++) {
		char marker[32];
		snprintf(marker, sizeof marker, "%zu. ", i + 1);
		add_entry(marker, &q->options.list[i], false, out);
	}
}

static void add_body(const struct plain *q, struct buf *out)
{
	if (q->kind == ITEM_CLOZE) {
		add_cloze(q, out);
		return;
	}
	add_stem(q->stem, q->kind == ITEM_MATCHING || q->kind == ITEM_ORDERING, out);
	switch (q->kind) {
	case ITEM_ORDERING:
		add_order(q, out);
		break;
	case ITEM_MATCHING:
		add_pairs(q, out);
		break;
	case ITEM_GRID:
		add_grid(q, out);
		break;
	case ITEM_NUMERIC:
		for (size_t i = 0; i < q->numbers.n; i++)
			buf_addf(out, "= %s\n", q->numbers.list[i]);
		break;
	case ITEM_TEXT:
		add_texts(q, out);
		break;
	case ITEM_HOTSPOT:
	case ITEM_ESSAY:
		break;
	default:
		add_options(q, out);
	}
}

static void add_section(const char *name, const char *text, struct buf *out)
{
	if (!text)
		return;
	struct str s = str_trim(str_of(text));
	if (!s.len)
		return;
	if (!str_ends(buf_str(out), "\n\n"))
		buf_addc(out, '\n');
	buf_addf(out, "### %s\n", name);
	buf_addv(out, s);
	buf_addc(out, '\n');
}

static void add_title(const struct plain *q, struct buf *out)
{
	struct str title = str_trim(str_of(q->title ? q->title : q->id));
	buf_adds(out, "## ");
	for (size_t i = 0; i < title.len && i < 480; i++)
		buf_addc(out, (unsigned char)title.p[i] < 0x20 ? ' ' : title.p[i]);
	buf_addf(out, " {#%s}\n", q->id);
}

void write_question(const struct plain *q, struct buf *out)
{
	add_title(q, out);
	size_t before = out->len;
	buf_adds(out, "```yaml item\n");
	size_t from = out->len;
	add_fields(q, out);
	if (out->len == from)
		buf_cut(out, before);
	else
		buf_adds(out, "```\n");
	if (q->params) {
		buf_adds(out, "```lua params\n");
		buf_addv(out, str_trim(str_of(q->params)));
		buf_adds(out, "\n```\n");
	}
	if (q->source) { /* as its author wrote it: with its @{names} */
		buf_addv(out, str_trim(str_of(q->source)));
		buf_addc(out, '\n');
		return;
	}
	add_body(q, out);
	while (str_ends(buf_str(out), "\n\n"))
		buf_cut(out, out->len - 1);
	for (size_t i = 0; i < q->hints.n; i++)
		add_section("Hint", q->hints.list[i], out);
	add_section("Rubric", q->rubric, out);
	add_section("Explanation", q->explanation, out);
	add_section("References", q->references, out);
}
