/* A form being drawn: what draw.c and count.c share. */
#pragma once
#include "exam/internal.h"

struct draw {
	const struct bank *bank;
	const struct blueprint *bp;
	const struct draw_focus *focus; /* NULL: exam mode */
	struct rng *rng;
	struct pool pool;
	bool *allowed; /* by cell */
	struct choice choice;
	int *counts; /* by cell */
	int total, unscored;
	struct seating seating;
	/* What was chosen; by family. */
	size_t *taken;   /* the candidate, or NONE */
	size_t *section; /* its section */
	bool *is_unscored;
	size_t *case_section; /* by case: where it stands, or NONE */
	char reason[200];     /* for a message */
};

/* ---- count.c: how many of which cell ---- */

const struct blueprint_weight *draw_weight(const struct blueprint *bp, const char *domain); /* or NULL */
/* A session about chosen domains or items takes them as they come; all others follow the blueprint's weights. */
bool draw_uses_weights(const struct draw *d);
MUST_CHECK bool draw_check_weights(const struct draw *d, struct err *err);
/* Members of families that could be on the form. */
int draw_available(const struct draw *d);
/* Fills counts for `counted` items in all. */
MUST_CHECK bool draw_count(struct draw *d, int counted, struct err *err);
