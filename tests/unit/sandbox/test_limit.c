#include "sandbox/limit.h"
#include "test.h"

static struct err err;
static struct limits l;

static bool set(const char *text)
{
	return limits_set(&l, str_of(text), &err);
}

static void defaults(void **state)
{
	(void)state;
	limits_init(&l);
	assert_int_equal(l.memory, 512 << 20);
	assert_int_equal(l.processes, 256);
	assert_int_equal(l.cpu_percent, 100);
	assert_int_equal(l.disk, 512 << 20);
	assert_int_equal(l.inodes, 50000);
	assert_int_equal(l.output, 64 << 20);
	assert_int_equal(l.time_ms, 30000);
	assert_int_equal(limits_disk(&l), 384 << 20); /* three quarters of the memory */
}

static void values(void **state)
{
	(void)state;
	assert_true(set("memory=64M") && l.memory == 64 << 20);
	assert_true(set("memory=67108864") && l.memory == 64 << 20);
	assert_true(set("memory=1GiB") && l.memory == 1 << 30);
	assert_true(set("processes=16") && l.processes == 16);
	assert_true(set("cpu=250%") && l.cpu_percent == 250);
	assert_true(set("cpu=50") && l.cpu_percent == 50);
	assert_true(set("disk=64K") && l.disk == 65536);
	assert_true(set("time=500ms") && l.time_ms == 500);
	assert_true(set("time=2m") && l.time_ms == 120000);
	assert_true(set("time=7") && l.time_ms == 7000);
	assert_true(set("time=0") && l.time_ms == 0);
	assert_true(set("output=0") && l.output == 0);
	assert_int_equal(limits_disk(&l), 65536);
}

static void refusals(void **state)
{
	static const char *const wrong[] = {"",
	                                    "=",
	                                    "memory",
	                                    "memory=",
	                                    "memory=64X",
	                                    "memory=-1",
	                                    "memory=1K",
	                                    "memory=9999999999G",
	                                    "memory=64M=1",
	                                    "memory= 64M",
	                                    "swap=1",
	                                    "MEMORY=64M",
	                                    "processes=0",
	                                    "processes=1",
	                                    "processes=2.5",
	                                    "processes=99999999999999999999",
	                                    "cpu=0",
	                                    "time=1y",
	                                    "time=25h",
	                                    "inodes=1",
	                                    "time=ms",
	                                    "disk=M"};
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct limits before = l;
		if (set(wrong[i]))
			fail_msg("'%s' was taken", wrong[i]);
		assert_int_equal(err.code, ERR_USAGE);
		assert_memory_equal(&before, &l, sizeof l);
	}
	assert_false(set("memory=64X"));
	assert_non_null(strstr(err.msg, "'memory'"));
	assert_false(set("swap=1"));
	assert_non_null(strstr(err.msg, "there is no limit 'swap'"));
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(limit_name(LIMIT_NONE), "");
	assert_string_equal(limit_name(LIMIT_MEMORY), "memory");
	assert_string_equal(limit_name(LIMIT_TIME), "time");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(defaults), cmocka_unit_test(values), cmocka_unit_test(refusals),
	                                   cmocka_unit_test(names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
