/* What the files of the verifier share: the work on one input, and the report that it fills. See verify.h. */
#pragma once
#include "credential/bundle.h"
#include "credential/did.h"
#include "credential/picture.h"
#include "credential/proof.h"
#include "credential/verify.h"

#define CHECKS_MAX 16
#define CREDENTIAL_MAX (1u << 20) /* bytes of one, as JSON */
#define VERIFY_TEXT_MAX 512       /* of what a reason quotes */

struct verification {
	const char *format;
	int64_t now_ms;
	struct verify_check checks[CHECKS_MAX];
	size_t n;
	cJSON *document; /* the credential, or the signed result's payload; owned; or NULL */
	cJSON *claims;   /* owned, or NULL */
};

/* Where the issuer's DID document came from. */
enum did_source { DID_NONE, DID_FETCHED, DID_UNREACHABLE, DID_BUNDLED, DID_BROKEN, DID_IS_KEY };

struct verify_work {
	const struct verify_options *options;
	struct verification *v;
	struct bundle bundle; /* .tree NULL: none */
	struct picture_baked picture;
	bool has_picture;
	char link_hash[65];         /* of a link: what the credential must hash to; or "" */
	char hash[65];              /* of the credential's canonical bytes */
	struct buf canonical;       /* these bytes */
	const char *issuer;         /* id of the issuer, in the document; NULL: not read */
	enum did_source did_source; /* DID_NONE: not looked for yet */
	struct did_document did;
	char did_from[VERIFY_URL_SIZE]; /* where it was fetched, or "" */
	struct err did_err;             /* why it could not be had */
	bool proofs_hold;               /* both */
	int64_t signed_ms;              /* as they say */
};

/* ---- The report (verify.c) ---- */

/* Adds a check. `code` is a stable word. */
struct verify_check *verify_add(struct verify_work *w, const char *id, enum verify_outcome outcome, bool required, const char *code,
                                const char *fmt, ...) __attribute__((format(printf, 6, 7)));
bool verify_passed(const struct verification *v, const char *id);
/* The text of a member, or "". */
const char *verify_text(const cJSON *o, const char *key);
const cJSON *verify_get(const cJSON *o, const char *key);

/* ---- Its parts; each adds its checks ---- */

/* Finds out what the input is and takes the credential out (verify_input.c). False when there is none: the report says why. */
bool verify_open(struct verify_work *w, struct str input, bool *ret_is_result);
bool verify_parse(struct verify_work *w, struct str text, cJSON **ret); /* strict; else the report says why */
/* Shape: contexts, members, their types, what must be there (verify_document.c). */
bool verify_document(struct verify_work *w);
/* The keys that proofs name, and the proofs (verify_issuer.c, verify_proof.c). */
void verify_proofs(struct verify_work *w);
void verify_dates(struct verify_work *w);
void verify_status(struct verify_work *w);
void verify_log(struct verify_work *w);
void verify_picture(struct verify_work *w);
void verify_holder(struct verify_work *w);
/* What it says in plain words (verify_claims.c). */
cJSON *verify_claims(const struct verify_work *w);
/* An exported result (verify_result.c). */
void verify_result(struct verify_work *w, struct str text);

/* ---- Keys (verify_issuer.c) ---- */

enum standing { STANDING_TRUSTED, STANDING_UNKNOWN, STANDING_REFUSED };
struct key_finding {
	enum standing standing;
	bool has_key; /* the name is one of the issuer's, and holds a key: proofs can be computed with it */
	unsigned char key[SIGN_KEY_SIZE];
	char code[32], reason[512];
};
/* Whether a verification method is a key of the credential's issuer that counted for this purpose when something was signed. */
void verify_key(struct verify_work *w, enum trust_purpose purpose, const char *method, int64_t signed_ms, struct key_finding *ret);

/* Whether an address is on the issuer's own host: no certificate makes a verifier ask somebody else. */
bool verify_is_issuers(const struct verify_work *w, const char *url);

/* Both proofs of a document, whose keys must be the issuer's, for this purpose. *ret_key is the worse of the two keys. */
struct proof_set {
	bool ok[PROOF_SUITES];
	char code[PROOF_SUITES][32];
	char reason[PROOF_SUITES][VERIFY_TEXT_MAX];
	struct key_finding key;
	int64_t created_ms; /* of the later one */
};
void verify_proof_set(struct verify_work *w, const cJSON *document, enum trust_purpose purpose, struct proof_set *ret);
