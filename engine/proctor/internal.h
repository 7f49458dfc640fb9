/* Inside the proctor: what its files share. See proctor.h for who may call what on which thread.
 *
 * State and its guards:
 * - the service clock's start values never change after proctor_open(): any thread reads them;
 * - the catalogue (bank versions) and the form cache have a mutex each; what they hand out is counted and immutable;
 * - live attempts, the heartbeat and the next deadline belong to the writer thread alone;
 * - sessions have a mutex. */
#pragma once
#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"
#include "credential/signed.h"
#include "proctor/proctor.h"
#include "store/account.h"
#include "store/attempt.h"
#include "store/event.h"
#include "store/human_mark.h"
#include "store/result.h"
#include "store/service_clock.h"
#include <pthread.h>
#include <stdatomic.h>

/* Ceilings. */
#define ATTEMPT_EVENTS_MAX 20000     /* an attempt's events */
#define ATTEMPT_BYTES_MAX (32 << 20) /* their bodies together */
#define NOTE_MAX 8192
#define SPENT_MAX_MS (INT64_C(1) << 32)
#define SEQ_MAX INT64_C(2147483647)
#define SEQ_DEPTH 2000 /* how far back a repeated, older answer is looked up */
#define FORM_BYTES_MAX (8u << 20)
#define FORM_CACHE_MAX (128u << 20)    /* decoded forms: about 6,000 of 60 items */
#define RENDERED_CACHE_MAX (32u << 20) /* their items as text */
#define LIVE_MAX 20000                 /* attempts that the writer keeps in memory */
#define VERSION_BYTES_MAX (512u << 20)
#define RESULT_BYTES_MAX (16u << 20)
#define JSON_OUT_MAX (64u << 20)
#define LIST_MAX 500 /* attempts in a list */

/* ---- Bank versions (catalog.c) ---- */

/* Whose word there is for a version (release.c). */
struct version_release {
	int64_t number;             /* 0: nobody's, the bank is unofficial */
	char sha256[HASH_HEX_SIZE]; /* of its release.json */
	int64_t expires_ms;         /* new attempts begin before; known while it is offered */
	char *signers;              /* "Ana, Ben"; until it is stored */
	char roots[HASH_HEX_SIZE];  /* who was trusted when it was read */
};

struct version {
	atomic_int refs;
	int64_t row; /* of bank_version; 0 until stored */
	char hash[HASH_HEX_SIZE];
	struct bank *bank;
	char *dir; /* where it was read; NULL when it came from the store */
	struct version_release release;
	uint64_t images_built;   /* when it was loaded: see images.h */
	struct str *exam_rules;  /* per exam: static members of its page, rendered once */
	struct str *exam_briefs; /* per exam: static members of its line in the catalogue */
	bool *exam_feasible;     /* a form can be drawn */
	char **exam_reasons;     /* why not; or NULL */
	char *compiled;          /* until it is stored */
	size_t compiled_len;
};
struct version *version_ref(struct version *v);
void version_unref(struct version *v);
DEFINE_CLEANUP(struct version, version_unref)

/* A version by its row: from memory, else from the store. */
MUST_CHECK bool catalog_version(struct proctor *pr, struct store *st, int64_t row, struct version **ret, struct err *err);
/* An exam that is offered, by "bank/exam". ERR_NOT_FOUND. */
MUST_CHECK bool catalog_exam(struct proctor *pr, const char *exam, struct version **ret, const struct blueprint **ret_bp, struct err *err);
/* The same for study sessions of an author's about one item: on an author's server every bank also has BANK/workbench for them. */
MUST_CHECK bool catalog_bench(struct proctor *pr, const char *exam, struct version **ret, const struct blueprint **ret_bp, struct err *err);
/* The exam that attempts of a version belong to, by its id; or NULL. */
const struct blueprint *catalog_blueprint(const struct proctor *pr, const struct bank *bank, const char *exam);
/* The versions that are offered now, by bank id; the caller unrefs each and frees the array. */
struct version **catalog_current(struct proctor *pr, size_t *ret_n);

/* The members of an exam's entry in the catalogue, and of its own page, that depend on nobody (exams.c): without braces, owned by the
 * caller. */
void exam_describe(const struct version *v, size_t exam, struct str *ret_brief, struct str *ret_rules);

struct catalog;
struct catalog *catalog_create(const struct proctor_config *config);
void catalog_destroy(struct catalog *c);

/* ---- Forms (form_cache.c) ---- */

/* The items of a form as candidates see them: {"id":…,…} without the closing brace, since what changes is added behind. */
struct rendered {
	atomic_int refs;
	size_t n, size;
	struct str pieces[];
};
void rendered_unref(struct rendered *r);
DEFINE_CLEANUP(struct rendered, rendered_unref)

struct form_entry {
	atomic_int refs;
	char id[RNG_ID_SIZE]; /* of the attempt */
	struct version *version;
	const struct blueprint *bp;
	struct form *form;
	char hash[HASH_HEX_SIZE];
	size_t size; /* estimate */
	/* The cache's, under its lock: */
	struct rendered *rendered; /* or NULL */
	struct form_entry *newer, *older, *chain, *rendered_newer, *rendered_older;
	bool cached;
};
void form_entry_unref(struct form_entry *fe);
DEFINE_CLEANUP(struct form_entry, form_entry_unref)
/* Takes version (a reference) and form. */
struct form_entry *form_entry_create(const char *id, struct version *version, const struct blueprint *bp, struct form *form,
                                     const char *hash);
struct rendered *form_entry_render(struct proctor *pr, struct form_entry *fe); /* a reference */
void form_cache_put(struct proctor *pr, struct form_entry *fe);
MUST_CHECK bool form_cache_get(struct proctor *pr, struct store *st, const struct attempt_row *row, struct form_entry **ret,
                               struct err *err);

struct form_cache;
struct form_cache *form_cache_create(void);
void form_cache_destroy(struct form_cache *c);

/* ---- Live attempts (live.c): the writer's memory of attempts that run ---- */

struct live_item {
	int64_t saved_at_ms;
	int32_t seq; /* 0: never answered */
	uint32_t spent_ms;
	uint32_t late_ms; /* of the last answer */
	int8_t confidence;
	bool flagged, answered;
};
struct live {
	struct attempt_row row;
	int64_t n_events, bytes;
	uint64_t touched; /* store_job() of the last change; 0: none since it was loaded */
	uint64_t used;    /* store_transaction() of the last use */
	struct live *chain, *newer, *older;
	struct live_item items[];
};
struct live_table;
struct live_table *live_create(void);
void live_destroy(struct live_table *t);
/* The attempt, loaded if need be. ERR_NOT_FOUND also when it is not the caller's, ERR_SUPERSEDED for an older lease. */
MUST_CHECK bool live_get(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct live **ret,
                         struct err *err);
/* Without a caller: for the clock's work. */
MUST_CHECK bool live_load(struct proctor *pr, struct store *wr, const char *id, struct live **ret, struct err *err);
/* Appends an event (attempt, n and times are filled in) and keeps the heartbeat of this transaction. Mark the attempt as touched. */
MUST_CHECK bool live_append(struct proctor *pr, struct store *wr, struct live *l, struct event *e, struct err *err);
void live_drop(struct proctor *pr, struct live *l); /* forget this one */
void live_forget(struct proctor *pr);               /* those changed since what was rolled back */
size_t live_count(const struct live_table *t);

/* ---- Service time (service.c) ---- */

struct service {
	int64_t base_service_ms, base_monotonic_ms; /* set once */
	char boot_id[BOOT_ID_SIZE];
	/* The writer's: */
	int64_t asleep_ms;         /* BOOTTIME - MONOTONIC, as last seen */
	int64_t beat_ms;           /* service time of the last heartbeat */
	uint64_t beat_transaction; /* the transaction that has a heartbeat already */
	int64_t next_ms;           /* when the next attempt wants something; meaningful if next_known */
	bool next_known;
	int64_t swept_ms; /* when old sessions were swept */
};
MUST_CHECK bool service_start(struct proctor *pr, struct store *wr, struct err *err);
/* Persists the heartbeat once a transaction. */
MUST_CHECK bool service_beat(struct proctor *pr, struct store *wr, struct err *err);
/* After a change of deadlines. */
void service_changed(struct proctor *pr);
/* After a rollback: what is remembered of the last heartbeat may be wrong. */
void service_forget(struct proctor *pr);
int64_t proctor_wall_ms(const struct proctor *pr);
/* next_ms of an attempt row: when the clock has to do something about it. */
int64_t service_next(const struct attempt_row *row, const struct blueprint *bp);

/* ---- What one attempt looks like now (view.c) ---- */

struct view {
	struct attempt_row row; /* progress advanced to now */
	struct form_entry *fe;
	int64_t now_service_ms, now_wall_ms;
	int64_t outages_ms;
};
void view_finish(struct view *v);
#define _cleanup_view_ __attribute__((cleanup(view_finish)))
/* The caller's attempt; ERR_NOT_FOUND. */
MUST_CHECK bool view_load(struct proctor *pr, struct store *st, const struct caller *who, const char *id, struct view *ret,
                          struct err *err);
MUST_CHECK bool view_json(struct proctor *pr, struct store *st, const struct view *v, struct buf *out, struct err *err);
MUST_CHECK bool view_clock(const struct view *v, bool cursor, struct buf *out, struct err *err);
const char *attempt_state_name(enum attempt_phase phase, enum attempt_state s);
/* From a live attempt, for the writer's replies. */
MUST_CHECK bool view_live(struct proctor *pr, struct store *wr, const struct live *l, struct view *ret, struct err *err);
int64_t attempt_extra_ms(const struct attempt_row *row, const struct blueprint *bp);
void add_time(struct buf *out, int64_t wall_ms);    /* a quoted RFC 3339 time */
void add_points(struct buf *out, int64_t points_m); /* 1500 → 1.5 */
/* Feedback on one response, as JSON; for study, and for reports with explanations. */
void add_feedback(const struct form_entry *fe, size_t index, const struct mark *mark, struct buf *out);

/* Whether the bank's documents may be read with this attempt (docs.c). */
bool docs_open(const struct view *v);

/* The latest answer of each item of a form, read from the store. */
struct answer {
	int64_t seq, at_ms, late_ms, spent_ms;
	bool flagged;
	int confidence;
	char *body; /* canonical JSON; NULL: none, or cleared */
	size_t body_len;
};
MUST_CHECK bool answers_load(struct store *st, int64_t attempt, size_t n_items, struct answer **ret, struct err *err);
void answers_free(struct answer *answers, size_t n_items);

/* ---- Study (study.c) ---- */

/* Exams of the same account at the same bank that are running: while they are, a study session tells nothing about their items. */
struct hidden {
	struct form_entry *exams[16];
	size_t n;
};
MUST_CHECK bool hidden_load(struct proctor *pr, struct store *st, int64_t account, const char *bank_id, struct hidden *ret,
                            struct err *err);
bool hidden_has(const struct hidden *h, const struct item *item); /* the item, or one of its family */
void hidden_finish(struct hidden *h);
#define _cleanup_hidden_ __attribute__((cleanup(hidden_finish)))
/* Items of a bank by how they went: item ids are the bank's own strings. */
enum study_pool { POOL_ALL, POOL_MISSED, POOL_FLAGGED, POOL_NEW };
struct study_counts {
	int total, fresh, missed, flagged; /* fresh: never seen */
};
/* Fills ids (as many as the bank has items) with the pool; counts and by_domain (as many as the bank has domains) may be NULL. */
MUST_CHECK bool study_items(struct proctor *pr, struct store *st, int64_t account, const struct bank *bank, enum study_pool pool,
                            const char **ids, size_t *ret_n, struct study_counts *counts, struct study_counts *by_domain, struct err *err);

/* A draw_params_fn whose argument is the proctor, of which it takes the path of assay-params (begin.c). */
bool draw_params(void *arg, const struct bank *bank, const struct item *const *items, const uint64_t *seeds, size_t n, struct item **ret,
                 struct err *err);

/* ---- Rules as words and JSON (rules.c) ---- */

cJSON *blueprint_json(const struct blueprint *bp); /* every field that decides anything; canonical, for its hash */
void blueprint_hash(const struct blueprint *bp, char ret[HASH_HEX_SIZE]);
const char *method_name(enum score_method m);
const char *partial_name(int rule);
const char *docs_name(enum docs_rule d);
const char *show_name(enum report_show s);
const char *kind_name(enum blueprint_kind k);
int64_t span_add(int64_t wall_ms, const struct span *s);

/* Whether the retake rules allow an attempt now; *ret_next_ms is when they will, 0 for never. Does not fail when they refuse: *ret_allowed
 * is false. */
MUST_CHECK bool retake_check(struct proctor *pr, struct store *st, int64_t account, const char *bank_id, const struct blueprint *bp,
                             bool *ret_allowed, int64_t *ret_next_ms, char *ret_why, size_t why_size, struct err *err);
bool retake_relaxed(const struct proctor *pr, const struct caller *who);

/* ---- The end of an attempt (finish.c, result_doc.c) ---- */

/* Ends it: marks, scores, signs and stores the result (or leaves it to the markers). Writer, inside a savepoint. l is dropped from memory.
 */
MUST_CHECK bool finish_attempt(struct proctor *pr, struct store *wr, struct live *l, enum ended_by by, struct err *err);
/* Makes the next result of an attempt that has ended; *ret_ungraded > 0: people have to mark first, and nothing was made. */
MUST_CHECK bool finish_result(struct proctor *pr, struct store *wr, struct attempt_row *row, struct form_entry *fe, int *ret_ungraded,
                              struct err *err);

/* The mark that the rules alone give to an answer: MARK_UNGRADED where a person has to decide. */
MUST_CHECK bool finish_mark_one(const struct form_entry *fe, const struct answer *a, size_t index, struct mark *ret, struct err *err);
/* An item by its opaque id, or by its number on the form (marking.c). */
MUST_CHECK bool marking_item(const struct form *form, const char *item, int *ret, struct err *err);
/* Scored items of an ended attempt that wait for a person's mark. */
MUST_CHECK bool finish_ungraded(struct store *st, const struct attempt_row *row, const struct form_entry *fe, int *ret, struct err *err);

/* An ended attempt with its marks, as the corrections in force (see correction.h) and those of people have it. */
struct corrections;
struct correction_row;
struct assessed {
	size_t n; /* items */
	struct answer *answers;
	struct task_marks *tasks;    /* see task.h */
	struct person_marks *people; /* see marking.h */
	struct corrections *corrections;
	struct mark *marks;
	int ungraded; /* scored items that people or graders have to mark first; then there is no score */
	struct score score;
};
/* `extra`: a correction that is not stored, to see what it would do; or NULL. */
MUST_CHECK bool finish_assess(struct store *st, const struct attempt_row *row, const struct form_entry *fe,
                              const struct correction_row *extra, struct assessed *ret, struct err *err);
void assessed_finish(struct assessed *a); /* also after a failure */
#define _cleanup_assessed_ __attribute__((cleanup(assessed_finish)))

/* What went into a result. */
struct finished {
	const struct attempt_row *row;
	const struct form_entry *fe;
	const struct answer *answers;
	const struct task_marks *tasks;    /* see task.h */
	const struct person_marks *people; /* see marking.h */
	const struct mark *marks;
	const struct score *score;
	const struct corrections *corrections;
	const char *candidate; /* the account's name */
	const char *previous;  /* hash of the result before, or of the form */
	int n;                 /* which result of the attempt this is, from 1 */
	int64_t now_ms;
	struct outage outages[32];
	size_t n_outages; /* of all; the array holds the first 32 */
	int64_t outages_ms;
	bool retake_enforced;
	const struct sign_key *key;
	char key_hex[65];
};
cJSON *result_doc(const struct finished *f);
/* What the candidate may hand on: `doc` as far as the exam reports it. */
cJSON *result_doc_public(const struct finished *f, const cJSON *doc, const char *full_hash);
cJSON *result_brief(const struct finished *f, const cJSON *doc);
void result_add_digests(cJSON *doc);
cJSON *result_bands(const cJSON *doc);
/* Parts of a result document in the interface's shapes. */
cJSON *result_score_api(const cJSON *doc);
cJSON *result_groups_api(const cJSON *doc, const char *key);
/* Of hands-on tasks (result_task.c): the member of an item of the whole document; what of it the public one has; and both for the
 * interface. `explained`: messages and details too. */
void result_task_item(const struct finished *f, size_t index, cJSON *item);
void result_task_public(cJSON *item, bool explained);
void result_task_api(const cJSON *item, bool explained, cJSON *out);
/* What part of the exam was measured by doing: NULL when there was no task. From a document: `points` adds how it went. */
cJSON *result_hands_on_of(const struct finished *f);
cJSON *result_hands_on(const cJSON *doc, bool points, bool thousandths);
const char *band_name(double share, double cut_share);
enum report_show report_level(const struct attempt_row *row, const struct blueprint *bp); /* study sessions show all */
bool report_numbers(const struct attempt_row *row, const struct blueprint *bp);           /* whether any score is shown as a number */

/* ---- Sessions in memory (account.c) ---- */

struct session_cache;
struct session_cache *session_cache_create(void);
void session_cache_destroy(struct session_cache *c);
MUST_CHECK bool session_flush(struct proctor *pr, struct store *wr, struct err *err);

/* ---- Keys (keys.c) and the issuer (issuer.c); see keys.h ---- */

struct keys;
struct key_row;
struct keys *keys_create(const struct proctor_config *config);
void keys_destroy(struct keys *k);
/* Makes what is missing (passphrase, keys), takes over a data folder from before keys were sealed, and begins to unseal. `fresh`: nothing
 * was ever signed here. */
MUST_CHECK bool keys_start(struct proctor *pr, bool fresh, struct err *err);
/* A new key, of the given seed if that is not NULL; unseals first if need be. */
MUST_CHECK bool keys_make(struct proctor *pr, struct store *wr, int purpose, int state, const unsigned char *given, struct key_row *ret,
                          struct err *err);
/* After each change of a key: others notice, and the log has it (keys_change.c). `what`: "next", "active", "retired", "compromised". */
MUST_CHECK bool keys_changed(struct proctor *pr, struct store *wr, const char *what, const struct key_row *row, struct err *err);
/* Logs the DID document if it is another one than last time. */
MUST_CHECK bool keys_log_document(struct proctor *pr, struct store *wr, struct err *err);
/* False while a server still unseals in the background: key_active() would wait. */
bool keys_ready(struct proctor *pr);
/* The public part of the active key of a purpose; needs no unsealing. Any thread. */
void keys_public(struct proctor *pr, int purpose, unsigned char ret[SIGN_KEY_SIZE]);

struct issuer_box;
/* Reads DATA/issuer.yml, and --public-url; a command beside a server takes the address that the server was started with last. */
MUST_CHECK bool issuer_start(struct proctor *pr, struct err *err);
void issuer_destroy(struct issuer_box *box);

struct status_cache; /* signed status lists (status_list.c) */
struct status_cache *status_cache_create(void);
void status_cache_destroy(struct status_cache *c);

/* ---- All of it ---- */

DEFINE_CLEANUP(struct proctor, proctor_close)

struct proctor {
	char *data_dir, *db_path, *params_program, *picture_program, *public_url;
	struct picture_cache *pictures;
	bool accounts_required, enforce_retake, author, beside, alone;
	struct proctor_clock clock;
	int lock_fd;
	struct store *wr;
	unsigned char secret[RNG_SEED_SIZE];
	struct keys *keys;
	struct issuer_box *issuer;
	struct status_cache *status;
	struct service service;
	struct catalog *catalog;
	struct form_cache *forms;
	struct live_table *live;
	struct session_cache *sessions;
	struct boxes *boxes; /* see task.h */
	/* The transparency log; see log_tree.h. */
	char log_origin[201];        /* fixed at the start; empty only for a command before any server ran */
	struct witness *witness;     /* or NULL: no log is witnessed */
	bool log_grown, log_refused; /* the writer's: entries since the last commit; a signature was refused, which is said once */
};
