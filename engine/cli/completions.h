/* The table of commands, and what shells are told of it. */
#pragma once
#include "base/mem.h"
#include <stddef.h>

struct cli_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary; /* NULL: not for people */
	const char *words;   /* its own commands and options, for shells; a test holds them and the command's help together */
};
int completions_print(const struct cli_command *list, size_t n, int argc, char **argv);
