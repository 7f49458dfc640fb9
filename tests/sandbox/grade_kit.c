/* Helpers for tests of gradings. See grade_kit.h. */
#include "grade_kit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *grader_program(void)
{
	const char *program = getenv("ASSAY_GRADER");
	if (!program)
		fail_msg("set ASSAY_GRADER");
	return program;
}

char *snapshot_of(const char *script, bool live)
{
	static unsigned n;
	struct sandbox_result r;
	struct sandbox_snapshot s;
	open_box(LIVE_BOX, false, NULL);
	run_in(LIVE_BOX, NULL, script, 30000, &r);
	if (r.status != 0)
		fail_msg("%s\nended with %u: %.*s%.*s", script, r.status, STR_ARG(buf_str(&r.out)), STR_ARG(buf_str(&r.err)));
	sandbox_result_finish(&r);
	must(sandbox_snapshot(sandbox, LIVE_BOX, &s, &why));
	char *kept = xasprintf("%s/kept-%u.layer", folder, n++);
	assert_int_equal(link(s.path, kept), 0);
	sandbox_snapshot_finish(&s);
	if (!live)
		must(sandbox_close(sandbox, LIVE_BOX, false, &why));
	return kept;
}

void grade_live(const char *snapshot, const char *box, struct str observations, const char *lua, struct grade_result *ret)
{
	struct grade_job job = {.program = grader_program(),
	                        .lua = str_of(lua),
	                        .image = "host",
	                        .snapshot = snapshot,
	                        .box = box,
	                        .user = "root",
	                        .values = "{\"size\":3,\"name\":\"x\"}",
	                        .observations = observations,
	                        .hints = true};
	must(grade_run(sandbox, &job, ret, &why));
}

void grade(const char *snapshot, const char *lua, struct grade_result *ret)
{
	grade_live(snapshot, NULL, STR(""), lua, ret);
}

const struct grade_check *check_of(const struct grade_result *r, const char *id)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i].id, id) == 0)
			return &r->checks[i];
	fail_msg("there is no check '%s': %s", id, r->error ? r->error : "no error");
	return NULL;
}

void expect_outcome(const struct grade_result *r, const char *id, enum grade_outcome outcome, const char *text)
{
	const struct grade_check *c = check_of(r, id);
	if (c->outcome != outcome || !strstr(c->message, text))
		fail_msg("check '%s' is %s, '%s'; not %s, '%s'", id, grade_outcome_name(c->outcome), c->message, grade_outcome_name(outcome), text);
}

void expect_passes(const char *script, const char *lua)
{
	struct grade_result r;
	char *snapshot = snapshot_of(script, false);
	grade(snapshot, lua, &r);
	if (r.error)
		fail_msg("%s", r.error);
	for (size_t i = 0; i < r.n_checks; i++)
		if (r.checks[i].outcome != GRADE_PASS)
			fail_msg("check '%s': %s: %s", r.checks[i].id, grade_outcome_name(r.checks[i].outcome), r.checks[i].message);
	assert_true(r.n_checks > 0 && r.points_m == r.max_m && !r.ungraded);
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}
