/* Proofs of hands-on tasks and new ones, as jobs: `assay task test` and `assay task new` run beside the server, and what they print is
 * told on. See author.h.
 *
 * A proof takes a minute and opens boxes of its own; as a program of its own it can be ended, and fails alone. */
#include "base/rng.h"
#include "proctor/author_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

#define RUNNING_MAX 2
#define KEPT_MAX 16
#define OUTPUT_MAX (4u << 20)
#define PROOF_MS (20 * MS_MINUTE)

enum job_what { JOB_PROOF, JOB_NEW };
enum job_state { JOB_RUNNING, JOB_DONE, JOB_FAILED };
struct job {
	struct job *next;
	char id[RNG_ID_SIZE];
	enum job_what what;
	char *folder, *data_dir;
	struct author *author;
	pthread_t thread;
	bool joined;
	int out, says; /* the program's output, and what it says meanwhile */
	/* Under the author's lock: */
	pid_t pid;
	enum job_state state;
	struct buf output, said;
};

/* ---- The program ---- */

static bool start(struct job *j, struct err *err)
{
	int out[2] = {-1, -1}, says[2] = {-1, -1};
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(says, O_CLOEXEC) < 0)
		return err_set(err, ERR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
	const char *const proof[] = {"assay", "task", "test", "--json", "--write", "--progress", "--data", j->data_dir, j->folder, NULL};
	const char *const new[] = {"assay", "task", "new", j->folder, NULL};
	const char *const *argv = j->what == JOB_NEW ? new : proof;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, says[1], STDERR_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	int rc = posix_spawn(&j->pid, j->author->program, &actions, &attr, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	close(out[1]);
	close(says[1]);
	j->out = out[0];
	j->says = says[0];
	return rc == 0 || err_set(err, ERR_INTERNAL, "cannot run %s: %s", j->author->program, strerror(rc));
}

/* False at the end. */
static bool take(struct job *j, int fd, struct buf *to)
{
	char block[4096];
	ssize_t n = read(fd, block, sizeof block);
	if (n < 0)
		return errno == EINTR;
	pthread_mutex_lock(&j->author->lock);
	buf_add(to, block, (size_t)n);
	pthread_mutex_unlock(&j->author->lock);
	return n > 0;
}

static void *follow(void *arg)
{
	struct job *j = arg;
	int64_t end = clock_monotonic_ms() + PROOF_MS;
	bool out_open = true, says_open = true;
	while (out_open || says_open) {
		struct pollfd p[] = {{out_open ? j->out : -1, POLLIN, 0}, {says_open ? j->says : -1, POLLIN, 0}};
		int64_t left = end - clock_monotonic_ms();
		if (left <= 0 || poll(p, 2, (int)left) == 0) {
			kill(-j->pid, SIGTERM);
			break;
		}
		if (p[0].revents)
			out_open = take(j, j->out, &j->output);
		if (p[1].revents)
			says_open = take(j, j->says, &j->said);
	}
	int status = 0;
	while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&j->author->lock);
	j->pid = 0;
	/* 1: it ran, and the task is not proved; that is a result. */
	int most = j->what == JOB_PROOF;
	j->state = WIFEXITED(status) && WEXITSTATUS(status) <= most && j->output.len ? JOB_DONE : JOB_FAILED;
	pthread_mutex_unlock(&j->author->lock);
	return NULL;
}

/* ---- The list ---- */

static void job_destroy(struct job *j)
{
	if (!j->joined)
		pthread_join(j->thread, NULL);
	close(j->out);
	close(j->says);
	buf_finish(&j->output);
	buf_finish(&j->said);
	free(j->folder);
	free(j->data_dir);
	free(j);
}

/* Forgets the oldest that are done. Under the lock; they have ended, so that joining them does not wait for it. */
static size_t count_jobs(struct author *a, size_t *ret_running)
{
	size_t n = 0;
	*ret_running = 0;
	for (struct job **at = &a->jobs; *at;) {
		struct job *j = *at;
		*ret_running += j->state == JOB_RUNNING;
		if (++n > KEPT_MAX && j->state != JOB_RUNNING) {
			*at = j->next;
			job_destroy(j);
		} else {
			at = &j->next;
		}
	}
	return n;
}

void author_jobs_stop(struct author *a)
{
	for (struct job *j = a->jobs; j; j = j->next)
		if (j->pid > 0)
			kill(-j->pid, SIGTERM);
}

void author_jobs_free(struct author *a)
{
	while (a->jobs) {
		struct job *j = a->jobs;
		a->jobs = j->next;
		job_destroy(j);
	}
}

static bool what_of(const cJSON *body, enum job_what *ret, struct err *err)
{
	static const char *const keys[] = {"what", NULL};
	const char *what;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "what", 20, &what, err))
		return false;
	*ret = strcmp(what, "new") == 0 ? JOB_NEW : JOB_PROOF;
	return *ret == JOB_NEW || strcmp(what, "proof") == 0 || err_set(err, ERR_INVALID, "what must be \"proof\" or \"new\"");
}

bool author_task_run(struct author *a, const char *slug, const cJSON *body, struct buf *out, struct err *err)
{
	enum job_what what;
	struct err ignored;
	_cleanup_buf_ struct buf text = BUF(1);
	_cleanup_free_ char *path = xasprintf("tasks/%s/task.md", slug);
	if (!what_of(body, &what, err))
		return false;
	bool is_id = str_is_id(str_of(slug)), there = is_id && workspace_read(a->workspace, path, &text, NULL, &ignored);
	if (what == JOB_NEW && !is_id)
		return err_set(err, ERR_INVALID, "a task's name is made of a-z, 0-9 and '-'");
	if (what == JOB_NEW && there)
		return err_set(err, ERR_CONFLICT, "there is a task '%.64s' already", slug);
	if (what == JOB_PROOF && !there)
		return err_set(err, ERR_NOT_FOUND, "there is no task '%.64s'", slug);
	if (!a->program)
		return err_set(err, ERR_UNSUPPORTED, "tasks cannot be proved here");
	struct job *j = xcalloc(1, sizeof *j);
	*j = (struct job){.author = a,
	                  .what = what,
	                  .data_dir = xstrdup(a->data_dir),
	                  .output = BUF(OUTPUT_MAX),
	                  .said = BUF(1u << 20),
	                  .out = -1,
	                  .says = -1};
	j->folder = xasprintf("%s/tasks/%s", workspace_dir(a->workspace), slug);
	rng_id(j->id);
	size_t running;
	pthread_mutex_lock(&a->lock);
	count_jobs(a, &running);
	bool ok = running < RUNNING_MAX && !a->stopping ? start(j, err) : err_set(err, ERR_BUSY, "other tasks are being proved; wait for them");
	if (ok && pthread_create(&j->thread, NULL, follow, j) != 0) {
		kill(-j->pid, SIGKILL);
		waitpid(j->pid, NULL, 0);
		ok = err_set(err, ERR_INTERNAL, "cannot start a thread");
	}
	if (ok) {
		j->next = a->jobs;
		a->jobs = j;
		buf_addf(out, "{\"job\":\"%s\"}", j->id);
	}
	pthread_mutex_unlock(&a->lock);
	if (!ok) {
		j->joined = true;
		job_destroy(j);
	}
	return ok;
}

/* ---- What came of it ---- */

static const char *member(const cJSON *obj, const char *key)
{
	const cJSON *c = cJSON_GetObjectItemCaseSensitive(obj, key);
	return cJSON_IsString(c) ? c->valuestring : NULL;
}

static void add_row(cJSON *table, const cJSON *v)
{
	const char *name = member(v, "name"), *failure = member(v, "failure");
	struct str n = str_of(name ? name : "");
	const char *kind = str_starts(n, "wrong/")  ? "wrong"
	                   : str_starts(n, "alt/")  ? "alt"
	                   : str_is(n, "untouched") ? "untouched"
	                                            : "solution";
	cJSON *row = json_object(), *checks = json_array();
	const cJSON *draw = cJSON_GetObjectItemCaseSensitive(v, "draw"), *points = cJSON_GetObjectItemCaseSensitive(v, "points"),
	            *max = cJSON_GetObjectItemCaseSensitive(v, "max"), *c;
	bool ok = !failure;
	cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(v, "checks"))
	{
		cJSON *check = json_object();
		bool expected = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(c, "as_expected"));
		json_set_str(check, "id", member(c, "id"));
		json_set_str(check, "outcome", member(c, "outcome"));
		json_set_bool(check, "expected", expected);
		json_set_str(check, "message", member(c, "message"));
		json_add(checks, check);
		ok &= expected;
	}
	json_set_str(row, "variant", name);
	json_set_str(row, "kind", kind);
	json_set_i64(row, "draw", draw ? (int64_t)draw->valuedouble : 1);
	json_set_double(row, "points", points ? points->valuedouble : 0);
	json_set_double(row, "max", max ? max->valuedouble : 0);
	json_set(row, "checks", checks);
	json_set_bool(row, "ok", ok);
	json_set_str(row, "message", failure);
	json_add(table, row);
}

/* "3 of 6  wrong/readable": how far a proof is. */
static bool is_progress(struct str line, int64_t *ret_done, int64_t *ret_total)
{
	struct str rest = line, done, of, total;
	return str_next_field(&rest, ' ', &done) && str_next_field(&rest, ' ', &of) && str_next_field(&rest, ' ', &total) && str_is(of, "of") &&
	       str_to_i64(done, 0, INT32_MAX, ret_done) && str_to_i64(total, 1, INT32_MAX, ret_total);
}

static void add_lines(cJSON *says, struct str text, int64_t *ret_done, int64_t *ret_total)
{
	struct str line;
	while (str_next_line(&text, &line)) {
		_cleanup_free_ char *one = str_dup(str_trim(line));
		if (*one && str_is_utf8(str_of(one), NULL) && !is_progress(str_of(one), ret_done, ret_total))
			json_add_str(says, one);
	}
}

static cJSON *job_json(const struct job *j)
{
	static const char *const states[] = {"running", "done", "failed"};
	cJSON *out = json_object(), *says = json_array(), *table = json_array();
	_cleanup_json_ cJSON *tree = NULL;
	struct err ignored;
	bool proved = false;
	int64_t done = 0, total = 0;
	add_lines(says, buf_str(&j->said), &done, &total);
	if (j->what == JOB_PROOF && j->state == JOB_DONE && json_parse(str_trim(buf_str(&j->output)), &tree, &ignored)) {
		const cJSON *task = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(tree, "tasks"), 0), *c;
		cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(task, "problems")) if (cJSON_IsString(c)) json_add_str(says, c->valuestring);
		cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(task, "variants")) add_row(table, c);
		proved = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(task, "proved"));
	}
	json_set_str(out, "state", states[j->state]);
	json_set_bool(out, "proved", proved);
	json_set_i64(out, "done", done);
	json_set_i64(out, "total", total);
	json_set(out, "says", says);
	json_set(out, "table", table);
	return out;
}

bool author_job_json(struct author *a, const char *id, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *json = NULL;
	pthread_mutex_lock(&a->lock);
	for (const struct job *j = a->jobs; j && !json; j = j->next)
		if (strcmp(j->id, id) == 0)
			json = job_json(j);
	pthread_mutex_unlock(&a->lock);
	if (!json)
		return err_set(err, ERR_NOT_FOUND, "there is no such job");
	json_print(json, out);
	return buf_check(out, "the job", err);
}
