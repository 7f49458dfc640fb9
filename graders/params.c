/* assay-params: draws the values of parametrised questions by running their authors' programs.
 *
 * Reads a JSON array of {"lua", "seed"} from stdin up to its end, gives up every right that it does not need, runs each program in a state
 * of its own, and writes a JSON array of {"values": {…}} or {"error": "…", "line": N}, one element a line, each written as soon as it is
 * known. So if a limit ends the process, its caller sees which program was running. When the CPU time is used up by programs that each kept
 * to their limit, the array just ends early: the caller starts another process for the rest. The caller is client/params.c. */
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/host.h"
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <math.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define INPUT_MAX (16u << 20)
#define PROGRAM_MAX (64u << 10)
#define JOBS_MAX 1000
#define VALUES_MAX 200
#define VALUE_LEN_MAX 4000
#define CHUNK_NAME "params"
/* One program. Far above what a question needs; the process as a whole may use one second. */
static const struct host_limits limits = {.memory_max = 32u << 20, .steps_max = 20000000, .cpu_us_max = 300000};
#define CPU_SECONDS 1
#define CPU_STOP_US 500000 /* no new program after this */
#define ADDRESS_SPACE_MAX (512UL * 1024 * 1024)

/* ---- the generator: splitmix64 seeds xoshiro256** (Blackman and Vigna) ---- */

struct generator {
	uint64_t s[4];
};

static void generator_init(struct generator *g, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		g->s[i] = z ^ (z >> 31);
	}
}

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

static uint64_t generator_u64(struct generator *g)
{
	uint64_t result = rotl(g->s[1] * 5, 7) * 9, t = g->s[1] << 17;
	g->s[2] ^= g->s[0];
	g->s[3] ^= g->s[1];
	g->s[1] ^= g->s[2];
	g->s[0] ^= g->s[3];
	g->s[2] ^= t;
	g->s[3] = rotl(g->s[3], 45);
	return result;
}

/* Uniform in [0, n), n > 0, by rejection. */
static uint64_t generator_below(struct generator *g, uint64_t n)
{
	uint64_t least = (0 - n) % n, x;
	do
		x = generator_u64(g);
	while (x < least);
	return x % n;
}

static struct generator *generator_of(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(1));
}

/* rand(a, b): a whole number from a to b. */
static int lua_rand(lua_State *L)
{
	lua_Integer a = luaL_checkinteger(L, 1), b = luaL_checkinteger(L, 2);
	if (a > b)
		return luaL_error(L, "rand(%I, %I): the first number must not be above the second", (LUAI_UACINT)a, (LUAI_UACINT)b);
	uint64_t width = (uint64_t)b - (uint64_t)a + 1;
	uint64_t x = width ? generator_below(generator_of(L), width) : generator_u64(generator_of(L));
	lua_pushinteger(L, (lua_Integer)((lua_Unsigned)a + x));
	return 1;
}

/* pick(list): one element. */
static int lua_pick(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_Unsigned n = lua_rawlen(L, 1);
	if (n == 0)
		return luaL_error(L, "pick needs a list with at least one element");
	lua_rawgeti(L, 1, (lua_Integer)generator_below(generator_of(L), n) + 1);
	return 1;
}

/* shuffle(list): a copy in random order. */
static int lua_shuffle(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_Unsigned n = lua_rawlen(L, 1);
	lua_settop(L, 1);
	lua_newtable(L);
	for (lua_Integer i = 1; i <= (lua_Integer)n; i++) {
		lua_Integer k = (lua_Integer)generator_below(generator_of(L), (uint64_t)i) + 1;
		lua_rawgeti(L, 2, k); /* inside-out: the element at k moves to the end */
		lua_rawseti(L, 2, i);
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, 2, k);
	}
	return 1;
}

/* ---- the values that a program returns ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_name(const char *s, size_t len)
{
	if (len == 0 || len > 64 || strlen(s) != len || (s[0] >= '0' && s[0] <= '9'))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '_'))
			return false;
	return true;
}

/* The names are string keys of the returned table, so they live as long as the table. */
static bool collect_names(lua_State *L, const char **names, size_t *ret_n, struct err *err)
{
	size_t n = 0;
	lua_pushnil(L);
	while (lua_next(L, -2)) {
		size_t len;
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING)
			return err_set(err, ERR_INVALID, "the table that is returned must have names as its keys, as in { size = size }");
		const char *name = lua_tolstring(L, -1, &len);
		if (!is_name(name, len))
			return err_set(err, ERR_INVALID, "a name must be made of a-z, 0-9 and _, and not begin with a digit");
		if (n == VALUES_MAX)
			return err_set(err, ERR_INVALID, "more than %d values", VALUES_MAX);
		names[n++] = name;
	}
	qsort(names, n, sizeof *names, compare_names);
	*ret_n = n;
	return true;
}

static bool add_number(lua_State *L, const char *name, struct buf *out, struct err *err)
{
	if (lua_isinteger(L, -1)) {
		lua_Integer v = lua_tointeger(L, -1);
		bool exact = v <= INT64_C(9007199254740992) && v >= -INT64_C(9007199254740992);
		buf_addf(out, exact ? "%lld" : "\"%lld\"", (long long)v); /* a double would bend it */
		return true;
	}
	double v = lua_tonumber(L, -1);
	if (!isfinite(v))
		return err_set(err, ERR_INVALID, "the value of '%s' is not a finite number", name);
	if (v == floor(v) && fabs(v) < 1e15)
		buf_addf(out, "%.0f", v == 0 ? 0.0 : v);
	else
		buf_addf(out, "%.17g", v);
	return true;
}

static bool add_value(lua_State *L, const char *name, struct buf *out, struct err *err)
{
	if (lua_type(L, -1) == LUA_TNUMBER)
		return add_number(L, name, out, err);
	if (lua_type(L, -1) != LUA_TSTRING)
		return err_set(err, ERR_INVALID, "the value of '%s' is a %s; it must be a text or a number", name, luaL_typename(L, -1));
	struct str s;
	s.p = lua_tolstring(L, -1, &s.len);
	if (s.len > VALUE_LEN_MAX)
		return err_set(err, ERR_INVALID, "the value of '%s' is longer than %d bytes", name, VALUE_LEN_MAX);
	if (!str_is_utf8(s, NULL))
		return err_set(err, ERR_INVALID, "the value of '%s' is not UTF-8 text", name);
	buf_add_json(out, s);
	return true;
}

/* The table on top of the stack as a JSON object, its names in order. */
static bool add_values(lua_State *L, struct buf *out, struct err *err)
{
	const char *names[VALUES_MAX];
	size_t n = 0;
	if (lua_type(L, -1) != LUA_TTABLE)
		return err_set(err, ERR_INVALID, "the program must end in: return { name = value, … }");
	if (!collect_names(L, names, &n, err))
		return false;
	buf_adds(out, "{\"values\":{");
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s\"%s\":", i ? "," : "", names[i]);
		lua_pushstring(L, names[i]);
		lua_rawget(L, -2);
		if (!add_value(L, names[i], out, err))
			return false;
		lua_pop(L, 1);
	}
	buf_adds(out, "}}");
	return true;
}

/* ---- jobs ---- */

struct task { /* what runs protected: adding functions and reading values may lack memory */
	struct generator generator;
	struct host *host;
	struct buf *out;
	struct err *err;
	bool ok;
};

static int add_functions(lua_State *L)
{
	struct task *t = lua_touserdata(L, 1);
	host_add(t->host, "rand", lua_rand, &t->generator);
	host_add(t->host, "pick", lua_pick, &t->generator);
	host_add(t->host, "shuffle", lua_shuffle, &t->generator);
	return 0;
}

static int read_result(lua_State *L)
{
	struct task *t = lua_touserdata(L, 1);
	lua_settop(L, 2);
	t->ok = add_values(L, t->out, t->err);
	return 0;
}

static bool run_program(const char *program, uint64_t seed, struct buf *out, int *ret_line, struct err *err)
{
	struct host host;
	struct task task = {.host = &host, .out = out, .err = err};
	*ret_line = 0;
	generator_init(&task.generator, seed);
	if (!host_open(&host, &limits, err))
		return false;
	lua_pushcfunction(host.L, add_functions);
	lua_pushlightuserdata(host.L, &task);
	bool ok = lua_pcall(host.L, 1, 0, 0) == LUA_OK || err_set(err, ERR_TOO_LARGE, "not enough memory");
	ok = ok && host_run(&host, str_of(program), CHUNK_NAME, 1, ret_line, err);
	if (ok) {
		lua_pushcfunction(host.L, read_result);
		lua_insert(host.L, -2);
		lua_pushlightuserdata(host.L, &task);
		lua_insert(host.L, -2);
		if (lua_pcall(host.L, 2, 0, 0) != LUA_OK)
			ok = err_set(err, ERR_TOO_LARGE, "not enough memory");
		else
			ok = task.ok;
	}
	host_close(&host);
	return ok;
}

static void write_all(struct str s)
{
	while (s.len) {
		ssize_t n = write(STDOUT_FILENO, s.p, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(3);
		s = str_sub(s, (size_t)n, s.len);
	}
}

static void run_job(const cJSON *job, bool first)
{
	_cleanup_buf_ struct buf out = BUF((size_t)VALUES_MAX * (VALUE_LEN_MAX * 6 + 80) + 1000);
	struct err err = {0};
	const char *program = NULL, *seed = NULL;
	int line = 0;
	if (!first)
		buf_addc(&out, ',');
	size_t start = out.len;
	bool ok = json_get_str(job, "job", "lua", PROGRAM_MAX, &program, &err) && json_get_str(job, "job", "seed", 20, &seed, &err);
	uint64_t value = 0;
	for (const char *p = ok ? seed : ""; *p; p++) { /* decimal, all 64 bits */
		if (*p < '0' || *p > '9')
			ok = err_set(&err, ERR_INVALID, "job.seed must be a decimal number");
		value = value * 10 + (uint64_t)(*p - '0');
	}
	if (!ok || !run_program(program, value, &out, &line, &err)) {
		out.len = start;
		out.overflow = false;
		buf_adds(&out, "{\"error\":");
		buf_add_json(&out, str_of(err.msg));
		if (line)
			buf_addf(&out, ",\"line\":%d", line);
		buf_addc(&out, '}');
	}
	buf_addc(&out, '\n');
	write_all(buf_str(&out));
}

/* ---- giving up rights ---- */

static bool limit(int resource, rlim_t value)
{
	struct rlimit r = {value, value};
	return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

/* From here on: compute, allocate, write to stdout, end. */
static bool lock_down(void)
{
	bool ok = limit(RLIMIT_CPU, CPU_SECONDS) && limit(RLIMIT_AS, ADDRESS_SPACE_MAX) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
	          limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_NPROC, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	          prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
	static const int calls[] = {SCMP_SYS(brk),          SCMP_SYS(munmap),     SCMP_SYS(mremap), SCMP_SYS(madvise),
	                            SCMP_SYS(rt_sigreturn), SCMP_SYS(exit_group), SCMP_SYS(exit),   SCMP_SYS(clock_gettime)};
	scmp_filter_ctx filter = ok ? seccomp_init(SCMP_ACT_KILL_PROCESS) : NULL;
	for (size_t i = 0; i < ARRAY_SIZE(calls) && filter && ok; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	ok = ok && filter && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)) == 0 &&
	     /* memory only: not executable, no file */
	     seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	                      SCMP_A4(SCMP_CMP_MASKED_EQ, UINT32_MAX, UINT32_MAX)) == 0 &&
	     seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return ok;
}

static int complain(const char *message)
{
	fprintf(stderr, "assay-params: %s\n", message);
	return 3;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		fputs("assay-params draws the values of parametrised questions for assay; it is not meant to be run by hand.\n"
		      "It reads [{\"lua\": \"return {n = rand(1, 6)}\", \"seed\": \"1\"}] from stdin.\n",
		      strcmp(argv[1], "--help") == 0 ? stdout : stderr);
		return strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	struct buf in = BUF(INPUT_MAX);
	if (!buf_read(&in, STDIN_FILENO))
		return complain("cannot read the jobs, or they are too large");
	close(STDIN_FILENO);
	if (close_range(3, UINT32_MAX, 0) < 0 || !lock_down())
		return complain("cannot limit the process");
	struct err err;
	cJSON *jobs;
	if (!json_parse(buf_str(&in), &jobs, &err) || !cJSON_IsArray(jobs) || cJSON_GetArraySize(jobs) > JOBS_MAX)
		_exit(3);
	write_all(STR("[\n"));
	for (const cJSON *job = jobs->child; job; job = job->next) {
		if (job != jobs->child && clock_cpu_us() > CPU_STOP_US)
			break;
		run_job(job, job == jobs->child);
	}
	write_all(STR("]\n"));
	_exit(0);
}
