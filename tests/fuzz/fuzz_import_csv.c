/* See fuzz_import.h. */
#include "fuzz_import.h"

FUZZ_IMPORT(EXCHANGE_CSV, "x.csv")
