/* Gradings in real boxes: what must work. See also test_grade_library.c and test_grade_abuse.c. */
#include "grade_kit.h"
#include <string.h>
#include <unistd.h>

static void test_outcomes(void **state)
{
	struct grade_result r;
	(void)state;
	char *snapshot =
	    snapshot_of("mkdir -p /srv/backup; echo hello >/srv/backup/a; ln -s /srv/backup/a /srv/link; chmod 640 /srv/backup/a", false);
	grade(snapshot,
	      "check('file', 1, 'It is there', { hint = 'Look' }, function()\n"
	      "  local st = file.stat('/srv/link')\n"
	      "  expect(st, 'no file')\n"
	      "  expect(st.user == 'root' and st.mode == '0640' and st.size == 6, st.user .. st.mode .. st.size)\n"
	      "  expect(file.read('/srv/link') == 'hello\\n', 'content')\n"
	      "  expect(file.exists('/etc/passwd') and not file.exists('/nothing'), 'exists')\n"
	      "end)\n"
	      "check('run', 2.5, 'A command sees it', function()\n"
	      "  local r = run{ 'cat', subject '/srv/link' }\n"
	      "  expect(r.status == 0 and r.out == 'hello\\n' and r:lines()[1] == 'hello', r.out .. r.err)\n"
	      "end)\n"
	      "check('fails', 1, 'This fails', function() expect(false, 'because') end)\n"
	      "check('needs', 1, 'This needs it', { needs = 'fails' }, function() end)\n"
	      "check('bug', 1, 'This is broken', function()\n"
	      "  local x = nil\n"
	      "  x.y = 1\n"
	      "end)\n"
	      "check('tool', 1, 'No such tool', function() run{ 'no-such-tool' } end)\n"
	      "check('params', 1, 'Values', function() expect(params.size == 3 and params.name == 'x', 'values') end)\n"
	      "check('after', 1, 'This needs the broken one', { needs = { 'params', 'bug' } }, function() end)\n",
	      &r);
	expect_outcome(&r, "file", GRADE_PASS, "");
	expect_outcome(&r, "run", GRADE_PASS, "");
	expect_outcome(&r, "fails", GRADE_FAIL, "because");
	expect_outcome(&r, "needs", GRADE_FAIL, "This fails");
	expect_outcome(&r, "bug", GRADE_UNGRADED, "grader.lua:16: attempt to index a nil value");
	expect_outcome(&r, "tool", GRADE_UNGRADED, "no-such-tool");
	expect_outcome(&r, "params", GRADE_PASS, "");
	expect_outcome(&r, "after", GRADE_UNGRADED, "This is broken");
	assert_int_equal(r.points_m, 4500);
	assert_int_equal(r.max_m, 9500);
	assert_true(r.ungraded);
	assert_int_equal(r.error_line, 16);
	assert_string_equal(check_of(&r, "file")->hint, "Look");
	assert_int_equal(strlen(r.grader_hash), 64);
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}

/* Without a snapshot, the subject is an untouched box. */
static void test_untouched(void **state)
{
	struct grade_result r;
	(void)state;
	grade(NULL,
	      "check('a', 1, 'A', function() expect(file.exists('/etc/passwd'), 'no image'); expect(file.exists('/srv/x'), 'not done') end)",
	      &r);
	expect_outcome(&r, "a", GRADE_FAIL, "not done");
	grade_result_finish(&r);
}

static void test_no_box_is_left(void **state)
{
	struct sandbox_listed *list;
	size_t n;
	(void)state;
	must(sandbox_list(sandbox, &list, &n, &why));
	assert_int_equal(n, 0);
	sandbox_list_finish(list, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outcomes),
	    cmocka_unit_test(test_untouched),
	    cmocka_unit_test(test_no_box_is_left),
	};
	return cmocka_run_group_tests_name("grade", tests, common_setup, common_teardown);
}
