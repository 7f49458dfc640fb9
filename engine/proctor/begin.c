/* Beginning an attempt: the plan (who may, which form), and its storing. See proctor.h.
 *
 * The plan runs on the pool: it draws the form with a generator seeded by the server's secret and the attempt's id, renders it, and checks
 * all that can be checked beforehand. What could have changed since is checked again by attempt_begin(), inside the transaction. */
#include "base/mem.h"
#include "graders/client/params.h"
#include "proctor/certify.h"
#include <stdio.h>

#define FOCUS_DOMAINS_MAX 100

struct attempt_plan {
	struct form_entry *fe;
	struct buf form; /* encoded */
	bool study, relaxed;
	int extra_m;
};

void attempt_plan_destroy(struct attempt_plan *plan)
{
	if (!plan)
		return;
	form_entry_unref(plan->fe);
	buf_finish(&plan->form);
	free(plan);
}
DEFINE_CLEANUP(struct attempt_plan, attempt_plan_destroy)

/* ---- What is asked for ---- */

struct wish {
	const char *exam, *mode, *pool, *item;
	const char *domains[FOCUS_DOMAINS_MAX];
	size_t n_domains;
	int64_t items;
	bool study;
};

static bool parse_domains(const cJSON *focus, struct wish *ret, struct err *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(focus, "domains");
	if (!list || cJSON_IsNull(list))
		return true;
	if (!json_get_array(focus, "focus", "domains", FOCUS_DOMAINS_MAX, &list, err))
		return false;
	for (const cJSON *c = list->child; c; c = c->next) {
		if (!cJSON_IsString(c))
			return err_set(err, ERR_INVALID, "focus.domains must be a list of ids");
		ret->domains[ret->n_domains++] = c->valuestring;
	}
	return true;
}

static bool parse(const cJSON *body, struct wish *ret, struct err *err)
{
	static const char *const keys[] = {"exam", "mode", "focus", NULL}, *const focus_keys[] = {"domains", "pool", "items", "item", NULL};
	const cJSON *focus = cJSON_GetObjectItemCaseSensitive(body, "focus");
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object with exam and mode");
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "exam", 130, &ret->exam, err) ||
	    !json_get_str(body, "", "mode", 10, &ret->mode, err))
		return false;
	ret->study = strcmp(ret->mode, "study") == 0;
	if (!ret->study && strcmp(ret->mode, "exam") != 0)
		return err_set(err, ERR_INVALID, "mode must be \"exam\" or \"study\"");
	if (!focus || cJSON_IsNull(focus))
		return true;
	if (!ret->study)
		return err_set(err, ERR_INVALID, "focus is for study sessions: an exam is drawn as its blueprint says");
	return json_get_object(body, "", "focus", &focus, err) && json_only_keys(focus, "focus", focus_keys, err) &&
	       parse_domains(focus, ret, err) && json_opt_str(focus, "focus", "pool", 10, &ret->pool, err) &&
	       json_opt_i64(focus, "focus", "items", 1, FORM_ITEMS_MAX, &ret->items, err) &&
	       json_opt_str(focus, "focus", "item", 64, &ret->item, err);
}

static bool pool_of(const char *name, enum study_pool *ret, struct err *err)
{
	static const char *const names[] = {[POOL_ALL] = "all", [POOL_MISSED] = "missed", [POOL_FLAGGED] = "flagged", [POOL_NEW] = "new"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!name || strcmp(name, names[i]) == 0) {
			*ret = (enum study_pool)i;
			return true;
		}
	return err_set(err, ERR_INVALID, "focus.pool must be all, missed, flagged or new");
}

/* ---- Who may ---- */

static bool offered(const struct proctor *pr, const struct blueprint *bp, bool study, struct err *err)
{
	int64_t now = proctor_wall_ms(pr);
	if (bp->kind == BLUEPRINT_PRESET)
		return err_set(err, ERR_NOT_OFFERED, "a preset is a format to copy into a bank of one's own");
	if ((bp->effective_from_ms && now < bp->effective_from_ms) || (bp->effective_until_ms && now >= bp->effective_until_ms))
		return err_set(err, ERR_NOT_OFFERED, "this exam is not offered at this time");
	if (study ? !bp->mode_study : !bp->mode_exam)
		return err_set(err, ERR_NOT_OFFERED, "this exam has no %s mode", study ? "study" : "exam");
	return true;
}

/* The exam, if it may be taken now. An author's work on one item needs none that is offered. */
static bool find_exam(struct proctor *pr, const struct wish *wish, struct version **ret, const struct blueprint **ret_bp, struct err *err)
{
	if (wish->item && pr->author)
		return catalog_bench(pr, wish->exam, ret, ret_bp, err);
	return catalog_exam(pr, wish->exam, ret, ret_bp, err) && offered(pr, *ret_bp, wish->study, err);
}

static bool may_begin(struct proctor *pr, struct store *st, const struct caller *who, const struct bank *bank, const struct blueprint *bp,
                      bool study, struct err *err)
{
	char running[RNG_ID_SIZE], why[128], time[CLOCK_RFC3339_SIZE];
	bool allowed;
	int64_t next;
	if (study)
		return true;
	if (!store_attempt_running(st, who->account, bank->id, bp->id, false, running, err))
		return false;
	if (*running) {
		err_set(err, ERR_ATTEMPT_RUNNING, "an attempt at this exam is running: %s", running);
		return err_add_str(err, "attempt", running);
	}
	if (retake_relaxed(pr, who))
		return true;
	if ((bp->kind == BLUEPRINT_RENEWAL && !renewal_check(pr, st, who->account, bank, bp, err)) ||
	    !retake_check(pr, st, who->account, bank->id, bp, &allowed, &next, why, sizeof why, err))
		return false;
	if (allowed)
		return true;
	if (!next)
		return err_set(err, ERR_RETAKE, "%s", why);
	err_set(err, ERR_RETAKE, "%s; the next attempt is possible from %s", why, clock_rfc3339(next, time));
	return err_add_str(err, "next_at", time);
}

/* ---- The form ---- */

#define DRAW_ROUNDS 20

/* One instance; *ret_again when another seed may do better: two options came out equal, or the program failed with these numbers. */
static bool instantiate(const struct bank *bank, const struct item *item, const struct params_job *job, struct item **ret, bool *ret_again,
                        struct err *err)
{
	*ret_again = true;
	if (!job->values)
		return err_set(err, ERR_INVALID, "question '%s': %s", item->id, job->error ? job->error : "its program failed");
	if (bank_instantiate(bank, item, job->values, ret, err))
		return true;
	*ret_again = err->code == ERR_CONFLICT;
	return err_prefix(err, "question '%s'", item->id);
}

/* Runs the programs of all that have no instance yet, in one process. *ret_left counts those that need another round; err then says why. */
static bool draw_round(const struct proctor *pr, const struct bank *bank, const struct item *const *items, const uint64_t *seeds,
                       uint64_t round, size_t n, struct item **made, size_t *ret_left, struct err *err)
{
	struct params_job *jobs = xcalloc(n + 1, sizeof *jobs);
	size_t n_jobs = 0, left = 0;
	for (size_t i = 0; i < n; i++)
		if (!made[i])
			jobs[n_jobs++] = (struct params_job){.lua = items[i]->params_lua, .seed = seeds[i] + round * UINT64_C(0x9e3779b97f4a7c15)};
	bool ok = params_draw(pr->params_program, jobs, n_jobs, err);
	for (size_t i = 0, k = 0; ok && i < n; i++) {
		bool again;
		if (made[i] || instantiate(bank, items[i], &jobs[k++], &made[i], &again, err))
			continue;
		ok = again;
		left++;
	}
	for (size_t i = 0; i < n_jobs; i++) {
		free(jobs[i].values);
		free(jobs[i].error);
	}
	free(jobs);
	*ret_left = left;
	return ok;
}

bool draw_params(void *arg, const struct bank *bank, const struct item *const *items, const uint64_t *seeds, size_t n, struct item **ret,
                 struct err *err)
{
	const struct proctor *pr = arg;
	if (!pr->params_program)
		return err_set(err, ERR_INTERNAL, "the program assay-params is not there: questions with parameters cannot be drawn");
	struct item **made = xcalloc(n + 1, sizeof *made);
	struct err why = {0};
	size_t left = n;
	bool ok = true;
	for (uint64_t round = 0; ok && left && round < DRAW_ROUNDS; round++)
		ok = draw_round(pr, bank, items, seeds, round, n, made, &left, &why);
	ok = ok && !left;
	for (size_t i = 0; i < n; i++) {
		if (ok)
			ret[i] = made[i];
		else
			item_destroy(made[i]);
	}
	free(made);
	return ok ? true : err_set(err, why.code, "%s", why.msg);
}

/* Leaves out what is on an exam of the same person that runs: studying it now would be reading the answers. */
static size_t without_hidden(const struct hidden *h, const struct bank *bank, const char **ids, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!hidden_has(h, bank_item(bank, ids[i])))
			ids[kept++] = ids[i];
	return kept;
}

static bool draw_study(struct proctor *pr, struct store *rd, const struct caller *who, const struct wish *wish, const struct version *v,
                       const struct blueprint *bp, struct rng *rng, struct form **ret, struct err *err)
{
	enum study_pool pool;
	_cleanup_hidden_ struct hidden hidden = {0};
	const char **ids = xcalloc(v->bank->n_items + 1, sizeof *ids);
	size_t n;
	bool ok = pool_of(wish->pool, &pool, err) && study_items(pr, rd, who->account, v->bank, pool, ids, &n, NULL, NULL, err) &&
	          hidden_load(pr, rd, who->account, v->bank->id, &hidden, err);
	for (size_t i = 0; ok && i < wish->n_domains; i++)
		if (!bank_domain(v->bank, wish->domains[i]))
			ok = err_set(err, ERR_INVALID, "the bank has no domain '%.70s'", wish->domains[i]);
	if (ok) {
		n = without_hidden(&hidden, v->bank, ids, n);
		struct draw_focus focus = {.study = true,
		                           .domains = wish->domains,
		                           .n_domains = wish->n_domains,
		                           .pool = ids,
		                           .n_pool = n,
		                           .chosen = pool != POOL_ALL,
		                           .items = (int)wish->items};
		ok = n ? draw_form(v->bank, bp, &focus, rng, draw_params, pr, ret, err)
		       : err_set(err, ERR_INVALID, "there is no question of that kind to study");
	}
	free(ids);
	return ok;
}

/* One item, whatever it is: how an author works on it. */
static bool draw_one(struct proctor *pr, const char *id, const struct version *v, const struct blueprint *bp, struct rng *rng,
                     struct form **ret, struct err *err)
{
	struct blueprint open = *bp;
	struct draw_focus focus = {.study = true, .pool = &id, .n_pool = 1, .chosen = true, .any_status = true, .items = 1};
	open.tasks_min = 0;
	open.tasks_max = 1;
	open.essays = true;
	if (!pr->author)
		return err_set(err, ERR_FORBIDDEN, "focus.item is for the bank's author: see assay author");
	if (!bank_item(v->bank, id))
		return err_set(err, ERR_NOT_FOUND, "the bank has no question '%.64s'", id);
	return draw_form(v->bank, &open, &focus, rng, draw_params, pr, ret, err);
}

static bool draw(struct proctor *pr, struct store *rd, const struct caller *who, const struct wish *wish, const struct version *v,
                 const struct blueprint *bp, const char *id, struct form **ret, struct err *err)
{
	struct rng rng;
	char label[5 + RNG_ID_SIZE];
	snprintf(label, sizeof label, "form:%s", id);
	rng_init(&rng, pr->secret, label);
	if (wish->item)
		return draw_one(pr, wish->item, v, bp, &rng, ret, err);
	return wish->study ? draw_study(pr, rd, who, wish, v, bp, &rng, ret, err)
	                   : draw_form(v->bank, bp, NULL, &rng, draw_params, pr, ret, err);
}

bool attempt_plan(struct proctor *pr, struct store *rd, const struct caller *who, const cJSON *body, struct attempt_plan **ret,
                  struct err *err)
{
	struct wish wish = {0};
	_cleanup_(version_unrefp) struct version *v = NULL;
	_cleanup_(attempt_plan_destroyp) struct attempt_plan *plan = xcalloc(1, sizeof *plan);
	const struct blueprint *bp;
	struct account_row account;
	char id[RNG_ID_SIZE], hash[HASH_HEX_SIZE];
	struct form *form;
	plan->form = BUF(FORM_BYTES_MAX);
	if (!parse(body, &wish, err) || !find_exam(pr, &wish, &v, &bp, err) || !may_begin(pr, rd, who, v->bank, bp, wish.study, err) ||
	    !store_account_get(rd, who->account, &account, err) || !draw(pr, rd, who, &wish, v, bp, rng_id(id), &form, err))
		return false;
	form_encode(form, &plan->form);
	hash_sha256_hex(buf_str(&plan->form), hash);
	plan->fe = form_entry_create(id, version_ref(v), bp, form, hash);
	if (!buf_check(&plan->form, "the form", err))
		return false;
	/* Cached as it is rendered, before the attempt exists: nobody knows its id yet. */
	form_cache_put(pr, plan->fe);
	rendered_unref(form_entry_render(pr, plan->fe));
	plan->study = wish.study;
	plan->relaxed = retake_relaxed(pr, who);
	plan->extra_m = account.extra_time_m;
	*ret = take_ptr(plan);
	return true;
}

/* ---- Storing ---- */

/* A new study session ends the one before it. */
static bool end_study(struct proctor *pr, struct store *wr, const struct caller *who, const struct form_entry *fe, struct err *err)
{
	char before[RNG_ID_SIZE];
	struct live *l;
	if (!store_attempt_running(wr, who->account, fe->version->bank->id, fe->bp->id, true, before, err))
		return false;
	return !*before || (live_load(pr, wr, before, &l, err) && finish_attempt(pr, wr, l, ENDED_BY_CANDIDATE, err));
}

static bool store_plan(struct proctor *pr, struct store *wr, const struct caller *who, const struct attempt_plan *plan, struct err *err)
{
	const struct form_entry *fe = plan->fe;
	struct attempt_row row = {
	    .account = who->account,
	    .version = fe->version->row,
	    .study = plan->study,
	    .relaxed = plan->relaxed,
	    .items = (int)fe->form->n_items,
	    .extra_m = plan->extra_m,
	    .lease = 1,
	    .begun_service_ms = proctor_service_ms(pr),
	    .started_ms = proctor_wall_ms(pr),
	};
	snprintf(row.id, sizeof row.id, "%s", fe->id);
	snprintf(row.bank_id, sizeof row.bank_id, "%s", fe->version->bank->id);
	snprintf(row.exam, sizeof row.exam, "%s", fe->bp->id);
	struct blueprint untimed = *fe->bp; /* a study session has no clock */
	if (plan->study)
		untimed.duration_ms = 0;
	progress_begin(fe->form, &untimed, plan->extra_m, row.begun_service_ms, &row.progress);
	row.next_ms = service_next(&row, fe->bp);
	struct event e = {.n = 1, .kind = EVENT_BEGIN, .at_ms = row.started_ms, .service_ms = row.begun_service_ms};
	return store_attempt_add(wr, &row, fe->bp->title, buf_str(&plan->form), fe->hash, &e.attempt, err) && service_beat(pr, wr, err) &&
	       store_event_add(wr, &e, err);
}

bool attempt_begin(struct proctor *pr, struct store *wr, const struct caller *who, struct attempt_plan *plan, struct buf *out,
                   struct err *err)
{
	const struct form_entry *fe = plan->fe;
	if (!may_begin(pr, wr, who, fe->version->bank, fe->bp, plan->study, err) || (plan->study && !end_study(pr, wr, who, fe, err)) ||
	    !store_plan(pr, wr, who, plan, err))
		return false;
	service_changed(pr);
	_cleanup_view_ struct view v = {0};
	return view_load(pr, wr, who, fe->id, &v, err) && view_json(pr, wr, &v, out, err);
}
