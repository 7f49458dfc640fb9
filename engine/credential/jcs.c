/* Canonical JSON, RFC 8785. See jcs.h.
 *
 * Numbers: the shortest digits that read back as the same double, and of those the closest to it (ECMA-262, Number::toString). For 1 to 17
 * digits the correctly rounded decimal is tried, and its upper neighbour: below a power of two doubles stand twice as close as above, so
 * that there the rounded one may fall out of the interval while the neighbour is in it (2^-44 is 5.684341886080802e-14). Digits are read
 * back as a whole number with an exponent, so that no locale's decimal point matters.
 *
 * Keys: UTF-16 code units sort as UTF-8 bytes do, but for one thing: characters above U+FFFF (bytes F0 to F4) are surrogates, and stand
 * before U+E000 to U+FFFF (bytes EE and EF). */
#include "credential/jcs.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 128 /* above what json_parse lets through */
#define DIGITS_MAX 17

/* ---- Numbers ---- */

/* v = 0.d1 d2 … dk * 10^point. The shortest one never ends in 0: it would not be the shortest. */
struct decimal {
	char digits[DIGITS_MAX + 2];
	int n, point;
};

static bool reads_back(const struct decimal *d, double v)
{
	char text[DIGITS_MAX + 16];
	snprintf(text, sizeof text, "%se%d", d->digits, d->point - d->n);
	return strtod(text, NULL) == v;
}

/* v > 0 rounded to n digits. */
static void round_to(double v, int n, struct decimal *ret)
{
	char text[DIGITS_MAX + 16];
	snprintf(text, sizeof text, "%.*e", n - 1, v);
	ret->n = 0;
	const char *c = text;
	for (; *c && *c != 'e'; c++)
		if (*c >= '0' && *c <= '9')
			ret->digits[ret->n++] = *c;
	ret->digits[ret->n] = 0;
	assert(*c == 'e' && ret->n == n);
	ret->point = (int)strtol(c + 1, NULL, 10) + 1;
}

/* The next larger decimal of as many digits. */
static void step_up(struct decimal *d)
{
	int i = d->n - 1;
	while (i >= 0 && d->digits[i] == '9')
		d->digits[i--] = '0';
	if (i >= 0) {
		d->digits[i]++;
		return;
	}
	d->digits[0] = '1'; /* 99 becomes 100, of which two digits are kept */
	d->point++;
}

static void shortest(double v, struct decimal *ret)
{
	for (int n = 1; n <= DIGITS_MAX; n++) {
		round_to(v, n, ret);
		if (reads_back(ret, v))
			return;
		step_up(ret);
		if (reads_back(ret, v))
			return;
	}
	assert(false); /* 17 digits always read back */
}

static char *put_zeros(char *out, int n)
{
	memset(out, '0', (size_t)n);
	return out + n;
}

static char *put(char *out, const char *from, int n)
{
	memcpy(out, from, (size_t)n);
	return out + n;
}

void jcs_number(double v, char out[32])
{
	struct decimal d;
	assert(isfinite(v));
	if (v == 0) {
		memcpy(out, "0", 2);
		return;
	}
	if (v < 0)
		*out++ = '-';
	shortest(fabs(v), &d);
	if (d.n <= d.point && d.point <= 21) {
		out = put_zeros(put(out, d.digits, d.n), d.point - d.n);
	} else if (0 < d.point && d.point <= 21) {
		out = put(out, d.digits, d.point);
		*out++ = '.';
		out = put(out, d.digits + d.point, d.n - d.point);
	} else if (-6 < d.point && d.point <= 0) {
		out = put_zeros(put(out, "0.", 2), -d.point);
		out = put(out, d.digits, d.n);
	} else {
		*out++ = d.digits[0];
		if (d.n > 1) {
			*out++ = '.';
			out = put(out, d.digits + 1, d.n - 1);
		}
		out += snprintf(out, 6, "e%+d", d.point - 1);
	}
	*out = 0;
}

/* ---- Values ---- */

static int unit_weight(unsigned char c)
{
	return c >= 0xF0 ? c - 2 : c >= 0xEE ? c + 16 : c;
}

/* By UTF-16 code units; both are valid UTF-8. */
static int compare_keys(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	int x = unit_weight((unsigned char)*a), y = unit_weight((unsigned char)*b);
	return (x > y) - (x < y);
}

static int compare_members(const void *a, const void *b)
{
	return compare_keys((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static bool add_value(const cJSON *v, int depth, struct buf *out, struct err *err);

static bool add_string(const char *s, struct buf *out, struct err *err)
{
	size_t at;
	if (!s || !str_is_utf8(str_of(s), &at))
		return err_set(err, ERR_INVALID, "canonical JSON: a string is not valid UTF-8");
	buf_add_json(out, str_of(s));
	return true;
}

/* `without` may be NULL. */
static bool add_object(const cJSON *v, const char *without, int depth, struct buf *out, struct err *err)
{
	size_t n = 0, cap = 0;
	const cJSON **members = NULL;
	bool ok = true;
	for (const cJSON *c = v->child; ok && c; c = c->next) {
		if (without && c->string && strcmp(c->string, without) == 0)
			continue;
		ok = c->string && str_is_utf8(str_of(c->string), NULL);
		members = xgrow(members, n, &cap, sizeof(const cJSON *));
		members[n++] = c;
	}
	if (!ok)
		err_set(err, ERR_INVALID, "canonical JSON: a key is not valid UTF-8");
	else if (n)
		qsort(members, n, sizeof(const cJSON *), compare_members);
	buf_addc(out, '{');
	for (size_t i = 0; ok && i < n; i++) {
		if (i && strcmp(members[i - 1]->string, members[i]->string) == 0) {
			ok = err_set(err, ERR_INVALID, "canonical JSON: the key \"%s\" stands twice in one object", members[i]->string);
			break;
		}
		buf_adds(out, i ? "," : "");
		ok = add_string(members[i]->string, out, err);
		buf_addc(out, ':');
		ok = ok && add_value(members[i], depth + 1, out, err);
	}
	buf_addc(out, '}');
	free(members);
	return ok;
}

static bool add_array(const cJSON *v, int depth, struct buf *out, struct err *err)
{
	buf_addc(out, '[');
	for (const cJSON *c = v->child; c; c = c->next) {
		if (!add_value(c, depth + 1, out, err))
			return false;
		buf_adds(out, c->next ? "," : "");
	}
	buf_addc(out, ']');
	return true;
}

static bool add_value(const cJSON *v, int depth, struct buf *out, struct err *err)
{
	char number[32];
	if (depth > DEPTH_MAX)
		return err_set(err, ERR_INVALID, "canonical JSON: nested deeper than %d", DEPTH_MAX);
	if (cJSON_IsObject(v))
		return add_object(v, NULL, depth, out, err);
	if (cJSON_IsArray(v))
		return add_array(v, depth, out, err);
	if (cJSON_IsString(v))
		return add_string(v->valuestring, out, err);
	if (cJSON_IsNumber(v)) {
		if (!isfinite(v->valuedouble))
			return err_set(err, ERR_INVALID, "canonical JSON: a number is not finite");
		jcs_number(v->valuedouble, number);
		buf_adds(out, number);
		return true;
	}
	if (!cJSON_IsBool(v) && !cJSON_IsNull(v))
		return err_set(err, ERR_INVALID, "canonical JSON: a value of an unknown type");
	buf_adds(out, cJSON_IsNull(v) ? "null" : cJSON_IsTrue(v) ? "true" : "false");
	return true;
}

bool jcs_canonical(const cJSON *value, struct buf *out, struct err *err)
{
	if (!value)
		return err_set(err, ERR_INVALID, "canonical JSON: no value");
	return add_value(value, 0, out, err) && buf_check(out, "canonical JSON", err);
}

bool jcs_canonical_without(const cJSON *object, const char *member, struct buf *out, struct err *err)
{
	if (!cJSON_IsObject(object))
		return err_set(err, ERR_INVALID, "canonical JSON: not an object");
	return add_object(object, member, 0, out, err) && buf_check(out, "canonical JSON", err);
}
