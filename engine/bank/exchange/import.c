/* The import as a whole: which format, read, write, look at what was written. See exchange.h. */
#include "bank/exchange/output.h"
#include <libgen.h>

#define CHECKS_MAX 4

/* ---- which format ---- */

static bool has_line(struct str text, bool (*is)(struct str))
{
	struct str line;
	for (int i = 0; i < 2000 && str_next_line(&text, &line); i++)
		if (is(line))
			return true;
	return false;
}
static bool is_aiken(struct str line)
{
	line = str_trim(line);
	return str_eq_nocase(str_sub(line, 0, 7), STR("ANSWER:")) && line.len < 16;
}
static bool is_gift(struct str line)
{
	line = str_trim(line);
	if (str_starts(line, "::") || str_starts(line, "$CATEGORY:"))
		return true;
	const char *open = memchr(line.p, '{', line.len);
	return open && (line.p[line.len - 1] == '}' || open == line.p + line.len - 1) && line.p[0] != '#' && line.p[0] != '-';
}
static bool is_blackboard(struct str line)
{
	static const char *const kinds[] = {
	    "MC", "MA", "TF", "ESS", "ORD", "MAT", "FIB", "FIB_PLUS", "FIL", "NUM", "SR", "OP", "JUMBLED_SENTENCE", "QUIZ_BOWL"};
	const char *tab = memchr(line.p, '\t', line.len);
	for (size_t i = 0; tab && i < ARRAY_SIZE(kinds); i++)
		if (str_is(str_sub(line, 0, (size_t)(tab - line.p)), kinds[i]))
			return true;
	return false;
}
static bool is_rexams(struct str line)
{
	return str_eq_nocase(str_trim(line), STR("Meta-information")) || str_starts(line, "\\begin{question}");
}
static bool is_options(struct str line)
{
	line = str_trim(line);
	return str_starts(line, "- [") || str_starts(line, "* [") || str_starts(line, "<details");
}

static bool ends(const char *path, const char *ending)
{
	struct str s = str_of(path), e = str_of(ending);
	return s.len > e.len && str_eq_nocase(str_sub(s, s.len - e.len, s.len), e);
}

static enum exchange_format format_of_xml(struct str text)
{
	struct str head = str_sub(text, 0, 4096);
	static const struct {
		const char *element;
		enum exchange_format format;
	} roots[] = {{"<quiz", EXCHANGE_MOODLE_XML},    {"<questestinterop", EXCHANGE_QTI},
	             {"<assessmentItem", EXCHANGE_QTI}, {"<assessmentTest", EXCHANGE_QTI},
	             {"<qti-", EXCHANGE_QTI},           {"<manifest", EXCHANGE_QTI},
	             {"<problem", EXCHANGE_OLX},        {"<course", EXCHANGE_OLX},
	             {"<library", EXCHANGE_OLX},        {"<vertical", EXCHANGE_OLX},
	             {"<sequential", EXCHANGE_OLX},     {"<chapter", EXCHANGE_OLX}};
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		if (memmem(head.p, head.len, roots[i].element, strlen(roots[i].element)))
			return roots[i].format;
	return EXCHANGE_AUTO;
}

static enum exchange_format format_of_text(const char *path, struct str text)
{
	if (ends(path, ".xml") || str_starts(str_trim(text), "<?xml"))
		return format_of_xml(text);
	if (ends(path, ".csv") || ends(path, ".tsv"))
		return EXCHANGE_CSV;
	if (ends(path, ".gift"))
		return EXCHANGE_GIFT;
	if (ends(path, ".rmd") || ends(path, ".rnw"))
		return EXCHANGE_REXAMS;
	if (ends(path, ".md") || ends(path, ".markdown"))
		return has_line(text, is_rexams) && !has_line(text, is_options) ? EXCHANGE_REXAMS : EXCHANGE_MARKDOWN;
	if (has_line(text, is_aiken))
		return EXCHANGE_AIKEN;
	if (has_line(text, is_blackboard))
		return EXCHANGE_BLACKBOARD;
	if (has_line(text, is_options))
		return EXCHANGE_MARKDOWN;
	return has_line(text, is_gift) ? EXCHANGE_GIFT : EXCHANGE_AUTO;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_of_blackboard(struct intake *in, const char *manifest)
{
	static const char mark[] = "http://www.blackboard.com/content-packaging/";
	struct err err;
	_cleanup_buf_ struct buf text = BUF(1);
	return intake_text(in, manifest, &text, &err) && text.len && memmem(text.p, text.len, mark, strlen(mark));
}

static enum exchange_format detect(struct intake *in)
{
	struct package *p = in->package;
	struct err err;
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(base_of(p->paths[i]), "imsmanifest.xml") == 0)
			return is_of_blackboard(in, p->paths[i]) ? EXCHANGE_BLACKBOARD : EXCHANGE_QTI;
		if (strcmp(base_of(p->paths[i]), "course.xml") == 0 || strcmp(base_of(p->paths[i]), "library.xml") == 0)
			return EXCHANGE_OLX;
		if (strcmp(base_of(p->paths[i]), "index.json") == 0)
			return EXCHANGE_KILLERCODA;
	}
	for (size_t i = 0; i < p->n; i++) {
		static const char *const endings[] = {".md", ".markdown", ".txt", ".gift", ".csv", ".tsv", ".xml", ".rmd", ".rnw", ".qti", ".dat"};
		bool text = p->lone;
		for (size_t k = 0; k < ARRAY_SIZE(endings) && !text; k++)
			text = ends(p->paths[i], endings[k]);
		_cleanup_buf_ struct buf bytes = BUF(1);
		if (!text || !intake_text(in, p->paths[i], &bytes, &err))
			continue;
		enum exchange_format format = format_of_text(p->paths[i], buf_str(&bytes));
		if (format != EXCHANGE_AUTO)
			return format;
	}
	return EXCHANGE_AUTO;
}

/* ---- reading ---- */

static const char *const endings_of[EXCHANGE_FORMATS][6] = {
    [EXCHANGE_MARKDOWN] = {".md", ".markdown", ".txt"},
    [EXCHANGE_GIFT] = {".gift", ".txt"},
    [EXCHANGE_AIKEN] = {".txt", ".aiken"},
    [EXCHANGE_CSV] = {".csv", ".tsv"},
    [EXCHANGE_REXAMS] = {".rmd", ".rnw", ".md"},
    [EXCHANGE_BLACKBOARD] = {".txt", ".tsv", ".dat"},
    [EXCHANGE_MOODLE_XML] = {".xml"},
    [EXCHANGE_QTI] = {".xml", ".qti", ".dat"},
    [EXCHANGE_OLX] = {".xml"},
    [EXCHANGE_KILLERCODA] = {"index.json"},
};

static bool belongs(const struct package *p, const char *path, enum exchange_format format)
{
	if (format == EXCHANGE_BLACKBOARD && package_has(p, "imsmanifest.xml"))
		return ends(path, ".dat");
	bool found = p->lone || (format == EXCHANGE_KILLERCODA && strcmp(base_of(path), "index.json") == 0);
	for (size_t i = 0; i < ARRAY_SIZE(endings_of[0]) && !found && endings_of[format][i]; i++)
		found = ends(path, endings_of[format][i]) || strcmp(path, endings_of[format][i]) == 0;
	return found;
}

static bool read_text(struct intake *in, enum exchange_format format, struct str text, struct err *err)
{
	switch (format) {
	case EXCHANGE_AIKEN:
		aiken_read(in, text);
		return true;
	case EXCHANGE_GIFT:
		gift_read(in, text);
		return true;
	case EXCHANGE_CSV:
		csv_read(in, text);
		return true;
	case EXCHANGE_MOODLE_XML:
		return moodle_read(in, text, err);
	case EXCHANGE_REXAMS:
		rexams_read(in, text);
		return true;
	case EXCHANGE_BLACKBOARD:
		if (str_starts(str_trim(text), "<"))
			return qti_read(in, text, err);
		blackboard_read(in, text);
		return true;
	case EXCHANGE_OLX:
		return olx_read(in, text, err);
	case EXCHANGE_KILLERCODA:
		return killercoda_read(in, text, err);
	case EXCHANGE_QTI:
		return qti_read(in, text, err);
	case EXCHANGE_MARKDOWN:
		tasklist_read(in, text);
		return true;
	default:
		return err_set(err, ERR_UNSUPPORTED, "this format cannot be read");
	}
}

/* Reads the files of the format; one that is no text, or refused, is rejected as one question when there are others. */
static bool read_all(struct intake *in, enum exchange_format format, struct err *err)
{
	struct package *p = in->package;
	size_t files = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (!belongs(p, p->paths[i], format))
			continue;
		files++;
		_cleanup_buf_ struct buf text = BUF(1);
		if (!intake_text(in, p->paths[i], &text, err))
			return false;
		intake_enter(in, p->paths[i]);
		if (!read_text(in, format, buf_str(&text), err))
			return err_prefix(err, "%s", p->paths[i]);
		intake_forget_embedded(in);
	}
	return files > 0 || err_set(err, ERR_INVALID, "there is no file of the format %s", exchange_format_name(format));
}

/* ---- writing ---- */

static void name_bank(struct intake *in, const char *to)
{
	_cleanup_free_ char *copy = xstrdup(to);
	struct write_bank *b = &in->bank;
	const char *name = basename(copy);
	if (!b->id)
		b->id = str_slug(str_of(name), 64);
	if (!b->title)
		b->title = xstrdup(name);
}

static void note_domains(struct intake *in)
{
	for (size_t i = 0; i < in->n; i++) {
		struct plain *q = &in->list[i];
		if (!q->rejected && !write_bank_add(&in->bank, q))
			plain_lose(q, "there are too many categories: it is in '%s'", q->domain ? q->domain : "general");
	}
	for (size_t i = 0; i < in->n && in->bank.n_domains; i++) { /* the first domain is where questions are by default */
		struct plain *q = &in->list[i];
		if (q->domain && !q->objective && in->bank.n_domains == 1 && strcmp(q->domain, in->bank.domains[0].id) == 0)
			plain_set(&q->domain, NULL);
	}
}

static bool write_files(struct intake *in, struct output *o, struct err *err)
{
	_cleanup_buf_ struct buf yaml = BUF(1u << 20);
	write_bank_file(&in->bank, &yaml);
	bool ok = buf_check(&yaml, "bank.yml", err) && output_write(o, "bank.yml", buf_str(&yaml), false, err);
	for (size_t i = 0; i < in->n_files && ok; i++) {
		const struct intake_file *f = &in->files[i];
		ok = output_write(o, f->path, (struct str){f->bytes, f->size}, f->executable, err);
	}
	return ok;
}

static bool write_questions(struct intake *in, struct output *o, struct err *err)
{
	struct written *written = xcalloc(in->n + 1, sizeof *written);
	bool changed = true, ok = true;
	for (int i = 0; ok && changed && i < CHECKS_MAX; i++) {
		struct strings files = {0};
		_cleanup_free_ char *questions = xasprintf("%s/questions", o->folder);
		output_remove(questions);
		ok = output_questions(o, in->list, in->n, NULL, written, &files, err) && output_check(o, in->list, in->n, written, &changed, err);
		strings_finish(&files);
	}
	free(written);
	return ok && (!changed || err_set(err, ERR_INTERNAL, "what was written is not what is read"));
}

static size_t count_kept(const struct intake *in)
{
	size_t kept = 0;
	for (size_t i = 0; i < in->n; i++)
		kept += !in->list[i].rejected;
	return kept;
}

static bool write_all(struct intake *in, const char *to, struct err *err)
{
	struct output o;
	if (!count_kept(in))
		return true;
	if (!output_begin(to, &o, err))
		return false;
	name_bank(in, o.target);
	note_domains(in);
	output_name(in->list, in->n);
	bool ok = write_files(in, &o, err) && write_questions(in, &o, err) && (!count_kept(in) || output_end(&o, err));
	output_drop(&o);
	return ok;
}

/* ---- the report ---- */

static void fill_report(const struct intake *in, struct exchange_report *r)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct plain *q = &in->list[i];
		const char *name = q->title ? q->title : q->id;
		r->read++;
		if (q->rejected) {
			r->rejected++;
			exchange_note(r, EXCHANGE_REJECTED, q->file, q->line, name, q->rejected);
			continue;
		}
		r->done++;
		r->degraded += q->losses.n > 0;
		for (size_t k = 0; k < q->losses.n; k++)
			exchange_note(r, EXCHANGE_DEGRADED, q->file, q->line, name, q->losses.list[k]);
	}
}

bool exchange_import(const char *source, enum exchange_format format, const char *to, struct exchange_report *report, struct err *err)
{
	_cleanup_package_ struct package package = {.dir_fd = -1};
	struct intake in;
	if (!package_open(source, false, &package, err))
		return false;
	intake_init(&in, &package, report);
	bool ok = true;
	if (format == EXCHANGE_AUTO) {
		format = detect(&in);
		ok = format != EXCHANGE_AUTO || err_set(err, ERR_INVALID, "%s: which format is this? Say it with --from", source);
		exchange_report_finish(report); /* encodings, noted again when it is read */
	}
	report->format = format;
	ok = ok && read_all(&in, format, err) && (in.n > 0 || err_set(err, ERR_INVALID, "%s: there is no question in it", source)) &&
	     write_all(&in, to, err);
	if (ok)
		fill_report(&in, report);
	intake_finish(&in);
	return ok;
}
