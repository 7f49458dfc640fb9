/* See spawn.h. The program gives up its other rights itself, before it reads anything. */
#include "graders/client/spawn.h"
#include "base/mem.h"
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool spawn_confined(const char *program, const char *name, pid_t *ret_pid, int *ret_fd, struct err *err)
{
	int fds[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set(err, ERR_INTERNAL, "cannot make a socket pair: %s", strerror(errno));
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	_cleanup_free_ char *own_name = xstrdup(name);
	char *argv[] = {own_name, NULL}, *envp[] = {NULL};
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	int rc = posix_spawn(ret_pid, program, &actions, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (rc != 0) {
		close(fds[0]);
		return err_set(err, ERR_INTERNAL, "cannot start %s: %s", program, strerror(rc));
	}
	*ret_fd = fds[0];
	return true;
}
