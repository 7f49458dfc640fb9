/* What a record says of a question's text: the rules of review. See record.h. */
#include "bank/record.h"
#include "base/mem.h"

/* One reader of this text, blind. */
struct reader {
	const char *by;
	enum record_verdict verdict;
	bool heard; /* an approval says why it stands nevertheless */
};
struct tally {
	const struct record *record;
	const char *text;
	struct reader *readers;
	const char **approvers;
	size_t n_readers, n_approvers;
};

static bool is_about(const struct record_entry *e, const char *text)
{
	return strcmp(e->text, text) == 0;
}

bool record_has(const struct record *r, const char *text, enum record_did did, const char *by)
{
	bool has = false;
	for (size_t i = 0; i < r->n; i++) {
		const struct record_entry *e = &r->list[i];
		if (!is_about(e, text))
			continue;
		if (did == DID_APPROVED && e->did == DID_RETURNED)
			has = false;
		has |= e->did == did && record_same_name(e->by, by);
	}
	return has;
}

bool record_is_submitter(const struct record *r, const char *text, const char *by)
{
	bool submitted = false, last = false;
	for (size_t i = 0; i < r->n; i++) {
		const struct record_entry *e = &r->list[i];
		if (e->did != DID_SUBMITTED)
			continue;
		submitted |= is_about(e, text);
		last = record_same_name(e->by, by);
	}
	return submitted ? record_has(r, text, DID_SUBMITTED, by) : last;
}

static struct reader *reader_of(struct tally *t, const char *by)
{
	for (size_t i = 0; i < t->n_readers; i++)
		if (record_same_name(t->readers[i].by, by))
			return &t->readers[i];
	return NULL;
}

/* The first answer counts: whoever has seen the key is blind no more. */
static void answer(struct tally *t, const struct record_entry *e)
{
	struct reader *known = reader_of(t, e->by);
	if (!known && e->did == DID_ANSWERED)
		t->readers[t->n_readers++] = (struct reader){.by = e->by, .verdict = e->verdict};
	else if (known && e->did == DID_JUDGED && !known->verdict)
		known->verdict = e->verdict;
}

static bool disputed(const struct tally *t)
{
	for (size_t i = 0; i < t->n_readers; i++)
		if (t->readers[i].verdict == VERDICT_DISAGREES && !t->readers[i].heard)
			return true;
	return false;
}

static void approve(struct tally *t, const struct record_entry *e, struct record_state *s)
{
	if (record_is_submitter(t->record, t->text, e->by)) {
		s->own = true;
		s->own_entry = e;
		return;
	}
	if (disputed(t) && !e->despite)
		return;
	for (size_t i = 0; i < t->n_readers; i++)
		t->readers[i].heard |= e->despite != NULL;
	for (size_t i = 0; i < t->n_approvers; i++)
		if (record_same_name(t->approvers[i], e->by))
			return;
	t->approvers[t->n_approvers++] = e->by;
}

static void take(struct tally *t, const struct record_entry *e, struct record_state *s)
{
	switch (e->did) {
	case DID_SUBMITTED:
		s->submitted = e;
		break;
	case DID_ANSWERED:
	case DID_JUDGED:
		answer(t, e);
		break;
	case DID_APPROVED:
		approve(t, e, s);
		break;
	case DID_RETURNED:
		t->n_approvers = 0;
		break;
	default:
		break;
	}
}

void record_state(const struct record *r, const char *text, int needed, struct record_state *ret)
{
	struct record_state s = {.needed = needed, .last = r->n ? &r->list[r->n - 1] : NULL};
	struct tally t = {.record = r, .text = text};
	bool others = false;
	t.readers = xcalloc(r->n + 1, sizeof *t.readers);
	t.approvers = xcalloc(r->n + 1, sizeof *t.approvers);
	for (size_t i = 0; i < r->n; i++) {
		if (is_about(&r->list[i], text))
			take(&t, &r->list[i], &s);
		else
			others |= r->list[i].did == DID_APPROVED;
	}
	for (size_t i = 0; i < t.n_readers; i++) {
		s.agrees += t.readers[i].verdict == VERDICT_AGREES;
		s.disagrees += t.readers[i].verdict == VERDICT_DISAGREES && !t.readers[i].heard;
	}
	s.readers = (int)t.n_readers;
	s.approvals = (int)t.n_approvers;
	s.stale = others && s.approvals < needed;
	free(t.readers);
	free(t.approvers);
	*ret = s;
}
