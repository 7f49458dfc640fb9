/* Problems that candidates report, and the authors' queue of them: one issue a question of a bank. */
#pragma once
#include "base/rng.h"
#include "store/store.h"

enum issue_state { ISSUE_OPEN, ISSUE_ACCEPTED, ISSUE_FIXED, ISSUE_DECLINED, ISSUE_STATES };
enum problem_kind {
	PROBLEM_WRONG_KEY,
	PROBLEM_UNCLEAR,
	PROBLEM_MISTAKE,
	PROBLEM_SEVERAL_RIGHT,
	PROBLEM_OUTDATED,
	PROBLEM_TECHNICAL,
	PROBLEM_OTHER,
	PROBLEM_KINDS
};
enum issue_what { ISSUE_COMMENT, ISSUE_STATE, ISSUE_OWNER, ISSUE_ANSWER, ISSUE_CORRECTION, ISSUE_REOPENED, ISSUE_WHATS };

static inline bool issue_is_closed(enum issue_state s)
{
	return s == ISSUE_FIXED || s == ISSUE_DECLINED;
}

/* Strings are valid during the call that gives them. */
struct issue_row {
	int64_t id;
	const char *bank_id, *item_id;
	enum issue_state state;
	const char *owner, *answer; /* or NULL */
	int64_t opened_ms, changed_ms;
	int reports, open_reports, comments; /* all; those that are not closed yet; entries that are comments */
	int kinds[PROBLEM_KINDS];            /* all reports by kind */
};
typedef bool store_issue_fn(void *arg, const struct issue_row *row, struct err *err);
/* Those of a bank (NULL: all) and in a state (ISSUE_STATES: any) that have reports or entries; what changed last comes first. */
MUST_CHECK bool store_issue_each(struct store *st, const char *bank_id, enum issue_state state, int max, store_issue_fn *fn, void *arg,
                                 struct err *err);
/* One; *ret_there false: there is none, and fn was not called. */
MUST_CHECK bool store_issue_get(struct store *st, const char *bank_id, const char *item_id, store_issue_fn *fn, void *arg, bool *ret_there,
                                struct err *err);
/* The row of a question, made if need be. */
MUST_CHECK bool store_issue_make(struct store *st, const char *bank_id, const char *item_id, int64_t now_ms, int64_t *ret_id,
                                 enum issue_state *ret_state, struct err *err);
/* NULL: nobody, nothing. */
MUST_CHECK bool store_issue_change(struct store *st, int64_t id, enum issue_state state, const char *owner, const char *answer,
                                   int64_t now_ms, struct err *err);

struct issue_entry {
	int64_t at_ms;
	enum issue_what what;
	const char *who, *text;
};
MUST_CHECK bool store_issue_entry_add(struct store *st, int64_t issue, const struct issue_entry *entry, struct err *err);
typedef bool store_issue_entry_fn(void *arg, const struct issue_entry *entry, struct err *err);
MUST_CHECK bool store_issue_entry_each(struct store *st, int64_t issue, store_issue_entry_fn *fn, void *arg, struct err *err);
MUST_CHECK bool store_issue_entries(struct store *st, int64_t issue, int64_t *ret_n, struct err *err);

struct problem_row {
	int64_t id, issue, account, attempt;
	int item;
	enum problem_kind kind;
	const char *text;
	int64_t made_ms, changed_ms;
	bool closed;
	enum issue_state state; /* of the issue; of a closed one that with which it was closed */
	const char *answer;     /* or NULL; in the same way */
	/* Of its attempt, for those who read reports. */
	char attempt_id[RNG_ID_SIZE];
	bool study;
};
typedef bool store_problem_fn(void *arg, const struct problem_row *row, struct err *err);
/* Newest first, 500 at most. */
MUST_CHECK bool store_problem_of_issue(struct store *st, int64_t issue, store_problem_fn *fn, void *arg, struct err *err);
MUST_CHECK bool store_problem_of_account(struct store *st, int64_t account, int64_t attempt, store_problem_fn *fn, void *arg,
                                         struct err *err); /* by item */
/* The newest of an account at an issue; *ret_there. Strings are left out. */
MUST_CHECK bool store_problem_latest(struct store *st, int64_t issue, int64_t account, struct problem_row *ret, bool *ret_there,
                                     struct err *err);
/* How many an account has made since, and how many it has at an attempt. */
MUST_CHECK bool store_problem_counts(struct store *st, int64_t account, int64_t attempt, int64_t since_ms, int64_t *ret_since,
                                     int64_t *ret_attempt, struct err *err);
/* id 0: added; else its attempt, item, kind, text and changed_ms are replaced. */
MUST_CHECK bool store_problem_put(struct store *st, const struct problem_row *row, struct err *err);
MUST_CHECK bool store_problem_delete(struct store *st, int64_t id, struct err *err);
/* The issue's open reports are closed with it. */
MUST_CHECK bool store_problem_close(struct store *st, int64_t issue, enum issue_state state, const char *answer, struct err *err);
