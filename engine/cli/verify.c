/* assay verify: checks an exported result. Needs nothing but the file. */
#include "proctor/verify.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "credential/signed.h"
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay verify [--key KEY] [--json] FILE\n\n"
    "Checks an exported result, and says check by check what was looked at. When something was changed, it says what.\n"
    "Needs no network and no server. FILE may be - for the standard input.\n\n"
    "A valid signature says that whoever holds the key signed exactly this. Whose key it is, the file cannot say: ask the\n"
    "issuer once (`assay doctor` prints it there), and give it with --key from then on.\n\n"
    "Options:\n"
    "  --key KEY   64 hexadecimal digits, 43 characters of base64url, or a file that holds either\n"
    "  --json      as JSON\n\n"
    "Exit codes: 0 all checks are passed, 1 they are not, 2 usage, 3 could not look.\n";

static bool decode_key(struct str text, unsigned char ret[SIGN_KEY_SIZE])
{
	size_t len = 0;
	const char *end = NULL;
	if (text.len == 64)
		return sodium_hex2bin(ret, SIGN_KEY_SIZE, text.p, text.len, NULL, &len, &end) == 0 && len == SIGN_KEY_SIZE &&
		       end == text.p + text.len;
	return text.len == 43 &&
	       sodium_base642bin(ret, SIGN_KEY_SIZE, text.p, text.len, NULL, &len, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	       len == SIGN_KEY_SIZE && end == text.p + text.len;
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

static bool read_input(const char *path, struct buf *out, struct err *err)
{
	char block[65536];
	ssize_t n;
	if (strcmp(path, "-") != 0)
		return file_read(path, SIGNED_SIZE_MAX, out, err);
	while ((n = read(STDIN_FILENO, block, sizeof block)) > 0)
		buf_add(out, block, (size_t)n);
	return n < 0 ? err_set(err, ERR_IO, "cannot read the standard input: %m") : buf_check(out, "the standard input", err);
}

static const char *text_of(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
	return s ? s : "";
}

/* Only for what is valid: what the reader wants to know of it. */
static void print_payload(const cJSON *p)
{
	const cJSON *score = cJSON_GetObjectItemCaseSensitive(p, "score"), *time = cJSON_GetObjectItemCaseSensitive(p, "time");
	const char *verdict = text_of(p, "verdict");
	printf("\n%s, %s\n", text_of(cJSON_GetObjectItemCaseSensitive(p, "exam"), "title"),
	       text_of(cJSON_GetObjectItemCaseSensitive(p, "exam"), "id"));
	printf("  candidate  %s\n", text_of(p, "candidate"));
	printf("  ended      %s\n", text_of(time, "ended_at"));
	printf("  verdict    %s\n", *verdict ? verdict : "none: a study session");
	if (cJSON_IsObject(score))
		printf("  score      %g of %g to %g %s, standard error %g, cut %g\n",
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "value")),
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "min")),
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "max")), text_of(score, "unit"),
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "error")),
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(score, "cut")));
}

static void print_report(const struct verify_report *r, bool key_given)
{
	for (size_t i = 0; i < r->n; i++)
		printf("%-6s %-10s %s\n", r->checks[i].ok ? "ok" : "WRONG", r->checks[i].name, r->checks[i].detail);
	if (r->valid && r->payload)
		print_payload(r->payload);
	if (r->valid && !key_given)
		printf(
		    "\nSigned with the key %s.\nWhether that is the issuer's key, the file cannot prove: compare it with what the issuer says.\n",
		    r->key_hex);
	if (!r->valid)
		puts("\nThis file does NOT hold what was signed.");
}

static int verify(const char *path, const char *key_text, bool json)
{
	unsigned char key[SIGN_KEY_SIZE];
	_cleanup_buf_ struct buf text = BUF(SIGNED_SIZE_MAX), out = BUF(SIGNED_SIZE_MAX);
	struct verify_report report;
	struct err err;
	if (key_text && !read_key(key_text, key, &err))
		return data_usage("verify", "%s", err.msg);
	if (!read_input(path, &text, &err)) {
		data_fail("verify", &err);
		return 3;
	}
	if (!result_verify(buf_str(&text), key_text ? key : NULL, &report, &err))
		return data_fail("verify", &err);
	if (json) {
		verify_report_json(&report, &out);
		puts(out.p);
	} else {
		print_report(&report, key_text != NULL);
	}
	int code = report.valid ? 0 : 1;
	verify_report_finish(&report);
	return code;
}

int cli_verify(int argc, char **argv)
{
	enum { KEY = 256, JSON, HELP };
	static const struct option options[] = {
	    {"key", required_argument, NULL, KEY}, {"json", no_argument, NULL, JSON}, {"help", no_argument, NULL, HELP}, {0}};
	const char *key = NULL;
	bool json = false;
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			return 0;
		}
		if (option == KEY)
			key = optarg;
		else if (option == JSON)
			json = true;
		else
			return data_usage("verify", "the options are not right");
	}
	if (optind + 1 != argc)
		return data_usage("verify", "it takes one file");
	return verify(argv[optind], key, json);
}
