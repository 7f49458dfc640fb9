/* Checking an exported result: what `assay verify` and POST /api/v1/verify say. Needs no data and no server. */
#pragma once
#include "base/json.h"

struct verify_check {
	const char *name;
	bool ok;
	char *detail; /* a sentence, owned */
};
struct verify_report {
	bool valid; /* all checks are ok */
	char key_hex[65];
	struct verify_check checks[8];
	size_t n;
	cJSON *payload; /* owned; NULL if it could not be read */
};
/* key: NULL takes the one in the file, whose owner the file cannot prove. ERR_INVALID when the text is not an envelope at all. */
MUST_CHECK bool result_verify(struct str text, const unsigned char *key, struct verify_report *ret, struct err *err);
void verify_report_finish(struct verify_report *r);
void verify_report_json(const struct verify_report *r, struct buf *out);
