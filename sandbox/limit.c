/* Parsing of limits. See limit.h. */
#include "sandbox/limit.h"
#include "base/mem.h"
#include <assert.h>

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)

static const char *const names[LIMIT_COUNT] = {"", "memory", "processes", "cpu", "disk", "inodes", "output", "time"};

void limits_init(struct limits *l)
{
	*l = (struct limits){
	    .memory = 512 * MIB,
	    .processes = 256,
	    .cpu_percent = 100,
	    .disk = 512 * MIB,
	    .inodes = 50000,
	    .output = 64 * MIB,
	    .time_ms = 30000,
	};
}

const char *limit_name(enum limit which)
{
	assert((unsigned)which < LIMIT_COUNT);
	return names[which];
}

uint64_t limits_disk(const struct limits *l)
{
	uint64_t most = l->memory / 4 * 3;
	return l->disk < most ? l->disk : most;
}

struct unit {
	const char *suffix;
	uint64_t factor;
};
static const struct unit bytes[] = {{"GiB", GIB}, {"MiB", MIB}, {"KiB", KIB}, {"G", GIB}, {"M", MIB}, {"K", KIB}, {"", 1}};
static const struct unit plain[] = {{"", 1}};
static const struct unit percent[] = {{"%", 1}, {"", 1}};
static const struct unit times[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"", 1000}};

static bool number(struct str text, const struct unit *units, uint64_t min, uint64_t max, uint64_t *ret)
{
	for (const struct unit *u = units;; u++) {
		if (*u->suffix && !str_ends(text, u->suffix))
			continue;
		int64_t n;
		if (str_to_i64(str_sub(text, 0, text.len - strlen(u->suffix)), 0, INT64_C(1) << 40, &n)) {
			uint64_t v;
			if (__builtin_mul_overflow((uint64_t)n, u->factor, &v) || v < min || v > max)
				return false;
			*ret = v;
			return true;
		}
		if (!*u->suffix)
			return false;
	}
}

bool limits_time(struct str text, uint64_t *ret_ms, struct err *err)
{
	if (!number(text, times, 0, UINT64_C(24) * 3600 * 1000, ret_ms))
		return err_set(err, ERR_USAGE, "a time is written like 30s, 500ms or 5m, up to 24h, not '%.*s'", STR_ARG(text));
	return true;
}

bool limits_set(struct limits *l, struct str assignment, struct err *err)
{
	struct str key, value = assignment;
	if (!memchr(assignment.p, '=', assignment.len) || !str_next_field(&value, '=', &key))
		return err_set(err, ERR_USAGE, "a limit is written KEY=VALUE, like memory=64M, not '%.*s'", STR_ARG(assignment));
	uint64_t processes = 0, cpu = 0;
	const struct {
		const char *key;
		const struct unit *units;
		uint64_t min, max, *ret;
		const char *takes;
	} table[] = {
	    {"memory", bytes, 4 * MIB, 1024 * GIB, &l->memory, "bytes from 4M to 1024G, like 512M"},
	    {"processes", plain, 2, 30000, &processes, "a number from 2 to 30000"},
	    {"cpu", percent, 1, 100000, &cpu, "per cent of one processor, like 50% or 200%"},
	    {"disk", bytes, 64 * KIB, 1024 * GIB, &l->disk, "bytes from 64K to 1024G, like 512M"},
	    {"inodes", plain, 64, 100000000, &l->inodes, "a number from 64 to 100000000"},
	    {"output", bytes, 0, 1024 * GIB, &l->output, "bytes, like 64M"},
	    {"time", times, 0, UINT64_C(24) * 3600 * 1000, &l->time_ms, "a time up to 24h, like 30s or 500ms; 0 is no bound"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (!str_is(key, table[i].key))
			continue;
		if (!number(value, table[i].units, table[i].min, table[i].max, table[i].ret))
			return err_set(err, ERR_USAGE, "limit '%s' takes %s, not '%.*s'", table[i].key, table[i].takes, STR_ARG(value));
		if (processes)
			l->processes = (uint32_t)processes;
		if (cpu)
			l->cpu_percent = (uint32_t)cpu;
		return true;
	}
	return err_set(err, ERR_USAGE, "there is no limit '%.*s'; there are memory, processes, cpu, disk, inodes, output, time", STR_ARG(key));
}
