/* An import of one file: whatever is in it, the import ends, its numbers add up, and what it wrote is a bank that loads without errors.
 * Each fuzz_import_NAME.c says which format. */
#pragma once
#include "bank/bank.h"
#include "bank/diag.h"
#include "bank/exchange/exchange.h"
#include "bank/exchange/output.h"
#include <fcntl.h>
#include <stdio.h>

static char import_folder[64];

static void import_cleanup(void)
{
	output_remove(import_folder);
}

static inline void import_check(const char *to)
{
	struct diags diags = {0};
	struct bank *bank = NULL;
	struct err err;
	if (!bank_load(to, &diags, &bank, &err))
		abort();
	for (size_t i = 0; i < diags.n; i++)
		if (diags.list[i].level == DIAG_ERROR && strncmp(diags.list[i].file, "tasks/", 6) != 0) {
			fprintf(stderr, "%s:%d: %s\n", diags.list[i].file, diags.list[i].line, diags.list[i].message);
			abort();
		}
	bank_destroy(bank);
	diags_finish(&diags);
}

static inline void import_bytes(const uint8_t *data, size_t size, enum exchange_format format, const char *name)
{
	char path[128], to[128];
	struct exchange_report report = {0};
	struct err err;
	if (!import_folder[0]) {
		snprintf(import_folder, sizeof import_folder, "/dev/shm/assay-import-XXXXXX");
		if (!mkdtemp(import_folder))
			abort();
		atexit(import_cleanup);
	}
	snprintf(path, sizeof path, "%s/%s", import_folder, name);
	snprintf(to, sizeof to, "%s/bank", import_folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
	if (exchange_import(path, format, to, &report, &err)) {
		struct buf text = BUF(1u << 28);
		if (report.read != report.done + report.rejected || report.degraded > report.done)
			abort();
		exchange_report_json(&report, "imported", &text);
		if (!str_is_utf8(buf_str(&text), NULL))
			abort();
		buf_finish(&text);
		if (report.done)
			import_check(to);
	}
	exchange_report_finish(&report);
	output_remove(to);
}

#define FUZZ_IMPORT(format, name)                                 \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)  \
	{                                                             \
		import_bytes(data, size, format, name);                   \
		return 0;                                                 \
	}
