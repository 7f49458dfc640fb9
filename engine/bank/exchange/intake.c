/* What the readers share. See intake.h. */
#include "bank/exchange/intake.h"
#include "bank/exchange/encoding.h"
#include "bank/markdown.h"
#include "bank/media.h"
#include "base/hash.h"
#include <sodium.h>

static char *picture(void *arg, struct str src)
{
	return intake_picture(arg, src);
}

void intake_init(struct intake *in, struct package *package, struct exchange_report *report)
{
	*in = (struct intake){.package = package, .report = report, .html = {.picture = picture, .arg = in}};
}

void intake_finish(struct intake *in)
{
	for (size_t i = 0; i < in->n; i++)
		plain_finish(&in->list[i]);
	free(in->list);
	for (size_t i = 0; i < in->n_files; i++) {
		free(in->files[i].path);
		free(in->files[i].hash);
		free(in->files[i].bytes);
	}
	free(in->files);
	intake_forget_embedded(in);
	free(in->embedded);
	qti_manifest_destroy(in->manifest);
	strings_finish(&in->numbered);
	strings_finish(&in->names);
	write_bank_finish(&in->bank);
}

struct plain *intake_add(struct intake *in, int line)
{
	in->list = xgrow(in->list, in->n, &in->cap, sizeof *in->list);
	struct plain *q = in->q = &in->list[in->n++];
	plain_init(q, in->file, line);
	if (in->n > INTAKE_QUESTIONS_MAX)
		(void)plain_reject(q, "a bank holds at most %d questions", INTAKE_QUESTIONS_MAX);
	return q;
}

void intake_enter(struct intake *in, const char *path)
{
	char *name = xstrdup(path);
	strings_add(&in->names, name);
	in->file = name;
}

bool intake_text(struct intake *in, const char *path, struct buf *out, struct err *err)
{
	const char *name;
	if (!package_read(in->package, path, out, err))
		return false;
	if (!encoding_to_utf8(out, &name, err)) {
		buf_finish(out);
		return err_prefix(err, "%s", path);
	}
	if (strcmp(name, "UTF-8") != 0) {
		struct exchange_report *r = in->report;
		r->encodings = xgrow(r->encodings, r->n_encodings, &r->cap_encodings, sizeof *r->encodings);
		r->encodings[r->n_encodings++] = (struct exchange_encoding){xstrdup(path), name};
	}
	return true;
}

char *intake_html(struct intake *in, struct str html, bool option)
{
	in->html.q = in->q;
	in->html.no_quote = option;
	return html_to_markdown(&in->html, html);
}

char *intake_line(struct intake *in, struct str html)
{
	char *text = intake_html(in, html, true);
	bool lines = false;
	for (char *p = text; *p; p++) {
		if (*p != '\n')
			continue;
		lines |= p[1] == '\n';
		if (p > text && p[-1] == '\\')
			p[-1] = ' ';
		*p = ' ';
	}
	if (lines && in->q)
		plain_lose(in->q, "a text of several paragraphs is written as one line");
	return text;
}

/* ---- pictures ---- */

void intake_embed(struct intake *in, const char *name, char *bytes, size_t size)
{
	in->embedded = xgrow(in->embedded, in->n_embedded, &in->cap_embedded, sizeof *in->embedded);
	in->embedded[in->n_embedded++] = (struct intake_embedded){xstrdup(name), bytes, size};
}

void intake_forget_embedded(struct intake *in)
{
	for (size_t i = 0; i < in->n_embedded; i++) {
		free(in->embedded[i].name);
		free(in->embedded[i].bytes);
	}
	in->n_embedded = 0;
}

void intake_add_file(struct intake *in, char *path, struct str bytes, bool executable)
{
	in->files = xgrow(in->files, in->n_files, &in->cap_files, sizeof *in->files);
	char *copy = xmalloc(bytes.len + 1);
	memcpy(copy, bytes.p, bytes.len);
	in->files[in->n_files++] = (struct intake_file){.path = path, .bytes = copy, .size = bytes.len, .executable = executable};
}

static bool has_path(const struct intake *in, const char *path)
{
	for (size_t i = 0; i < in->n_files; i++)
		if (strcmp(in->files[i].path, path) == 0)
			return true;
	return false;
}

/* A picture's bytes into media/, once. */
static char *keep_picture(struct intake *in, struct str name, struct str bytes)
{
	struct media_info info;
	struct err err;
	char hash[HASH_HEX_SIZE];
	if (bytes.len > MEDIA_SIZE_MAX || in->media_total + bytes.len > MEDIA_TOTAL_MAX || !media_inspect(bytes, &info, &err)) {
		if (in->q)
			plain_lose(in->q, "a picture cannot be used: %s",
			           bytes.len > MEDIA_SIZE_MAX                      ? "it is too large"
			           : in->media_total + bytes.len > MEDIA_TOTAL_MAX ? "all together are too large"
			                                                           : err.msg);
		return NULL;
	}
	hash_sha256_hex(bytes, hash);
	for (size_t i = 0; i < in->n_files; i++)
		if (in->files[i].hash && strcmp(in->files[i].hash, hash) == 0)
			return xasprintf("../%s", in->files[i].path);
	const char *slash = memrchr(name.p, '/', name.len);
	struct str base = slash ? str_sub(name, (size_t)(slash - name.p) + 1, name.len) : name;
	const char *dot = memrchr(base.p, '.', base.len);
	_cleanup_free_ char *slug = str_slug(dot ? str_sub(base, 0, (size_t)(dot - base.p)) : base, 60);
	char *path = xasprintf("media/%s.%s", slug, info.extension);
	for (int n = 2; has_path(in, path); n++) {
		free(path);
		path = xasprintf("media/%s-%d.%s", slug, n, info.extension);
	}
	intake_add_file(in, path, bytes, false);
	in->files[in->n_files - 1].hash = xstrdup(hash);
	in->media_total += bytes.len;
	return xasprintf("../%s", path);
}

char *base64_decode(struct str text, size_t *ret_size)
{
	unsigned char *out = xmalloc(text.len / 4 * 3 + 4);
	size_t n;
	if (sodium_base642bin(out, text.len / 4 * 3 + 4, text.p, text.len, " \n\t", &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
		free(out);
		return NULL;
	}
	*ret_size = n;
	return (char *)out;
}

static char *data_picture(struct intake *in, struct str src)
{
	const char *comma = memchr(src.p, ',', src.len);
	size_t size, head = comma ? (size_t)(comma - src.p) : 0;
	if (!comma || !str_ends(str_sub(src, 0, head), ";base64"))
		return NULL;
	_cleanup_free_ char *bytes = base64_decode(str_sub(src, head + 1, src.len), &size);
	return bytes ? keep_picture(in, STR("picture"), (struct str){bytes, size}) : NULL;
}

/* %20 and the like. */
static char *url_decode(struct str s)
{
	char *out = xmalloc(s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char hex[3] = {0}, *end = NULL;
		if (s.p[i] == '%' && i + 2 < s.len) {
			memcpy(hex, s.p + i + 1, 2);
			unsigned long c = strtoul(hex, &end, 16);
			if (end == hex + 2 && c >= 0x20) {
				out[n++] = (char)c;
				i += 2;
				continue;
			}
		}
		out[n++] = s.p[i];
	}
	out[n] = 0;
	return out;
}

/* The paths at which a source may keep what it refers to. */
static char *find_in_package(struct intake *in, struct str src)
{
	static const char *const prefixes[] = {"@@PLUGINFILE@@/", "$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/", "/static/", "./", "/"};
	static const char *const folders[] = {"", "web_resources/", "static/", "assets/", "images/", "media/"};
	const char *query = memchr(src.p, '?', src.len);
	if (query)
		src = str_sub(src, 0, (size_t)(query - src.p));
	_cleanup_free_ char *near = bank_path_resolve(in->file, src);
	if (near && package_has(in->package, near))
		return take_ptr(near);
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (str_starts(src, prefixes[i]))
			src = str_sub(src, strlen(prefixes[i]), src.len);
	_cleanup_free_ char *decoded = url_decode(src);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char *path = xasprintf("%s%s", folders[i], decoded);
		if (package_has(in->package, path))
			return path;
		free(path);
	}
	const char *slash = strchr(in->file, '/');
	for (size_t i = 0; slash && i < ARRAY_SIZE(folders); i++) { /* all of it may be in one folder */
		char *path = xasprintf("%.*s%s%s", (int)(slash + 1 - in->file), in->file, folders[i], decoded);
		if (package_has(in->package, path))
			return path;
		free(path);
	}
	near = bank_path_resolve(in->file, str_of(decoded));
	return near && package_has(in->package, near) ? take_ptr(near) : NULL;
}

char *intake_picture(struct intake *in, struct str src)
{
	struct err err;
	if (str_starts(src, "data:"))
		return data_picture(in, src);
	struct str name = str_starts(src, "@@PLUGINFILE@@/") ? str_sub(src, 15, src.len) : src;
	_cleanup_free_ char *decoded = url_decode(name);
	for (size_t i = 0; i < in->n_embedded; i++)
		if (strcmp(in->embedded[i].name, decoded) == 0)
			return keep_picture(in, str_of(decoded), (struct str){in->embedded[i].bytes, in->embedded[i].size});
	if (url_has_scheme(src) || str_starts(src, "//") || !in->package || !src.len || src.len > 1000)
		return NULL;
	/* A lone file brings what stands beside it. */
	_cleanup_free_ char *path = in->package->lone ? bank_path_resolve(in->file, str_of(decoded)) : find_in_package(in, src);
	_cleanup_buf_ struct buf bytes = BUF(1);
	return path && package_read(in->package, path, &bytes, &err) ? keep_picture(in, str_of(path), buf_str(&bytes)) : NULL;
}

/* ---- categories ---- */

static bool says_nothing(struct str part)
{
	static const char *const names[] = {"top", "$course$", "$module$", "$category$", "$cat1$", "$system$", "default", "questions"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_nocase(part, str_of(names[i])))
			return true;
	return part.len == 0 || (part.p[0] == '$' && part.p[part.len - 1] == '$');
}

/* The next part of a path; "//" in it is a slash. */
static bool next_part(struct str *rest, struct buf *part)
{
	buf_clear(part);
	if (!rest->p || !rest->len)
		return false;
	size_t i = 0;
	for (; i < rest->len; i++) {
		if (rest->p[i] == '/' && (i + 1 == rest->len || rest->p[i + 1] != '/'))
			break;
		i += rest->p[i] == '/';
		buf_addc(part, rest->p[i]);
	}
	*rest = str_sub(*rest, i + 1, rest->len);
	return true;
}

void intake_category(struct plain *q, struct str path)
{
	_cleanup_buf_ struct buf part = BUF(path.len + 1);
	for (size_t n = 0; n < 2 && next_part(&path, &part);) {
		struct str name = str_cut(str_trim(buf_str(&part)), 200);
		if (says_nothing(name))
			continue;
		plain_set(n ? &q->objective : &q->domain, str_slug(name, 64));
		plain_set(n ? &q->objective_title : &q->domain_title, str_dup(name));
		n++;
	}
}

int line_of(struct str text, const char *at)
{
	int line = 1;
	for (const char *p = text.p; p < at && (p = memchr(p, '\n', (size_t)(at - p))); p++)
		line++;
	return line;
}
