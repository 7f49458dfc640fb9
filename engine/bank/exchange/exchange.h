/* Exchange: questions from other tools' files into a bank, and a bank's questions into other tools' files.
 *
 * Each format's reader makes plain questions (plain.h); one writer (write.c) makes a bank's Markdown of them; the bank's own loader then
 * reads it, and what it refuses, or reads otherwise than it was meant, is taken out and counted as rejected. So nothing is imported that
 * cannot be used, and no key changes on the way. The way back starts from the loaded bank.
 *
 * Nothing is guessed: a question without a key, or with logic that cannot be expressed, is rejected with the reason; what is lost of a
 * question that is kept makes it a degraded one. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define EXCHANGE_FILE_MAX (64u << 20)   /* bytes of one file of a source */
#define EXCHANGE_TOTAL_MAX (256u << 20) /* of all that is read of it */
#define EXCHANGE_NOTES_MAX 200000

enum exchange_format {
	EXCHANGE_AUTO,
	EXCHANGE_MARKDOWN,
	EXCHANGE_GIFT,
	EXCHANGE_AIKEN,
	EXCHANGE_CSV,
	EXCHANGE_MOODLE_XML,
	EXCHANGE_QTI,
	EXCHANGE_OLX,
	EXCHANGE_KILLERCODA,
	EXCHANGE_REXAMS,
	EXCHANGE_BLACKBOARD,
	EXCHANGE_NATIVE,
	EXCHANGE_QTI21,
	EXCHANGE_QTI12,
	EXCHANGE_HTML,
	EXCHANGE_PDF,
	EXCHANGE_FORMATS
};
const char *exchange_format_name(enum exchange_format format);
MUST_CHECK bool exchange_can_import(enum exchange_format format);
MUST_CHECK bool exchange_can_export(enum exchange_format format);

enum exchange_level { EXCHANGE_DEGRADED, EXCHANGE_REJECTED };
struct exchange_note {
	enum exchange_level level;
	char *file; /* of the source */
	int line;   /* from 1; 0: the whole file */
	char *name; /* what the question is called */
	char *reason;
};
struct exchange_encoding {
	char *file;
	const char *name; /* "UTF-16LE" */
};
struct exchange_report {
	enum exchange_format format;
	size_t read, done, degraded, rejected; /* questions; read = done + rejected */
	struct exchange_note *notes;
	size_t n_notes, cap_notes;
	struct exchange_encoding *encodings; /* of files that are not UTF-8 */
	size_t n_encodings, cap_encodings;
};
void exchange_report_finish(struct exchange_report *r);
void exchange_report_print(const struct exchange_report *r, const char *done, struct buf *out); /* `done`: "imported" */
void exchange_report_json(const struct exchange_report *r, const char *done, struct buf *out);
/* Adds a note; up to EXCHANGE_NOTES_MAX are kept. `file` and `name` may be NULL. */
void exchange_note(struct exchange_report *r, enum exchange_level level, const char *file, int line, const char *name, const char *reason);

/* Reads the questions of a file, folder or package and writes the bank into `to`, which must not be there yet or be an empty folder.
 * Nothing is left behind when it fails: ERR_NOT_FOUND, ERR_IO; ERR_INVALID and ERR_TOO_LARGE when the source is refused as a whole. A bank
 * is written when at least one question is imported. */
MUST_CHECK bool exchange_import(const char *source, enum exchange_format format, const char *to, struct exchange_report *report,
                                struct err *err);
/* Writes the questions of the bank in folder `dir` to `out`, which must not be there yet: a folder for EXCHANGE_NATIVE, else a file. */
MUST_CHECK bool exchange_export(const char *dir, enum exchange_format format, const char *out, struct exchange_report *report,
                                struct err *err);
/* How a bank is printed, EXCHANGE_HTML and EXCHANGE_PDF. exchange_export() prints a page with its key. */
enum exchange_key { EXCHANGE_KEY_BEHIND, EXCHANGE_KEY_NONE, EXCHANGE_KEY_ALONE };
struct exchange_paper {
	enum exchange_key key;
	bool letter; /* the sheets are US letter; else A4 */
	/* Draws the page, which is well-formed XML, as a PDF: fonts and pictures are read by a program of its own. */
	bool (*draw)(struct str page, struct buf *pdf, struct err *err);
};
MUST_CHECK bool exchange_print(const char *dir, enum exchange_format format, const struct exchange_paper *paper, const char *out,
                               struct exchange_report *report, struct err *err);
/* Formats the files of questions of a bank's folder in place, in one stable way; a file with errors, or that would not say the same, is
 * left as it is (rejected). In the report, questions are files, and degraded ones are those that changed; `check`: nothing is written. */
MUST_CHECK bool exchange_fmt(const char *dir, bool check, struct exchange_report *report, struct err *err);
