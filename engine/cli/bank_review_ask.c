/* A question in the terminal: shown as candidates see it, and answered with letters, numbers and texts. See bank_review.h. */
#include "base/str.h"
#include "cli/bank_review.h"
#include "cli/plain.h"
#include <ctype.h>
#include <string.h>

#define LINE_MAX_BYTES 20000

/* ---- Showing ---- */

static char letter(int i)
{
	return (char)(i < 26 ? 'a' + i : 'A' + i - 26);
}

/* "a) text", one each; `numbers`: "1. text". */
static void show_list(const cJSON *list, const char *member, bool numbers)
{
	int i = 0;
	const cJSON *c;
	cJSON_ArrayForEach(c, list)
	{
		if (numbers)
			printf("  %d.", i + 1);
		else
			printf("  %c)", letter(i));
		plain_print(json_text(c, member), " ");
		i++;
	}
}

/* ---- Reading ---- */

char *review_line(FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	fflush(stdout);
	ssize_t n = getline(&line, &cap, in);
	if (n < 0) {
		free(line);
		return NULL;
	}
	while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		line[--n] = 0;
	if (n > LINE_MAX_BYTES || !str_is_utf8((struct str){line, (size_t)n}, NULL))
		*line = 0;
	return line;
}

/* The entry of a list that a letter or a number names; or NULL. */
static const cJSON *by_letter(const cJSON *list, char c)
{
	int n = cJSON_GetArraySize(list);
	for (int i = 0; i < n && i < 52; i++)
		if (letter(i) == c || (n <= 26 && letter(i) == tolower((unsigned char)c)))
			return cJSON_GetArrayItem(list, i);
	return NULL;
}

/* "a c" as a list of what they name. NULL for what is none of the letters. */
static cJSON *read_letters(const char *line, const cJSON *list, bool points)
{
	cJSON *out = json_array();
	for (const char *p = line; *p; p++) {
		if (strchr(" ,;", *p))
			continue;
		const cJSON *c = by_letter(list, *p);
		if (!c) {
			cJSON_Delete(out);
			return NULL;
		}
		if (points) {
			cJSON *point = json_array();
			json_add(point, cJSON_CreateNumber(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(c, "x"))));
			json_add(point, cJSON_CreateNumber(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(c, "y"))));
			json_add(out, point);
		} else {
			json_add_str(out, json_text(c, "id"));
		}
	}
	return out;
}

/* "1b 2a": pairs of a number on the left and a letter on the right. */
static cJSON *read_pairs(const char *line, const cJSON *left, const cJSON *right)
{
	cJSON *out = json_object();
	struct str rest = str_of(line), one;
	bool ok = true;
	while (ok && str_next_field(&rest, ' ', &one)) {
		int64_t n = 0;
		if (!one.len)
			continue;
		const cJSON *to = by_letter(right, one.p[one.len - 1]);
		ok = to && str_to_i64(str_sub(one, 0, one.len - 1), 1, cJSON_GetArraySize(left), &n);
		const cJSON *from = ok ? cJSON_GetArrayItem(left, (int)n - 1) : NULL;
		ok = from && !cJSON_GetObjectItemCaseSensitive(out, json_text(from, "id"));
		if (ok)
			json_set_str(out, json_text(from, "id"), json_text(to, "id"));
	}
	if (ok)
		return out;
	cJSON_Delete(out);
	return NULL;
}

static cJSON *sole(const char *name, cJSON *value)
{
	if (!value)
		return NULL;
	cJSON *out = json_object();
	json_set(out, name, value);
	return out;
}

/* "1024 MiB" */
static cJSON *read_number(const char *line, const cJSON *units)
{
	struct str s = str_trim(str_of(line));
	cJSON *out = json_object();
	const cJSON *u, *unit = NULL;
	cJSON_ArrayForEach(u, units) if (str_ends(s, u->valuestring) && (!unit || strlen(u->valuestring) > strlen(unit->valuestring))) unit = u;
	_cleanup_free_ char *value = str_dup(str_trim(str_sub(s, 0, s.len - (unit ? strlen(unit->valuestring) : 0))));
	json_set_str(out, "value", value);
	if (unit)
		json_set_str(out, "unit", unit->valuestring);
	return out;
}

/* Each blank by itself: a letter where there are choices, else a text. */
static cJSON *read_blanks(const cJSON *blanks, FILE *in)
{
	cJSON *out = json_object();
	const cJSON *b;
	cJSON_ArrayForEach(b, blanks)
	{
		const cJSON *choices = json_member(b, "choices");
		if (cJSON_IsArray(choices))
			show_list(choices, "html", false);
		printf("Blank %s: ", json_text(b, "id"));
		_cleanup_free_ char *line = review_line(in);
		struct str s = str_trim(str_of(line));
		const cJSON *choice = line && cJSON_IsArray(choices) && s.len == 1 ? by_letter(choices, s.p[0]) : NULL;
		if (!line) {
			cJSON_Delete(out);
			return NULL;
		}
		_cleanup_free_ char *typed = str_dup(s);
		if (cJSON_IsArray(choices) ? choice != NULL : s.len > 0)
			json_set_str(out, json_text(b, "id"), choice ? json_text(choice, "id") : typed);
	}
	return sole("blanks", out);
}

/* Lines up to one with nothing but a full stop. */
static cJSON *read_essay(FILE *in)
{
	_cleanup_buf_ struct buf text = BUF(LINE_MAX_BYTES);
	for (;;) {
		_cleanup_free_ char *line = review_line(in);
		if (!line || strcmp(line, ".") == 0)
			break;
		buf_addf(&text, "%s%s", text.len ? "\n" : "", line);
	}
	return sole("text", cJSON_CreateString(text.p ? text.p : ""));
}

/* ---- Asking ---- */

static void show(const cJSON *view, const char *kind)
{
	const cJSON *c = json_member(view, "case");
	if (cJSON_IsObject(c))
		plain_print(json_text(c, "html"), "");
	plain_print(json_text(view, "stem"), "");
	putchar('\n');
	bool grid = !strcmp(kind, "grid"), pairs = grid || !strcmp(kind, "matching");
	if (pairs) {
		show_list(json_member(view, grid ? "rows" : "left"), "html", true);
		show_list(json_member(view, grid ? "columns" : "right"), "html", false);
	} else if (!strcmp(kind, "hotspot")) {
		plain_print(json_text(view, "image"), "");
		show_list(json_member(view, "areas"), "label", false);
	} else if (cJSON_IsArray(json_member(view, "options"))) {
		show_list(json_member(view, "options"), "html", false);
	}
}

static const char *prompt(const cJSON *view, const char *kind)
{
	if (!strcmp(kind, "ordering"))
		return "The letters in the right order";
	if (!strcmp(kind, "matching") || !strcmp(kind, "grid"))
		return "A number and a letter each, such as 1b 2a";
	if (!strcmp(kind, "numeric"))
		return cJSON_GetArraySize(json_member(view, "units")) ? "A number with its unit" : "A number";
	if (!strcmp(kind, "text"))
		return "Your answer";
	if (!strcmp(kind, "essay"))
		return "Your answer; end it with a line that is only a full stop";
	return cJSON_GetNumberValue(json_member(view, "select")) == 1 ? "One letter" : "The letters of all that are right";
}

static cJSON *read_answer(const cJSON *view, const char *kind, const char *line)
{
	const cJSON *options = json_member(view, "options");
	if (!strcmp(kind, "ordering"))
		return sole("order", read_letters(line, options, false));
	if (!strcmp(kind, "matching"))
		return sole("match", read_pairs(line, json_member(view, "left"), json_member(view, "right")));
	if (!strcmp(kind, "grid"))
		return sole("rows", read_pairs(line, json_member(view, "rows"), json_member(view, "columns")));
	if (!strcmp(kind, "numeric"))
		return read_number(line, json_member(view, "units"));
	if (!strcmp(kind, "text"))
		return sole("text", cJSON_CreateString(line));
	if (!strcmp(kind, "hotspot"))
		return sole("points", read_letters(line, json_member(view, "areas"), true));
	return sole("choose", read_letters(line, options, false));
}

bool review_ask(const cJSON *view, FILE *in, cJSON **ret)
{
	const char *kind = json_text(view, "kind");
	show(view, kind);
	if (!strcmp(kind, "cloze"))
		return (*ret = read_blanks(json_member(view, "blanks"), in)) != NULL;
	for (;;) {
		printf("\n%s (? if you cannot tell): ", prompt(view, kind));
		if (!strcmp(kind, "essay")) {
			putchar('\n');
			*ret = read_essay(in);
			return !feof(in);
		}
		_cleanup_free_ char *line = review_line(in);
		if (!line)
			return false;
		struct str s = str_trim(str_of(line));
		_cleanup_free_ char *answer = str_dup(s);
		*ret = str_is(s, "?") ? cJSON_CreateNull() : s.len ? read_answer(view, kind, answer) : NULL;
		if (*ret)
			return true;
		puts("That is not one of them.");
	}
}
