/* Names that people are known by: who marks, who reviews. */
#pragma once
#include <stdbool.h>

/* Whether two names are one person's: letter case (of Latin, Greek and Cyrillic), white space around and doubled, and characters that show
 * as nothing make no other person. Letters that only look alike do. */
bool name_same(const char *a, const char *b);
