/* Verifying what somebody brings: a credential as JSON, baked into a PNG, an SVG or a PDF, a bundle, or the text behind a QR code.
 *
 * The report goes check by check; each has one reason. A check that could not be made is "unknown", never passed: a status list that cannot
 * be read does not say "not revoked". docs/verifiers/certificates.md lists the checks and their codes. */
#pragma once
#include "base/json.h"
#include "credential/signed.h"

#define VERIFY_SIZE_MAX (8u << 20)

enum verify_outcome { VERIFY_PASS, VERIFY_FAIL, VERIFY_UNKNOWN, VERIFY_ABSENT };
enum verify_verdict { VERDICT_VALID, VERDICT_INVALID, VERDICT_UNKNOWN };

/* Gets a document from its address: DID documents, status lists, log proofs. NULL: offline. ERR_IO when it cannot be had. */
typedef bool verify_fetch_fn(void *arg, const char *url, size_t size_max, struct buf *out, struct err *err);

struct trust; /* pinned keys; see trust.h */
struct verify_options {
	const struct trust *trust; /* NULL: nothing is pinned */
	verify_fetch_fn *fetch;    /* NULL: offline */
	void *fetch_arg;
	int64_t now_ms;
	const char *holder; /* whom the certificate is said to be about: checked when given */
};

struct verification; /* a report */
/* Never fails on what the input says: that is the report's to tell. */
struct verification *verify_input(struct str input, const struct verify_options *options);
void verification_destroy(struct verification *v);
DEFINE_CLEANUP(struct verification, verification_destroy)
enum verify_verdict verification_verdict(const struct verification *v);
void verification_json(const struct verification *v, struct buf *out); /* the report, as in docs/openapi.yaml */
