/* The sandbox's part of `assay doctor`: asks the launcher what it finds. See sandbox.h. */
#include "base/mem.h"
#include "sandbox/client/sandbox.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define WAIT_MS 20000
#define REPORT_MAX 16384

static void ask(const char *program, const char *dir, struct buf *report)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		execl(program, program, "doctor", "--dir", dir, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	char chunk[4096];
	ssize_t n;
	while (pid > 0 && poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, WAIT_MS) == 1 &&
	       (n = read(ends[0], chunk, sizeof chunk)) > 0)
		buf_add(report, chunk, (size_t)n);
	close(ends[0]);
	if (pid > 0) {
		kill(pid, SIGKILL); /* it has closed its end, or takes too long */
		waitpid(pid, NULL, 0);
	}
}

enum sandbox_bounds sandbox_doctor(const char *program, const char *dir, struct buf *out)
{
	static const struct {
		const char *name;
		enum sandbox_bounds bounds;
	} kinds[] = {
	    {"cgroup-v2", SANDBOX_CGROUP_V2}, {"cgroup-v1", SANDBOX_CGROUP_V1}, {"delegated", SANDBOX_DELEGATED}, {"rlimits", SANDBOX_RLIMITS}};
	enum sandbox_bounds found = SANDBOX_NONE;
	_cleanup_buf_ struct buf report = BUF(REPORT_MAX);
	ask(program, dir, &report);
	struct str rest = buf_str(&report), line;
	while (str_next_line(&rest, &line)) {
		if (!str_starts(line, "bounds: ")) {
			buf_addv(out, line);
			buf_addc(out, '\n');
			continue;
		}
		found = SANDBOX_NONE;
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (str_is(str_sub(line, 8, line.len), kinds[i].name))
				found = kinds[i].bounds;
	}
	if (report.len == 0)
		buf_addf(out, "weak: the program %s does not run: no hands-on tasks\n", program);
	return found;
}
