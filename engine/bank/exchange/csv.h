/* Tables of questions: RFC 4180, with ',', ';' or a tab between fields. The columns are described in docs/authors/import.md. Internal to
 * exchange/. */
#pragma once
#include "base/str.h"

#define CSV_OPTIONS_MAX 64
enum csv_column {
	CSV_ID,
	CSV_TITLE,
	CSV_TYPE,
	CSV_QUESTION,
	CSV_CORRECT,
	CSV_ANSWER,
	CSV_EXPLANATION,
	CSV_REFERENCES,
	CSV_HINT,
	CSV_RUBRIC,
	CSV_CATEGORY,
	CSV_TAGS,
	CSV_POINTS,
	CSV_DIFFICULTY,
	CSV_FORMAT,
	CSV_COLUMNS
};
extern const char *const csv_columns[CSV_COLUMNS];
