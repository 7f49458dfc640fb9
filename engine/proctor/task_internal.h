/* The state behind task.h: for boxes.c, keeper.c and grading.c alone. */
#pragma once
#include "proctor/task.h"

#define GRADING_WAITS 3 /* runs beyond the first that a grading gets before a person decides */
#define GRADING_WORKERS 2
#define CONNECTIONS_IDLE 8
#define HELD_MAX 64 /* tasks whose boxes are being worked on at once: more than there are threads */

struct held {
	int64_t attempt;
	int item;
};

struct boxes {
	/* Set once. */
	char *program, *grader, *builder, *dir;
	int max, per_account;
	void (*gone)(void *arg, const char *box, const char *why);
	void (*program_ended)(void *arg, const char *box, uint32_t exec, uint32_t status);
	void *gone_arg;
	bool (*grade)(struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err);
	int64_t waits_ms[GRADING_WAITS];
	struct writer *writer;
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t freed, work; /* a box's lock; something to grade */
	struct sandbox *idle[CONNECTIONS_IDLE];
	size_t n_idle;
	struct held held[HELD_MAX];
	size_t n_held;
	bool stopping;
	/* Threads. */
	pthread_t keeper, workers[GRADING_WORKERS];
	bool keeper_runs;
	struct image_builder *images; /* images.c */
	unsigned n_workers;
	int wake_fd; /* of the keeper */
};

/* Builds the images that banks declare and nobody has built (images.c). */
MUST_CHECK bool builder_start(struct proctor *pr, struct err *err);
void builder_stop(struct proctor *pr);
