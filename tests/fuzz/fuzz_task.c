/* A task's folder: task.md, then after a line "%%" expect.yml, then proof.json. Read with and without its proof, stored, read back, drawn.
 * What is stored and read back must be the same; the question beside it must stay. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "fuzz_folder.h"

static const char *const folders[] = {"tasks", "tasks/t", "tasks/t/solution", "tasks/t/wrong", "tasks/t/wrong/a", "questions"};
static const char *const files[] = {"tasks/t/task.md",    "tasks/t/grader.lua",         "tasks/t/solution/run.sh", "tasks/t/wrong/a/run.sh",
                                    "tasks/t/proof.json", "tasks/t/wrong/a/expect.yml", "questions/q.md"};

static void remove_task(void)
{
	char path[160];
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof path, "%s/%s", fuzz_folder_path, files[i]);
		remove(path);
	}
	for (size_t i = ARRAY_SIZE(folders); i-- > 0;) {
		snprintf(path, sizeof path, "%s/%s", fuzz_folder_path, folders[i]);
		remove(path);
	}
}

static void prepare(void)
{
	static bool done;
	char path[160];
	if (done)
		return;
	done = true;
	fuzz_folder();
	atexit(remove_task);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof path, "%s/%s", fuzz_folder_path, folders[i]);
		mkdir(path, 0700);
	}
	fuzz_folder_write("questions/q.md", "Which?\n\n- [x] a\n- [ ] b\n", 24);
	fuzz_folder_write("tasks/t/grader.lua", "x", 1);
	fuzz_folder_write("tasks/t/solution/run.sh", "#!/bin/sh\n", 10);
	fuzz_folder_write("tasks/t/wrong/a/run.sh", "#!/bin/sh\n", 10);
}

/* What comes before the next line "%%"; *rest is what comes after it. */
static struct str next_part(struct str *rest)
{
	const char *mark = rest->len ? memmem(rest->p, rest->len, "\n%%\n", 4) : NULL;
	struct str part = str_sub(*rest, 0, mark ? (size_t)(mark - rest->p) + 1 : rest->len);
	*rest = str_sub(*rest, mark ? (size_t)(mark - rest->p) + 4 : rest->len, rest->len);
	return part;
}

static void check(const struct bank *bank)
{
	struct bank *again = NULL;
	struct err err;
	struct buf first = BUF(1 << 28), second = BUF(1 << 28);
	bank_encode(bank, &first);
	if (!bank_decode(buf_str(&first), &again, &err))
		abort();
	bank_encode(again, &second);
	if (!str_eq(buf_str(&first), buf_str(&second)))
		abort();
	for (size_t i = 0; i < again->n_items; i++) {
		struct item *drawn = NULL;
		if (again->items[i].source && bank_instantiate(again, &again->items[i], "{\"a\":1,\"b\":2.5,\"c\":\"x\",\"n\":-7}", &drawn, &err))
			item_destroy(drawn);
	}
	bank_destroy(again);
	buf_finish(&first);
	buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	static const char *const parts[] = {"tasks/t/task.md", "tasks/t/wrong/a/expect.yml", "tasks/t/proof.json"};
	char path[160];
	prepare();
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct str part = next_part(&rest);
		fuzz_folder_write(parts[i], part.p, part.len);
	}
	snprintf(path, sizeof path, "%s/tasks/t", fuzz_folder());
	for (int whole = 0; whole < 2; whole++) {
		struct diags diags = {0};
		struct bank *bank = NULL;
		struct err err;
		struct buf text = BUF(1 << 28);
		if (!(whole ? bank_load(fuzz_folder(), &diags, &bank, &err) : bank_load_task(path, &diags, &bank, &err)))
			abort(); /* a readable folder can always be looked at */
		if (whole && !bank_item(bank, "q"))
			abort();
		bank_lint(bank, &diags);
		diags_sort(&diags);
		diags_json(&diags, &text);
		if (!str_is_utf8(buf_str(&text), NULL))
			abort();
		check(bank);
		bank_destroy(bank);
		diags_finish(&diags);
		buf_finish(&text);
	}
	return 0;
}
