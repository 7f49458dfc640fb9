/* assay serve: the exam server. */
#include "base/log.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "credential/did.h"
#include "graders/client/grade.h"
#include "web/server/server.h"
#include <getopt.h>
#include <stdio.h>

#define DIRS_MAX 32

static const char help[] =
    "Usage: assay serve [OPTIONS]\n\n"
    "Runs the exam server until it is interrupted. On a loopback address and without accounts there is one local\n"
    "person and no sign-in; with accounts (assay user add) everybody signs in. Anywhere else accounts are required,\n"
    "and TLS belongs to a proxy in front.\n\n"
    "Options:\n"
    "  --data DIR        where attempts, results and keys are kept; made if missing\n"
    "                    (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --banks DIR       a bank, or a folder of banks; may be given more than once\n"
    "                    (default: the shipped banks). Changes are noticed while the server runs.\n"
    "  --listen A:PORT   numeric address and port, [V6]:PORT for IPv6; port 0 picks a free one\n"
    "                    (default: 127.0.0.1:8080)\n"
    "  --host NAME       a name that the server goes by, beside localhost; may be given more than once\n"
    "  --public-url URL  https://HOST, the address that others know the server by: it then issues certificates as did:web:HOST, and\n"
    "                    answers to that name. Without it, it is known by its key alone (did:key)\n"
    "  --passphrase-file FILE  holds the passphrase of the signing keys (default: $ASSAY_PASSPHRASE_FILE; else systemd's credential\n"
    "                    assay-passphrase; else passphrase in the data folder, made at the first start)\n"
    "  --boxes N         how many boxes of hands-on tasks at once in all (default: 200); each takes the memory that its\n"
    "                    candidate uses, up to the task's limit\n"
    "  --boxes-each N    how many for one account (default: 30)\n"
    "  --grading-waits A,B,C  seconds before each further try at a task that could not be graded (default: 5,30,180); after\n"
    "                    the last one a person decides, see assay review\n"
    "  --no-image-builds  do not build the images that banks declare; otherwise it happens in the background\n"
    "  --connections N   how many connections at once in all (default: 4000)\n"
    "  --per-address N   how many from one address (default: 1000; an exam room may sit behind one)\n"
    "  --forwarded       a proxy in front names the client's address in X-Forwarded-For: use it for rate limits\n"
    "  --metrics         serve /metrics (Prometheus) on the same address\n"
    "  --witness FILE    be a witness of the logs whose verifier keys FILE holds, one a line: cosign what continues\n"
    "                    what was cosigned before, at POST /add-checkpoint\n"
    "  --require-signed  offer no bank but those that people trusted here have signed\n"
    "  --no-rate-limits  for benchmarks\n"
    "  --verbose         log more\n\n"
    "Prints one line, 'assay: listening on URL', once it answers. SIGTERM or Ctrl-C ends it in order;\n"
    "kill -9 or a power cut loses nothing that was shown as saved.\n";

enum {
	OPT_DATA = 256,
	OPT_BANKS,
	OPT_LISTEN,
	OPT_HOST,
	OPT_PUBLIC_URL,
	OPT_PASSPHRASE,
	OPT_BOXES,
	OPT_BOXES_EACH,
	OPT_NO_IMAGES,
	OPT_WAITS,
	OPT_CONNECTIONS,
	OPT_PER_ADDRESS,
	OPT_FORWARDED,
	OPT_METRICS,
	OPT_WITNESS,
	OPT_REQUIRE_SIGNED,
	OPT_NO_RATES,
	OPT_VERBOSE,
	OPT_HELP
};

static const struct option options[] = {
    {"data", required_argument, NULL, OPT_DATA},
    {"banks", required_argument, NULL, OPT_BANKS},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"host", required_argument, NULL, OPT_HOST},
    {"public-url", required_argument, NULL, OPT_PUBLIC_URL},
    {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE},
    {"boxes", required_argument, NULL, OPT_BOXES},
    {"boxes-each", required_argument, NULL, OPT_BOXES_EACH},
    {"no-image-builds", no_argument, NULL, OPT_NO_IMAGES},
    {"grading-waits", required_argument, NULL, OPT_WAITS},
    {"connections", required_argument, NULL, OPT_CONNECTIONS},
    {"per-address", required_argument, NULL, OPT_PER_ADDRESS},
    {"forwarded", no_argument, NULL, OPT_FORWARDED},
    {"metrics", no_argument, NULL, OPT_METRICS},
    {"witness", required_argument, NULL, OPT_WITNESS},
    {"require-signed", no_argument, NULL, OPT_REQUIRE_SIGNED},
    {"no-rate-limits", no_argument, NULL, OPT_NO_RATES},
    {"verbose", no_argument, NULL, OPT_VERBOSE},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

struct arguments {
	struct server_config config;
	const char *banks[DIRS_MAX], *hosts[DIRS_MAX];
	int64_t waits_ms[3];
	char *public_host;
	bool help;
};

static bool add(const char **list, size_t *n, const char *value, const char *name)
{
	if (*n == DIRS_MAX) {
		fprintf(stderr, "assay: serve: --%s is given more than %d times\n", name, DIRS_MAX);
		return false;
	}
	list[(*n)++] = value;
	return true;
}

static bool count(const char *text, unsigned *ret, const char *name)
{
	int64_t n;
	if (!str_to_i64(str_of(text), 1, 1000000, &n)) {
		fprintf(stderr, "assay: serve: --%s takes a number from 1 to 1000000\n", name);
		return false;
	}
	*ret = (unsigned)n;
	return true;
}

static bool waits(const char *text, struct arguments *a)
{
	struct str rest = str_of(text), field;
	size_t n = 0;
	int64_t seconds;
	for (; n < 3 && str_next_field(&rest, ',', &field) && str_to_i64(field, 0, 86400, &seconds); n++)
		a->waits_ms[n] = seconds * 1000;
	if (n < 3 || rest.p) {
		fputs("assay: serve: --grading-waits takes three numbers of seconds, such as 5,30,180\n", stderr);
		return false;
	}
	a->config.grading_waits_ms = a->waits_ms;
	return true;
}

/* The server answers to the name in it. */
static bool public_url(const char *text, struct arguments *a)
{
	struct err err;
	char *base = NULL;
	if (!did_web_of(text, NULL, &base, &err)) {
		fprintf(stderr, "assay: serve: --public-url: %s\n", err.msg);
		return false;
	}
	struct str rest = str_sub(str_of(base), strlen("https://"), strlen(base)), host = {0};
	(void)str_next_field(&rest, ':', &host);
	free(a->public_host);
	a->public_host = str_dup(host);
	free(base);
	a->config.public_url = text;
	return true;
}

static bool take_option(struct arguments *a, int option)
{
	struct server_config *c = &a->config;
	switch (option) {
	case OPT_DATA:
		c->data_dir = optarg;
		return true;
	case OPT_BANKS:
		return add(a->banks, &c->n_bank_dirs, optarg, "banks");
	case OPT_LISTEN:
		c->listen = optarg;
		return true;
	case OPT_HOST:
		return add(a->hosts, &c->n_hosts, optarg, "host");
	case OPT_PUBLIC_URL:
		return public_url(optarg, a);
	case OPT_PASSPHRASE:
		c->passphrase_file = optarg;
		return true;
	case OPT_BOXES:
		return count(optarg, &c->boxes_max, "boxes");
	case OPT_BOXES_EACH:
		return count(optarg, &c->boxes_per_account, "boxes-each");
	case OPT_NO_IMAGES:
		c->image_program = NULL;
		return true;
	case OPT_WAITS:
		return waits(optarg, a);
	case OPT_CONNECTIONS:
		return count(optarg, &c->connections_max, "connections");
	case OPT_PER_ADDRESS:
		return count(optarg, &c->connections_per_address, "per-address");
	case OPT_FORWARDED:
		c->forwarded = true;
		return true;
	case OPT_METRICS:
		c->metrics = true;
		return true;
	case OPT_WITNESS:
		c->witness_logs = optarg;
		return true;
	case OPT_REQUIRE_SIGNED:
		c->require_signed = true;
		return true;
	case OPT_NO_RATES:
		c->rate_limits = false;
		return true;
	case OPT_VERBOSE:
		log_set_level(LOG_DEBUG);
		return true;
	case OPT_HELP:
		a->help = true;
		return true;
	default:
		return false;
	}
}

static bool parse(int argc, char **argv, struct arguments *a)
{
	int option;
	optind = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(a, option))
			return false;
	if (optind < argc) {
		fprintf(stderr, "assay: serve: what is '%s'?\n", argv[optind]);
		return false;
	}
	return true;
}

int serve_print_routes(void)
{
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	server_routes_json(&out);
	puts(out.p);
	return 0;
}

int cli_serve(int argc, char **argv)
{
	struct arguments a = {0};
	server_config_init(&a.config);
	a.config.bank_dirs = a.banks;
	a.config.hosts = a.hosts;
	a.config.image_program = "/proc/self/exe"; /* this program */
	if (!parse(argc, argv, &a)) {
		fputs("See assay serve --help.\n", stderr);
		return 2;
	}
	if (a.help) {
		fputs(help, stdout);
		return 0;
	}
	_cleanup_free_ char *data = cli_data_dir();
	_cleanup_free_ char *shipped = cli_beside("banks");
	_cleanup_free_ char *params = cli_beside("assay-params");
	_cleanup_free_ char *pictures = cli_beside("assay-picture");
	_cleanup_free_ char *sandbox = cli_beside_or("assay-sandbox", "sandbox/assay-sandbox");
	_cleanup_free_ char *grader = cli_beside_or("assay-grader", "graders/assay-grader");
	if (!a.config.data_dir)
		a.config.data_dir = data;
	if (!a.config.n_bank_dirs && shipped)
		a.banks[a.config.n_bank_dirs++] = shipped;
	if (a.public_host && !add(a.hosts, &a.config.n_hosts, a.public_host, "host"))
		return 2;
	a.config.params_program = params;
	a.config.picture_program = pictures;
	a.config.sandbox_program = sandbox;
	a.config.grader_program = grader;
	a.config.grade = grade_run;
	struct err err;
	bool ok = server_run(&a.config, &err);
	free(a.public_host);
	if (!ok)
		fprintf(stderr, "assay: serve: %s\n", err.msg);
	return ok ? 0 : err_exit_code(err.code);
}
