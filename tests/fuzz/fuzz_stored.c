/* The stored form of a bank, changed by somebody: refused, or read and written the same again. Its rubrics have lines worth something, or
 * none. */
#include "bank/bank.h"
#include "exam/rubric.h"
#include <stdlib.h>

static void check_rubrics(const struct bank *bank)
{
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *it = &bank->items[i];
		struct rubric r;
		if (!rubric_read(it->rubric_html, &r))
			continue;
		int64_t sum = 0;
		for (size_t k = 0; k < r.n; k++)
			sum += r.lines[k].points_m;
		if (!r.n || sum != r.max_m || rubric_scale(&r, sum, it->points_m) != it->points_m || rubric_scale(&r, 0, it->points_m) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bank *bank = NULL, *again = NULL;
	struct err err;
	if (!bank_decode((struct str){(const char *)data, size}, &bank, &err))
		return 0;
	check_rubrics(bank);
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
