/* An item as a plain question: the bank's HTML taken back to Markdown. See export.h. */
#include "bank/exchange/export.h"
#include "bank/markdown.h"

struct back {
	const struct bank *bank;
	const char *path; /* of the file that the Markdown goes into */
};

/* "../" for each folder that the file stands in. */
static char *from_file(const char *path, const char *target, struct str anchor)
{
	_cleanup_buf_ struct buf out = BUF(4096);
	for (const char *p = path; (p = strchr(p, '/')); p++)
		buf_adds(&out, "../");
	buf_adds(&out, target);
	if (anchor.len) {
		buf_addc(&out, '#');
		buf_addv(&out, anchor);
	}
	return buf_take(&out, NULL);
}

static char *picture(void *arg, struct str src)
{
	const struct back *b = arg;
	for (size_t i = 0; i < b->bank->n_media; i++)
		if (str_starts(src, "/media/") && strncmp(src.p + 7, b->bank->media[i].hash, 64) == 0)
			return from_file(b->path, b->bank->media[i].path, (struct str){"", 0});
	return NULL;
}

static char *page(void *arg, struct str doc, struct str href)
{
	const struct back *b = arg;
	if (!doc.len)
		return picture(arg, href);
	_cleanup_free_ char *target = xasprintf("docs/%.*s.md", STR_ARG(doc));
	return from_file(b->path, target, str_starts(href, "#doc-") ? str_sub(href, 5, href.len) : (struct str){"", 0});
}

/* The marks of blanks in place of their spans. */
static char *with_marks(const char *html)
{
	struct buf out = BUF(strlen(html) + 64);
	static const char open[] = "<span data-blank=\"";
	for (const char *p = html; *p;) {
		if (strncmp(p, open, sizeof open - 1) == 0) {
			const char *n = p + sizeof open - 1, *end = strstr(n, "</span>");
			buf_adds(&out, BLANK_OPEN);
			buf_add(&out, n, strcspn(n, "\""));
			buf_adds(&out, BLANK_CLOSE);
			p = end ? end + 7 : n;
		} else {
			buf_addc(&out, *p++);
		}
	}
	return buf_take(&out, NULL);
}

static char *markdown(const struct html_context *c, const char *html)
{
	return html ? html_to_markdown(c, str_of(html)) : NULL;
}

static void take_options(const struct html_context *c, const struct item_option *from, size_t n, struct plain_options *to)
{
	struct html_context inside = *c;
	inside.no_quote = true;
	for (size_t i = 0; i < n; i++) {
		struct plain_option *o = plain_add_option(to, markdown(&inside, from[i].html));
		o->feedback = markdown(c, from[i].feedback_html);
		o->key = from[i].key;
		o->pin = from[i].pin;
		o->match = from[i].match;
	}
}

static void take_texts(const struct html_context *c, const struct item_text *from, size_t n, struct plain_texts *to)
{
	for (size_t i = 0; i < n; i++) {
		struct plain_text *t = plain_add_text(to, xstrdup(from[i].pattern));
		t->regex = from[i].regex;
		t->ignore_case = from[i].ignore_case;
		t->credit_m = from[i].credit_m;
		t->reason = markdown(c, from[i].reason_html);
	}
}

static void take_regions(const struct html_context *c, const struct item *item, struct plain *q)
{
	static const char alt[] = " alt=\"";
	const char *at = strstr(item->image_html, alt), *src = strstr(item->image_html, "src=\"");
	if (src)
		q->image = c->picture(c->arg, (struct str){src + 5, strcspn(src + 5, "\"")});
	if (at) {
		_cleanup_buf_ struct buf text = BUF(8192);
		html_decode((struct str){at + sizeof alt - 1, strcspn(at + sizeof alt - 1, "\"")}, &text);
		q->image_alt = buf_take(&text, NULL);
	}
	for (size_t i = 0; i < item->n_regions; i++) {
		q->regions = xgrow(q->regions, q->n_regions, &q->cap_regions, sizeof *q->regions);
		struct item_region *r = &q->regions[q->n_regions++];
		*r = item->regions[i];
		r->id = xstrdup(r->id);
		r->label = xstrdup(r->label);
	}
}

static void take_fields(const struct item *item, struct plain *q)
{
	q->id = xstrdup(item->id);
	q->title = xstrdup(item->title);
	q->kind = item->kind;
	q->domain = xstrdup(item->domain);
	const char *dot = item->objective ? strchr(item->objective, '.') : NULL;
	q->objective = dot ? xstrdup(dot + 1) : NULL;
	q->family = xstrdup(item->family);
	q->case_id = item->case_id ? xstrdup(item->case_id) : NULL;
	q->status = item->status;
	q->partial = item->partial;
	q->difficulty = item->difficulty;
	q->points_m = item->points_m;
	q->select = item->select;
	q->fixed = !item->shuffle;
	q->ignore_case = item->ignore_case;
	for (size_t i = 0; i < item->n_tags; i++)
		strings_add(&q->tags, xstrdup(item->tags[i]));
}

void export_plain(const struct bank *bank, const struct item *item, const char *path, struct plain *ret)
{
	struct back b = {bank, path};
	struct plain *q = ret;
	plain_init(q, item->file, item->line);
	struct html_context c = {.picture = picture, .link = page, .arg = &b, .q = q};
	take_fields(item, q);
	if (item->params_lua) {
		q->params = xstrdup(item->params_lua);
		q->source = xstrdup(item->source);
		if (item->image_html)
			take_regions(&c, item, q);
		return;
	}
	_cleanup_free_ char *stem = with_marks(item->stem_html);
	q->stem = markdown(&c, stem);
	take_options(&c, item->options, item->n_options, &q->options);
	take_options(&c, item->targets, item->n_targets, &q->targets);
	take_texts(&c, item->texts, item->n_texts, &q->texts);
	for (size_t i = 0; i < item->n_numbers; i++)
		strings_add(&q->numbers, plain_number(item->numbers[i].lo, item->numbers[i].hi, item->numbers[i].unit));
	for (size_t i = 0; i < item->n_blanks; i++) {
		struct plain_blank *blank = plain_add_blank(q);
		take_options(&c, item->blanks[i].options, item->blanks[i].n_options, &blank->options);
		take_texts(&c, item->blanks[i].texts, item->blanks[i].n_texts, &blank->texts);
	}
	if (item->image_html)
		take_regions(&c, item, q);
	q->explanation = markdown(&c, item->explanation_html);
	q->references = markdown(&c, item->references_html);
	q->rubric = markdown(&c, item->rubric_html);
	for (size_t i = 0; i < item->n_hints; i++)
		strings_add(&q->hints, markdown(&c, item->hints_html[i]));
}
