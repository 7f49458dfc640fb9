/* assay verify: checks certificates, and exported results. Needs no data of its own; fetches from the issuer unless --offline. */
#include "credential/verify.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/fetch.h"
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay verify [OPTIONS] FILE…\n\n"
    "Checks certificates, and says check by check what was looked at and why. A FILE is a certificate as JSON, as a PNG, SVG or\n"
    "PDF with the certificate inside, a bundle, the text of a QR code (also the link itself in place of a file), or an exported\n"
    "result. - is the standard input.\n\n"
    "The issuer's keys and the list of what was revoked are fetched from the issuer's own address, unless --offline. What could\n"
    "not be looked at is unknown, never passed.\n\n"
    "Options:\n"
    "  --offline      fetch nothing\n"
    "  --trust FILE   keys that are trusted: a trust file (`assay key trust` prints an issuer's), or a DID document; may be\n"
    "                 given more than once\n"
    "  --key KEY      the key of a result: 64 hexadecimal digits, 43 characters of base64url, or a file that holds either\n"
    "  --holder NAME  also check that it is about NAME\n"
    "  --at TIME      as of another time than now: 2026-11-27 or 2026-11-27T12:00:00Z\n"
    "  --json         as JSON: the report, or a list of reports for several files\n\n"
    "Exit codes: 0 valid, 1 not valid, 2 usage, 3 cannot tell. With several files, the worst: 1, then 3, then 0.\n";

enum { VALID = 0, NOT_VALID = 1, CANNOT_TELL = 3 };
enum { KEY = 256, TRUST, HOLDER, AT, JSON, OFFLINE, HELP };

/* ---- What is given ---- */

static bool decode_key(struct str text, unsigned char ret[SIGN_KEY_SIZE])
{
	size_t len = 0;
	const char *end = NULL;
	if (text.len == 64)
		return sodium_hex2bin(ret, SIGN_KEY_SIZE, text.p, text.len, NULL, &len, &end) == 0 && len == SIGN_KEY_SIZE &&
		       end == text.p + text.len;
	return text.len == 43 && base64_read(text, BASE64_URL_SAFE, ret, SIGN_KEY_SIZE, &len) && len == SIGN_KEY_SIZE;
}

static bool read_key(const char *given, unsigned char ret[SIGN_KEY_SIZE], struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(1000);
	if (decode_key(str_of(given), ret))
		return true;
	if (!file_read(given, 1000, &text, err))
		return err_prefix(err, "--key is neither a key nor a file that can be read");
	return decode_key(str_trim(buf_str(&text)), ret) ? true : err_set(err, ERR_INVALID, "--key: %s does not hold a key", given);
}

static bool read_trust(const char *path, struct trust *trust, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(TRUST_SIZE_MAX);
	return file_read(path, TRUST_SIZE_MAX, &text, err) && trust_add(trust, buf_str(&text), "pinned", err)
	           ? true
	           : err_prefix(err, "--trust %s", path);
}

static bool is_link(const char *arg)
{
	return strncmp(arg, "https://", 8) == 0 || strncmp(arg, "http://", 7) == 0 || strncmp(arg, "urn:uuid:", 9) == 0;
}

static bool read_input(const char *path, struct buf *out, struct err *err)
{
	if (is_link(path)) {
		buf_adds(out, path);
		return true;
	}
	if (strcmp(path, "-") != 0)
		return file_read(path, out->max, out, err);
	if (!buf_read(out, STDIN_FILENO) && !out->overflow)
		return err_set(err, ERR_IO, "cannot read the standard input: %m");
	return buf_check(out, "the standard input", err);
}

/* ---- What is printed ---- */

static const char *text_of(const cJSON *o, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
}

static void print_line(const char *label, const char *text)
{
	if (!text)
		return;
	printf("  %-12s ", label);
	data_print_text(text, NULL);
	putchar('\n');
}

static void print_list(const cJSON *claims, const char *key, const char *title)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(claims, key), *one;
	if (cJSON_GetArraySize(list))
		printf("\n%s\n", title);
	cJSON_ArrayForEach(one, list)
	{
		fputs("  - ", stdout);
		data_print_text(cJSON_GetStringValue(one), NULL);
		putchar('\n');
	}
}

static void print_claims(const cJSON *c)
{
	const cJSON *issuer = cJSON_GetObjectItemCaseSensitive(c, "issuer"), *holder = cJSON_GetObjectItemCaseSensitive(c, "holder"), *s;
	const char *name = text_of(holder, "name");
	putchar('\n');
	data_print_text(text_of(c, "title"), NULL);
	putchar('\n');
	print_line("issuer", text_of(issuer, "name"));
	print_line("", text_of(issuer, "id"));
	print_line("holder", name ? name : "not named: there is a hash to compare a name with (--holder)");
	print_line("issued", text_of(c, "issued_at"));
	print_line("valid until", text_of(c, "valid_until"));
	print_line("verdict", text_of(c, "verdict"));
	cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(c, "score"))
	{
		fputs("  ", stdout);
		data_print_text(text_of(s, "name"), NULL);
		fputs(": ", stdout);
		data_print_text(text_of(s, "value"), NULL);
		putchar('\n');
	}
	print_list(c, "says", "It says:");
	print_list(c, "does_not_say", "It does not say:");
}

/* Whether the issuer stays open. */
static bool print_checks(const struct verification *v)
{
	bool nameless = false;
	static const char *const words[] = {"ok", "FAIL", "unknown", "-"};
	char time[CLOCK_RFC3339_SIZE];
	size_t n;
	const struct verify_check *c = verification_checks(v, &n);
	for (size_t i = 0; i < n; i++) {
		printf("%-8s %-11s ", words[c[i].outcome], c[i].id);
		data_print_text(c[i].reason, NULL);
		if (c[i].as_of_ms)
			printf(" [as of %s]", clock_rfc3339(c[i].as_of_ms, time));
		putchar('\n');
		nameless |= strcmp(c[i].id, "issuer") == 0 && c[i].outcome == VERIFY_UNKNOWN;
	}
	return nameless;
}

static void print_report(const struct verification *v)
{
	static const char *const verdicts[] = {"VALID.", "NOT VALID: do not rely on it.",
	                                       "CANNOT TELL: nothing speaks against it, but what is unknown above would have to be looked at."};
	const cJSON *claims = verification_claims(v);
	enum verify_verdict verdict = verification_verdict(v);
	bool nameless = print_checks(v) && verdict == VERDICT_VALID;
	if (claims && verdict != VERDICT_INVALID)
		print_claims(claims);
	printf("\n%s\n", nameless ? "VALID: it holds what was signed. Whose key that was stays open." : verdicts[verdict]);
}

/* ---- All of it ---- */

struct job {
	struct verify_options options;
	struct trust trust;
	unsigned char key[SIGN_KEY_SIZE];
	bool json, several;
	struct buf out; /* reports as JSON */
};

static int look(struct job *job, const char *path)
{
	static const int codes[] = {VALID, NOT_VALID, CANNOT_TELL};
	_cleanup_buf_ struct buf text = BUF(SIGNED_SIZE_MAX);
	struct err err;
	if (!read_input(path, &text, &err)) {
		data_fail("verify", &err);
		return CANNOT_TELL;
	}
	_cleanup_(verification_destroyp) struct verification *v = verify_input(buf_str(&text), &job->options);
	if (job->json && job->several) {
		buf_adds(&job->out, job->out.len > 1 ? ",{\"file\":" : "{\"file\":");
		buf_add_json(&job->out, str_is_utf8(str_of(path), NULL) ? str_of(path) : STR("?"));
		buf_adds(&job->out, ",\"report\":");
		verification_json(v, &job->out);
		buf_addc(&job->out, '}');
	} else if (job->json) {
		verification_json(v, &job->out);
	} else {
		if (job->several)
			printf("== %s\n", path);
		print_report(v);
		if (job->several)
			putchar('\n');
	}
	return codes[verification_verdict(v)];
}

static int run(struct job *job, char **paths)
{
	int worst = VALID;
	job->several = paths[1] != NULL;
	buf_adds(&job->out, job->several ? "[" : "");
	for (; *paths; paths++) {
		int code = look(job, *paths);
		worst = code == NOT_VALID || worst == VALID ? code : worst;
	}
	buf_adds(&job->out, job->several ? "]" : "");
	struct err err;
	if (job->json && !buf_check(&job->out, "the reports", &err))
		return data_fail("verify", &err);
	if (job->json && job->out.len)
		puts(job->out.p);
	return worst;
}

static bool take_option(int option, const char *arg, struct job *job, struct err *err)
{
	switch (option) {
	case KEY:
		job->options.result_key = job->key;
		return read_key(arg, job->key, err);
	case TRUST:
		return read_trust(arg, &job->trust, err);
	case HOLDER:
		job->options.holder = arg;
		return true;
	default:
		return clock_parse(arg, &job->options.now_ms, err) ? true : err_prefix(err, "--at");
	}
}

int cli_verify(int argc, char **argv)
{
	static const struct option options[] = {{"key", required_argument, NULL, KEY},       {"trust", required_argument, NULL, TRUST},
	                                        {"holder", required_argument, NULL, HOLDER}, {"at", required_argument, NULL, AT},
	                                        {"json", no_argument, NULL, JSON},           {"offline", no_argument, NULL, OFFLINE},
	                                        {"help", no_argument, NULL, HELP},           {0}};
	struct job job = {.options = {.now_ms = clock_wall_ms(), .fetch = fetch_url}, .out = BUF(256u << 20)};
	struct err err;
	int code = 2;
	job.options.trust = &job.trust;
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			return 0;
		}
		if (option == JSON) {
			job.json = true;
		} else if (option == OFFLINE) {
			job.options.fetch = NULL;
		} else if (option == '?') {
			code = data_usage("verify", "the options are not right");
			goto end;
		} else if (!take_option(option, optarg, &job, &err)) {
			code = data_usage("verify", "%s", err.msg);
			goto end;
		}
	}
	if (optind == argc) {
		code = data_usage("verify", "it takes a file");
	} else {
		code = run(&job, argv + optind);
		fetch_stop();
	}
end:
	trust_finish(&job.trust);
	buf_finish(&job.out);
	return code;
}
