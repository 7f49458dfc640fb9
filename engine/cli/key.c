/* assay key: the signing keys, for the operator. Works on the data folder, whether a server runs or not. */
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "credential/keyring.h"
#include "proctor/keys.h"
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay key list [--json]\n"
    "       assay key new PURPOSE\n"
    "       assay key rotate PURPOSE\n"
    "       assay key retire KEY\n"
    "       assay key compromise KEY [--since TIME]\n"
    "       assay key reissue KEY\n"
    "       assay key trust | did\n"
    "       assay key passphrase\n\n"
    "The keys that this server signs with, one for each PURPOSE: results, credentials (certificates), status (lists of revoked\n"
    "certificates), log (its checkpoints). They are made at the first start, and kept sealed under a passphrase. A running server\n"
    "notices a change within a second.\n\n"
    "  list        all keys: purpose, state, since when, how much was signed with each\n"
    "  new         makes a key that is published and waits; those who pin keys learn of it before it is used\n"
    "  rotate      from now on the waiting key signs, or a new one; the one before is retired. What it signed stays valid\n"
    "  retire      takes a key out of use: it stays published while certificates that it signed are valid, and its seed is deleted.\n"
    "              When it is the active one, another takes its place\n"
    "  compromise  somebody else may have the key: from now on nothing that it signed counts, whenever that was, because a thief\n"
    "              writes any date. When it is the active one, another takes its place. See docs/operators/keys.md first: the drill\n"
    "  reissue     issues the certificates again that a compromised (or retired) key signed; the old ones name the new ones\n"
    "  trust       prints the public keys as a trust file, for assay verify --trust\n"
    "  did         prints the DID document, which the server also has at /.well-known/did.json\n"
    "  passphrase  seals the keys with another passphrase, which is asked for, or read from the standard input. The server must not run\n\n"
    "KEY is the name that list shows (z6Mk…), or its beginning.\n\n"
    "Options:\n"
    "  --data DIR               the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --passphrase-file FILE   holds the passphrase; see assay serve --help\n"
    "  --since TIME             since when others may have the key, which is published: 2026-11-23 or 2026-11-23T12:00:00Z (default: now)\n"
    "  --json                   as JSON\n\n"
    "Examples:\n"
    "  assay key rotate credentials\n"
    "  assay key compromise z6MkpTHR8V --since 2026-11-20\n";

struct arguments {
	char *data;
	const char *passphrase_file, *command, *word;
	int64_t since_ms;
	bool json, help;
	char name[MULTIKEY_SIZE]; /* of the key that was made */
	struct key_reissue reissue;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, PASSPHRASE, SINCE, JSON, HELP };
	static const struct option options[] = {
	    {"data", required_argument, NULL, DATA},   {"passphrase-file", required_argument, NULL, PASSPHRASE},
	    {"since", required_argument, NULL, SINCE}, {"json", no_argument, NULL, JSON},
	    {"help", no_argument, NULL, HELP},         {0}};
	struct err err;
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			a->help = true;
		} else if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option == PASSPHRASE) {
			a->passphrase_file = optarg;
		} else if (option == JSON) {
			a->json = true;
		} else if (option != SINCE) {
			return data_usage("key", "the options are not right");
		} else if (!clock_parse(optarg, &a->since_ms, &err)) {
			return data_usage("key", "--since: %s", err.msg);
		}
	}
	const char **places[] = {&a->command, &a->word};
	for (size_t i = 0; optind < argc; i++) {
		if (i == ARRAY_SIZE(places))
			return data_usage("key", "what is '%s'?", argv[optind]);
		*places[i] = argv[optind++];
	}
	return 0;
}

/* ---- Looking ---- */

static void print_table(const cJSON *list)
{
	const cJSON *o;
	printf("%-11s  %-11s  %-20s  %9s  %s\n", "purpose", "state", "since", "signed", "key");
	cJSON_ArrayForEach(o, list)
	{
		const char *compromised = json_text(o, "compromised_at"), *retired = json_text(o, "retired_at");
		const char *since = *compromised ? compromised : *retired ? retired : json_text(o, "created_at");
		const char *state = json_text(o, "state");
		bool gone = strcmp(state, "retired") == 0 && !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "published"));
		printf("%-11s  %-11s  %.19sZ  %9.0f  %s%s\n", json_text(o, "purpose"), state, since,
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "signed")), json_text(o, "key"), gone ? "  (not published)" : "");
	}
}

typedef bool print_fn(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);

static bool print_document(struct proctor *pr, print_fn *print, bool table, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(16u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	if (!print(pr, proctor_writer_store(pr), &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (table) {
		print_table(cJSON_GetObjectItemCaseSensitive(tree, "keys"));
		return true;
	}
	char *text = cJSON_Print(tree); /* what people copy, they read */
	puts(text);
	cJSON_free(text);
	return true;
}

/* ---- Changes ---- */

static bool with_purpose(struct arguments *a, enum key_purpose *ret, struct err *err)
{
	return key_purpose_parse(a->word, ret, err);
}

static bool run_new(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	enum key_purpose purpose;
	return with_purpose(a, &purpose, err) && key_new(pr, wr, purpose, a->name, err);
}
static bool run_rotate(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	enum key_purpose purpose;
	return with_purpose(a, &purpose, err) && key_rotate(pr, wr, purpose, a->name, err);
}
static bool run_retire(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	return key_retire(pr, wr, ((struct arguments *)arg)->word, err);
}
static bool run_compromise(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	return key_compromise(pr, wr, a->word, a->since_ms ? a->since_ms : clock_wall_ms(), err);
}

static bool reissue_some(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	return key_reissue(pr, wr, a->word, &a->reissue, err);
}

/* Some at a time: a running server goes on meanwhile. */
static bool run_reissue(struct proctor *pr, struct arguments *a, struct err *err)
{
	do {
		if (!data_sign(pr, reissue_some, a, err))
			return false;
	} while (a->reissue.more);
	printf("%lld certificate%s issued again.\n", (long long)a->reissue.done, a->reissue.done == 1 ? " was" : "s were");
	return a->reissue.failed == 0 ||
	       err_set(err, ERR_CONFLICT, "%lld could not be issued again; the first: %s", (long long)a->reissue.failed, a->reissue.why);
}

static bool reseal(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	return keys_reseal(pr, wr, str_of(arg), err);
}

static bool run_passphrase(struct proctor *pr, struct arguments *a, struct err *err)
{
	(void)a;
	char text[KEYRING_PASSPHRASE_MAX + 1];
	bool ok = data_password(text, sizeof text, err) && data_sign(pr, reseal, text, err);
	sodium_memzero(text, sizeof text);
	return ok;
}

static const struct command {
	const char *name;
	int words; /* behind the command's name */
	data_change_fn *change;
	print_fn *print;
	bool (*run)(struct proctor *pr, struct arguments *a, struct err *err);
	const char *done; /* NULL: it says so itself */
} commands[] = {
    {"list", 0, NULL, keys_list_json, NULL, NULL},
    {"trust", 0, NULL, keys_trust_json, NULL, NULL},
    {"did", 0, NULL, keys_did_json, NULL, NULL},
    {"new", 1, run_new, NULL, NULL, "is published, and waits for: assay key rotate"},
    {"rotate", 1, run_rotate, NULL, NULL, "signs from now on; the key before it is retired."},
    {"retire", 1, run_retire, NULL, NULL, "It signs nothing any more; what it signed stays valid."},
    {"compromise", 1, run_compromise, NULL, NULL,
     "It signs nothing any more, and is published as compromised. For what it signed: assay key reissue."},
    {"reissue", 1, NULL, NULL, run_reissue, NULL},
    {"passphrase", 0, NULL, NULL, run_passphrase,
     "The keys are sealed with the new passphrase: put it where the server finds it, before the next start."},
};

static bool run(struct proctor *pr, const struct command *cmd, struct arguments *a, struct err *err)
{
	if (cmd->print)
		return print_document(pr, cmd->print, cmd->print == keys_list_json && !a->json, err);
	if (!(cmd->change ? data_sign(pr, cmd->change, a, err) : cmd->run(pr, a, err)))
		return false;
	if (cmd->done)
		printf("%s%s%s\n", a->name, *a->name ? " " : "", cmd->done);
	return true;
}

static int key(struct arguments *a)
{
	const struct command *cmd = NULL;
	for (size_t i = 0; a->command && i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, a->command) == 0)
			cmd = &commands[i];
	if (!cmd)
		return a->command ? data_usage("key", "there is no 'key %s'", a->command) : data_usage("key", "say what to do: list, rotate, …");
	if ((a->word != NULL) != (cmd->words == 1))
		return data_usage("key", "'key %s' takes %s", cmd->name, cmd->words ? "one argument" : "no argument");
	struct proctor *pr = NULL;
	struct err err;
	/* With another passphrase a running server could not open new keys any more: it must not run, and so this takes its place. */
	bool alone = cmd->run == run_passphrase;
	bool ok = data_open_keys(a->data, a->passphrase_file, alone, &pr, &err) && run(pr, cmd, a, &err);
	proctor_close(pr);
	return ok ? 0 : data_fail("key", &err);
}

int cli_key(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	int code = parse(argc, argv, &a);
	if (a.help)
		fputs(help, stdout);
	else if (code == 0)
		code = key(&a);
	free(a.data);
	return a.help ? 0 : code;
}
