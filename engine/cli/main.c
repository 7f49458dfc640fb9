/* assay: the program. Finds the command in a table and runs it. */
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/completions.h"
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int routes(int argc, char **argv);
static int completions(int argc, char **argv);

static const struct cli_command commands[] = {
    {"serve", cli_serve, "run the exam server",
     "--banks --boxes --boxes-each --connections --data --forwarded --grading-waits --host --listen --metrics --no-image-builds "
     "--no-rate-limits --passphrase-file --per-address --public-url --require-signed --verbose --witness"},
    {"bank", cli_bank, "check a question bank",
     "check import export fmt show new diff rename review status sign approve verify trust --by --json --run --stats --strict --watch"},
    {"author", cli_author, "serve a bank to its author while it is written", "--by --data --listen --verbose"},
    {"task", cli_task, "make, try and prove a hands-on task", "new try test --data --jobs --json --progress --seed --seeds --write"},
    {"verify", cli_verify, "check a certificate or an exported result", "--at --holder --json --key --offline --trust"},
    {"user", cli_user, "add accounts, change passwords, make tokens",
     "add passwd disable enable extra-time token list --data --extra-time --json --role"},
    {"key", cli_key, "rotate, retire and list the signing keys",
     "list new rotate retire compromise reissue trust did passphrase --data --json --passphrase-file --since --trust"},
    {"mark", cli_mark, "mark essays", "--agreement --by --comment --criteria --data --decide --json --points"},
    {"review", cli_review, "decide about tasks that could not be graded", "--by --comment --data --grade --json --points"},
    {"regrade", cli_regrade, "grade past tasks again, with a corrected grader", "--attempt --bank --data --dry-run --json --reason --task"},
    {"reports", cli_reports, "problems that candidates report: list, answer, close",
     "--answer --bank --by --comment --data --json --owner --state"},
    {"rescore", cli_rescore, "score a question of past exams otherwise", "--as --by --data --dry-run --forms --json --otherwise --reason"},
    {"certificate", cli_certificate, "list certificates, show one, correct a name",
     "list show reissue --account --data --json --name --no-name"},
    {"issuer", cli_issuer, "check issuer.yml, preview how certificates look", "check preview --data --paper"},
    {"revoke", cli_revoke, "revoke or suspend a certificate", "--data --reason --resume --suspend"},
    {"backup", cli_backup, "copy everything, while the server runs", "--data --with-passphrase"},
    {"restore", cli_restore, "put a backup into an empty folder", "--check --data --with-passphrase"},
    {"log", cli_log, "show, prove and audit the transparency log",
     "show check prove verify request add-cosignature --against --data --json --key --kind --old --policy"},
    {"image", cli_image, "build the images that hands-on tasks start from", "list build --data"},
    {"box", cli_box, "run a command in a fresh sandbox", "run --copy-in --cwd --data --env --image --limit --time --user"},
    {"doctor", cli_doctor, "look whether all is well", "--data --json"},
    {"completions", completions, "what a shell needs to complete all this", "bash zsh fish"},
    {"routes", routes, NULL, NULL}, /* for the test that holds docs/openapi.yaml and the server together */
};

static void print_help(FILE *to)
{
	fputs("assay - practice exams that measure what people can do\n\n"
	      "Usage: assay COMMAND [ARGUMENTS]\n"
	      "       assay COMMAND --help\n\n"
	      "Commands:\n",
	      to);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].summary)
			fprintf(to, "  %-12s %s\n", commands[i].name, commands[i].summary);
	fputs("\nExamples:\n"
	      "  assay serve                      serve the shipped banks on http://127.0.0.1:8080\n"
	      "  assay serve --banks ~/questions  serve your own, beside nothing else\n"
	      "  assay bank check ~/questions     find every mistake in a bank\n"
	      "  assay verify badge.png           see whether a certificate holds, and what it says\n\n"
	      "Exit codes: 0 done, 1 refused or wrong, 2 usage, 3 could not look.\n"
	      "The manual is assay(1); the documentation is in docs/.\n",
	      to);
}

static int routes(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return serve_print_routes();
}

static int completions(int argc, char **argv)
{
	return completions_print(commands, ARRAY_SIZE(commands), argc, argv);
}

char *cli_beside(const char *name)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	if (n <= 0)
		return NULL;
	exe[n] = 0;
	char *slash = strrchr(exe, '/');
	*slash = 0;
	static const char *const places[] = {"%s/%s", "%s/../%s", "%s/../share/assay/%s", "%s/../libexec/assay/%s"};
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		char path[2 * PATH_MAX];
		struct stat st;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(path, sizeof path, places[i], exe, name);
#pragma GCC diagnostic pop
		if (stat(path, &st) == 0)
			return xstrdup(path);
	}
	return NULL;
}

char *cli_beside_or(const char *name, const char *built)
{
	char *path = cli_beside(name);
	return path ? path : cli_beside(built);
}

char *cli_data_dir(void)
{
	const char *own = getenv("ASSAY_DATA"), *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	if (own && *own)
		return xstrdup(own);
	if (xdg && *xdg)
		return xasprintf("%s/assay", xdg);
	return xasprintf("%s/.local/share/assay", home && *home ? home : ".");
}

int main(int argc, char **argv)
{
	if (sodium_init() < 0) {
		fputs("assay: the cryptographic library did not start\n", stderr);
		return 3;
	}
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	const char *name = argv[1];
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		print_help(stdout);
		return 0;
	}
	if (!strcmp(name, "--version")) {
		puts("assay " ASSAY_VERSION);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "assay: there is no command '%s'; see assay --help\n", name);
	return 2;
}
