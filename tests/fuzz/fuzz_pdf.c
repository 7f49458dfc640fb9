/* A file that may be a PDF with a credential baked in, or that one is baked into. */
#include "fuzz_baked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = {(const char *)data, size};
	fuzz_read(file);
	fuzz_bake(PICTURE_PDF_A4, file);
	return 0;
}
