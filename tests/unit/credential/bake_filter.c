/* For tests in other languages: bakes a certificate and a seal into a drawn picture. Usage: bake_filter png|svg|pdf DRAWN CREDENTIAL SEAL
 * >OUT. An empty file as SEAL: none. */
#include "base/file.h"
#include "credential/picture.h"
#include <stdio.h>

int main(int argc, char **argv)
{
	static const char *const names[] = {"pdf", "", "png", "svg"}; /* of enum picture_format */
	_cleanup_buf_ struct buf drawn = BUF(PICTURE_SIZE_MAX), credential = BUF(PICTURE_SIZE_MAX), seal = BUF(PICTURE_SIZE_MAX),
	                         out = BUF(PICTURE_SIZE_MAX);
	struct err err;
	size_t format = 0;
	while (argc == 5 && format < ARRAY_SIZE(names) && strcmp(argv[1], names[format]) != 0)
		format++;
	if (argc != 5 || format == ARRAY_SIZE(names))
		return 2;
	if (!file_read(argv[2], drawn.max, &drawn, &err) || !file_read(argv[3], credential.max, &credential, &err) ||
	    !file_read(argv[4], seal.max, &seal, &err) ||
	    !picture_bake((enum picture_format)format, buf_str(&drawn), buf_str(&credential), buf_str(&seal), &out, &err)) {
		fprintf(stderr, "bake_filter: %s\n", err.msg);
		return 1;
	}
	return fwrite(out.p, 1, out.len, stdout) == out.len ? 0 : 1;
}
