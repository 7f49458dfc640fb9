/* PDF: credential and seal as embedded files (ISO 32000-1, 7.11.4), in one incremental update (7.5.6) behind what was drawn.
 *
 * The update begins with a line of its own that says how long its files are, so that our own pictures are read without looking for
 * anything. What another program has written is searched for embedded files (pdf_scan.c); it is never canonical. */
#include "base/mem.h"
#include "credential/pdf_scan.h"
#include "credential/picture_parts.h"
#include <stdio.h>

#define MARK "%assay-picture/v1 "
#define NAME_CREDENTIAL "credential.json"
#define NAME_SEAL "picture-seal.json"
#define NUMBER_MAX 100000000 /* objects and offsets of what we draw are far below */

/* ---- The first revision, as cairo writes it ---- */

struct revision {
	int64_t startxref, size, root, info;
	struct str catalog; /* inside of << and >> */
};

/* The number behind a name in a trailer or dictionary: "/Size 12". */
static bool number_after(struct str s, const char *name, int64_t *ret)
{
	const char *at = memmem(s.p, s.len, name, strlen(name));
	if (!at)
		return false;
	struct str rest = str_sub(s, (size_t)(at - s.p) + strlen(name), s.len);
	size_t n = 0;
	while (n < rest.len && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	return str_to_i64(str_sub(rest, 0, n), 0, NUMBER_MAX, ret);
}

/* The last "\nWORD" of the text, and what follows it. */
static bool behind_last(struct str s, const char *word, struct str *ret)
{
	size_t n = strlen(word);
	for (size_t i = s.len; i-- > 0;) {
		if (s.len - i >= n && memcmp(s.p + i, word, n) == 0) {
			*ret = str_sub(s, i + n, s.len);
			return true;
		}
	}
	return false;
}

/* Where the table of cross references says that an object begins: entries have 20 bytes (7.5.4). */
static bool object_offset(struct str drawn, const struct revision *r, int64_t number, int64_t *ret)
{
	struct str table = str_sub(drawn, (size_t)r->startxref, drawn.len);
	char head[40];
	snprintf(head, sizeof head, "xref\n0 %lld\n", (long long)r->size);
	if (!str_starts(table, head) || number >= r->size)
		return false;
	struct str entry = str_sub(table, strlen(head) + (size_t)number * 20, table.len);
	return entry.len >= 20 && entry.p[17] == 'n' && str_to_i64(str_sub(entry, 0, 10), 0, (int64_t)drawn.len - 1, ret);
}

static bool read_catalog(struct str drawn, struct revision *r)
{
	int64_t at;
	char head[40];
	snprintf(head, sizeof head, "%lld 0 obj\n<<", (long long)r->root);
	if (!object_offset(drawn, r, r->root, &at) || !str_starts(str_sub(drawn, (size_t)at, drawn.len), head))
		return false;
	struct str inside = str_sub(drawn, (size_t)at + strlen(head), drawn.len);
	const char *end = memmem(inside.p, inside.len, ">>\nendobj", 9);
	if (!end)
		return false;
	r->catalog = str_trim(str_sub(inside, 0, (size_t)(end - inside.p)));
	return memmem(r->catalog.p, r->catalog.len, "/Catalog", 8) && !memmem(r->catalog.p, r->catalog.len, "/Names", 6) &&
	       !memmem(r->catalog.p, r->catalog.len, "/AF", 3);
}

static bool read_revision(struct str drawn, struct revision *ret, struct err *err)
{
	struct str tail = str_sub(drawn, drawn.len > 2000 ? drawn.len - 2000 : 0, drawn.len), trailer;
	struct revision r = {0};
	bool ok = str_starts(drawn, "%PDF-1.") && str_ends(drawn, "\n%%EOF\n") && behind_last(tail, "\ntrailer\n", &trailer) &&
	          number_after(trailer, "/Size ", &r.size) && number_after(trailer, "/Root ", &r.root) &&
	          number_after(trailer, "/Info ", &r.info) && number_after(trailer, "\nstartxref\n", &r.startxref) &&
	          r.startxref < (int64_t)drawn.len && read_catalog(drawn, &r);
	if (!ok)
		return err_set(err, ERR_INVALID, "not a PDF that certificates are made of");
	*ret = r;
	return true;
}

/* ---- The update ---- */

struct update {
	struct buf *out;
	int64_t offsets[5]; /* of the catalog and of the objects that are new; each file has two */
	int n;
};

static void begin_object(struct update *u, int64_t number)
{
	u->offsets[u->n++] = (int64_t)u->out->len;
	buf_addf(u->out, "%lld 0 obj\n", (long long)number);
}

static void add_file(struct update *u, int64_t number, const char *name, const char *what, const char *type, struct str text)
{
	begin_object(u, number);
	buf_addf(u->out,
	         "<< /Type /Filespec /F (%s) /UF (%s) /Desc (%s) /AFRelationship /Source /EF << /F %lld 0 R /UF %lld 0 R >> >>\nendobj\n", name,
	         name, what, (long long)number + 1, (long long)number + 1);
	begin_object(u, number + 1);
	buf_addf(u->out, "<< /Type /EmbeddedFile /Subtype /%s /Length %zu /Params << /Size %zu >> >>\nstream\n", type, text.len, text.len);
	buf_addv(u->out, text);
	buf_adds(u->out, "\nendstream\nendobj\n");
}

static void add_catalog(struct update *u, const struct revision *r, bool sealed)
{
	begin_object(u, r->root);
	buf_addf(u->out, "<< %.*s\n   /Names << /EmbeddedFiles << /Names [ (" NAME_CREDENTIAL ") %lld 0 R", STR_ARG(r->catalog),
	         (long long)r->size);
	if (sealed)
		buf_addf(u->out, " (" NAME_SEAL ") %lld 0 R", (long long)r->size + 2);
	buf_addf(u->out, " ] >> >>\n   /AF [ %lld 0 R", (long long)r->size);
	if (sealed)
		buf_addf(u->out, " %lld 0 R", (long long)r->size + 2);
	buf_adds(u->out, " ]\n>>\nendobj\n");
}

static void add_table(struct update *u, const struct revision *r)
{
	size_t start = u->out->len;
	buf_addf(u->out, "xref\n%lld 1\n%010lld 00000 n \n%lld %d\n", (long long)r->root, (long long)u->offsets[0], (long long)r->size,
	         u->n - 1);
	for (int i = 1; i < u->n; i++)
		buf_addf(u->out, "%010lld 00000 n \n", (long long)u->offsets[i]);
	buf_addf(u->out, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /Prev %lld >>\nstartxref\n%zu\n%%%%EOF\n",
	         (long long)r->size + u->n - 1, (long long)r->root, (long long)r->info, (long long)r->startxref, start);
}

static bool has_mark(struct str s)
{
	return memmem(s.p, s.len, "\n" MARK, strlen(MARK) + 1);
}

bool pdf_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err)
{
	struct revision r = {0};
	struct update u = {.out = out};
	if (!read_revision(drawn, &r, err))
		return false;
	if (has_mark(drawn))
		return err_set(err, ERR_INVALID, "the PDF holds a credential already");
	if (out->len)
		return err_set(err, ERR_INVALID, "a PDF begins at the beginning");
	buf_addv(out, drawn);
	buf_addf(out, "%s%zu %zu\n", MARK, credential.len, seal.len);
	add_catalog(&u, &r, seal.len > 0);
	add_file(&u, r.size, NAME_CREDENTIAL, "The certificate as data: an Open Badges 3.0 credential", "application#2Fvc", credential);
	if (seal.len)
		add_file(&u, r.size + 2, NAME_SEAL, "The issuer's signature of this picture of the certificate", "application#2Fjson", seal);
	add_table(&u, &r);
	return true;
}

/* ---- Reading ---- */

/* The text of the next stream of a file of ours. */
static bool take_stream(struct str *rest, size_t len, struct buf *out)
{
	static const char begin[] = ">>\nstream\n", end[] = "\nendstream\n";
	const char *at = memmem(rest->p, rest->len, begin, strlen(begin));
	if (!at)
		return false;
	struct str s = str_sub(*rest, (size_t)(at - rest->p) + strlen(begin), rest->len);
	if (len > s.len || !str_starts(str_sub(s, len, s.len), end))
		return false;
	buf_add(out, s.p, len);
	*rest = str_sub(s, len, s.len);
	return true;
}

static bool read_update(struct str update, struct parts *ret)
{
	struct str line, credential, seal = {0};
	int64_t credential_len, seal_len;
	if (!str_next_line(&update, &line))
		return false;
	line = str_sub(line, strlen(MARK), line.len);
	if (!str_next_field(&line, ' ', &credential) || !str_next_field(&line, ' ', &seal) ||
	    !str_to_i64(credential, 1, NUMBER_MAX, &credential_len) || !str_to_i64(seal, 0, NUMBER_MAX, &seal_len))
		return false;
	return take_stream(&update, (size_t)credential_len, &ret->credential) &&
	       (seal_len == 0 || take_stream(&update, (size_t)seal_len, &ret->seal));
}

bool pdf_split(struct str file, struct parts *ret, struct err *err)
{
	const char *mark = memmem(file.p, file.len, "\n" MARK, strlen(MARK) + 1);
	if (!mark) {
		buf_addv(&ret->drawn, file);
		return pdf_scan(file, &ret->credential, &ret->seal, err);
	}
	size_t drawn = (size_t)(mark - file.p) + 1;
	struct str update = str_sub(file, drawn, file.len);
	if (has_mark(update))
		return err_set(err, ERR_INVALID, "the PDF holds two credentials");
	buf_add(&ret->drawn, file.p, drawn);
	if (!read_update(update, ret))
		return err_set(err, ERR_INVALID, "the PDF is broken where its credential is embedded");
	return true;
}
