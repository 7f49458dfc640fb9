/* Messages between a grader's process, the program that looks, and the client library.
 *
 * A message is its length (four bytes, little endian, of what follows), its type (one byte) and its fields in order: numbers of one, four
 * or eight bytes, little endian, and texts as a number of four bytes and that many bytes, which is what string.pack in Lua calls "<I1",
 * "<I4",
 * "<I8" and "<s4". Whoever reads treats what it reads as hostile: a message that is too long or that ends too early is an error.
 *
 * client -> grader:  JOB      text lua, text values (JSON or empty), one live_only, one declare_only, four cpu_ms, four memory_mib
 *                    ANSWER   one enum ask_answer; then what the question answers, or a text
 * grader -> client:  DECLARED four number of checks; each: text id, text title, eight points in thousandths, one live, text hint
 *                    QUESTION one enum ask_kind; then its fields
 *                    RESULT   four index, one outcome (enum grade_outcome, or LEFT_OUT), text message, one has detail, text detail, four
 * line FAILED   four line, text message: the grader itself failed; only DONE may follow DONE     - client -> look:    REQUEST  see look.h
 * look
 * -> client:    ANSWER   see look.h */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MESSAGE_MAX (20u << 20)

enum message_type {
	MESSAGE_JOB = 'J',
	MESSAGE_ANSWER = 'A',
	MESSAGE_DECLARED = 'D',
	MESSAGE_QUESTION = 'Q',
	MESSAGE_RESULT = 'R',
	MESSAGE_FAILED = 'X',
	MESSAGE_DONE = 'Z',
};
enum ask_kind {
	ASK_LOOK = 'f',      /* a request for the looking program, in the judge box; answers its answer */
	ASK_RUN = 'r',       /* four n, n texts (arguments), four n, n texts (environment), text cwd, text stdin, four time_ms, text user */
	ASK_LIVE_LOOK = 'F', /* the same in the candidate's box; answers: */
	ASK_LIVE_RUN = 'R',  /* four status as from wait(2), one limit (LIMIT_TIME …, 0: none), one cut off, text out, text err */
};
enum ask_answer { ANSWER_OK, ANSWER_UNGRADED, ANSWER_FAIL };
#define LEFT_OUT 9 /* an outcome: not asked for */

/* Writing: begin, fields, end. One buffer may hold several messages. */
size_t message_begin(struct buf *b, enum message_type type); /* gives what message_end wants */
void message_u8(struct buf *b, unsigned v);
void message_u32(struct buf *b, uint32_t v);
void message_u64(struct buf *b, uint64_t v);
void message_text(struct buf *b, struct str s);
void message_end(struct buf *b, size_t begin);

struct message {
	enum message_type type;
	struct str rest; /* the fields that were not read yet */
	bool bad;        /* one was missing; zero and "" were given instead */
};
uint8_t message_get_u8(struct message *m);
uint32_t message_get_u32(struct message *m);
uint64_t message_get_u64(struct message *m);
struct str message_get_text(struct message *m); /* within the message */
/* All fields were there and nothing more; ERR_INVALID otherwise. */
MUST_CHECK bool message_done(const struct message *m, struct err *err);

/* The first whole message in `bytes`: 1, and *ret_used is its length; 0: more bytes are needed; -1: it is longer than MESSAGE_MAX, or
 * empty. */
int message_take(struct str bytes, struct message *ret, size_t *ret_used);

/* Sends, and receives one message, waiting until deadline_ms of clock_monotonic_ms (0: for ever, without poll). `in` keeps what was read
 * beyond it, and the bytes that *ret points to until the next call. ERR_BUSY at the deadline, ERR_NOT_FOUND at the end of the stream. */
MUST_CHECK bool message_send(int fd, struct str bytes, int64_t deadline_ms, struct err *err);
struct message_stream {
	int fd;
	struct buf in; /* BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK) */
	size_t used;   /* bytes of the message that was given last */
};
#define MESSAGE_CHUNK 65536
MUST_CHECK bool message_receive(struct message_stream *s, int64_t deadline_ms, struct message *ret, struct err *err);
