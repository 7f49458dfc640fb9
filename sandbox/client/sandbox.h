/* The server's side of the sandbox: opens boxes in the launcher, runs commands and terminals in them, takes snapshots.
 *
 * Calls wait for the launcher's answer and are bounded by a time; one connection belongs to one thread. Events (a command has
 * ended, a box has ended by itself) arrive at any time: watch sandbox_fd() and take them with sandbox_next_event(). Every
 * connection gets every event. The launcher outlives this process: after a restart, connect again, list, attach.
 *
 * What comes out of a box is hostile: bounded here, never parsed as anything. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "sandbox/limit.h"
#include <stdint.h>

struct sandbox;

/* Connects to the launcher that serves DIR. If there is none and `program` is not NULL, starts it. ERR_IO when it does not come up. */
MUST_CHECK bool sandbox_connect(const char *dir, const char *program, struct sandbox **ret, struct err *err);
void sandbox_disconnect(struct sandbox *s); /* accepts NULL; boxes stay */
int sandbox_fd(const struct sandbox *s);

#define SANDBOX_EMPTY "assay-layer 1\ne" /* the bytes of a snapshot with nothing in it */

struct sandbox_box {
	const char *name;          /* a-z, 0-9 and -, up to 64 */
	const char *image;         /* "host", or the name of a built one */
	const char *const *limits; /* "memory=64M", …; NULL-terminated, or NULL for the defaults; `time` means nothing here */
	bool keep;                 /* snapshot it about once a minute when it has changed, and when it ends */
	bool bound;                /* it ends with this connection */
	const char *restore;       /* path of a snapshot to start from, or NULL */
	const char *subject;       /* path of a snapshot to mount read-only on /subject, or NULL */
};
MUST_CHECK bool sandbox_open(struct sandbox *s, const struct sandbox_box *box, struct err *err);

struct sandbox_exec {
	const char *user, *cwd; /* NULL: root; the user's home */
	const char *const *argv, *const *env;
	uint64_t time_ms; /* it is killed after so long; 0: never */
	int fds[3];       /* its standard streams, if it gets no terminal; they stay the caller's */
	uint32_t rows, cols;
};
/* Starts a command; returns when it runs. ERR_INVALID when it could not be started, with the reason. */
MUST_CHECK bool sandbox_exec(struct sandbox *s, const char *box, const struct sandbox_exec *x, uint32_t *ret_exec, struct err *err);
/* The same on a terminal of the box's own; *ret_master is the caller's copy of its master (resize with TIOCSWINSZ, close when done). */
MUST_CHECK bool sandbox_terminal(struct sandbox *s, const char *box, const struct sandbox_exec *x, uint32_t *ret_exec, int *ret_master,
                                 struct err *err);
/* The terminal of a command that was started before, by this process or one before it. */
MUST_CHECK bool sandbox_attach(struct sandbox *s, const char *box, uint32_t exec, int *ret_master, struct err *err);
MUST_CHECK bool sandbox_kill(struct sandbox *s, const char *box, uint32_t exec, int sig, struct err *err); /* exec 0: every process */

/* Runs a command to its end and collects what it prints, up to output_max bytes a stream. */
struct sandbox_result {
	struct buf out, err; /* overflow says that there was more */
	uint32_t status;     /* as from wait(2) */
	enum limit limit;    /* what ended it, if a limit did */
};
void sandbox_result_finish(struct sandbox_result *r);
MUST_CHECK bool sandbox_run(struct sandbox *s, const char *box, const struct sandbox_exec *x, struct str input, size_t output_max,
                            struct sandbox_result *ret, struct err *err);

MUST_CHECK bool sandbox_freeze(struct sandbox *s, const char *box, bool freeze, struct err *err);

struct sandbox_snapshot {
	char *path;   /* of the file; replaced by the next snapshot: link it elsewhere to keep it */
	bool changed; /* false: this is the snapshot from before, and still what the box holds */
	uint64_t bytes;
	uint32_t entries, skipped; /* skipped: sockets, devices, folders nested too deeply */
};
void sandbox_snapshot_finish(struct sandbox_snapshot *snapshot);
MUST_CHECK bool sandbox_snapshot(struct sandbox *s, const char *box, struct sandbox_snapshot *ret, struct err *err);

/* A file or folder of this machine, to the absolute path `to` in the box; it belongs to `user` there (NULL: root). */
MUST_CHECK bool sandbox_put(struct sandbox *s, const char *box, const char *from, const char *user, const char *to, struct err *err);
/* One regular file of the box, at most size_max bytes. */
MUST_CHECK bool sandbox_get(struct sandbox *s, const char *box, const char *path, size_t size_max, struct buf *out, struct err *err);

struct sandbox_stat {
	uint64_t memory, processes, cpu_us, oom_kills, disk, inodes;
	bool frozen;
};
MUST_CHECK bool sandbox_stat(struct sandbox *s, const char *box, struct sandbox_stat *ret, struct err *err);

/* Kills everything in the box and removes it. keep_snapshot: takes a last one first; else its snapshot is deleted too. */
MUST_CHECK bool sandbox_close(struct sandbox *s, const char *box, bool keep_snapshot, struct err *err);
/* Snapshots and closes all boxes; the launcher ends. */
MUST_CHECK bool sandbox_stop(struct sandbox *s, struct err *err);

struct sandbox_listed {
	char *name;
	uint32_t n_execs;
	struct {
		uint32_t id, status;
		bool running, terminal;
		enum limit limit;
	} * execs;
};
MUST_CHECK bool sandbox_list(struct sandbox *s, struct sandbox_listed **ret, size_t *ret_n, struct err *err);
void sandbox_list_finish(struct sandbox_listed *list, size_t n);

struct sandbox_event {
	enum { SANDBOX_EXITED, SANDBOX_ENDED, SANDBOX_GONE } what; /* a command; a box by itself; the launcher */
	char box[65];
	uint32_t exec, status;
	enum limit limit;
	char message[256];
};
/* True: *ret is the next event. Never waits. */
bool sandbox_next_event(struct sandbox *s, struct sandbox_event *ret);

/* What this machine bounds and what it does not, one line each into *out, for `assay doctor`: lines start with "ok: " or "weak: ".
 * `program` is the launcher, which is asked to open a box; DIR is where it keeps images. */
enum sandbox_bounds { SANDBOX_CGROUP_V2, SANDBOX_CGROUP_V1, SANDBOX_DELEGATED, SANDBOX_RLIMITS, SANDBOX_NONE };
enum sandbox_bounds sandbox_doctor(const char *program, const char *dir, struct buf *out);
