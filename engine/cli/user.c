/* assay user: accounts, for the operator. Works on the data folder, whether a server runs or not. */
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay user add NAME [--role ROLE] [--extra-time PERCENT]\n"
    "       assay user passwd NAME\n"
    "       assay user disable NAME | enable NAME\n"
    "       assay user extra-time NAME PERCENT\n"
    "       assay user token NAME\n"
    "       assay user list [--json]\n\n"
    "Accounts. Without any there is one local person and no sign-in; with the first one everybody signs in. A running\n"
    "server notices within a second.\n\n"
    "  add         makes an account. The password (12 to 256 bytes) is asked for, or read from the standard input\n"
    "  passwd      gives it another password and ends its sessions\n"
    "  disable     ends its sessions and tokens and lets it in no more; its attempts and results stay\n"
    "  enable      lets it in again\n"
    "  extra-time  how much more time it has in exams: 25 means a quarter more. For attempts that begin from now on\n"
    "  token       makes a bearer token for programs and prints it once\n"
    "  list        all accounts\n\n"
    "Options:\n"
    "  --data DIR             the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --role ROLE            candidate (default), author, examiner or operator\n"
    "  --extra-time PERCENT   0 to 400\n"
    "  --json                 as JSON\n\n"
    "Examples:\n"
    "  assay user add ada --extra-time 25\n"
    "  pwgen -s 20 1 | tee /dev/stderr | assay user add grace\n";

struct arguments {
	char *data;
	const char *command, *name, *value;
	enum role role;
	int extra_time_m;
	bool json, help;
};

static bool parse_role(const char *text, enum role *ret)
{
	static const char *const names[] = {
	    [ROLE_CANDIDATE] = "candidate", [ROLE_AUTHOR] = "author", [ROLE_EXAMINER] = "examiner", [ROLE_OPERATOR] = "operator"};
	for (size_t i = ROLE_CANDIDATE; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], text) == 0) {
			*ret = (enum role)i;
			return true;
		}
	return false;
}

/* "25" or "25%" → 1250 */
static bool parse_percent(const char *text, int *ret_m)
{
	struct str s = str_trim(str_of(text));
	double v;
	if (str_ends(s, "%"))
		s.len--;
	if (!str_to_double(s, &v) || v < 0 || v > 400)
		return false;
	*ret_m = 1000 + (int)lround(v * 10);
	return true;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, ROLE, EXTRA, JSON, HELP };
	static const struct option options[] = {
	    {"data", required_argument, NULL, DATA}, {"role", required_argument, NULL, ROLE}, {"extra-time", required_argument, NULL, EXTRA},
	    {"json", no_argument, NULL, JSON},       {"help", no_argument, NULL, HELP},       {0}};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			a->help = true;
		} else if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option == JSON) {
			a->json = true;
		} else if (option == ROLE) {
			if (!parse_role(optarg, &a->role))
				return data_usage("user", "--role takes candidate, author, examiner or operator");
		} else if (option == EXTRA) {
			if (!parse_percent(optarg, &a->extra_time_m))
				return data_usage("user", "--extra-time takes a percentage from 0 to 400");
		} else {
			return data_usage("user", "the options are not right");
		}
	}
	const char **places[] = {&a->command, &a->name, &a->value};
	for (size_t i = 0; optind < argc; i++) {
		if (i == ARRAY_SIZE(places))
			return data_usage("user", "what is '%s'?", argv[optind]);
		*places[i] = argv[optind++];
	}
	return 0;
}

/* ---- Changes ---- */

struct change {
	const struct arguments *a;
	char password[512];
	char token[44];
};

static bool run_add(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct change *c = arg;
	return account_add(pr, wr, c->a->name, c->password, c->a->role, c->a->extra_time_m, err);
}
static bool run_passwd(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct change *c = arg;
	return account_set_password(pr, wr, c->a->name, c->password, err);
}
static bool run_disable(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	return account_disable(pr, wr, ((struct change *)arg)->a->name, true, err);
}
static bool run_enable(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	return account_disable(pr, wr, ((struct change *)arg)->a->name, false, err);
}
static bool run_extra_time(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	const struct arguments *a = ((struct change *)arg)->a;
	return account_set_extra_time(pr, wr, a->name, a->extra_time_m, err);
}
static bool run_token(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct change *c = arg;
	return account_token(pr, wr, c->a->name, c->token, err);
}

/* ---- The list ---- */

static void print_table(const cJSON *list)
{
	const cJSON *o;
	printf("%-24s %-10s %6s  %s\n", "name", "role", "extra", "state");
	cJSON_ArrayForEach(o, list)
	{
		double extra = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "extra_time"));
		printf("%-24s %-10s %4.0f %%  %s\n", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "name")),
		       cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "role")), (extra - 1000) / 10,
		       cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "disabled")) ? "disabled" : "active");
	}
}

static bool print_list(struct proctor *pr, bool json, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(64u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	if (!account_list_json(pr, proctor_writer_store(pr), &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (json)
		puts(out.p);
	else
		print_table(cJSON_GetObjectItemCaseSensitive(tree, "accounts"));
	return true;
}

/* ---- The command ---- */

static const struct command {
	const char *name;
	data_change_fn *run;
	int words; /* behind the command's name */
	bool password;
	const char *done;
} commands[] = {
    {"add", run_add, 1, true, "There is an account '%s' now.\n"},
    {"passwd", run_passwd, 1, true, "'%s' has another password; its sessions are over.\n"},
    {"disable", run_disable, 1, false, "'%s' is disabled; its sessions and tokens are over.\n"},
    {"enable", run_enable, 1, false, "'%s' may sign in again.\n"},
    {"extra-time", run_extra_time, 2, false, "The extra time of '%s' holds for attempts from now on.\n"},
    {"token", run_token, 1, false, NULL},
    {"list", NULL, 0, false, NULL},
};

static bool run(struct proctor *pr, const struct command *cmd, const struct arguments *a, struct err *err)
{
	if (!cmd->run)
		return print_list(pr, a->json, err);
	struct change c = {.a = a};
	bool ok = (!cmd->password || data_password(c.password, sizeof c.password, err)) && data_change(pr, cmd->run, &c, err);
	sodium_memzero(c.password, sizeof c.password);
	if (ok && cmd->done) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		printf(cmd->done, a->name);
#pragma GCC diagnostic pop
	} else if (ok) {
		puts(c.token);
	}
	return ok;
}

static int user(struct arguments *a)
{
	const struct command *cmd = NULL;
	int words = (a->name != NULL) + (a->value != NULL);
	for (size_t i = 0; a->command && i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, a->command) == 0)
			cmd = &commands[i];
	if (!cmd)
		return a->command ? data_usage("user", "there is no 'user %s'", a->command) : data_usage("user", "say what to do: add, passwd, …");
	if (words != cmd->words)
		return data_usage("user", "'user %s' takes %d argument%s", cmd->name, cmd->words, cmd->words == 1 ? "" : "s");
	if (cmd->words == 2 && !parse_percent(a->value, &a->extra_time_m))
		return data_usage("user", "extra time is a percentage from 0 to 400");
	struct proctor *pr = NULL;
	struct err err;
	bool ok = data_open(a->data, &pr, &err) && run(pr, cmd, a, &err);
	proctor_close(pr);
	return ok ? 0 : data_fail("user", &err);
}

int cli_user(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir(), .role = ROLE_CANDIDATE, .extra_time_m = 1000};
	int code = parse(argc, argv, &a);
	if (a.help)
		fputs(help, stdout);
	else if (code == 0)
		code = user(&a);
	free(a.data);
	return a.help ? 0 : code;
}
