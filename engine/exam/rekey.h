/* A question that was drawn, with the key of a later text of it: for corrections of past attempts. */
#pragma once
#include "exam/exam.h"

/* A question as marking sees it, apart from its form: a copy, so that the form stays as it was drawn. */
struct rekeyed {
	struct form_item fi; /* borrows all from the drawn one but the item and, where the key is an order, the order */
	struct item *item;
	size_t *order;
};
/* `was`: the question of the bank that the form was drawn from (for a parametrised one its text with the names in place), `now`: as it
 * stands today. What the candidate saw stays; what is right is taken over, options found by their text. ERR_CONFLICT says why that
 * is not possible: an option that is not there any more, another kind of answer, numbers that were drawn. */
MUST_CHECK bool rekey_item(const struct form_item *drawn, const struct item *was, const struct item *now, struct rekeyed *ret,
                           struct err *err);
void rekeyed_finish(struct rekeyed *r);
