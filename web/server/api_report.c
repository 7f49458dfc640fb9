/* The API's handlers: problems that candidates report, the authors' queue, rescoring. See api.h. */
#include "api.h"
#include "proctor/issue.h"
#include "proctor/problem.h"
#include "proctor/rescore.h"

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

/* ---- Candidates ---- */

bool api_problem_list(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, problem_list_json(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}
bool api_problem_put(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, problem_put(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], rq->json, OUT, err));
}
bool api_problem_delete(struct request *rq, struct store *st, struct err *err)
{
	rq->reply.status = MHD_HTTP_NO_CONTENT;
	return problem_delete(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], err);
}

/* ---- Authors ---- */

static const char *query_or_null(const struct request *rq, const char *name)
{
	const char *v = request_query(rq, name);
	return v && *v ? v : NULL;
}

bool api_issue_list(struct request *rq, struct store *st, struct err *err)
{
	const char *state = query_or_null(rq, "state");
	enum issue_state wanted = ISSUE_STATES;
	if (state && !issue_state_parse(state, &wanted, err))
		return false;
	return ok_json(rq, issue_list_json(PROCTOR, st, query_or_null(rq, "bank"), wanted, OUT, err));
}
bool api_issue_show(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, issue_show_json(PROCTOR, st, rq->params[0], rq->params[1], OUT, err));
}
bool api_issue_figures(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, issue_figures_json(PROCTOR, st, rq->params[0], rq->params[1], OUT, err));
}

static bool change_on_writer(struct request *rq, struct store *wr, void *arg, struct err *err)
{
	return issue_change(PROCTOR, wr, arg, rq->params[0], rq->params[1], rq->json, err);
}

bool api_issue_change(struct request *rq, struct store *st, struct err *err)
{
	char name[RESCORE_NAME_MAX + 1];
	return issue_name(st, &rq->who, name, sizeof name, err) && request_on_writer(rq, change_on_writer, name, err) &&
	       ok_json(rq, issue_show_json(PROCTOR, st, rq->params[0], rq->params[1], OUT, err));
}

/* ---- Operators ---- */

static bool read_rescore(struct request *rq, struct rescore *ret, bool *ret_dry, struct err *err)
{
	static const char *const keys[] = {"how", "otherwise", "forms", "reason", "dry_run", NULL};
	const char *how, *otherwise = NULL, *forms = NULL;
	if (!cJSON_IsObject(rq->json))
		return err_set(err, ERR_INVALID, "the body must be an object with how and reason");
	if (!json_only_keys(rq->json, "", keys, err) || !json_get_str(rq->json, "", "how", 20, &how, err) ||
	    !json_opt_str(rq->json, "", "otherwise", 20, &otherwise, err) || !json_opt_str(rq->json, "", "forms", 20, &forms, err) ||
	    !json_get_str(rq->json, "", "reason", RESCORE_REASON_MAX, &ret->reason, err) ||
	    !json_opt_bool(rq->json, "", "dry_run", ret_dry, err) || !correction_how_parse(how, &ret->how, err) ||
	    (otherwise && !correction_how_parse(otherwise, &ret->otherwise, err)))
		return false;
	if (forms && strcmp(forms, "all") != 0 && strcmp(forms, "old") != 0)
		return err_set(err, ERR_INVALID, "forms is all or old");
	ret->forms = !forms ? FORMS_UNSAID : *forms == 'o' ? FORMS_OLD : FORMS_ALL;
	ret->bank = rq->params[0];
	ret->item = rq->params[1];
	return true;
}

struct begun {
	const struct rescore_plan *plan;
	int64_t id;
};

static bool begin_on_writer(struct request *rq, struct store *wr, void *arg, struct err *err)
{
	struct begun *b = arg;
	return rescore_begin(PROCTOR, wr, b->plan, &b->id, err);
}

/* What has ended is gone through by the server's tick. */
bool api_rescore(struct request *rq, struct store *st, struct err *err)
{
	_cleanup_plan_ struct rescore_plan plan = {0};
	struct rescore what = {0};
	char name[RESCORE_NAME_MAX + 1];
	bool dry = false;
	struct begun begun = {.plan = &plan};
	what.by = name;
	if (!issue_name(st, &rq->who, name, sizeof name, err) || !read_rescore(rq, &what, &dry, err) ||
	    !rescore_plan(PROCTOR, st, &what, &plan, err))
		return false;
	if (dry)
		return ok_json(rq, rescore_preview(PROCTOR, st, &plan, OUT, err));
	if (!request_on_writer(rq, begin_on_writer, &begun, err) || !rescore_report(PROCTOR, st, begun.id, true, OUT, err))
		return false;
	reply_json(rq, MHD_HTTP_ACCEPTED);
	reply_header(rq, "Location", xasprintf("/api/v1/corrections/%lld", (long long)begun.id));
	return true;
}

bool api_correction_show(struct request *rq, struct store *st, struct err *err)
{
	int64_t id;
	if (!str_to_i64(str_of(rq->params[0]), 1, INT64_MAX, &id))
		return err_set(err, ERR_NOT_FOUND, "there is no such correction");
	return ok_json(rq, rescore_report(PROCTOR, st, id, true, OUT, err));
}
