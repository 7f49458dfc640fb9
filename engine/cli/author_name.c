/* Who works in a bank's folder, for review records. See cli.h. */
#include "bank/record.h"
#include "base/mem.h"
#include "cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

/* What `git config user.name` says there; NULL when it says nothing, or there is no git. */
static char *git_name(const char *dir)
{
	const char *argv[] = {"git", "-C", dir, "config", "--get", "user.name", NULL};
	int out[2];
	pid_t pid;
	posix_spawn_file_actions_t actions;
	_cleanup_buf_ struct buf said = BUF(4 * RECORD_NAME_MAX);
	if (pipe2(out, O_CLOEXEC) < 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	bool started = posix_spawnp(&pid, "git", &actions, NULL, (char *const *)argv, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	bool ok = started && buf_read(&said, out[0]);
	close(out[0]);
	int status = 1;
	while (started && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	struct str name = str_trim(buf_str(&said));
	return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0 && name.len ? str_dup(name) : NULL;
}

bool cli_author_name(const char *by, const char *dir, char **ret, struct err *err)
{
	_cleanup_free_ char *git = by ? NULL : git_name(dir);
	const char *names[] = {by, git, getenv("USER"), "author"};
	struct err why;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!names[i] || !record_check_name(names[i], &why)) {
			if (i == 0 && by)
				return err_set(err, ERR_USAGE, "%s", why.msg);
			continue;
		}
		*ret = str_dup(str_trim(str_of(names[i])));
		return true;
	}
	return err_set(err, ERR_INTERNAL, "nobody has a name");
}
