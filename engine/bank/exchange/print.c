/* A bank as one page for printing: the questions, and behind a page break the key. It holds its pictures and its style; nothing is fetched.
 * It is HTML and well-formed XML: assay-paper (engine/pictures/paper.c) draws a PDF of it, and browsers print it. */
#include "bank/exchange/export.h"

static const char head[] = "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta "
                           "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
                           "'unsafe-inline'\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>";
static const char style[] =
    "</title>\n<style>\n"
    "body{font:11pt/1.45 Georgia,'DejaVu Serif',serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .4em}h3,h4,h5,h6{font-size:1em}\n"
    ".q{break-inside:avoid;margin:0 0 1.6em}.q>.n{font-weight:bold;margin:0}\n"
    "ol.o{list-style:upper-alpha;padding-left:2em}ol.o>li{margin:.25em 0}ul.b{list-style:none;padding:0}\n"
    "pre{white-space:pre-wrap;border:1px solid #bbb;padding:.5em;break-inside:avoid}code{font-family:'DejaVu Sans "
    "Mono',monospace;font-size:.9em}\n"
    "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .5em;text-align:left}img{max-width:100%;height:auto}\n"
    ".case{border-left:2px solid #888;padding-left:.8em}"
    ".line{border-bottom:1px solid #111;display:inline-block;min-width:9em}.room{height:9em;border:1px solid #bbb}\n"
    ".key{break-before:page}.why{margin:.2em 0 1em 2em;font-size:.95em}\n"
    "@media print{body{margin:0;max-width:none}}\n"
    "</style>\n</head>\n";

struct print {
	enum exchange_key which;
	struct buf key;
	size_t number;
};

static void blank(struct exporter *x, size_t n, struct buf *out)
{
	const struct item_blank *b = &x->item->blanks[n - 1];
	buf_addf(out, "<span class=\"line\">(%zu)</span>", n);
	for (size_t i = 0; i < b->n_options; i++) {
		buf_adds(out, i ? " / " : " [");
		export_html(x, b->options[i].html, out);
	}
	buf_adds(out, b->n_options ? "]" : "");
}

static void add_list(struct exporter *x, const struct item_option *list, size_t n, const char *tag, struct buf *out)
{
	buf_addf(out, "<%s>\n", tag);
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, "<li>");
		export_html(x, list[i].html, out);
		buf_adds(out, "</li>\n");
	}
	buf_addf(out, "</%.2s>\n", tag);
}

/* The entries of an ordering and the right sides of pairs in an order that tells nothing: by their text. */
static int compare_text(const void *a, const void *b)
{
	return strcmp(((const struct item_option *)a)->text, ((const struct item_option *)b)->text);
}
static struct item_option *sorted(const struct item_option *list, size_t n)
{
	struct item_option *copy = xcalloc(n + 1, sizeof *copy);
	if (n)
		memcpy(copy, list, n * sizeof *copy);
	qsort(copy, n, sizeof *copy, compare_text);
	return copy;
}
static size_t place_of(const struct item_option *list, size_t n, const char *html)
{
	size_t i = 0;
	while (i < n && strcmp(list[i].html, html) != 0)
		i++;
	return i;
}

static char letter(size_t i)
{
	return (char)(i < 26 ? 'A' + (int)i : 'a' + (int)(i - 26) % 26);
}

static void add_question(struct exporter *x, struct buf *out, struct buf *key)
{
	const struct item *item = x->item;
	struct item_option *list = NULL;
	switch (item->kind) {
	case ITEM_ORDERING:
		list = sorted(item->options, item->n_options);
		add_list(x, list, item->n_options, "ol class=\"o\"", out);
		for (size_t i = 0; i < item->n_options; i++)
			buf_addf(key, "%s%c", i ? ", " : "", letter(place_of(list, item->n_options, item->options[i].html)));
		break;
	case ITEM_MATCHING:
		list = sorted(item->targets, item->n_targets);
		add_list(x, item->options, item->n_options, "ol", out);
		add_list(x, list, item->n_targets, "ol class=\"o\"", out);
		for (size_t i = 0; i < item->n_options; i++)
			buf_addf(key, "%s%zu %c", i ? ", " : "", i + 1,
			         letter(place_of(list, item->n_targets, item->targets[item->options[i].match].html)));
		break;
	case ITEM_GRID:
		add_list(x, item->options, item->n_options, "ol", out);
		add_list(x, item->targets, item->n_targets, "ol class=\"o\"", out);
		for (size_t i = 0; i < item->n_options; i++)
			buf_addf(key, "%s%zu %c", i ? ", " : "", i + 1, letter((size_t)item->options[i].match));
		break;
	case ITEM_NUMERIC:
		buf_adds(out, "<p><span class=\"line\">&#160;</span></p>\n");
		for (size_t i = 0; i < item->n_numbers; i++) {
			_cleanup_free_ char *number = plain_number(item->numbers[i].lo, item->numbers[i].hi, item->numbers[i].unit);
			buf_adds(key, i ? " or " : "");
			export_xml(str_of(number), key);
		}
		break;
	case ITEM_TEXT:
		buf_adds(out, "<p><span class=\"line\">&#160;</span></p>\n");
		for (size_t i = 0; i < item->n_texts; i++) {
			buf_adds(key, i ? " or <code>" : "<code>");
			export_xml(str_of(item->texts[i].pattern), key);
			buf_addf(key, "</code>%s", item->texts[i].credit_m < 1000 ? " (in part)" : "");
		}
		break;
	case ITEM_CLOZE:
		for (size_t i = 0; i < item->n_blanks; i++) {
			const struct item_blank *b = &item->blanks[i];
			buf_addf(key, "%s(%zu) ", i ? ", " : "", i + 1);
			for (size_t k = 0; k < b->n_options; k++)
				if (b->options[k].key)
					export_html(x, b->options[k].html, key);
			if (b->n_texts)
				export_xml(str_of(b->texts[0].pattern), key);
		}
		break;
	case ITEM_HOTSPOT:
		export_html(x, item->image_html, out);
		buf_adds(out, "<ol class=\"o\">\n");
		for (size_t i = 0; i < item->n_regions; i++) {
			buf_adds(out, "<li>");
			export_xml(str_of(item->regions[i].label), out);
			buf_adds(out, "</li>\n");
			if (item->regions[i].correct)
				buf_addf(key, "%s%c", key->len ? ", " : "", letter(i));
		}
		buf_adds(out, "</ol>\n");
		break;
	case ITEM_ESSAY:
		buf_adds(out, "<div class=\"room\"></div>\n");
		export_html(x, item->rubric_html, key);
		break;
	default:
		add_list(x, item->options, item->n_options, "ol class=\"o\"", out);
		for (size_t i = 0; i < item->n_options; i++)
			if (item->options[i].key)
				buf_addf(key, "%s%c", key->len ? ", " : "", letter(i));
	}
	free(list);
}

static bool write_item(struct exporter *x, struct buf *out)
{
	struct print *p = x->arg;
	_cleanup_buf_ struct buf key = BUF(1u << 24);
	size_t begin = out->len;
	p->number++;
	buf_addf(out, "<section class=\"q\">\n<p class=\"n\">%zu.</p>\n", p->number);
	const struct bank_case *facts = x->item->case_id ? bank_case(x->bank, x->item->case_id) : NULL;
	if (facts) {
		buf_adds(out, "<div class=\"case\">");
		export_html(x, facts->html, out);
		buf_adds(out, "</div>\n");
	}
	export_html(x, x->item->stem_html, out);
	buf_addc(out, '\n');
	add_question(x, out, &key);
	buf_adds(out, "</section>\n");
	if (p->which == EXCHANGE_KEY_ALONE)
		buf_cut(out, begin);
	if (p->which == EXCHANGE_KEY_NONE)
		return true;
	buf_addf(&p->key, "<div><strong>%zu.</strong> ", p->number);
	buf_addv(&p->key, buf_str(&key));
	if (export_has_explanation(x->item)) {
		buf_adds(&p->key, "<div class=\"why\">");
		export_explanation(x, &p->key);
		buf_adds(&p->key, "</div>");
	}
	buf_adds(&p->key, "</div>\n");
	return true;
}

void print_write(struct exporter *x, const struct exchange_paper *paper, struct buf *out)
{
	enum exchange_key which = paper->key;
	struct print p = {.which = which, .key = BUF(out->max)};
	x->media = EXPORT_MEDIA_DATA;
	x->xml = true;
	x->blank = blank;
	x->arg = &p;
	_cleanup_buf_ struct buf language = BUF(256), title = BUF(8192);
	export_xml(str_of(x->bank->language), &language);
	export_xml(str_of(x->bank->title), &title);
	buf_addf(out, head, language.p ? language.p : "en");
	buf_addv(out, buf_str(&title));
	buf_adds(out, style);
	buf_adds(out, paper->letter ? "<body class=\"letter\">\n" : "<body>\n");
	if (which != EXCHANGE_KEY_ALONE)
		buf_addf(out, "<h1>%s</h1>\n", title.p ? title.p : "");
	export_each(x, write_item, out);
	if (which != EXCHANGE_KEY_NONE) {
		buf_addf(out, "<section class=\"key\">\n<h1>Key: %s</h1>\n", title.p ? title.p : "");
		buf_addv(out, buf_str(&p.key));
		buf_adds(out, "</section>\n");
	}
	buf_adds(out, "</body>\n</html>\n");
	if (p.key.overflow)
		out->overflow = true;
	buf_finish(&p.key);
	x->arg = NULL;
}
