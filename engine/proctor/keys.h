/* The server's signing keys, and who it says it is.
 *
 * Seeds are kept sealed (credential/keyring.h) in the database; they are unsealed once, in the background, after the start. A key has one
 * purpose. The active one signs; `next` ones are published and wait; retired ones sign nothing any more (their seeds are deleted), what
 * they signed stays valid; compromised ones are not to be believed from a time on. Keys that certificates are checked with stay in the DID
 * document until the last certificate that they signed has expired.
 *
 * The passphrase: a file that was named (--passphrase-file, $ASSAY_PASSPHRASE_FILE), else systemd's credential assay-passphrase, else
 * DATA/passphrase, which the first start makes. */
#pragma once
#include "credential/multibase.h"
#include "credential/picture.h"
#include "proctor/proctor.h"

enum key_purpose { KEY_RESULTS, KEY_CREDENTIALS, KEY_STATUS, KEY_LOG, KEY_PURPOSES };
enum key_state { KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED, KEY_NEXT, KEY_STATES }; /* as in the database */
const char *key_purpose_name(enum key_purpose p);
const char *key_state_name(enum key_state s);
MUST_CHECK bool key_purpose_parse(const char *name, enum key_purpose *ret, struct err *err);

/* The active key of a purpose; waits for the unsealing when it is not done yet. ERR_STORE when keys cannot be unsealed: says why. The key
 * lives as long as `pr`. Any thread. */
MUST_CHECK bool key_active(struct proctor *pr, enum key_purpose purpose, const struct sign_key **ret, struct err *err);
/* For the server, once it answers: unseals on a thread of its own what could not be unsealed at once. key_active() does it, too. */
void keys_unseal(struct proctor *pr);
/* For commands: unseals now rather than when a key is first needed, inside a transaction. Who needs one hears of a failure. */
void keys_open_early(struct proctor *pr);
/* Looks whether another program has changed the keys, and takes that up: before something is signed. A running server does so by itself
 * within a second. Any connection; with the server, the writer's. */
MUST_CHECK bool keys_refresh(struct proctor *pr, struct store *st, struct err *err);
/* Something was signed that is valid until then (INT64_MAX: for ever): so long its key stays published. Writer. */
MUST_CHECK bool key_used(struct proctor *pr, struct store *wr, enum key_purpose purpose, const struct sign_key *key, int64_t until_ms,
                         struct err *err);
/* Whether unsealing has failed in the background: then the server has to stop, because it can sign nothing. */
bool keys_failed(struct proctor *pr, struct err *ret_why);
/* For assay doctor: reads the passphrase and unseals, without keeping anything. *ret_path is the caller's; *ret_beside: it is in the data
 * folder. */
MUST_CHECK bool keys_check(const char *data_dir, struct store *rd, char **ret_path, bool *ret_beside, struct err *err);
/* "did:web:HOST#z6Mk…" or "did:key:z6Mk…#z6Mk…" of a key; owned by the caller. */
char *key_method(struct proctor *pr, const struct sign_key *key);

/* ---- Public documents (keys_public.c) ---- */

/* The public keys of this server as a trust file, and its DID document. */
MUST_CHECK bool keys_trust_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);
MUST_CHECK bool keys_did_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);

/* ---- Changes (keys_change.c): for the operator's commands. Writer ---- */

/* A key that is published and waits for key_rotate(). */
MUST_CHECK bool key_new(struct proctor *pr, struct store *wr, enum key_purpose purpose, char ret_name[MULTIKEY_SIZE], struct err *err);
/* The waiting key, or a new one, becomes the active one; the one before is retired. */
MUST_CHECK bool key_rotate(struct proctor *pr, struct store *wr, enum key_purpose purpose, char ret_name[MULTIKEY_SIZE], struct err *err);
/* `name` is "z6Mk…", or its beginning if only one key begins so. An active key is rotated at the same time. ERR_NOT_FOUND, ERR_CONFLICT
 * when its state is that already. */
MUST_CHECK bool key_retire(struct proctor *pr, struct store *wr, const char *name, struct err *err);
MUST_CHECK bool key_compromise(struct proctor *pr, struct store *wr, const char *name, int64_t since_ms, struct err *err);
/* A key by its name, as above. */
struct key_row;
MUST_CHECK bool key_find(struct store *st, const char *name, struct key_row *ret, struct err *err);
/* Issues certificates again that a retired or compromised key signed (reissue.c): some at a call, until `more` is false. */
struct key_reissue {
	int64_t after, done, failed;
	bool more;
	char why[512]; /* the first that failed */
};
MUST_CHECK bool key_reissue(struct proctor *pr, struct store *wr, const char *name, struct key_reissue *r, struct err *err);
/* Seals all seeds anew with another passphrase. */
MUST_CHECK bool keys_reseal(struct proctor *pr, struct store *wr, struct str passphrase, struct err *err);
/* {"keys":[{"key","purpose","state","created_at","retired_at","compromised_at","signed","published"}…]} */
MUST_CHECK bool keys_list_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);

/* The issuer: from --public-url and DATA/issuer.yml. Lives as long as `pr`. */
struct issuer {
	char *id;       /* "did:web:exam.example.org", or "did:key:z6Mk…" of the first credentials key */
	char *base_url; /* "https://exam.example.org" without a slash at its end; NULL: none, and ids are urn:uuid: */
	char *name, *url, *description;
	struct picture_style style;
};
MUST_CHECK bool issuer_get(struct proctor *pr, const struct issuer **ret, struct err *err);
/* DATA/issuer.yml alone, for assay issuer; no file: defaults. What is wrong is in *diags: the first *ret_n_fatal of it keep a server from
 * starting, the rest is about how certificates look. */
struct diags;
MUST_CHECK bool issuer_file(const char *data_dir, struct issuer *ret, struct diags *diags, size_t *ret_n_fatal, struct err *err);
void issuer_name_default(struct issuer *issuer);
void issuer_finish(struct issuer *issuer);

/* ---- Status (status_list.c) ---- */

/* Draws a random free place; sets and clears. Signed lists follow by themselves. Writer. */
enum status_value { STATUS_VALID, STATUS_REVOKED, STATUS_SUSPENDED };
MUST_CHECK bool status_draw(struct proctor *pr, struct store *wr, int64_t *ret_list, int64_t *ret_index, struct err *err);
MUST_CHECK bool status_set(struct proctor *pr, struct store *wr, int64_t list, int64_t index, enum status_value value, struct err *err);
MUST_CHECK bool status_get(struct store *st, int64_t list, int64_t index, enum status_value *ret, struct err *err);
/* `credentialStatus` of a certificate (one object); NULL when the server has no public address: then nobody could look it up. */
MUST_CHECK bool status_entry_json(struct proctor *pr, int64_t list, int64_t index, cJSON **ret, struct err *err);
/* The signed list that GET /status/{list} answers with: revoked and suspended ones are set. Slow when it has to be signed: pool. */
MUST_CHECK bool status_list_json(struct proctor *pr, struct store *rd, int64_t list, struct buf *out, struct err *err);
/* By the last part of its address: "7", or "7-suspension" with only the suspended ones. ERR_NOT_FOUND. */
MUST_CHECK bool status_list_by_name(struct proctor *pr, struct store *rd, const char *name, struct buf *out, struct err *err);
