/* Messages between the server, the launcher and the init of a box.
 *
 * One message is one packet of a SOCK_SEQPACKET socket: an operation, then its fields in a fixed order, each a number or counted
 * bytes. Descriptors travel beside it by SCM_RIGHTS. A reader that runs past the end, or over a ceiling, sets a sticky flag and
 * yields zeros and empty strings; callers check wire_done() once. The init of a box is inside the box: what it sends is hostile. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include <stdint.h>
#include <stdlib.h>

#define WIRE_MAX ((size_t)128 * 1024) /* bytes of one message */
#define WIRE_FDS 4                    /* descriptors beside one message */
#define WIRE_LIST_MAX 4096            /* strings in one list */

struct wire {
	struct str rest;
	bool bad;
	int fds[WIRE_FDS];
	unsigned n_fds;
};

void wire_u32(struct buf *b, uint32_t v);
void wire_u64(struct buf *b, uint64_t v);
void wire_str(struct buf *b, struct str s);
void wire_cstr(struct buf *b, const char *s);              /* NULL is written as "" */
void wire_list(struct buf *b, const char *const *strings); /* NULL-terminated; NULL is an empty list */

uint32_t wire_get_u32(struct wire *w);
uint64_t wire_get_u64(struct wire *w);
struct str wire_get_str(struct wire *w, size_t len_max);
/* A copy that is terminated; bytes with a NUL inside are bad. The caller frees it. */
char *wire_get_cstr(struct wire *w, size_t len_max);
/* A NULL-terminated copy: one block that the caller frees with free(). */
char **wire_get_list(struct wire *w);
static inline void free_listp(char ***p)
{
	free(*p);
}
int wire_take_fd(struct wire *w); /* the next descriptor, owned by the caller; -1 and bad when there is none */
void wire_finish(struct wire *w); /* closes the descriptors that nobody took */
/* All was read, and nothing was bad. */
MUST_CHECK bool wire_done(struct wire *w, struct err *err);

/* Sends one message; ERR_IO with errno kept when the other side is gone. Never raises SIGPIPE. */
MUST_CHECK bool wire_send(int fd, const struct buf *message, const int *fds, unsigned n_fds, struct err *err);
/* Receives one message into `space` (of WIRE_MAX bytes). 1: received; 0: the other side closed, or there is nothing (EAGAIN,
 * *ret_again); -1: an error, and *err says which. A truncated message is an error. */
int wire_receive(int fd, char *space, struct wire *ret, bool *ret_again, struct err *err);
