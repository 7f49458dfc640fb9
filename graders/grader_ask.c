/* What the library in lib/ is built on: declaring a check, ending one, and asking the client library to look at something. */
#include "base/mem.h"
#include "graders/client/grade.h"
#include "graders/grader.h"
#include <lauxlib.h>
#include <stdio.h>
#include <unistd.h>

static struct grader *grader_of(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(1));
}

static struct str text_of(lua_State *L, int at)
{
	struct str s;
	s.p = luaL_checklstring(L, at, &s.len);
	return s;
}

int grader_stop(lua_State *L, struct grader *g, uint8_t outcome, struct str message)
{
	g->stopped = true;
	g->outcome = outcome;
	buf_clear(&g->message);
	buf_addv(&g->message, str_sub(message, 0, TEXT_MAX));
	lua_pushlightuserdata(L, g);
	return lua_error(L);
}

/* stop(outcome, message) */
static int stop(lua_State *L)
{
	return grader_stop(L, grader_of(L), (uint8_t)luaL_checkinteger(L, 1), text_of(L, 2));
}

/* detail(text) */
static int detail(lua_State *L)
{
	struct grader *g = grader_of(L);
	buf_clear(&g->detail);
	buf_addv(&g->detail, str_sub(text_of(L, 1), 0, TEXT_MAX));
	g->has_detail = true;
	return 0;
}

/* declare(id, points in thousandths, title, live, hint, function, needed indices …): lib/check.lua has looked at all of them. */
static int declare(lua_State *L)
{
	struct grader *g = grader_of(L);
	if (g->n_checks == CHECKS_MAX)
		return luaL_error(L, "more than %d checks", CHECKS_MAX);
	struct check *c = &g->checks[g->n_checks];
	int top = lua_gettop(L);
	c->points_m = luaL_checkinteger(L, 2);
	c->live = lua_toboolean(L, 4);
	for (int i = 7; i <= top && c->n_needs < CHECKS_MAX; i++)
		c->needs[c->n_needs++] = (uint8_t)luaL_checkinteger(L, i);
	c->id = str_dup(text_of(L, 1));
	c->title = str_dup(text_of(L, 3));
	c->hint = str_dup(text_of(L, 5));
	lua_settop(L, 6);
	c->function = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushinteger(L, (lua_Integer)g->n_checks++);
	return 1;
}

/* declaring(): the checks are being declared, so nothing may be looked at. */
static int declaring(lua_State *L)
{
	lua_pushboolean(L, grader_of(L)->declaring);
	return 1;
}

/* ask(kind, fields): what the client library answers. */
static int ask(lua_State *L)
{
	struct grader *g = grader_of(L);
	struct str kind = text_of(L, 1), fields = text_of(L, 2);
	struct message m;
	struct err err;
	if (g->declaring)
		return luaL_error(L, "look at the work inside a check's function; outside, checks are only declared");
	if (fields.len > MESSAGE_MAX - 64)
		return luaL_error(L, "a question of %d bytes is too long", (int)fields.len);
	struct buf out = BUF(MESSAGE_MAX);
	size_t begin = message_begin(&out, MESSAGE_QUESTION);
	message_u8(&out, (unsigned char)kind.p[0]);
	buf_addv(&out, fields);
	message_end(&out, begin);
	grader_send(g, &out);
	buf_finish(&out);
	if (!message_receive(&g->in, 0, &m, &err) || m.type != MESSAGE_ANSWER)
		_exit(0); /* the other side has given up */
	uint8_t how = message_get_u8(&m);
	if (how != ANSWER_OK)
		return grader_stop(L, g, how == ANSWER_FAIL ? GRADE_FAIL : GRADE_UNGRADED, message_get_text(&m));
	lua_pushlstring(L, m.rest.p, m.rest.len);
	return 1;
}

/* Also what Lua has and programs may not: the library alone gets these. */
void grader_add_functions(struct grader *g)
{
	static const luaL_Reg functions[] = {{"stop", stop},
	                                     {"detail", detail},
	                                     {"declare", declare},
	                                     {"declaring", declaring},
	                                     {"ask", ask},
	                                     {"json_decode", grader_json_decode},
	                                     {"json_encode", grader_json_encode},
	                                     {"yaml_decode", grader_yaml_decode},
	                                     {"regex", grader_regex},
	                                     {NULL, NULL}};
	lua_newtable(g->host.L);
	lua_pushlightuserdata(g->host.L, g);
	luaL_setfuncs(g->host.L, functions, 1);
	lua_pushlightuserdata(g->host.L, NULL);
	lua_setfield(g->host.L, -2, "null");
}
