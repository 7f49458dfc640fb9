/* Pictures: no size out of nothing, no byte behind the end. */
#include "bank/media.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct media_info info;
	struct err err;
	if (media_inspect((struct str){(const char *)data, size}, &info, &err) &&
	    (info.width < 1 || info.height < 1 || !media_mime(info.extension)))
		abort();
	return 0;
}
