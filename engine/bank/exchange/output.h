/* A bank's folder being written, and read back to see that it says what was meant. Internal to exchange/. */
#pragma once
#include "bank/exchange/intake.h"

/* A new folder beside the target; it takes the target's name when all is well, and is removed otherwise. */
struct output {
	char *folder; /* NULL: taken */
	char *target;
};
MUST_CHECK bool output_begin(const char *target, struct output *ret, struct err *err);
MUST_CHECK bool output_write(struct output *o, const char *path, struct str bytes, bool executable, struct err *err);
MUST_CHECK bool output_end(struct output *o, struct err *err);
void output_drop(struct output *o);
/* Removes a folder with all that is in it. */
void output_remove(const char *folder);

/* Where a question was written. */
struct written {
	const char *file;
	int from, to; /* lines */
};
/* Writes the questions that are not rejected. `place` says which file each goes to; NULL: by domain. Gives all of them ids. */
MUST_CHECK bool output_questions(struct output *o, struct plain *list, size_t n, char *const *place, struct written *ret,
                                 struct strings *files, struct err *err);
/* Gives each question an id that no other has. */
void output_name(struct plain *list, size_t n);
/* Loads the folder; questions that it refuses, or reads otherwise than they were meant, are rejected. *ret_changed: there are such. */
MUST_CHECK bool output_check(const struct output *o, struct plain *list, size_t n, const struct written *written, bool *ret_changed,
                             struct err *err);
