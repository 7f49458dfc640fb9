/* assay-params: what programs return, and that a hostile one harms nobody else. */
#include "../test.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/params.h"
#include <dirent.h>
#include <stdio.h>

static const char *program(void)
{
	const char *path = getenv("ASSAY_PARAMS");
	assert_non_null(path);
	return path;
}

static void draw(struct params_job *jobs, size_t n)
{
	struct err err;
	if (!params_draw(program(), jobs, n, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].values == !jobs[i].error)
			fail_msg("job %zu: values %s, error %s", i, jobs[i].values ? jobs[i].values : "none", jobs[i].error ? jobs[i].error : "none");
}

static void release(struct params_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(jobs[i].values);
		free(jobs[i].error);
	}
}

static void expect(const char *lua, const char *values, const char *error)
{
	struct params_job job = {.lua = lua, .seed = 7};
	draw(&job, 1);
	if (values && (!job.values || strcmp(job.values, values) != 0))
		fail_msg("%s: %s", lua, job.values ? job.values : job.error);
	if (error && (!job.error || !strstr(job.error, error)))
		fail_msg("%s: %s", lua, job.values ? job.values : job.error);
	release(&job, 1);
}

static void test_values(void **state)
{
	(void)state;
	expect("return { b = 2, a = 1, c_9 = 'x \"y\" \\n é' }", "{\"a\":1,\"b\":2,\"c_9\":\"x \\\"y\\\" \\n é\"}", NULL);
	expect("return {}", "{}", NULL);
	expect("return { a = 12 / 4, b = 0.1 + 0.2, c = -0.0, d = 2^60, e = 1e300 }",
	       "{\"a\":3,\"b\":0.30000000000000004,\"c\":0,\"d\":1.152921504606847e+18,\"e\":1.0000000000000001e+300}", NULL);
	expect("return { a = 9007199254740993, b = math.mininteger }", "{\"a\":\"9007199254740993\",\"b\":\"-9223372036854775808\"}", NULL);
	expect("return { n = #utf8.char(233), s = ('ab'):rep(2), m = math.floor(2.5), t = table.concat({1, 2}, ',') }",
	       "{\"m\":2,\"n\":2,\"s\":\"abab\",\"t\":\"1,2\"}", NULL);
	expect("local t = {} for i, v in ipairs{5, 6} do t[#t + 1] = i * v end return { a = t[2], b = select('#', 1, 2), c = tonumber('8') }",
	       "{\"a\":12,\"b\":2,\"c\":8}", NULL);
}

static void test_mistakes(void **state)
{
	(void)state;
	expect("x = ", NULL, "line 1: unexpected symbol near <eof>");
	expect("local a = 1\nreturn { b = a.b.c }", NULL, "line 2: attempt to index a number value (local 'a')");
	expect("return 7", NULL, "must end in: return");
	expect("", NULL, "must end in: return");
	expect("return { 1 }", NULL, "must have names as its keys");
	expect("return { A = 1 }", NULL, "a name must be made of");
	expect("return { ['a b'] = 1 }", NULL, "a name must be made of");
	expect("return { ['9'] = 1 }", NULL, "a name must be made of");
	expect("return { ['a\\0b'] = 1 }", NULL, "a name must be made of");
	expect("return { a = true }", NULL, "the value of 'a' is a boolean");
	expect("return { a = {} }", NULL, "the value of 'a' is a table");
	expect("return { a = print }", "{}", NULL); /* print is nil here, so there is no a */
	expect("return { a = 0/0 }", NULL, "'a' is not a finite number");
	expect("return { a = 1/0 }", NULL, "'a' is not a finite number");
	expect("return { a = '\\xff' }", NULL, "not UTF-8");
	expect("return { a = ('x'):rep(1000000) }", NULL, "'a' is longer than");
	expect("local t = {} for i = 1, 300 do t['k' .. i] = i end return t", NULL, "more than 200 values");
	expect("return { a = rand(2, 1) }", NULL, "line 1: rand(2, 1)");
	expect("return { a = rand(1.5, 2) }", NULL, "number has no integer representation");
	expect("return { a = pick{} }", NULL, "pick needs a list");
	expect("return { a = pick(5) }", NULL, "table expected");
	expect("error('own words')", NULL, "line 1: own words");
	expect("error({})", NULL, "an error that is not a text");
	expect("error()", NULL, "an error that is not a text");
	expect("error('\\27[31m\\n' .. ('x'):rep(100000))", NULL, "?[31m?xxx");
}

/* Only the allow-list is there. */
static void test_globals(void **state)
{
	(void)state;
	expect("local t = {} for k in pairs(_G or {}) do t[#t + 1] = k end return { n = #t }", "{\"n\":0}", NULL);
	static const char *const names[] = {"os",           "io",          "debug",       "package",         "require",
	                                    "load",         "loadstring",  "dofile",      "loadfile",        "print",
	                                    "pcall",        "xpcall",      "coroutine",   "collectgarbage",  "getmetatable",
	                                    "setmetatable", "string.dump", "math.random", "math.randomseed", "_G",
	                                    "warn",         "arg"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_free_ char *lua = xasprintf("return { n = %s == nil and 1 or 0 }", names[i]);
		expect(lua, "{\"n\":1}", NULL);
	}
	expect("return { n = ('x').rep == string.rep and 1 or 0 }", "{\"n\":1}", NULL);
}

static void test_drawing(void **state)
{
	(void)state;
	struct params_job jobs[400];
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		jobs[i] = (struct params_job){
		    .lua = "return { a = rand(1, 6), b = pick{10, 20, 30}, c = table.concat(shuffle{1, 2, 3, 4}, ''), d = rand(-3, -3) }",
		    .seed = i / 2};
	draw(jobs, ARRAY_SIZE(jobs));
	size_t a[7] = {0}, b[4] = {0}, different = 0;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i += 2) {
		assert_string_equal(jobs[i].values, jobs[i + 1].values); /* the same seed draws the same */
		_cleanup_json_ cJSON *json = NULL;
		struct err err;
		assert_true(json_parse(str_of(jobs[i].values), &json, &err));
		int x = cJSON_GetObjectItem(json, "a")->valueint, y = cJSON_GetObjectItem(json, "b")->valueint;
		const char *c = cJSON_GetObjectItem(json, "c")->valuestring;
		assert_true(x >= 1 && x <= 6 && y % 10 == 0 && y >= 10 && y <= 30);
		assert_true(strlen(c) == 4 && strchr(c, '1') && strchr(c, '2') && strchr(c, '3') && strchr(c, '4'));
		assert_int_equal(cJSON_GetObjectItem(json, "d")->valueint, -3);
		a[x]++;
		b[y / 10]++;
		different += i >= 2 && strcmp(jobs[i].values, jobs[i - 2].values) != 0;
	}
	for (int i = 1; i <= 6; i++)
		assert_true(a[i] > 10 && a[i] < 70); /* 33 expected of 200 */
	for (int i = 1; i <= 3; i++)
		assert_true(b[i] > 35 && b[i] < 100);
	assert_true(different > 180);
	release(jobs, ARRAY_SIZE(jobs));
}

static void test_rand_ends(void **state)
{
	(void)state;
	expect("local lo, hi = 9, 0 for i = 1, 1000 do local r = rand(3, 5) lo = math.min(lo, r) hi = math.max(hi, r) end return { lo = lo, hi "
	       "= hi }",
	       "{\"hi\":5,\"lo\":3}", NULL);
	expect("rand(math.mininteger, math.maxinteger) return { n = rand(7, 7) }", "{\"n\":7}", NULL);
}

static const char *const hostile[] = {
    "while true do end",
    "return { n = ('x'):rep(1 << 31) }",
    "return { n = ('x'):rep(1 << 62) }",
    "local s = 'x' while true do s = s .. s end",
    "return { n = ('a'):rep(100):find(('.-'):rep(20) .. 'b') }",
    "return { n = (('a'):rep(30000)):find(('a?'):rep(9000) .. ('a'):rep(9000)) }",
    "\27Lua\x54\0\x19\x93",
    "local function f() return f() + 1 end f()",
    "local function f() return 1 + f() end return { n = f() }",
    "local t = {} while true do t[#t + 1] = {} end",
    "local t = {} for i = 1, 1 << 40 do t[i] = i end",
    "table.move({}, 1, 1 << 50, 2)",
    "table.concat({}, 'x', 1, 1 << 50)",
    "return { n = table.unpack({}, 1, 1 << 30) }",
    "string.format('%99999d', 1)",
    "while true do ('x'):rep(1 << 24) end",
    "local f = function(...) return select('#', ...) end while true do f(table.unpack({}, 1, 200000)) end",
    "goto a ::a:: goto a",
    "for w in ('x'):rep(1 << 20):gmatch('.-.-.-.-y') do end",
    "pcall(function() while true do end end)",
    "local t = {} t[t] = t return t",
    "os.execute('id')",
    "io.open('/etc/passwd')",
    "return require('os')",
    "return string.dump(function() end)",
    "return { n = utf8.char(table.unpack({}, 1, 250)) }",
    "table.sort(table.pack(('x'):rep(200000):byte(1, 200000)), function(a, b) return true end)",
    "local s = ('('):rep(100000) string.find(s, s)",
    "return { n = ('x'):rep(100, ('y'):rep(1 << 20)) }",
    "local a <close> = 5",
    "return { n = tostring(1 << 62):rep(1 << 20):gsub('1', ('%0'):rep(200)) }",
};

/* Between hostile programs stand good ones, and every one of those is drawn. */
static void test_hostile(void **state)
{
	(void)state;
	enum { N = ARRAY_SIZE(hostile) };
	struct params_job jobs[2 * N + 1];
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		jobs[i] = (struct params_job){.lua = i % 2 ? hostile[i / 2] : "return { n = rand(1, 1) }", .seed = i};
	draw(jobs, ARRAY_SIZE(jobs));
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		if (i % 2 == 0 && (!jobs[i].values || strcmp(jobs[i].values, "{\"n\":1}") != 0))
			fail_msg("a good program, after '%s': %s", i ? hostile[i / 2 - 1] : "", jobs[i].error);
		if (i % 2 && !jobs[i].error)
			fail_msg("'%s' returned %s", hostile[i / 2], jobs[i].values);
		if (i % 2)
			assert_true(strlen(jobs[i].error) < 500);
	}
	release(jobs, ARRAY_SIZE(jobs));
}

/* Many slow programs that each keep to their limits: the process stops in time, others go on with the rest. */
static void test_slow_crowd(void **state)
{
	(void)state;
	struct params_job jobs[60];
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		jobs[i] = (struct params_job){.lua = "local n = 0 for i = 1, 3000000 do n = n + i % 7 end return { n = n }", .seed = i};
	draw(jobs, ARRAY_SIZE(jobs));
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		if (!jobs[i].values)
			fail_msg("%zu: %s", i, jobs[i].error);
	release(jobs, ARRAY_SIZE(jobs));
}

static size_t count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void test_nothing_is_left(void **state)
{
	(void)state;
	size_t before = count_fds();
	expect("table.move({}, 1, 1 << 50, 2)", NULL, "took too long, and was ended");
	expect("return { n = 1 }", "{\"n\":1}", NULL);
	assert_int_equal(count_fds(), before);
}

static void test_time(void **state)
{
	(void)state;
	int64_t start = clock_monotonic_ms();
	expect("table.move({}, 1, 1 << 50, 2)", NULL, "too long");
	assert_true(clock_monotonic_ms() - start < 20000); /* two seconds, where the machine is not busy */
}

static void test_no_program(void **state)
{
	(void)state;
	struct err err;
	struct params_job job = {.lua = "return {}", .seed = 1};
	assert_false(params_draw("/nowhere/assay-params", &job, 1, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_false(params_draw("/bin/true", &job, 1, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_null(job.values);
	assert_null(job.error);
	assert_true(params_draw("/nowhere/assay-params", &job, 0, &err));
}

/* Programs of any bytes arrive as they are; those above the ceiling do not. */
static void test_bytes(void **state)
{
	(void)state;
	struct params_job jobs[] = {{.lua = "return { n = 1 }", .seed = UINT64_MAX},
	                            {.lua = "-- \xc3\xa9 \" \\ \n\t return { n = 2 }", .seed = 0}};
	draw(jobs, 2);
	assert_string_equal(jobs[0].values, "{\"n\":1}");
	assert_string_equal(jobs[1].values, "{\"n\":2}");
	release(jobs, 2);
	_cleanup_buf_ struct buf large = BUF(1 << 20);
	buf_adds(&large, "return { n = 3 } --");
	while (large.len < 70000)
		buf_addc(&large, 'x');
	expect(large.p, NULL, "longer than");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),     cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_globals),
	    cmocka_unit_test(test_drawing),    cmocka_unit_test(test_rand_ends),       cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_slow_crowd), cmocka_unit_test(test_nothing_is_left), cmocka_unit_test(test_time),
	    cmocka_unit_test(test_no_program), cmocka_unit_test(test_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
