/* What a bank holds beside its questions: pictures, documentation, cases. */
#include "bank/load.h"
#include "bank/media.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"

void load_media(struct loader *l, const char *path)
{
	struct bank *bank = l->bank;
	struct err err;
	struct media_info info;
	_cleanup_buf_ struct buf bytes = BUF(MEDIA_SIZE_MAX);
	if (!file_read_beneath(l->dir_fd, path, MEDIA_SIZE_MAX, &bytes, &err)) {
		diags_add_place(l->diags, DIAG_ERROR, "unreadable", path, 0, "%s", err.msg);
		return;
	}
	l->media_total += bytes.len;
	if (l->media_total > MEDIA_TOTAL_MAX) {
		diags_add_place(l->diags, DIAG_ERROR, "too-large", path, 0, "the pictures of the bank are larger than %d MiB",
		                MEDIA_TOTAL_MAX >> 20);
		return;
	}
	if (!media_inspect(buf_str(&bytes), &info, &err)) {
		diags_add_place(l->diags, DIAG_ERROR, "bad-picture", path, 0, "%s", err.msg);
		return;
	}
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	const char *given = dot && dot > slash ? dot + 1 : "";
	if (strcmp(given, info.extension) != 0 && !(strcmp(given, "jpeg") == 0 && strcmp(info.extension, "jpg") == 0)) {
		diags_add_place(l->diags, DIAG_ERROR, "bad-picture", path, 0, "the file is named '.%s', but holds %s", given, info.mime);
		diags_help(l->diags, "rename it to end in .%s", info.extension);
		return;
	}
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(buf_str(&bytes), hash);
	bank->media = xgrow(bank->media, bank->n_media, &l->cap_media, sizeof *bank->media);
	struct bank_media *m = &bank->media[bank->n_media++];
	*m = (struct bank_media){.path = xstrdup(path), .hash = xstrdup(hash), .mime = info.mime, .width = info.width, .height = info.height};
	m->size = bytes.len;
	m->bytes = xmalloc(bytes.len);
	memcpy(m->bytes, bytes.p, bytes.len);
}

/* ---- pages of Markdown with a title ---- */

struct page {
	struct text_file file;
	struct lines lines;
	size_t first;      /* line after front matter and heading */
	struct str title;  /* within the file; empty: none */
	struct yaml front; /* keeps a title from the front matter alive */
};

static void page_finish(struct page *p)
{
	text_file_finish(&p->file);
	free(p->lines.list);
	yaml_finish(&p->front);
}

static bool read_page(struct loader *l, const char *path, size_t size_max, struct page *p)
{
	static const char *const fields[] = {"title", "id"};
	*p = (struct page){0};
	if (!load_text(l, path, size_max, &p->file))
		return false;
	struct source *source = &p->file.source;
	lines_split(source->bytes, &p->lines);
	struct str text;
	if (load_front_matter(l, source, &p->lines, &p->first, &text) && yaml_parse(source, text, l->diags, &p->front)) {
		yaml_only(&p->front, 0, fields, ARRAY_SIZE(fields), l->diags);
		int node = yaml_find(&p->front, 0, "title");
		if (node >= 0 && !yaml_text(&p->front, node, "title", 500, &p->title, l->diags))
			p->title = (struct str){0};
	}
	for (size_t i = 0; i < p->lines.n; i++) {
		if (p->lines.list[i].len <= LINE_MAX_BYTES)
			continue;
		diags_add(l->diags, DIAG_ERROR, "long-line", source, p->lines.list[i].p, "a line of more than %d bytes", LINE_MAX_BYTES);
		return false;
	}
	while (p->first < p->lines.n && (p->lines.list[p->first].flags & LINE_BLANK))
		p->first++;
	if (p->first < p->lines.n && !p->title.len) {
		struct str s = line_str(&p->lines.list[p->first]);
		if (str_starts(s, "# "))
			p->title = str_trim(str_sub(s, 2, s.len));
	}
	return true;
}

/* The path without its folder and its ending. */
static char *page_id(const char *path, size_t folder)
{
	return xstrndup(path + folder, strlen(path) - folder - 3);
}

static bool render_page(struct loader *l, struct page *p, const char *path, bool is_doc, char **ret_html, char **ret_text)
{
	l->md.file = path;
	l->md.is_doc = l->md.bare_links = is_doc;
	_cleanup_passage_ struct passage passage = passage_of_lines(&p->file.source, p->lines.list, p->first, p->lines.n, 0);
	bool ok = markdown_render(&l->md, &passage, false, ret_html, ret_text);
	l->md.is_doc = l->md.bare_links = false;
	return ok;
}

void load_doc(struct loader *l, const char *path)
{
	struct bank *bank = l->bank;
	bank->docs = xgrow(bank->docs, bank->n_docs, &l->cap_docs, sizeof *bank->docs);
	bank->docs[bank->n_docs++] = (struct bank_doc){.id = page_id(path, strlen("docs/"))};
}

void load_doc_text(struct loader *l, struct bank_doc *doc)
{
	_cleanup_free_ char *path = xasprintf("docs/%s.md", doc->id);
	struct page p;
	if (read_page(l, path, DOC_MAX, &p) && render_page(l, &p, path, true, &doc->html, &doc->text))
		doc->title = p.title.len ? str_dup(p.title) : xstrdup(doc->id);
	page_finish(&p);
	if (!doc->html) { /* reported; an empty page keeps the list sorted and the links to it alive */
		doc->html = xstrdup("");
		doc->text = xstrdup("");
	}
	if (!doc->title)
		doc->title = xstrdup(doc->id);
}

void load_case(struct loader *l, const char *path)
{
	struct bank *bank = l->bank;
	struct page p;
	char *html = NULL;
	_cleanup_free_ char *id = page_id(path, strlen("cases/"));
	if (!str_is_id(str_of(id))) {
		diags_add_place(l->diags, DIAG_ERROR, "bad-id", path, 0, "the name of a case's file is its id: a-z, 0-9 and '-'");
		return;
	}
	bool ok = read_page(l, path, CASE_MAX, &p);
	if (ok && p.title.len && p.first < p.lines.n && p.title.p == p.lines.list[p.first].p + 2)
		p.first++; /* the heading is the title, not part of the text */
	if (ok && render_page(l, &p, path, false, &html, NULL)) {
		bank->cases = xgrow(bank->cases, bank->n_cases, &l->cap_cases, sizeof *bank->cases);
		bank->cases[bank->n_cases++] =
		    (struct bank_case){take_ptr(id), p.title.len ? str_dup(p.title) : page_id(path, strlen("cases/")), html};
	}
	page_finish(&p);
}
