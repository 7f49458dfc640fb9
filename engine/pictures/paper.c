/* assay-paper: draws a page of questions as a PDF.
 *
 * Reads from stdin what `assay bank export --to html` writes (well-formed XML; engine/bank/exchange/print.c), gives up what it does not
 * need, and writes the PDF to stdout while it reads. The exit code says whether it is whole; what is wrong is a line on stderr. It is a
 * program of its own for the same reasons as assay-picture (picture.c). Equal input gives equal output. */
#include "pictures/paper.h"
#include "pictures/confine.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define CPU_SECONDS 600

static cairo_status_t write_all(void *arg, const unsigned char *p, unsigned len)
{
	(void)arg;
	while (len) {
		ssize_t n = write(STDOUT_FILENO, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRO_STATUS_WRITE_ERROR;
		p += n;
		len -= (unsigned)n;
	}
	return CAIRO_STATUS_SUCCESS;
}

int main(int argc, char **argv)
{
	struct err err = {0};
	if (argc > 1) {
		fputs("assay-paper draws questions for printing for assay; it is not meant to be run by hand.\n",
		      strcmp(argv[1], "--help") == 0 ? stdout : stderr);
		return strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (confine(CPU_SECONDS, &err) && paper_read(STDIN_FILENO, write_all, NULL, &err))
		return 0;
	fprintf(stderr, "assay-paper: %s\n", err.msg);
	return 1;
}
