/* The verifier: what it makes of a certificate, whom it asks, and every changed byte. What other people's software signs, and every way to
 * change it, is in tests/lib/tamper.mjs. */
#include "../test.h"
#include "credential/bundle.h"
#include "verify_kit.h"
#include <sodium.h>
#include <stdio.h>

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct fixture {
	struct buf credential, list;
	struct trust trust;
};

static void set_up(struct fixture *f)
{
	struct sign_key credentials, status;
	_cleanup_json_ cJSON *badge = kit_badge();
	*f = (struct fixture){.credential = BUF(1 << 20), .list = BUF(1 << 20)};
	kit_key(1, &credentials);
	kit_key(2, &status);
	kit_sign(badge, &credentials, &f->credential);
	kit_list(-1, &status, &f->list);
	kit_trust(&f->trust);
}

static void tear_down(struct fixture *f)
{
	buf_finish(&f->credential);
	buf_finish(&f->list);
	trust_finish(&f->trust);
}

static void bundle(const struct fixture *f, struct str list, struct buf *out)
{
	struct err err;
	const struct bundle_parts parts = {.credential = buf_str(&f->credential), .status_list = list, .made_ms = KIT_NOW_MS};
	assert_true(bundle_write(&parts, out, &err));
}

static const struct verify_check *check_of(const struct verification *v, const char *id)
{
	size_t n;
	const struct verify_check *c = verification_checks(v, &n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(c[i].id, id) == 0)
			return &c[i];
	fail_msg("there is no check %s", id);
	return NULL;
}

static void expect(struct str input, const struct verify_options *options, enum verify_verdict verdict, const char *id, const char *code)
{
	_cleanup_(verification_destroyp) struct verification *v = verify_input(input, options);
	_cleanup_buf_ struct buf json = BUF(8 << 20);
	verification_json(v, &json);
	if (verification_verdict(v) != verdict || (id && strcmp(check_of(v, id)->code, code) != 0))
		fail_msg("%s", json.p);
	_cleanup_json_ cJSON *tree = NULL;
	struct err err;
	assert_true(json_parse(buf_str(&json), &tree, &err)); /* the report is JSON, whatever was in the input */
}

static void test_verdicts(void **state)
{
	(void)state;
	struct fixture f;
	struct sign_key status;
	_cleanup_buf_ struct buf good = BUF(4 << 20), revoked = BUF(4 << 20), list = BUF(1 << 20);
	set_up(&f);
	kit_key(2, &status);
	kit_list(7, &status, &list);
	bundle(&f, buf_str(&f.list), &good);
	bundle(&f, buf_str(&list), &revoked);
	struct verify_options o = {.trust = &f.trust, .now_ms = KIT_NOW_MS};
	expect(buf_str(&good), &o, VERDICT_VALID, "status", "ok");
	expect(buf_str(&revoked), &o, VERDICT_INVALID, "status", "revoked");
	expect(buf_str(&f.credential), &o, VERDICT_UNKNOWN, "status", "status-unreachable");
	o.now_ms = KIT_NOW_MS + 2 * MS_DAY;
	expect(buf_str(&good), &o, VERDICT_UNKNOWN, "status", "status-stale");
	expect(buf_str(&revoked), &o, VERDICT_UNKNOWN, "status", "status-stale");
	o.now_ms = KIT_NOW_MS + 365 * MS_DAY; /* the very end */
	expect(buf_str(&good), &o, VERDICT_INVALID, "dates", "expired");
	o.now_ms = KIT_NOW_MS - MS_HOUR - VERIFY_CLOCK_SKEW_MS; /* an issuer's clock may be that far ahead */
	expect(buf_str(&good), &o, VERDICT_VALID, "dates", "ok");
	o.now_ms--;
	expect(buf_str(&good), &o, VERDICT_INVALID, "dates", "not-yet-valid");
	o = (struct verify_options){.now_ms = KIT_NOW_MS};
	expect(buf_str(&good), &o, VERDICT_UNKNOWN, "issuer", "key-not-trusted");
	o = (struct verify_options){.trust = &f.trust, .now_ms = KIT_NOW_MS, .holder = "ada"};
	expect(buf_str(&good), &o, VERDICT_VALID, "holder", "ok");
	o.holder = "Ada";
	expect(buf_str(&good), &o, VERDICT_VALID, "holder", "ok");
	o.holder = "Eve";
	expect(buf_str(&good), &o, VERDICT_INVALID, "holder", "holder-mismatch");
	tear_down(&f);
}

/* Each byte in three ways: never valid. */
static void test_every_byte(void **state)
{
	(void)state;
	static const char changes[] = {1, 0x20, (char)0x80};
	struct fixture f;
	_cleanup_buf_ struct buf b = BUF(4 << 20);
	set_up(&f);
	bundle(&f, (struct str){0}, &b);
	struct verify_options o = {.trust = &f.trust, .now_ms = KIT_NOW_MS};
	size_t end = (size_t)(strstr(b.p, "\"didDocument\"") - b.p); /* the credential comes before it */
	for (size_t i = 0; i < end; i++) {
		for (size_t c = 0; c < ARRAY_SIZE(changes); c++) {
			b.p[i] ^= changes[c];
			_cleanup_(verification_destroyp) struct verification *v = verify_input(buf_str(&b), &o);
			if (verification_verdict(v) != VERDICT_INVALID)
				fail_msg("byte %zu as '%c': %s", i, b.p[i], verify_verdict_name(verification_verdict(v)));
			b.p[i] ^= changes[c];
		}
	}
	for (size_t len = 0; len < b.len; len += 7) {
		_cleanup_(verification_destroyp) struct verification *v = verify_input((struct str){b.p, len}, &o);
		assert_int_equal(verification_verdict(v), VERDICT_INVALID);
	}
	tear_down(&f);
}

/* ---- Who is asked ---- */

struct web {
	const struct fixture *f;
	char asked[2000];
	bool down;
};

static bool fetch(void *arg, const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], struct err *err)
{
	struct web *w = arg;
	struct sign_key keys[2];
	size_t used = strlen(w->asked);
	snprintf(w->asked + used, sizeof w->asked - used, "%s\n", url);
	snprintf(ret_from, VERIFY_URL_SIZE, "%s", url);
	assert_true(size_max > 0);
	if (w->down)
		return err_set(err, ERR_IO, "the network is down");
	if (strcmp(url, KIT_HOST "/status/1") == 0) {
		buf_addv(out, buf_str(&w->f->list));
		return true;
	}
	if (strcmp(url, KIT_HOST "/.well-known/did.json") != 0)
		return err_set(err, ERR_IO, "404");
	struct did_method methods[2] = {{.asserts = true}, {.asserts = true}};
	for (unsigned char i = 0; i < 2; i++) {
		kit_key((unsigned char)(i + 1), &keys[i]);
		memcpy(methods[i].key, keys[i].public_key, SIGN_KEY_SIZE);
	}
	_cleanup_json_ cJSON *document = did_document_json(KIT_ISSUER, methods, 2);
	json_print(document, out);
	return true;
}

static void test_fetching(void **state)
{
	(void)state;
	struct fixture f;
	set_up(&f);
	struct web w = {.f = &f};
	struct verify_options o = {.fetch = fetch, .fetch_arg = &w, .now_ms = KIT_NOW_MS};
	expect(buf_str(&f.credential), &o, VERDICT_VALID, "issuer", "ok");
	assert_string_equal(w.asked, KIT_HOST "/.well-known/did.json\n" KIT_HOST "/status/1\n" KIT_HOST "/credentials/1/log-proof\n");
	w = (struct web){.f = &f, .down = true};
	expect(buf_str(&f.credential), &o, VERDICT_UNKNOWN, "issuer", "key-not-trusted");
	o.trust = &f.trust;
	expect(buf_str(&f.credential), &o, VERDICT_UNKNOWN, "status", "status-unreachable");
	/* What was changed makes nobody be asked for a list, and a list elsewhere is not asked for. */
	_cleanup_json_ cJSON *changed = kit_badge();
	_cleanup_buf_ struct buf elsewhere = BUF(1 << 20);
	struct sign_key key;
	kit_key(1, &key);
	cJSON *entry = cJSON_GetObjectItemCaseSensitive(changed, "credentialStatus");
	cJSON_DeleteItemFromObjectCaseSensitive(entry, "statusListCredential");
	json_set_str(entry, "statusListCredential", "https://exam.example.org.evil.example/status/1");
	kit_sign(changed, &key, &elsewhere);
	w = (struct web){.f = &f};
	expect(buf_str(&elsewhere), &o, VERDICT_UNKNOWN, "status", "status-unreachable");
	assert_null(strstr(w.asked, "evil"));
	*strstr(f.credential.p, "742") = '8';
	w = (struct web){.f = &f};
	expect(buf_str(&f.credential), &o, VERDICT_INVALID, "proof-jcs", "changed");
	assert_null(strstr(w.asked, "status"));
	tear_down(&f);
}

static void test_text_of_links(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum verify_verdict verdict;
		const char *code;
	} rows[] = {
	    {"https://exam.example.org/verify/1#sha256=" HEX, VERDICT_UNKNOWN, "not-fetched"},
	    {"urn:uuid:1#sha256=" HEX, VERDICT_UNKNOWN, "not-fetched"},
	    {"https://exam.example.org/verify/1#sha256=" HEX "0", VERDICT_INVALID, "hash-missing"},
	    {"https://exam.example.org/verify/1#sha256=ABC", VERDICT_INVALID, "hash-missing"},
	    {"https://exam.example.org/verify/1", VERDICT_INVALID, "hash-missing"},
	    {"https://exam.example.org#sha256=" HEX, VERDICT_INVALID, "no-credential"},
	    {"https://exam.example.org/verify/#sha256=" HEX, VERDICT_INVALID, "no-credential"},
	    {"https://exam.example.org/verify/../x#sha256=" HEX, VERDICT_INVALID, "no-credential"},
	    {"https://exam.example.org/verify/%2e%2e#sha256=" HEX, VERDICT_INVALID, "no-credential"},
	    {"https://exam.example.org/verify/1 #sha256=" HEX, VERDICT_INVALID, "not-json"},
	    {"ftp://exam.example.org/verify/1#sha256=" HEX, VERDICT_INVALID, "not-json"},
	};
	struct verify_options o = {.now_ms = KIT_NOW_MS};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect(str_of(rows[i].text), &o, rows[i].verdict, "format", rows[i].code);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdicts),
	    cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_fetching),
	    cmocka_unit_test(test_text_of_links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
