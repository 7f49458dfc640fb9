/* Running assay-params: a process for up to JOBS_PER_PROCESS programs, fed and read through a socket pair.
 *
 * The process writes one line a program. If it is killed by one of its limits, the program that was running is to blame: it gets the error,
 * and a new process runs the rest. If the process ends early by itself, nobody is to blame, and the rest is run again. So it is when the
 * wall clock runs out: on a busy machine that says little, so a program is blamed only when it was the first of its process and had its
 * share of CPU time. All of it ends at a deadline. */
#include "graders/client/params.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define JOBS_PER_PROCESS 200
#define INPUT_MAX (15u << 20)
#define OUTPUT_MAX (256u << 20)
#define WALL_MS 2000                /* of one process; doubled while the machine is too busy to give it its share of time */
#define FAIR_CPU_US INT64_C(400000) /* that share: more than one program may use */
#define ALL_WALL_MS 60000           /* of all of them */

struct run {
	pid_t pid;
	int fd;
	struct buf in, out;
	size_t sent;
	int64_t deadline_ms;
	bool timed_out;
	int status;     /* of wait4 … */
	int64_t cpu_us; /* … and what it used */
};

static void run_finish(struct run *r)
{
	buf_finish(&r->in);
	buf_finish(&r->out);
}

/* Sends what fits; after the last byte, says that it was the last. */
static void send_some(struct run *r)
{
	ssize_t n = send(r->fd, r->in.p + r->sent, r->in.len - r->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		r->sent += (size_t)n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		r->sent = r->in.len; /* it has died: what it wrote before tells more */
	if (r->sent == r->in.len)
		shutdown(r->fd, SHUT_WR);
}

/* False at the end of the output. */
static bool receive_some(struct run *r)
{
	char block[16384];
	ssize_t n = recv(r->fd, block, sizeof block, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_add(&r->out, block, (size_t)n);
	return n > 0 && !r->out.overflow;
}

static void talk(struct run *r)
{
	for (bool open = true; open;) {
		int64_t left = r->deadline_ms - clock_monotonic_ms();
		if (left <= 0) {
			r->timed_out = true;
			break;
		}
		struct pollfd p = {r->fd, (short)(POLLIN | (r->sent < r->in.len ? POLLOUT : 0)), 0};
		int rc = poll(&p, 1, (int)left);
		if (rc < 0 && errno != EINTR)
			break;
		if (rc <= 0)
			continue;
		if ((p.revents & POLLOUT) && r->sent < r->in.len)
			send_some(r);
		if (p.revents & (POLLIN | POLLHUP | POLLERR))
			open = receive_some(r);
	}
	if (r->timed_out)
		kill(r->pid, SIGKILL);
	close(r->fd);
	struct rusage usage = {0};
	while (wait4(r->pid, &r->status, 0, &usage) < 0 && errno == EINTR)
		;
	r->cpu_us = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void write_jobs(const struct params_job *jobs, size_t n, struct buf *in)
{
	buf_addc(in, '[');
	for (size_t i = 0; i < n; i++) {
		buf_adds(in, i ? ",{\"lua\":" : "{\"lua\":");
		buf_add_json(in, str_of(jobs[i].lua));
		buf_addf(in, ",\"seed\":\"%llu\"}", (unsigned long long)jobs[i].seed);
	}
	buf_addc(in, ']');
}

/* How many of the jobs go into one process: few enough, and not too much text. */
static size_t batch_size(const struct params_job *jobs, size_t n)
{
	size_t bytes = 0, count = 0;
	while (count < n && count < JOBS_PER_PROCESS && bytes < INPUT_MAX / 8)
		bytes += strlen(jobs[count++].lua);
	return count;
}

static bool take_result(struct params_job *job, struct str line, struct err *err)
{
	_cleanup_json_ cJSON *json = NULL;
	if (line.len && line.p[0] == ',')
		line = str_sub(line, 1, line.len);
	if (!json_parse(line, &json, err))
		return false;
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(json, "values");
	if (cJSON_IsObject(values)) {
		/* {"values":{…}}: the bytes themselves, so that no number is printed anew */
		job->values = str_dup(str_sub(line, strlen("{\"values\":"), line.len - 1));
		return true;
	}
	const char *message = NULL;
	int64_t at = 0;
	if (!json_get_str(json, "result", "error", 4000, &message, err) || !json_opt_i64(json, "result", "line", 0, INT32_MAX, &at, err))
		return false;
	job->error = at ? xasprintf("line %lld: %s", (long long)at, message) : xstrdup(message);
	return true;
}

/* Takes the results off the output; *ret_n is how many there were. */
static bool take_results(struct run *r, struct params_job *jobs, size_t n, size_t *ret_n, struct err *err)
{
	struct str rest = buf_str(&r->out), line;
	size_t count = 0;
	bool whole = true;
	while (count < n && rest.len && whole) {
		whole = memchr(rest.p, '\n', rest.len) != NULL;
		if (!whole || !str_next_line(&rest, &line) || str_is(line, "]"))
			break;
		if (str_is(line, "["))
			continue;
		if (!take_result(&jobs[count], line, err))
			return err_prefix(err, "assay-params");
		count++;
	}
	*ret_n = count;
	return true;
}

static char *blame(const struct run *r)
{
	int signal = WTERMSIG(r->status);
	if (r->timed_out || signal == SIGKILL || signal == SIGXCPU)
		return xstrdup("the program took too long, and was ended");
	return xasprintf("the program was ended by signal %d", signal);
}

/* One process for the first few jobs; *ret_n is how many are settled. */
static bool run_batch(const char *program, struct params_job *jobs, size_t n, int64_t *wall_ms, size_t *ret_n, struct err *err)
{
	__attribute__((cleanup(run_finish))) struct run r = {.in = BUF(INPUT_MAX), .out = BUF(OUTPUT_MAX)};
	size_t count = batch_size(jobs, n), done = 0;
	write_jobs(jobs, count, &r.in);
	if (!buf_check(&r.in, "the programs", err) || !spawn_confined(program, "assay-params", &r.pid, &r.fd, err))
		return false;
	r.deadline_ms = clock_monotonic_ms() + *wall_ms;
	talk(&r);
	if (!take_results(&r, jobs, count, &done, err))
		return false;
	bool alone_too_long = r.timed_out && done == 0 && r.cpu_us >= FAIR_CPU_US;
	if (done < count && (alone_too_long || (WIFSIGNALED(r.status) && !r.timed_out)))
		jobs[done++].error = blame(&r);
	else if (done == 0 && r.timed_out)
		*wall_ms *= 2;
	else if (done == 0)
		return err_set(err, ERR_INTERNAL, "%s ended with exit code %d and drew nothing", program, WEXITSTATUS(r.status));
	*ret_n = done;
	return true;
}

bool params_draw(const char *program, struct params_job *jobs, size_t n, struct err *err)
{
	int64_t deadline = clock_monotonic_ms() + ALL_WALL_MS, wall_ms = WALL_MS;
	for (size_t i = 0; i < n; i++)
		jobs[i].values = jobs[i].error = NULL;
	for (size_t i = 0, done = 0; i < n; i += done) {
		bool late = clock_monotonic_ms() > deadline;
		if (late)
			err_set(err, ERR_BUSY, "the programs of the questions took too long; the machine is busy");
		if (late || !run_batch(program, jobs + i, n - i, &wall_ms, &done, err)) {
			for (size_t k = 0; k < n; k++) {
				free(jobs[k].values);
				free(jobs[k].error);
				jobs[k].values = jobs[k].error = NULL;
			}
			return false;
		}
	}
	return true;
}
