/* Preparing boxes of tasks. See prepare.h.
 *
 * Files go in as one tar archive that the box's own, still untouched tar unpacks: only files are named, so that folders that are there keep
 * their modes, and links of the image (/bin) are followed. A script goes in through the standard input of a small shell, which keeps it in
 * a file only while it runs: nothing of it stays in the box, and its text is not in the process list. */
#include "graders/client/prepare.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define BLOCK 512
#define FILES_MS 60000
#define VALUES_MAX 200

void prepare_result_finish(struct prepare_result *r)
{
	sandbox_result_finish(&r->script);
	*r = (struct prepare_result){0};
}

/* One header of a POSIX archive. */
static void add_header(struct buf *tar, const char *name, char type, size_t size, bool executable)
{
	char h[BLOCK] = {0};
	snprintf(h, 100, "%s", name);
	snprintf(h + 100, 8, "%07o", executable ? 0755u : 0644u);
	snprintf(h + 108, 8, "%07o", 0u);
	snprintf(h + 116, 8, "%07o", 0u);
	snprintf(h + 124, 12, "%011zo", size);
	snprintf(h + 136, 12, "%011o", 0u);
	memset(h + 148, ' ', 8);
	h[156] = type;
	memcpy(h + 257, "ustar  ", 8);
	unsigned sum = 0;
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(tar, h, BLOCK);
}

static void add_data(struct buf *tar, struct str bytes)
{
	static const char zeros[BLOCK];
	buf_addv(tar, bytes);
	buf_add(tar, zeros, (BLOCK - bytes.len % BLOCK) % BLOCK);
}

static bool archive(const struct prepare *job, struct buf *tar, struct err *err)
{
	for (size_t i = 0; i < job->n_files; i++) {
		const struct prepare_file *f = &job->files[i];
		size_t len = strlen(f->path);
		if (f->path[0] != '/' || len > PREPARE_PATH_MAX)
			return err_set(err, ERR_INVALID, "'%s' is no path of a file in a box", f->path);
		if (len >= 100) { /* GNU's way of a longer name */
			add_header(tar, "././@LongLink", 'L', len, false);
			add_data(tar, (struct str){f->path + 1, len});
		}
		add_header(tar, f->path + 1, '0', f->bytes.len, f->executable);
		add_data(tar, f->bytes);
	}
	static const char end[2 * BLOCK];
	buf_add(tar, end, sizeof end);
	return buf_check(tar, "the files of a task", err);
}

/* The end of a command that failed, for a message; its last line is from a box. */
static void last_line(struct str text, struct buf *out)
{
	struct str line, last = {0};
	while (str_next_line(&text, &line))
		if (str_trim(line).len)
			last = str_trim(line);
	last = str_sub(last, 0, 200);
	if (!last.len || !str_is_utf8(last, NULL))
		return;
	buf_adds(out, ": ");
	for (size_t i = 0; i < last.len; i++)
		buf_addc(out, (unsigned char)last.p[i] < ' ' || last.p[i] == 0x7f ? ' ' : last.p[i]);
}

void prepare_describe(const struct prepare_result *r, struct buf *out)
{
	int status = (int)r->script.status;
	if (r->script.limit)
		buf_addf(out, "limit: %s", limit_name(r->script.limit));
	else if (WIFSIGNALED(status))
		buf_addf(out, "signal %d", WTERMSIG(status));
	else
		buf_addf(out, "exit code %d", WEXITSTATUS(status));
	last_line(r->script.err.len ? buf_str(&r->script.err) : buf_str(&r->script.out), out);
}

static bool put_files(struct sandbox *s, const struct prepare *job, struct err *err)
{
	_cleanup_buf_ struct buf tar = BUF(PREPARE_FILES_MAX + job->n_files * 4 * BLOCK + 2 * BLOCK);
	const char *argv[] = {"tar", "-x", "-m", "-C", "/", "-f", "-", NULL};
	struct sandbox_exec x = {.argv = argv, .cwd = "/", .time_ms = FILES_MS};
	_cleanup_(prepare_result_finish) struct prepare_result r = {0};
	if (!job->n_files)
		return true;
	if (!archive(job, &tar, err) || !sandbox_run(s, job->box, &x, buf_str(&tar), PREPARE_OUTPUT_MAX, &r.script, err))
		return err_prefix(err, "the files of the task");
	if (r.script.status == 0)
		return true;
	_cleanup_buf_ struct buf why = BUF(1024);
	prepare_describe(&r, &why);
	return err_set(err, ERR_INVALID, "the files of the task: tar: %.*s", STR_ARG(buf_str(&why)));
}

/* As in the task's text: whole numbers without a point, others with up to 14 digits. */
static char *assignment(const cJSON *value)
{
	_cleanup_free_ char *name = xstrdup(value->string);
	for (char *p = name; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	double v = value->valuedouble;
	if (cJSON_IsString(value))
		return xasprintf("ASSAY_PARAM_%s=%s", name, value->valuestring);
	if (v == floor(v) && fabs(v) < 1e15)
		return xasprintf("ASSAY_PARAM_%s=%.0f", name, v == 0 ? 0.0 : v);
	return xasprintf("ASSAY_PARAM_%s=%.14g", name, v);
}

/* A NULL-terminated list; its strings are the caller's. */
static bool environment(const char *values, char *env[VALUES_MAX + 1], struct err *err)
{
	_cleanup_json_ cJSON *json = NULL;
	size_t n = 0;
	if (!values)
		return true;
	if (!json_parse(str_of(values), &json, err))
		return err_prefix(err, "the values of the task");
	if (!cJSON_IsObject(json) || cJSON_GetArraySize(json) > VALUES_MAX)
		return err_set(err, ERR_INVALID, "the values of the task are no object, or too many");
	for (const cJSON *v = json->child; v; v = v->next) {
		if (!cJSON_IsString(v) && !cJSON_IsNumber(v))
			return err_set(err, ERR_INVALID, "the value '%s' of the task is neither a text nor a number", v->string);
		env[n++] = assignment(v);
	}
	return true;
}

static void free_env(char *(*env)[VALUES_MAX + 1])
{
	for (char **p = *env; *p; p++)
		free(*p);
}

bool prepare_run(struct sandbox *s, const char *box, struct str script, const char *user, const char *values, uint64_t time_ms,
                 struct prepare_result *ret, struct err *err)
{
	__attribute__((cleanup(free_env))) char *env[VALUES_MAX + 1] = {NULL};
	static const char keep_and_run[] = "umask 077; f=$(mktemp /tmp/task-XXXXXX) && cat >\"$f\" || exit 125\n"
	                                   "(umask 022; exec \"$0\" \"$f\" </dev/null); s=$?; rm -f \"$f\"; exit $s";
	const char *shell = str_starts(script, "#!/bin/bash") ? "/bin/bash" : "/bin/sh";
	const char *argv[] = {"/bin/sh", "-c", keep_and_run, shell, NULL};
	struct sandbox_exec x = {.user = user, .argv = argv, .env = (const char *const *)env, .time_ms = time_ms};
	struct prepare_result r = {0};
	int64_t start = clock_monotonic_ms();
	if (!environment(values, env, err) || !sandbox_run(s, box, &x, script, PREPARE_OUTPUT_MAX, &r.script, err))
		return false;
	r.ms = clock_monotonic_ms() - start;
	*ret = r;
	return true;
}

static bool set_up(struct sandbox *s, const struct prepare *job, struct prepare_result *ret, struct err *err)
{
	_cleanup_(prepare_result_finish) struct prepare_result r = {0};
	if (!job->setup.len)
		return true;
	if (!prepare_run(s, job->box, job->setup, NULL, job->values, job->setup_ms ? job->setup_ms : PREPARE_SETUP_MS, &r, err))
		return err_prefix(err, "setup.sh");
	_cleanup_buf_ struct buf why = BUF(1024);
	bool ok = r.script.status == 0 && !r.script.limit;
	if (!ok)
		prepare_describe(&r, &why);
	if (ret) {
		*ret = r;
		r = (struct prepare_result){0};
	}
	return ok || err_set(err, ERR_INVALID, "setup.sh: %.*s", STR_ARG(buf_str(&why)));
}

bool prepare_box(struct sandbox *s, const struct prepare *job, struct prepare_result *ret, struct err *err)
{
	struct sandbox_box box = {.name = job->box, .image = job->image, .limits = job->limits, .keep = job->keep, .bound = job->bound};
	struct err ignored;
	if (ret)
		*ret = (struct prepare_result){0};
	if (!sandbox_open(s, &box, err))
		return false;
	if (put_files(s, job, err) && set_up(s, job, ret, err))
		return true;
	/* If it cannot be closed, it has ended by itself, or the launcher has: *err says so already. */
	(void)!sandbox_close(s, job->box, false, &ignored);
	return false;
}

const char *prepare_user(struct str script, const char *otherwise)
{
	struct str line;
	if (!str_next_line(&script, &line) || !str_next_line(&script, &line) || !str_starts(line, "# user:"))
		return otherwise;
	line = str_trim(str_sub(line, strlen("# user:"), line.len));
	return str_is(line, "root") ? "root" : str_is(line, "candidate") ? "candidate" : otherwise;
}
