/* assay log: the transparency log, for operators and auditors. */
#include "proctor/log.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "credential/log_proof.h"
#include "proctor/audit.h"
#include "proctor/log_check.h"
#include "proctor/log_read.h"
#include "store/attempt.h"
#include "store/log.h"
#include "store/result.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay log show [--json]\n"
    "       assay log check [--against FILE]... [--json]\n"
    "       assay log prove WHAT\n"
    "       assay log verify PROOF FILE --kind KIND (--key VKEY | --policy FILE)\n"
    "       assay log request [--old SIZE]\n"
    "       assay log add-cosignature FILE --key VKEY...\n\n"
    "Every result and certificate is committed to in a log that only grows, and that is signed. Nothing personal is in it.\n\n"
    "  show             its size and root, its newest checkpoint, and the keys by which others check it\n"
    "  check            audits the whole database against it: names each result and certificate that was altered, removed, added or\n"
    "                   reordered, each changed tile, and each checkpoint that does not hold. Changes nothing; a server may run\n"
    "  prove WHAT       prints the proof that something is in it (c2sp.org/tlog-proof@v1). WHAT is an index, result:ATTEMPT,\n"
    "                   result:ATTEMPT:N, or certificate:ID\n"
    "  verify           checks such a proof for the bytes in FILE. Needs no data folder and no network\n"
    "  request          prints what a witness has to be sent for a cosignature (c2sp.org/tlog-witness), to its /add-checkpoint\n"
    "  add-cosignature  adds what the witness answered to the checkpoint that others read\n\n"
    "Options:\n"
    "  --against FILE   a checkpoint that was kept elsewhere: the log must be its continuation. Keep one now and then, where who\n"
    "                   runs the server cannot change it: that is what makes a rewritten past visible\n"
    "  --key VKEY       a verifier key (NAME+ID+KEY), or a file with one a line\n"
    "  --policy FILE    logs and witnesses that are believed (c2sp.org/tlog-policy)\n"
    "  --kind KIND      result, certificate, revocation, key or did\n"
    "  --old SIZE       what the witness has cosigned last (default: 0)\n"
    "  --json           as JSON\n"
    "  --data DIR       the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n\n"
    "Exit codes: 0 all is well, 1 something is wrong, 2 usage, 3 could not look.\n";

#define KEYS_MAX 32
#define AGAINST_MAX 16
#define SUBJECT_MAX (64u << 20)

struct arguments {
	char *data;
	const char *policy, *kind, *keys[KEYS_MAX], *against[AGAINST_MAX];
	size_t n_keys, n_against;
	int64_t old;
	bool json, wrong;
	struct proctor *pr;
	struct store *rd;
};

/* ---- show ---- */

static bool show(struct arguments *a, char **argv, struct err *err)
{
	(void)argv;
	_cleanup_buf_ struct buf checkpoint = BUF(NOTE_SIZE_MAX);
	char vkey[NOTE_VKEY_SIZE], witness[NOTE_VKEY_SIZE];
	int64_t size, signed_size;
	if (!log_vkey(a->pr, vkey, sizeof vkey, err) || !witness_vkey(a->pr, witness, sizeof witness, err) ||
	    !store_log_sizes(a->rd, &size, &signed_size, err) || (signed_size >= 0 && !log_checkpoint(a->pr, a->rd, &checkpoint, err)))
		return false;
	if (a->json) {
		_cleanup_buf_ struct buf out = BUF(2 * NOTE_SIZE_MAX);
		buf_addf(&out, "{\"entries\":%lld,\"signed\":%lld,\"key\":", (long long)size, (long long)(signed_size < 0 ? 0 : signed_size));
		buf_add_json(&out, str_of(vkey));
		buf_adds(&out, ",\"witness_key\":");
		buf_add_json(&out, str_of(witness));
		buf_adds(&out, ",\"checkpoint\":");
		if (checkpoint.len)
			buf_add_json(&out, buf_str(&checkpoint));
		else
			buf_adds(&out, "null");
		printf("%s}\n", out.p);
		return true;
	}
	printf("entries      %lld\n", (long long)size);
	if (signed_size < size)
		printf("             %lld of them are not signed yet: a running server does that within a second\n",
		       (long long)(size - (signed_size < 0 ? 0 : signed_size)));
	printf("key          %s\nas a witness %s\n\n%.*s", vkey, witness, STR_ARG(buf_str(&checkpoint)));
	return true;
}

/* ---- check ---- */

struct findings {
	bool json, any;
	size_t n;
};

static void tell(void *arg, const char *finding)
{
	struct findings *f = arg;
	_cleanup_buf_ struct buf out = BUF(8192);
	f->n++;
	if (f->json)
		buf_add_json(&out, str_of(finding));
	if (f->json)
		printf("%s%s", f->any ? "," : "", out.p);
	else
		printf("WRONG  %s\n", finding);
	f->any = true;
}

/* The keys that are given, else all that this log ever had, as a policy without witnesses. */
static bool own_policy(struct arguments *a, struct log_policy *ret, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(LOG_POLICY_SIZE_MAX);
	for (size_t i = 0; i < a->n_keys; i++) {
		_cleanup_buf_ struct buf file = BUF(LOG_POLICY_SIZE_MAX);
		struct str rest, line;
		if (!strchr(a->keys[i], '+') && !file_read(a->keys[i], file.max, &file, err))
			return false;
		rest = strchr(a->keys[i], '+') ? str_of(a->keys[i]) : buf_str(&file);
		while (str_next_line(&rest, &line))
			if (line.len && line.p[0] != '#')
				buf_addf(&text, "log %.*s\n", STR_ARG(line));
	}
	if (!a->n_keys)
		return a->pr ? log_own_policy(a->pr, a->rd, ret, err) : err_set(err, ERR_USAGE, "whose log? Give --key or --policy");
	buf_adds(&text, "quorum none\n");
	return buf_check(&text, "the keys", err) && log_policy_read(buf_str(&text), ret, err);
}

static void print_audit(const struct log_audit *l, const struct audit *r, size_t findings, bool json)
{
	if (json) {
		printf(
		    "],\"entries\":%lld,\"signed\":%lld,\"results\":%lld,\"certificates\":%lld,\"withdrawn\":%lld,\"others\":%lld,\"tiles\":%lld,"
		    "\"checkpoints\":%lld,\"root\":\"%s\",\"ok\":%s}\n",
		    (long long)l->entries, (long long)l->signed_size, (long long)l->results, (long long)l->certificates, (long long)l->withdrawn,
		    (long long)l->others, (long long)l->tiles, (long long)l->checkpoints, l->root, findings ? "false" : "true");
		return;
	}
	if (findings > LOG_FINDINGS_MAX)
		printf("       and more: %zu in all\n", findings);
	printf("%s%lld entries: %lld results, %lld certificates (%lld withdrawn), %lld others; %lld tiles; %lld signed checkpoints.\n",
	       findings ? "\n" : "", (long long)l->entries, (long long)l->results, (long long)l->certificates, (long long)l->withdrawn,
	       (long long)l->others, (long long)l->tiles, (long long)l->checkpoints);
	if (l->unsigned_entries)
		printf("The last %lld entries are not signed yet: a running server does that within a second.\n", (long long)l->unsigned_entries);
	printf("Root of all of them: %s\n", l->root);
	if (findings)
		puts("\nThe database is NOT what was logged and signed.");
	else
		printf(
		    "\nAll is what was logged, in its order; so are %zu results, %zu forms and %zu versions of banks what was signed and hashed.\n",
		    r->results, r->forms, r->versions);
}

static bool check(struct arguments *a, char **argv, struct err *err)
{
	(void)argv;
	struct buf texts[AGAINST_MAX] = {0};
	struct log_against against[AGAINST_MAX];
	struct log_policy policy;
	struct log_audit log = {0};
	struct audit results = {0};
	struct findings f = {.json = a->json};
	bool ok = own_policy(a, &policy, err);
	for (size_t i = 0; ok && i < a->n_against; i++) {
		texts[i] = BUF(NOTE_SIZE_MAX);
		ok = file_read(a->against[i], NOTE_SIZE_MAX, &texts[i], err);
		against[i] = (struct log_against){a->against[i], buf_str(&texts[i])};
	}
	if (ok && a->json)
		fputs("{\"findings\":[", stdout);
	ok = ok && log_check(a->rd, &policy, against, a->n_against, tell, &f, &log, err) && audit_run(a->rd, tell, &f, &results, err);
	if (ok) {
		print_audit(&log, &results, log.findings + results.findings, a->json);
		a->wrong = log.findings + results.findings > 0;
	}
	for (size_t i = 0; i < a->n_against; i++)
		buf_finish(&texts[i]);
	return ok;
}

/* ---- prove, verify ---- */

/* "result:ATTEMPT", "result:ATTEMPT:N", "certificate:ID", or an index. */
static bool find_subject(struct arguments *a, const char *what, int64_t *ret, struct err *err)
{
	struct str rest = str_of(what), kind, id;
	struct attempt_row row;
	int64_t n = 0;
	if (str_to_i64(rest, 0, INT64_MAX, ret))
		return true;
	if (!str_next_field(&rest, ':', &kind) || !rest.p || !str_next_field(&rest, ':', &id))
		return err_set(err, ERR_USAGE, "prove takes an index, result:ATTEMPT, result:ATTEMPT:N or certificate:ID");
	_cleanup_free_ char *name = str_dup(id);
	if (str_is(kind, "certificate") && !rest.p)
		return log_find(a->rd, LOG_CERTIFICATE, name, ret, err);
	if (!str_is(kind, "result") || (rest.p && !str_to_i64(rest, 1, INT32_MAX, &n)))
		return err_set(err, ERR_USAGE, "prove takes an index, result:ATTEMPT, result:ATTEMPT:N or certificate:ID");
	if (!store_attempt_get(a->rd, name, &row, err))
		return false;
	if (!n) { /* the newest */
		struct result_row result;
		if (!store_result_get(a->rd, row.key, &result, NULL, NULL, err))
			return false;
		n = result.n;
	}
	_cleanup_free_ char *reference = log_result_reference(row.key, (int)n);
	return log_find(a->rd, LOG_RESULT, reference, ret, err);
}

static bool prove(struct arguments *a, char **argv, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(LOG_PROOF_SIZE_MAX);
	int64_t index;
	if (!find_subject(a, argv[0], &index, err) || !log_proof(a->pr, a->rd, index, &out, err))
		return false;
	fwrite(out.p, 1, out.len, stdout);
	return true;
}

static bool verify(struct arguments *a, char **argv, struct err *err)
{
	_cleanup_buf_ struct buf proof = BUF(LOG_PROOF_SIZE_MAX), bytes = BUF(SUBJECT_MAX), text = BUF(LOG_POLICY_SIZE_MAX);
	struct log_policy policy;
	struct log_proof_seen seen;
	char time[CLOCK_RFC3339_SIZE];
	if (a->policy ? !file_read(a->policy, text.max, &text, err) || !log_policy_read(buf_str(&text), &policy, err)
	              : !own_policy(a, &policy, err))
		return false;
	if (!file_read(argv[0], proof.max, &proof, err) || !file_read(argv[1], bytes.max, &bytes, err) ||
	    !log_proof_check(buf_str(&proof), a->kind ? a->kind : "result", buf_str(&bytes), &policy, &seen, err))
		return false;
	printf("These bytes are entry %lld of %s, which had %lld entries when it was signed.\n", (long long)seen.index, seen.checkpoint.origin,
	       (long long)seen.checkpoint.size);
	if (seen.checkpoint.cosigned)
		printf("%d witnesses have cosigned that, the last one at %s.\n", seen.checkpoint.cosigned,
		       clock_rfc3339(seen.checkpoint.cosigned_s * MS_SECOND, time));
	return true;
}

/* ---- Witnesses ---- */

static bool request(struct arguments *a, char **argv, struct err *err)
{
	(void)argv;
	_cleanup_buf_ struct buf out = BUF(LOG_PROOF_SIZE_MAX);
	if (!log_witness_request(a->pr, a->rd, a->old, &out, err))
		return false;
	fwrite(out.p, 1, out.len, stdout);
	return true;
}

struct adding {
	struct str lines, vkeys;
	int n;
	int64_t size;
};

static bool add(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct adding *d = arg;
	return log_add_cosignatures(pr, wr, d->lines, d->vkeys, &d->n, &d->size, err);
}

static bool add_cosignature(struct arguments *a, char **argv, struct err *err)
{
	_cleanup_buf_ struct buf lines = BUF(NOTE_SIZE_MAX), vkeys = BUF(LOG_POLICY_SIZE_MAX);
	if (!a->n_keys)
		return err_set(err, ERR_USAGE, "add-cosignature needs --key: by whom may it be?");
	for (size_t i = 0; i < a->n_keys; i++) {
		if (strchr(a->keys[i], '+'))
			buf_addf(&vkeys, "%s\n", a->keys[i]);
		else if (!file_read(a->keys[i], LOG_POLICY_SIZE_MAX / 2, &vkeys, err))
			return false;
	}
	if (!buf_check(&vkeys, "the keys", err) || !file_read(argv[0], lines.max, &lines, err))
		return false;
	struct adding d = {buf_str(&lines), buf_str(&vkeys), 0, 0};
	if (!data_change(a->pr, add, &d, err))
		return false;
	printf("%d cosignature%s added to the checkpoint of %lld entries.\n", d.n, d.n == 1 ? "" : "s", (long long)d.size);
	return true;
}

/* ---- The command ---- */

enum { DATA = 256, AGAINST, KEY, POLICY, KIND, OLD, JSON, HELP };

static int take_option(struct arguments *a, int option)
{
	switch (option) {
	case DATA:
		free(a->data);
		a->data = xstrdup(optarg);
		return 0;
	case AGAINST:
	case KEY:
		if ((option == KEY ? a->n_keys : a->n_against) == (option == KEY ? KEYS_MAX : AGAINST_MAX))
			return data_usage("log", "too many of them");
		*(option == KEY ? &a->keys[a->n_keys++] : &a->against[a->n_against++]) = optarg;
		return 0;
	case POLICY:
		a->policy = optarg;
		return 0;
	case KIND:
		a->kind = optarg;
		return 0;
	case OLD:
		return str_to_i64(str_of(optarg), 0, INT64_MAX, &a->old) ? 0 : data_usage("log", "--old takes a size");
	case JSON:
		a->json = true;
		return 0;
	default:
		return data_usage("log", "the options are not right");
	}
}

static const struct {
	const char *name;
	int arguments;
	bool data; /* needs a data folder */
	bool (*run)(struct arguments *a, char **argv, struct err *err);
} commands[] = {{"show", 0, true, show},      {"check", 0, true, check},     {"prove", 1, true, prove},
                {"verify", 2, false, verify}, {"request", 0, true, request}, {"add-cosignature", 1, true, add_cosignature}};

static int run(struct arguments *a, int argc, char **argv)
{
	size_t i = 0;
	struct err err;
	while (i < ARRAY_SIZE(commands) && (argc < 1 || strcmp(argv[0], commands[i].name) != 0))
		i++;
	if (i == ARRAY_SIZE(commands))
		return data_usage("log", "what? show, check, prove, verify, request or add-cosignature");
	if (argc != commands[i].arguments + 1)
		return data_usage("log", "%s takes %d arguments", argv[0], commands[i].arguments);
	bool ok = !commands[i].data || (data_open(a->data, false, &a->pr, &err) && proctor_reader(a->pr, &a->rd, &err));
	ok = ok && commands[i].run(a, argv + 1, &err);
	store_close(a->rd);
	proctor_close(a->pr);
	return !ok ? data_fail("log", &err) : a->wrong ? 1 : 0;
}

int cli_log(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"against", required_argument, NULL, AGAINST},
	                                        {"key", required_argument, NULL, KEY},
	                                        {"policy", required_argument, NULL, POLICY},
	                                        {"kind", required_argument, NULL, KIND},
	                                        {"old", required_argument, NULL, OLD},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	struct arguments a = {.data = cli_data_dir()};
	int code = 0;
	optind = 1;
	for (int option; code == 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			free(a.data);
			return 0;
		}
		code = take_option(&a, option);
	}
	if (code == 0)
		code = run(&a, argc - optind, argv + optind);
	free(a.data);
	return code;
}
