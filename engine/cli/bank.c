/* assay bank: looks a question bank over. Nothing of a bank is executed, unless `check --run` asks for it. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "base/clock.h"
#include "cli/bank.h"
#include "cli/cli.h"
#include "exam/exam.h"
#include "graders/client/params.h"
#include <stdio.h>

#define OUTPUT_MAX (64u << 20)
#define RUN_SEEDS 20
#define RUN_BATCH 1000 /* draws that are held in memory at once */

static const char help[] = "assay bank - look a question bank over\n"
                           "\n"
                           "Usage: assay bank check DIR [--json] [--strict] [--stats] [--run] [--watch]\n"
                           "       assay bank import [--from FORMAT] SOURCE --to DIR [--json] [--allow-rejects]\n"
                           "       assay bank export --to FORMAT DIR OUT [--json] [--allow-rejects]\n"
                           "       assay bank new DIR\n"
                           "       assay bank fmt [--check] DIR\n"
                           "       assay bank show [--json] DIR ITEM\n"
                           "       assay bank diff [--json] OLD NEW\n"
                           "       assay bank rename DIR FROM TO\n"
                           "       assay bank review DIR [ITEM] [--by NAME]\n"
                           "       assay bank status DIR [ITEM [STATUS]] [--by NAME]\n"
                           "       assay bank sign|approve|verify DIR …\n"
                           "       assay bank trust add|list|rotate|approve|key|forget …\n"
                           "\n"
                           "check reports every mistake at once, each with its file, line and column, a code and\n"
                           "what to do. Errors keep a question out of every exam; warnings do not. DIR is a\n"
                           "bank's folder, or a lone Markdown file. The format is in docs/authors/bank-format.md,\n"
                           "the codes are in docs/authors/diagnostics.md.\n"
                           "\n"
                           "  --json     the diagnostics as JSON\n"
                           "  --strict   warnings count as errors\n"
                           "  --stats    how many questions of which kind, domain, difficulty and status\n"
                           "  --run      draw each parametrised question with 20 seeds: reports programs that\n"
                           "             fail, draw the same again and again, or make two options equal.\n"
                           "             Runs the bank's Lua programs, in processes with strict limits.\n"
                           "  --watch    check again after every change, until interrupted; with --json one line\n"
                           "             for each check\n"
                           "\n"
                           "import and export exchange questions with other tools; new makes a small bank, fmt\n"
                           "formats its questions, show shows one, diff says what changed for candidates, rename\n"
                           "gives a question, task, case or exam another id. review is for blind readers, status\n"
                           "submits, approves, returns and retires questions. sign, approve, verify and trust\n"
                           "make a bank official. Each has its own --help.\n"
                           "\n"
                           "Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 usage,\n"
                           "3 could not look.\n";

struct options {
	const char *dir;
	bool json, strict, stats, run, watch;
};

/* ---- --run ---- */

/* What became of the draws of one item. */
struct drawn {
	size_t conflicts, different;
	char *values[RUN_SEEDS];
	bool failed;
};

static bool is_new(const struct drawn *o, size_t n, const char *values)
{
	for (size_t i = 0; i < n; i++)
		if (o->values[i] && strcmp(o->values[i], values) == 0)
			return false;
	return true;
}

/* One draw; the first failure of an item is reported, further ones would say the same. */
static void look_at_draw(const struct bank *bank, const struct item *item, const struct params_job *job, size_t k, struct drawn *o,
                         struct diags *d)
{
	struct err err;
	struct item *instance = NULL;
	if (o->failed)
		return;
	if (!job->values) {
		const char *message = job->error;
		int64_t line = 0;
		const char *colon = strncmp(message, "line ", 5) == 0 ? strchr(message, ':') : NULL;
		if (colon && str_to_i64((struct str){message + 5, (size_t)(colon - message) - 5}, 1, 100000, &line))
			message = colon + 2;
		diags_add_place(d, DIAG_ERROR, "program", item->file, item->params_line + (line ? (int)line - 1 : 0), "%s: the program: %s",
		                item->id, message);
		o->failed = true;
		return;
	}
	o->different += is_new(o, k, job->values);
	o->values[k] = job->values;
	if (bank_instantiate(bank, item, job->values, &instance, &err)) {
		item_destroy(instance);
	} else if (err.code == ERR_CONFLICT) {
		o->conflicts++;
	} else {
		diags_add_place(d, DIAG_ERROR, "program-text", item->file, item->line, "%s: with the values %.300s: %s", item->id, job->values,
		                err.msg);
		o->failed = true;
	}
}

static void look_at_item(const struct bank *bank, const struct item *item, struct params_job *jobs, struct diags *d)
{
	struct drawn o = {0};
	for (size_t k = 0; k < RUN_SEEDS; k++)
		look_at_draw(bank, item, &jobs[k], k, &o, d);
	if (!o.failed && o.conflicts == RUN_SEEDS) {
		diags_add_place(d, DIAG_ERROR, "program-equal", item->file, item->line, "%s: two options are equal in every draw", item->id);
	} else if (!o.failed && o.conflicts) {
		diags_add_place(d, DIAG_WARNING, "program-equal", item->file, item->line, "%s: two options are equal in %zu of %d draws", item->id,
		                o.conflicts, RUN_SEEDS);
		diags_help(d, "such a draw is drawn again, up to 20 times; better, let the program avoid it");
	} else if (!o.failed && o.different < 3) {
		diags_add_place(d, DIAG_WARNING, "program-constant", item->file, item->line, "%s: only %zu different draws out of %d", item->id,
		                o.different, RUN_SEEDS);
		diags_help(d, "draw with rand, pick or shuffle, from more values");
	}
}

/* Draws every parametrised item and reports; false when the program that draws cannot run. */
static bool run_programs(const struct bank *bank, struct diags *d, struct err *err)
{
	_cleanup_free_ char *program = cli_beside("assay-params");
	const struct item *batch[RUN_BATCH / RUN_SEEDS];
	struct params_job *jobs = xcalloc(RUN_BATCH, sizeof *jobs);
	bool ok = program || err_set(err, ERR_INTERNAL, "assay-params is not beside this program");
	for (size_t i = 0; ok && i < bank->n_items;) {
		size_t n = 0;
		for (; i < bank->n_items && n < ARRAY_SIZE(batch); i++)
			if (bank->items[i].params_lua)
				batch[n++] = &bank->items[i];
		for (size_t k = 0; k < n * RUN_SEEDS; k++)
			jobs[k] = (struct params_job){.lua = batch[k / RUN_SEEDS]->params_lua, .seed = k % RUN_SEEDS + 1};
		ok = params_draw(program, jobs, n * RUN_SEEDS, err);
		for (size_t k = 0; ok && k < n; k++)
			look_at_item(bank, batch[k], jobs + k * RUN_SEEDS, d);
		for (size_t k = 0; ok && k < n * RUN_SEEDS; k++) {
			free(jobs[k].values);
			free(jobs[k].error);
		}
	}
	free(jobs);
	return ok;
}

/* ---- --stats ---- */

static void add_count(struct buf *out, bool json, const char *name, size_t n, bool *first)
{
	if (json) {
		buf_adds(out, *first ? "" : ",");
		buf_add_json(out, str_of(name));
		buf_addf(out, ":%zu", n);
	} else {
		buf_addf(out, "  %-32s %6zu\n", name, n);
	}
	*first = false;
}

static void open_group(struct buf *out, bool json, const char *name)
{
	if (json)
		buf_addf(out, ",\"%s\":{", name);
	else
		buf_addf(out, "%s:\n", name);
}

static void count_kinds(const struct bank *bank, bool json, struct buf *out)
{
	size_t kinds[ITEM_KINDS] = {0}, statuses[ITEM_STATUSES] = {0}, difficulties[6] = {0}, drawn = 0;
	static const char *const difficulty_names[] = {"unknown", "1", "2", "3", "4", "5"};
	bool first = true;
	for (size_t i = 0; i < bank->n_items; i++) {
		kinds[bank->items[i].kind]++;
		statuses[bank->items[i].status]++;
		difficulties[bank->items[i].difficulty]++;
		drawn += bank->items[i].params_lua != NULL;
	}
	open_group(out, json, "kinds");
	for (int k = 0; k < ITEM_KINDS; k++)
		if (kinds[k])
			add_count(out, json, item_kind_name((enum item_kind)k), kinds[k], &first);
	add_count(out, json, "parametrised", drawn, &first);
	buf_adds(out, json ? "}" : "");
	open_group(out, json, "status");
	first = true;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i])
			add_count(out, json, item_status_names[i], statuses[i], &first);
	buf_adds(out, json ? "}" : "");
	open_group(out, json, "difficulty");
	first = true;
	for (size_t i = 0; i < ARRAY_SIZE(difficulties); i++)
		if (difficulties[i])
			add_count(out, json, difficulty_names[i], difficulties[i], &first);
	buf_adds(out, json ? "}" : "");
}

static void count_objectives(const struct bank *bank, bool json, struct buf *out)
{
	bool first = true;
	open_group(out, json, "objectives");
	for (size_t i = 0; i < bank->n_domains; i++) {
		const struct bank_domain *domain = &bank->domains[i];
		size_t all = 0;
		for (size_t k = 0; k < bank->n_items; k++)
			all += strcmp(bank->items[k].domain, domain->id) == 0;
		add_count(out, json, domain->id, all, &first);
		for (size_t o = 0; o < domain->n_objectives; o++) {
			_cleanup_free_ char *id = xasprintf("%s.%s", domain->id, domain->objectives[o].id);
			size_t n = 0;
			for (size_t k = 0; k < bank->n_items; k++)
				n += bank->items[k].objective && strcmp(bank->items[k].objective, id) == 0;
			add_count(out, json, id, n, &first);
		}
	}
	buf_adds(out, json ? "}" : "");
}

static void add_stats(const struct bank *bank, bool json, struct buf *out)
{
	bool first = true;
	if (json)
		buf_adds(out, ",\"stats\":{");
	add_count(out, json, "questions", bank->n_items, &first);
	add_count(out, json, "exams", bank->n_exams, &first);
	count_kinds(bank, json, out);
	count_objectives(bank, json, out);
	if (json)
		buf_addc(out, '}');
}

/* ---- check ---- */

/* Line feeds in JSON stand between its parts alone. */
static void on_one_line(struct buf *out)
{
	for (size_t i = 0; i + 1 < out->len; i++)
		if (out->p[i] == '\n')
			out->p[i] = ' ';
}

static void print_report(const struct options *o, const struct bank *bank, const struct diags *d)
{
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	const char *no_color = getenv("NO_COLOR");
	if (o->json) {
		diags_json(d, &out);
		if (o->watch)
			on_one_line(&out);
		if (o->stats && out.len > 2) {
			out.len -= 2; /* "}\n" */
			add_stats(bank, true, &out);
			buf_adds(&out, "}\n");
		}
	} else {
		diags_print(d, isatty(STDOUT_FILENO) && !(no_color && *no_color), &out);
		if (o->stats)
			add_stats(bank, false, &out);
		buf_addf(&out, "%s: %zu question%s, %zu error%s, %zu warning%s\n", bank->id, bank->n_items, bank->n_items == 1 ? "" : "s",
		         d->n_errors, d->n_errors == 1 ? "" : "s", d->n_warnings, d->n_warnings == 1 ? "" : "s");
	}
	fwrite(out.p, 1, out.len, stdout);
	fflush(stdout);
}

static int check(const struct options *o)
{
	struct diags diags = {0};
	struct err err;
	_cleanup_bank_ struct bank *bank = NULL;
	bool ok = bank_load(o->dir, &diags, &bank, &err);
	if (ok) {
		draw_check(bank, &diags);
		bank_lint(bank, &diags);
		ok = bank_look_for_opaque(o->dir, &diags, &err) && (!o->run || run_programs(bank, &diags, &err));
	}
	if (!ok) {
		fprintf(stderr, "assay bank check: %s\n", err.msg);
		diags_finish(&diags);
		return 3;
	}
	diags_sort(&diags);
	bank_place(o->dir, &diags);
	print_report(o, bank, &diags);
	int code = diags.n_errors || (o->strict && diags.n_warnings) ? 1 : 0;
	diags_finish(&diags);
	return code;
}

/* Checks now, and again after each change, until it is interrupted. */
static int watch(const struct options *o)
{
	struct err err;
	struct bank_watch *w;
	if (!bank_watch_open(o->dir, &w, &err)) {
		fprintf(stderr, "assay bank check: %s\n", err.msg);
		return 3;
	}
	int code = check(o);
	while (code != 3 && bank_watch_wait(w, &err))
		code = check(o);
	bank_watch_close(w);
	return code;
}

static int usage(const char *message, const char *what)
{
	fprintf(stderr, "assay bank: %s%s\nUsage: assay bank check DIR [--json] [--strict] [--stats] [--run]\n", message, what);
	return 2;
}

int cli_bank(int argc, char **argv)
{
	struct options o = {0};
	static const struct {
		const char *name;
		size_t at;
	} flags[] = {{"--json", offsetof(struct options, json)},
	             {"--strict", offsetof(struct options, strict)},
	             {"--stats", offsetof(struct options, stats)},
	             {"--run", offsetof(struct options, run)},
	             {"--watch", offsetof(struct options, watch)}};
	bool only_names = false;
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} others[] = {{"import", cli_bank_import},   {"export", cli_bank_export}, {"fmt", cli_bank_fmt},       {"show", cli_bank_show},
	              {"new", cli_bank_new},         {"diff", cli_bank_diff},     {"rename", cli_bank_rename}, {"sign", cli_bank_sign},
	              {"approve", cli_bank_approve}, {"verify", cli_bank_verify}, {"trust", cli_bank_trust},   {"review", cli_bank_review},
	              {"status", cli_bank_status}};
	for (size_t i = 0; i < ARRAY_SIZE(others) && argc > 1; i++)
		if (strcmp(argv[1], others[i].name) == 0)
			return others[i].run(argc - 1, argv + 1);
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(help, stdout);
			return 0;
		}
	if (argc < 2)
		return usage("what is to be done?", "");
	if (strcmp(argv[1], "check") != 0)
		return usage("there is no command ", argv[1]);
	for (int i = 2; i < argc; i++) {
		bool known = false;
		if (!only_names && strcmp(argv[i], "--") == 0) {
			only_names = true;
			continue;
		}
		for (size_t k = 0; k < ARRAY_SIZE(flags) && !only_names; k++) {
			if (strcmp(argv[i], flags[k].name) != 0)
				continue;
			*(bool *)((char *)&o + flags[k].at) = true;
			known = true;
		}
		if (known)
			continue;
		if (!only_names && argv[i][0] == '-')
			return usage("there is no option ", argv[i]);
		if (o.dir)
			return usage("one folder at a time, please: ", argv[i]);
		o.dir = argv[i];
	}
	return o.dir ? (o.watch ? watch(&o) : check(&o)) : usage("which folder?", "");
}
