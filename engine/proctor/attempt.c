/* What a candidate changes in an attempt besides answers: notes, taking over, moving on, leaving a section, expectations, the end. See
 * proctor.h. Each first brings the attempt up to the present, so that a deadline that has passed counts before what the candidate asks. */
#include "proctor/internal.h"
#include <stdio.h>

/* A live attempt with its form. */
struct handle {
	struct live *l;
	struct form_entry *fe;
};
static void handle_finish(struct handle *h)
{
	form_entry_unref(h->fe);
}
#define _cleanup_handle_ __attribute__((cleanup(handle_finish)))

static bool open_attempt(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct handle *ret,
                         struct err *err)
{
	return live_get(pr, wr, who, id, &ret->l, err) && form_cache_get(pr, wr, &ret->l->row, &ret->fe, err);
}

static bool save_progress(struct proctor *pr, struct store *wr, const struct handle *h, const struct progress *p, struct event *e,
                          struct err *err)
{
	struct attempt_row row = h->l->row;
	row.progress = *p;
	if (!live_append(pr, wr, h->l, e, err) || !store_attempt_progress(wr, row.key, p, service_next(&row, h->fe->bp), err))
		return false;
	h->l->row.progress = *p;
	service_changed(pr);
	return true;
}

static bool find_item(const struct handle *h, const char *item, int *ret, struct err *err)
{
	int index = form_find(h->fe->form, item);
	if (index < 0)
		return err_set(err, ERR_NOT_ON_FORM, "item '%.40s' is not on the form of this attempt", item);
	*ret = index;
	return true;
}

static bool must_run(const struct handle *h, struct err *err)
{
	return h->l->row.phase == PHASE_RUNNING ? true : err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
}

static bool reply_attempt(struct proctor *pr, struct store *wr, const struct live *l, struct buf *out, struct err *err)
{
	_cleanup_view_ struct view v = {0};
	return view_live(pr, wr, l, &v, err) && view_json(pr, wr, &v, out, err);
}

bool attempt_note(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item, const cJSON *body,
                  struct buf *out, struct err *err)
{
	static const char *const keys[] = {"note", NULL};
	_cleanup_handle_ struct handle h = {0};
	const cJSON *note;
	int index;
	if (!open_attempt(pr, wr, who, attempt, &h, err) || !find_item(&h, item, &index, err) || !must_run(&h, err))
		return false;
	if (!cJSON_IsObject(body) || !json_only_keys(body, "", keys, err) || !json_get_object(body, "", "note", &note, err))
		return cJSON_IsObject(body) ? false : err_set(err, ERR_INVALID, "the body must be an object with note");
	int64_t now = proctor_service_ms(pr), late_ms;
	struct progress p = h.l->row.progress;
	progress_advance(&p, h.fe->form, h.l->row.extra_m, now);
	_cleanup_buf_ struct buf bytes = BUF(NOTE_MAX);
	json_print(note, &bytes);
	int64_t at_ms = proctor_wall_ms(pr);
	if (!progress_may_answer(&p, h.fe->form, (size_t)index, 0, now, &late_ms, err) || !buf_check(&bytes, "the note", err) ||
	    !service_beat(pr, wr, err) || !store_note_put(wr, h.l->row.key, index, buf_str(&bytes), at_ms, err))
		return false;
	buf_adds(out, "{\"saved_at\":");
	add_time(out, at_ms);
	buf_addc(out, '}');
	return true;
}

bool attempt_claim(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, struct buf *out, struct err *err)
{
	_cleanup_handle_ struct handle h = {0};
	struct caller anew = *who;
	anew.lease = 0; /* whoever claims has none, or an old one */
	if (!open_attempt(pr, wr, &anew, attempt, &h, err) || !must_run(&h, err))
		return false;
	if (h.l->n_events >= ATTEMPT_EVENTS_MAX)
		return err_set(err, ERR_TOO_LARGE, "this attempt has changed hands too often");
	struct event e = {.kind = EVENT_CLAIM, .item = 0};
	int64_t lease = h.l->row.lease + 1;
	if (!live_append(pr, wr, h.l, &e, err) || !store_attempt_lease(wr, h.l->row.key, lease, err))
		return false;
	h.l->row.lease = lease;
	buf_addf(out, "{\"lease\":%lld,\"attempt\":", (long long)lease);
	if (!reply_attempt(pr, wr, h.l, out, err))
		return false;
	buf_addc(out, '}');
	return true;
}

bool attempt_move(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body, struct buf *out,
                  struct err *err)
{
	static const char *const keys[] = {"item", NULL};
	_cleanup_handle_ struct handle h = {0};
	const char *item = NULL;
	int index;
	if (!open_attempt(pr, wr, who, attempt, &h, err) || !must_run(&h, err))
		return false;
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object with item");
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "item", 40, &item, err) || !find_item(&h, item, &index, err))
		return false;
	struct progress p = h.l->row.progress;
	progress_advance(&p, h.fe->form, h.l->row.extra_m, proctor_service_ms(pr));
	size_t before = p.cursor;
	if (!progress_move(&p, h.fe->form, (size_t)index, err))
		return false;
	/* Where there is a way back, a move changes nothing and is not recorded. */
	struct event e = {.kind = EVENT_MOVE, .item = index};
	if (p.cursor != before && !save_progress(pr, wr, &h, &p, &e, err))
		return false;
	_cleanup_view_ struct view v = {0};
	return view_live(pr, wr, h.l, &v, err) && view_clock(&v, true, out, err);
}

/* Whether the section that the body names, if it names one, has been left already. */
static bool is_left(const struct handle *h, const struct progress *now, const cJSON *body, bool *ret_left, struct err *err)
{
	static const char *const keys[] = {"section", NULL};
	const char *id = NULL;
	*ret_left = false;
	if (body && (!json_only_keys(body, "", keys, err) || !json_opt_str(body, "", "section", 64, &id, err)))
		return false;
	if (!id)
		return true;
	for (size_t i = 0; i < h->fe->form->n_sections; i++)
		if (strcmp(h->fe->form->sections[i].id, id) == 0) {
			*ret_left = i < now->section;
			return i <= now->section ? true : err_set(err, ERR_SECTION_CLOSED, "section '%s' is not open yet", id);
		}
	return err_set(err, ERR_NOT_FOUND, "this attempt has no section '%s'", id);
}

bool attempt_section(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body,
                     struct buf *out, struct err *err)
{
	_cleanup_handle_ struct handle h = {0};
	bool left;
	if (!open_attempt(pr, wr, who, attempt, &h, err) || !must_run(&h, err))
		return false;
	struct progress p = h.l->row.progress, now = p;
	progress_advance(&now, h.fe->form, h.l->row.extra_m, proctor_service_ms(pr));
	if (!is_left(&h, &now, body, &left, err))
		return false;
	if (left)
		return reply_attempt(pr, wr, h.l, out, err);
	struct event e = {.kind = EVENT_SECTION, .item = (int)p.section};
	if (!progress_leave_section(&p, h.fe->form, h.l->row.extra_m, proctor_service_ms(pr), err))
		return false;
	if (p.state != ATTEMPT_ENDED || p.closed_ms)
		return save_progress(pr, wr, &h, &p, &e, err) && reply_attempt(pr, wr, h.l, out, err);
	/* The last section was left by hand: that is the end. */
	char id[RNG_ID_SIZE];
	memcpy(id, h.l->row.id, sizeof id);
	return finish_attempt(pr, wr, h.l, ENDED_BY_CANDIDATE, err) && live_load(pr, wr, id, &h.l, err) && reply_attempt(pr, wr, h.l, out, err);
}

bool attempt_submit(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, struct buf *out, struct err *err)
{
	_cleanup_handle_ struct handle h = {0};
	if (!open_attempt(pr, wr, who, attempt, &h, err))
		return false;
	/* Submitting what has ended is the same request again, or came second to the clock: either way the answer is the ended attempt. */
	struct progress p = h.l->row.progress;
	progress_advance(&p, h.fe->form, h.l->row.extra_m, proctor_service_ms(pr));
	if (h.l->row.phase == PHASE_RUNNING && p.state != ATTEMPT_ENDED) {
		if (!finish_attempt(pr, wr, h.l, ENDED_BY_CANDIDATE, err) || !live_load(pr, wr, attempt, &h.l, err))
			return false;
	}
	return reply_attempt(pr, wr, h.l, out, err);
}

/* ---- Expectations ---- */

static bool check_expectation(const cJSON *body, struct err *err)
{
	static const char *const keys[] = {"goal", "expected_share", "years", "skipped", NULL}, *const goals[] = {"pass", "learn", "refresh",
	                                                                                                          "curious"};
	const char *goal = NULL;
	double number = 0;
	bool skipped = false, known = false;
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object");
	if (!json_only_keys(body, "", keys, err) || !json_opt_str(body, "", "goal", 20, &goal, err) ||
	    !json_opt_double(body, "", "expected_share", 0, 1, &number, err) || !json_opt_double(body, "", "years", 0, 80, &number, err) ||
	    !json_opt_bool(body, "", "skipped", &skipped, err))
		return false;
	for (size_t i = 0; goal && i < ARRAY_SIZE(goals); i++)
		known |= strcmp(goal, goals[i]) == 0;
	return !goal || known ? true : err_set(err, ERR_INVALID, "goal must be pass, learn, refresh or curious");
}

bool attempt_expectation(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body,
                         struct err *err)
{
	_cleanup_handle_ struct handle h = {0};
	_cleanup_buf_ struct buf before = BUF(4096), now = BUF(4096);
	if (!open_attempt(pr, wr, who, attempt, &h, err) || !must_run(&h, err) || !check_expectation(body, err) ||
	    !store_attempt_expectation_get(wr, h.l->row.key, &before, err))
		return false;
	json_print(body, &now);
	if (before.len)
		return str_eq(buf_str(&before), buf_str(&now))
		           ? true
		           : err_set(err, ERR_CONFLICT, "this was said already, and is not changed in hindsight");
	struct event e = {.kind = EVENT_EXPECTATION, .item = 0};
	return buf_check(&now, "the expectation", err) && live_append(pr, wr, h.l, &e, err) &&
	       store_attempt_expectation(wr, h.l->row.key, now.p, err);
}
