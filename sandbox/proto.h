/* Operations of the sandbox's messages (wire.h) and their fields, in order.
 *
 * Between the launcher and the init of a box: */
#pragma once

enum init_request {
	INIT_CONFIG = 'c', /* u32 watch (0/1), u64 memory */
	INIT_EXEC = 'x',   /* u32 id, u32 flags, u32 rows, u32 cols, str user, str cwd, list argv, list env; fds: in, out, err unless a PTY */
	INIT_KILL = 'k',   /* u32 id (0: all but init), u32 signal */
	INIT_STOP = 's',   /* - : stops every process but init, answers INIT_STOPPED */
	INIT_CONT = 'r',   /* - */
	INIT_UNPACK = 'u', /* u32 id, str user, str path; fd: a layer to read. Ends as a command does */
	INIT_PACK = 'p',   /* u32 id, u64 size_max, str path; fd: where the layer goes */
};
enum init_report {
	BOX_OPENED = 'o',   /* - ; fds: the folder of upper layers (O_PATH) */
	BOX_ERROR = 'E',    /* str: why the box could not be opened */
	INIT_READY = 'R',   /* - */
	INIT_STARTED = 'X', /* u32 id; fd: the PTY's master, if there is one */
	INIT_FAILED = 'F',  /* u32 id, str: why it did not start */
	INIT_EXITED = 'e',  /* u32 id, u32 status as from wait(2) */
	INIT_STOPPED = 'S', /* u32 all stopped (0/1) */
	INIT_OVER = 'O',    /* u64 bytes: the watcher saw more memory than allowed, and killed the largest process */
};

enum { EXEC_PTY = 1 };

#define USER_NAME_MAX 64
#define BOX_PATH_MAX 4095

/* Between a client and the launcher. Each request starts with its operation and a u32 number that the answer repeats. */
#define SANDBOX_VERSION 1
enum sandbox_request {
	REQ_HELLO = 'h',    /* u32 version */
	REQ_OPEN = 'o',     /* str box, str image, u32 flags, list limits, str restore, str subject */
	REQ_EXEC = 'x',     /* str box, u32 flags, u32 rows, u32 cols, u64 time_ms, str user, str cwd, list argv, list env; fds unless a PTY */
	REQ_KILL = 'k',     /* str box, u32 exec (0: all), u32 signal */
	REQ_FREEZE = 'f',   /* str box, u32 freeze (0/1) */
	REQ_SNAPSHOT = 's', /* str box, u32 force (0/1) */
	REQ_PUT = 'u',      /* str box, str user, str path; fd: a layer */
	REQ_GET = 'g',      /* str box, str path, u64 size_max; fd: where the layer goes */
	REQ_CLOSE = 'c',    /* str box, u32 keep (0: its snapshots are deleted too) */
	REQ_LIST = 'l',     /* - */
	REQ_ATTACH = 'a',   /* str box, u32 exec: the PTY again */
	REQ_STAT = 't',     /* str box */
	REQ_STOP = 'q',     /* - : snapshots, closes everything, ends */
};
enum sandbox_answer {
	ANS_OK = 'y',     /* u32 number, then what the request answers */
	ANS_ERROR = 'n',  /* u32 number, u32 code, str message */
	EVT_EXITED = 'e', /* u32 0, str box, u32 exec, u32 status, u32 limit */
	EVT_BOX = 'b',    /* u32 0, str box, u32 limit, str message: the box ended by itself; its last snapshot is kept */
};
enum {
	OPEN_KEEP = 1,  /* snapshot it about once a minute, and when it ends */
	OPEN_BOUND = 2, /* it ends with its client's connection */
};

#define BOX_NAME_MAX 64
