/* Do two markers agree, more than they would by chance? Cohen's kappa, plain and weighted. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct kappa {
	double n;        /* answers that both have marked */
	double observed; /* agreement seen: the weights' mean over the answers, 0 to 1; without weights the share marked alike */
	double expected; /* what chance alone would give, from how often each of the two uses each category */
	bool defined;    /* kappa is 0/0 when both have used one and the same category for everything, and of nothing there is none */
	double value;    /* (observed - expected) / (1 - expected); 0 where it is not defined */
	double error;    /* its standard error for large n; 0 when the agreement is perfect, which says nothing of how sure it is */
};

/* Of a table of counts, rows the first marker's category and columns the second's: k by k, row by row. weights: as large, 1 on the diagonal
 * and below it elsewhere; NULL: 1 on the diagonal and 0 elsewhere. */
void kappa_of(const double *counts, const double *weights, size_t k, struct kappa *ret);
/* Quadratic weights of categories with values (points): 1 - (distance / largest distance)^2. */
void kappa_quadratic(const double *values, size_t k, double *ret_weights);
