/* The use cases: what candidates, authors and operators do, each one function; the only place that combines bank, exam, store and
 * credential.
 *
 * Threads. A `struct proctor` is shared: its catalogue of bank versions is guarded inside. Functions take the store connection
 * they run on: `rd` is any read-only connection (short transactions), `wr` is the writing one and such functions run only
 * on the writer thread, inside a savepoint that is rolled back when they return false. Functions without either may take long and run on
 * the pool.
 *
 * Answers to requests are appended to `out` as JSON, in the shapes of docs/openapi.yaml. */
#pragma once
#include "base/json.h"
#include "base/rng.h"
#include "store/store.h"

struct proctor;
struct writer;
struct sandbox;
struct grade_job;
struct grade_result;

/* Where time comes from; tests give their own. */
struct proctor_clock {
	int64_t (*wall_ms)(void);      /* UTC since 1970; may jump */
	int64_t (*monotonic_ms)(void); /* stands still while the machine sleeps */
	int64_t (*boottime_ms)(void);  /* goes on then */
	const char *boot_id;           /* names the boot that boottime_ms counts from; NULL: the kernel's */
};

struct proctor_config {
	const char *data_dir;         /* created if missing, mode 0700 */
	const char *const *bank_dirs; /* each a bank or a folder of banks */
	size_t n_bank_dirs;
	const char *params_program;       /* path of assay-params */
	const char *sandbox_program;      /* path of assay-sandbox; NULL: there are no boxes, and hands-on tasks cannot be opened */
	const char *grader_program;       /* path of assay-grader */
	const char *picture_program;      /* path of assay-picture; NULL: certificates have no pictures */
	const char *image_program;        /* path of assay, which builds images that banks declare in the background; NULL: nobody does */
	int boxes_max, boxes_per_account; /* ceilings; 0: the defaults, 200 and 30 */
	/* Grades a task: grade_run(), or a test's own. NULL: nothing is graded here, what ends waits in the queue. */
	bool (*grade)(struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err);
	const int64_t *grading_waits_ms; /* three: before each further run of a grading that gave no grade; NULL: the defaults */
	/* A box is gone, or is not the candidate's any more: `why` is "ended", "reset" or "lost". When it returns, nothing is sent to the box's
	 * terminals and nothing appended to their recordings. From several threads, without locks held. */
	void (*box_gone)(void *arg, const char *box, const char *why);
	/* A program of a box's terminal has ended, with its status of wait(2). From one thread. */
	void (*program_ended)(void *arg, const char *box, uint32_t exec, uint32_t status);
	void *box_arg;                     /* of both */
	const char *witness_logs;          /* a file with the keys of logs that are witnessed; NULL: none */
	bool accounts_required;            /* refuse to run with the one local person (a listener that is not loopback) */
	bool enforce_retake;               /* hold the one local person to the retake rules, too; accounts always are */
	bool author;                       /* for the banks' own author: tasks need no proof, and study sessions may be about one item */
	bool require_signed;               /* banks that nobody who is trusted has signed are refused */
	bool beside;                       /* a command that runs beside a server: no lock, no clock of its own, no banks */
	bool alone;                        /* such a command that takes the server's lock */
	const struct proctor_clock *clock; /* NULL: the system's */
	const char *public_url;            /* "https://HOST": the server is the issuer did:web:HOST; NULL: none, it is its own did:key */
	const char *passphrase_file;       /* of the keys; NULL: see keys.h */
};

/* ---- Life (proctor.c, service.c) ---- */

/* Opens the data directory (locking it against a second server), migrates the store, makes secret and signing keys on first use, records
 * the outage since the last heartbeat. */
MUST_CHECK bool proctor_open(const struct proctor_config *config, struct proctor **ret, struct err *err);
void proctor_close(struct proctor *pr);
MUST_CHECK bool proctor_reader(struct proctor *pr, struct store **ret,
                               struct err *err);        /* a new read-only connection, the caller's to close */
struct store *proctor_writer_store(struct proctor *pr); /* the writing connection, for the writer thread alone */
/* The public key that results of a data folder are signed with, read without opening it. */
MUST_CHECK bool proctor_public_key(const char *data_dir, unsigned char ret[32], struct err *err);
/* Service time: milliseconds during which the server ran; see exam/exam.h. Any thread. */
int64_t proctor_service_ms(const struct proctor *pr);
/* Writer thread: persists the heartbeat, ends what ran out (a bounded number a call), notices suspends. Returns milliseconds until it wants
 * to be called again (at most 1000; 0: at once, more is waiting). */
int64_t proctor_tick(struct proctor *pr, struct store *wr, struct err *err);
/* Writer thread, before a group is committed: signs what it has added to the log, so that one commit holds both. Never fails: what stays
 * unsigned is signed by a tick. */
void proctor_seal(struct proctor *pr, struct store *wr);
/* Starts what works on its own: keeping boxes in step with their attempts, and grading. Stop it before the writer. */
MUST_CHECK bool proctor_work_start(struct proctor *pr, struct writer *writer, struct err *err);
void proctor_work_stop(struct proctor *pr);
/* After a failed commit or a rollback: forget what this transaction changed in memory. What was committed before stays known. Writer
 * thread. */
void proctor_forget(struct proctor *pr);

/* ---- Banks (catalog.c) ---- */

/* Looks at the bank folders and loads what changed since the last look. Pool or start-up. Each new version is handed to `put`, which must
 * run catalog_put() on the writer and return its outcome; then new attempts get it. Problems are collected as log lines; one bad bank does
 * not keep others away. */
typedef bool catalog_put_fn(void *arg, const void *version, struct err *err);
MUST_CHECK bool catalog_poll(struct proctor *pr, catalog_put_fn *put, void *arg, struct err *err);
MUST_CHECK bool catalog_put(struct proctor *pr, struct store *wr, const void *version, struct err *err);

/* ---- Who calls ---- */

enum role { ROLE_NONE, ROLE_CANDIDATE, ROLE_AUTHOR, ROLE_EXAMINER, ROLE_OPERATOR };
struct caller {
	int64_t account; /* 0: nobody */
	enum role role;
	int64_t lease;   /* of the attempt, from Assay-Lease; 0: none given */
	int64_t session; /* row of the session, 0 for tokens and the local person */
	char csrf[44];   /* of the session */
};

/* ---- Accounts (account.c) ---- */

/* Whether any account but the local person exists. */
bool account_any(struct proctor *pr, struct store *rd);
void account_local(struct proctor *pr, struct caller *ret); /* the one local person */
/* Slow (argon2id): pool. ERR_CREDENTIALS; takes as long for unknown names. */
MUST_CHECK bool account_verify(struct proctor *pr, struct store *rd, const char *name, const char *password, int64_t *ret_account,
                               struct err *err);
/* Opens a session; *ret_cookie (44 bytes) goes to the browser, only its hash is stored. */
MUST_CHECK bool account_session_open(struct proctor *pr, struct store *wr, int64_t account, char ret_cookie[44], struct err *err);
MUST_CHECK bool account_session_close(struct proctor *pr, struct store *wr, const struct caller *who, struct err *err);
/* By cookie or bearer token; ERR_UNAUTHENTICATED. Expiry and disabled accounts are checked. */
MUST_CHECK bool account_by_cookie(struct proctor *pr, struct store *rd, const char *cookie, struct caller *ret, struct err *err);
MUST_CHECK bool account_by_token(struct proctor *pr, struct store *rd, const char *token, struct caller *ret, struct err *err);
MUST_CHECK bool account_session_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
/* The operator's commands (`assay user …`), on any writing connection. Passwords 12 to 256 bytes. */
MUST_CHECK bool account_add(struct proctor *pr, struct store *wr, const char *name, const char *password, enum role role, int extra_time_m,
                            struct err *err);
MUST_CHECK bool account_set_password(struct proctor *pr, struct store *wr, const char *name, const char *password,
                                     struct err *err); /* ends its sessions */
MUST_CHECK bool account_disable(struct proctor *pr, struct store *wr, const char *name, bool disabled, struct err *err);
MUST_CHECK bool account_set_extra_time(struct proctor *pr, struct store *wr, const char *name, int extra_time_m, struct err *err);
MUST_CHECK bool account_token(struct proctor *pr, struct store *wr, const char *name, char ret_token[44], struct err *err);
MUST_CHECK bool account_list_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);

/* ---- Exams and attempts (exams.c, begin.c, attempt.c, answer.c, view.c) ---- */

MUST_CHECK bool exam_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
MUST_CHECK bool exam_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *exam, struct buf *out,
                               struct err *err);

/* Beginning is two steps: the plan draws the form (slow: parametrised items run in their own process; pool), then attempt_begin stores it.
 */
struct attempt_plan;
MUST_CHECK bool attempt_plan(struct proctor *pr, struct store *rd, const struct caller *who, const cJSON *body, struct attempt_plan **ret,
                             struct err *err);
void attempt_plan_destroy(struct attempt_plan *plan);
MUST_CHECK bool attempt_begin(struct proctor *pr, struct store *wr, const struct caller *who, struct attempt_plan *plan, struct buf *out,
                              struct err *err);

/* Changes. The hot one is attempt_answer. */
MUST_CHECK bool attempt_answer(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                               const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool attempt_note(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                             const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool attempt_claim(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, struct buf *out,
                              struct err *err);
MUST_CHECK bool attempt_move(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body,
                             struct buf *out, struct err *err);
/* Leaves the open section or break. A body {section} names the one that is meant, so that a request that comes after the clock has closed
 * it, or twice, does not leave the next one too; without a body it is the open one. */
MUST_CHECK bool attempt_section(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body,
                                struct buf *out, struct err *err);
MUST_CHECK bool attempt_expectation(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const cJSON *body,
                                    struct err *err);
MUST_CHECK bool attempt_submit(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, struct buf *out,
                               struct err *err);

/* Reads. */
MUST_CHECK bool attempt_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
MUST_CHECK bool attempt_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                                  struct err *err);
MUST_CHECK bool attempt_clock_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                                   struct err *err);
MUST_CHECK bool attempt_docs_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *doc,
                                  struct buf *out, struct err *err); /* doc NULL: the list */
MUST_CHECK bool attempt_docs_search_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt,
                                         const char *query, struct buf *out, struct err *err);
MUST_CHECK bool result_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, bool *ret_pending,
                            struct buf *out, struct err *err);
MUST_CHECK bool result_signed(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                              struct err *err);
MUST_CHECK bool progress_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
/* A stored picture; *ret_mime is static. */
MUST_CHECK bool media_get(struct proctor *pr, struct store *rd, const char *hash, const char **ret_mime, struct buf *out, struct err *err);

/* ---- Hands-on tasks (task.c, task_study.c, task_files.c, task_terminal.c) ----
 * All of them talk to the launcher of boxes, so they may take seconds: on a pool thread. `item` is its id on the form. */

MUST_CHECK bool task_state_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                struct buf *out, struct err *err);
MUST_CHECK bool task_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                          struct buf *out, struct err *err);
MUST_CHECK bool task_reset(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                           struct buf *out, struct err *err);
/* Study sessions only. */
MUST_CHECK bool task_check(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                           struct buf *out, struct err *err);
MUST_CHECK bool task_hint(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                          struct buf *out, struct err *err);
MUST_CHECK bool task_solution(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                              struct buf *out, struct err *err);
/* Files of the box, as the task's user sees them. */
MUST_CHECK bool task_files_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                const char *path, struct buf *out, struct err *err);
MUST_CHECK bool task_file_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                               const char *path, struct buf *out, struct err *err);
MUST_CHECK bool task_file_put(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                              const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool task_upload(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                            const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool task_download(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                              const char *path, struct buf *out, struct err *err);

/* A terminal of a task: makes sure that the box is open and that the shell runs. */
#define TASK_SHELLS_MAX 8
struct task_terminal {
	int master_fd; /* the caller's */
	char box[65];
	uint32_t exec;
	char recording[4096]; /* the file to append its asciicast to */
	int64_t attempt_key;
	int item;
	bool fresh; /* the shell was started now; else it ran already */
};
MUST_CHECK bool task_terminal(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                              int shell, unsigned rows, unsigned cols, struct task_terminal *ret, struct err *err);
/* Recordings of a task's terminals (recordings.c): the owner when the attempt has ended (ERR_NOT_RELEASED before), examiners always. */
MUST_CHECK bool task_recordings_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                     struct buf *out, struct err *err);
/* One, as asciicast: the first *ret_size bytes of *ret_fd, which becomes the caller's. */
MUST_CHECK bool task_recording_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                    int shell, int *ret_fd, int64_t *ret_size, struct err *err);

/* ---- Marks by people (marking.c) ---- */

/* Attempts that wait for marks (attempt NULL), or one attempt: its answers that people mark, with
 * rubric; the candidate is not named. */
MUST_CHECK bool marking_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err);
/* Marks an answer that the rules leave to people; `item` is its id on the form, or its number. *ret_left still wait; at 0 the result is
 * made and signed (a new one, which names the one before it, when there was one). On any writing connection. */
MUST_CHECK bool marking_put(struct proctor *pr, struct store *wr, const char *attempt, const char *item, int64_t points_m,
                            const char *marker, const char *comment, int *ret_left, struct err *err);

/* ---- Tasks that people decide, and grading again (review.c, regrade.c) ---- */

/* Attempts with tasks that no run could grade (attempt NULL), or one attempt: what each run's grader said. Points are given by
 * marking_put(). */
MUST_CHECK bool review_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err);
/* Puts such a task into the queue once more. */
MUST_CHECK bool review_again(struct proctor *pr, struct store *wr, const char *attempt, const char *item, struct err *err);
/* Grades kept snapshots with the graders of the bank's newest version: of one attempt, or of all at a bank, all tasks or one. What changes
 * is stored beside the old gradings, and each attempt gets its next signed result. `tell` gets one JSON object a task. Beside a server or
 * not; runs the grader itself, so the config must name the programs. */
struct regrade {
	const char *attempt, *bank, *task; /* attempt or bank; task may be NULL */
	const char *reason;
	bool dry_run;
	void (*tell)(void *arg, const char *json);
	void *arg;
};
MUST_CHECK bool regrade_run(struct proctor *pr, const struct regrade *what, struct err *err);

/* Counts for /metrics and health. */
struct work_counts {
	int64_t boxes, queued, running, review; /* boxes that are open; gradings by where they are */
};
MUST_CHECK bool proctor_work_counts(struct proctor *pr, struct store *rd, struct work_counts *ret, struct err *err);
MUST_CHECK bool proctor_health_json(struct proctor *pr, struct store *rd, bool writable, struct buf *out, struct err *err);
