/* Verifying what somebody brings: a credential as JSON, baked into a PNG, an SVG or a PDF, a bundle, the text behind a QR code, or an
 * exported result.
 *
 * The report goes check by check; each has one reason. A check that could not be made is "unknown", never passed: a status list that cannot
 * be read does not say "not revoked". docs/verifiers/certificates.md lists the checks and their codes. */
#pragma once
#include "base/json.h"
#include "credential/signed.h"
#include "credential/trust.h"

#define VERIFY_SIZE_MAX (8u << 20)
#define VERIFY_URL_SIZE 1024
#define VERIFY_CLOCK_SKEW_MS (5 * INT64_C(60000)) /* how far ahead an issuer's clock may be */

enum verify_outcome { VERIFY_PASS, VERIFY_FAIL, VERIFY_UNKNOWN, VERIFY_ABSENT };
enum verify_verdict { VERDICT_VALID, VERDICT_INVALID, VERDICT_UNKNOWN };

/* Gets a document from its address: DID documents, status lists, certificates. ret_from: the address that it came from, when that is
 * another one, or not encrypted. ERR_IO when it cannot be had. */
typedef bool verify_fetch_fn(void *arg, const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], struct err *err);

struct verify_options {
	const struct trust *trust; /* NULL: nothing is pinned */
	verify_fetch_fn *fetch;    /* NULL: offline */
	void *fetch_arg;
	int64_t now_ms;
	const unsigned char *result_key; /* of SIGN_KEY_SIZE: what a result must be signed with; or NULL */
	const char *holder;              /* whom the certificate is said to be about: checked when given */
};

struct verify_check {
	const char *id;
	enum verify_outcome outcome;
	bool required;
	char *reason; /* a sentence, owned */
	char code[32];
	int64_t as_of_ms; /* 0: it has no time */
};

struct verification; /* a report */
/* Never fails on what the input says: that is the report's to tell. */
struct verification *verify_input(struct str input, const struct verify_options *options);
void verification_destroy(struct verification *v);
DEFINE_CLEANUP(struct verification, verification_destroy)
enum verify_verdict verification_verdict(const struct verification *v);
const char *verify_verdict_name(enum verify_verdict verdict); /* "valid" */
const char *verify_outcome_name(enum verify_outcome outcome); /* "pass" */
const struct verify_check *verification_checks(const struct verification *v, size_t *ret_n);
/* What it claims, in plain words; NULL when it could not be read. See docs/openapi.yaml. */
const cJSON *verification_claims(const struct verification *v);
const char *verification_format(const struct verification *v);         /* "json" */
void verification_json(const struct verification *v, struct buf *out); /* the report, as in docs/openapi.yaml */
