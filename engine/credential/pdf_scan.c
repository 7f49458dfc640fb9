/* Finding embedded files by their dictionaries. See pdf_scan.h. */
#include "credential/pdf_scan.h"
#include "base/json.h"
#include "base/mem.h"
#include <zlib.h>

#define DICTIONARY_MAX 1000     /* bytes before "stream" in which the dictionary must begin */
#define FILES_MAX 32            /* embedded files that are looked into */
#define STREAMS_MAX 100000      /* words "stream" that are looked at */
#define INFLATED_MAX (2u << 20) /* of one file */

static bool contains(struct str s, const char *word)
{
	return memmem(s.p, s.len, word, strlen(word));
}

/* The dictionary that ends in front of the stream at `at`. */
static struct str dictionary_before(struct str file, size_t at)
{
	struct str near = str_sub(file, at > DICTIONARY_MAX ? at - DICTIONARY_MAX : 0, at);
	for (size_t i = near.len; i >= 4; i--)
		if (memcmp(near.p + i - 4, " obj", 4) == 0)
			return str_sub(near, i, near.len);
	return STR("");
}

static bool inflate_into(struct str data, struct buf *out)
{
	z_stream z = {.next_in = (Bytef *)data.p, .avail_in = (uInt)data.len};
	unsigned char block[16384];
	int rc = Z_OK;
	if (inflateInit(&z) != Z_OK)
		abort();
	while (rc == Z_OK && !out->overflow) {
		z.next_out = block;
		z.avail_out = sizeof block;
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc == Z_OK || rc == Z_STREAM_END)
			buf_add(out, block, sizeof block - z.avail_out);
	}
	inflateEnd(&z);
	return rc == Z_STREAM_END && !out->overflow;
}

/* Whether a text is a credential, or a seal, and not just any file. */
static bool has_member(struct str text, const char *key)
{
	_cleanup_json_ cJSON *root = NULL;
	struct err ignored;
	return text.len && text.p[0] == '{' && json_parse(text, &root, &ignored) && cJSON_GetObjectItemCaseSensitive(root, key);
}

static bool keep(struct str text, struct buf *part, const char *what, struct err *err)
{
	if (part->len && !str_eq(buf_str(part), text))
		return err_set(err, ERR_INVALID, "the PDF holds two %s", what);
	if (!part->len)
		buf_addv(part, text);
	return true;
}

static bool look_into(struct str dictionary, struct str data, struct buf *credential, struct buf *seal, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(INFLATED_MAX);
	if (contains(dictionary, "/DecodeParms"))
		return true;
	if (!contains(dictionary, "/Filter"))
		buf_addv(&text, data);
	else if (!contains(dictionary, "/FlateDecode") || !inflate_into(data, &text))
		return true;
	struct str t = str_trim(buf_str(&text));
	if (has_member(t, "@context"))
		return keep(t, credential, "credentials", err);
	return !has_member(t, "seal") || keep(t, seal, "seals", err);
}

bool pdf_scan(struct str file, struct buf *credential, struct buf *seal, struct err *err)
{
	struct str rest = file;
	int files = 0;
	for (int n = 0;; n++) {
		const char *at = memmem(rest.p, rest.len, "stream", 6);
		if (!at)
			return true;
		if (n == STREAMS_MAX)
			return err_set(err, ERR_TOO_LARGE, "the PDF has more streams than are looked at");
		struct str dictionary = dictionary_before(file, (size_t)(at - file.p));
		rest = str_sub(rest, (size_t)(at - rest.p) + 6, rest.len);
		if (!contains(dictionary, "/EmbeddedFile"))
			continue;
		if (++files > FILES_MAX)
			return err_set(err, ERR_TOO_LARGE, "the PDF has more than %d embedded files", FILES_MAX);
		struct str data = rest;
		const char *end = memmem(data.p, data.len, "endstream", 9);
		if (!end)
			return err_set(err, ERR_INVALID, "the PDF is cut off");
		data = str_sub(data, str_starts(data, "\r\n") ? 2 : 1, (size_t)(end - data.p));
		if (!look_into(dictionary, data, credential, seal, err))
			return false;
		rest = str_sub(rest, (size_t)(end - rest.p) + 9, rest.len);
	}
}
