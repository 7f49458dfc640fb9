/* The result of a grading: freeing it, and writing it as JSON. See grade.h. */
#include "base/mem.h"
#include "graders/client/grade.h"
#include <stdlib.h>

const char *grade_outcome_name(enum grade_outcome o)
{
	return o == GRADE_PASS ? "pass" : o == GRADE_FAIL ? "fail" : "ungraded";
}

void grade_result_finish(struct grade_result *r)
{
	for (size_t i = 0; i < r->n_checks; i++) {
		struct grade_check *c = &r->checks[i];
		free(c->id);
		free(c->title);
		free(c->message);
		free(c->detail);
		free(c->hint);
	}
	free(r->checks);
	free(r->error);
	buf_finish(&r->observations);
	*r = (struct grade_result){0};
}

static void add_points(struct buf *out, const char *key, int64_t points_m)
{
	buf_addf(out, ",\"%s\":%lld", key, (long long)(points_m / 1000));
	if (points_m % 1000)
		buf_addf(out, ".%03d", (int)(points_m % 1000));
}

static void add_text(struct buf *out, const char *key, const char *text)
{
	buf_addf(out, ",\"%s\":", key);
	if (text)
		buf_add_json(out, str_of(text));
	else
		buf_adds(out, "null");
}

void grade_result_json(const struct grade_result *r, struct buf *out)
{
	buf_adds(out, "{\"checks\":[");
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct grade_check *c = &r->checks[i];
		buf_adds(out, i ? ",{\"id\":" : "{\"id\":");
		buf_add_json(out, str_of(c->id));
		add_text(out, "title", c->title);
		add_points(out, "points", c->points_m);
		add_points(out, "max", c->max_m);
		add_text(out, "outcome", grade_outcome_name(c->outcome));
		add_text(out, "message", c->message);
		add_text(out, "detail", c->detail);
		add_text(out, "hint", c->hint);
		buf_addf(out, ",\"ms\":%lld}", (long long)c->ms);
	}
	buf_addc(out, ']');
	add_points(out, "points", r->points_m);
	add_points(out, "max", r->max_m);
	buf_addf(out, ",\"ungraded\":%s", r->ungraded ? "true" : "false");
	add_text(out, "error", r->error);
	add_text(out, "grader", *r->grader_hash ? r->grader_hash : NULL);
	buf_addc(out, '}');
}
