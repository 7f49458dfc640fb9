/* Units of numeric answers: families whose units convert into each other by a factor. */
#pragma once
#include "base/str.h"

struct unit {
	const char *name;
	int family;    /* units of one family convert; families are numbered from 0 */
	double factor; /* how many of the family's base unit one is */
};

/* NULL if there is no such unit. Case matters: Mbit/s, not MBIT/S. */
const struct unit *unit_find(struct str name);
/* All units, families together, in the order in which a candidate sees them. */
const struct unit *unit_list(size_t *ret_n);
