/* What the files of init share. */
#pragma once
#include "sandbox/wire.h"
#include <sys/types.h>

#define LAUNCHER 3       /* the descriptor of the socket to the launcher */
#define COMMANDS_MAX 256 /* running at once */

struct init {
	bool watch; /* no cgroup counts memory: init does */
	uint64_t memory;
	int signals, pts, proc;
	struct {
		uint32_t exec;
		pid_t pid; /* 0: free */
	} commands[COMMANDS_MAX];
};
extern struct init init;

void init_report(uint32_t what, uint32_t exec, const uint32_t *status, const char *text, int fd);
bool init_remember(uint32_t exec, pid_t pid);
MUST_CHECK bool init_exec(struct wire *m, struct err *err);
MUST_CHECK bool init_files(struct wire *m, bool pack, struct err *err);

struct account {
	uint32_t uid, gid;
	char name[64], home[256], shell[256];
	uint32_t groups[64];
	unsigned n_groups;
};
/* A name or number, in the box's own /etc/passwd and /etc/group. "" is root, which needs no file. */
MUST_CHECK bool account_find(const char *name, struct account *ret, struct err *err);
