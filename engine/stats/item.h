/* How a question behaves: classical item analysis over the answers of many candidates. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One candidate at one question. */
struct item_case {
	double share;     /* of its points, 0 to 1 */
	double rest;      /* of the points of all the other scored questions of the same form, 0 to 1 */
	int64_t spent_ms; /* 0: unknown */
	bool flagged;
	int group; /* item_groups() fills it in: 0 the weakest third, 1, 2 the strongest */
};

#define ITEM_GROUPS 3

struct item_interval {
	double value, lo, hi;
};
struct item_figures {
	size_t n;
	struct item_interval facility;       /* mean share; 95 % by Wilson */
	bool discriminates;                  /* whether the next one is defined: both shares vary, over at least three candidates */
	struct item_interval discrimination; /* correlation of the share with the rest; 95 % by Fisher, from four on, else -1 to 1 */
	int64_t median_ms;                   /* of those that are known; -1: none */
	double flagged;                      /* share */
	size_t group_n[ITEM_GROUPS];
	double group_mean[ITEM_GROUPS]; /* 0 where there is nobody */
};

/* Thirds by `rest`; equal ones stay in one third, that of the middle one of them. With fewer than three different values all
 * may come to lie in fewer thirds. */
void item_groups(struct item_case *cases, size_t n);
/* Groups, and everything else. */
void item_figures(struct item_case *cases, size_t n, struct item_figures *ret);
