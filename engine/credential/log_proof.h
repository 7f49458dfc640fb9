/* Entries of the log, and proofs that something is in it, to be kept beside a certificate: c2sp.org/tlog-proof.
 *
 * An entry is a salted commitment: who reads the log learns nothing. The salt travels in the proof's `extra` line, as
 * "KIND\nHEX OF THE SALT\n": whoever has the certificate and its proof can compute the entry, nobody else. */
#pragma once
#include "credential/log_policy.h"
#include "credential/tlog.h"

#define LOG_SALT_SIZE 32
#define LOG_ENTRY_SIZE 128 /* its text, at most */
#define LOG_PROOF_SIZE_MAX (128u << 10)

void log_commitment(const unsigned char salt[LOG_SALT_SIZE], struct str bytes, unsigned char ret[HASH_SIZE]);
/* "assay-log-entry/v1\nKIND\nHEX\n"; returns its length. */
size_t log_entry_write(const char *kind, const unsigned char commitment[HASH_SIZE], char out[LOG_ENTRY_SIZE]);

/* A proof. salt and kind may be NULL: then there is no `extra` line. */
void log_proof_write(int64_t index, const struct tlog_proof *proof, const char *kind, const unsigned char *salt, struct str checkpoint,
                     struct buf *out);

struct log_proof_seen {
	int64_t index;
	struct log_seen checkpoint;
};
/* Whether these bytes are logged as what `kind` says ("certificate", "result", …), in a log that the policy believes. ERR_INVALID when it
 * is not a proof or has no salt; ERR_SIGNATURE with the reason when it does not prove that. Any bytes. */
MUST_CHECK bool log_proof_check(struct str proof, const char *kind, struct str bytes, const struct log_policy *policy,
                                struct log_proof_seen *ret, struct err *err);
/* The same for any entry of any such log: `extra` is not looked at. */
MUST_CHECK bool tlog_proof_check(struct str proof, struct str entry, const struct log_policy *policy, struct log_proof_seen *ret,
                                 struct err *err);

/* The parts of a proof, unchecked. */
struct log_proof_parts {
	int64_t index;
	struct tlog_proof proof;
	char extra[512]; /* decoded */
	size_t extra_len;
	struct str checkpoint; /* points into the text */
};
MUST_CHECK bool log_proof_parse(struct str text, struct log_proof_parts *ret, struct err *err);

/* What a witness is asked (c2sp.org/tlog-witness): "old SIZE", the proof of consistency, an empty line, the checkpoint. */
struct witness_request {
	int64_t old;
	struct tlog_proof proof;
	struct str checkpoint; /* points into the text */
};
MUST_CHECK bool witness_request_parse(struct str text, struct witness_request *ret, struct err *err);
void witness_request_write(int64_t old, const struct tlog_proof *proof, struct str checkpoint, struct buf *out);
