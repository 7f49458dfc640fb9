/* Attempts in the writer's memory: where each stands, and of each item the last answer's number and time, so that saving an answer
 * reads nothing from the store. Loaded on demand; the least recently used dropped above LIVE_MAX. The writer thread alone uses it.
 *
 * What is here equals what the writing connection sees. After a rollback, those that were changed since are dropped and loaded again; the
 * others stay: a request that fails must not cost everybody else their place in memory. In the order of use, all that this transaction has
 * used come first. */
#include "proctor/internal.h"

#define BUCKETS 16384

struct live_table {
	struct live *buckets[BUCKETS];
	struct live *newest, *oldest;
	size_t n;
};

static size_t bucket(const char *id)
{
	uint64_t h = 1469598103934665603u;
	for (; *id; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211u;
	return h % BUCKETS;
}

struct live_table *live_create(void)
{
	return xcalloc(1, sizeof(struct live_table));
}
size_t live_count(const struct live_table *t)
{
	return t->n;
}

static void unlink_used(struct live_table *t, struct live *l)
{
	*(l->newer ? &l->newer->older : &t->newest) = l->older;
	*(l->older ? &l->older->newer : &t->oldest) = l->newer;
}

static void push_newest(struct live_table *t, struct live *l)
{
	l->newer = NULL;
	l->older = t->newest;
	*(t->newest ? &t->newest->newer : &t->oldest) = l;
	t->newest = l;
}

static void drop(struct live_table *t, struct live *l)
{
	struct live **at = &t->buckets[bucket(l->row.id)];
	while (*at != l)
		at = &(*at)->chain;
	*at = l->chain;
	unlink_used(t, l);
	t->n--;
	free(l);
}

void live_drop(struct proctor *pr, struct live *l)
{
	drop(pr->live, l);
}

void live_forget(struct proctor *pr)
{
	const struct store *wr = pr->wr;
	uint64_t from = store_in_transaction(wr) ? store_job(wr) : store_first_job(wr);
	struct live *next;
	for (struct live *l = pr->live->newest; l && l->used == store_transaction(wr); l = next) {
		next = l->older;
		if (l->touched >= from)
			drop(pr->live, l);
	}
}

void live_destroy(struct live_table *t)
{
	while (t && t->oldest)
		drop(t, t->oldest);
	free(t);
}

static bool take_answer(void *arg, const struct event *e, struct err *err)
{
	(void)err;
	struct live *l = arg;
	l->items[e->item] = (struct live_item){
	    .saved_at_ms = e->at_ms,
	    .seq = (int32_t)e->seq,
	    .spent_ms = (uint32_t)e->spent_ms,
	    .late_ms = (uint32_t)e->late_ms,
	    .confidence = (int8_t)e->confidence,
	    .flagged = e->flagged,
	    .answered = e->body.p != NULL,
	};
	return true;
}

static bool load(struct proctor *pr, struct store *wr, const char *id, struct live **ret, struct err *err)
{
	struct attempt_row row;
	if (!store_attempt_get(wr, id, &row, err))
		return false;
	struct live *l = xcalloc(1, sizeof *l + (size_t)row.items * sizeof *l->items);
	l->row = row;
	l->used = store_transaction(wr);
	if (!store_event_totals(wr, row.key, &l->n_events, &l->bytes, err) ||
	    !store_event_latest(wr, row.key, (size_t)row.items, take_answer, l, err)) {
		free(l);
		return false;
	}
	struct live_table *t = pr->live;
	struct live **head = &t->buckets[bucket(id)];
	l->chain = *head;
	*head = l;
	push_newest(t, l);
	t->n++;
	while (t->n > LIVE_MAX && t->oldest != l)
		drop(t, t->oldest);
	*ret = l;
	return true;
}

bool live_load(struct proctor *pr, struct store *wr, const char *id, struct live **ret, struct err *err)
{
	struct live *l = pr->live->buckets[bucket(id)];
	while (l && strcmp(l->row.id, id) != 0)
		l = l->chain;
	if (!l)
		return load(pr, wr, id, ret, err);
	if (l != pr->live->newest) {
		unlink_used(pr->live, l);
		push_newest(pr->live, l);
	}
	l->used = store_transaction(wr);
	*ret = l;
	return true;
}

bool live_get(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct live **ret, struct err *err)
{
	struct live *l;
	if (!live_load(pr, wr, id, &l, err))
		return false;
	if (l->row.account != who->account)
		return err_set(err, ERR_NOT_FOUND, "there is no such attempt");
	if (who->lease && who->lease != l->row.lease)
		return err_set(err, ERR_SUPERSEDED, "this attempt has been opened in another window or on another device since");
	*ret = l;
	return true;
}

bool live_append(struct proctor *pr, struct store *wr, struct live *l, struct event *e, struct err *err)
{
	e->attempt = l->row.key;
	e->n = l->n_events + 1;
	e->at_ms = proctor_wall_ms(pr);
	e->service_ms = proctor_service_ms(pr);
	l->touched = store_job(wr);
	if (!service_beat(pr, wr, err) || !store_event_add(wr, e, err)) {
		pr->service.beat_transaction = 0; /* rolled back with the rest */
		return false;
	}
	l->n_events++;
	l->bytes += (int64_t)e->body.len;
	return true;
}
