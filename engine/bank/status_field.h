/* The status of a question, changed where it is written. */
#pragma once
#include "bank/bank.h"
#include "bank/workspace.h"

/* The item's file with another status, and nothing else changed; `item` is as the file says now. ERR_CONFLICT when somebody else has
 * changed it meanwhile. A status that is the same already changes nothing. */
MUST_CHECK bool status_field_write(const struct workspace *w, const struct item *item, enum item_status status, struct err *err);
