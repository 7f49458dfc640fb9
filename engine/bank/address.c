/* Addresses in a bank's Markdown, and the plain text of our own HTML. See markdown.h. */
#include "bank/markdown.h"
#include "base/mem.h"

static int compare_media(const void *key, const void *element)
{
	return strcmp(key, ((const struct bank_media *)element)->path);
}
const struct bank_media *bank_media(const struct bank *bank, const char *path)
{
	return bank->n_media ? bsearch(path, bank->media, bank->n_media, sizeof *bank->media, compare_media) : NULL;
}
static int compare_doc(const void *key, const void *element)
{
	return strcmp(key, ((const struct bank_doc *)element)->id);
}
const struct bank_doc *bank_doc(const struct bank *bank, const char *id)
{
	return bank->n_docs ? bsearch(id, bank->docs, bank->n_docs, sizeof *bank->docs, compare_doc) : NULL;
}

char *bank_path_resolve(const char *from_file, struct str address)
{
	if (address.len == 0 || address.len > 1000 || address.p[0] == '/' || memchr(address.p, '\\', address.len))
		return NULL;
	_cleanup_buf_ struct buf path = BUF(4096);
	const char *slash = strrchr(from_file, '/');
	if (slash)
		buf_add(&path, from_file, (size_t)(slash - from_file) + 1);
	struct str part;
	while (str_next_field(&address, '/', &part)) {
		if (part.len == 0 || str_is(part, "."))
			continue;
		if (!str_is(part, "..")) {
			buf_addv(&path, part);
			buf_addc(&path, '/');
			continue;
		}
		if (path.len == 0)
			return NULL;
		path.len--;
		while (path.len && path.p[path.len - 1] != '/')
			path.len--;
	}
	if (path.len == 0 || path.overflow)
		return NULL;
	return xstrndup(path.p, path.len - 1);
}

bool url_has_scheme(struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.p[i];
		if (c == ':')
			return i > 0;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (i && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))))
			return false;
	}
	return false;
}

bool url_is_web(struct str url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:"};
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		size_t n = strlen(schemes[i]);
		if (url.len > n && str_eq_nocase(str_sub(url, 0, n), str_of(schemes[i])))
			return true;
	}
	return false;
}

/* A URL as an attribute's value: what may not stand in a URL is percent-encoded, & is escaped. */
void url_add(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.p[i];
		if (c == '&')
			buf_adds(out, "&amp;");
		else if (c <= ' ' || c >= 0x7f || strchr("\"'<>\\^`{|}", c))
			buf_addf(out, "%%%02X", c);
		else
			buf_addc(out, (char)c);
	}
}

/* ---- HTML ---- */

/* Tags that do not part words. */
static bool is_inside_word(const char *tag)
{
	static const char *const tags[] = {"em", "strong", "code", "del", "a"};
	const char *name = tag[1] == '/' ? tag + 2 : tag + 1;
	size_t n = strcspn(name, " >");
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (strlen(tags[i]) == n && memcmp(name, tags[i], n) == 0)
			return true;
	return false;
}

static size_t add_entity(const char *p, struct buf *out)
{
	static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
	for (size_t i = 0; i < ARRAY_SIZE(entities); i++) {
		size_t n = strlen(entities[i][0]);
		if (strncmp(p, entities[i][0], n) != 0)
			continue;
		buf_adds(out, entities[i][1]);
		return n;
	}
	buf_addc(out, '&');
	return 1;
}

void html_text(const char *html, struct buf *out)
{
	for (const char *p = html; *p;) {
		if (*p == '<') {
			const char *end = strchr(p, '>'); /* a '>' in an attribute is written &gt; */
			if (!end)
				break;
			if (!is_inside_word(p))
				buf_addc(out, ' ');
			p = end + 1;
		} else if (*p == '&') {
			p += add_entity(p, out);
		} else {
			size_t run = strcspn(p, "<&");
			buf_add(out, p, run);
			p += run;
		}
	}
}
