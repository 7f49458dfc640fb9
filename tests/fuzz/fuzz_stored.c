/* The stored form of a bank, changed by somebody: refused, or read and written the same again. */
#include "bank/bank.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bank *bank = NULL, *again = NULL;
	struct err err;
	if (!bank_decode((struct str){(const char *)data, size}, &bank, &err))
		return 0;
	struct buf first = BUF(1 << 26), second = BUF(1 << 26);
	bank_encode(bank, &first);
	if (!bank_decode(buf_str(&first), &again, &err))
		abort();
	bank_encode(again, &second);
	if (!str_eq(buf_str(&first), buf_str(&second)))
		abort();
	bank_destroy(bank);
	bank_destroy(again);
	buf_finish(&first);
	buf_finish(&second);
	return 0;
}
