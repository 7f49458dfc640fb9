/* Passages: stretches of Markdown cut out of a file line by line, and where each stood in it.
 *
 * A file is split into lines once, with the state that the bank format needs: what is inside a fenced block, where list items begin.
 * A passage is a view of the file where its lines are there in one piece, and a copy (dedented, with lines left out) where not. */
#pragma once
#include "bank/diag.h"

#define LINE_MAX_BYTES 65536

enum line_flag {
	LINE_BLANK = 1,
	LINE_CODE = 2, /* inside a fenced block, or its fences */
	LINE_FENCE_OPEN = 4,
	LINE_FENCE_CLOSE = 8,
	LINE_NESTED = 16, /* the fenced block stands inside a list item */
};

struct line {
	const char *p; /* the line's bytes, without its end */
	uint32_t len;
	uint16_t indent; /* columns of leading white space, at most 1000 */
	uint16_t flags;
};

struct lines {
	struct line *list;
	size_t n, cap;
};
/* Splits the text; what it appends stays valid as long as the text. */
void lines_split(struct str text, struct lines *lines);
static inline struct str line_str(const struct line *l)
{
	return (struct str){l->p, l->len};
}
/* The line without its leading white space. */
struct str line_body(const struct line *l);
/* The line without up to `columns` of its leading white space. A tab that is cut in two is dropped whole. */
struct str line_dedented(const struct line *l, unsigned columns);
/* The width of a list marker ("- ", "12. ") at the beginning of s, with its spaces (at most 4); 0 if there is none. */
size_t list_marker(struct str s, bool *ret_ordered);

struct passage_line {
	uint32_t at;      /* offset in the passage's text */
	const char *from; /* the same byte in the source */
};

struct passage {
	struct source *source;
	struct str text;
	char *copy; /* what `text` points to, or NULL when it points into the source */
	struct passage_line *map;
	size_t n_map, cap_map, cap_copy;
};
void passage_finish(struct passage *p);
#define _cleanup_passage_ __attribute__((cleanup(passage_finish)))

/* A view of bytes of the source. */
struct passage passage_view(struct source *source, struct str text);
/* Appends bytes of the source to a passage that is being copied together; passage_append adds a line feed. */
void passage_add(struct passage *p, struct source *source, struct str bytes);
void passage_append(struct passage *p, struct source *source, struct str bytes);
/* Lines [from, to), each without up to `dedent` columns; blank lines at both ends are dropped. */
struct passage passage_of_lines(struct source *source, const struct line *lines, size_t from, size_t to, unsigned dedent);
/* Where a byte of the passage stood in the source; NULL if `at` is not within the passage. */
const char *passage_at(const struct passage *p, const char *at);
