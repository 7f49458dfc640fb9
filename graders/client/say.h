/* Texts that a grader says, made fit to be shown. */
#pragma once
#include "base/str.h"

/* A copy of at most len_max bytes that is valid UTF-8 without control characters (newline and tab excepted) and without marks that change
 * the direction of writing; what is not so becomes U+FFFD. The caller frees it. */
char *grade_say(struct str text, size_t len_max);
