/* What became of the questions, for people and as JSON. See exchange.h. */
#include "bank/exchange/exchange.h"
#include "base/mem.h"
#include <assert.h>

static const char *const names[EXCHANGE_FORMATS] = {
    [EXCHANGE_AUTO] = "auto",
    [EXCHANGE_MARKDOWN] = "markdown",
    [EXCHANGE_GIFT] = "gift",
    [EXCHANGE_AIKEN] = "aiken",
    [EXCHANGE_CSV] = "csv",
    [EXCHANGE_MOODLE_XML] = "moodle-xml",
    [EXCHANGE_QTI] = "qti",
    [EXCHANGE_OLX] = "olx",
    [EXCHANGE_KILLERCODA] = "killercoda",
    [EXCHANGE_REXAMS] = "rexams",
    [EXCHANGE_BLACKBOARD] = "blackboard",
    [EXCHANGE_NATIVE] = "native",
    [EXCHANGE_QTI21] = "qti21",
    [EXCHANGE_QTI12] = "qti12",
    [EXCHANGE_HTML] = "html",
    [EXCHANGE_PDF] = "pdf",
};
const char *exchange_format_name(enum exchange_format format)
{
	assert(format < EXCHANGE_FORMATS);
	return names[format];
}
bool exchange_can_import(enum exchange_format format)
{
	return format <= EXCHANGE_BLACKBOARD;
}
bool exchange_can_export(enum exchange_format format)
{
	return format >= EXCHANGE_NATIVE || format == EXCHANGE_GIFT || format == EXCHANGE_MOODLE_XML || format == EXCHANGE_CSV;
}

void exchange_note(struct exchange_report *r, enum exchange_level level, const char *file, int line, const char *name, const char *reason)
{
	if (r->n_notes >= EXCHANGE_NOTES_MAX)
		return;
	r->notes = xgrow(r->notes, r->n_notes, &r->cap_notes, sizeof *r->notes);
	r->notes[r->n_notes++] = (struct exchange_note){level, xstrdup(file ? file : ""), line, xstrdup(name ? name : ""), xstrdup(reason)};
}

void exchange_report_finish(struct exchange_report *r)
{
	for (size_t i = 0; i < r->n_notes; i++) {
		free(r->notes[i].file);
		free(r->notes[i].name);
		free(r->notes[i].reason);
	}
	for (size_t i = 0; i < r->n_encodings; i++)
		free(r->encodings[i].file);
	free(r->notes);
	free(r->encodings);
	*r = (struct exchange_report){0};
}

/* Names come from outside: what could steer a terminal is left out. */
static void add_clean(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool c1 = c == 0xc2 && i + 1 < s.len && (unsigned char)s.p[i + 1] < 0xa0;
		if (c < 0x20 || c == 0x7f || c1)
			buf_addc(out, ' ');
		else
			buf_addc(out, (char)c);
		i += c1;
	}
}

void exchange_report_print(const struct exchange_report *r, const char *done, struct buf *out)
{
	for (size_t i = 0; i < r->n_encodings; i++) {
		add_clean(str_of(r->encodings[i].file), out);
		buf_addf(out, ": read as %s\n", r->encodings[i].name);
	}
	for (size_t i = 0; i < r->n_notes; i++) {
		const struct exchange_note *n = &r->notes[i];
		add_clean(str_of(n->file), out);
		if (n->line)
			buf_addf(out, ":%d", n->line);
		buf_addf(out, ": %s: ", n->level == EXCHANGE_REJECTED ? "rejected" : "degraded");
		if (*n->name) {
			add_clean(str_of(n->name), out);
			buf_adds(out, ": ");
		}
		add_clean(str_of(n->reason), out);
		buf_addc(out, '\n');
	}
	buf_addf(out, "read %zu, %s %zu, degraded %zu, rejected %zu\n", r->read, done, r->done, r->degraded, r->rejected);
}

static void add_member(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "\"%s\":", name);
	buf_add_json(out, str_of(value));
}

void exchange_report_json(const struct exchange_report *r, const char *done, struct buf *out)
{
	buf_addf(out, "{\"read\":%zu,\"%s\":%zu,\"degraded\":%zu,\"rejected\":%zu,\"format\":\"%s\",\"encodings\":[", r->read, done, r->done,
	         r->degraded, r->rejected, exchange_format_name(r->format));
	for (size_t i = 0; i < r->n_encodings; i++) {
		buf_adds(out, i ? ",{" : "{");
		add_member(out, "file", r->encodings[i].file);
		buf_addf(out, ",\"encoding\":\"%s\"}", r->encodings[i].name);
	}
	buf_adds(out, "],\"items\":[");
	for (size_t i = 0; i < r->n_notes; i++) {
		const struct exchange_note *n = &r->notes[i];
		buf_addf(out, "%s{\"result\":\"%s\",", i ? "," : "", n->level == EXCHANGE_REJECTED ? "rejected" : "degraded");
		add_member(out, "file", n->file);
		if (n->line)
			buf_addf(out, ",\"line\":%d", n->line);
		buf_addc(out, ',');
		add_member(out, "name", n->name);
		buf_addc(out, ',');
		add_member(out, "reason", n->reason);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}\n");
}
