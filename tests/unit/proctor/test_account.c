/* Accounts, sign-in, sessions and tokens; and that what an operator changes takes effect. */
#include "kit.h"

#define PASSWORD "correct horse battery"

static struct err change_err;
#define CHANGE(k, call)                                                    \
	({                                                                     \
		struct reply r_ = WRITE(k, (call) && (buf_adds(out, "{}"), true)); \
		change_err = r_.err;                                               \
		reply_finish(&r_);                                                 \
		r_.ok;                                                             \
	})

static void add(struct kit *k, const char *name)
{
	assert_true(CHANGE(k, account_add(pr, wr, name, PASSWORD, ROLE_CANDIDATE, 1000, err)));
}

static void test_adding(void **state)
{
	(void)state;
	static const struct {
		const char *name, *password;
		int extra;
		enum err_code code;
	} cases[] = {
	    {"ada", "short", 1000, ERR_INVALID},
	    {"", PASSWORD, 1000, ERR_INVALID},
	    {"   ", PASSWORD, 1000, ERR_INVALID},
	    {"tab\there", PASSWORD, 1000, ERR_INVALID},
	    {"\xff\xfe", PASSWORD, 1000, ERR_INVALID},
	    {"0123456789012345678901234567890123456789012345678901234567890123x", PASSWORD, 1000, ERR_TOO_LARGE},
	    {"ada", PASSWORD, 999, ERR_INVALID},
	    {"ada", PASSWORD, 5001, ERR_INVALID},
	    {"  Ada   Lovelace ", PASSWORD, 1250, ERR_NONE},
	    {"Ada Lovelace", PASSWORD, 1000, ERR_CONFLICT},
	    {"local", PASSWORD, 1000, ERR_CONFLICT},
	};
	struct kit k;
	kit_open(&k);
	assert_false(account_any(k.pr, k.rd));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool ok = CHANGE(&k, account_add(pr, wr, cases[i].name, cases[i].password, ROLE_CANDIDATE, cases[i].extra, err));
		if (ok != (cases[i].code == ERR_NONE) || (!ok && change_err.code != cases[i].code))
			fail_msg("'%s': %s", cases[i].name, ok ? "added" : err_name(change_err.code));
	}
	pass(1500); /* the server asks once a second */
	assert_true(account_any(k.pr, k.rd));
	_cleanup_reply_ struct reply list = READ(&k, account_list_json(pr, rd, out, err));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "accounts")), 1);
	assert_string_equal(text_at(&list, "accounts.0.name"), "Ada Lovelace");
	assert_null(strstr(list.text, "argon2"));
	kit_close(&k);
}

static void test_passwords(void **state)
{
	(void)state;
	struct kit k;
	int64_t account;
	struct err why;
	kit_open(&k);
	add(&k, "ada");
	must(account_verify(k.pr, k.rd, "ada", PASSWORD, &account, &why), &why);
	must(account_verify(k.pr, k.rd, " ada ", PASSWORD, &account, &why), &why);
	const char *wrong[][2] = {{"ada", "wrong"},    {"ada", ""},    {"ada", PASSWORD " "}, {"nobody", PASSWORD},
	                          {"local", PASSWORD}, {"", PASSWORD}, {"Ada", PASSWORD}};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(account_verify(k.pr, k.rd, wrong[i][0], wrong[i][1], &account, &why));
		assert_int_equal(why.code, ERR_CREDENTIALS);
		assert_string_equal(why.msg, "the name or the password is wrong"); /* which, is not told */
	}
	assert_true(CHANGE(&k, account_set_password(pr, wr, "ada", "another long password", err)));
	assert_false(account_verify(k.pr, k.rd, "ada", PASSWORD, &account, &why));
	must(account_verify(k.pr, k.rd, "ada", "another long password", &account, &why), &why);
	assert_true(CHANGE(&k, account_disable(pr, wr, "ada", true, err)));
	assert_false(account_verify(k.pr, k.rd, "ada", "another long password", &account, &why));
	assert_int_equal(why.code, ERR_CREDENTIALS);
	assert_true(CHANGE(&k, account_disable(pr, wr, "ada", false, err)));
	must(account_verify(k.pr, k.rd, "ada", "another long password", &account, &why), &why);
	assert_false(CHANGE(&k, account_disable(pr, wr, "nobody", true, err)));
	assert_int_equal(change_err.code, ERR_NOT_FOUND);
	assert_false(CHANGE(&k, account_set_password(pr, wr, "local", PASSWORD, err)));
	kit_close(&k);
}

static void open_session(struct kit *k, const char *name, char cookie[44])
{
	int64_t account;
	struct err why;
	must(account_verify(k->pr, k->rd, name, PASSWORD, &account, &why), &why);
	assert_true(CHANGE(k, account_session_open(pr, wr, account, cookie, err)));
}

static bool known(struct kit *k, const char *cookie)
{
	struct caller who = {.lease = 7};
	struct err why;
	bool ok = account_by_cookie(k->pr, k->rd, cookie, &who, &why);
	if (!ok)
		assert_int_equal(why.code, ERR_UNAUTHENTICATED);
	else
		assert_int_equal(who.lease, 7); /* of the request, not of the session */
	return ok;
}

static void test_sessions(void **state)
{
	(void)state;
	struct kit k;
	char cookie[44], other[44];
	struct caller who = {0};
	struct err why;
	kit_open(&k);
	add(&k, "ada");
	open_session(&k, "ada", cookie);
	open_session(&k, "ada", other);
	assert_string_not_equal(cookie, other);
	must(account_by_cookie(k.pr, k.rd, cookie, &who, &why), &why);
	assert_true(who.account > 1 && who.role == ROLE_CANDIDATE && who.session && strlen(who.csrf) == 43);
	_cleanup_reply_ struct reply r = READ(&k, account_session_json(pr, rd, &who, out, err));
	assert_string_equal(text_at(&r, "account.name"), "ada");
	assert_string_equal(text_at(&r, "csrf"), who.csrf);
	assert_true(cJSON_IsTrue(at(r.json, "accounts")));
	cookie[5] ^= 1;
	assert_false(known(&k, cookie));
	cookie[5] ^= 1;
	assert_false(known(&k, ""));
	assert_false(known(&k, "x"));
	struct caller token_who;
	assert_false(account_by_token(k.pr, k.rd, cookie, &token_who, &why)); /* a cookie is no token */
	assert_true(CHANGE(&k, account_session_close(pr, wr, &who, err)));
	assert_false(known(&k, cookie));
	assert_true(known(&k, other));
	crash(&k, 1000);
	assert_true(known(&k, other)); /* a restart signs nobody out */
	kit_close(&k);
}

static void test_how_long_a_session_lasts(void **state)
{
	(void)state;
	struct kit k;
	char cookie[44];
	kit_open(&k);
	add(&k, "ada");
	open_session(&k, "ada", cookie);
	pass(12 * MS_HOUR - 1);
	assert_true(known(&k, cookie));
	pass(12 * MS_HOUR);
	assert_false(known(&k, cookie)); /* idle */
	open_session(&k, "ada", cookie);
	int hours = 0;
	for (; hours < 200 && known(&k, cookie); hours += 11) {
		pass(11 * MS_HOUR);
		tick(&k); /* what was seen is written down now and then */
	}
	assert_in_range(hours, 7 * 24, 7 * 24 + 11); /* in use, and over after a week all the same */
	open_session(&k, "ada", cookie);
	pass(11 * MS_HOUR);
	assert_true(known(&k, cookie));
	tick(&k);
	crash(&k, 11 * MS_HOUR);
	assert_true(known(&k, cookie)); /* not 22 hours idle */
	kit_close(&k);
}

/* Another program changes an account: the server's memory follows within a second. */
static void test_changes_from_outside(void **state)
{
	(void)state;
	struct kit k;
	char cookie[44], token[44];
	struct err why;
	struct proctor *outside;
	struct caller who = {0};
	kit_open(&k);
	add(&k, "ada");
	open_session(&k, "ada", cookie);
	assert_true(CHANGE(&k, account_token(pr, wr, "ada", token, err)));
	assert_true(known(&k, cookie));
	must(account_by_token(k.pr, k.rd, token, &who, &why), &why);
	assert_int_equal(who.session, 0);
	struct proctor_config config = k.config;
	config.beside = true;
	must(proctor_open(&config, &outside, &why), &why);
	struct store *own = proctor_writer_store(outside);
	must(store_begin(own, &why) && account_disable(outside, own, "ada", true, &why) && store_commit(own, &why), &why);
	proctor_close(outside);
	pass(1001);
	assert_false(known(&k, cookie));
	assert_false(account_by_token(k.pr, k.rd, token, &who, &why));
	assert_int_equal(why.code, ERR_UNAUTHENTICATED);
	assert_false(CHANGE(&k, account_token(pr, wr, "ada", token, err)));
	assert_int_equal(change_err.code, ERR_CONFLICT);
	kit_close(&k);
}

/* More sessions than the memory has room for: all of them are known. */
static void test_many_sessions(void **state)
{
	(void)state;
	struct kit k;
	struct err why;
	int64_t account;
	kit_open(&k);
	add(&k, "ada");
	must(account_verify(k.pr, k.rd, "ada", PASSWORD, &account, &why), &why);
	enum { N = 6000 };
	char(*cookies)[44] = xcalloc(N, sizeof *cookies);
	struct store *own = proctor_writer_store(k.pr);
	must(store_begin(own, &why), &why);
	for (int i = 0; i < N; i++)
		must(account_session_open(k.pr, own, account, cookies[i], &why), &why);
	must(store_commit(own, &why), &why);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++)
			assert_true(known(&k, cookies[i]));
	free(cookies);
	kit_close(&k);
}

static void test_accounts_are_required(void **state)
{
	(void)state;
	struct kit k;
	struct proctor *pr;
	struct err why;
	kit_open(&k);
	kit_stop(&k);
	k.config.accounts_required = true;
	assert_false(proctor_open(&k.config, &pr, &why));
	assert_int_equal(why.code, ERR_CONFLICT);
	k.config.accounts_required = false;
	kit_start(&k);
	add(&k, "ada");
	kit_stop(&k);
	k.config.accounts_required = true;
	kit_start(&k);
	assert_true(account_any(k.pr, k.rd));
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_adding),
	    cmocka_unit_test(test_passwords),
	    cmocka_unit_test(test_sessions),
	    cmocka_unit_test(test_how_long_a_session_lasts),
	    cmocka_unit_test(test_changes_from_outside),
	    cmocka_unit_test(test_many_sessions),
	    cmocka_unit_test(test_accounts_are_required),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
