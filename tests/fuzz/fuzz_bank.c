/* A file of questions: read, linted, stored, read back, drawn. What is stored and read back must be the same. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "fuzz_folder.h"

static void check_items(const struct bank *bank)
{
	for (size_t i = 0; i < bank->n_items; i++) {
		struct item *drawn = NULL;
		struct err err;
		if (bank->items[i].source && bank_instantiate(bank, &bank->items[i], "{\"a\":1,\"b\":2.5,\"c\":\"x\",\"n\":-7}", &drawn, &err))
			item_destroy(drawn);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags diags = {0};
	struct bank *bank = NULL, *again = NULL;
	struct err err;
	fuzz_folder_write("questions/q.md", data, size);
	if (!bank_load(fuzz_folder(), &diags, &bank, &err))
		abort(); /* a readable folder can always be looked at */
	bank_lint(bank, &diags);
	diags_sort(&diags);
	struct buf first = BUF(1 << 28), second = BUF(1 << 28), text = BUF(1 << 28);
	diags_print(&diags, true, &text);
	buf_clear(&text);
	diags_json(&diags, &text);
	if (!str_is_utf8(buf_str(&text), NULL))
		abort();
	bank_encode(bank, &first);
	if (!bank_decode(buf_str(&first), &again, &err))
		abort();
	bank_encode(again, &second);
	if (!str_eq(buf_str(&first), buf_str(&second)))
		abort();
	check_items(again);
	bank_destroy(bank);
	bank_destroy(again);
	diags_finish(&diags);
	buf_finish(&first);
	buf_finish(&second);
	buf_finish(&text);
	return 0;
}
