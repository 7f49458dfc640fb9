/* Verifying what somebody sends to this server. Its own keys are trusted, its own lists are read; nothing is fetched from anywhere, whatever
 * the input asks for: a server that did would be sent to places that only it can reach. */
#pragma once
#include "proctor/proctor.h"

/* The report as JSON. Any thread, with a connection of its own. */
MUST_CHECK bool verify_for_others(struct proctor *pr, struct store *rd, struct str input, struct buf *out, struct err *err);
