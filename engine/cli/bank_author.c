/* assay bank fmt, show, new: what authors do with a bank's files. */
#include "bank/diag.h"
#include "bank/exchange/exchange.h"
#include "bank/exchange/export.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/bank.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define OUTPUT_MAX (64u << 20)

static const char fmt_help[] = "assay bank fmt - write a bank's questions in one stable way\n"
                               "\n"
                               "Usage: assay bank fmt [--check] DIR\n"
                               "\n"
                               "Formats the files of questions in place: what they say stays the same, and formatted\n"
                               "once, nothing changes any more. A file with errors is left as it is.\n"
                               "\n"
                               "  --check   write nothing; exit code 1 when a file is not formatted\n";

static const char show_help[] = "assay bank show - one question of a bank, as it is written and as it is read\n"
                                "\n"
                                "Usage: assay bank show [--json] DIR ITEM\n"
                                "\n"
                                "  --json   the compiled item: what is stored and marked by\n";

static const char new_help[] = "assay bank new - a small bank to begin with\n"
                               "\n"
                               "Usage: assay bank new DIR\n"
                               "\n"
                               "Writes bank.yml, a file with questions of several kinds and an exam into the new folder\n"
                               "DIR. docs/authors/index.md explains them.\n";

struct arguments {
	const char *list[2];
	int n;
	bool flag, help;
};

/* -1: go on. */
static int take(int argc, char **argv, const char *flag, int wanted, struct arguments *a)
{
	bool only_names = false;
	for (int i = 1; i < argc; i++) {
		if (only_names || argv[i][0] != '-') {
			if (a->n < 2)
				a->list[a->n] = argv[i];
			a->n++;
		} else if (strcmp(argv[i], "--") == 0) {
			only_names = true;
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			a->help = true;
		} else if (flag && strcmp(argv[i], flag) == 0) {
			a->flag = true;
		} else {
			fprintf(stderr, "assay bank %s: there is no option %s\nUsage: see assay bank %s --help\n", argv[0], argv[i], argv[0]);
			return 2;
		}
	}
	if (a->help || a->n == wanted)
		return -1;
	fprintf(stderr, "assay bank %s: %s\nUsage: see assay bank %s --help\n", argv[0],
	        wanted == 2 ? "which bank, and which question?" : "which folder?", argv[0]);
	return 2;
}

static int fail(const char *command, const struct err *err)
{
	fprintf(stderr, "assay bank %s: %s\n", command, err->msg);
	return err->code == ERR_NOT_FOUND ? 3 : err_exit_code(err->code);
}

int cli_bank_fmt(int argc, char **argv)
{
	struct arguments a = {0};
	struct exchange_report r = {0};
	struct err err;
	int code = take(argc, argv, "--check", 1, &a);
	if (code >= 0)
		return code;
	if (a.help) {
		fputs(fmt_help, stdout);
		return 0;
	}
	if (!exchange_fmt(a.list[0], a.flag, &r, &err)) {
		exchange_report_finish(&r);
		return fail("fmt", &err);
	}
	for (size_t i = 0; i < r.n_notes; i++)
		printf("%s: %s\n", r.notes[i].file, r.notes[i].reason);
	printf("%zu file%s, %zu %s, %zu left as they are\n", r.read, r.read == 1 ? "" : "s", r.degraded, a.flag ? "not formatted" : "changed",
	       r.rejected);
	code = r.rejected || (a.flag && r.degraded) ? 1 : 0;
	exchange_report_finish(&r);
	return code;
}

int cli_bank_show(int argc, char **argv)
{
	struct arguments a = {0};
	struct diags diags = {0};
	struct err err;
	_cleanup_bank_ struct bank *bank = NULL;
	int code = take(argc, argv, "--json", 2, &a);
	if (code >= 0)
		return code;
	if (a.help) {
		fputs(show_help, stdout);
		return 0;
	}
	bool ok = bank_load_unreviewed(a.list[0], &diags, &bank, &err);
	diags_finish(&diags);
	if (!ok)
		return fail("show", &err);
	const struct item *item = bank_item(bank, a.list[1]);
	if (!item) {
		fprintf(stderr, "assay bank show: the bank has no question '%s', or it has errors: see assay bank check\n", a.list[1]);
		return 1;
	}
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	if (a.flag) {
		item_encode(item, &out);
		buf_addc(&out, '\n');
	} else if (item->kind == ITEM_TASK) {
		buf_addf(&out, "%s is a hands-on task: see assay task show\n", item->id);
	} else {
		struct plain q;
		export_plain(bank, item, item->file, &q);
		buf_addf(&out, "%s:%d: %s, domain %s\n\n", item->file, item->line, item_kind_name(item->kind), item->domain);
		write_question(&q, &out);
		plain_finish(&q);
	}
	fwrite(out.p, 1, out.len, stdout);
	return 0;
}

static const char new_questions[] = "---\nobjective: first.steps\n---\n"
                                    "## Which mark {#which-mark}\n"
                                    "Which line marks the right option of a question?\n\n"
                                    "- [ ] `- [ ] text`\n  > An empty box is a wrong option.\n"
                                    "- [x] `- [x] text`\n"
                                    "- [ ] `= text`\n  > That is an answer that is typed.\n\n"
                                    "### Explanation\nThe key stands beside its option, never in a list elsewhere.\n\n"
                                    "### References\n- docs/authors/bank-format.md\n\n"
                                    "## A number {#a-number}\n"
                                    "A full hour has how many minutes?\n\n"
                                    "= 60\n\n"
                                    "### Explanation\n`= 60` accepts the number; `= 60 +- 1` would accept some more.\n\n"
                                    "### References\n- docs/authors/bank-format.md\n\n"
                                    "## A word {#a-word}\n```yaml item\nignore-case: true\n```\n"
                                    "Which command of Assay looks a bank over? (two words after `assay`)\n\n"
                                    "= bank check\n\n"
                                    "### Explanation\nIt reports every mistake at once.\n\n"
                                    "### References\n- docs/authors/index.md\n";
static const char new_exam[] = "title: A first exam\nitems: 3\nduration: 10m\nmodes: [exam, study]\nscoring: {method: percent, cut: 60}\n"
                               "report: {show: questions, explanations: true}\n";

int cli_bank_new(int argc, char **argv)
{
	struct arguments a = {0};
	struct err err;
	int code = take(argc, argv, NULL, 1, &a);
	if (code >= 0)
		return code;
	if (a.help) {
		fputs(new_help, stdout);
		return 0;
	}
	const char *slash = strrchr(a.list[0], '/');
	_cleanup_free_ char *id = str_slug(str_of(slash && slash[1] ? slash + 1 : a.list[0]), 64);
	_cleanup_free_ char *yaml =
	    xasprintf("id: %s\ntitle: %s\nversion: 0.1.0\nlanguage: en\ndomains:\n  first:\n    title: First steps\n    objectives:\n"
	              "      steps: Write and check questions\n",
	              id, id);
	const struct {
		const char *path, *text;
	} files[] = {{"bank.yml", yaml}, {"questions/first.md", new_questions}, {"exams/first.yml", new_exam}};
	static const char *const folders[] = {"", "/questions", "/exams"};
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		_cleanup_free_ char *folder = xasprintf("%s%s", a.list[0], folders[i]);
		if (mkdir(folder, 0777) < 0) {
			err_set(&err, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%s: %s", folder, strerror(errno));
			return fail("new", &err);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", a.list[0], files[i].path);
		if (!file_write_durable(path, str_of(files[i].text), 0644, &err))
			return fail("new", &err);
	}
	printf("%s is a bank with three questions and an exam. What is next:\n  assay bank check %s\n  assay serve --banks %s\n", a.list[0],
	       a.list[0], a.list[0]);
	return 0;
}
