/* What the files of the client share. */
#pragma once
#include "sandbox/client/sandbox.h"
#include "sandbox/proto.h"
#include "sandbox/wire.h"

#define EVENTS_MAX 4096 /* kept until somebody takes them; then the oldest are dropped */

struct sandbox {
	int fd;
	uint32_t number;
	bool gone, told; /* the launcher has ended; an event has said so */
	struct sandbox_event *events;
	size_t n_events, cap_events;
	char *space;
};

/* Starts a request: its operation and number. */
void sandbox_request(struct sandbox *s, struct buf *m, uint32_t what);
/* Sends it and waits for its answer, whose fields are in *ret (call wire_finish). Events that arrive meanwhile are kept. */
MUST_CHECK bool sandbox_call(struct sandbox *s, const struct buf *m, const int *fds, unsigned n_fds, struct wire *ret, struct err *err);
/* The same for a request whose answer has no fields. */
MUST_CHECK bool sandbox_ask(struct sandbox *s, const struct buf *m, const int *fds, unsigned n_fds, struct err *err);
/* Reads what is there, waiting at most timeout_ms. */
bool sandbox_pump(struct sandbox *s, int timeout_ms);
