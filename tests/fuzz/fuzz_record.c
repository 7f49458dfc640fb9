/* A review record. What is read can be written, comes back as it was, and the rules hold for it. */
#include "bank/record.h"
#include "base/mem.h"
#include <assert.h>

static size_t parse(struct str text, struct record *ret)
{
	struct diags diags = {0};
	struct source source = {.path = "reviews/q.yml", .bytes = text};
	struct buf out = BUF(1u << 26);
	record_parse(&source, &diags, ret);
	size_t errors = diags.n_errors;
	diags_sort(&diags);
	diags_print(&diags, false, &out);
	buf_finish(&out);
	source_finish(&source);
	diags_finish(&diags);
	return errors;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_rules(const struct record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct record_state s;
		record_state(r, r->list[i].text, 2, &s);
		assert(s.approvals >= 0 && s.disagrees >= 0 && s.readers >= s.disagrees && s.last);
		if (r->list[i].did == DID_SUBMITTED)
			assert(record_has(r, r->list[i].text, DID_SUBMITTED, r->list[i].by));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct record r = {0}, again = {0};
	struct buf out = BUF(1u << 26);
	if (size > RECORD_FILE_MAX || !str_is_utf8(text, NULL))
		return 0; /* as whoever reads the file sees to it */
	parse(text, &r);
	if (r.n < 30) /* each is asked about */
		check_rules(&r);
	buf_adds(&out, "record:\n");
	for (size_t i = 0; i < r.n; i++)
		record_write_entry(&r.list[i], &out);
	if (out.len <= RECORD_FILE_MAX) {
		if (parse(buf_str(&out), &again) || again.n != r.n)
			abort();
		for (size_t i = 0; i < r.n; i++) {
			const struct record_entry *a = &r.list[i], *b = &again.list[i];
			if (a->at_ms != b->at_ms || a->did != b->did || a->verdict != b->verdict || strcmp(a->text, b->text) != 0 ||
			    !same_text(a->by, b->by) || !same_text(a->response, b->response) || !same_text(a->comment, b->comment) ||
			    !same_text(a->despite, b->despite))
				abort();
		}
	}
	record_finish(&r);
	record_finish(&again);
	buf_finish(&out);
	return 0;
}
