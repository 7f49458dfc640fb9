/* Hostile and mistaken authors, with the real assay-grader and no boxes: whatever a grader does, there is a bounded answer that names the
 * line. */
#include "../test.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/grade.h"
#include <stdio.h>
#include <string.h>

static const char *program(void)
{
	const char *p = getenv("ASSAY_GRADER");
	assert_non_null(p);
	return p;
}

static void run(const char *lua, struct grade_result *ret)
{
	struct err err;
	struct grade_job job = {.program = program(), .lua = str_of(lua), .image = "host", .cpu_ms = 1000, .wall_ms = 60000};
	if (!grade_run(NULL, &job, ret, &err))
		fail_msg("%s", err.msg);
}

/* One check with this body; it must be ungraded, with the text in its message. */
static void expect_ungraded(const char *body, const char *text)
{
	struct grade_result r;
	_cleanup_free_ char *lua = xasprintf("check('x', 1, 'X', function()\n%s\nend)\n", body);
	run(lua, &r);
	if (r.n_checks != 1)
		fail_msg("%s: %s", body, r.error ? r.error : "no check");
	if (r.checks[0].outcome != GRADE_UNGRADED || !strstr(r.checks[0].message, text))
		fail_msg("%s\nis %s: '%s', not '%s'", body, grade_outcome_name(r.checks[0].outcome), r.checks[0].message, text);
	assert_true(r.ungraded);
	assert_int_equal(r.checks[0].points_m, 0);
	grade_result_finish(&r);
}

static void test_limits_of_authors(void **state)
{
	(void)state;
	expect_ungraded("while true do end", "grader.lua:2: the program takes too long");
	expect_ungraded("local s = string.rep('x', 2 << 30)", "grader.lua:2: resulting string too large");
	expect_ungraded("local s = string.rep('x', 1 << 30)", "grader.lua:2: not enough memory");
	expect_ungraded("local s = 'x' while true do s = s .. s end", "grader.lua:2: not enough memory");
	expect_ungraded("local t = {} for i = 1, 1e12 do t[i] = {} end", "grader.lua:2: not enough memory");
	/* In C: no hook is called, and the process is ended; it still says where. */
	expect_ungraded("\nlocal s = string.rep('a', 100000)\ns:find(string.rep('a*', 30) .. 'b')", "grader.lua:4: the grader takes too long");
	expect_ungraded("string.rep('', 1 << 62)", "grader.lua:2: the grader takes too long");
	expect_ungraded("table.move({}, 1, 1 << 60, 2)", "grader.lua:2: the grader takes too long");
	expect_ungraded("local function f() return f() + 1 end f()", "grader.lua:2: ");
	expect_ungraded("table.sort({ 3, 1, 2, 5, 4, 9, 8 }, function() return true end) error('sorted')", "grader.lua:2: ");
	expect_ungraded("local t = {} t.t = t; json.encode(t)", "grader.lua:2: json.encode: more than");
}

static void test_what_is_not_there(void **state)
{
	static const char *const names[] = {"io",           "os",           "debug",           "require",     "load",
	                                    "loadstring",   "dofile",       "pcall",           "xpcall",      "coroutine",
	                                    "setmetatable", "getmetatable", "collectgarbage",  "string.dump", "package",
	                                    "_G",           "math.random",  "math.randomseed", "print"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_free_ char *body = xasprintf("%s()", names[i]);
		expect_ungraded(body, "attempt to call a nil value");
	}
	expect_ungraded("string.pack('!999i1', 1)", "grader.lua:2: ");
	struct err err;
	struct grade_result r;
	assert_false(grade_declared(program(), STR("\033LuaS\0\x19\x93"), &r, &err));
	assert_non_null(strstr(err.msg, "binary"));
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *lua, *message;
	} table[] = {
	    {"", "no check is declared"},
	    {"check(", "grader.lua:1: "},
	    {"\nerror('x')", "grader.lua:2: x"},
	    {"check('a', 1, 'A')", "grader.lua:1: check 'a': the last value is the function"},
	    {"check('A', 1, 'A', function() end)", "grader.lua:1: check: the id 'A' is made of"},
	    {"check('a', -1, 'A', function() end)", "grader.lua:1: check 'a': the points"},
	    {"check('a', 0.0001, 'A', function() end)", "grader.lua:1: check 'a': the points"},
	    {"check('a', 1, 'A', function() end)\ncheck('a', 1, 'A', function() end)", "grader.lua:2: check: there are two checks 'a'"},
	    {"check('a', 1, 'A', { needs = 'b' }, function() end)", "grader.lua:1: check 'a' needs 'b', which is not declared above it"},
	    {"check('a', 1, 'A', { need = 'b' }, function() end)", "grader.lua:1: check 'a': there is no option 'need'"},
	    {"check('a', 1, 'A', function() end)\ncheck('b', 1, 'B', { live = true, needs = 'a' }, function() end)",
	     "grader.lua:2: check 'b' is live"},
	    {"file.read('/etc/passwd')", "grader.lua:1: look at the work inside a check's function"},
	    {"expect(false, 'x')", "grader.lua:1: expect is called inside a check's function"},
	    {"for i = 1, 101 do check('c' .. i, 1, 'C', function() end) end", "grader.lua:1: more than 100 checks"},
	    {"while true do end", "takes too long"},
	    {"x = string.rep('x', 1 << 40)", "grader.lua:1: "},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct err err = {0};
		struct grade_result r;
		if (grade_declared(program(), str_of(table[i].lua), &r, &err))
			fail_msg("%s: no error", table[i].lua);
		if (!strstr(err.msg, table[i].message))
			fail_msg("%s\nsays '%s', not '%s'", table[i].lua, err.msg, table[i].message);
		if (i == 14)
			continue; /* ten seconds of it are enough */
		run(table[i].lua, &r);
		assert_true(r.ungraded && r.error && strstr(r.error, table[i].message));
		grade_result_finish(&r);
	}
}

static void test_misuse(void **state)
{
	(void)state;
	expect_ungraded("file.read('relative')", "grader.lua:2: file.read takes an absolute path");
	expect_ungraded("run{}", "grader.lua:2: run needs a command");
	expect_ungraded("run 'ls'", "grader.lua:2: run takes a table");
	expect_ungraded("run{ 'ls', {} }", "grader.lua:2: run: argument 2 is a table");
	expect_ungraded("judge.write('/etc/passwd', 'x')", "grader.lua:2: judge.write takes a path below /tmp");
	expect_ungraded("judge.write('/tmp/../etc/passwd', 'x')", "grader.lua:2: judge.write");
	expect_ungraded("check('b', 1, 'B', function() end)", "grader.lua:2: check: checks are declared outside");
	expect_ungraded("git.resolve('/srv/r', '--exec=x')", "grader.lua:2: ");
	expect_ungraded("live.tcp('nonsense')", "grader.lua:2: live.tcp takes an address");
	expect_ungraded("live.http('https://x/')", "grader.lua:2: live.http takes");
	expect_ungraded("local x = nil .. 'a'", "grader.lua:2: attempt to concatenate a nil value");
	expect_ungraded("assert(false)", "assertion failed");
	expect_ungraded("error({})", "an error that is not a text");
	expect_ungraded("skip('by hand')", "by hand");
	/* There is neither a judge box nor a running one. */
	expect_ungraded("file.read('/etc/passwd')", "judge box did not start");
	expect_ungraded("run{ 'ls' }", "judge box did not start");
	expect_ungraded("live.run{ 'ls' }", "no running box");
}

static void test_results(void **state)
{
	struct grade_result r;
	(void)state;
	run("check('a', 0.125, 'Title \"x\"', function() detail('more') end)\n"
	    "check('b', 2, 'B', function() fail('why\\27[31m \\0 \\200 \\u{202e}', 'deta\\7il') end)\n"
	    "check('c', 1, 'C', { needs = { 'a' } }, function() expect(equal({ 1, { x = 2 } }, { 1, { x = 2 } }) and not equal({ 1 }, { 1, 2 "
	    "}), 'equal') end)\n"
	    "check('d', 1, 'D', function() expect(contains({ 'x', 'y' }, 'y') and contains('a.b', '.') and matches('abc', '^a') and not "
	    "contains(nil, 1), 'contains') end)\n"
	    "check('e', 1, 'E', function() fail(string.rep('m', 200000)) end)\n",
	    &r);
	assert_int_equal(r.n_checks, 5);
	assert_int_equal(r.points_m, 2125);
	assert_int_equal(r.max_m, 5125);
	assert_false(r.ungraded);
	assert_string_equal(r.checks[0].detail, "more");
	assert_string_equal(r.checks[1].message, "why\xef\xbf\xbd[31m \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd");
	assert_string_equal(r.checks[1].detail, "deta\xef\xbf\xbdil");
	assert_int_equal(strlen(r.checks[4].message), GRADE_MESSAGE_MAX);
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	grade_result_json(&r, &out);
	_cleanup_json_ cJSON *json = NULL;
	struct err err;
	if (!json_parse(buf_str(&out), &json, &err))
		fail_msg("%s", err.msg);
	const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "checks"), 0);
	assert_true(cJSON_GetObjectItem(first, "points")->valuedouble == 0.125);
	assert_string_equal(cJSON_GetObjectItem(first, "title")->valuestring, "Title \"x\"");
	grade_result_finish(&r);
}

static void test_wall_clock_and_death(void **state)
{
	struct grade_result r;
	struct err err;
	(void)state;
	struct grade_job job = {.program = program(),
	                        .lua = STR("check('a', 1, 'A', function() end)\ncheck('b', 1, 'B', function()\nwhile true do end end)"),
	                        .wall_ms = 500};
	assert_true(grade_run(NULL, &job, &r, &err));
	assert_int_equal(r.checks[0].outcome, GRADE_PASS);
	assert_int_equal(r.checks[1].outcome, GRADE_UNGRADED);
	assert_non_null(strstr(r.error, "takes longer than"));
	grade_result_finish(&r);
	job.program = "/bin/true";
	assert_true(grade_run(NULL, &job, &r, &err));
	assert_true(r.ungraded && r.error && r.n_checks == 0);
	grade_result_finish(&r);
	job.program = "/nothing/there";
	assert_false(grade_run(NULL, &job, &r, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
}

static void test_declared(void **state)
{
	struct grade_result r;
	struct err err;
	(void)state;
	assert_true(grade_declared(
	    program(),
	    STR("check('a', 1, 'A', { hint = 'h' }, function() end)\ncheck('b', 2, 'B', { live = true }, function() error('no') end)"), &r,
	    &err));
	assert_int_equal(r.n_checks, 2);
	assert_string_equal(r.checks[1].id, "b");
	assert_int_equal(r.max_m, 3000);
	assert_int_equal(r.checks[1].outcome, GRADE_UNGRADED);
	assert_string_equal(r.checks[0].hint, "h");
	grade_result_finish(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limits_of_authors), cmocka_unit_test(test_what_is_not_there),
	    cmocka_unit_test(test_mistakes),          cmocka_unit_test(test_misuse),
	    cmocka_unit_test(test_results),           cmocka_unit_test(test_wall_clock_and_death),
	    cmocka_unit_test(test_declared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
