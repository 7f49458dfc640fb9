/* What the files of assay-grader share. */
#pragma once
#include "graders/host.h"
#include "graders/message.h"

#define GRADER_CHUNK "grader.lua"
#define CHECKS_MAX 100 /* as GRADE_CHECKS_MAX */
#define TEXT_MAX (64u << 10)

struct check {
	char *id, *title, *hint; /* hint: "" when there is none */
	int64_t points_m;
	bool live, settled;
	int function; /* a reference in the registry of Lua */
	uint8_t needs[CHECKS_MAX];
	size_t n_needs;
	uint8_t outcome;
};

struct grader {
	struct host host;
	struct message_stream in;
	int out;
	struct check checks[CHECKS_MAX];
	size_t n_checks;
	bool live_only, declaring;
	volatile bool writing; /* a message is half written: the handler of the CPU limit must not write another */
	bool stopped;          /* the running check has ended itself: */
	uint8_t outcome;
	struct buf message, detail;
	bool has_detail;
};

/* host functions for the library (grader_ask.c, grader_data.c); each gets the grader as its upvalue */
void grader_add_functions(struct grader *g);
int grader_json_decode(lua_State *L);
int grader_json_encode(lua_State *L);
int grader_yaml_decode(lua_State *L);
int grader_regex(lua_State *L);
/* Ends the running check: never returns. */
int grader_stop(lua_State *L, struct grader *g, uint8_t outcome, struct str message);
/* Sends what is in the buffer, or ends the process. */
void grader_send(struct grader *g, const struct buf *b);
