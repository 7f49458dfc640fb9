/* assay bank import, assay bank export: questions from other tools, and to them. */
#include "bank/exchange/exchange.h"
#include "base/mem.h"
#include "cli/bank.h"
#include "cli/cli.h"
#include "graders/client/spawn.h"
#include <stdio.h>
#include <sys/wait.h>

#define OUTPUT_MAX (256u << 20)
#define PAPER_WALL_MS 600000

static const char import_help[] = "assay bank import - make a bank of questions from another tool\n"
                                  "\n"
                                  "Usage: assay bank import [--from FORMAT] SOURCE --to DIR [--json] [--allow-rejects]\n"
                                  "\n"
                                  "SOURCE is a file, a folder or a zip archive; DIR must not be there yet, or be empty.\n"
                                  "Each question is read, degraded (something of it is lost: it is said what) or\n"
                                  "rejected (it is not taken: it is said why). Nothing is guessed: a question without a\n"
                                  "key is rejected. The last line counts them: read = imported + rejected. Nothing of\n"
                                  "SOURCE is executed, and nothing is fetched from a network. docs/authors/import.md\n"
                                  "describes each format.\n"
                                  "\n"
                                  "  --from FORMAT     auto (the default), markdown, gift, aiken, csv, moodle-xml, qti,\n"
                                  "                    olx, killercoda, rexams, blackboard\n"
                                  "  --to DIR          the bank's folder\n"
                                  "  --json            the report as JSON\n"
                                  "  --allow-rejects   rejected questions are no failure\n"
                                  "\n"
                                  "Exit codes: 0 all imported, 1 some rejected or the source refused, 2 usage,\n"
                                  "3 could not look or write.\n";

static const char export_help[] = "assay bank export - write a bank's questions for another tool\n"
                                  "\n"
                                  "Usage: assay bank export --to FORMAT DIR OUT [--no-key | --key-only] [--paper SIZE]\n"
                                  "                         [--json] [--allow-rejects]\n"
                                  "\n"
                                  "DIR is the bank's folder; OUT must not be there yet. What the format cannot express\n"
                                  "is said for each question: degraded (written, with something lost) or rejected (left\n"
                                  "out). docs/authors/export.md describes what each format can hold.\n"
                                  "\n"
                                  "  --to FORMAT       native (OUT is a folder: the bank, written in one stable way),\n"
                                  "                    gift, csv, moodle-xml, qti21, qti12 (zip archives), html or pdf\n"
                                  "                    (for printing, with the key on pages of its own)\n"
                                  "  --no-key          html, pdf: without the key\n"
                                  "  --key-only        html, pdf: only the key\n"
                                  "  --paper SIZE      pdf: a4 (the default) or letter\n"
                                  "  --json            the report as JSON\n"
                                  "  --allow-rejects   questions that are left out are no failure\n"
                                  "\n"
                                  "Exit codes: 0 all exported, 1 some left out or the bank refused, 2 usage, 3 could not\n"
                                  "look or write.\n";

struct options {
	const char *format, *first, *second;
	const char *to, *paper;
	bool json, allow, no_key, key_only;
};

static int usage(const char *command, const char *message, const char *what)
{
	fprintf(stderr, "assay bank %s: %s%s\nUsage: see assay bank %s --help\n", command, message, what, command);
	return 2;
}

/* `format_option` names the option that holds the format. -1: go on. */
static int take_options(int argc, char **argv, const char *format_option, const char *to_option, struct options *o)
{
	bool only_names = false;
	for (int i = 1; i < argc; i++) {
		const char **place = NULL;
		if (only_names || argv[i][0] != '-') {
			place = !o->first ? &o->first : &o->second;
			if (*place)
				return usage(argv[0], "this is one too many: ", argv[i]);
			*place = argv[i];
		} else if (strcmp(argv[i], "--") == 0) {
			only_names = true;
		} else if (strcmp(argv[i], "--json") == 0) {
			o->json = true;
		} else if (strcmp(argv[i], "--allow-rejects") == 0) {
			o->allow = true;
		} else if (!to_option && strcmp(argv[i], "--no-key") == 0) {
			o->no_key = true;
		} else if (!to_option && strcmp(argv[i], "--key-only") == 0) {
			o->key_only = true;
		} else if (strcmp(argv[i], format_option) == 0 || strcmp(argv[i], to_option ? to_option : "--paper") == 0) {
			place = strcmp(argv[i], format_option) == 0 ? &o->format : to_option ? &o->to : &o->paper;
			if (++i == argc)
				return usage(argv[0], "a value is missing after ", argv[i - 1]);
			*place = argv[i];
		} else {
			return usage(argv[0], "there is no option ", argv[i]);
		}
	}
	return -1;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static bool find_format(const char *name, bool (*can)(enum exchange_format), enum exchange_format *ret)
{
	for (int i = 0; i < EXCHANGE_FORMATS; i++)
		if (can((enum exchange_format)i) && strcmp(exchange_format_name((enum exchange_format)i), name) == 0) {
			*ret = (enum exchange_format)i;
			return true;
		}
	return false;
}

static int finish(const struct options *o, const char *done, struct exchange_report *r)
{
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	if (o->json)
		exchange_report_json(r, done, &out);
	else
		exchange_report_print(r, done, &out);
	fwrite(out.p, 1, out.len, stdout);
	fflush(stdout);
	int code = r->rejected && !o->allow ? 1 : 0;
	exchange_report_finish(r);
	return code;
}

static int fail(const char *command, const struct err *err, struct exchange_report *r)
{
	fprintf(stderr, "assay bank %s: %s\n", command, err->msg);
	exchange_report_finish(r);
	return err->code == ERR_NOT_FOUND ? 3 : err_exit_code(err->code);
}

int cli_bank_import(int argc, char **argv)
{
	struct options o = {0};
	enum exchange_format format = EXCHANGE_AUTO;
	struct exchange_report report = {0};
	struct err err;
	if (wants_help(argc, argv)) {
		fputs(import_help, stdout);
		return 0;
	}
	int code = take_options(argc, argv, "--from", "--to", &o);
	if (code >= 0)
		return code;
	if (o.format && !find_format(o.format, exchange_can_import, &format))
		return usage(argv[0], "there is no format ", o.format);
	if (!o.first || o.second)
		return usage(argv[0], o.second ? "one source at a time, please: " : "which file or folder?", o.second ? o.second : "");
	if (!o.to)
		return usage(argv[0], "where to? --to DIR", "");
	return exchange_import(o.first, format, o.to, &report, &err) ? finish(&o, "imported", &report) : fail(argv[0], &err, &report);
}

static bool draw_paper(struct str page, struct buf *pdf, struct err *err)
{
	_cleanup_free_ char *program = cli_beside("assay-paper");
	int status = 0;
	if (!program)
		return err_set(err, ERR_UNSUPPORTED, "assay-paper, which draws PDFs, is not installed beside this program");
	if (!spawn_talk(program, "assay-paper", page, PAPER_WALL_MS, pdf, &status, err))
		return false;
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || err_set(err, ERR_INTERNAL, "assay-paper drew nothing");
}

/* -1: it is no format for printing. */
static int print(const struct options *o, enum exchange_format format, struct exchange_report *report)
{
	struct exchange_paper paper = {.key = o->key_only ? EXCHANGE_KEY_ALONE
	                                      : o->no_key ? EXCHANGE_KEY_NONE
	                                                  : EXCHANGE_KEY_BEHIND,
	                               .letter = o->paper && strcmp(o->paper, "letter") == 0,
	                               .draw = draw_paper};
	struct err err;
	bool printed = format == EXCHANGE_HTML || format == EXCHANGE_PDF;
	if (o->no_key && o->key_only)
		return usage("export", "--no-key or --key-only?", "");
	if (!printed && (o->no_key || o->key_only))
		return usage("export", "a key that can be left out is in html and pdf only", "");
	if (o->paper && (format != EXCHANGE_PDF || (!paper.letter && strcmp(o->paper, "a4") != 0)))
		return usage("export", "--paper is a4 or letter, of a pdf: ", o->paper);
	if (!printed)
		return -1;
	return exchange_print(o->first, format, &paper, o->second, report, &err) ? finish(o, "exported", report) : fail("export", &err, report);
}

int cli_bank_export(int argc, char **argv)
{
	struct options o = {0};
	enum exchange_format format = EXCHANGE_AUTO;
	struct exchange_report report = {0};
	struct err err;
	if (wants_help(argc, argv)) {
		fputs(export_help, stdout);
		return 0;
	}
	int code = take_options(argc, argv, "--to", NULL, &o);
	if (code >= 0)
		return code;
	if (!o.format || !find_format(o.format, exchange_can_export, &format))
		return usage(argv[0], o.format ? "there is no format " : "to which format? --to FORMAT", o.format ? o.format : "");
	if (!o.second)
		return usage(argv[0], "which bank, and where to? DIR OUT", "");
	code = print(&o, format, &report);
	if (code >= 0)
		return code;
	return exchange_export(o.first, format, o.second, &report, &err) ? finish(&o, "exported", &report) : fail(argv[0], &err, &report);
}
