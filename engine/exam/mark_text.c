/* Typed answers: literals and regular expressions.
 *
 * White space is folded first, in the answer and in literals. A pattern must match the whole folded answer. Patterns come from authors and
 * may backtrack without end, so steps, depth and memory are limited; a pattern that runs into a limit says neither yes nor no. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "exam/internal.h"
#include <pcre2.h>

#define PATTERN_MAX 10000
#define MATCH_LIMIT 200000
#define DEPTH_LIMIT 10000
#define HEAP_LIMIT_KIB 16384

enum matched { MATCHED, NOT_MATCHED, NOBODY_KNOWS };

/* Length of the white space at p: ASCII, and Unicode's White_Space in UTF-8. */
static size_t space_length(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	if (*u == ' ' || (*u >= '\t' && *u <= '\r'))
		return 1;
	if (u[0] == 0xC2 && (u[1] == 0x85 || u[1] == 0xA0))
		return 2;
	if (u[0] == 0xE2 && u[1] == 0x80 && ((u[2] >= 0x80 && u[2] <= 0x8A) || u[2] == 0xA8 || u[2] == 0xA9 || u[2] == 0xAF))
		return 3;
	if ((u[0] == 0xE1 && u[1] == 0x9A && u[2] == 0x80) || (u[0] == 0xE2 && u[1] == 0x81 && u[2] == 0x9F) ||
	    (u[0] == 0xE3 && u[1] == 0x80 && u[2] == 0x80))
		return 3;
	return 0;
}

char *text_fold(const char *s)
{
	char *folded = xmalloc(strlen(s) + 1), *out = folded;
	bool gap = false;
	while (*s) {
		size_t space = space_length(s);
		if (space) {
			gap = out > folded;
			s += space;
			continue;
		}
		if (gap)
			*out++ = ' ';
		gap = false;
		*out++ = *s++;
	}
	*out = 0;
	return folded;
}

static pcre2_code *compile(const struct item_text *t, const char *pattern)
{
	uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | (t->ignore_case ? PCRE2_CASELESS : 0);
	options |= t->regex ? PCRE2_NEVER_BACKSLASH_C : PCRE2_LITERAL;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context)
		abort();
	pcre2_set_max_pattern_length(context, PATTERN_MAX);
	int code;
	PCRE2_SIZE at;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &at, context);
	pcre2_compile_context_free(context);
	return compiled;
}

static enum matched match_pattern(const struct item_text *t, const char *pattern, const char *answer)
{
	pcre2_code *code = compile(t, pattern);
	if (!code)
		return NOBODY_KNOWS; /* an instance's pattern that does not compile: not the candidate's fault */
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	if (!data || !context)
		abort();
	pcre2_set_match_limit(context, MATCH_LIMIT);
	pcre2_set_depth_limit(context, DEPTH_LIMIT);
	pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
	int rc = pcre2_match(code, (PCRE2_SPTR)answer, PCRE2_ZERO_TERMINATED, 0, 0, data, context);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return rc >= 0 ? MATCHED : rc == PCRE2_ERROR_NOMATCH ? NOT_MATCHED : NOBODY_KNOWS;
}

static enum matched match(const struct item_text *t, const char *folded)
{
	if (t->regex)
		return match_pattern(t, t->pattern, folded);
	_cleanup_free_ char *literal = text_fold(t->pattern);
	if (strcmp(literal, folded) == 0)
		return MATCHED;
	return t->ignore_case ? match_pattern(t, literal, folded) : NOT_MATCHED;
}

bool text_credit(const struct item_text *texts, size_t n, const char *answer, int *ret_credit_m, const char **ret_reason)
{
	_cleanup_free_ char *folded = text_fold(answer);
	int best = 0, in_doubt = 0;
	const char *reason = NULL;
	for (size_t i = 0; i < n; i++) {
		if (texts[i].credit_m <= best)
			continue;
		enum matched m = match(&texts[i], folded);
		if (m == MATCHED) {
			best = texts[i].credit_m;
			reason = texts[i].reason_html;
		} else if (m == NOBODY_KNOWS && texts[i].credit_m > in_doubt) {
			in_doubt = texts[i].credit_m;
		}
	}
	if (in_doubt > best)
		return false;
	*ret_credit_m = best;
	*ret_reason = reason;
	return true;
}
