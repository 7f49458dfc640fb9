/* See fuzz_import.h. */
#include "fuzz_import.h"

FUZZ_IMPORT(EXCHANGE_MOODLE_XML, "x.xml")
