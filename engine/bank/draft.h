/* A blueprint being read, internal to bank/: the readers of fields that its parts share (draft.c). Each reports what is wrong and clears
 * `ok`; a field that is missing changes nothing. */
#pragma once
#include "bank/load.h"

struct draft {
	struct loader *l;
	const struct yaml *y;
	struct blueprint *bp;
	const char *path;
	bool ok;
};

int draft_field(struct draft *d, int map, const char *name);
void draft_wrong(struct draft *d, int node, const char *code, const char *message, const char *help);
void draft_string(struct draft *d, int map, const char *name, size_t len_max, char **place);
void draft_bool(struct draft *d, int map, const char *name, bool *place);
void draft_int(struct draft *d, int map, const char *name, int min, int max, int *place);
bool draft_choice(struct draft *d, int node, const char *name, const char *const *names, size_t n, int *ret);
bool draft_is_map(struct draft *d, int node, const char *name, const char *const *fields, size_t n);
void draft_span(struct draft *d, int node, const char *name, struct span *ret);
void draft_ms(struct draft *d, int map, const char *name, int64_t *ret);
void draft_date(struct draft *d, int map, const char *name, int64_t *ret);

/* rules.c: from how answers count to when the exam is offered. */
void draft_marking(struct draft *d);
void draft_markers(struct draft *d);
void draft_scoring(struct draft *d);
void draft_docs(struct draft *d);
void draft_report(struct draft *d);
void draft_retake(struct draft *d);
void draft_certificate(struct draft *d);
void draft_effective(struct draft *d);
