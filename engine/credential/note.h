/* Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines "— NAME BASE64(key id ‖ signature)". Two kinds of
 * signatures: Ed25519 over the text (type 1), and timestamped cosignatures of witnesses (type 4, c2sp.org/tlog-cosignature).
 *
 * Reading takes any bytes. Signatures by keys that are not asked for are left alone, as the format wants it. */
#pragma once
#include "base/buf.h"
#include "credential/signed.h"

#define NOTE_SIZE_MAX (64u << 10)
#define NOTE_NAME_MAX 200
#define NOTE_SIGNATURES_MAX 64
#define NOTE_VKEY_SIZE 300

enum note_type { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

struct note_key {
	char name[NOTE_NAME_MAX + 1];
	enum note_type type;
	unsigned char id[4];
	unsigned char key[SIGN_KEY_SIZE];
};
/* ERR_INVALID when the name is empty, too long, not UTF-8, or holds spaces, control characters or '+'. */
MUST_CHECK bool note_key_make(struct str name, enum note_type type, const unsigned char key[SIGN_KEY_SIZE], struct note_key *ret,
                              struct err *err);
/* "NAME+ID in hexadecimal+BASE64(type ‖ key)". ERR_INVALID; ERR_UNSUPPORTED for other types of keys. */
MUST_CHECK bool note_key_read(struct str vkey, struct note_key *ret, struct err *err);
char *note_key_write(const struct note_key *key, char out[NOTE_VKEY_SIZE]);

struct note_signature {
	struct str name, line; /* line: whole, without its newline */
	unsigned char id[4], bytes[8 + SIGN_SIZE];
	size_t len; /* 0: of another size than ours have */
};
struct note {
	struct str text; /* with its last newline */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	size_t n;
};
/* The parts point into `bytes`. ERR_INVALID with what is wrong. */
MUST_CHECK bool note_parse(struct str bytes, struct note *ret, struct err *err);
/* Signature lines without a text before them, as witnesses answer. */
MUST_CHECK bool note_parse_signatures(struct str bytes, struct note *ret, struct err *err);
/* Looks for the key's signature. False with ERR_NOT_FOUND when there is none, ERR_SIGNATURE when one does not hold. *ret_line (may be NULL)
 * is its line, *ret_time_s (may be NULL) the time of a cosignature, in seconds since 1970. */
MUST_CHECK bool note_verify(const struct note *note, const struct note_key *key, struct str *ret_line, int64_t *ret_time_s,
                            struct err *err);
/* Adds the signature line of a key to `out`. time_s: of a cosignature. */
void note_sign(struct str text, const struct note_key *key, const struct sign_key *secret, int64_t time_s, struct buf *out);

/* ---- Checkpoints (c2sp.org/tlog-checkpoint) ---- */

struct checkpoint {
	struct str origin;
	int64_t size;
	unsigned char root[32];
};
/* The text of a note; strict. */
MUST_CHECK bool checkpoint_parse(struct str text, struct checkpoint *ret, struct err *err);
void checkpoint_write(const struct checkpoint *c, struct buf *out);

/* Shared with proofs: canonical base64 with its padding, at most `max` bytes; one base64 line of a hash, and a number as these formats
 * write them. */
bool note_read_base64(struct str text, unsigned char *ret, size_t max, size_t *ret_len);
bool note_read_hash(struct str line, unsigned char ret[32]);
bool note_read_size(struct str line, int64_t *ret);
/* Cuts a line that ends in a newline off *rest; false when there is none. Unlike str_next_line() it keeps a \r. */
bool note_line(struct str *rest, struct str *ret_line);
