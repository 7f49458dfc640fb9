/* Signed notes and checkpoints. See note.h. */
#include "credential/note.h"
#include "base/base64.h"
#include "base/hash.h"
#include "credential/tlog.h"
#include <sodium.h>
#include <stdio.h>

#define TIME_MAX_S UINT64_C(253402300799) /* the end of 9999, the last that can be written as a date */
#define DASH "\xe2\x80\x94 "              /* U+2014 and a space */

static void add_base64(struct buf *out, const unsigned char *bytes, size_t len)
{
	char text[200];
	buf_adds(out, sodium_bin2base64(text, sizeof text, bytes, len, sodium_base64_VARIANT_ORIGINAL));
}

bool note_read_base64(struct str text, unsigned char *ret, size_t max, size_t *ret_len)
{
	return base64_read(text, BASE64_PADDED, ret, max, ret_len);
}

bool note_read_hash(struct str line, unsigned char ret[32])
{
	size_t len;
	unsigned char bytes[32];
	if (!note_read_base64(line, bytes, sizeof bytes, &len) || len != sizeof bytes)
		return false;
	memcpy(ret, bytes, sizeof bytes);
	return true;
}

bool note_read_size(struct str line, int64_t *ret)
{
	if (!line.len || line.p[0] < '0' || line.p[0] > '9' || (line.p[0] == '0' && line.len > 1))
		return false;
	return str_to_i64(line, 0, TLOG_SIZE_MAX - 1, ret);
}

bool note_line(struct str *rest, struct str *ret_line)
{
	const char *end = rest->len ? memchr(rest->p, '\n', rest->len) : NULL;
	if (!end)
		return false;
	size_t len = (size_t)(end - rest->p);
	*ret_line = str_sub(*rest, 0, len);
	*rest = str_sub(*rest, len + 1, rest->len);
	return true;
}

/* ---- Keys ---- */

/* Unicode's spaces, as UTF-8. */
static const char *const spaces[] = {" ",
                                     "\xc2\x85",
                                     "\xc2\xa0",
                                     "\xe1\x9a\x80",
                                     "\xe2\x80\x80",
                                     "\xe2\x80\x81",
                                     "\xe2\x80\x82",
                                     "\xe2\x80\x83",
                                     "\xe2\x80\x84",
                                     "\xe2\x80\x85",
                                     "\xe2\x80\x86",
                                     "\xe2\x80\x87",
                                     "\xe2\x80\x88",
                                     "\xe2\x80\x89",
                                     "\xe2\x80\x8a",
                                     "\xe2\x80\xa8",
                                     "\xe2\x80\xa9",
                                     "\xe2\x80\xaf",
                                     "\xe2\x81\x9f",
                                     "\xe3\x80\x80"};

static bool is_name(struct str s)
{
	if (!s.len || s.len > NOTE_NAME_MAX || !str_is_utf8(s, NULL) || memchr(s.p, '+', s.len))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
		if (memmem(s.p, s.len, spaces[i], strlen(spaces[i])))
			return false;
	return true;
}

bool note_key_make(struct str name, enum note_type type, const unsigned char key[SIGN_KEY_SIZE], struct note_key *ret, struct err *err)
{
	struct note_key k = {.type = type};
	unsigned char hash[HASH_SIZE], tail[2 + SIGN_KEY_SIZE] = {'\n', (unsigned char)type};
	if (!is_name(name))
		return err_set(err, ERR_INVALID, "the name of a key has 1 to %d bytes of UTF-8, without spaces and '+'", NOTE_NAME_MAX);
	memcpy(tail + 2, key, SIGN_KEY_SIZE);
	hash_sha256_two(name, (struct str){(const char *)tail, sizeof tail}, hash);
	memcpy(k.name, name.p, name.len);
	memcpy(k.id, hash, sizeof k.id);
	memcpy(k.key, key, SIGN_KEY_SIZE);
	*ret = k;
	return true;
}

bool note_key_read(struct str vkey, struct note_key *ret, struct err *err)
{
	struct str rest = vkey, name, id;
	struct note_key key;
	unsigned char bytes[1 + SIGN_KEY_SIZE];
	char hex[9];
	size_t len;
	/* Base64 may hold a '+', so only the first two separate. */
	if (!str_next_field(&rest, '+', &name) || !rest.p || !str_next_field(&rest, '+', &id) || !rest.p)
		return err_set(err, ERR_INVALID, "a verifier key is written NAME+ID+KEY");
	if (!note_read_base64(rest, bytes, sizeof bytes, &len) || len < 2)
		return err_set(err, ERR_INVALID, "the verifier key does not end in the base64 of an Ed25519 key");
	if (len != sizeof bytes || (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE))
		return err_set(err, ERR_UNSUPPORTED, "the verifier key is of type %d: only Ed25519 (1) and cosignatures (4) are known", bytes[0]);
	if (!note_key_make(name, bytes[0], bytes + 1, &key, err))
		return false;
	if (!str_is(id, sodium_bin2hex(hex, sizeof hex, key.id, sizeof key.id)))
		return err_set(err, ERR_INVALID, "the id in the verifier key is not that of its name and key: it was mistyped");
	*ret = key;
	return true;
}

char *note_key_write(const struct note_key *key, char out[NOTE_VKEY_SIZE])
{
	unsigned char bytes[1 + SIGN_KEY_SIZE] = {(unsigned char)key->type};
	char hex[9], text[64];
	memcpy(bytes + 1, key->key, SIGN_KEY_SIZE);
	snprintf(out, NOTE_VKEY_SIZE, "%s+%s+%s", key->name, sodium_bin2hex(hex, sizeof hex, key->id, sizeof key->id),
	         sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL));
	return out;
}

/* ---- Notes ---- */

/* Signatures of other algorithms are longer: they are kept as lines alone. */
static bool parse_signature(struct str line, struct note_signature *ret)
{
	struct note_signature s = {.line = line};
	unsigned char bytes[8192];
	size_t len, max = sizeof s.bytes + 4;
	if (!str_starts(line, DASH))
		return false;
	struct str rest = str_sub(line, strlen(DASH), line.len);
	if (!str_next_field(&rest, ' ', &s.name) || !rest.p || !is_name(s.name) || !note_read_base64(rest, bytes, sizeof bytes, &len) ||
	    len < 5)
		return false;
	memcpy(s.id, bytes, 4);
	if (len <= max) {
		s.len = len - 4;
		memcpy(s.bytes, bytes + 4, s.len);
	}
	*ret = s;
	return true;
}

static bool check_characters(struct str bytes, struct err *err)
{
	if (bytes.len > NOTE_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a signed note has at most %u bytes", NOTE_SIZE_MAX);
	if (!str_is_utf8(bytes, NULL))
		return err_set(err, ERR_INVALID, "a signed note is UTF-8");
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.p[i] < 0x20 && bytes.p[i] != '\n')
			return err_set(err, ERR_INVALID, "a signed note holds no control characters");
	return true;
}

bool note_parse_signatures(struct str bytes, struct note *ret, struct err *err)
{
	struct str rest = bytes, line;
	ret->n = 0;
	ret->text = STR("");
	if (!check_characters(bytes, err))
		return false;
	while (note_line(&rest, &line)) {
		if (ret->n == NOTE_SIGNATURES_MAX)
			return err_set(err, ERR_TOO_LARGE, "more than %d signatures", NOTE_SIGNATURES_MAX);
		if (!parse_signature(line, &ret->signatures[ret->n]))
			return err_set(err, ERR_INVALID, "signature %zu is not written as signed notes have it", ret->n + 1);
		ret->n++;
	}
	if (rest.len || !ret->n)
		return err_set(err, ERR_INVALID, rest.len ? "the last signature does not end in a newline" : "there is no signature");
	return true;
}

bool note_parse(struct str bytes, struct note *ret, struct err *err)
{
	if (!check_characters(bytes, err))
		return false;
	/* The last empty line separates. */
	size_t at = bytes.len;
	while (at > 1 && !(bytes.p[at - 1] == '\n' && bytes.p[at - 2] == '\n'))
		at--;
	if (at < 2)
		return err_set(err, ERR_INVALID, "a signed note has an empty line between its text and its signatures");
	if (!note_parse_signatures(str_sub(bytes, at, bytes.len), ret, err))
		return false;
	ret->text = str_sub(bytes, 0, at - 1);
	return true;
}

/* What a key signs of a text. */
static void signed_bytes(struct str text, enum note_type type, int64_t time_s, struct buf *out)
{
	if (type == NOTE_COSIGNATURE)
		buf_addf(out, "cosignature/v1\ntime %lld\n", (long long)time_s);
	buf_addv(out, text);
}

static bool holds(struct str text, const struct note_signature *s, const struct note_key *key, int64_t *ret_time_s)
{
	size_t at = key->type == NOTE_COSIGNATURE ? 8 : 0;
	uint64_t time_s = 0;
	if (s->len != at + SIGN_SIZE)
		return false;
	for (size_t i = 0; i < at; i++)
		time_s = time_s << 8 | s->bytes[i];
	if (time_s > TIME_MAX_S)
		return false;
	_cleanup_buf_ struct buf message = BUF(NOTE_SIZE_MAX + 100);
	signed_bytes(text, key->type, (int64_t)time_s, &message);
	*ret_time_s = (int64_t)time_s;
	return crypto_sign_verify_detached(s->bytes + at, (const unsigned char *)message.p, message.len, key->key) == 0;
}

bool note_verify(const struct note *note, const struct note_key *key, struct str *ret_line, int64_t *ret_time_s, struct err *err)
{
	const struct note_signature *found = NULL;
	int64_t time_s = 0;
	for (size_t i = 0; i < note->n; i++) {
		const struct note_signature *s = &note->signatures[i];
		if (!str_is(s->name, key->name) || memcmp(s->id, key->id, sizeof s->id) != 0)
			continue;
		if (!holds(note->text, s, key, &time_s))
			return err_set(err, ERR_SIGNATURE, "the signature of %s does not hold", key->name);
		found = s;
	}
	if (!found)
		return err_set(err, ERR_NOT_FOUND, "%s has not signed this", key->name);
	if (ret_line)
		*ret_line = found->line;
	if (ret_time_s)
		*ret_time_s = time_s;
	return true;
}

void note_sign(struct str text, const struct note_key *key, const struct sign_key *secret, int64_t time_s, struct buf *out)
{
	unsigned char bytes[4 + 8 + SIGN_SIZE];
	size_t at = 4;
	_cleanup_buf_ struct buf message = BUF(NOTE_SIZE_MAX + 100);
	memcpy(bytes, key->id, 4);
	if (key->type == NOTE_COSIGNATURE)
		for (int shift = 56; shift >= 0; shift -= 8)
			bytes[at++] = (unsigned char)((uint64_t)time_s >> shift);
	signed_bytes(text, key->type, time_s, &message);
	sign_bytes(secret, buf_str(&message), bytes + at);
	buf_addf(out, DASH "%s ", key->name);
	add_base64(out, bytes, at + SIGN_SIZE);
	buf_addc(out, '\n');
}

/* ---- Checkpoints ---- */

bool checkpoint_parse(struct str text, struct checkpoint *ret, struct err *err)
{
	struct checkpoint c;
	struct str rest = text, origin, size, root, line;
	if (!note_line(&rest, &origin) || !origin.len || origin.len > NOTE_NAME_MAX)
		return err_set(err, ERR_INVALID, "the checkpoint has no origin");
	if (!note_line(&rest, &size) || !note_read_size(size, &c.size))
		return err_set(err, ERR_INVALID, "the second line of the checkpoint is not a size");
	if (!note_line(&rest, &root) || !note_read_hash(root, c.root))
		return err_set(err, ERR_INVALID, "the third line of the checkpoint is not the base64 of a SHA-256 hash");
	while (note_line(&rest, &line))
		if (!line.len)
			return err_set(err, ERR_INVALID, "the checkpoint has an empty line");
	if (rest.len)
		return err_set(err, ERR_INVALID, "the checkpoint does not end in a newline");
	c.origin = origin;
	*ret = c;
	return true;
}

void checkpoint_write(const struct checkpoint *c, struct buf *out)
{
	buf_addf(out, "%.*s\n%lld\n", STR_ARG(c->origin), (long long)c->size);
	add_base64(out, c->root, sizeof c->root);
	buf_addc(out, '\n');
}
