/* The relay: WebSockets of browsers on one side, the terminals of boxes on the other, on a thread of its own.
 *
 * A shell outlives its sockets. Its output goes to a ring, and whoever is connected reads the ring: what is sent to a socket has been taken
 * from the ring, and what a new socket gets first is what the ring holds. So memory is bounded by the ring, and a program that prints
 * faster than the candidate's browser takes it is held up by its terminal, as by a slow screen. While nobody is connected it goes on, at a
 * bounded rate. See docs/internals/terminal.md.
 *
 * Every function here may be called by any thread. */
#pragma once
#include "proctor/proctor.h"

#define TERMINAL_SIZE_MAX 1000 /* rows, columns */

struct relay;
struct terminal;

struct relay_config {
	unsigned sockets_max, sockets_per_attempt;
	int64_t ping_ms, silence_ms; /* a ping after so long without a frame; the end after so long */
	int64_t close_ms;            /* for the other side to answer a close */
};

void relay_config_init(struct relay_config *config);
MUST_CHECK bool relay_create(const struct relay_config *config, struct relay **ret, struct err *err);
/* Starts its thread; tests call relay_turn() instead. */
MUST_CHECK bool relay_start(struct relay *relay, struct err *err);
/* Ends the thread; recordings are written. All sockets must have been given back. */
void relay_destroy(struct relay *relay);

/* A place for a socket, before there is one: takes t->master_fd. ERR_BUSY above the ceilings. */
MUST_CHECK bool relay_admit(struct relay *relay, const struct task_terminal *t, int shell, unsigned rows, unsigned cols,
                            struct terminal **ret, struct err *err);
void relay_dismiss(struct relay *relay, struct terminal *t); /* the socket has not come; accepts NULL for both */
/* The socket is there. `handle` comes back by relay_returned() when the relay is done with the socket, which it does not close. */
void relay_attach(struct relay *relay, struct terminal *t, int fd, struct str extra, void *handle);

/* Readable when sockets are to be given back. */
int relay_event_fd(const struct relay *relay);
/* The handle of a socket to be given back, or NULL. */
void *relay_returned(struct relay *relay);

/* The box is gone or about to go, with all of its shells; `why` is the kind of the notice that its terminals get: "reset", "ended" or
 * another. When it returns, its recordings are written and closed. */
void relay_box_gone(struct relay *relay, const char *box, const char *why);
/* A program has ended, with its status of wait(2). */
void relay_program_ended(struct relay *relay, const char *box, uint32_t exec, uint32_t status);
/* The server stops: every socket is told to come back later. relay_sockets() says how many are left. */
void relay_stop(struct relay *relay);
size_t relay_sockets(struct relay *relay);
