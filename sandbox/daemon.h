/* The daemon that keeps boxes: assay-sandbox serve. */
#pragma once
#include "sandbox/box.h"
#include "sandbox/proto.h"

int daemon_main(int argc, char **argv); /* argv[0] is "serve" */

#define CLIENTS_MAX 32
#define BOX_EXECS_MAX 64 /* remembered for one box, running or ended */
#define SNAPSHOT_EVERY_MS 60000

enum watched { WATCH_LISTENER, WATCH_SIGNALS, WATCH_CLIENT, WATCH_BOX };

struct client {
	enum watched watched; /* first: what epoll points to */
	int fd;
	uint32_t id; /* never used twice */
	struct client *next;
};

enum exec_state { EXEC_FREE, EXEC_STARTING, EXEC_RUNNING, EXEC_ENDED };
enum exec_kind { EXEC_COMMAND, EXEC_FILES };

/* Who waits for an answer: a client may be gone when it comes. */
struct asker {
	uint32_t client, number; /* 0: nobody */
};

struct exec {
	enum exec_state state;
	enum exec_kind kind;
	uint32_t id, status;
	enum limit limit;
	int master;           /* of its PTY, kept so that the terminal outlives a crash of the server; -1 */
	uint64_t deadline_ms; /* 0: none */
	uint64_t time_ms, oom_before;
	struct asker asker;
};

enum snapshot_state { SNAPSHOT_NONE, SNAPSHOT_PROBING, SNAPSHOT_STOPPING, SNAPSHOT_PACKING };

struct kept {
	enum watched watched; /* first */
	char name[BOX_NAME_MAX + 1];
	struct box box;
	bool keep;         /* snapshot it */
	uint32_t bound_to; /* the client that it ends with; 0: none */
	bool ended;        /* init is gone; closes after the last snapshot */
	bool closing;      /* closes after the snapshot that runs */
	enum limit ended_by;
	char reason[256];
	struct asker opener, freezer, snapshotter, closer;
	struct exec execs[BOX_EXECS_MAX];
	enum snapshot_state snapshot;
	pid_t packer;
	int packing_fd;
	bool thaw_after, force;
	uint64_t next_snapshot_ms;
	struct box_snapshot *shared; /* mapped, shared with the packing process */
	bool has_snapshot;
	struct kept *next;
};

struct daemon {
	struct host host;
	int epoll, listener, signals, dir;
	enum watched watch_listener, watch_signals;
	struct client *clients;
	struct kept *boxes;
	uint32_t next_client;
	char *space;
	uint64_t linger_ms, alone_since_ms;
	bool stopping;
	struct asker stopper;
};

uint64_t daemon_now_ms(void);
void daemon_answer(struct daemon *d, struct asker to, const struct buf *fields, int fd); /* ANS_OK; fd -1: none */
void daemon_refuse(struct daemon *d, struct asker to, const struct err *err);
void daemon_event(struct daemon *d, const struct buf *message); /* to every client */
struct kept *daemon_find(struct daemon *d, struct str name);
void daemon_forget(struct daemon *d, struct kept *k); /* closes the box and frees it */

/* One request of a client. False: the client does not keep to the protocol. */
bool daemon_request(struct daemon *d, struct client *c, struct wire *m);

/* daemon_box.c */
void kept_report(struct daemon *d, struct kept *k);                  /* init has something to say */
void kept_end(struct daemon *d, struct kept *k, const char *reason); /* init is gone */
void kept_deadlines(struct daemon *d, struct kept *k, uint64_t now, uint64_t *next);

/* daemon_snapshot.c */
MUST_CHECK bool snapshot_start(struct daemon *d, struct kept *k, bool force, struct err *err);
void snapshot_stopped(struct daemon *d, struct kept *k, bool all); /* the answer of init where no cgroup freezes */
void snapshot_reap(struct daemon *d);
void snapshot_path(const struct kept *k, char ret[BOX_NAME_MAX + 32]); /* in the daemon's folder */
