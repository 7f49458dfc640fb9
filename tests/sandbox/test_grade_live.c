/* Looking into a candidate's running box, and grading the same snapshot again without it. */
#include "grade_kit.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Servers of a few lines, in perl, which is in every image. %s: what a connection gets. */
#define SERVER(port, reply)                                                             \
	"perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalAddr=>\"127.0.0.1:" port \
	"\",Listen=>5,ReuseAddr=>1) or die; if(fork){exit} "                                \
	"setpgrp; open STDOUT,\">/dev/null\"; open STDERR,\">/dev/null\"; while($c=$s->accept){ " reply " close $c}' ;"

#define READ_HEAD "while(<$c>){last if /^\\r?$/} "
static const char servers[] =
    SERVER("8080", READ_HEAD "print $c \"HTTP/1.1 200 OK\\r\\nX-A: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n6\\r\\n "
                             "world\\r\\n0\\r\\n\\r\\n\";") SERVER("8081", "print $c \"A\\x07AA\";") SERVER("8082", "sleep 60;")
        SERVER("8083", "print $c \"220 hello\\r\\n\"; $l=<$c>; print $c \"you said $l\";")
            SERVER("8084", READ_HEAD "print $c \"HTTP/1.1 200 OK\\r\\n\\r\\n\"; while(print $c \"x\" x 65536){}");

static const char lua[] =
    "check('http', 1, 'HTTP', { live = true }, function()\n"
    "  local r = live.http('http://127.0.0.1:8080/a')\n"
    "  expect(r.status == 200 and r.headers['x-a'] == '1' and r.body == 'hello world', r.body)\n"
    "end)\n"
    "check('refused', 1, 'Refused', function() live.http('http://127.0.0.1:1/') end)\n"
    "check('optional', 1, 'Optional', function() local r, why = live.http('http://127.0.0.1:1/', { optional = true }); expect(not r and "
    "why, why) end)\n"
    "check('junk', 1, 'Junk', function() live.http('http://127.0.0.1:8081/') end)\n"
    "check('hangs', 1, 'Hangs', function() live.http('http://127.0.0.1:8082/', { time = 0.3 }) end)\n"
    "check('tcp', 1, 'TCP', function()\n"
    "  expect(live.tcp('127.0.0.1:8083', { until_text = '\\n' }) == '220 hello\\r\\n', 'greeting')\n"
    "  expect(contains(live.tcp('127.0.0.1:8083', { send = 'EHLO\\n', until_text = 'EHLO' }), 'you said EHLO'), 'answer')\n"
    "end)\n"
    "check('listening', 1, 'Listening', function() expect(live.listening(8080) and not live.listening(1), 'x') end)\n"
    "check('flood', 1, 'Flood', function() local r = live.http('http://127.0.0.1:8084/', { max = 200000 }); expect(#r.body < 200000 and "
    "#r.body > 100000, 'size') end)\n"
    "check('run', 1, 'Run', { live = true, needs = 'http' }, function()\n"
    "  local r = live.run{ 'cat', '/run/only-here' }\n"
    "  expect(r.out == 'here\\n' and r.status == 0, r.out)\n"
    "end)\n"
    "check('missing', 1, 'Missing', function() expect(live.run{ 'no-such-program' }.status == 127, 'status') end)\n"
    "check('late', 1, 'Late', function() live.run{ 'sleep', '60', time = 0.3 } end)\n"
    "check('snapshot', 1, 'Snapshot', function() expect(file.read('/srv/x') == 'x\\n', 'x') end)\n";

static void expect_all(const struct grade_result *r)
{
	expect_outcome(r, "http", GRADE_PASS, "");
	expect_outcome(r, "refused", GRADE_FAIL, "nothing listens");
	expect_outcome(r, "optional", GRADE_PASS, "");
	expect_outcome(r, "junk", GRADE_FAIL, "not HTTP");
	expect_outcome(r, "hangs", GRADE_FAIL, "no answer within 0.3 s");
	expect_outcome(r, "tcp", GRADE_PASS, "");
	expect_outcome(r, "listening", GRADE_PASS, "");
	expect_outcome(r, "flood", GRADE_PASS, "");
	expect_outcome(r, "run", GRADE_PASS, "");
	expect_outcome(r, "missing", GRADE_PASS, "");
	expect_outcome(r, "late", GRADE_FAIL, "did not end within 0.3 s");
	expect_outcome(r, "snapshot", GRADE_PASS, "");
}

static void test_live(void **state)
{
	struct grade_result first, again, without, only;
	(void)state;
	_cleanup_free_ char *script = xasprintf("echo x >/srv/x; echo here >/run/only-here; %s true", servers);
	char *snapshot = snapshot_of(script, true);
	grade_live(snapshot, LIVE_BOX, STR(""), lua, &first);
	expect_all(&first);

	struct grade_job job = {
	    .program = grader_program(), .lua = str_of(lua), .image = "host", .box = LIVE_BOX, .user = "root", .live_only = true};
	must(grade_run(sandbox, &job, &only, &why));
	assert_int_equal(only.n_checks, 2);
	assert_string_equal(only.checks[0].id, "http");
	assert_int_equal(only.max_m, 2000);
	assert_null(only.checks[0].hint);
	grade_result_finish(&only);
	must(sandbox_close(sandbox, LIVE_BOX, false, &why));

	/* The box is gone: what it showed is used again, and gives the same. */
	grade_live(snapshot, NULL, buf_str(&first.observations), lua, &again);
	expect_all(&again);
	for (size_t i = 0; i < first.n_checks; i++)
		assert_string_equal(first.checks[i].message, again.checks[i].message);
	assert_true(str_eq(buf_str(&first.observations), buf_str(&again.observations)));

	grade_live(snapshot, NULL, STR(""), lua, &without);
	expect_outcome(&without, "http", GRADE_UNGRADED, "no running box");
	expect_outcome(&without, "run", GRADE_UNGRADED, "HTTP");
	expect_outcome(&without, "snapshot", GRADE_PASS, "");
	grade_result_finish(&without);
	/* A corrected grader asks something new: that is not known. */
	grade_live(snapshot, NULL, buf_str(&first.observations), "check('new', 1, 'New', function() live.run{ 'uptime' } end)", &without);
	expect_outcome(&without, "new", GRADE_UNGRADED, "was not looked at");
	grade_result_finish(&without);
	grade_result_finish(&first);
	grade_result_finish(&again);
	unlink(snapshot);
	free(snapshot);
}

/* A candidate who kills or stops whatever starts in the box gains nothing, and holds up nothing. */
static void test_killer(void **state)
{
	static const char *const signals[] = {"KILL", "STOP"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct grade_result r;
		_cleanup_free_ char *script =
		    xasprintf("while(1){opendir D,\"/proc\"; for(readdir D){kill \"%s\",$_ if /^\\d+$/ && $_>1 && $_!=$$}}", signals[i]);
		const char *argv[] = {"perl", "-e", script, NULL};
		uint32_t exec;
		char *snapshot = snapshot_of("echo x >/srv/x", true);
		_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		struct sandbox_exec killer = {.argv = argv, .fds = {null, null, null}};
		must(sandbox_exec(sandbox, LIVE_BOX, &killer, &exec, &why));
		struct grade_job job = {
		    .program = grader_program(),
		    .lua = STR("check('http', 1, 'H', function() live.http('http://127.0.0.1:8080/', { time = 1 }) end)\n"
		               "check('run', 1, 'R', function() expect(live.run{ 'echo', 'x', time = 1 }.out == 'x\\n', 'not x') end)\n"
		               "check('file', 1, 'F', function() expect(file.read('/srv/x') == 'x\\n', 'x') end)"),
		    .image = "host",
		    .snapshot = snapshot,
		    .box = LIVE_BOX,
		    .user = "root",
		    .wall_ms = 60000};
		must(grade_run(sandbox, &job, &r, &why));
		assert_int_not_equal(check_of(&r, "http")->outcome, GRADE_PASS);
		expect_outcome(&r, "file", GRADE_PASS, "");
		grade_result_finish(&r);
		must(sandbox_close(sandbox, LIVE_BOX, false, &why));
		unlink(snapshot);
		free(snapshot);
	}
}

/* Damaged observations are an error of ours, never a crash or a fail. */
static void test_damaged_observations(void **state)
{
	static const char *const texts[] = {"{", "{}", "[1,null,{\"q\":1}]", "[]"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct grade_result r;
		struct grade_job job = {.program = grader_program(),
		                        .lua = STR("check('a', 1, 'A', function() live.run{ 'true' } end)"),
		                        .image = "host",
		                        .observations = str_of(texts[i])};
		if (!grade_run(sandbox, &job, &r, &why))
			continue;
		expect_outcome(&r, "a", GRADE_UNGRADED, "");
		grade_result_finish(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_live),
	    cmocka_unit_test(test_killer),
	    cmocka_unit_test(test_damaged_observations),
	};
	return cmocka_run_group_tests_name("grade live", tests, common_setup, common_teardown);
}
