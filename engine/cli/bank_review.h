/* What `assay bank review` and `assay bank status` share: the author behind them, and the terminal. Internal to cli/. */
#pragma once
#include "base/json.h"
#include "base/mem.h"
#include <stdio.h>

#define REVIEW_OUT_MAX (64u << 20)

struct author;
struct review_arguments {
	const char *dir, *item, *status;            /* item and status: or NULL */
	const char *by, *reason, *despite, *answer; /* or NULL */
	const char *seed, *text;                    /* or NULL */
	bool json, help;
};
/* Takes options and up to three names. -1: go on; else the exit code. */
int review_parse(int argc, char **argv, struct review_arguments *ret);
/* Opens the bank for its author. The caller closes. */
MUST_CHECK bool review_open(const struct review_arguments *a, struct author **ret, struct err *err);
int review_fail(const char *command, const struct err *err);

/* bank_review_ask.c: shows a question (FormItem of docs/openapi.yaml) and reads an answer to it. *ret is the response, JSON null when the
 * reader cannot tell. False at the end of input. */
MUST_CHECK bool review_ask(const cJSON *view, FILE *in, cJSON **ret);
/* A line of the input without its end; the caller's; NULL at its end. */
char *review_line(FILE *in);
