/* assay task test: does each task in every way that its folder describes, each in a fresh box, several at once.
 *
 * Each worker has a connection to the launcher of its own, takes the next trial and finishes it: box, setup, script, snapshot, two
 * gradings. Boxes end with their connection, so that nothing stays when this process is ended. */
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/task.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define SEEDS 3
#define JOBS_MAX 64
#define SCRIPT_MS 60000
#define OUTPUT_MAX (64u << 20)

struct run {
	const struct task_tools *tools;
	struct trial **trials;
	size_t n, jobs;
	atomic_size_t next, done;
	bool progress, lines; /* on a terminal in one line; else a line for each trial */
	pthread_mutex_t lock; /* for the line of progress, and for err */
	struct err err;
	bool failed; /* a worker could not begin */
};

/* ---- one trial ---- */

static void fail(struct trial *t, bool blind, const char *what, const char *why)
{
	t->failure = what ? xasprintf("%s: %s", what, why) : xstrdup(why);
	t->blind = blind;
}

/* Does the task. A wrong way may end with an error of its own; the solution and other right ways may not. */
static bool do_task(struct sandbox *s, struct trial *t, const char *values, const char *box)
{
	struct err err;
	_cleanup_(prepare_result_finish) struct prepare_result r = {0};
	if (!t->script)
		return true;
	const char *user = prepare_user(str_of(t->script), t->proving->item->task->user);
	if (!prepare_run(s, box, str_of(t->script), user, values, SCRIPT_MS, &r, &err)) {
		fail(t, true, "run.sh", err.msg);
		return false;
	}
	bool broken = (r.script.status != 0 && t->kind != TRIAL_WRONG) || r.script.limit;
	if (broken) {
		_cleanup_buf_ struct buf why = BUF(2048);
		prepare_describe(&r, &why);
		fail(t, false, "run.sh", why.p);
	}
	return !broken;
}

static bool same_results(const struct grade_result *a, const struct grade_result *b)
{
	bool same = a->n_checks == b->n_checks && a->points_m == b->points_m;
	for (size_t i = 0; same && i < a->n_checks; i++)
		same = strcmp(a->checks[i].id, b->checks[i].id) == 0 && a->checks[i].outcome == b->checks[i].outcome &&
		       a->checks[i].points_m == b->checks[i].points_m && strcmp(a->checks[i].message, b->checks[i].message) == 0;
	return same;
}

static void try_one(struct sandbox *s, const struct task_tools *tools, struct trial *t)
{
	struct err err;
	char box[65];
	const struct proving *p = t->proving;
	const struct task_subject subject = {p->item, p->image, p->values[t->seed]};
	int64_t start = clock_monotonic_ms();
	if (!task_box(s, &subject, box, NULL, &err)) {
		fail(t, err.code != ERR_INVALID, NULL, err.msg);
		return;
	}
	struct grade_result again;
	if (do_task(s, t, subject.values, box)) {
		if (task_grade(s, tools, &subject, box, false, &t->result, &again, &err)) {
			t->differs = !same_results(&t->result, &again);
			grade_result_finish(&again);
		} else {
			fail(t, true, "grading", err.msg);
		}
	}
	if (!sandbox_close(s, box, false, &err) && !t->failure)
		fail(t, true, "closing the box", err.msg);
	t->ms = clock_monotonic_ms() - start;
}

/* ---- all of them ---- */

static void show_progress(struct run *r, const char *what)
{
	size_t done = atomic_fetch_add(&r->done, 1) + 1;
	if (!r->progress && !r->lines)
		return;
	pthread_mutex_lock(&r->lock);
	if (r->lines) {
		fprintf(stderr, "%zu of %zu  %s\n", done, r->n, what);
		pthread_mutex_unlock(&r->lock);
		return;
	}
	fprintf(stderr, "\r\033[K%zu of %zu  %s", done, r->n, what);
	if (done == r->n)
		fputs("\r\033[K", stderr);
	pthread_mutex_unlock(&r->lock);
}

static void *work(void *arg)
{
	struct run *r = arg;
	struct sandbox *s = NULL;
	struct err err;
	if (!sandbox_connect(r->tools->sandbox_dir, NULL, &s, &err)) {
		pthread_mutex_lock(&r->lock);
		r->failed = true;
		r->err = err;
		pthread_mutex_unlock(&r->lock);
		return NULL;
	}
	for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) {
		try_one(s, r->tools, r->trials[i]);
		show_progress(r, r->trials[i]->name);
	}
	sandbox_disconnect(s);
	return NULL;
}

/* The first connection starts the launcher, if there is none. */
static bool run_all(struct run *r, struct err *err)
{
	pthread_t threads[JOBS_MAX];
	size_t n = 0;
	struct sandbox *s = NULL;
	if (!r->n)
		return true;
	if (!task_connect(r->tools, &s, err))
		return false;
	for (; n < r->jobs && n < r->n && n < JOBS_MAX; n++)
		if (pthread_create(&threads[n], NULL, work, r) != 0)
			break;
	if (!n)
		work(r);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	sandbox_disconnect(s);
	if (atomic_load(&r->done) == r->n)
		return true;
	*err = r->err;
	return false;
}

/* ---- tasks ---- */

static void add_trial(struct proving *p, enum trial_kind kind, const char *name, const char *script, const struct task_variant *v,
                      size_t seed)
{
	p->trials[p->n_trials++] = (struct trial){.proving = p, .kind = kind, .name = name, .script = script, .variant = v, .seed = seed};
}

static void add_trials(struct proving *p)
{
	const struct task *task = p->item->task;
	p->n_variants = task->n_variants + 2;
	p->trials = xcalloc(p->n_variants * p->n_seeds, sizeof *p->trials);
	for (size_t seed = 0; seed < p->n_seeds; seed++) {
		add_trial(p, TRIAL_SOLUTION, "solution", task->solution_sh, NULL, seed);
		add_trial(p, TRIAL_UNTOUCHED, "untouched", NULL, NULL, seed);
		for (size_t i = 0; i < task->n_variants; i++) {
			const struct task_variant *v = &task->variants[i];
			add_trial(p, str_starts(str_of(v->name), "alt/") ? TRIAL_ALT : TRIAL_WRONG, v->name, v->run_sh, v, seed);
		}
	}
}

/* Reads the task; a task that cannot be tried gets a problem. */
static bool prepare_proving(struct proving *p, const char *dir, const struct task_test_options *o, const struct task_tools *tools,
                            struct err *err)
{
	*p = (struct proving){.dir = dir, .n_seeds = 1};
	if (!task_read(dir, o->json, &p->bank, err)) {
		if (err->code != ERR_UNSUPPORTED)
			return false;
		proving_problem(p, "%s", err->msg);
		p->blind = true;
		return true;
	}
	if (!p->bank) {
		proving_problem(p, "the task has errors");
		return true;
	}
	p->item = &p->bank->items[0];
	if (!task_image(tools, p->bank, p->image, err)) {
		proving_problem(p, "the image '%s': %s", p->item->task->image, err->msg);
		p->blind = true;
		return true;
	}
	if (p->item->params_lua) {
		p->n_seeds = o->seeds ? o->seeds : SEEDS;
		if (!task_draw(tools, p->bank, p->n_seeds, p->values, err)) {
			proving_problem(p, "%s", err->msg);
			p->blind = err->code != ERR_INVALID && err->code != ERR_CONFLICT;
			return true;
		}
	}
	add_trials(p);
	return true;
}

static void proving_finish(struct proving *p)
{
	for (size_t i = 0; i < p->n_trials; i++) {
		grade_result_finish(&p->trials[i].result);
		free(p->trials[i].failure);
	}
	free(p->trials);
	for (size_t i = 0; i < p->n_problems; i++)
		free(p->problems[i]);
	free(p->problems);
	for (size_t i = 0; i < TASK_SEEDS_MAX; i++)
		free(p->values[i]);
	bank_destroy(p->bank);
}

static bool write_proof(struct proving *p, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(1u << 20);
	_cleanup_free_ char *path = xasprintf("%s/proof.json", p->dir);
	proving_proof(p, &out);
	p->written = file_write_durable(path, buf_str(&out), 0644, err);
	return p->written;
}

static bool settle(struct proving *list, size_t n, const struct task_test_options *o, struct err *err)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		struct proving *p = &list[i];
		if (p->n_trials)
			proving_judge(p);
		for (size_t k = 0; k < p->n_trials; k++)
			p->ms += p->trials[k].ms;
		if (o->write && !p->n_problems && ok)
			ok = write_proof(p, err);
	}
	return ok;
}

static int report(const struct proving *list, size_t n, const struct task_test_options *o)
{
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	const char *no_color = getenv("NO_COLOR");
	size_t proved = 0, blind = 0;
	buf_adds(&out, o->json ? "{\"tasks\":[" : "");
	for (size_t i = 0; i < n; i++) {
		proved += !list[i].n_problems;
		blind += list[i].blind;
		if (o->json) {
			buf_adds(&out, i ? "," : "");
			proving_json(&list[i], &out);
		} else {
			proving_table(&list[i], isatty(STDOUT_FILENO) && !(no_color && *no_color), &out);
		}
	}
	if (o->json)
		buf_addf(&out, "],\"proved\":%zu,\"total\":%zu}\n", proved, n);
	else if (n > 1)
		buf_addf(&out, "%zu of %zu tasks are proved\n", proved, n);
	fwrite(buf_str(&out).p, 1, out.len, stdout);
	fflush(stdout);
	return proved == n ? 0 : proved + blind == n ? 3 : 1;
}

static bool prove(struct proving *list, size_t n, const struct task_test_options *o, const struct task_tools *tools, struct err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct run r = {.tools = tools,
	                .jobs = o->jobs          ? o->jobs
	                        : processors > 1 ? (size_t)processors
	                                         : 1,
	                .progress = isatty(STDERR_FILENO) && !o->progress,
	                .lines = o->progress,
	                .lock = PTHREAD_MUTEX_INITIALIZER};
	for (size_t i = 0; i < n; i++)
		r.n += list[i].n_trials;
	r.trials = xcalloc(r.n + 1, sizeof(struct trial *));
	for (size_t i = 0, at = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_trials; k++)
			r.trials[at++] = &list[i].trials[k];
	bool ok = run_all(&r, err);
	free(r.trials);
	return ok && settle(list, n, o, err);
}

int task_test(const struct task_test_options *o, const char *const *dirs, size_t n)
{
	struct err err;
	__attribute__((cleanup(task_tools_finish))) struct task_tools tools = {0};
	struct proving *list = xcalloc(n, sizeof *list);
	size_t read = 0;
	bool ok = task_tools_find(o->data, &tools, &err);
	while (ok && read < n) {
		ok = prepare_proving(&list[read], dirs[read], o, &tools, &err);
		read++;
	}
	ok = ok && prove(list, n, o, &tools, &err);
	int code = ok ? report(list, n, o) : 3;
	if (!ok)
		fprintf(stderr, "assay task test: %s\n", err.msg);
	for (size_t i = 0; i < read; i++)
		proving_finish(&list[i]);
	free(list);
	return code;
}
