/* The server's signing keys, and who it says it is. Seeds are kept sealed (crypto_secretbox under an Argon2id key); they are unsealed once,
 * in the background, after the start. Rotation adds a key; a retired one stays in the DID document until the last credential that it signed
 * has expired. */
#pragma once
#include "credential/picture.h"
#include "proctor/proctor.h"

enum key_purpose { KEY_RESULTS, KEY_CREDENTIALS, KEY_STATUS, KEY_LOG, KEY_PURPOSES };
enum key_state { KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED };

/* The active key of a purpose; waits for the unsealing when it is not done yet. ERR_STORE when keys cannot be unsealed: says why. The key
 * lives as long as `pr`. */
MUST_CHECK bool key_active(struct proctor *pr, enum key_purpose purpose, const struct sign_key **ret, struct err *err);
/* "did:web:HOST#z6Mk…" or "did:key:z6Mk…#z6Mk…" of a key; owned by the caller. */
char *key_method(struct proctor *pr, const struct sign_key *key);
/* The public keys of this server as a trust file, and its DID document. */
MUST_CHECK bool keys_trust_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);
MUST_CHECK bool keys_did_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);

/* The issuer: from --public-url and DATA/issuer.yml. Lives as long as `pr`. */
struct issuer {
	char *id;       /* "did:web:exam.example.org", or "did:key:z6Mk…" of the first credentials key */
	char *base_url; /* "https://exam.example.org" without a slash at its end; NULL: none, and ids are urn:uuid: */
	char *name, *url, *description;
	struct picture_style style;
};
MUST_CHECK bool issuer_get(struct proctor *pr, const struct issuer **ret, struct err *err);

/* Status (status_list.c): draws a random free index; sets and clears. Status lists are signed again on demand. Writer. */
enum status_value { STATUS_VALID, STATUS_REVOKED, STATUS_SUSPENDED };
MUST_CHECK bool status_draw(struct proctor *pr, struct store *wr, int64_t *ret_list, int64_t *ret_index, struct err *err);
MUST_CHECK bool status_set(struct proctor *pr, struct store *wr, int64_t list, int64_t index, enum status_value value, struct err *err);
/* `credentialStatus` of a credential (one object), and the signed list that GET /status/{list} answers with. */
MUST_CHECK bool status_entry_json(struct proctor *pr, int64_t list, int64_t index, cJSON **ret, struct err *err);
MUST_CHECK bool status_list_json(struct proctor *pr, struct store *rd, int64_t list, struct buf *out, struct err *err);
