/* RDF datasets. See rdf.h. */
#include "credential/rdf.h"
#include "base/mem.h"
#include <assert.h>

#define RDF_LINE_MAX (1u << 20)

void rdf_init(struct rdf *r)
{
	*r = (struct rdf){.text = BUF(RDF_TEXT_MAX)};
}

void rdf_finish(struct rdf *r)
{
	buf_finish(&r->text);
	free(r->quads);
	rdf_init(r);
}

struct rdf_term rdf_blank(struct rdf *r)
{
	return (struct rdf_term){.is_blank = true, .blank = r->n_blanks++};
}

/* What was added to the text since `at`. */
static struct rdf_term added(const struct rdf *r, size_t at)
{
	return (struct rdf_term){.at = (uint32_t)at, .len = (uint32_t)(r->text.len - at)};
}

/* Characters that an IRI cannot hold as they are. */
static void add_iri(struct buf *b, const char *iri)
{
	static const char forbidden[] = "<>\"{}|^`\\"
	                                "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	                                "\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20";
	buf_addc(b, '<');
	for (;;) {
		size_t n = strcspn(iri, forbidden);
		buf_add(b, iri, n);
		if (!iri[n])
			break;
		buf_addf(b, "\\u%04X", (unsigned)(unsigned char)iri[n]);
		iri += n + 1;
	}
	buf_addc(b, '>');
}

static void add_escaped(struct buf *b, struct str s)
{
	static const char specials[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			continue;
		buf_add(b, s.p + from, i - from);
		from = i + 1;
		const char *at = c ? strchr(specials, c) : NULL;
		if (at)
			buf_addf(b, "\\%c", letters[at - specials]);
		else
			buf_addf(b, "\\u%04X", (unsigned)c);
	}
	buf_add(b, s.p + from, s.len - from);
}

struct rdf_term rdf_iri(struct rdf *r, const char *iri)
{
	size_t at = r->text.len;
	add_iri(&r->text, iri);
	return added(r, at);
}

struct rdf_term rdf_literal(struct rdf *r, struct str value, const char *datatype, const char *language)
{
	size_t at = r->text.len;
	buf_addc(&r->text, '"');
	add_escaped(&r->text, value);
	buf_addc(&r->text, '"');
	if (language) {
		buf_addc(&r->text, '@');
		buf_adds(&r->text, language);
	} else if (datatype && strcmp(datatype, XSD_STRING) != 0) {
		buf_adds(&r->text, "^^");
		add_iri(&r->text, datatype);
	}
	return added(r, at);
}

void rdf_add(struct rdf *r, struct rdf_term subject, struct rdf_term predicate, struct rdf_term object, struct rdf_term graph)
{
	if (r->n >= RDF_QUADS_MAX) {
		r->too_many = true;
		return;
	}
	r->quads = xgrow(r->quads, r->n, &r->cap, sizeof *r->quads);
	r->quads[r->n++] = (struct rdf_quad){subject, predicate, object, graph};
}

bool rdf_check(const struct rdf *r, struct err *err)
{
	if (r->too_many)
		return err_set(err, ERR_TOO_LARGE, "more than %d statements", RDF_QUADS_MAX);
	return buf_check(&r->text, "the text of the statements", err);
}

/* ---- Reading N-Quads ---- */

/* Labels that have been met, in an open hash table: a file of many labels is read in linear time. */
struct label {
	struct str name;
	uint32_t blank;
};
struct reader {
	struct rdf *rdf;
	struct str line; /* what is left of it */
	struct label *labels;
	size_t n, size; /* size: a power of two */
};

static size_t label_hash(struct str s)
{
	size_t h = 14695981039346656037u;
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h;
}

static struct label *label_slot(struct label *labels, size_t size, struct str name)
{
	size_t i = label_hash(name) & (size - 1);
	while (labels[i].name.p && !str_eq(labels[i].name, name))
		i = (i + 1) & (size - 1);
	return &labels[i];
}

static struct rdf_term labelled(struct reader *r, struct str name)
{
	if (2 * (r->n + 1) > r->size) {
		size_t size = r->size ? 2 * r->size : 64;
		struct label *grown = xcalloc(size, sizeof *grown);
		for (size_t i = 0; i < r->size; i++)
			if (r->labels[i].name.p)
				*label_slot(grown, size, r->labels[i].name) = r->labels[i];
		free(r->labels);
		r->labels = grown;
		r->size = size;
	}
	struct label *slot = label_slot(r->labels, r->size, name);
	if (!slot->name.p) {
		*slot = (struct label){name, rdf_blank(r->rdf).blank};
		r->n++;
	}
	return (struct rdf_term){.is_blank = true, .blank = slot->blank};
}

static bool next_is(const struct reader *r, char c)
{
	return r->line.len && r->line.p[0] == c;
}

static void skip(struct reader *r, size_t n)
{
	r->line = str_sub(r->line, n, r->line.len);
}

static void skip_space(struct reader *r)
{
	while (next_is(r, ' ') || next_is(r, '\t'))
		skip(r, 1);
}

static void add_utf8(struct buf *b, uint32_t c)
{
	char bytes[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	for (size_t i = n; i-- > 1; c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3F));
	bytes[0] = (char)(lead[n] | c);
	buf_add(b, bytes, n);
}

/* \uXXXX or \UXXXXXXXX at the line's begin. */
static bool read_uchar(struct reader *r, struct buf *out)
{
	size_t digits = r->line.p[1] == 'u' ? 4 : 8;
	uint32_t c = 0;
	if (r->line.len < 2 + digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		static const char hex[] = "0123456789abcdefABCDEF";
		const char *at = r->line.p[2 + i] ? strchr(hex, r->line.p[2 + i]) : NULL;
		if (!at)
			return false;
		c = c << 4 | (uint32_t)(at - hex < 16 ? at - hex : at - hex - 6);
	}
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return false;
	add_utf8(out, c);
	skip(r, 2 + digits);
	return true;
}

/* Up to the closing `end`, without escapes. */
static bool read_until(struct reader *r, char end, const char *forbidden, bool short_escapes, struct buf *out)
{
	static const char letters[] = "btnfr\"'\\", meanings[] = "\b\t\n\f\r\"'\\";
	while (r->line.len && r->line.p[0] != end) {
		char c = r->line.p[0];
		if (c == '\\') {
			if (r->line.len < 2 || !r->line.p[1])
				return false;
			const char *at = strchr(letters, r->line.p[1]);
			if (r->line.p[1] == 'u' || r->line.p[1] == 'U') {
				if (!read_uchar(r, out))
					return false;
				continue;
			}
			if (!at || !short_escapes)
				return false;
			buf_addc(out, meanings[at - letters]);
			skip(r, 2);
			continue;
		}
		if (!c || strchr(forbidden, c) || (!short_escapes && (unsigned char)c <= 0x20))
			return false;
		buf_addc(out, c);
		skip(r, 1);
	}
	if (!r->line.len || out->overflow)
		return false;
	skip(r, 1);
	return true;
}

static bool read_iri(struct reader *r, struct buf *out)
{
	if (!next_is(r, '<'))
		return false;
	skip(r, 1);
	return read_until(r, '>', "<\"{}|^`", false, out) && out->len && strchr(out->p, ':');
}

static bool is_label_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.' || c >= 0x80;
}

static bool read_blank(struct reader *r, struct rdf_term *ret)
{
	size_t len = 0;
	skip(r, 2);
	while (len < r->line.len && is_label_char((unsigned char)r->line.p[len]))
		len++;
	while (len && r->line.p[len - 1] == '.') /* the end of the statement */
		len--;
	if (!len || len > 100 || r->line.p[0] == '-' || r->line.p[0] == '.')
		return false;
	*ret = labelled(r, str_sub(r->line, 0, len));
	skip(r, len);
	return true;
}

static bool is_language(const char *s)
{
	size_t run = 0;
	bool first = true;
	for (; *s; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'), digit = *s >= '0' && *s <= '9';
		if (*s == '-' ? !run : !letter && (first || !digit))
			return false;
		first = first && *s != '-';
		run = *s == '-' ? 0 : run + 1;
	}
	return run > 0;
}

static bool read_literal(struct reader *r, struct rdf_term *ret)
{
	_cleanup_buf_ struct buf value = BUF(RDF_LINE_MAX), extra = BUF(RDF_LINE_MAX);
	bool typed = false, tagged = false;
	skip(r, 1);
	if (!read_until(r, '"', "\n\r", true, &value))
		return false;
	if (r->line.len > 2 && memcmp(r->line.p, "^^", 2) == 0) {
		skip(r, 2);
		typed = true;
		if (!read_iri(r, &extra))
			return false;
	} else if (next_is(r, '@')) {
		size_t len = 1;
		while (len < r->line.len && is_label_char((unsigned char)r->line.p[len]) && r->line.p[len] != '.')
			len++;
		buf_addv(&extra, str_sub(r->line, 1, len));
		skip(r, len);
		tagged = true;
		if (!extra.len || !is_language(extra.p))
			return false;
	}
	*ret = rdf_literal(r->rdf, buf_str(&value), typed ? extra.p : NULL, tagged ? extra.p : NULL);
	return true;
}

static bool read_term(struct reader *r, bool blank, bool literal, struct rdf_term *ret)
{
	_cleanup_buf_ struct buf iri = BUF(RDF_LINE_MAX);
	skip_space(r);
	if (next_is(r, '<')) {
		if (!read_iri(r, &iri))
			return false;
		*ret = rdf_iri(r->rdf, iri.p);
		return true;
	}
	if (blank && r->line.len > 2 && memcmp(r->line.p, "_:", 2) == 0)
		return read_blank(r, ret);
	return literal && next_is(r, '"') && read_literal(r, ret);
}

static bool read_quad(struct reader *r)
{
	struct rdf_term s, p, o, g = rdf_default_graph();
	if (!read_term(r, true, false, &s) || !read_term(r, false, false, &p) || !read_term(r, true, true, &o))
		return false;
	skip_space(r);
	if (!next_is(r, '.') && !read_term(r, true, false, &g))
		return false;
	skip_space(r);
	if (!next_is(r, '.'))
		return false;
	skip(r, 1);
	skip_space(r);
	if (r->line.len && !next_is(r, '#'))
		return false;
	rdf_add(r->rdf, s, p, o, g);
	return true;
}

bool rdf_parse(struct str nquads, struct rdf *r, struct err *err)
{
	struct reader reader = {.rdf = r};
	size_t line = 0;
	bool ok = str_is_utf8(nquads, NULL) || err_set(err, ERR_INVALID, "N-Quads: not UTF-8");
	for (struct str rest = nquads; ok && str_next_line(&rest, &reader.line);) {
		line++;
		if (reader.line.len > RDF_LINE_MAX)
			ok = err_set(err, ERR_TOO_LARGE, "N-Quads: line %zu has more than %u bytes", line, RDF_LINE_MAX);
		skip_space(&reader);
		if (!ok || !reader.line.len || next_is(&reader, '#'))
			continue;
		if (!read_quad(&reader))
			ok = err_set(err, ERR_INVALID, "N-Quads: line %zu is no statement", line);
		else
			ok = rdf_check(r, err);
	}
	free(reader.labels);
	return ok;
}
