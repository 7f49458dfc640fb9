/* assay bank sign, approve, verify: releases of a bank. Nothing of the bank is executed. */
#include "bank/diag.h"
#include "bank/release.h"
#include "base/clock.h"
#include "cli/bank.h"
#include "cli/bank_key.h"
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <stdio.h>

#define EXPIRES_DAYS 365

static const char sign_help[] = "assay bank sign - make a release of a bank, and sign it as its author\n"
                                "\n"
                                "Usage: assay bank sign DIR --key FILE [--number N] [--expires DATE] [--passphrase-file FILE]\n"
                                "\n"
                                "Writes DIR/release.json, the list of all files with their hashes and of what graders may\n"
                                "use, and a signature beside it. Refused: links, special files, opaque binaries outside\n"
                                "media/, compiled Lua, and banks with errors. Signatures of an earlier release are removed.\n"
                                "\n"
                                "  --key FILE               the author's secret key: of assay bank trust key, or of minisign\n"
                                "  --number N               of the release; otherwise one more than the last one\n"
                                "  --expires DATE           after which no server offers it; otherwise in a year\n"
                                "  --passphrase-file FILE   holds the key's passphrase; otherwise it is asked for\n"
                                "\n"
                                "Exit codes: 0 signed, 1 refused, 2 usage, 3 could not look or write.\n";
static const char approve_help[] = "assay bank approve - sign somebody else's release of a bank\n"
                                   "\n"
                                   "Usage: assay bank approve DIR --key FILE [--passphrase-file FILE]\n"
                                   "\n"
                                   "Checks every file of DIR against DIR/release.json and the author's signature first, says what\n"
                                   "is approved, and writes a signature of your own beside it.\n"
                                   "\n"
                                   "Exit codes: 0 approved, 1 refused, 2 usage, 3 could not look or write.\n";
static const char verify_help[] = "assay bank verify - check a bank's release and who signed it\n"
                                  "\n"
                                  "Usage: assay bank verify DIR [--roots FILE | --data DIR] [--json]\n"
                                  "\n"
                                  "Says everything that is wrong: files that are changed, missing or not listed, links, compiled\n"
                                  "Lua, opaque binaries, expiry, signatures that do not fit, and people who are missing.\n"
                                  "\n"
                                  "  --roots FILE   the people who are trusted; otherwise those of the data folder\n"
                                  "  --data DIR     the data folder\n"
                                  "\n"
                                  "Exit codes: 0 official, 1 not, 2 usage, 3 could not tell: it is whole, but nobody is trusted here.\n";

struct options {
	const char *dir, *key, *passphrase_file, *roots, *data;
	int64_t number, expires_ms;
	bool json;
};
enum { OPT_KEY = 1, OPT_PASSPHRASE, OPT_NUMBER, OPT_EXPIRES, OPT_ROOTS, OPT_DATA, OPT_JSON, OPT_HELP };

/* -1: go on; else the exit code. */
static int take_options(int argc, char **argv, const struct option *allowed, const char *help, const char *name, struct options *o)
{
	struct err err;
	int option;
	optind = 1;
	while ((option = getopt_long(argc, argv, "", allowed, NULL)) != -1) {
		switch (option) {
		case OPT_KEY:
			o->key = optarg;
			break;
		case OPT_PASSPHRASE:
			o->passphrase_file = optarg;
			break;
		case OPT_ROOTS:
			o->roots = optarg;
			break;
		case OPT_DATA:
			o->data = optarg;
			break;
		case OPT_JSON:
			o->json = true;
			break;
		case OPT_NUMBER:
			if (!str_to_i64(str_of(optarg), 1, RELEASE_NUMBER_MAX, &o->number))
				return data_usage(name, "--number takes a whole number from 1: %s", optarg);
			break;
		case OPT_EXPIRES:
			if (!clock_parse(optarg, &o->expires_ms, &err))
				return data_usage(name, "--expires: %s", err.msg);
			break;
		case OPT_HELP:
			fputs(help, stdout);
			return 0;
		default:
			return data_usage(name, "it does not work like that");
		}
	}
	if (optind + 1 != argc)
		return data_usage(name, optind == argc ? "which bank? its folder" : "one folder at a time, please");
	o->dir = argv[optind];
	return -1;
}

static void print_says(const struct release_says *says, FILE *to)
{
	fwrite(buf_str(&says->lines).p, 1, says->lines.len, to);
}

int cli_bank_sign(int argc, char **argv)
{
	static const struct option allowed[] = {{"key", required_argument, NULL, OPT_KEY},
	                                        {"number", required_argument, NULL, OPT_NUMBER},
	                                        {"expires", required_argument, NULL, OPT_EXPIRES},
	                                        {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE},
	                                        {"help", no_argument, NULL, OPT_HELP},
	                                        {0}};
	int64_t now_ms = clock_wall_ms();
	struct options o = {.expires_ms = (now_ms / MS_DAY + EXPIRES_DAYS + 1) * MS_DAY};
	_cleanup_minisign_secret_ struct minisign_secret key = {0};
	_cleanup_release_says_ struct release_says says = {0};
	_cleanup_release_ struct release r = {0};
	struct err err;
	char time[CLOCK_RFC3339_SIZE];
	int code = take_options(argc, argv, allowed, sign_help, "bank sign", &o);
	if (code >= 0)
		return code;
	if (!o.key)
		return data_usage("bank sign", "whose key? --key FILE");
	if (!bank_key_open(o.key, o.passphrase_file, &key, &err) ||
	    !release_make(o.dir, &key, o.number, o.expires_ms, now_ms, &says, &r, &err)) {
		if (says.n > 1)
			print_says(&says, stderr);
		return data_fail("bank sign", &err);
	}
	printf("%s: release %lld with %zu files, good until %s\n", r.bank, (long long)r.number, r.n, clock_rfc3339(r.expires_ms, time));
	printf("Somebody else has to approve it: assay bank approve %s --key FILE\n", o.dir);
	return 0;
}

int cli_bank_approve(int argc, char **argv)
{
	static const struct option allowed[] = {{"key", required_argument, NULL, OPT_KEY},
	                                        {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE},
	                                        {"help", no_argument, NULL, OPT_HELP},
	                                        {0}};
	struct options o = {0};
	_cleanup_minisign_secret_ struct minisign_secret key = {0};
	_cleanup_release_view_ struct release_view v = {0};
	_cleanup_free_ char *path = NULL;
	struct diags diags = {0};
	_cleanup_bank_ struct bank *bank = NULL;
	struct err err;
	int64_t now_ms = clock_wall_ms();
	int code = take_options(argc, argv, allowed, approve_help, "bank approve", &o);
	if (code >= 0)
		return code;
	if (!o.key)
		return data_usage("bank approve", "whose key? --key FILE");
	bool ok = release_verify(o.dir, NULL, now_ms, &v, &err);
	if (ok && v.state == RELEASE_NONE)
		ok = err_set(&err, ERR_INVALID, "%s has no " RELEASE_NAME ": its author makes it with assay bank sign", o.dir);
	ok = ok && bank_load(o.dir, &diags, &bank, &err) && release_fits(&v, o.dir, bank, &err);
	diags_finish(&diags);
	if (!ok)
		return data_fail("bank approve", &err);
	printf("%s, release %lld: %zu files, sha256 %s\n", v.release.bank, (long long)v.release.number, v.release.n, v.sha256);
	printf("graders may use: %s\nprograms: %s\n", v.release.graders, v.release.programs);
	if (!bank_key_open(o.key, o.passphrase_file, &key, &err) || !release_approve(o.dir, &v, &key, now_ms, &path, &err))
		return data_fail("bank approve", &err);
	printf("approved: %s\n", path);
	return 0;
}

/* ---- verify ---- */

static const char *verdict(const struct release_view *v, const struct release_says *says)
{
	if (says->n || v->missing)
		return "refused";
	return v->state == RELEASE_NONE ? "unsigned" : v->state == RELEASE_UNROOTED ? "cannot-tell" : "official";
}

static void print_view(const struct options *o, const struct release_view *v, const struct release_says *says)
{
	_cleanup_buf_ struct buf out = BUF(4u << 20);
	struct str rest = buf_str(&says->lines), line;
	if (!o->json) {
		print_says(says, stdout);
		if (v->missing)
			printf(RELEASE_NAME ": signed by %s; %d more %s to sign\n", v->signers.len ? v->signers.p : "nobody", v->missing,
			       v->missing == 1 ? "person has" : "people have");
		if (v->release.bank)
			printf("%s, release %lld: ", v->release.bank, (long long)v->release.number);
		printf("%s%s%s\n", verdict(v, says), v->signers.len ? ", signed by " : "", v->signers.len ? v->signers.p : "");
		return;
	}
	buf_addf(&out, "{\"verdict\":\"%s\",\"bank\":", verdict(v, says));
	if (v->release.bank)
		buf_add_json(&out, str_of(v->release.bank));
	else
		buf_adds(&out, "null");
	buf_addf(&out, ",\"number\":%lld,\"sha256\":\"%s\",\"missing\":%d,\"signers\":", (long long)v->release.number, v->sha256, v->missing);
	buf_add_json(&out, buf_str(&v->signers));
	buf_adds(&out, ",\"problems\":[");
	for (bool first = true; str_next_line(&rest, &line); first = false) {
		buf_adds(&out, first ? "" : ",");
		buf_add_json(&out, line);
	}
	buf_adds(&out, "]}\n");
	fwrite(out.p, 1, out.len, stdout);
}

/* What only the loaded bank shows: its id, and what it uses. */
static bool look_at_bank(const struct options *o, const struct release_view *v, struct release_says *says, struct err *err)
{
	struct diags diags = {0};
	_cleanup_bank_ struct bank *bank = NULL;
	struct err why;
	bool ok = bank_load(o->dir, &diags, &bank, err);
	diags_finish(&diags);
	if (ok && !release_fits(v, o->dir, bank, &why))
		release_say(says, "%s", why.msg);
	return ok;
}

int cli_bank_verify(int argc, char **argv)
{
	static const struct option allowed[] = {{"roots", required_argument, NULL, OPT_ROOTS},
	                                        {"data", required_argument, NULL, OPT_DATA},
	                                        {"json", no_argument, NULL, OPT_JSON},
	                                        {"help", no_argument, NULL, OPT_HELP},
	                                        {0}};
	struct options o = {0};
	_cleanup_release_view_ struct release_view v = {0};
	_cleanup_release_says_ struct release_says says = {0};
	_cleanup_roots_ struct roots roots = {0};
	struct err err;
	bool there;
	int code = take_options(argc, argv, allowed, verify_help, "bank verify", &o);
	if (code >= 0)
		return code;
	_cleanup_free_ char *data = o.data ? xstrdup(o.data) : cli_data_dir();
	_cleanup_free_ char *path = o.roots ? xstrdup(o.roots) : xasprintf("%s/" ROOTS_NAME, data);
	if (!bank_roots_read(path, &roots, &there, &err))
		return data_fail("bank verify", &err);
	if (o.roots && !there) {
		err_set(&err, ERR_IO, "there is no %s", o.roots);
		return data_fail("bank verify", &err);
	}
	if (!release_look(o.dir, there ? &roots : NULL, clock_wall_ms(), &says, &v, &err) ||
	    (v.state != RELEASE_NONE && !says.n && !look_at_bank(&o, &v, &says, &err)))
		return data_fail("bank verify", &err);
	print_view(&o, &v, &says);
	if (says.n || v.missing || v.state == RELEASE_NONE)
		return 1;
	return v.state == RELEASE_OFFICIAL ? 0 : 3;
}
