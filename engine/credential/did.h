/* Decentralised identifiers: who an issuer is, and which keys are its own.
 *
 * did:web names a host, whose web server says which keys count: its DID document (W3C DID Core, did:web method). did:key is the key itself.
 * A verification method is a DID with a fragment. The fragment proves nothing: whoever makes a certificate writes it. A key counts only
 * when the issuer's own document, fetched from its own address or pinned, has it under exactly that name. */
#pragma once
#include "base/json.h"
#include "credential/signed.h"

#define DID_SIZE_MAX 512              /* of a DID, or of a verification method */
#define DID_DOCUMENT_MAX (256u << 10) /* bytes */
#define DID_METHODS_MAX 256

/* ---- Names ---- */

/* From the address that people know a server by, "https://exam.example.org[:PORT]", to its DID, and the address as it is written everywhere
 * (lower case, without a slash at its end). ERR_USAGE: not https, or with a path, a query, a name of a user, or a numeric address. Both are
 * the caller's; either may be NULL. */
MUST_CHECK bool did_web_of(const char *url, char **ret_did, char **ret_base_url, struct err *err);
/* Where the document of a did:web is: "https://HOST[:PORT]/.well-known/did.json", or below the path that the DID names.
 * ERR_UNSUPPORTED for other methods, ERR_INVALID for what is no DID. The caller's. */
MUST_CHECK bool did_web_url(const char *did, char **ret, struct err *err);
char *did_key_of(const unsigned char key[SIGN_KEY_SIZE]); /* "did:key:z6Mk…", the caller's */
/* The key of a "did:key:z6Mk…". */
MUST_CHECK bool did_key_read(const char *did, unsigned char ret[SIGN_KEY_SIZE], struct err *err);
/* Cuts a verification method at its one "#". ERR_INVALID when either part is missing or it is too long. */
MUST_CHECK bool did_split(const char *method, struct str *ret_did, struct str *ret_fragment, struct err *err);

/* ---- Documents ---- */

struct did_method {
	char id[DID_SIZE_MAX]; /* with the DID */
	unsigned char key[SIGN_KEY_SIZE];
	bool asserts;                   /* in assertionMethod: it may sign certificates */
	int64_t revoked_ms, expires_ms; /* 0: not */
};
/* The document of a DID: the methods' fragments are their keys, and `id` of each is ignored. */
cJSON *did_document_json(const char *did, const struct did_method *methods, size_t n);

struct did_document {
	char id[DID_SIZE_MAX];
	struct did_method *methods; /* Ed25519 as Multikey, of this DID: all others are left out */
	size_t n;
};
/* Reads the document that was found where `did` says. ERR_INVALID when it is another DID's, or broken; hostile input. */
MUST_CHECK bool did_document_read(struct str text, const char *did, struct did_document *ret, struct err *err);
MUST_CHECK bool did_document_from(const cJSON *document, const char *did, struct did_document *ret, struct err *err);
/* What a did:key says of itself. */
MUST_CHECK bool did_document_of_key(const char *did, struct did_document *ret, struct err *err);
void did_document_finish(struct did_document *d);

/* The key of a verification method, for something that was signed at that time. False with a stable word for programs and a sentence:
 * "did-mismatch" (it names another DID), "key-not-found", "key-not-trusted" (not for assertions), "key-compromised" (revoked by then),
 * "key-retired-after" (expired by then). */
MUST_CHECK bool did_find(const struct did_document *d, const char *method, int64_t signed_ms, unsigned char ret[SIGN_KEY_SIZE],
                         const char **ret_code, struct err *err);
