/* The export as a whole, and what its writers share. See exchange.h, export.h. */
#include "bank/exchange/export.h"
#include "bank/diag.h"
#include "bank/markdown.h"
#include "base/file.h"
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

#define EXPORT_MAX (256u << 20)

void export_lose(struct exporter *x, const char *what)
{
	x->degraded = true;
	exchange_note(x->report, EXCHANGE_DEGRADED, x->item->file, x->item->line, x->item->id, what);
}

bool export_reject(struct exporter *x, const char *why)
{
	if (!x->rejected)
		exchange_note(x->report, EXCHANGE_REJECTED, x->item->file, x->item->line, x->item->id, why);
	x->rejected = true;
	return false;
}

void export_lose_sections(struct exporter *x, bool hints, bool rubric)
{
	if (hints && x->item->n_hints)
		export_lose(x, "hints have no place there");
	if (rubric && x->item->rubric_html)
		export_lose(x, "the rubric has no place there");
	if (x->item->case_id)
		export_lose(x, "the case that it belongs to is not written");
}

static int compare_items(const void *pa, const void *pb)
{
	const struct item *a = *(const struct item *const *)pa, *b = *(const struct item *const *)pb;
	int c = strcmp(a->file, b->file);
	return c ? c : (a->line > b->line) - (a->line < b->line);
}

const struct item **export_order(const struct bank *bank)
{
	const struct item **list = xcalloc(bank->n_items + 1, sizeof *list);
	for (size_t i = 0; i < bank->n_items; i++)
		list[i] = &bank->items[i];
	qsort(list, bank->n_items, sizeof *list, compare_items);
	return list;
}

void export_each(struct exporter *x, bool (*write)(struct exporter *x, struct buf *out), struct buf *out)
{
	const struct item **list = export_order(x->bank);
	for (size_t i = 0; i < x->bank->n_items; i++) {
		size_t before = out->len, notes = x->report->n_notes;
		x->item = list[i];
		x->degraded = x->rejected = false;
		x->n_used = 0;
		x->report->read++;
		if (list[i]->kind == ITEM_TASK)
			export_reject(x, "a hands-on task is no question");
		else if (list[i]->params_lua)
			export_reject(x, "a parametrised question is drawn by a program");
		else if (!write(x, out))
			x->rejected = true;
		if (!x->rejected) {
			x->report->done++;
			x->report->degraded += x->degraded;
			continue;
		}
		x->report->rejected++;
		buf_cut(out, before);
		for (size_t k = notes; k < x->report->n_notes; k++) /* what was lost of what is not there */
			if (x->report->notes[k].level == EXCHANGE_DEGRADED) {
				struct exchange_note *n = &x->report->notes[k];
				free(n->file);
				free(n->name);
				free(n->reason);
				memmove(n, n + 1, (x->report->n_notes - k - 1) * sizeof *n);
				x->report->n_notes--;
				k--;
			}
	}
	free(list);
}

/* ---- HTML ---- */

const char *export_media_name(const struct bank_media *m)
{
	return strncmp(m->path, "media/", 6) == 0 ? m->path + 6 : m->path;
}

/* The picture of an address "/media/HASH.EXT". */
static const struct bank_media *find_media(const struct bank *bank, struct str address)
{
	for (size_t i = 0; i < bank->n_media; i++)
		if (str_starts(address, "/media/") && strncmp(address.p + 7, bank->media[i].hash, 64) == 0)
			return &bank->media[i];
	return NULL;
}

char *base64_encode(struct str bytes)
{
	size_t size = sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_ORIGINAL);
	char *out = xmalloc(size);
	return sodium_bin2base64(out, size, (const unsigned char *)bytes.p, bytes.len, sodium_base64_VARIANT_ORIGINAL);
}

static void use_media(struct exporter *x, const struct bank_media *m)
{
	for (size_t i = 0; i < x->n_used; i++)
		if (x->used[i] == m)
			return;
	if (x->n_used < ARRAY_SIZE(x->used))
		x->used[x->n_used++] = m;
}

static void add_media(struct exporter *x, const struct bank_media *m, struct buf *out)
{
	use_media(x, m);
	if (x->media == EXPORT_MEDIA_DATA) {
		_cleanup_free_ char *data = base64_encode((struct str){m->bytes, m->size});
		buf_addf(out, "data:%s;base64,", m->mime);
		buf_adds(out, data);
	} else {
		buf_adds(out, x->media == EXPORT_MEDIA_PLUGIN ? "@@PLUGINFILE@@/" : "media/");
		url_add(out, str_of(export_media_name(m)));
	}
}

static struct str attribute(struct str tag, const char *name)
{
	_cleanup_free_ char *head = xasprintf(" %s=\"", name);
	const char *at = memmem(tag.p, tag.len, head, strlen(head));
	if (!at)
		return (struct str){"", 0};
	struct str value = str_sub(tag, (size_t)(at - tag.p) + strlen(head), tag.len);
	const char *end = memchr(value.p, '"', value.len);
	return str_sub(value, 0, end ? (size_t)(end - value.p) : 0);
}

static void add_tag(struct exporter *x, struct str tag, bool *dropped, struct buf *out)
{
	if (str_starts(tag, "<img ")) {
		const struct bank_media *m = find_media(x->bank, attribute(tag, "src"));
		if (m && x->still && (!strcmp(m->mime, "image/gif") || !strcmp(m->mime, "image/webp"))) {
			export_lose(x, "GIF and WebP pictures cannot be printed: their description stands there");
			m = NULL;
		}
		buf_adds(out, "<img src=\"");
		if (m)
			add_media(x, m, out);
		buf_adds(out, "\" alt=\"");
		buf_addv(out, attribute(tag, "alt"));
		buf_adds(out, x->xml ? "\"/>" : "\">");
	} else if (str_starts(tag, "<a ")) {
		const struct bank_media *m = find_media(x->bank, attribute(tag, "href"));
		*dropped = attribute(tag, "data-doc").len > 0 || m;
		if (*dropped)
			export_lose(x, "a link to a page or picture of the bank is only its text");
		else
			buf_addf(out, "<a href=\"%.*s\">", STR_ARG(attribute(tag, "href")));
	} else if (str_is(tag, "</a>") && *dropped) {
		*dropped = false;
	} else if (str_starts(tag, "<span data-blank=\"")) {
		int64_t n;
		if (str_to_i64(attribute(tag, "data-blank"), 1, BANK_OPTIONS_MAX, &n) && x->blank)
			x->blank(x, (size_t)n, out);
	} else if (str_is(tag, "</span>")) {
		/* of a blank */
	} else if (x->xml && (str_is(tag, "<br>") || str_is(tag, "<hr>"))) {
		buf_adds(out, str_is(tag, "<br>") ? "<br/>" : "<hr/>");
	} else {
		buf_addv(out, tag);
	}
}

/* How many bytes at i XML cannot hold: a control character, U+FFFE or U+FFFF; 0: it can. */
static size_t not_in_xml(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];
	if (c < 0x20)
		return c != '\n' && c != '\t';
	return c == 0xef && i + 2 < s.len && (unsigned char)s.p[i + 1] == 0xbf && (unsigned char)s.p[i + 2] >= 0xbe ? 3 : 0;
}

static char *for_xml(const char *html)
{
	struct str s = str_of(html);
	_cleanup_buf_ struct buf out = BUF(s.len + 1);
	for (size_t i = 0, skip; i < s.len; i += skip ? skip : 1) {
		skip = not_in_xml(s, i);
		if (!skip)
			buf_addc(&out, s.p[i]);
	}
	return out.len ? buf_take(&out, NULL) : xstrdup("");
}

void export_html(struct exporter *x, const char *html, struct buf *out)
{
	_cleanup_free_ char *clean = x->xml ? for_xml(html) : NULL;
	struct str s = str_of(clean ? clean : html);
	bool dropped = false;
	while (s.len) {
		const char *lt = memchr(s.p, '<', s.len);
		size_t plain = lt ? (size_t)(lt - s.p) : s.len;
		struct str text = str_sub(s, 0, plain);
		if (x->xml && memchr(text.p, '&', text.len)) { /* XML knows five entities */
			_cleanup_buf_ struct buf decoded = BUF(text.len + 16);
			html_decode(text, &decoded);
			buf_add_html(out, buf_str(&decoded));
		} else {
			buf_addv(out, text);
		}
		s = str_sub(s, plain, s.len);
		const char *gt = s.len ? memchr(s.p, '>', s.len) : NULL;
		size_t tag = gt ? (size_t)(gt - s.p) + 1 : s.len;
		if (tag)
			add_tag(x, str_sub(s, 0, tag), &dropped, out);
		s = str_sub(s, tag, s.len);
	}
}

bool export_is_text(const char *html, struct buf *ret)
{
	if (strchr(html, '<') || strchr(html, '\n'))
		return false;
	html_decode(str_of(html), ret);
	return true;
}

bool export_has_explanation(const struct item *item)
{
	return item->explanation_html || item->references_html;
}

void export_explanation(struct exporter *x, struct buf *out)
{
	if (x->item->explanation_html)
		export_html(x, x->item->explanation_html, out);
	if (!x->item->references_html)
		return;
	buf_adds(out, "<h3>References</h3>");
	export_html(x, x->item->references_html, out);
}

void export_xml(struct str s, struct buf *out)
{
	for (size_t i = 0, skip; i < s.len; i += skip ? skip : 1) {
		char c = s.p[i];
		skip = not_in_xml(s, i);
		if (skip)
			continue;
		if (c == '&')
			buf_adds(out, "&amp;");
		else if (c == '<')
			buf_adds(out, "&lt;");
		else if (c == '>')
			buf_adds(out, "&gt;");
		else if (c == '"')
			buf_adds(out, "&quot;");
		else
			buf_addc(out, c);
	}
}

static void add_part(const char *title, struct buf *out)
{
	for (const char *p = title; *p; p++) {
		if (*p == '/')
			buf_addc(out, '/');
		buf_addc(out, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
}

void export_category(const struct exporter *x, const struct item *item, struct buf *out)
{
	const struct bank_domain *d = bank_domain(x->bank, item->domain);
	add_part(d ? d->title : item->domain, out);
	const char *dot = item->objective ? strchr(item->objective, '.') : NULL;
	for (size_t i = 0; dot && d && i < d->n_objectives; i++)
		if (strcmp(d->objectives[i].id, dot + 1) == 0) {
			buf_addc(out, '/');
			add_part(d->objectives[i].title, out);
		}
}

/* ---- the whole ---- */

static bool must_be_new(const char *out, struct err *err)
{
	struct stat st;
	return lstat(out, &st) != 0 || err_set(err, ERR_CONFLICT, "%s is there already", out);
}

static bool write_text(struct exporter *x, enum exchange_format format, const char *out, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(EXPORT_MAX);
	if (!must_be_new(out, err))
		return false;
	if (format == EXCHANGE_GIFT)
		gift_write(x, &text);
	else if (format == EXCHANGE_CSV)
		csv_write(x, &text);
	else if (format == EXCHANGE_MOODLE_XML)
		moodle_write(x, &text);
	return buf_check(&text, "the export", err) && file_write_durable(out, buf_str(&text), 0644, err);
}

static bool load(const char *dir, enum exchange_format format, struct bank **ret, struct exchange_report *report, struct err *err)
{
	struct diags diags = {0};
	if (!bank_load_unreviewed(dir, &diags, ret, err)) {
		diags_finish(&diags);
		return false;
	}
	report->format = format;
	diags_sort(&diags);
	for (size_t i = 0; i < diags.n; i++) { /* questions with errors are not in the bank */
		const struct diag *one = &diags.list[i];
		if (one->level != DIAG_ERROR)
			continue;
		report->read++;
		report->rejected++;
		exchange_note(report, EXCHANGE_REJECTED, one->file, one->line, NULL, one->message);
	}
	diags_finish(&diags);
	return true;
}

bool exchange_print(const char *dir, enum exchange_format format, const struct exchange_paper *paper, const char *out,
                    struct exchange_report *report, struct err *err)
{
	_cleanup_bank_ struct bank *bank = NULL;
	_cleanup_buf_ struct buf page = BUF(EXPORT_MAX), pdf = BUF(EXPORT_MAX);
	if (!must_be_new(out, err) || !load(dir, format, &bank, report, err))
		return false;
	struct exporter x = {.bank = bank, .report = report, .still = format == EXCHANGE_PDF};
	print_write(&x, paper, &page);
	if (!buf_check(&page, "the export", err) || (x.still && !paper->draw(buf_str(&page), &pdf, err)))
		return false;
	return file_write_durable(out, buf_str(x.still ? &pdf : &page), 0644, err);
}

bool exchange_export(const char *dir, enum exchange_format format, const char *out, struct exchange_report *report, struct err *err)
{
	_cleanup_bank_ struct bank *bank = NULL;
	if (format == EXCHANGE_PDF)
		return err_set(err, ERR_UNSUPPORTED, "a PDF is drawn by a program of its own");
	if (format == EXCHANGE_HTML)
		return exchange_print(dir, format, &(struct exchange_paper){0}, out, report, err);
	if (!load(dir, format, &bank, report, err))
		return false;
	struct exporter x = {.bank = bank, .report = report};
	switch (format) {
	case EXCHANGE_NATIVE:
		return native_write(&x, dir, out, err);
	case EXCHANGE_QTI12:
		return qti12_write(&x, out, err);
	case EXCHANGE_QTI21:
		return qti21_write(&x, out, err);
	default:
		return write_text(&x, format, out, err);
	}
}
