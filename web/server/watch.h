/* Notices changed banks while the server runs: a thread looks at the folders every two seconds. */
#pragma once
#include "proctor/proctor.h"
#include "store/writer.h"

struct watch;
/* Loads the banks once, at once, then starts the thread. */
MUST_CHECK bool watch_create(struct proctor *pr, struct writer *writer, struct watch **ret, struct err *err);
/* Has the thread look at once, and does not wait for it. */
void watch_poke(struct watch *w);
/* Looks now, and not only in up to two seconds. Any thread but the writer's. */
MUST_CHECK bool watch_look(struct watch *w, struct err *err);
void watch_destroy(struct watch *w);
