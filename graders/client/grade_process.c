/* The grader's process: started with a socket and nothing else. */
#include "base/mem.h"
#include "graders/client/internal.h"
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

bool grade_process_start(const char *program, struct process *ret, struct err *err)
{
	int fds[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set(err, ERR_INTERNAL, "cannot make a socket pair: %s", strerror(errno));
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	char name[] = "assay-grader", *argv[] = {name, NULL}, *envp[] = {NULL};
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	int rc = posix_spawn(&ret->pid, program, &actions, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (rc != 0) {
		close(fds[0]);
		return err_set(err, ERR_INTERNAL, "cannot start %s: %s", program, strerror(rc));
	}
	ret->stream = (struct message_stream){.fd = fds[0], .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)};
	return true;
}

void grade_process_end(struct process *p, int *ret_status)
{
	kill(p->pid, SIGKILL); /* it may have ended, but was not waited for: the number is still its own */
	close(p->stream.fd);
	buf_finish(&p->stream.in);
	while (waitpid(p->pid, ret_status, 0) < 0 && errno == EINTR)
		;
}
