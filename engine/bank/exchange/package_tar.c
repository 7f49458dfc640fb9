/* Tar archives (POSIX.1-1988 ustar, POSIX.1-2001 pax, and long names as GNU tar writes them), perhaps under gzip: unpacked into memory,
 * where their files are read from. See package.h: links, devices, and what else is no file or folder refuse the whole. */
#include "bank/exchange/exchange.h"
#include "bank/exchange/package.h"
#include <zlib.h>

#define BLOCK 512u
#define TAR_MAX (EXCHANGE_TOTAL_MAX + PACKAGE_FILES_MAX * 3u * BLOCK) /* with its headers */
#define NAME_MAX_LEN 1000

static bool is_gzip(struct str s)
{
	return str_starts(s, "\x1f\x8b\x08");
}

static bool has_mark(struct str s)
{
	return s.len >= BLOCK && memcmp(s.p + 257, "ustar", 5) == 0;
}

/* ---- gzip ---- */

/* One stream; *ret_len is how much of the input it was. */
static bool inflate_all(struct str in, size_t out_max, struct buf *out, size_t *ret_len, struct err *err)
{
	z_stream z = {.next_in = (unsigned char *)in.p, .avail_in = (unsigned)in.len};
	unsigned char block[65536];
	int rc = Z_OK;
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return err_set(err, ERR_INTERNAL, "cannot unpack");
	while (rc == Z_OK && out->len < out_max && !out->overflow) {
		z.next_out = block;
		z.avail_out = sizeof block;
		rc = inflate(&z, Z_NO_FLUSH);
		buf_add(out, (char *)block, sizeof block - z.avail_out);
		if (out->len > (1u << 20) && out->len / PACKAGE_RATIO_MAX > in.len)
			rc = Z_MEM_ERROR;
	}
	*ret_len = in.len - z.avail_in;
	inflateEnd(&z);
	if (rc == Z_MEM_ERROR)
		return err_set(err, ERR_INVALID, "the archive is refused: it unpacks to far more than it is");
	if (out->overflow)
		return err_set(err, ERR_TOO_LARGE, "the archive is refused: it unpacks to more than %u MiB", EXCHANGE_TOTAL_MAX >> 20);
	return rc == Z_STREAM_END || out->len >= out_max || err_set(err, ERR_INVALID, "the archive is refused: it is damaged");
}

bool package_is_tar(struct str bytes)
{
	_cleanup_buf_ struct buf head = BUF(1u << 17);
	struct err err;
	size_t used;
	if (!is_gzip(bytes))
		return has_mark(bytes);
	return inflate_all(bytes, BLOCK, &head, &used, &err) && has_mark(buf_str(&head));
}

/* ---- tar ---- */

struct header {
	struct str name, prefix;
	size_t size;
	char type;
};
struct reading {
	struct package *p;
	struct str rest;
	char *name; /* of the next file, where its header cannot hold it */
	size_t name_size;
	bool has_size;
	size_t cap, total;
	struct err *err;
};

static bool damaged(struct reading *r)
{
	return err_set(r->err, ERR_INVALID, "the archive is refused: it is damaged");
}

/* Up to a NUL. */
static struct str field(const char *p, size_t len)
{
	const char *end = memchr(p, 0, len);
	return (struct str){p, end ? (size_t)(end - p) : len};
}

static bool octal(struct str s, size_t *ret)
{
	size_t v = 0;
	s = str_trim(s);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '7' || v > (SIZE_MAX >> 4))
			return false;
		v = v * 8 + (size_t)(s.p[i] - '0');
	}
	*ret = v;
	return true;
}

static bool read_header(struct reading *r, struct header *ret)
{
	const char *h = r->rest.p;
	size_t sum = 8 * ' ', wanted;
	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? 0 : (unsigned char)h[i];
	if (!octal(field(h + 148, 8), &wanted) || wanted != sum || !octal(field(h + 124, 12), &ret->size))
		return damaged(r);
	ret->name = field(h, 100);
	ret->type = h[156];
	ret->prefix = memcmp(h + 257, "ustar\0", 6) == 0 ? field(h + 345, 155) : (struct str){"", 0};
	return true;
}

/* Records "LEN key=value\n" of pax: the path and the size of the next file. */
static bool read_pax(struct reading *r, struct str s)
{
	while (s.len) {
		const char *space = memchr(s.p, ' ', s.len);
		int64_t len;
		if (!space || !str_to_i64(str_sub(s, 0, (size_t)(space - s.p)), 1, (int64_t)s.len, &len) || s.p[len - 1] != '\n' ||
		    space >= s.p + len)
			return damaged(r);
		struct str record = str_sub(s, (size_t)(space + 1 - s.p), (size_t)len - 1);
		int64_t size;
		if (str_starts(record, "path=")) {
			free(r->name);
			r->name = str_dup(str_sub(record, 5, record.len));
		} else if (str_starts(record, "size=")) {
			if (!str_to_i64(str_sub(record, 5, record.len), 0, EXCHANGE_FILE_MAX, &size))
				return damaged(r);
			r->name_size = (size_t)size;
			r->has_size = true;
		} else if (str_starts(record, "GNU.sparse.")) {
			return package_refuse(r->err, "pax", "has holes");
		}
		s = str_sub(s, (size_t)len, s.len);
	}
	return true;
}

static bool add_file(struct reading *r, const char *name, struct str bytes)
{
	struct package *p = r->p;
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	r->total += bytes.len;
	if (r->total > EXCHANGE_TOTAL_MAX)
		return err_set(r->err, ERR_TOO_LARGE, "the archive is refused: it unpacks to more than %u MiB", EXCHANGE_TOTAL_MAX >> 20);
	if (!package_add(p, str_of(name), r->err))
		return false;
	p->members = xgrow(p->members, p->n - 1, &r->cap, sizeof *p->members);
	p->members[p->n - 1] = (struct package_member){p->paths[p->n - 1], (size_t)(bytes.p - p->tar.p), bytes.len};
	return true;
}

/* A file, a folder, or what says more of the next one. */
static bool take_entry(struct reading *r, const struct header *h, struct str bytes)
{
	bool named = r->name != NULL;
	_cleanup_free_ char *name = NULL;
	if (h->type == 'L') {
		free(r->name);
		r->name = str_dup(field(bytes.p, bytes.len));
		return true;
	}
	if (h->type == 'x' || h->type == 'X')
		return read_pax(r, bytes);
	if (h->type == 'g')
		return true;
	if (named)
		name = take_ptr(r->name);
	else
		name = h->prefix.len ? xasprintf("%.*s/%.*s", STR_ARG(h->prefix), STR_ARG(h->name)) : str_dup(h->name);
	if (strcmp(name, "./") == 0 || strcmp(name, ".") == 0)
		return true;
	if (!package_is_safe(name) || strlen(name) > NAME_MAX_LEN)
		return package_refuse(r->err, name, "has a path that leaves the archive, or none that can be used");
	if (h->type == '5' || (h->type == 0 && str_ends(str_of(name), "/")))
		return true;
	if (h->type == '1' || h->type == '2')
		return package_refuse(r->err, name, h->type == '2' ? "is a symbolic link" : "is a link");
	if (h->type != '0' && h->type != 0 && h->type != '7')
		return package_refuse(r->err, name, "is neither a file nor a folder");
	return add_file(r, name, bytes);
}

static bool is_zero(const char *p)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (p[i])
			return false;
	return true;
}

static bool read_entries(struct reading *r)
{
	while (r->rest.len >= BLOCK && !is_zero(r->rest.p)) {
		struct header h;
		if (!read_header(r, &h))
			return false;
		bool more = h.type == 'L' || h.type == 'x' || h.type == 'X' || h.type == 'g';
		if (r->has_size && !more) {
			h.size = r->name_size;
			r->has_size = false;
		}
		size_t padded = (h.size + BLOCK - 1) / BLOCK * BLOCK;
		if (h.size > EXCHANGE_FILE_MAX)
			return package_refuse(r->err, "of the archive", "is too large");
		if (padded > r->rest.len - BLOCK)
			return damaged(r);
		if (!take_entry(r, &h, str_sub(r->rest, BLOCK, BLOCK + h.size)))
			return false;
		r->rest = str_sub(r->rest, BLOCK + padded, r->rest.len);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct package_member *)a)->path, ((const struct package_member *)b)->path);
}

bool package_open_tar(struct buf *bytes, struct package *ret, struct err *err)
{
	struct package p = {.dir_fd = -1, .tar = BUF(TAR_MAX)};
	size_t used = bytes->len;
	bool ok = true;
	if (is_gzip(buf_str(bytes))) {
		ok = inflate_all(buf_str(bytes), SIZE_MAX, &p.tar, &used, err);
	} else {
		p.tar = *bytes;
		*bytes = BUF(0);
		used = p.tar.len;
	}
	if (ok && used < bytes->len)
		ok = err_set(err, ERR_INVALID, "the archive is refused: something follows it");
	struct reading r = {.p = &p, .rest = buf_str(&p.tar), .err = err};
	ok = ok && read_entries(&r) && package_sort(&p, err);
	free(r.name);
	if (!ok) {
		package_close(&p);
		return false;
	}
	if (p.n)
		qsort(p.members, p.n, sizeof *p.members, compare);
	*ret = p;
	return true;
}
