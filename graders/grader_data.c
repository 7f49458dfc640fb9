/* JSON, YAML and regular expressions for graders. What is decoded is the candidate's: hostile, and bounded by depth here and by the memory
 * of the process. Each decoder gives nil and a reason when the text is not what it should be. */
#include "base/json.h"
#include "base/mem.h"
#include "graders/grader.h"
#include <lauxlib.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <yaml.h>

#define DEPTH_MAX 64
#define GROUPS_MAX 20

static struct str text_of(lua_State *L, int at)
{
	struct str s;
	s.p = luaL_checklstring(L, at, &s.len);
	return s;
}

static int none(lua_State *L, const char *reason)
{
	lua_pushnil(L);
	lua_pushstring(L, reason);
	return 2;
}

/* ---- JSON ---- */

static void push_number(lua_State *L, double v)
{
	if (v == floor(v) && fabs(v) < 9007199254740992.0)
		lua_pushinteger(L, (lua_Integer)v);
	else
		lua_pushnumber(L, v);
}

/* json_parse has bounded the depth. A null member of an object is no member; in an array it is the light userdata NULL. */
static void push_json(lua_State *L, const cJSON *v)
{
	luaL_checkstack(L, 4, "JSON");
	if (cJSON_IsString(v)) {
		lua_pushstring(L, v->valuestring);
	} else if (cJSON_IsNumber(v)) {
		push_number(L, v->valuedouble);
	} else if (cJSON_IsBool(v)) {
		lua_pushboolean(L, cJSON_IsTrue(v));
	} else if (cJSON_IsArray(v)) {
		lua_Integer i = 0;
		lua_newtable(L);
		for (const cJSON *e = v->child; e; e = e->next) {
			push_json(L, e);
			lua_rawseti(L, -2, ++i);
		}
	} else if (cJSON_IsObject(v)) {
		lua_newtable(L);
		for (const cJSON *e = v->child; e; e = e->next)
			if (!cJSON_IsNull(e)) {
				lua_pushstring(L, e->string);
				push_json(L, e);
				lua_rawset(L, -3);
			}
	} else {
		lua_pushlightuserdata(L, NULL);
	}
}

int grader_json_decode(lua_State *L)
{
	cJSON *v;
	struct err err;
	if (!json_parse(text_of(L, 1), &v, &err))
		return none(L, err.msg);
	push_json(L, v); /* when memory runs out here, the tree is lost, and the check with it; the process ends soon */
	cJSON_Delete(v);
	return 1;
}

static void add_json(lua_State *L, int at, struct buf *out, int depth);

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_object(lua_State *L, int at, struct buf *out, int depth)
{
	size_t n = 0, cap = 0;
	const char **keys = NULL; /* texts of the table's keys */
	lua_pushnil(L);
	while (lua_next(L, at)) {
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING) {
			free(keys);
			luaL_error(L, "json.encode: a table is a list or has texts as its keys");
		}
		keys = xgrow(keys, n, &cap, sizeof *keys);
		keys[n++] = lua_tostring(L, -1);
	}
	if (n)
		qsort(keys, n, sizeof *keys, compare_texts);
	buf_addc(out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		buf_add_json(out, str_of(keys[i]));
		buf_addc(out, ':');
		lua_pushstring(L, keys[i]);
		lua_rawget(L, at);
		add_json(L, lua_gettop(L), out, depth + 1);
		lua_pop(L, 1);
	}
	buf_addc(out, '}');
	free(keys);
}

static void add_json(lua_State *L, int at, struct buf *out, int depth)
{
	luaL_checkstack(L, 4, "json.encode");
	if (depth > DEPTH_MAX)
		luaL_error(L, "json.encode: more than %d levels", DEPTH_MAX);
	struct str s;
	switch (lua_type(L, at)) {
	case LUA_TSTRING:
		s = text_of(L, at);
		if (!str_is_utf8(s, NULL))
			luaL_error(L, "json.encode: a text that is not UTF-8");
		buf_add_json(out, s);
		break;
	case LUA_TNUMBER:
		if (lua_isinteger(L, at))
			buf_addf(out, "%lld", (long long)lua_tointeger(L, at));
		else if (isfinite(lua_tonumber(L, at)))
			buf_addf(out, "%.17g", lua_tonumber(L, at));
		else
			luaL_error(L, "json.encode: a number that is not finite");
		break;
	case LUA_TBOOLEAN:
		buf_adds(out, lua_toboolean(L, at) ? "true" : "false");
		break;
	case LUA_TLIGHTUSERDATA:
		buf_adds(out, "null");
		break;
	case LUA_TTABLE:
		if (lua_rawlen(L, at) == 0) {
			add_object(L, at, out, depth);
			break;
		}
		buf_addc(out, '[');
		for (lua_Unsigned i = 1, n = lua_rawlen(L, at); i <= n; i++) {
			if (i > 1)
				buf_addc(out, ',');
			lua_rawgeti(L, at, (lua_Integer)i);
			add_json(L, lua_gettop(L), out, depth + 1);
			lua_pop(L, 1);
		}
		buf_addc(out, ']');
		break;
	default:
		luaL_error(L, "json.encode: a %s", luaL_typename(L, at));
	}
}

/* Members are sorted. An error leaves the buffer behind; a process grades one task. */
int grader_json_encode(lua_State *L)
{
	struct buf out = BUF(MESSAGE_MAX);
	luaL_checkany(L, 1);
	lua_settop(L, 1);
	add_json(L, 1, &out, 0);
	if (out.overflow)
		return luaL_error(L, "json.encode: too long");
	lua_pushlstring(L, out.p, out.len);
	buf_finish(&out);
	return 1;
}

/* ---- YAML: libyaml's events; scalars typed as the core schema of YAML 1.2 says (10.3.2) ---- */

struct yaml {
	lua_State *L;
	yaml_parser_t parser;
	int anchors; /* where the table of anchors is on the stack */
	const char *problem;
};

static bool next_event(struct yaml *y, yaml_event_t *e)
{
	if (yaml_parser_parse(&y->parser, e))
		return true;
	y->problem = y->parser.problem ? y->parser.problem : "it cannot be read";
	return false;
}

static bool is_one_of(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

static void push_scalar(lua_State *L, const yaml_event_t *e)
{
	static const char *const nulls[] = {"", "null", "Null", "NULL", "~", NULL}, *const trues[] = {"true", "True", "TRUE", NULL},
	                         *const falses[] = {"false", "False", "FALSE", NULL};
	struct str s = {(const char *)e->data.scalar.value, e->data.scalar.length};
	double number;
	int64_t integer;
	bool text = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || e->data.scalar.tag;
	struct str digits = s.len && (s.p[0] == '+') ? str_sub(s, 1, s.len) : s;
	if (!text && is_one_of(s, nulls))
		lua_pushlightuserdata(L, NULL);
	else if (!text && (is_one_of(s, trues) || is_one_of(s, falses)))
		lua_pushboolean(L, is_one_of(s, trues));
	else if (!text && str_to_i64(digits, INT64_MIN, INT64_MAX, &integer))
		lua_pushinteger(L, integer);
	else if (!text && s.len && s.len < 40 && strspn(s.p, "+-.0123456789eE") == s.len && str_to_double(digits, &number))
		lua_pushnumber(L, number);
	else
		lua_pushlstring(L, s.p, s.len);
}

static bool push_node(struct yaml *y, const yaml_event_t *e, int depth);

/* One more node of a collection. *ret_end: there was none. */
static bool push_child(struct yaml *y, int depth, bool *ret_end)
{
	yaml_event_t e;
	if (!next_event(y, &e))
		return false;
	*ret_end = e.type == YAML_SEQUENCE_END_EVENT || e.type == YAML_MAPPING_END_EVENT;
	bool ok = *ret_end || push_node(y, &e, depth);
	yaml_event_delete(&e);
	return ok;
}

static void note_anchor(struct yaml *y, const yaml_char_t *anchor)
{
	if (!anchor)
		return;
	lua_pushvalue(y->L, -1);
	lua_setfield(y->L, y->anchors, (const char *)anchor);
}

static bool push_collection(struct yaml *y, bool mapping, int depth)
{
	bool end = false;
	for (lua_Integer i = 1;; i++) {
		if (!push_child(y, depth + 1, &end))
			return false;
		if (end)
			return true;
		if (!mapping) {
			lua_rawseti(y->L, -2, i);
			continue;
		}
		if (lua_istable(y->L, -1) || lua_isboolean(y->L, -1) || lua_islightuserdata(y->L, -1)) {
			y->problem = "a key that is neither a text nor a number";
			return false;
		}
		lua_tostring(y->L, -1); /* turns a number into its text */
		if (!push_child(y, depth + 1, &end) || end)
			return false;
		if (lua_islightuserdata(y->L, -1)) { /* null: no member */
			lua_pop(y->L, 1);
			lua_pushnil(y->L);
		}
		lua_rawset(y->L, -3);
	}
}

static bool push_node(struct yaml *y, const yaml_event_t *e, int depth)
{
	if (depth > DEPTH_MAX || !lua_checkstack(y->L, 8)) {
		y->problem = "it is nested too deeply";
		return false;
	}
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		push_scalar(y->L, e);
		note_anchor(y, e->data.scalar.anchor);
		return true;
	case YAML_ALIAS_EVENT: /* the same table again, so aliases of aliases take no memory */
		if (lua_getfield(y->L, y->anchors, (const char *)e->data.alias.anchor) == LUA_TNIL)
			y->problem = "an alias without its anchor";
		return !y->problem;
	case YAML_SEQUENCE_START_EVENT:
		lua_newtable(y->L);
		note_anchor(y, e->data.sequence_start.anchor);
		return push_collection(y, false, depth);
	case YAML_MAPPING_START_EVENT:
		lua_newtable(y->L);
		note_anchor(y, e->data.mapping_start.anchor);
		return push_collection(y, true, depth);
	default:
		y->problem = "it cannot be read";
		return false;
	}
}

/* The documents of a stream, as a list on the stack. */
static bool push_documents(struct yaml *y)
{
	lua_newtable(y->L);
	for (lua_Integer n = 0;;) {
		yaml_event_t e;
		if (!next_event(y, &e))
			return false;
		yaml_event_type_t type = e.type;
		bool node = type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
		bool ok = !node || push_node(y, &e, 0);
		yaml_event_delete(&e);
		if (!ok)
			return false;
		if (node)
			lua_rawseti(y->L, -2, ++n);
		if (type == YAML_STREAM_END_EVENT)
			return true;
	}
}

int grader_yaml_decode(lua_State *L)
{
	struct str s = text_of(L, 1);
	struct yaml y = {.L = L};
	lua_settop(L, 1);
	lua_newtable(L);
	y.anchors = 2;
	if (!yaml_parser_initialize(&y.parser))
		return luaL_error(L, "not enough memory");
	yaml_parser_set_input_string(&y.parser, (const unsigned char *)s.p, s.len);
	yaml_parser_set_encoding(&y.parser, YAML_UTF8_ENCODING);
	bool ok = push_documents(&y);
	char reason[200];
	snprintf(reason, sizeof reason, "line %zu: %s", y.parser.problem_mark.line + 1, y.problem ? y.problem : "it cannot be read");
	yaml_parser_delete(&y.parser);
	return ok ? 1 : none(L, reason);
}

/* ---- POSIX extended regular expressions ---- */

/* regex(text, expression): the match and its groups (false: a group that took no part), or nil. */
int grader_regex(lua_State *L)
{
	const char *s = luaL_checkstring(L, 1), *expression = luaL_checkstring(L, 2);
	regex_t regex;
	regmatch_t groups[GROUPS_MAX];
	char message[200];
	int rc = regcomp(&regex, expression, REG_EXTENDED);
	if (rc != 0) {
		regerror(rc, &regex, message, sizeof message);
		return luaL_error(L, "the expression '%s': %s", expression, message);
	}
	size_t n = regex.re_nsub + 1 < GROUPS_MAX ? regex.re_nsub + 1 : GROUPS_MAX;
	rc = regexec(&regex, s, n, groups, 0);
	regfree(&regex);
	if (rc != 0)
		return 0;
	luaL_checkstack(L, GROUPS_MAX, "regex");
	for (size_t i = 0; i < n; i++)
		if (groups[i].rm_so < 0)
			lua_pushboolean(L, 0);
		else
			lua_pushlstring(L, s + groups[i].rm_so, (size_t)(groups[i].rm_eo - groups[i].rm_so));
	return (int)n;
}
