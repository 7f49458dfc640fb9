/* For jcs_oracle.mjs: reads lines, "d" and 16 hexadecimal digits of a double, or "j" and a JSON text; prints the canonical form of each. */
#include "credential/jcs.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_double(const char *hex)
{
	uint64_t bits = strtoull(hex, NULL, 16);
	double v;
	char out[32];
	memcpy(&v, &bits, sizeof v);
	jcs_number(v, out);
	puts(out);
}

static void print_json(const char *text)
{
	_cleanup_json_ cJSON *v = NULL;
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	struct err err;
	if (json_parse(str_of(text), &v, &err) && jcs_canonical(v, &b, &err))
		puts(b.p);
	else
		printf("error: %s\n", err.msg);
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		line[n - 1] = 0; /* every line ends with a newline */
		if (line[0] == 'd')
			print_double(line + 1);
		else
			print_json(line + 1);
	}
	free(line);
	return ferror(stdin) ? 1 : 0;
}
