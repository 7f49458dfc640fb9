/* What the relay's files share: sources of its epoll, shells, terminals. All of it belongs to the relay's thread, but for what the lock
 * guards. */
#pragma once
#include "recording.h"
#include "relay.h"
#include "ring.h"
#include "websocket.h"
#include <pthread.h>
#include <stdatomic.h>

#define OUTPUT_WINDOW 100000 /* bytes of output that a client takes before it has given credit */
#define INPUT_WINDOW 65536   /* bytes of input that a client may send before it is given credit */
#define SCRATCH_SIZE (32 * 1024)

/* Frames: the first byte of a message. */
enum frame { FRAME_DATA, FRAME_SIZE, FRAME_CREDIT, FRAME_PING, FRAME_NOTICE };

/* Something that epoll watches. */
struct source {
	void (*ready)(struct relay *relay, struct source *source, unsigned events);
	int fd;
	unsigned watched; /* events; 0: not in a set */
	bool is_shell;
	bool busy; /* belongs to the set of those that say much; see relay.c */
	bool in_busy;
};

/* Why a shell's output is not read; it is read while no bit is set. */
enum pause {
	PAUSE_READER = 1, /* the ring is full of what the socket has not taken */
	PAUSE_PACE = 2,   /* nobody is connected, and it has printed enough for this second */
	PAUSE_OVER = 4    /* there is no program */
};

struct shell {
	struct source source; /* the master of its PTY */
	struct shell *next;
	int64_t attempt_key;
	int item, number;
	char box[65];
	uint32_t exec;
	unsigned rows, cols;
	struct terminal *terminal; /* who is connected, or NULL */
	struct ring ring;
	unsigned pauses;
	size_t recent;          /* bytes since the last tick */
	int64_t pace, paced_ms; /* bytes that may be read in this second while nobody is connected */
	struct buf input;
	size_t input_sent;
	struct recording *recording;
	char *recording_path;
	/* The program's end. */
	bool status_known;
	uint32_t status;
	int64_t over_ms;
	char gone[16];     /* why the box went; empty: it has not */
	int64_t ending_ms; /* when its status or its box's end came */
	bool dead;         /* freed at the end of the turn */
};

/* Why a terminal sends no output. */
enum hold { HOLD_CREDIT = 1, HOLD_SOCKET = 2, HOLD_NOTHING = 4 };

/* A socket: waiting to come, attached to a shell, or on its way out. */
struct terminal {
	struct source source;
	struct terminal *next; /* of all; under the lock */
	struct relay *relay;
	struct task_terminal task;
	int number;
	unsigned rows, cols;
	void *handle;
	struct buf extra;
	struct shell *shell;
	atomic_bool attached; /* the relay's own from then on */
	bool finished;
	struct websocket ws;
	uint64_t position, replay_end;
	bool replaying;
	unsigned holds;
	uint64_t credit;                 /* bytes of output that it still takes */
	uint64_t input_left, input_owed; /* bytes of input that it may send; that it can be given credit for */
	uint64_t frames, sent;           /* as seen at heard_ms, moved_ms */
	int64_t heard_ms, pinged_ms, moved_ms, close_ms;
};

struct word; /* something another thread has said */

struct relay {
	struct relay_config config;
	struct recorder *recorder;
	pthread_t thread;
	bool started;
	int epoll_fd, busy_fd, wake_fd, returned_fd;
	struct source wake, busy;
	struct shell *shells;
	int64_t now_ms, wall_offset_ms, tick_ms;
	bool stops;
	bool reap; /* a shell is dead, or a terminal finished */
	unsigned char scratch[1 + SCRATCH_SIZE];
	pthread_mutex_t lock;
	pthread_cond_t heard;
	/* Under the lock: */
	struct terminal *terminals; /* all of them; only the relay's thread looks into them once they are attached */
	struct word *words, **words_end;
	void **returned;
	size_t n_returned, cap_returned;
	bool stopping;
};

/* relay.c */
void relay_watch(struct relay *relay, struct source *source, unsigned events);
int64_t relay_wall_ms(const struct relay *relay);
/* One turn: waits at most timeout_ms, lets each ready source do its work. False: it is to end. */
bool relay_turn(struct relay *relay, int timeout_ms);

/* shell.c */
struct shell *shell_find(struct relay *relay, int64_t attempt_key, int item, int number);
/* The shell of a terminal that has come, made if there is none, with its program. */
struct shell *shell_join(struct relay *relay, struct terminal *t);
void shell_resize(struct relay *relay, struct shell *sh, unsigned rows, unsigned cols);
void shell_input(struct relay *relay, struct shell *sh, const unsigned char *p, size_t len);
void shell_left(struct relay *relay, struct shell *sh); /* its terminal has gone */
/* Reads or stops reading, by its reasons. */
void shell_update(struct relay *relay, struct shell *sh);
void shell_gone(struct relay *relay, struct shell *sh, const char *why);
void shell_program_ended(struct relay *relay, struct shell *sh, uint32_t status);
void shell_tick(struct relay *relay, struct shell *sh);
bool shell_over(const struct relay *relay, const struct shell *sh); /* no more output will come, and what is known about its end is known */
void shell_free(struct relay *relay, struct shell *sh);

/* terminal.c */
void terminal_begin(struct relay *relay, struct terminal *t);
/* Sends what may be sent now. */
void terminal_pump(struct relay *relay, struct terminal *t);
void terminal_accepted(struct terminal *t, size_t len); /* so many bytes of its input went to the program */
void terminal_supersede(struct relay *relay, struct terminal *t);
void terminal_notice(struct terminal *t, const char *kind, int status, const char *message);
void terminal_tick(struct relay *relay, struct terminal *t);
