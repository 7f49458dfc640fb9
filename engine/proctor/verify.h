/* Verifying what somebody sends to this server. Its own keys are trusted, its own lists and certificates are read where they are kept;
 * nothing is fetched from anywhere, whatever the input asks for: a server that did would be sent to places that only it can reach. */
#pragma once
#include "proctor/proctor.h"

/* The report as JSON. What `who` may see of this server's certificates is seen (the one behind a link). Any connection; slow enough for the
 * pool. */
MUST_CHECK bool verify_for_others(struct proctor *pr, struct store *rd, const struct caller *who, struct str input, struct buf *out,
                                  struct err *err);
