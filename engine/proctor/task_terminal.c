/* Terminals of a task: which shell of its box belongs to which number. See proctor.h. The relay of the bytes is not here.
 *
 * A shell outlives the connection that shows it, and the server: the launcher holds its terminal, the store its number. */
#include "proctor/task_internal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

#define LOCK_WAIT_MS (70 * MS_SECOND)
#define SIDE_MAX 1000

struct putting {
	const struct task_ref *t;
	struct shell_row row;
};

static bool put_shell(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	const struct putting *p = arg;
	return store_shell_put(wr, p->t->v.row.key, p->t->index, &p->row, err);
}

/* The shell of this number that runs already. */
static bool find_running(struct store *rd, struct sandbox *s, const struct task_ref *t, const struct box_row *box, int shell,
                         struct task_terminal *ret, bool *ret_found, struct err *err)
{
	struct shell_row rows[TASK_SHELLS_MAX];
	struct sandbox_listed *list;
	size_t n, n_boxes;
	*ret_found = false;
	if (!store_shells(rd, t->v.row.key, t->index, rows, ARRAY_SIZE(rows), &n, err) || !sandbox_list(s, &list, &n_boxes, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].shell != shell || strcmp(rows[i].box, box->name) != 0)
			continue;
		for (size_t k = 0; k < n_boxes; k++)
			for (uint32_t x = 0; strcmp(list[k].name, box->name) == 0 && x < list[k].n_execs; x++)
				if (list[k].execs[x].id == rows[i].exec && list[k].execs[x].running && list[k].execs[x].terminal)
					*ret_found = true;
		ret->exec = rows[i].exec;
	}
	sandbox_list_finish(list, n_boxes);
	return !*ret_found || sandbox_attach(s, box->name, ret->exec, &ret->master_fd, err);
}

static bool start_shell(struct proctor *pr, struct sandbox *s, const struct task_ref *t, const struct box_row *box, int shell,
                        unsigned rows, unsigned cols, struct task_terminal *ret, struct err *err)
{
	static const char *const argv[] = {"/bin/bash", "-l", NULL}, *const env[] = {"TERM=xterm-256color", "LANG=C.UTF-8", NULL};
	struct sandbox_exec x = {.user = t->task->user, .argv = argv, .env = env, .rows = rows, .cols = cols};
	if (!sandbox_terminal(s, box->name, &x, &ret->exec, &ret->master_fd, err))
		return err_prefix(err, "the shell could not be started");
	struct putting p = {t, {.shell = shell, .exec = ret->exec, .started_ms = proctor_wall_ms(pr)}};
	memcpy(p.row.box, box->name, sizeof p.row.box);
	if (task_change(pr, put_shell, &p, err))
		return true;
	close(ret->master_fd);
	return false;
}

bool task_terminal(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, int shell,
                   unsigned rows, unsigned cols, struct task_terminal *ret, struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_hold_ struct box_hold hold = {0};
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	struct task_terminal tt = {.master_fd = -1};
	struct box_row box;
	bool running;
	if (shell < 1 || shell > TASK_SHELLS_MAX || rows < 1 || rows > SIDE_MAX || cols < 1 || cols > SIDE_MAX)
		return err_set(err, ERR_USAGE, "shell is 1 to %d, rows and cols are 1 to %d", TASK_SHELLS_MAX, SIDE_MAX);
	if (!task_find(pr, rd, who, attempt, item, TASK_WORK, &t, err) || !box_lock(pr, t.v.row.key, t.index, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){pr, t.v.row.key, t.index};
	if (!boxes_borrow(pr, &b.s, err) || !box_ensure(pr, rd, b.s, who, &t, &box, err) ||
	    !find_running(rd, b.s, &t, &box, shell, &tt, &running, err) ||
	    (!running && !start_shell(pr, b.s, &t, &box, shell, rows, cols, &tt, err)))
		return false;
	_cleanup_free_ char *recording = recording_path_of(pr, t.v.row.id, t.index, shell);
	_cleanup_free_ char *folder = xasprintf("%s/recordings", pr->data_dir);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		close(tt.master_fd);
		return err_set(err, ERR_IO, "cannot make %s: %m", folder);
	}
	snprintf(tt.recording, sizeof tt.recording, "%s", recording);
	memcpy(tt.box, box.name, sizeof tt.box);
	tt.attempt_key = t.v.row.key;
	tt.item = t.index;
	tt.fresh = !running;
	*ret = tt;
	return true;
}
