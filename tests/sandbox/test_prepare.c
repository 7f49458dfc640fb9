/* Boxes of tasks, prepared for real: files, setup with values, scripts as a user, and what is said when one fails. */
#include "base/mem.h"
#include "common.h"
#include "graders/client/prepare.h"
#include <string.h>
#include <sys/wait.h>

static const char values[] = "{\"port\":8080,\"name\":\"ada\",\"ratio\":0.5}";

static void test_prepares(void **state)
{
	(void)state;
	char deep[200];
	memset(deep, 'd', sizeof deep);
	memcpy(deep, "/srv/long/", 10);
	deep[sizeof deep - 1] = 0;
	const struct prepare_file files[] = {{.path = "/etc/motd", .bytes = STR("welcome\n")},
	                                     {.path = "/usr/local/bin/hello", .bytes = STR("#!/bin/sh\necho hello\n"), .executable = true},
	                                     {.path = "/tmp/note", .bytes = STR("")},
	                                     {.path = "/home/candidate/work/a", .bytes = STR("a")},
	                                     {.path = deep, .bytes = STR("deep")}};
	const struct prepare job = {.box = "prepared",
	                            .files = files,
	                            .n_files = ARRAY_SIZE(files),
	                            .setup = STR("#!/bin/bash\nset -eu\n[[ $ASSAY_PARAM_PORT = 8080 ]]\nchown -R candidate ~candidate/work\n"
	                                         "echo \"$ASSAY_PARAM_NAME $ASSAY_PARAM_RATIO\" >/srv/values\necho done\n"),
	                            .values = values};
	struct prepare_result r;
	must(prepare_box(sandbox, &job, &r, &why));
	assert_int_equal(r.script.status, 0);
	assert_true(str_is(buf_str(&r.script.out), "done\n"));
	prepare_result_finish(&r);
	expect_output("prepared", "cat /etc/motd; hello; stat -c '%a %U' /etc/motd /usr/local/bin/hello /tmp /home/candidate /srv/long",
	              "welcome\nhello\n644 root\n755 root\n1777 root\n755 candidate\n755 root\n");
	expect_output("prepared", "cat /srv/values /srv/long/d*; stat -c %U /home/candidate/work/a; ls -A /tmp",
	              "ada 0.5\ndeepcandidate\nnote\n");
	must(sandbox_close(sandbox, "prepared", false, &why));
}

static void test_says_why_setup_failed(void **state)
{
	(void)state;
	const struct prepare job = {.box = "failing", .setup = STR("#!/bin/sh\necho one >&2\nnonesuch-command\nexit 7\n")};
	struct prepare_result r;
	assert_false(prepare_box(sandbox, &job, &r, &why));
	assert_int_equal(why.code, ERR_INVALID);
	assert_non_null(strstr(why.msg, "setup.sh: exit code 7: "));
	assert_non_null(strstr(why.msg, "nonesuch-command"));
	prepare_result_finish(&r);
	const struct prepare slow = {.box = "failing", .setup = STR("#!/bin/sh\nsleep 60\n"), .setup_ms = 200};
	assert_false(prepare_box(sandbox, &slow, NULL, &why)); /* and the name is free again */
	assert_string_equal(why.msg, "setup.sh: limit: time");
	const struct prepare outside = {.box = "failing", .files = &(struct prepare_file){.path = "/../../etc/x"}, .n_files = 1};
	assert_false(prepare_box(sandbox, &outside, NULL, &why));
	must(prepare_box(sandbox, &(struct prepare){.box = "failing"}, &r, &why));
	assert_int_equal(r.script.out.len, 0);
	must(sandbox_close(sandbox, "failing", false, &why));
}

static void test_runs_scripts_as_a_user(void **state)
{
	(void)state;
	struct prepare_result r;
	const struct str script =
	    STR("#!/bin/sh\n# user: root\nid -un; pwd; cat; echo \"$ASSAY_PARAM_NAME\"; ps -e -o args= | grep -c ASSAY_PARAM; exit 3\n");
	must(prepare_box(sandbox, &(struct prepare){.box = "script"}, NULL, &why));
	must(prepare_run(sandbox, "script", script, "candidate", values, 20000, &r, &why));
	assert_int_equal(WEXITSTATUS(r.script.status), 3);
	assert_true(str_is(buf_str(&r.script.out), "candidate\n/home/candidate\nada\n1\n") /* the grep itself */);
	prepare_result_finish(&r);
	assert_string_equal(prepare_user(script, "candidate"), "root");
	assert_string_equal(prepare_user(STR("#!/bin/sh\necho # user: root\n"), "candidate"), "candidate");
	assert_string_equal(prepare_user(STR("#!/bin/sh"), "candidate"), "candidate");
	assert_false(prepare_run(sandbox, "script", script, "nobody-here", NULL, 1000, &r, &why));
	assert_false(prepare_run(sandbox, "script", script, NULL, "{\"a\":[]}", 1000, &r, &why));
	must(sandbox_close(sandbox, "script", false, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_prepares), cmocka_unit_test(test_says_why_setup_failed),
	                                   cmocka_unit_test(test_runs_scripts_as_a_user)};
	return cmocka_run_group_tests(tests, common_setup, common_teardown);
}
