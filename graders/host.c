/* The limited Lua state. See host.h. */
#include "graders/host.h"
#include "base/clock.h"
#include "base/mem.h"
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#define HOOK_STEPS 2000
#define MESSAGE_MAX 400

/* Lua's allocator (manual, lua_Alloc): refuses what is above the cap; Lua turns that into an error of the program. */
static void *allocate(void *arg, void *p, size_t old_size, size_t size)
{
	struct host *h = arg;
	if (!p)
		old_size = 0; /* then it says what kind of object is wanted */
	if (size == 0) {
		free(p);
		h->used -= old_size;
		return NULL;
	}
	if (size > old_size && size - old_size > h->limits.memory_max - h->used) {
		if (h->L && h->name) /* Lua calls no message handler for this error; looking at the stack takes no memory */
			h->memory_line = host_line(h->L, h->name);
		return NULL;
	}
	void *moved = realloc(p, size);
	if (moved)
		h->used = h->used - old_size + size;
	return moved;
}

static void give_up(lua_State *L, lua_Debug *ar, const char *message)
{
	lua_getinfo(L, "Sl", ar); /* luaL_error would name the caller of the running function */
	lua_pushfstring(L, "%s:%d: %s", ar->short_src, ar->currentline, message);
	lua_error(L);
}

static void on_steps(lua_State *L, lua_Debug *ar)
{
	struct host *h;
	lua_getallocf(L, (void **)&h);
	h->steps += HOOK_STEPS;
	if (h->steps > h->limits.steps_max)
		give_up(L, ar, "the program takes too many steps");
	if (h->limits.cpu_us_max && clock_cpu_us() > h->cpu_end_us)
		give_up(L, ar, "the program takes too long");
}

static const char *const base_names[] = {"assert", "error",  "ipairs", "next",     "pairs",    "rawequal", "rawget",
                                         "rawlen", "rawset", "select", "tonumber", "tostring", "type"};
static const char *const forbidden[][2] = {{"math", "random"}, {"math", "randomseed"}, {"string", "dump"}};

/* Runs protected, because creating tables may fail for lack of memory. */
static int open_libraries(lua_State *L)
{
	static const luaL_Reg libraries[] = {{LUA_MATHLIBNAME, luaopen_math},
	                                     {LUA_STRLIBNAME, luaopen_string},
	                                     {LUA_TABLIBNAME, luaopen_table},
	                                     {LUA_UTF8LIBNAME, luaopen_utf8}};
	luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
	lua_newtable(L); /* the globals that programs get */
	for (size_t i = 0; i < ARRAY_SIZE(base_names); i++) {
		lua_getfield(L, -2, base_names[i]);
		lua_setfield(L, -2, base_names[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++) {
		luaL_requiref(L, libraries[i].name, libraries[i].func, 0);
		lua_setfield(L, -2, libraries[i].name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		lua_getfield(L, -1, forbidden[i][0]);
		lua_pushnil(L);
		lua_setfield(L, -2, forbidden[i][1]);
		lua_pop(L, 1);
	}
	lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS); /* what load uses as _ENV */
	lua_pushnil(L);
	lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	return 0;
}

bool host_open(struct host *h, const struct host_limits *limits, struct err *err)
{
	*h = (struct host){.limits = *limits};
	h->L = lua_newstate(allocate, h);
	if (!h->L)
		return err_set(err, ERR_TOO_LARGE, "the interpreter does not fit into %zu bytes", limits->memory_max);
	lua_pushcfunction(h->L, open_libraries);
	if (lua_pcall(h->L, 0, 0, 0) != LUA_OK) {
		host_close(h);
		return err_set(err, ERR_TOO_LARGE, "the interpreter does not fit into %zu bytes", limits->memory_max);
	}
	return true;
}

void host_close(struct host *h)
{
	if (h->L)
		lua_close(h->L);
	h->L = NULL;
}

void host_add(struct host *h, const char *name, lua_CFunction f, void *arg)
{
	lua_pushlightuserdata(h->L, arg);
	lua_pushcclosure(h->L, f, 1);
	lua_setglobal(h->L, name);
}

/* "NAME:LINE: message", as Lua says it: cuts that off, and gives the line if the name is `name`. */
static struct str cut_place(struct str s, const char *name, int *ret_line)
{
	const char *colon = memchr(s.p, ':', s.len);
	size_t at = colon ? (size_t)(colon - s.p) : 0;
	struct str rest = str_sub(s, at + 1, s.len);
	const char *second = at ? memchr(rest.p, ':', rest.len) : NULL;
	int64_t line;
	if (!second || !str_to_i64((struct str){rest.p, (size_t)(second - rest.p)}, 1, INT32_MAX, &line))
		return s;
	if (str_is(str_sub(s, 0, at), name))
		*ret_line = (int)line;
	return str_trim(str_sub(rest, (size_t)(second - rest.p) + 1, rest.len));
}

/* The message on top of the stack: the line is cut off its front, and what could not be printed is replaced. */
static bool take_error(struct host *h, const char *name, int *ret_line, struct err *err)
{
	size_t len = 0;
	const char *text = lua_type(h->L, -1) == LUA_TSTRING ? lua_tolstring(h->L, -1, &len) : NULL;
	if (!text)
		return err_set(err, ERR_INVALID, "the program failed with an error that is not a text");
	struct str s = cut_place((struct str){text, len}, name, ret_line);
	char plain[MESSAGE_MAX + 1];
	size_t n = 0;
	for (size_t i = 0; i < s.len && n < MESSAGE_MAX; i++)
		plain[n++] = (unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] >= 0x7f ? '?' : s.p[i];
	plain[n] = 0;
	return err_set(err, ERR_INVALID, "%s", plain);
}

int host_line(lua_State *L, const char *name)
{
	lua_Debug ar;
	for (int level = 0; lua_getstack(L, level, &ar); level++)
		if (lua_getinfo(L, "Sl", &ar) && ar.currentline > 0 && strcmp(ar.short_src, name) == 0)
			return ar.currentline;
	return 0;
}

/* Runs where the error is raised, while the stack still shows who was running. */
static int note_line(lua_State *L)
{
	struct host *h;
	lua_getallocf(L, (void **)&h);
	h->line = host_line(L, h->name);
	return 1;
}

void host_start(struct host *h)
{
	h->steps = 0;
	h->cpu_end_us = clock_cpu_us() + h->limits.cpu_us_max;
}

bool host_load(struct host *h, struct str chunk, const char *name, int *ret_line, struct err *err)
{
	_cleanup_free_ char *chunk_name = xasprintf("=%s", name);
	*ret_line = 0;
	if (luaL_loadbufferx(h->L, chunk.p, chunk.len, chunk_name, "t") == LUA_OK)
		return true;
	take_error(h, name, ret_line, err);
	lua_pop(h->L, 1);
	return false;
}

bool host_call(struct host *h, int n_args, int n_results, const char *name, int *ret_line, struct err *err)
{
	int at = lua_gettop(h->L) - n_args;
	lua_pushcfunction(h->L, note_line);
	lua_insert(h->L, at);
	h->name = name;
	h->line = h->memory_line = 0;
	lua_sethook(h->L, on_steps, LUA_MASKCOUNT, HOOK_STEPS);
	int rc = lua_pcall(h->L, n_args, n_results, at);
	lua_sethook(h->L, NULL, 0, 0);
	lua_remove(h->L, at);
	*ret_line = rc == LUA_ERRMEM ? h->memory_line : h->line;
	if (rc == LUA_OK)
		return true;
	take_error(h, name, ret_line, err);
	lua_pop(h->L, 1);
	return false;
}

bool host_run(struct host *h, struct str chunk, const char *name, int n_results, int *ret_line, struct err *err)
{
	host_start(h);
	return host_load(h, chunk, name, ret_line, err) && host_call(h, 0, n_results, name, ret_line, err);
}
