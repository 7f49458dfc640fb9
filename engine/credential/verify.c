/* The report: what is asked for, in which order, and how it is written. See verify.h. */
#include "base/clock.h"
#include "credential/verify_internal.h"
#include <assert.h>
#include <stdio.h>

static const char *const outcome_names[] = {"pass", "fail", "unknown", "absent"};
static const char *const verdict_names[] = {"valid", "invalid", "unknown"};

const char *verify_outcome_name(enum verify_outcome outcome)
{
	return outcome_names[outcome];
}
const char *verify_verdict_name(enum verify_verdict verdict)
{
	return verdict_names[verdict];
}

struct verify_check *verify_add(struct verify_work *w, const char *id, enum verify_outcome outcome, bool required, const char *code,
                                const char *fmt, ...)
{
	_cleanup_buf_ struct buf reason = BUF(2000);
	char text[1000];
	va_list ap;
	assert(w->v->n < CHECKS_MAX);
	struct verify_check *c = &w->v->checks[w->v->n++];
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	struct str s = str_of(text);
	for (size_t at; !str_is_utf8(s, &at);) /* cut within a character */
		s.len = at;
	buf_addv(&reason, s);
	if (s.len && !strchr(".!?", s.p[s.len - 1]))
		buf_addc(&reason, '.');
	*c = (struct verify_check){.id = id, .outcome = outcome, .required = required, .reason = buf_take(&reason, NULL)};
	if (c->reason[0] >= 'a' && c->reason[0] <= 'z')
		c->reason[0] = (char)(c->reason[0] - 'a' + 'A');
	snprintf(c->code, sizeof c->code, "%s", code);
	return c;
}

static const struct verify_check *find_check(const struct verification *v, const char *id)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->checks[i].id, id) == 0)
			return &v->checks[i];
	return NULL;
}

bool verify_passed(const struct verification *v, const char *id)
{
	const struct verify_check *c = find_check(v, id);
	return c && c->outcome == VERIFY_PASS;
}

const cJSON *verify_get(const cJSON *o, const char *key)
{
	return cJSON_IsObject(o) ? cJSON_GetObjectItemCaseSensitive(o, key) : NULL;
}

const char *verify_text(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(verify_get(o, key));
	return s ? s : "";
}

/* ---- Dates and holder ---- */

void verify_dates(struct verify_work *w)
{
	const cJSON *d = w->v->document;
	const char *until = verify_text(d, "validUntil");
	int64_t from_ms = 0, until_ms = 0, now = w->v->now_ms;
	struct err err;
	struct verify_check *c;
	bool read =
	    clock_parse_rfc3339(verify_text(d, "validFrom"), &from_ms, &err) && (!*until || clock_parse_rfc3339(until, &until_ms, &err));
	if (!read)
		c = verify_add(w, "dates", VERIFY_FAIL, true, "wrong-type", "its dates cannot be read: %s", err.msg);
	else if (*until && until_ms <= from_ms)
		c = verify_add(w, "dates", VERIFY_FAIL, true, "expired", "it ends before it begins");
	else if (now + VERIFY_CLOCK_SKEW_MS < from_ms)
		c = verify_add(w, "dates", VERIFY_FAIL, true, "not-yet-valid", "it is valid from %s on", verify_text(d, "validFrom"));
	else if (*until && now >= until_ms)
		c = verify_add(w, "dates", VERIFY_FAIL, true, "expired", "it expired on %s", until);
	else if (*until)
		c = verify_add(w, "dates", VERIFY_PASS, true, "ok", "valid from %s until %s", verify_text(d, "validFrom"), until);
	else
		c = verify_add(w, "dates", VERIFY_PASS, true, "ok", "valid from %s on, without an end", verify_text(d, "validFrom"));
	c->as_of_ms = now;
}

/* ---- All of it ---- */

static void check_credential(struct verify_work *w)
{
	if (!verify_document(w))
		return;
	verify_proofs(w);
	verify_dates(w);
	verify_status(w);
	verify_log(w);
	verify_picture(w);
	verify_holder(w);
	w->v->claims = verify_claims(w);
}

struct verification *verify_input(struct str input, const struct verify_options *options)
{
	struct verification *v = xcalloc(1, sizeof *v);
	struct verify_work w = {.options = options, .v = v, .canonical = BUF(2 * CREDENTIAL_MAX)};
	bool is_result = false;
	v->now_ms = options->now_ms;
	v->format = "json";
	if (verify_open(&w, input, &is_result)) {
		if (is_result)
			verify_result(&w, input);
		else
			check_credential(&w);
	}
	bundle_finish(&w.bundle);
	did_document_finish(&w.did);
	buf_finish(&w.canonical);
	if (w.has_picture)
		picture_baked_finish(&w.picture);
	return v;
}

void verification_destroy(struct verification *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++)
		free(v->checks[i].reason);
	cJSON_Delete(v->document);
	cJSON_Delete(v->claims);
	free(v);
}

enum verify_verdict verification_verdict(const struct verification *v)
{
	enum verify_verdict verdict = VERDICT_VALID;
	for (size_t i = 0; i < v->n; i++) {
		if (v->checks[i].outcome == VERIFY_FAIL)
			return VERDICT_INVALID;
		if (v->checks[i].outcome == VERIFY_UNKNOWN && v->checks[i].required)
			verdict = VERDICT_UNKNOWN;
	}
	return v->n ? verdict : VERDICT_UNKNOWN;
}

const struct verify_check *verification_checks(const struct verification *v, size_t *ret_n)
{
	*ret_n = v->n;
	return v->checks;
}
const cJSON *verification_claims(const struct verification *v)
{
	return v->claims;
}
const char *verification_format(const struct verification *v)
{
	return v->format;
}

static void add_check(const struct verify_check *c, struct buf *out)
{
	char time[CLOCK_RFC3339_SIZE];
	buf_addf(out, "{\"id\":\"%s\",\"outcome\":\"%s\",\"required\":%s,\"code\":\"%s\",\"reason\":", c->id, outcome_names[c->outcome],
	         c->required ? "true" : "false", c->code);
	buf_add_json(out, str_of(c->reason));
	if (c->as_of_ms)
		buf_addf(out, ",\"as_of\":\"%s\"}", clock_rfc3339(c->as_of_ms, time));
	else
		buf_adds(out, ",\"as_of\":null}");
}

void verification_json(const struct verification *v, struct buf *out)
{
	char time[CLOCK_RFC3339_SIZE];
	buf_addf(out, "{\"verdict\":\"%s\",\"format\":\"%s\",\"checked_at\":\"%s\",\"checks\":[", verdict_names[verification_verdict(v)],
	         v->format, clock_rfc3339(v->now_ms, time));
	for (size_t i = 0; i < v->n; i++) {
		buf_adds(out, i ? "," : "");
		add_check(&v->checks[i], out);
	}
	buf_adds(out, "],\"credential\":");
	if (v->document)
		json_print(v->document, out);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"claims\":");
	if (v->claims)
		json_print(v->claims, out);
	else
		buf_adds(out, "null");
	buf_addc(out, '}');
}
