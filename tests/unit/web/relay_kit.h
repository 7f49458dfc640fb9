/* A relay without a thread, with what its tests need: the other ends of its sockets and terminals. */
#pragma once
#include "peer.h"

#include "base/clock.h"
#include "web/server/relay_internal.h"
#include <pthread.h>
#include <pty.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

#define MUST(call)                   \
	({                               \
		struct err err = {0};        \
		if (!(call))                 \
			fail_msg("%s", err.msg); \
	})

struct kit {
	struct relay *relay;
	char dir[64];
	int program; /* the other end of the shell's terminal */
	struct buf out;
};

static inline void kit_open(struct kit *k, const struct relay_config *config)
{
	struct relay_config usual;
	relay_config_init(&usual);
	*k = (struct kit){.program = -1};
	buf_init(&k->out, 4 << 20);
	snprintf(k->dir, sizeof k->dir, "/tmp/assay-relay-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	MUST(relay_create(config ? config : &usual, &k->relay, &err));
}

/* What libmicrohttpd does with sockets that the relay is done with. */
static inline void take_back(struct kit *k)
{
	for (void *handle; (handle = relay_returned(k->relay));)
		close((int)(intptr_t)handle - 1);
}

static inline void turns(struct kit *k, struct peer *p)
{
	for (int i = 0; i < 20; i++) {
		relay_turn(k->relay, 0);
		take_back(k);
		if (p)
			peer_read(p);
	}
}

/* Until `done`, at most ten seconds. */
#define TURN_UNTIL(k, p, done)                                        \
	do {                                                              \
		for (int64_t end_ = clock_monotonic_ms() + 30000; !(done);) { \
			assert_true(clock_monotonic_ms() < end_);                 \
			relay_turn((k)->relay, 1);                                \
			take_back(k);                                             \
			peer_read(p);                                             \
		}                                                             \
	} while (0)

static inline void kit_close(struct kit *k)
{
	take_back(k);
	relay_destroy(k->relay);
	close_fdp(&k->program);
	buf_finish(&k->out);
	char command[96];
	snprintf(command, sizeof command, "%s/1.cast", k->dir);
	unlink(command);
	rmdir(k->dir);
}

static inline struct task_terminal task_of(struct kit *k, int master, uint32_t exec)
{
	struct task_terminal t = {.master_fd = master, .exec = exec, .attempt_key = 1, .item = 2, .fresh = true};
	snprintf(t.box, sizeof t.box, "box");
	snprintf(t.recording, sizeof t.recording, "%s/1.cast", k->dir);
	return t;
}

/* A browser that connects to the shell whose program is at the other end of `master`. */
static inline void join_with(struct kit *k, struct task_terminal t, struct peer *p, struct str extra)
{
	int pair[2];
	struct terminal *terminal;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	peer_init(p, pair[1]);
	MUST(relay_admit(k->relay, &t, 1, 24, 80, &terminal, &err));
	relay_attach(k->relay, terminal, pair[0], extra, (void *)(intptr_t)(pair[0] + 1));
	turns(k, p);
}

static inline void join(struct kit *k, uint32_t exec, struct peer *p)
{
	int pty[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pty), 0);
	struct task_terminal t = task_of(k, pty[0], exec);
	t.fresh = k->program < 0;
	if (t.fresh)
		k->program = pty[1];
	else
		close(pty[1]);
	join_with(k, t, p, (struct str){"", 0});
}

static inline void print(struct kit *k, const char *text)
{
	assert_int_equal(write(k->program, text, strlen(text)), (ssize_t)strlen(text));
}

static inline void give_credit(struct kit *k, struct peer *p, uint32_t n)
{
	unsigned char b[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
	put_message(&k->out, FRAME_CREDIT, b, 4);
	peer_write(p, &k->out);
}
