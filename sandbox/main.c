/* assay-sandbox: creates and keeps boxes. Its own program, so that what needs namespaces has no network, no database and no keys. */
#include "base/mem.h"
#include "sandbox/daemon.h"
#include "sandbox/doctor.h"
#include "sandbox/run.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char help[] = "Usage: assay-sandbox COMMAND [ARGUMENTS]\n\n"
                           "Commands:\n"
                           "  run      one command in one fresh box\n"
                           "  serve    keep boxes for a server\n"
                           "  doctor   what bounds boxes on this machine, and what does not\n\n"
                           "Boxes share the kernel of this machine. See docs/operators/sandbox.md.\n";

int main(int argc, char **argv)
{
	/* Standard streams that are closed would let descriptors of ours take their numbers. */
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return 3;
	if (argc >= 2 && !strcmp(argv[1], "run"))
		return run_main(argc - 1, argv + 1);
	if (argc >= 2 && !strcmp(argv[1], "serve"))
		return daemon_main(argc - 1, argv + 1);
	if (argc >= 2 && !strcmp(argv[1], "doctor"))
		return doctor_main(argc - 1, argv + 1);
	bool asked = argc >= 2 && !strcmp(argv[1], "--help");
	fputs(help, asked ? stdout : stderr);
	return asked ? 0 : 2;
}
