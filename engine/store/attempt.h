/* Attempts: where each stands, its form, and what lists show of it. What happened in it is in store/event.h. */
#pragma once
#include "base/hash.h"
#include "base/rng.h"
#include "exam/exam.h"
#include "store/store.h"

#define ATTEMPT_NEVER 0 /* next_ms: nothing happens by itself */
#define ATTEMPT_NAME_SIZE 65

enum attempt_phase { PHASE_RUNNING, PHASE_REVIEWING, PHASE_FINAL };
enum ended_by { ENDED_NOT, ENDED_BY_CANDIDATE, ENDED_BY_TIME };

struct attempt_row {
	int64_t key;
	char id[RNG_ID_SIZE];
	int64_t account, version;                                 /* version: row of the bank's version */
	char bank_id[ATTEMPT_NAME_SIZE], exam[ATTEMPT_NAME_SIZE]; /* exam: the blueprint's id */
	bool study, relaxed;
	int items, extra_m;
	int64_t lease;
	struct progress progress;
	int64_t next_ms; /* service time; ATTEMPT_NEVER */
	int64_t begun_service_ms, started_ms;
	enum attempt_phase phase;
	enum ended_by ended_by;
	int64_t ended_ms, ended_service_ms; /* 0 while it runs */
	int answered;
};

/* title: of the exam, for lists. */
MUST_CHECK bool store_attempt_add(struct store *st, const struct attempt_row *row, const char *title, struct str form,
                                  const char *form_hash, int64_t *ret_key, struct err *err);
MUST_CHECK bool store_attempt_get(struct store *st, const char *id, struct attempt_row *ret, struct err *err); /* ERR_NOT_FOUND */
MUST_CHECK bool store_attempt_form(struct store *st, int64_t key, struct buf *bytes, char ret_hash[HASH_HEX_SIZE], struct err *err);
MUST_CHECK bool store_attempt_progress(struct store *st, int64_t key, const struct progress *p, int64_t next_ms, struct err *err);
MUST_CHECK bool store_attempt_lease(struct store *st, int64_t key, int64_t lease, struct err *err);
/* phase, ended_*, answered and progress of the row; nothing happens by itself any more. */
MUST_CHECK bool store_attempt_end(struct store *st, const struct attempt_row *row, struct err *err);

/* What lists show once the result is there. passed: 1, 0, or -1 where there is no verdict. */
struct attempt_brief {
	int passed;
	int share_m;
	int64_t release_ms;
	const char *json; /* {"verdict", "score", "domains"} as far as the exam reports them */
};
MUST_CHECK bool store_attempt_brief(struct store *st, int64_t key, const struct attempt_brief *brief, struct err *err);

MUST_CHECK bool store_attempt_expectation(struct store *st, int64_t key, const char *json, struct err *err);
/* Empty when there is none. */
MUST_CHECK bool store_attempt_expectation_get(struct store *st, int64_t key, struct buf *out, struct err *err);

/* The running attempt of an account at an exam; *ret_id empty when there is none. */
MUST_CHECK bool store_attempt_running(struct store *st, int64_t account, const char *bank_id, const char *exam, bool study,
                                      char ret_id[RNG_ID_SIZE], struct err *err);
/* Ids of running attempts in exam mode of an account at a bank; at most `max`. */
MUST_CHECK bool store_attempt_running_exams(struct store *st, int64_t account, const char *bank_id, char (*ret_ids)[RNG_ID_SIZE],
                                            size_t max, size_t *ret_n, struct err *err);
/* Attempts that wait for people's marks, oldest first. */
MUST_CHECK bool store_attempt_reviewing(struct store *st, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err);
/* Attempts in which something has to happen by itself by now, soonest first; at most `max`. */
MUST_CHECK bool store_attempt_due(struct store *st, int64_t now_service_ms, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n,
                                  struct err *err);
MUST_CHECK bool store_attempt_next(struct store *st, int64_t *ret_next_ms, struct err *err); /* INT64_MAX: nothing */

/* For lists, newest first. `brief` is NULL without a result, whatever its release. */
struct attempt_item {
	const char *id, *bank_id, *exam, *title, *brief;
	int64_t key, version, started_ms, ended_ms, ended_service_ms, begun_service_ms, release_ms;
	int64_t deadline_ms, closed_ms; /* see struct progress */
	bool study;
	enum attempt_phase phase;
	enum attempt_state state;
	enum ended_by ended_by;
	int items, answered, share_m, passed;
};
typedef bool store_attempt_fn(void *arg, const struct attempt_item *item, struct err *err);
MUST_CHECK bool store_attempt_each(struct store *st, int64_t account, int max, store_attempt_fn *fn, void *arg, struct err *err);
/* One row an exam: how often an account has taken it in exam mode, and the best released result. */
struct attempt_sum {
	const char *bank_id, *exam, *running, *best; /* running: an attempt's id, best: a brief; or NULL */
	int done;
};
typedef bool store_attempt_sum_fn(void *arg, const struct attempt_sum *sum, struct err *err);
MUST_CHECK bool store_attempt_sums(struct store *st, int64_t account, int64_t now_ms, store_attempt_sum_fn *fn, void *arg, struct err *err);

struct attempt_counts {
	int64_t running, reviewing, final;
};
MUST_CHECK bool store_attempt_counts(struct store *st, struct attempt_counts *ret, struct err *err);
