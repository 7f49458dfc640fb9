/* assay box: a fresh box for one command. The work is done by assay-sandbox, which takes this process's place. */
#include "base/mem.h"
#include "cli/cli.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: assay box run [OPTIONS] -- COMMAND [ARGUMENT]...\n\n"
    "Runs one command in a fresh box, as root of that box, and returns its output and status. The box has no network\n"
    "but its own loopback, sees none of this machine's files but the programs, and leaves nothing behind.\n\n"
    "Options:\n"
    "  --image NAME       what the box starts from (default: host, this machine's own programs)\n"
    "  --copy-in SRC:DST  put a file or folder of this machine at the absolute path DST in the box;\n"
    "                     may be given more than once\n"
    "  --limit KEY=VALUE  may be given more than once; defaults: memory=512M processes=256 cpu=100% disk=512M\n"
    "                     inodes=50000 output=64M time=30s\n"
    "  --user USER        who runs the command, by name or number (default: root; 'candidate' has a home)\n"
    "  --cwd PATH         where it runs (default: the user's home)\n"
    "  --env NAME=VALUE   may be given more than once\n"
    "  --time TIME        the same as --limit time=TIME\n"
    "  --data DIR         where images are kept (default: $ASSAY_DATA, or ~/.local/share/assay)\n\n"
    "Files of a box are kept in memory and count as such: at most three quarters of `memory` can be files.\n"
    "A command that a limit has ended, or that failed after running into one, gives exit code 3 and a line on stderr:\n"
    "assay: box: limit: memory\n\n"
    "Example: assay box run --limit memory=64M --copy-in ./work:/srv/work -- sh -c 'cd /srv/work && make test'\n\n"
    "Exit codes: the command's own; 128 and the signal's number if a signal killed it; 127 if there is no such command;\n"
    "2 usage; 3 a limit, or the box could not be opened.\n";

static int usage(const char *why)
{
	fprintf(stderr, "assay: box: %s; see assay box --help\n", why);
	return 2;
}

int cli_box(int argc, char **argv)
{
	if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return 0;
	}
	if (argc < 2 || strcmp(argv[1], "run") != 0)
		return usage(argc < 2 ? "run is missing" : "there is only run");
	_cleanup_free_ char *data = cli_data_dir();
	const char *dir = data;
	_cleanup_free_ char *program = cli_beside_or("assay-sandbox", "sandbox/assay-sandbox");
	_cleanup_free_ char *block = xcalloc((size_t)argc + 4, sizeof(char *));
	const char **args = (const char **)(void *)block;
	size_t n = 0;
	int i = 2;
	args[n++] = "assay-sandbox";
	args[n++] = "run";
	size_t dir_at = n + 1;
	args[n++] = "--dir";
	args[n++] = NULL;
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (!strcmp(argv[i], "--help")) {
			fputs(help, stdout);
			return 0;
		}
		if (!strcmp(argv[i], "--data") && i + 1 < argc)
			dir = argv[++i];
		else
			args[n++] = argv[i];
	}
	if (i >= argc)
		return usage("-- and a command are missing");
	for (; i < argc; i++)
		args[n++] = argv[i];
	if (!program) {
		fputs("assay: box: the program assay-sandbox is missing beside this one\n", stderr);
		return 3;
	}
	_cleanup_free_ char *sandbox = xasprintf("%s/sandbox", dir);
	args[dir_at] = sandbox;
	execv(program, (char **)args);
	fprintf(stderr, "assay: box: %s: %s\n", program, strerror(errno));
	return 3;
}
