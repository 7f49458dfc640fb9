/* Requests to assay-look, the program that looks inside a box (look.c). It is static, needs nothing of the box but the kernel, and talks
 * over one socket: messages as in message.h. A REQUEST has the type of its first byte below; the ANSWER begins with one byte: LOOK_OK and
 * what is named here, or LOOK_NONE and a text that says why not.
 *
 * Paths are absolute and resolved beneath the root that it was started for, links included: openat2 with RESOLVE_IN_ROOT. */
#pragma once

enum look_op {
	LOOK_STAT = 's',   /* text path, one follow -> entry (see below), eight mtime, text target of a link */
	LOOK_READ = 'r',   /* text path, four size_max -> text */
	LOOK_LIST = 'l',   /* text path -> four n; n times: text name, one type; sorted */
	LOOK_WALK = 'w',   /* text path, four depth_max -> four n; n times: text path, entry; sorted */
	LOOK_SHA256 = 'h', /* text path -> text: 32 bytes */
	LOOK_REAL = 'p',   /* text path -> text: without links and dots, beneath the root; one type */
	LOOK_COPY = 'c',   /* text path, text where to in this box -> - */
	LOOK_ACL = 'a',    /* text path -> text access, text default: attributes as the kernel gives them, "" when there is none */
	LOOK_WRITE = 'o',  /* text path in this box, text bytes -> - */
	LOOK_TALK = 't',   /* text address, four port (0: the address is a socket's path), text send, text until, four size_max, four time_ms
	                      -> one enum look_end, text received */
};
/* An entry: one type, four mode (permissions only), four uid, four gid, four links, eight size. */
enum look_type { LOOK_FILE = 'f', LOOK_FOLDER = 'd', LOOK_LINK = 'l', LOOK_PIPE = 'p', LOOK_SOCKET = 's', LOOK_DEVICE = 'b' };
enum { LOOK_OK, LOOK_NONE };
enum look_end { LOOK_CLOSED, LOOK_UNTIL, LOOK_FULL, LOOK_LATE };

#define LOOK_READ_MAX (16u << 20)
#define LOOK_HASH_MAX (UINT64_C(1) << 30)
#define LOOK_COPY_MAX (UINT64_C(256) << 20)
#define LOOK_ENTRIES_MAX 50000
#define LOOK_DEPTH_MAX 64
#define LOOK_PATH_MAX 4095
#define LOOK_TIME_MS_MAX 30000
