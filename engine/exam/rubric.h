/* An essay's rubric, by criterion: read from the HTML that the bank's Markdown became, so that forms of every age have it. */
#pragma once
#include "bank/bank.h"

#define RUBRIC_LINES_MAX 64

struct rubric_line {
	struct str text, when; /* inline HTML, within the item's */
	int64_t points_m;      /* that it is worth, in the rubric's own points */
};
struct rubric {
	struct rubric_line lines[RUBRIC_LINES_MAX];
	size_t n;
	int64_t max_m; /* the lines together */
	bool whole;    /* the lines say all that the rubric does */
};

/* False when it has no table with a column of points: then the answer is marked as a whole. */
bool rubric_read(const char *html, struct rubric *ret);
/* The rubric's points as the question's, whatever the two are worth: in proportion, half up. */
int64_t rubric_scale(const struct rubric *r, int64_t sum_m, int64_t item_max_m);
