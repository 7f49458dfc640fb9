/* Problems that candidates report: with a question of an exam that has ended, or of a study session. */
#pragma once
#include "proctor/proctor.h"

#define PROBLEM_TEXT_MAX 4000 /* bytes */
#define PROBLEMS_PER_ATTEMPT 40
#define PROBLEMS_PER_DAY 60 /* of an account */

/* {kind, text}. One for each candidate and question: sending again changes it while it is open. `item`: its id on the form, or its number
 * there (where the exam reports no questions). */
MUST_CHECK bool problem_put(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                            const cJSON *body, struct buf *out, struct err *err);
/* Withdraws it; ERR_CONFLICT once it was decided. */
MUST_CHECK bool problem_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                               struct err *err);
/* {"items":60,"problems":[…]}: what this candidate has reported in the attempt, and what became of it. */
MUST_CHECK bool problem_list_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                                  struct err *err);
