/* Minisign's files. See minisign.h.
 *
 * Public key: "Ed" ‖ number[8] ‖ key[32]. Signature: "ED" ‖ number ‖ signature[64]; below it the trusted comment, and a signature over
 * signature ‖ comment. Secret key: "Ed" ‖ "Sc" or 00 00 ‖ "B2" ‖ salt[32] ‖ operations ‖ memory (both 64 bits, little endian) ‖ a block of
 * number ‖ key[64] ‖ check[32], which is xored with scrypt's output; check is BLAKE2b-256("Ed" ‖ number ‖ key). All in base64. */
#include "bank/minisign.h"
#include "base/mem.h"
#include <sodium.h>

#define COMMENT "untrusted comment: "
#define TRUSTED "trusted comment: "
#define PUBLIC_SIZE 42
#define SIGNATURE_SIZE 74
#define BLOCK_SIZE 104
#define SECRET_SIZE 158
#define AT_SALT 6
#define AT_OPERATIONS 38
#define AT_MEMORY 46
#define AT_BLOCK 54

/* Ceilings of what a key file may ask of us: what minisign itself uses. */
#define OPERATIONS_MAX crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE
#define MEMORY_MAX crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE

void minisign_secret_finish(struct minisign_secret *s)
{
	sodium_memzero(s, sizeof *s);
}

static bool decode(struct str text, unsigned char *out, size_t size)
{
	size_t len;
	return sodium_base642bin(out, size, text.p, text.len, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 && len == size;
}

static void encode(const unsigned char *bytes, size_t size, struct buf *out)
{
	char text[sodium_base64_ENCODED_LEN(SECRET_SIZE, sodium_base64_VARIANT_ORIGINAL)];
	sodium_bin2base64(text, sizeof text, bytes, size, sodium_base64_VARIANT_ORIGINAL);
	buf_adds(out, text);
	sodium_memzero(text, sizeof text);
}

/* The lines of a file that begins with a comment; a lone line is one without it. */
static struct str first_line(struct str *rest)
{
	struct str line = {0};
	if (str_next_line(rest, &line) && str_starts(line, COMMENT) && !str_next_line(rest, &line))
		line = (struct str){0};
	return line;
}

/* ---- Public keys ---- */

bool minisign_key_parse(struct str text, struct minisign_key *ret, struct err *err)
{
	unsigned char raw[PUBLIC_SIZE];
	struct str rest = str_trim(text), line = first_line(&rest);
	if (!decode(str_trim(line), raw, sizeof raw) || memcmp(raw, "Ed", 2) != 0 || rest.len)
		return err_set(err, ERR_INVALID, "this is not a public key of minisign: 56 characters that begin with RW");
	memcpy(ret->id, raw + 2, sizeof ret->id);
	memcpy(ret->key, raw + 10, sizeof ret->key);
	return true;
}

void minisign_key_print(const struct minisign_key *k, char out[MINISIGN_KEY_SIZE])
{
	unsigned char raw[PUBLIC_SIZE] = "Ed";
	memcpy(raw + 2, k->id, sizeof k->id);
	memcpy(raw + 10, k->key, sizeof k->key);
	sodium_bin2base64(out, MINISIGN_KEY_SIZE, raw, sizeof raw, sodium_base64_VARIANT_ORIGINAL);
}

void minisign_id_print(const unsigned char id[8], char out[MINISIGN_ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	for (int i = 0; i < 8; i++) { /* a little-endian number */
		out[2 * i] = digits[id[7 - i] >> 4];
		out[2 * i + 1] = digits[id[7 - i] & 15];
	}
	out[16] = 0;
}

void minisign_key_file(const struct minisign_key *k, struct buf *out)
{
	char id[MINISIGN_ID_SIZE], text[MINISIGN_KEY_SIZE];
	minisign_id_print(k->id, id);
	minisign_key_print(k, text);
	buf_addf(out, COMMENT "minisign public key %s\n%s\n", id, text);
}

/* ---- Secret keys ---- */

void minisign_generate(struct minisign_secret *ret)
{
	randombytes_buf(ret->public.id, sizeof ret->public.id);
	crypto_sign_keypair(ret->public.key, ret->key);
}

static void check_of(const struct minisign_secret *s, unsigned char out[32])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, 32);
	crypto_generichash_update(&state, (const unsigned char *)"Ed", 2);
	crypto_generichash_update(&state, s->public.id, sizeof s->public.id);
	crypto_generichash_update(&state, s->key, sizeof s->key);
	crypto_generichash_final(&state, out, 32);
}

static void put_u64(unsigned char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static uint64_t get_u64(const unsigned char *p)
{
	uint64_t v = 0;
	for (int i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/* Seals or opens the block in place. */
static bool turn(unsigned char raw[SECRET_SIZE], struct str passphrase, struct err *err)
{
	unsigned char stream[BLOCK_SIZE];
	uint64_t operations = get_u64(raw + AT_OPERATIONS), memory = get_u64(raw + AT_MEMORY);
	if (operations > OPERATIONS_MAX || memory > MEMORY_MAX)
		return err_set(err, ERR_TOO_LARGE, "the secret key asks for more work or memory than minisign's own");
	if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, passphrase.p, passphrase.len, raw + AT_SALT, operations,
	                                       (size_t)memory) != 0)
		return err_set(err, ERR_INTERNAL, "not enough memory to open or seal the secret key: it takes %llu MiB",
		               (unsigned long long)memory >> 20);
	for (size_t i = 0; i < BLOCK_SIZE; i++)
		raw[AT_BLOCK + i] ^= stream[i];
	sodium_memzero(stream, sizeof stream);
	return true;
}

bool minisign_secret_file(const struct minisign_secret *s, struct str passphrase, struct buf *out, struct err *err)
{
	unsigned char raw[SECRET_SIZE] = {'E', 'd', 0, 0, 'B', '2'};
	char id[MINISIGN_ID_SIZE];
	bool ok = true;
	memcpy(raw + AT_BLOCK, s->public.id, sizeof s->public.id);
	memcpy(raw + AT_BLOCK + 8, s->key, sizeof s->key);
	check_of(s, raw + AT_BLOCK + 72);
	if (passphrase.len) {
		memcpy(raw + 2, "Sc", 2);
		randombytes_buf(raw + AT_SALT, 32);
		put_u64(raw + AT_OPERATIONS, OPERATIONS_MAX);
		put_u64(raw + AT_MEMORY, MEMORY_MAX);
		ok = turn(raw, passphrase, err);
	}
	if (ok) {
		minisign_id_print(s->public.id, id);
		buf_addf(out, COMMENT "minisign %ssecret key %s\n", passphrase.len ? "encrypted " : "", id);
		encode(raw, sizeof raw, out);
		buf_addc(out, '\n');
	}
	sodium_memzero(raw, sizeof raw);
	return ok;
}

static bool secret_parse(struct str text, unsigned char raw[SECRET_SIZE], struct err *err)
{
	static const unsigned char plain[2] = {0};
	struct str rest = str_trim(text), line = first_line(&rest);
	bool ok = decode(str_trim(line), raw, SECRET_SIZE) && !rest.len && memcmp(raw, "Ed", 2) == 0 && memcmp(raw + 4, "B2", 2) == 0 &&
	          (memcmp(raw + 2, "Sc", 2) == 0 || memcmp(raw + 2, plain, 2) == 0);
	return ok ? true : err_set(err, ERR_INVALID, "this is not a secret key of minisign");
}

bool minisign_secret_is_sealed(struct str text, bool *ret, struct err *err)
{
	unsigned char raw[SECRET_SIZE];
	bool ok = secret_parse(text, raw, err);
	if (ok)
		*ret = raw[2] == 'S';
	sodium_memzero(raw, sizeof raw);
	return ok;
}

bool minisign_secret_open(struct str text, struct str passphrase, struct minisign_secret *ret, struct err *err)
{
	_cleanup_minisign_secret_ struct minisign_secret s = {0};
	unsigned char raw[SECRET_SIZE], check[32], public[32];
	bool ok = secret_parse(text, raw, err) && (raw[2] != 'S' || turn(raw, passphrase, err));
	if (ok) {
		memcpy(s.public.id, raw + AT_BLOCK, sizeof s.public.id);
		memcpy(s.key, raw + AT_BLOCK + 8, sizeof s.key);
		memcpy(s.public.key, s.key + 32, sizeof s.public.key);
		check_of(&s, check);
		ok = sodium_memcmp(check, raw + AT_BLOCK + 72, sizeof check) == 0 ||
		     (raw[2] != 'S' && sodium_is_zero(raw + AT_BLOCK + 72, sizeof check)); /* minisign -W leaves it out */
		if (ok) { /* the public half is derived, never believed: a signature with another one gives the secret away */
			unsigned char again[64];
			crypto_sign_seed_keypair(public, again, s.key);
			ok = sodium_memcmp(public, s.public.key, sizeof public) == 0;
			sodium_memzero(again, sizeof again);
		}
		if (!ok)
			err_set(err, ERR_CREDENTIALS, raw[2] == 'S' ? "the passphrase of the secret key is wrong" : "the secret key is damaged");
	}
	if (ok)
		*ret = s;
	sodium_memzero(raw, sizeof raw);
	return ok;
}

/* ---- Signatures ---- */

static void prehash(struct str bytes, unsigned char out[64])
{
	crypto_generichash(out, 64, (const unsigned char *)bytes.p, bytes.len, NULL, 0);
}

void minisign_sign(const struct minisign_secret *s, struct str bytes, const char *comment, struct buf *out)
{
	unsigned char raw[SIGNATURE_SIZE] = "ED", hash[64], global[64];
	_cleanup_buf_ struct buf second = BUF(64 + MINISIGN_COMMENT_MAX);
	prehash(bytes, hash);
	memcpy(raw + 2, s->public.id, sizeof s->public.id);
	crypto_sign_detached(raw + 10, NULL, hash, sizeof hash, s->key);
	buf_add(&second, raw + 10, 64);
	buf_adds(&second, comment);
	crypto_sign_detached(global, NULL, (const unsigned char *)second.p, second.len, s->key);
	buf_adds(out, COMMENT "signature of a question bank of Assay; check it with minisign, too\n");
	encode(raw, sizeof raw, out);
	buf_addf(out, "\n" TRUSTED "%s\n", comment);
	encode(global, sizeof global, out);
	buf_addc(out, '\n');
}

bool minisign_signature_parse(struct str text, struct minisign_signature *ret, struct err *err)
{
	struct minisign_signature s = {0};
	unsigned char raw[SIGNATURE_SIZE];
	struct str line = {0}, rest = text;
	if (!str_next_line(&rest, &line) || !str_starts(line, COMMENT) || !str_next_line(&rest, &line) ||
	    !decode(str_trim(line), raw, sizeof raw))
		return err_set(err, ERR_INVALID, "this is not a signature of minisign");
	if (memcmp(raw, "Ed", 2) == 0)
		return err_set(err, ERR_INVALID, "an old signature that is not prehashed: sign without -l");
	if (memcmp(raw, "ED", 2) != 0)
		return err_set(err, ERR_INVALID, "a signature of a kind that is not known");
	if (!str_next_line(&rest, &line) || !str_starts(line, TRUSTED))
		return err_set(err, ERR_INVALID, "the trusted comment is missing");
	struct str comment = str_sub(line, strlen(TRUSTED), line.len);
	if (comment.len > MINISIGN_COMMENT_MAX || !str_is_utf8(comment, NULL))
		return err_set(err, ERR_INVALID, "the trusted comment is longer than %d bytes, or not UTF-8", MINISIGN_COMMENT_MAX);
	for (size_t i = 0; i < comment.len; i++)
		if ((unsigned char)comment.p[i] < ' ' && comment.p[i] != '\t')
			return err_set(err, ERR_INVALID, "the trusted comment holds control characters");
	memcpy(s.comment, comment.p, comment.len);
	if (!str_next_line(&rest, &line) || !decode(str_trim(line), s.global, sizeof s.global) || str_trim(rest).len)
		return err_set(err, ERR_INVALID, "the signature of the trusted comment is missing, or something follows it");
	memcpy(s.id, raw + 2, sizeof s.id);
	memcpy(s.signature, raw + 10, sizeof s.signature);
	*ret = s;
	return true;
}

bool minisign_check(const struct minisign_signature *s, const struct minisign_key *k, struct str bytes, struct err *err)
{
	unsigned char hash[64];
	_cleanup_buf_ struct buf second = BUF(64 + MINISIGN_COMMENT_MAX);
	if (memcmp(s->id, k->id, sizeof s->id) != 0)
		return err_set(err, ERR_SIGNATURE, "the signature is of another key");
	prehash(bytes, hash);
	if (crypto_sign_verify_detached(s->signature, hash, sizeof hash, k->key) != 0)
		return err_set(err, ERR_SIGNATURE, "the signature does not fit what was signed");
	buf_add(&second, s->signature, sizeof s->signature);
	buf_adds(&second, s->comment);
	if (crypto_sign_verify_detached(s->global, (const unsigned char *)second.p, second.len, k->key) != 0)
		return err_set(err, ERR_SIGNATURE, "the trusted comment is not the one that was signed");
	return true;
}
