/* assay task try: the box of a task on the author's own terminal, and what the grader says of it in between. */
#include "cli/task.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

#define SCRIPT_MS 60000
#define LINE_SIZE 100

struct session {
	struct task_tools tools;
	struct sandbox *s;
	struct bank *bank;
	const struct item *item;
	char *values;
	char image[65], box[65];
	bool open;
};

static volatile sig_atomic_t resized;

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

/* ---- the shell ---- */

static void copy_size(int master)
{
	struct winsize size;
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);
		if (done < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		p += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return true;
}

/* From here to there; false at the end. */
static bool pass(int from, int to)
{
	char chunk[16384];
	ssize_t n = read(from, chunk, sizeof chunk);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	return n > 0 && write_all(to, chunk, (size_t)n);
}

/* Until the shell has ended, or its box has. */
static void relay(struct session *t, uint32_t exec, int master)
{
	for (bool ended = false;;) {
		struct pollfd f[] = {{STDIN_FILENO, POLLIN, 0}, {master, POLLIN, 0}, {sandbox_fd(t->s), POLLIN, 0}};
		if (resized) {
			resized = 0;
			copy_size(master);
		}
		if (poll(f, 3, ended ? 50 : -1) < 0)
			continue;
		if ((f[0].revents & (POLLIN | POLLHUP)) && !pass(STDIN_FILENO, master))
			return;
		if (f[1].revents && !pass(master, STDOUT_FILENO))
			return;
		if (ended && !f[1].revents)
			return; /* the last of its output was shown */
		struct sandbox_event e;
		while (sandbox_next_event(t->s, &e))
			ended |= strcmp(e.box, t->box) == 0 && (e.what != SANDBOX_EXITED || e.exec == exec);
	}
}

static bool run_shell(struct session *t, struct err *err)
{
	static const char *const argv[] = {"/bin/bash", "-l", NULL};
	struct termios before, raw;
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	uint32_t exec;
	int fd = -1;
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	struct sandbox_exec x = {.user = t->item->task->user, .argv = argv, .rows = size.ws_row, .cols = size.ws_col};
	if (!sandbox_terminal(t->s, t->box, &x, &exec, &fd, err))
		return false;
	_cleanup_close_ int master = fd;
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return err_set(err, ERR_IO, "the terminal: %s", strerror(errno));
	raw = before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	relay(t, exec, master);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	putchar('\n');
	return true;
}

/* ---- what else can be done ---- */

static void close_box(struct session *t)
{
	struct err err;
	if (t->open && !sandbox_close(t->s, t->box, false, &err))
		fprintf(stderr, "assay task try: %s\n", err.msg);
	t->open = false;
}

static bool open_box(struct session *t, struct err *err)
{
	_cleanup_(prepare_result_finish) struct prepare_result setup = {0};
	close_box(t);
	t->open = task_box(t->s, &(struct task_subject){t->item, t->image, t->values}, t->box, &setup, err);
	if (!t->open && setup.script.err.len)
		fwrite(setup.script.err.p, 1, setup.script.err.len, stderr);
	return t->open;
}

static bool check(struct session *t, struct err *err)
{
	__attribute__((cleanup(grade_result_finish))) struct grade_result r = {0};
	const struct task_subject subject = {t->item, t->image, t->values};
	if (!task_grade(t->s, &t->tools, &subject, t->box, true, &r, NULL, err))
		return false;
	if (r.error)
		printf("  the grader failed: %s\n", r.error);
	for (size_t i = 0; i < r.n_checks; i++) {
		const struct grade_check *c = &r.checks[i];
		printf("  %-8s %g of %g  %s: %s\n", grade_outcome_name(c->outcome), (double)c->points_m / 1000, (double)c->max_m / 1000, c->id,
		       c->title);
		if (c->message[0])
			printf("           %s\n", c->message);
		if (c->detail)
			printf("           %s\n", c->detail);
		if (c->hint && c->outcome == GRADE_FAIL)
			printf("           hint: %s\n", c->hint);
	}
	printf("  %g of %g points, in %lld ms\n", (double)r.points_m / 1000, (double)r.max_m / 1000, (long long)r.ms);
	return true;
}

static bool solve(struct session *t, struct err *err)
{
	_cleanup_(prepare_result_finish) struct prepare_result r = {0};
	_cleanup_buf_ struct buf why = BUF(2048);
	struct str script = str_of(t->item->task->solution_sh);
	if (!prepare_run(t->s, t->box, script, prepare_user(script, t->item->task->user), t->values, SCRIPT_MS, &r, err))
		return false;
	fwrite(buf_str(&r.script.out).p, 1, r.script.out.len, stdout);
	fwrite(buf_str(&r.script.err).p, 1, r.script.err.len, stdout);
	prepare_describe(&r, &why);
	if (r.script.status == 0)
		puts("  the solution has run");
	else
		printf("  the solution failed: %s\n", why.p);
	return true;
}

/* ---- the session ---- */

static bool ask(char answer[LINE_SIZE])
{
	printf("[c]heck  [s]hell  [f]resh box  s[o]lution  [q]uit > ");
	fflush(stdout);
	if (!fgets(answer, LINE_SIZE, stdin))
		return false;
	if (!isatty(STDIN_FILENO))
		putchar('\n');
	return answer[0] != 'q';
}

static bool act(struct session *t, char what, struct err *err)
{
	switch (what) {
	case 'c':
	case '\n':
		return check(t, err);
	case 's':
		if (isatty(STDIN_FILENO))
			return run_shell(t, err);
		puts("  a shell needs a terminal");
		return true;
	case 'f':
		return open_box(t, err);
	case 'o':
		return solve(t, err);
	default:
		puts("  c, s, f, o or q");
		return true;
	}
}

static bool converse(struct session *t, struct err *err)
{
	char answer[LINE_SIZE];
	printf("%s: a box as a candidate gets it, for user %s. Leave its shell with exit or Ctrl-D to have it checked.\n", t->item->title,
	       t->item->task->user);
	if (t->values)
		printf("drawn: %s\n", t->values);
	fflush(stdout);
	if (isatty(STDIN_FILENO) && !run_shell(t, err))
		return false;
	while (ask(answer))
		if (!act(t, answer[0], err)) {
			if (!t->open)
				return false;
			printf("  %s\n", err->msg);
		}
	return true;
}

static bool begin(struct session *t, const char *dir, const char *data, uint64_t seed, struct err *err)
{
	char *values[TASK_SEEDS_MAX] = {NULL};
	if (!task_tools_find(data, &t->tools, err) || !task_read(dir, false, &t->bank, err))
		return false;
	if (!t->bank)
		return err_set(err, ERR_INVALID, "the task has errors");
	t->item = &t->bank->items[0];
	if (t->item->params_lua) {
		if (seed > TASK_SEEDS_MAX)
			return err_set(err, ERR_USAGE, "--seed is at most %d", TASK_SEEDS_MAX);
		if (!task_draw(&t->tools, t->bank, (size_t)seed, values, err))
			return false;
		t->values = take_ptr(values[seed - 1]);
		for (size_t i = 0; i < TASK_SEEDS_MAX; i++)
			free(values[i]);
	}
	return task_image(&t->tools, t->bank, t->image, err) && task_connect(&t->tools, &t->s, err) && open_box(t, err);
}

int task_try(const char *dir, const char *data, uint64_t seed)
{
	struct session t = {0};
	struct err err;
	struct sigaction action = {.sa_handler = on_resize}, before;
	sigaction(SIGWINCH, &action, &before);
	bool ok = begin(&t, dir, data, seed, &err) && converse(&t, &err);
	if (!ok)
		fprintf(stderr, "assay task try: %s\n", err.msg);
	close_box(&t);
	sigaction(SIGWINCH, &before, NULL);
	sandbox_disconnect(t.s);
	task_tools_finish(&t.tools);
	free(t.values);
	bank_destroy(t.bank);
	return ok ? 0 : err.code == ERR_UNSUPPORTED ? 3 : err_exit_code(err.code);
}
