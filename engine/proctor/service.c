/* The service clock and what it does by itself. See proctor.h.
 *
 * Service time counts the milliseconds during which the server ran: the monotonic clock since the start, which stands still while the
 * machine sleeps, on top of the last persisted heartbeat. So an outage gives its time back by construction, and jumps of the wall clock
 * mean nothing. A heartbeat is written once a second while some attempt has a deadline, and in every transaction that appends events: after
 * a crash no event lies in the future. Each start and each sleep is recorded as an outage at the point where service time stood still.
 *
 * Deadlines: attempt.next_ms is indexed; the soonest is kept here, so that a tick with nothing due costs no SQL. */
#include "base/file.h"
#include "proctor/certify.h"
#include "proctor/keys.h"
#include "proctor/log_tree.h"
#include "proctor/rescore.h"
#include "proctor/task.h"
#include <stdio.h>

#define BEAT_BUSY_MS MS_SECOND
#define BEAT_IDLE_MS MS_MINUTE
#define ASLEEP_LEAST_MS 1000 /* shorter sleeps are not recorded */
#define SWEEP_MS MS_HOUR
#define DUE_MAX 16       /* attempts read at once … */
#define DUE_BUDGET_MS 10 /* … and how long one tick may work on them: answers wait meanwhile */

int64_t proctor_service_ms(const struct proctor *pr)
{
	return pr->service.base_service_ms + pr->clock.monotonic_ms() - pr->service.base_monotonic_ms;
}

int64_t proctor_wall_ms(const struct proctor *pr)
{
	return pr->clock.wall_ms();
}
void service_changed(struct proctor *pr)
{
	pr->service.next_known = false;
}

static int64_t asleep_ms(const struct proctor *pr)
{
	return pr->clock.boottime_ms() - pr->clock.monotonic_ms();
}

static void read_boot_id(const struct proctor *pr, char out[BOOT_ID_SIZE])
{
	_cleanup_buf_ struct buf text = BUF(BOOT_ID_SIZE - 1);
	if (pr->clock.boot_id)
		buf_adds(&text, pr->clock.boot_id);
	else if (!file_read("/proc/sys/kernel/random/boot_id", BOOT_ID_SIZE - 1, &text, NULL))
		buf_adds(&text, "unknown");
	struct str id = str_trim(buf_str(&text));
	snprintf(out, BOOT_ID_SIZE, "%.*s", STR_ARG(id));
}

/* How long the server was down: by the boot's own clock when it is the same boot, else by the wall clock, which may have jumped. */
static int64_t downtime(const struct proctor *pr, const struct heartbeat *last)
{
	bool same_boot = strcmp(last->boot_id, pr->service.boot_id) == 0 && strcmp(last->boot_id, "unknown") != 0;
	int64_t ms = same_boot ? pr->clock.boottime_ms() - last->boot_ms : pr->clock.wall_ms() - last->wall_ms;
	return ms > 0 ? ms : 0;
}

bool service_start(struct proctor *pr, struct store *wr, struct err *err)
{
	struct service *s = &pr->service;
	struct heartbeat last = {0};
	bool found;
	read_boot_id(pr, s->boot_id);
	s->asleep_ms = asleep_ms(pr);
	if (!store_begin(wr, err))
		return false;
	bool ok = store_heartbeat_get(wr, &last, &found, err);
	if (ok) {
		/* One millisecond on, so that what was before the outage and what came after it have different times. */
		s->base_service_ms = found ? last.service_ms + 1 : 1;
		s->base_monotonic_ms = pr->clock.monotonic_ms();
	}
	if (ok && found) {
		int64_t ms = downtime(pr, &last), now = pr->clock.wall_ms();
		struct outage o = {OUTAGE_STOP, last.service_ms, now - ms, now, ms};
		ok = store_outage_add(wr, &o, err);
	}
	if (ok && service_beat(pr, wr, err) && store_commit(wr, err))
		return true;
	store_rollback(wr);
	return false;
}

bool service_beat(struct proctor *pr, struct store *wr, struct err *err)
{
	struct service *s = &pr->service;
	if (s->beat_transaction == store_transaction(wr))
		return true;
	struct heartbeat beat = {proctor_service_ms(pr), pr->clock.wall_ms(), pr->clock.boottime_ms(), ""};
	memcpy(beat.boot_id, s->boot_id, sizeof beat.boot_id);
	if (!store_heartbeat_put(wr, &beat, err))
		return false;
	s->beat_transaction = store_transaction(wr);
	s->beat_ms = beat.service_ms;
	return true;
}

int64_t service_next(const struct attempt_row *row, const struct blueprint *bp)
{
	if (row->phase != PHASE_RUNNING)
		return ATTEMPT_NEVER;
	if (row->progress.state == ATTEMPT_ENDED)
		return row->progress.closed_ms + bp->grace_ms + 1; /* packets that were sent in time may still come */
	int64_t next = progress_next(&row->progress);
	return next == INT64_MAX ? ATTEMPT_NEVER : next;
}

/* The machine slept: BOOTTIME has gone on and MONOTONIC has not. */
static bool notice_sleep(struct proctor *pr, struct store *wr, struct err *err)
{
	int64_t asleep = asleep_ms(pr), grown = asleep - pr->service.asleep_ms;
	if (grown < ASLEEP_LEAST_MS)
		return true;
	int64_t now = pr->clock.wall_ms();
	struct outage o = {OUTAGE_SUSPEND, proctor_service_ms(pr), now - grown, now, grown};
	if (!store_outage_add(wr, &o, err) || !service_beat(pr, wr, err))
		return false;
	pr->service.asleep_ms = asleep;
	return true;
}

/* Moves one attempt on to now: closes sections, ends it, or finishes it once its grace is over. */
static bool advance(struct proctor *pr, struct store *wr, const char *id, struct err *err)
{
	struct live *l;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	if (!live_load(pr, wr, id, &l, err) || !form_cache_get(pr, wr, &l->row, &fe, err))
		return false;
	int64_t now = proctor_service_ms(pr);
	if (l->row.progress.state == ATTEMPT_ENDED)
		return finish_attempt(pr, wr, l, ENDED_BY_TIME, err);
	struct progress p = l->row.progress;
	progress_advance(&p, fe->form, l->row.extra_m, now);
	struct attempt_row row = l->row;
	row.progress = p;
	struct event e = {.kind = EVENT_ADVANCE, .item = (int)p.section};
	if (!live_append(pr, wr, l, &e, err) || !store_attempt_progress(wr, l->row.key, &p, service_next(&row, fe->bp), err))
		return false;
	l->row.progress = p;
	if (p.state == ATTEMPT_ENDED)
		boxes_wake(pr);
	return true;
}

/* Each attempt in a savepoint of its own; one that cannot be moved on is put off for a minute, so that it does not keep others waiting. */
static void advance_one(struct proctor *pr, struct store *wr, const char *id, struct err *err)
{
	struct err inner;
	if (!store_savepoint(wr, err))
		return;
	if (advance(pr, wr, id, &inner) && store_release(wr, &inner))
		return;
	store_rollback_savepoint(wr);
	live_forget(pr);
	pr->service.beat_transaction = 0;
	err_set(err, inner.code, "attempt %s: %s", id, inner.msg);
	struct attempt_row row;
	if (store_attempt_get(wr, id, &row, NULL) &&
	    !store_attempt_progress(wr, row.key, &row.progress, proctor_service_ms(pr) + MS_MINUTE, &inner))
		err_set(err, inner.code, "attempt %s: %s", id, inner.msg);
}

/* True when more is waiting. */
static bool advance_due(struct proctor *pr, struct store *wr, struct err *err)
{
	char ids[DUE_MAX][RNG_ID_SIZE];
	size_t n = 0;
	int64_t stop_ms = pr->clock.monotonic_ms() + DUE_BUDGET_MS;
	if (!store_attempt_due(wr, proctor_service_ms(pr), ids, DUE_MAX, &n, err))
		return false;
	size_t done = 0;
	while (done < n && (done == 0 || pr->clock.monotonic_ms() < stop_ms))
		advance_one(pr, wr, ids[done++], err);
	service_changed(pr);
	return done < n || n == DUE_MAX;
}

static bool learn_next(struct proctor *pr, struct store *wr, struct err *err)
{
	if (!pr->service.next_known && !store_attempt_next(wr, &pr->service.next_ms, err))
		return false;
	pr->service.next_known = true;
	return true;
}

static bool sweep_sessions(struct proctor *pr, struct store *wr, struct err *err)
{
	struct service *s = &pr->service;
	int64_t now = proctor_service_ms(pr);
	if (!session_flush(pr, wr, err))
		return false;
	if (s->swept_ms && now - s->swept_ms < SWEEP_MS)
		return true;
	s->swept_ms = now;
	return store_session_delete_old(wr, pr->clock.wall_ms() - 7 * MS_DAY, pr->clock.wall_ms() - 12 * MS_HOUR, err);
}

void service_forget(struct proctor *pr)
{
	pr->service.beat_transaction = 0;
	pr->service.beat_ms = -BEAT_IDLE_MS; /* so the next tick writes, and shows whether the storage works again */
	service_changed(pr);
}

static int64_t work(struct proctor *pr, struct store *wr, struct err *err)
{
	struct service *s = &pr->service;
	struct err ignored; /* whoever signs hears of it */
	(void)!keys_refresh(pr, wr, &ignored);
	if (!notice_sleep(pr, wr, err) || !learn_next(pr, wr, err) || !sweep_sessions(pr, wr, err))
		return MS_SECOND;
	int64_t now = proctor_service_ms(pr);
	if (s->next_ms <= now) {
		if (advance_due(pr, wr, err))
			return 0;
		if (!learn_next(pr, wr, err))
			return MS_SECOND;
	}
	now = proctor_service_ms(pr);
	if (now - s->beat_ms >= (s->next_ms == INT64_MAX ? BEAT_IDLE_MS : BEAT_BUSY_MS) && !service_beat(pr, wr, err))
		return MS_SECOND;
	int64_t wait = s->next_ms == INT64_MAX ? MS_SECOND : s->next_ms - now;
	return wait < 0 ? 0 : wait > MS_SECOND ? MS_SECOND : wait;
}

int64_t proctor_tick(struct proctor *pr, struct store *wr, struct err *err)
{
	int64_t wait_ms = work(pr, wr, err);
	bool more = certify_tick(pr, wr, err);
	more |= rescore_tick(pr, wr, err);
	log_tick(pr, wr);
	return more ? 0 : wait_ms;
}

void proctor_seal(struct proctor *pr, struct store *wr)
{
	if (pr->log_grown)
		log_tick(pr, wr);
	pr->log_grown = false;
}
