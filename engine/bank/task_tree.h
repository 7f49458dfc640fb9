/* The files of a task's folder, and the hash that a proof is about. Internal to bank/. */
#pragma once
#include "bank/diag.h"
#include "base/err.h"
#include "base/hash.h"

#define TASK_FILES_MAX 4000
#define TASK_FILE_MAX (16u << 20)    /* bytes of one file */
#define TASK_TREE_MAX (64u << 20)    /* of all files of a task */
#define TASKS_TOTAL_MAX (512u << 20) /* of all tasks of a bank */
#define TASK_DEPTH_MAX 32
#define TASK_PATH_MAX 1000 /* bytes of a file's path below the task's folder */

struct tree_file {
	char *path; /* below the task's folder */
	bool executable;
	char hash[HASH_HEX_SIZE];
	char *bytes;
	size_t size;
};
struct task_tree {
	struct tree_file *files; /* sorted by path */
	size_t n, cap, total;
};

/* Reads all regular files below tasks/SLUG; hidden ones only below files/. Reports what is neither a file nor a folder, and what is above a
 * ceiling: then false. */
MUST_CHECK bool task_tree_read(int bank_fd, const char *folder, struct diags *diags, struct task_tree *ret);
/* Puts an unsaved text in the place of a file, or among them. */
void task_tree_put(struct task_tree *t, const char *path, struct str text);
void task_tree_finish(struct task_tree *t);
struct tree_file *task_tree_find(const struct task_tree *t, const char *path); /* or NULL */
/* SHA-256 over one line for each file but proof.json, sorted by path: "HASH MODE PATH\n", where MODE is x for executable files, else -.
 * The line `status: …` among the fields of task.md counts for nothing: it changes while a task is reviewed, and is no part of its work. */
void task_tree_hash(const struct task_tree *t, char ret[HASH_HEX_SIZE]);
