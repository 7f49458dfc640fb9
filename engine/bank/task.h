/* Reading a task's folder, internal to bank/: task.c for the folder, task_text.c for task.md, proof.c for proof.json. */
#pragma once
#include "bank/load.h"
#include "bank/task_tree.h"

#define TASKS_MAX 1000
#define TASK_SCRIPT_MAX (256u << 10)
#define TASK_VARIANTS_MAX 50
#define TASK_CHECKS_MAX 100

struct task_reader {
	struct loader *l;
	const char *slug;
	char *folder; /* "tasks/SLUG" */
	struct task_tree tree;
	struct item item; /* item.task is being filled */
	bool own_points;  /* task.md says how many */
	bool ok;
};

/* Reports about the folder, or about a file of it; both return false and clear `ok`. */
bool task_wrong(struct task_reader *r, const char *code, const char *path, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void task_warn(struct task_reader *r, const char *code, const char *path, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* task.md: fields and text. */
void task_read_text(struct task_reader *r);
/* proof.json: what the checks are, and whether the folder is still what was proved. `needed`: a missing or outdated proof is an error; else
 * it is passed over. */
void task_read_proof(struct task_reader *r, bool needed);
