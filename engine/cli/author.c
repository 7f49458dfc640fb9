/* assay author: the server for one author and one bank. */
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "graders/client/grade.h"
#include "web/server/server.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] =
    "Usage: assay author DIR [OPTIONS]\n\n"
    "Serves the bank in DIR to its author, with a page to write it on in the browser: questions as text and as forms with a live\n"
    "preview, exams, tasks with their boxes, the checker's messages where they belong. Sit its exams and study as candidates do.\n"
    "The files stay yours: other editors and git work beside it, and nothing is overwritten. See docs/authors/authoring.md.\n"
    "DIR may be an empty folder; assay bank new makes an example.\n\n"
    "Options:\n"
    "  --listen A:PORT  a loopback address and port; port 0 picks a free one (default: 127.0.0.1:8081)\n"
    "  --data DIR       where attempts at your own exams and removed files are kept\n"
    "                   (default: a folder of its own for each bank below $XDG_STATE_HOME/assay/author)\n"
    "  --by NAME        who works here, for review records (default: git's user.name in DIR, or $USER)\n"
    "  --verbose        log more\n\n"
    "Prints 'assay: listening on URL' once it answers, and the link of the page. Ctrl-C ends it.\n";

enum { OPT_LISTEN = 256, OPT_DATA, OPT_VERBOSE, OPT_BY, OPT_HELP };

static const struct option options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN}, {"data", required_argument, NULL, OPT_DATA}, {"by", required_argument, NULL, OPT_BY},
    {"verbose", no_argument, NULL, OPT_VERBOSE},     {"help", no_argument, NULL, OPT_HELP},       {0},
};

/* Two banks must not share what is remembered of one of them. */
static char *state_dir(const char *bank)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(str_of(bank), hash);
	if (xdg && *xdg)
		return xasprintf("%s/assay/author/%.16s", xdg, hash);
	return xasprintf("%s/.local/state/assay/author/%.16s", home && *home ? home : ".", hash);
}

static int run(struct server_config *config, const char *dir)
{
	struct err err;
	struct stat st;
	_cleanup_free_ char *whole = realpath(dir, NULL);
	if (!whole || stat(whole, &st) < 0 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, "assay: author: %s: %s\n", dir, whole ? "not a folder" : strerror(errno));
		if (!whole && errno == ENOENT)
			fprintf(stderr, "assay bank new %s makes a bank there.\n", dir);
		return 3;
	}
	_cleanup_free_ char *data = state_dir(whole);
	_cleanup_free_ char *params = cli_beside("assay-params"), *pictures = cli_beside("assay-picture");
	_cleanup_free_ char *sandbox = cli_beside_or("assay-sandbox", "sandbox/assay-sandbox");
	_cleanup_free_ char *grader = cli_beside_or("assay-grader", "graders/assay-grader");
	_cleanup_free_ char *by = NULL;
	const char *const banks[] = {whole};
	if (!cli_author_name(config->author_by, whole, &by, &err)) {
		fprintf(stderr, "assay: author: --by: %s\n", err.msg);
		return 2;
	}
	config->author_by = by;
	if (!config->data_dir)
		config->data_dir = data;
	config->bank_dirs = banks;
	config->n_bank_dirs = 1;
	config->author_dir = whole;
	config->image_program = "/proc/self/exe"; /* this program */
	config->params_program = params;
	config->picture_program = pictures;
	config->sandbox_program = sandbox;
	config->grader_program = grader;
	config->grade = grade_run;
	bool ok = server_run(config, &err);
	if (!ok)
		fprintf(stderr, "assay: author: %s\n", err.msg);
	return ok ? 0 : err_exit_code(err.code);
}

int cli_author(int argc, char **argv)
{
	struct server_config config;
	int option;
	server_config_init(&config);
	config.listen = "127.0.0.1:8081";
	config.rate_limits = false; /* one person, on their own machine */
	optind = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == OPT_LISTEN) {
			config.listen = optarg;
		} else if (option == OPT_DATA) {
			config.data_dir = optarg;
		} else if (option == OPT_BY) {
			config.author_by = optarg;
		} else if (option == OPT_VERBOSE) {
			log_set_level(LOG_DEBUG);
		} else if (option == OPT_HELP) {
			fputs(help, stdout);
			return 0;
		} else {
			fputs("See assay author --help.\n", stderr);
			return 2;
		}
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "assay: author: %s\nSee assay author --help.\n", optind == argc ? "which folder?" : "one folder at a time, please");
		return 2;
	}
	return run(&config, argv[optind]);
}
