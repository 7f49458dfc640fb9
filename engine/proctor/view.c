/* What an attempt looks like to its candidate, at this moment. See proctor.h.
 *
 * A reader takes the stored row, moves a copy of its progress on to now (so that what it says does not depend on when the clock was last
 * tended), and writes JSON: the items' static parts are rendered once and copied, what changes is added by hand. */
#include "proctor/internal.h"
#include <stdio.h>

void add_time(struct buf *out, int64_t wall_ms)
{
	char time[CLOCK_RFC3339_SIZE];
	if (wall_ms)
		buf_addf(out, "\"%s\"", clock_rfc3339(wall_ms, time));
	else
		buf_adds(out, "null");
}

void add_points(struct buf *out, int64_t points_m)
{
	buf_addf(out, "%s%lld", points_m < 0 ? "-" : "", (long long)llabs(points_m) / 1000);
	if (points_m % 1000)
		buf_addf(out, ".%03d", (int)(llabs(points_m) % 1000));
}

static void add_bool(struct buf *out, const char *key, bool v)
{
	buf_addf(out, ",\"%s\":%s", key, v ? "true" : "false");
}

static void add_ms_or_null(struct buf *out, const char *key, bool there, int64_t ms)
{
	if (there)
		buf_addf(out, ",\"%s\":%lld", key, (long long)(ms > 0 ? ms : 0));
	else
		buf_addf(out, ",\"%s\":null", key);
}

void add_feedback(const struct form_entry *fe, size_t index, const struct mark *mark, struct buf *out)
{
	_cleanup_json_ cJSON *feedback = json_object();
	form_feedback_json(fe->form, index, mark, feedback);
	json_print(feedback, out);
}

/* ---- Answers ---- */

struct loading {
	struct answer *answers;
};

static bool take_answer(void *arg, const struct event *e, struct err *err)
{
	(void)err;
	struct answer *a = &((struct loading *)arg)->answers[e->item];
	*a = (struct answer){
	    .seq = e->seq,
	    .at_ms = e->at_ms,
	    .late_ms = e->late_ms,
	    .spent_ms = e->spent_ms,
	    .flagged = e->flagged,
	    .confidence = e->confidence,
	    .body = e->body.p ? xstrndup(e->body.p, e->body.len) : NULL,
	    .body_len = e->body.len,
	};
	return true;
}

bool answers_load(struct store *st, int64_t attempt, size_t n_items, struct answer **ret, struct err *err)
{
	struct loading loading = {xcalloc(n_items + 1, sizeof(struct answer))};
	for (size_t i = 0; i < n_items; i++)
		loading.answers[i].confidence = EVENT_NONE;
	if (!store_event_latest(st, attempt, n_items, take_answer, &loading, err)) {
		answers_free(loading.answers, n_items);
		return false;
	}
	*ret = loading.answers;
	return true;
}

void answers_free(struct answer *answers, size_t n_items)
{
	for (size_t i = 0; answers && i < n_items; i++)
		free(answers[i].body);
	free(answers);
}

static bool take_note(void *arg, int item, struct str body, struct err *err)
{
	(void)err;
	char **notes = arg;
	notes[item] = xstrndup(body.p, body.len); /* the row's items bound `item`: see attempt_note() */
	return true;
}

/* ---- The view ---- */

void view_finish(struct view *v)
{
	form_entry_unref(v->fe);
	v->fe = NULL;
}

static bool fill(struct proctor *pr, struct store *st, const struct attempt_row *row, struct view *ret, struct err *err)
{
	struct view v = {.row = *row, .now_service_ms = proctor_service_ms(pr), .now_wall_ms = proctor_wall_ms(pr)};
	size_t n;
	int64_t until = row->ended_service_ms ? row->ended_service_ms - 1 : v.now_service_ms;
	if (!store_outages(st, row->begun_service_ms, until, NULL, 0, &n, &v.outages_ms, err) || !form_cache_get(pr, st, row, &v.fe, err))
		return false;
	progress_advance(&v.row.progress, v.fe->form, row->extra_m, v.now_service_ms);
	*ret = v;
	return true;
}

bool view_load(struct proctor *pr, struct store *st, const struct caller *who, const char *id, struct view *ret, struct err *err)
{
	struct attempt_row row;
	if (!store_attempt_get(st, id, &row, err))
		return false;
	if (row.account != who->account)
		return err_set(err, ERR_NOT_FOUND, "there is no such attempt");
	return fill(pr, st, &row, ret, err);
}

bool view_live(struct proctor *pr, struct store *wr, const struct live *l, struct view *ret, struct err *err)
{
	return fill(pr, wr, &l->row, ret, err);
}

const char *attempt_state_name(enum attempt_phase phase, enum attempt_state s)
{
	if (phase == PHASE_REVIEWING)
		return "reviewing";
	return s == ATTEMPT_RUNNING ? "running" : s == ATTEMPT_ON_BREAK ? "on-break" : "ended";
}

/* When time ran out, or the candidate ended it; 0 while it runs. */
static int64_t ended_at(const struct view *v)
{
	if (v->row.progress.state != ATTEMPT_ENDED)
		return 0;
	return v->row.ended_ms ? v->row.ended_ms : v->now_wall_ms - (v->now_service_ms - v->row.progress.closed_ms);
}

static int64_t extended(int64_t ms, int extra_m)
{
	return extra_m > 1000 ? (ms * extra_m + 999) / 1000 : ms;
}

int64_t attempt_extra_ms(const struct attempt_row *row, const struct blueprint *bp)
{
	return row->study ? 0 : extended(bp->duration_ms, row->extra_m) - bp->duration_ms;
}

static void add_clock(const struct view *v, struct buf *out)
{
	const struct progress *p = &v->row.progress;
	bool running = p->state != ATTEMPT_ENDED;
	const struct form_section *s = &v->fe->form->sections[p->section];
	/* During a break with a stopped clock what is left does not shrink: the deadline has the whole break in it. */
	bool stopped = p->state == ATTEMPT_ON_BREAK && s->clock_stopped && p->section_deadline_ms;
	int64_t left = p->deadline_ms - (stopped ? p->section_deadline_ms : v->now_service_ms);
	buf_adds(out, "{\"started_at\":");
	add_time(out, v->row.started_ms);
	buf_adds(out, ",\"ends_at\":");
	add_time(out, !running ? ended_at(v) : p->deadline_ms ? v->now_wall_ms + p->deadline_ms - v->now_service_ms : 0);
	buf_adds(out, ",\"now\":");
	add_time(out, v->now_wall_ms);
	add_ms_or_null(out, "left_ms", p->deadline_ms != 0, running ? left : 0);
	add_ms_or_null(out, "section_left_ms", running && p->section_deadline_ms, p->section_deadline_ms - v->now_service_ms);
	buf_addf(out, ",\"state\":\"%s\",\"outages_ms\":%lld,\"extra_time_ms\":%lld", attempt_state_name(v->row.phase, p->state),
	         (long long)v->outages_ms, (long long)attempt_extra_ms(&v->row, v->fe->bp));
}

bool view_clock(const struct view *v, bool cursor, struct buf *out, struct err *err)
{
	add_clock(v, out);
	buf_addf(out, ",\"section\":%zu,\"lease\":%lld", v->row.progress.section, (long long)v->row.lease);
	if (cursor)
		buf_addf(out, ",\"cursor\":%zu", v->row.progress.cursor);
	buf_addc(out, '}');
	return buf_check(out, "the clock", err);
}

/* ---- The whole attempt ---- */

struct printing {
	struct proctor *pr;
	const struct view *v;
	struct answer *answers;
	char **notes;
	struct hidden hidden;
	struct buf *out;
};

static void printing_finish(struct printing *p)
{
	size_t n = p->v->fe->form->n_items;
	answers_free(p->answers, n);
	for (size_t i = 0; p->notes && i < n; i++)
		free(p->notes[i]);
	free(p->notes);
	hidden_finish(&p->hidden);
}

static void add_study_feedback(struct printing *p, size_t index)
{
	const struct form_entry *fe = p->v->fe;
	_cleanup_json_ cJSON *response = NULL;
	struct mark mark;
	const struct answer *a = &p->answers[index];
	if (hidden_has(&p->hidden, fe->form->items[index].item) || !json_parse((struct str){a->body, a->body_len}, &response, NULL))
		return;
	mark_item(&fe->form->items[index], response, (enum partial_rule)fe->bp->partial, fe->bp->negative, &mark);
	buf_adds(p->out, ",\"feedback\":");
	add_feedback(fe, index, &mark, p->out);
}

static void add_item(struct printing *p, size_t index, bool closed)
{
	const struct view *v = p->v;
	const struct answer *a = &p->answers[index];
	struct buf *out = p->out;
	if (closed) {
		/* Where there is no way back, a passed question is not shown again. */
		const struct form_item *fi = &v->fe->form->items[index];
		buf_addf(out, "{\"id\":\"%s\",\"kind\":\"%s\",\"stem\":\"\",\"points\":", fi->id, item_kind_name(fi->item->kind));
		add_points(out, fi->item->points_m);
	} else {
		buf_addv(out, v->fe->pieces[index]);
	}
	buf_addf(out, ",\"n\":%zu,\"closed\":%s,\"seq\":%lld,\"response\":", index + 1, closed ? "true" : "false", (long long)a->seq);
	if (a->body)
		buf_add(out, a->body, a->body_len);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"saved_at\":");
	add_time(out, a->at_ms);
	add_bool(out, "flagged", a->flagged);
	if (a->confidence == EVENT_NONE)
		buf_adds(out, ",\"confidence\":null");
	else
		buf_addf(out, ",\"confidence\":%d", a->confidence);
	buf_addf(out, ",\"spent_ms\":%lld,\"note\":%s", (long long)a->spent_ms, p->notes[index] && !closed ? p->notes[index] : "null");
	if (v->row.study && a->body)
		add_study_feedback(p, index);
	buf_addc(out, '}');
}

static void add_items(struct printing *p, const struct form_section *s)
{
	const struct progress *pg = &p->v->row.progress;
	buf_adds(p->out, ",\"items\":[");
	for (size_t i = s->first; i < s->first + s->count; i++) {
		if (i > s->first)
			buf_addc(p->out, ',');
		add_item(p, i, s->no_return && i < pg->cursor && !p->v->row.study);
	}
	buf_addc(p->out, ']');
}

static void add_section(struct printing *p, size_t index)
{
	const struct view *v = p->v;
	const struct progress *pg = &v->row.progress;
	const struct form_section *s = &v->fe->form->sections[index];
	struct buf *out = p->out;
	bool ended = pg->state == ATTEMPT_ENDED, open = !ended && index == pg->section;
	buf_addf(out, "%s{\"id\":", index ? "," : "");
	buf_add_json(out, str_of(s->id));
	buf_adds(out, ",\"title\":");
	buf_add_json(out, str_of(s->title));
	add_bool(out, "break", s->is_break);
	buf_addf(out, ",\"state\":\"%s\"", open ? "open" : ended || index < pg->section ? "closed" : "later");
	add_ms_or_null(out, "duration_ms", s->duration_ms > 0, s->is_break ? s->duration_ms : extended(s->duration_ms, v->row.extra_m));
	add_ms_or_null(out, "left_ms", open && pg->section_deadline_ms, pg->section_deadline_ms - v->now_service_ms);
	add_bool(out, "no_return", s->no_return);
	buf_addf(out, ",\"count\":%zu", s->count);
	if ((open || v->row.study) && !s->is_break)
		add_items(p, s);
	buf_addc(out, '}');
}

static void add_rules(const struct view *v, struct buf *out)
{
	const struct blueprint *bp = v->fe->bp;
	buf_addf(out, ",\"rules\":{\"confidence\":%s,\"docs\":\"%s\",\"doc_urls\":[", bp->confidence ? "true" : "false", docs_name(bp->docs));
	for (size_t i = 0; i < bp->n_doc_urls; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(bp->doc_urls[i]));
	}
	buf_addc(out, ']');
	add_bool(out, "no_return", bp->no_return && !v->row.study);
	add_bool(out, "explanations", bp->explanations);
	buf_addc(out, '}');
}

static void add_docs(const struct view *v, struct buf *out)
{
	if (!docs_open(v))
		return;
	const struct bank *bank = v->fe->version->bank;
	buf_adds(out, ",\"docs\":[");
	for (size_t i = 0; i < bank->n_docs; i++) {
		buf_adds(out, i ? ",{\"id\":" : "{\"id\":");
		buf_add_json(out, str_of(bank->docs[i].id));
		buf_adds(out, ",\"title\":");
		buf_add_json(out, str_of(bank->docs[i].title));
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void add_head(const struct view *v, struct buf *out)
{
	const struct bank *bank = v->fe->version->bank;
	buf_addf(out, "{\"id\":\"%s\",\"exam\":\"%s/%s\",\"title\":", v->row.id, v->row.bank_id, v->row.exam);
	buf_add_json(out, str_of(v->fe->bp->title));
	buf_addf(out, ",\"bank\":{\"id\":\"%s\",\"title\":", v->row.bank_id);
	buf_add_json(out, str_of(bank->title));
	buf_adds(out, ",\"version\":");
	buf_add_json(out, str_of(bank->version ? bank->version : ""));
	if (bank->language) {
		buf_adds(out, ",\"language\":");
		buf_add_json(out, str_of(bank->language));
	}
	buf_addf(out, ",\"hash\":\"%s\"},\"mode\":\"%s\",\"state\":\"%s\",\"lease\":%lld,\"clock\":", v->fe->version->hash,
	         v->row.study ? "study" : "exam", attempt_state_name(v->row.phase, v->row.progress.state), (long long)v->row.lease);
	add_clock(v, out);
	buf_addc(out, '}');
	add_rules(v, out);
	add_docs(v, out);
}

bool view_json(struct proctor *pr, struct store *st, const struct view *v, struct buf *out, struct err *err)
{
	size_t n = v->fe->form->n_items;
	__attribute__((cleanup(printing_finish))) struct printing p = {.pr = pr, .v = v, .notes = xcalloc(n + 1, sizeof(char *)), .out = out};
	_cleanup_buf_ struct buf expectation = BUF(4096);
	if (!answers_load(st, v->row.key, n, &p.answers, err) || !store_note_each(st, v->row.key, take_note, p.notes, err) ||
	    !store_attempt_expectation_get(st, v->row.key, &expectation, err) ||
	    (v->row.study && !hidden_load(pr, st, v->row.account, v->row.bank_id, &p.hidden, err)))
		return false;
	form_entry_render(pr, v->fe);
	add_head(v, out);
	buf_adds(out, ",\"sections\":[");
	for (size_t i = 0; i < v->fe->form->n_sections; i++)
		add_section(&p, i);
	buf_addf(out, "],\"cursor\":%zu,\"expectation\":%s}", v->row.progress.cursor, expectation.len ? expectation.p : "null");
	return buf_check(out, "the attempt", err);
}

bool attempt_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                       struct err *err)
{
	_cleanup_view_ struct view v = {0};
	return view_load(pr, rd, who, attempt, &v, err) && view_json(pr, rd, &v, out, err);
}

bool attempt_clock_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                        struct err *err)
{
	_cleanup_view_ struct view v = {0};
	if (!view_load(pr, rd, who, attempt, &v, err))
		return false;
	if (who->lease && who->lease != v.row.lease)
		return err_set(err, ERR_SUPERSEDED, "this attempt has been opened in another window or on another device since");
	return view_clock(&v, false, out, err);
}
