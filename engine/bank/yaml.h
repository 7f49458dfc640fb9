/* YAML, the part of it that banks use: mappings, lists and scalars, each with its place in the file.
 *
 * Built from libyaml's events, with limits on size, depth and count; anchors, aliases, tags, several documents, keys that are not plain
 * text and duplicate keys are refused. A scalar is only text here: what it means is decided by the getter that reads it. */
#pragma once
#include "bank/diag.h"

#define YAML_SIZE_MAX (256u << 10)
#define YAML_DEPTH_MAX 8
#define YAML_NODES_MAX 20000

enum yaml_type { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	bool quoted; /* "x", 'x' or a block: never null, true or a number by accident */
	char *text;
	size_t len;
	int first, next;  /* indexes of the first child and of the next sibling, or -1; in a map, keys and values alternate */
	int line, column; /* from 0 */
};

struct yaml {
	struct source *source;
	struct str text; /* within the source */
	struct yaml_node *nodes;
	size_t n, cap;
};

/* Reads a mapping (an empty text is an empty one). Mistakes of syntax are reported and make the result empty: false. */
MUST_CHECK bool yaml_parse(struct source *source, struct str text, struct diags *diags, struct yaml *ret);
void yaml_finish(struct yaml *y);

/* Where a node stands, for diags_add. */
const char *yaml_at(const struct yaml *y, int node);
/* The value of a key in a map (0 is the document), or -1. `key` of it is the node before: see yaml_key_of. */
int yaml_find(const struct yaml *y, int map, const char *key);
/* The first child of a list or map, and the next one; -1 at the end. In a map, keys and values alternate. */
static inline int yaml_first(const struct yaml *y, int parent)
{
	return y->nodes[parent].first;
}
static inline int yaml_next(const struct yaml *y, int node)
{
	return y->nodes[node].next;
}
/* Reports keys that are not among the names. */
void yaml_only(const struct yaml *y, int map, const char *const *names, size_t n, struct diags *diags);

/* Typed reading of a node. False after a report, with the output untouched. `what` names it in messages. */
MUST_CHECK bool yaml_text(const struct yaml *y, int node, const char *what, size_t len_max, struct str *ret, struct diags *diags);
MUST_CHECK bool yaml_id(const struct yaml *y, int node, const char *what, struct str *ret, struct diags *diags);
MUST_CHECK bool yaml_bool(const struct yaml *y, int node, const char *what, bool *ret, struct diags *diags);
MUST_CHECK bool yaml_int(const struct yaml *y, int node, const char *what, int64_t min, int64_t max, int64_t *ret, struct diags *diags);
MUST_CHECK bool yaml_number(const struct yaml *y, int node, const char *what, double min, double max, double *ret, struct diags *diags);
/* One of the names: its index. */
MUST_CHECK bool yaml_choice(const struct yaml *y, int node, const char *what, const char *const *names, size_t n, int *ret,
                            struct diags *diags);
/* A list of texts, or one text. Allocated; the caller frees each and the array. */
MUST_CHECK bool yaml_texts(const struct yaml *y, int node, const char *what, size_t n_max, char ***ret, size_t *ret_n, struct diags *diags);
/* Whether the node has this type; reports otherwise. */
MUST_CHECK bool yaml_is(const struct yaml *y, int node, enum yaml_type type, const char *what, struct diags *diags);
