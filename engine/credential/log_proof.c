/* Entries and proofs. See log_proof.h. */
#include "credential/log_proof.h"
#include <sodium.h>
#include <stdio.h>

#define HEADER "c2sp.org/tlog-proof@v1"

void log_commitment(const unsigned char salt[LOG_SALT_SIZE], struct str bytes, unsigned char ret[HASH_SIZE])
{
	hash_sha256_two((struct str){(const char *)salt, LOG_SALT_SIZE}, bytes, ret);
}

size_t log_entry_write(const char *kind, const unsigned char commitment[HASH_SIZE], char out[LOG_ENTRY_SIZE])
{
	char hex[HASH_HEX_SIZE];
	return (size_t)snprintf(out, LOG_ENTRY_SIZE, "assay-log-entry/v1\n%s\n%s\n", kind, hash_hex(commitment, hex));
}

/* ---- Hashes, a line each, up to an empty line ---- */

static void add_hashes(const struct tlog_proof *proof, struct buf *out)
{
	char text[64];
	for (size_t i = 0; i < proof->n; i++)
		buf_addf(out, "%s\n", sodium_bin2base64(text, sizeof text, proof->hashes[i].b, HASH_SIZE, sodium_base64_VARIANT_ORIGINAL));
}

static bool read_hashes(struct str *rest, struct tlog_proof *ret, struct err *err)
{
	struct str line;
	ret->n = 0;
	while (note_line(rest, &line)) {
		if (!line.len)
			return true;
		if (ret->n == TLOG_PROOF_MAX - 1)
			return err_set(err, ERR_TOO_LARGE, "the proof has more than %d hashes", TLOG_PROOF_MAX - 1);
		if (!note_read_hash(line, ret->hashes[ret->n].b))
			return err_set(err, ERR_INVALID, "hash %zu of the proof is not the base64 of 32 bytes", ret->n + 1);
		ret->n++;
	}
	return err_set(err, ERR_INVALID, "there is no empty line before the checkpoint");
}

/* "WORD 123" */
static bool read_numbered(struct str line, const char *word, int64_t *ret)
{
	return str_starts(line, word) && note_read_size(str_sub(line, strlen(word), line.len), ret);
}

/* ---- Proofs of inclusion ---- */

void log_proof_write(int64_t index, const struct tlog_proof *proof, const char *kind, const unsigned char *salt, struct str checkpoint,
                     struct buf *out)
{
	buf_adds(out, HEADER "\n");
	if (kind && salt) {
		char hex[2 * LOG_SALT_SIZE + 1], extra[160], text[256];
		int len = snprintf(extra, sizeof extra, "%s\n%s\n", kind, sodium_bin2hex(hex, sizeof hex, salt, LOG_SALT_SIZE));
		buf_addf(out, "extra %s\n",
		         sodium_bin2base64(text, sizeof text, (const unsigned char *)extra, (size_t)len, sodium_base64_VARIANT_ORIGINAL));
	}
	buf_addf(out, "index %lld\n", (long long)index);
	add_hashes(proof, out);
	buf_addc(out, '\n');
	buf_addv(out, checkpoint);
}

bool log_proof_parse(struct str text, struct log_proof_parts *ret, struct err *err)
{
	struct log_proof_parts p = {0};
	struct str rest = text, line;
	if (text.len > LOG_PROOF_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a proof has at most %u bytes", LOG_PROOF_SIZE_MAX);
	if (!note_line(&rest, &line) || !str_is(line, HEADER))
		return err_set(err, ERR_INVALID, "this is not a " HEADER);
	bool more = note_line(&rest, &line);
	if (more && str_starts(line, "extra ")) {
		if (!note_read_base64(str_sub(line, 6, line.len), (unsigned char *)p.extra, sizeof p.extra, &p.extra_len))
			return err_set(err, ERR_INVALID, "the extra line of the proof is not base64 of at most %zu bytes", sizeof p.extra);
		more = note_line(&rest, &line);
	}
	if (!more || !read_numbered(line, "index ", &p.index))
		return err_set(err, ERR_INVALID, "the proof does not name the index of its entry");
	if (!read_hashes(&rest, &p.proof, err))
		return false;
	p.checkpoint = rest;
	*ret = p;
	return true;
}

static bool check_parts(const struct log_proof_parts *p, struct str entry, const struct log_policy *policy, struct log_proof_seen *ret,
                        struct err *err)
{
	struct log_proof_seen seen = {.index = p->index};
	struct tlog_hash leaf, root;
	if (!log_policy_check(policy, p->checkpoint, &seen.checkpoint, err))
		return false;
	tlog_leaf(entry, &leaf);
	memcpy(root.b, seen.checkpoint.root, sizeof root.b);
	if (!tlog_check_inclusion(p->index, seen.checkpoint.size, &leaf, &p->proof, &root, err))
		return false;
	*ret = seen;
	return true;
}

bool tlog_proof_check(struct str proof, struct str entry, const struct log_policy *policy, struct log_proof_seen *ret, struct err *err)
{
	struct log_proof_parts p;
	return log_proof_parse(proof, &p, err) && check_parts(&p, entry, policy, ret, err);
}

/* "KIND\nHEX\n" */
static bool read_salt(const struct log_proof_parts *p, const char *kind, unsigned char ret[LOG_SALT_SIZE], struct err *err)
{
	struct str rest = {p->extra, p->extra_len}, line, hex;
	size_t len = 0;
	char again[2 * LOG_SALT_SIZE + 1];
	if (!note_line(&rest, &line) || !note_line(&rest, &hex) || rest.len || hex.len != 2 * LOG_SALT_SIZE ||
	    sodium_hex2bin(ret, LOG_SALT_SIZE, hex.p, hex.len, NULL, &len, NULL) != 0 || len != LOG_SALT_SIZE ||
	    !str_is(hex, sodium_bin2hex(again, sizeof again, ret, LOG_SALT_SIZE)))
		return err_set(err, ERR_INVALID, "the extra line of the proof does not hold the salt of the entry");
	if (!str_is(line, kind))
		return err_set(err, ERR_SIGNATURE, "the proof is about another kind of thing: not a %s", kind);
	return true;
}

bool log_proof_check(struct str proof, const char *kind, struct str bytes, const struct log_policy *policy, struct log_proof_seen *ret,
                     struct err *err)
{
	struct log_proof_parts p;
	unsigned char salt[LOG_SALT_SIZE], commitment[HASH_SIZE];
	char entry[LOG_ENTRY_SIZE];
	if (!log_proof_parse(proof, &p, err) || !read_salt(&p, kind, salt, err))
		return false;
	log_commitment(salt, bytes, commitment);
	size_t len = log_entry_write(kind, commitment, entry);
	return check_parts(&p, (struct str){entry, len}, policy, ret, err);
}

/* ---- What a witness is asked ---- */

bool witness_request_parse(struct str text, struct witness_request *ret, struct err *err)
{
	struct witness_request r;
	struct str rest = text, line;
	if (text.len > LOG_PROOF_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "the request has at most %u bytes", LOG_PROOF_SIZE_MAX);
	if (!note_line(&rest, &line) || !read_numbered(line, "old ", &r.old))
		return err_set(err, ERR_INVALID, "the request does not begin with 'old' and the size of the older log");
	if (!read_hashes(&rest, &r.proof, err))
		return false;
	r.checkpoint = rest;
	*ret = r;
	return true;
}

void witness_request_write(int64_t old, const struct tlog_proof *proof, struct str checkpoint, struct buf *out)
{
	buf_addf(out, "old %lld\n", (long long)old);
	add_hashes(proof, out);
	buf_addc(out, '\n');
	buf_addv(out, checkpoint);
}
