/* What a certificate says, in plain words, and what it does not say. Only what is signed is repeated; the sentences are ours. */
#include "credential/badge.h"
#include "credential/verify_internal.h"
#include <stdio.h>

static const char *or_null(const char *s)
{
	return *s ? s : NULL;
}

/* The first of one or a list of them, as JSON-LD has it; those of a list follow it. */
static const cJSON *first_of(const cJSON *o, const char *key)
{
	const cJSON *v = verify_get(o, key);
	return cJSON_IsArray(v) ? v->child : v;
}

/* What follows it; the members behind a single one are others. */
static const cJSON *next_of(const cJSON *o, const char *key, const cJSON *one)
{
	return cJSON_IsArray(verify_get(o, key)) ? one->next : NULL;
}

/* The result of what was measured as `type`: its value, or its status. NULL: there is none. */
static const char *measured(const cJSON *subject, const char *type)
{
	const cJSON *achievement = verify_get(subject, "achievement");
	for (const cJSON *d = first_of(achievement, "resultDescription"); d; d = next_of(achievement, "resultDescription", d)) {
		if (strcmp(verify_text(d, "resultType"), type) != 0)
			continue;
		for (const cJSON *r = first_of(subject, "result"); r; r = next_of(subject, "result", r))
			if (strcmp(verify_text(r, "resultDescription"), verify_text(d, "id")) == 0)
				return or_null(*verify_text(r, "value") ? verify_text(r, "value") : verify_text(r, "status"));
	}
	return NULL;
}

/* The name that the holder chose; *ret_hashed: there are hashed ones, too. */
static const char *holder_name(const cJSON *subject, bool *ret_hashed)
{
	const char *name = NULL;
	for (const cJSON *one = first_of(subject, "identifier"); one; one = next_of(subject, "identifier", one)) {
		if (cJSON_IsTrue(verify_get(one, "hashed")))
			*ret_hashed = true;
		else if (!name && strcmp(verify_text(one, "identityType"), "name") == 0)
			name = or_null(verify_text(one, "identityHash"));
	}
	return name;
}

static void add_sentence(cJSON *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add_sentence(cJSON *list, const char *fmt, ...)
{
	_cleanup_buf_ struct buf text = BUF(2000);
	char part[1500];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(part, sizeof part, fmt, ap);
	va_end(ap);
	struct str s = str_of(part);
	for (size_t at; !str_is_utf8(s, &at);)
		s.len = at;
	buf_addv(&text, s);
	json_add_str(list, buf_str(&text).p);
}

static cJSON *says(const struct verify_work *w, const cJSON *document, const cJSON *subject)
{
	cJSON *list = json_array();
	const char *issuer = verify_text(verify_get(document, "issuer"), "name"), *until = verify_text(document, "validUntil");
	const char *error = measured(subject, "ext:StandardError"), *chance = measured(subject, "ext:ChanceAtOrAboveCut");
	const char *by_hand = measured(subject, "ext:ByHand");
	bool hashed = false;
	const char *name = holder_name(subject, &hashed);
	add_sentence(list, "%.200s says that %.200s passed \"%.300s\".", *issuer ? issuer : w->issuer, name ? name : "its holder",
	             verify_text(verify_get(subject, "achievement"), "name"));
	if (error)
		add_sentence(list, "The score has a standard error of %.60s: another form of the exam would have given a somewhat different one.",
		             error);
	if (chance)
		add_sentence(list, "The chance that the true score is at or above the cut is %.60s.", chance);
	if (by_hand)
		add_sentence(list, "Tasks that were done by hand, in a real shell, were worth %.60s percent of the points.", by_hand);
	if (*until)
		add_sentence(list, "It is valid until %.40s, unless its issuer takes it back before.", until);
	return list;
}

static cJSON *does_not_say(const cJSON *subject)
{
	cJSON *list = json_array();
	bool hashed = false;
	const char *name = holder_name(subject, &hashed);
	if (!name)
		json_add_str(list, "Who the holder is: the name is only there as a hash, which can be compared with a name that somebody gives.");
	json_add_str(list, "Who sat in front of the screen. How candidates were watched is among the rules, where it was recorded.");
	json_add_str(list, "Anything about what was not measured: see the list of domains.");
	json_add_str(list, "That what was shown on that day can still be done today.");
	if (!measured(subject, "ext:ByHand"))
		json_add_str(list, "That anything was done by hand.");
	return list;
}

cJSON *verify_claims(const struct verify_work *w)
{
	const cJSON *d = w->v->document, *subject = verify_get(d, "credentialSubject"), *achievement = verify_get(subject, "achievement");
	cJSON *o = json_object(), *issuer = json_object(), *holder = json_object();
	bool hashed = false;
	const char *name = holder_name(subject, &hashed), *awarded = verify_text(d, "awardedDate");
	json_set_str(o, "title", verify_text(achievement, "name"));
	json_set_str(issuer, "id", w->issuer);
	json_set_str(issuer, "name", or_null(verify_text(verify_get(d, "issuer"), "name")));
	json_set(o, "issuer", issuer);
	json_set_str(holder, "name", name);
	json_set_bool(holder, "hashed", hashed);
	json_set(o, "holder", holder);
	json_set_str(o, "issued_at", *awarded ? awarded : verify_text(d, "validFrom"));
	json_set_str(o, "valid_from", verify_text(d, "validFrom"));
	json_set_str(o, "valid_until", or_null(verify_text(d, "validUntil")));
	json_set_str(o, "verdict", measured(subject, "Status"));
	json_set(o, "score", badge_scores(d));
	json_set_str(o, "by_hand", measured(subject, "ext:ByHand"));
	json_set_str(o, "rules", or_null(verify_text(verify_get(achievement, "criteria"), "narrative")));
	json_set(o, "says", says(w, d, subject));
	json_set(o, "does_not_say", does_not_say(subject));
	return o;
}
