/* What the files of the graders' client share. */
#pragma once
#include "base/json.h"
#include "graders/client/grade.h"
#include "graders/message.h"
#include <sys/types.h>

/* A program that looks, running in a box. */
struct looker {
	bool running, failed;
	uint32_t exec;
	struct message_stream stream; /* .fd: the socket */
	char why[200];                /* failed: this is what every question gets */
};

struct grading {
	struct sandbox *s;
	const struct grade_job *job;
	int64_t deadline_ms; /* of the whole */
	char judge[65];      /* the judge box's name; "": not open */
	struct looker look, live;
	/* live observations: a JSON array of {"q": hash of the question, "a": answer in base64} */
	cJSON *seen;
	size_t seen_bytes;
	bool replay; /* `seen` is from an earlier grading, and no box is looked into */
};

/* Answers a question of the grader: appends a whole ANSWER message. Never fails: what cannot be looked at is UNGRADED. */
void grade_answer(struct grading *g, struct message *question, struct buf *out);
void grade_refuse(struct buf *out, enum ask_answer how, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* grade_judge.c: questions about the judge box. Each appends the fields of an answer, or refuses. */
void grade_judge_look(struct grading *g, struct message *question, struct buf *out);
void grade_judge_run(struct grading *g, struct message *question, struct buf *out);
void grade_judge_close(struct grading *g);

/* grade_live.c: questions about the candidate's box, answered from it or from an earlier grading. */
void grade_live_answer(struct grading *g, enum ask_kind kind, struct message *question, struct buf *out);
void grade_live_close(struct grading *g);
MUST_CHECK bool grade_live_load(struct grading *g, struct err *err);

/* grade_look.c: a looking program in a box, and commands. */
MUST_CHECK bool grade_looker_ask(struct grading *g, struct looker *l, const char *box, const char *root, struct str request,
                                 int64_t time_ms, struct str *ret_answer, struct err *err);
void grade_looker_close(struct looker *l);
struct command {
	const char **argv, **env;
	char *cwd, *user;
	struct str input;
	int64_t time_ms;
};
void grade_command_finish(struct command *c);
MUST_CHECK bool grade_command_read(struct message *question, struct command *ret, struct err *err);
/* Runs it and appends an answer; what ended it is part of it. A command that cannot be started is our fault, or in a live box the
 * candidate's. */
void grade_command_run(struct grading *g, const char *box, const struct command *c, bool live, struct buf *out);
int64_t grade_left_ms(const struct grading *g);

/* grade_process.c: the grader's process. */
struct process {
	pid_t pid;
	struct message_stream stream;
};
MUST_CHECK bool grade_process_start(const char *program, struct process *ret, struct err *err);
void grade_process_end(struct process *p, int *ret_status); /* kills it if it still runs */

/* What a grading without boxes makes of whoever is at the other end of the socket: for the fuzzer. The caller finishes *ret. */
void grade_hear(const struct grade_job *job, int fd, struct grade_result *ret);
