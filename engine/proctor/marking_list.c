/* What waits for people's marks, for `assay mark`. See marking.h. The candidate's name is left out, and so are the marks of an answer until
 * all are there that the exam asks for: marking is blind. */
#include "proctor/marking.h"
#include <stdio.h>

#define WAITING_MAX 200 /* attempts that are listed */
#define RUBRIC_MAX (4u << 20)

struct listing {
	struct proctor *pr;
	struct store *rd;
	const char *by; /* only what waits for this one; or NULL */
	bool optional;  /* attempts without anything to list are left out */
	struct buf *out;
};

static void add_marks(const struct item_marks *im, struct buf *out)
{
	buf_adds(out, ",\"marks\":[");
	for (size_t i = 0; im->agreed.how != MARKED_NOT && i < im->n; i++) {
		const struct person_mark *by = &im->by[i];
		static const char *const parts[] = {"only", "blind", "third", "decision"};
		buf_adds(out, i ? ",{\"by\":" : "{\"by\":");
		buf_add_json(out, str_of(by->marker));
		buf_addf(out, ",\"as\":\"%s\",\"points\":", parts[im->given[i].part]);
		add_points(out, im->given[i].points_m);
		buf_addf(out, ",\"criteria_m\":%s,\"comment\":", by->criteria ? by->criteria : "null");
		if (by->comment)
			buf_add_json(out, str_of(by->comment));
		else
			buf_adds(out, "null");
		buf_adds(out, ",\"at\":");
		add_time(out, by->at_ms);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void add_item(const struct form_entry *fe, size_t i, const struct answer *a, const struct item_marks *im, bool first,
                     struct buf *out)
{
	const struct form_item *fi = &fe->form->items[i];
	_cleanup_buf_ struct buf rubric = BUF(RUBRIC_MAX);
	_cleanup_json_ cJSON *criteria = marking_criteria_json(fi->item);
	marking_rubric_html(fi->item, &rubric);
	buf_addf(out, "%s{\"item\":\"%s\",\"n\":%zu,\"title\":", first ? "" : ",", fi->id, i + 1);
	buf_add_json(out, str_of(fi->item->title ? fi->item->title : ""));
	buf_adds(out, ",\"max\":");
	add_points(out, fi->item->points_m);
	buf_adds(out, ",\"mark\":");
	if (im->agreed.how != MARKED_NOT)
		add_points(out, im->agreed.points_m);
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"how\":\"%s\",\"markers\":%d", marked_how_name(im->agreed.how), fe->bp->markers == 2 ? 2 : 1);
	add_marks(im, out);
	buf_adds(out, ",\"stem\":");
	buf_add_json(out, str_of(fi->item->stem_html));
	buf_adds(out, ",\"rubric\":");
	buf_add_json(out, buf_str(&rubric));
	buf_adds(out, ",\"criteria\":");
	if (criteria)
		json_print(criteria, out);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"response\":");
	buf_add(out, a->body, a->body_len);
	buf_addc(out, '}');
}

static bool is_own(const struct listing *l, const struct attempt_row *row)
{
	struct account_row account;
	struct err ignored;
	return l->by && row->account != ACCOUNT_LOCAL && store_account_get(l->rd, row->account, &account, &ignored) &&
	       markers_same(account.name, l->by);
}

static bool add_attempt(const struct listing *l, const struct attempt_row *row, const struct form_entry *fe, bool first, struct err *err)
{
	struct buf *out = l->out;
	size_t n = fe->form->n_items, before = out->len;
	struct answer *answers = NULL;
	_cleanup_person_marks_ struct person_marks marks = {0};
	bool none = true, ok = answers_load(l->rd, row->key, n, &answers, err) && person_marks_load(l->rd, row, fe, &marks, err);
	if (ok) {
		buf_addf(out, "%s{\"attempt\":\"%s\",\"exam\":\"%s/%s\",\"ended_at\":", first ? "" : ",", row->id, row->bank_id, row->exam);
		add_time(out, row->ended_ms);
		buf_adds(out, ",\"items\":[");
		for (size_t i = 0; ok && i < n; i++) {
			bool waits;
			enum mark_part ignored;
			ok = marking_is_for_people(fe, answers, i, &waits, err);
			if (!ok || !waits || (l->by && !person_may_mark(&marks.items[i], l->by, &ignored)))
				continue;
			add_item(fe, i, &answers[i], &marks.items[i], none, out);
			none = false;
		}
		buf_adds(out, "]}");
	}
	if (none && l->optional)
		buf_cut(out, before); /* it waits for graders, or for others */
	answers_free(answers, n);
	return ok;
}

bool marking_list_for(struct proctor *pr, struct store *rd, const char *attempt, const char *by, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	const struct listing l = {pr, rd, by, !attempt, out};
	char(*ids)[RNG_ID_SIZE] = xcalloc(WAITING_MAX + 1, sizeof *ids);
	size_t n = 1;
	bool ok = true;
	if (attempt)
		snprintf(ids[0], RNG_ID_SIZE, "%s", attempt);
	else
		ok = store_attempt_reviewing(rd, ids, WAITING_MAX + 1, &n, err);
	bool more = n > WAITING_MAX;
	buf_adds(out, "{\"attempts\":[");
	size_t start = out->len;
	for (size_t i = 0; ok && i < n && i < WAITING_MAX; i++) {
		struct attempt_row row;
		_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
		ok = store_attempt_get(rd, ids[i], &row, err) && form_cache_get(pr, rd, &row, &fe, err);
		if (ok && is_own(&l, &row))
			ok = !attempt || err_set(err, ERR_FORBIDDEN, "nobody marks their own answers");
		else if (ok)
			ok = add_attempt(&l, &row, fe, out->len == start, err);
	}
	buf_addf(out, "],\"more\":%s}", more ? "true" : "false");
	free(ids);
	return ok && buf_check(out, "the list", err);
}

bool marking_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err)
{
	return marking_list_for(pr, rd, attempt, NULL, out, err);
}
