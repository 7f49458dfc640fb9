/* The grader's process: started with a socket and nothing else. */
#include "base/mem.h"
#include "graders/client/internal.h"
#include "graders/client/spawn.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

bool grade_process_start(const char *program, struct process *ret, struct err *err)
{
	int fd;
	if (!spawn_confined(program, "assay-grader", &ret->pid, &fd, err))
		return false;
	ret->stream = (struct message_stream){.fd = fd, .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)};
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
