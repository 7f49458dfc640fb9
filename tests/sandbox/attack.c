/* The attacking program: `attack NAME [ARGUMENTS]`. See attack.h. */
#include "attack.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int held(const char *what)
{
	printf("held: %s\n", what);
	return 0;
}

int broke(const char *what)
{
	printf("BROKE: %s\n", what);
	return 1;
}

int refused(const char *what, long result, ...)
{
	int seen = errno, one;
	va_list ap;
	if (result != -1) {
		printf("BROKE: %s was allowed (%ld)\n", what, result);
		return 1;
	}
	va_start(ap, result);
	while ((one = va_arg(ap, int)) && one != seen)
		;
	va_end(ap);
	if (one)
		return held(what);
	printf("BROKE: %s failed otherwise than expected: %s\n", what, strerror(seen));
	return 1;
}

int main(int argc, char **argv)
{
	const struct attack *const tables[] = {attacks_syscalls, attacks_files, attacks_bombs};
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t t = 0; argc > 1 && t < sizeof tables / sizeof tables[0]; t++)
		for (const struct attack *a = tables[t]; a->name; a++)
			if (!strcmp(a->name, argv[1]))
				return a->run(argc - 1, argv + 1);
	fprintf(stderr, "attack: there is no such attack\n");
	return 99;
}
