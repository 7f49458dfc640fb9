/* The questions of a file, by where they stand, whatever is wrong with them: for an author's tree, for moving and for renaming them. */
#pragma once
#include "base/str.h"

struct outline_entry {
	char *id, *title;
	size_t from, to;    /* bytes: with the heading; to where the next question begins, or the file ends */
	int line, end_line; /* from 1; of the first line and of the last that is not blank */
	struct str own_id;  /* where the id is written, in the text; or empty: then it is made of the title or the file's name */
};
struct outline {
	struct outline_entry *list;
	size_t n, cap;
	bool alone; /* the file is one question, with its fields in the front matter */
};
/* The text must be valid UTF-8; own_id points into it. `path` names the question of a file that is one. */
void outline_read(const char *path, struct str text, struct outline *ret);
void outline_finish(struct outline *o);
#define _cleanup_outline_ __attribute__((cleanup(outline_finish)))
