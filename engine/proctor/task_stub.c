/* Temporary: a box without an attempt. */
#include "internal.h"
#include "sandbox/client/sandbox.h"
#include "task_terminal.h"
#include <stdio.h>
#include <sys/stat.h>
static struct {
	char key[200];
	char box[65];
	uint32_t exec;
} known[64];
bool task_terminal(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, int shell,
                   unsigned rows, unsigned cols, struct task_terminal *ret, struct err *err)
{
	struct sandbox *s = NULL;
	char dir[4000], key[200], box[65];
	snprintf(dir, sizeof dir, "%s/sandbox", pr->data_dir);
	if (!sandbox_connect(dir, getenv("ASSAY_SANDBOX"), &s, err))
		return false;
	snprintf(key, sizeof key, "%.80s/%.80s/%d", attempt, item, shell);
	snprintf(box, sizeof box, "dev-%.20s-%.20s", attempt, item);
	struct task_terminal t = {.attempt_key = (int64_t)strlen(attempt), .item = item[0], .master_fd = -1};
	snprintf(t.box, sizeof t.box, "%s", box);
	snprintf(t.recording, sizeof t.recording, "%s/recordings", pr->data_dir);
	mkdir(t.recording, 0700);
	snprintf(t.recording, sizeof t.recording, "%s/recordings/%s-%d.cast", pr->data_dir, box, shell);
	struct sandbox_listed *list = NULL;
	size_t n = 0;
	bool ok = sandbox_list(s, &list, &n, err), have = false;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, box)) {
			have = true;
			for (uint32_t j = 0; j < list[i].n_execs; j++)
				if (list[i].execs[j].running && list[i].execs[j].terminal)
					t.exec = list[i].execs[j].id;
		}
	sandbox_list_finish(list, n);
	if (ok && !have)
		ok = sandbox_open(s, &(struct sandbox_box){.name = box, .image = "host", .keep = true}, err);
	for (int i = 0; ok && i < 64; i++)
		if (!strcmp(known[i].key, key))
			t.exec = known[i].exec;
	if (ok && t.exec)
		ok = sandbox_attach(s, box, t.exec, &t.master_fd, err);
	if (!ok || !t.exec) {
		struct sandbox_exec x = {.user = "candidate", .argv = (const char *const[]){"/bin/bash", "-l", NULL}, .rows = rows, .cols = cols};
		ok = sandbox_terminal(s, box, &x, &t.exec, &t.master_fd, err);
		t.fresh = true;
	}
	sandbox_disconnect(s);
	if (ok)
		*ret = t;
	return ok;
}
bool task_recordings_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                          struct buf *out, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "x");
}
bool task_recording_text(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, int shell,
                         struct buf *out, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "x");
}
