/* What nobody can review: files that are not text, and compiled Lua, also where it hides in a text. */
#pragma once
#include "base/str.h"

/* Why a file may not be in a bank that is signed; NULL: it may. `path` is below the bank: pictures belong into media/, where the loader
 * looks at them. */
const char *opaque_reason(const char *path, struct str bytes);
