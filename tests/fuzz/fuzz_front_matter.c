/* YAML in its three places: by the first byte, a question's fields, bank.yml, or a blueprint. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "fuzz_folder.h"

static void write_fields(const uint8_t *data, size_t size)
{
	struct buf text = BUF(1 << 24);
	buf_adds(&text, "---\n");
	buf_add(&text, data, size);
	buf_adds(&text, "\n---\nWhich?\n\n- [x] a\n- [ ] b\n");
	fuzz_folder_write("questions/q.md", text.p, text.len);
	buf_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char question[] = "Which?\n\n- [x] a\n- [ ] b\n", bank_yml[] = "id: b\ndomains: {files: F, users: U}\n",
	                  exam[] = "items: 1\n";
	if (!size)
		return 0;
	unsigned place = data[0] % 3;
	data++;
	size--;
	fuzz_folder_write("questions/q.md", question, sizeof question - 1);
	fuzz_folder_write("bank.yml", bank_yml, sizeof bank_yml - 1);
	fuzz_folder_write("exams/e.yml", exam, sizeof exam - 1);
	if (place == 0)
		write_fields(data, size);
	else
		fuzz_folder_write(place == 1 ? "bank.yml" : "exams/e.yml", data, size);
	struct diags diags = {0};
	struct bank *bank = NULL, *again = NULL;
	struct err err;
	struct buf out = BUF(1 << 26);
	if (!bank_load(fuzz_folder(), &diags, &bank, &err))
		abort();
	diags_sort(&diags);
	diags_json(&diags, &out);
	buf_clear(&out);
	bank_encode(bank, &out);
	if (!bank_decode(buf_str(&out), &again, &err))
		abort();
	bank_destroy(bank);
	bank_destroy(again);
	diags_finish(&diags);
	buf_finish(&out);
	return 0;
}
