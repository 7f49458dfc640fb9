/* The judge box: an untouched image with the candidate's tree read-only at /subject. It is opened when something is first looked at, once a
 * grading, and closed with it; the launcher closes it too when this process ends before. */
#include "base/mem.h"
#include "base/rng.h"
#include "graders/client/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MEMORY_MIB 1024u /* besides the candidate's files, which are kept in memory */
#define PROCESSES 256
#define INODES 1000000
#define SUBJECT "/subject"

/* An untouched box as the subject: a snapshot with nothing in it. */
static bool make_empty(char path[PATH_MAX], struct err *err)
{
	static const char bytes[] = SANDBOX_EMPTY;
	snprintf(path, PATH_MAX, "/tmp/assay-subject-XXXXXX");
	_cleanup_close_ int fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0 || write(fd, bytes, sizeof bytes - 1) != sizeof bytes - 1)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	return true;
}

static bool open_box(struct grading *g, const char *snapshot, struct err *err)
{
	struct stat st;
	char id[RNG_ID_SIZE], memory[40], disk[40], processes[40], inodes[40];
	if (stat(snapshot, &st) < 0)
		return err_set(err, ERR_NOT_FOUND, "the snapshot %s: %s", snapshot, strerror(errno));
	uint64_t mib = (uint64_t)st.st_size >> 20;
	snprintf(memory, sizeof memory, "memory=%" PRIu64 "M", MEMORY_MIB + 2 * mib);
	snprintf(disk, sizeof disk, "disk=%" PRIu64 "M", MEMORY_MIB / 2 + 2 * mib);
	snprintf(processes, sizeof processes, "processes=%d", PROCESSES);
	snprintf(inodes, sizeof inodes, "inodes=%d", INODES);
	const char *limits[] = {memory, disk, processes, inodes, NULL};
	snprintf(g->judge, sizeof g->judge, "judge-%s", rng_id(id));
	struct sandbox_box box = {.name = g->judge, .image = g->job->image, .limits = limits, .subject = snapshot, .bound = true};
	if (sandbox_open(g->s, &box, err))
		return true;
	g->judge[0] = 0;
	return false;
}

static bool ensure(struct grading *g, struct err *err)
{
	char path[PATH_MAX];
	if (g->judge[0])
		return true;
	if (g->job->snapshot)
		return realpath(g->job->snapshot, path) ? open_box(g, path, err)
		                                        : err_set(err, ERR_NOT_FOUND, "the snapshot %s: %s", g->job->snapshot, strerror(errno));
	if (!make_empty(path, err))
		return false;
	bool ok = open_box(g, path, err);
	unlink(path);
	return ok;
}

static bool open_or_refuse(struct grading *g, struct buf *out)
{
	struct err err;
	if (!g->s)
		err_set(&err, ERR_UNSUPPORTED, "there is no launcher of boxes");
	else if (ensure(g, &err))
		return true;
	grade_refuse(out, ANSWER_UNGRADED, "the judge box did not start: %s", err.msg);
	return false;
}

void grade_judge_look(struct grading *g, struct message *question, struct buf *out)
{
	struct str answer;
	struct err err;
	if (!open_or_refuse(g, out))
		return;
	if (grade_looker_ask(g, &g->look, g->judge, SUBJECT, question->rest, grade_left_ms(g), &answer, &err))
		buf_addv(out, answer);
	else
		grade_refuse(out, ANSWER_UNGRADED, "%s", err.msg);
}

void grade_judge_run(struct grading *g, struct message *question, struct buf *out)
{
	struct command c;
	struct err err;
	if (!grade_command_read(question, &c, &err)) {
		grade_refuse(out, ANSWER_UNGRADED, "%s", err.msg);
		return;
	}
	if (open_or_refuse(g, out)) {
		if (!*c.cwd) {
			free(c.cwd);
			c.cwd = xstrdup("/");
		}
		grade_command_run(g, g->judge, &c, false, out);
	}
	grade_command_finish(&c);
}

void grade_judge_close(struct grading *g)
{
	struct err err;
	grade_looker_close(&g->look);
	if (g->judge[0] && !sandbox_close(g->s, g->judge, false, &err))
		g->judge[0] = 0; /* it has ended by itself, or the launcher has */
	g->judge[0] = 0;
}
