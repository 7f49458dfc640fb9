/* assay rescore: a question of past attempts is scored otherwise. */
#include "proctor/rescore.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "proctor/keys.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay rescore BANK ITEM --as key --reason TEXT --by NAME [--otherwise credit-all|drop] [--dry-run] [--json]\n"
    "       assay rescore BANK ITEM --as credit-all|drop --reason TEXT --by NAME [--forms old|all] [--dry-run] [--json]\n"
    "       assay rescore BANK ITEM --as original --reason TEXT --by NAME [--dry-run] [--json]\n"
    "       assay rescore BANK ITEM [--json]\n\n"
    "Scores a question of past exams otherwise. Attempts whose marks change get a new signed result, which names the one before it and\n"
    "says what was corrected and why; their certificates are granted, reissued or revoked. The old results are kept. Attempts that\n"
    "still run are scored with it when they end. May run beside a server; ended in between, run it again: nothing is done twice.\n"
    "Without --as it lists the corrections of the question.\n\n"
    "Options:\n"
    "  --as key          by the key that the bank has today; options are found by their text\n"
    "  --as credit-all   everybody gets its points, also who did not answer\n"
    "  --as drop         it does not count\n"
    "  --as original     as it was drawn: takes a correction back\n"
    "  --otherwise HOW   of --as key, for attempts where the key cannot be applied (default: they are named and left)\n"
    "  --forms old|all   only attempts that have the question as it was before it was changed, or all; needed where there are both\n"
    "  --reason TEXT     why; candidates read it, and it stands in their results\n"
    "  --by NAME         who decided; kept, and not told to candidates\n"
    "  --dry-run         only say what would change\n"
    "  --json            as JSON\n"
    "  --data DIR        the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	struct rescore what;
	const char *how, *otherwise, *forms;
	bool dry_run, json, help;
	int64_t id;
	bool done;
};

static int read_options(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, AS, OTHERWISE, FORMS, REASON, BY, DRY, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"as", required_argument, NULL, AS},
	                                        {"otherwise", required_argument, NULL, OTHERWISE},
	                                        {"forms", required_argument, NULL, FORMS},
	                                        {"reason", required_argument, NULL, REASON},
	                                        {"by", required_argument, NULL, BY},
	                                        {"dry-run", no_argument, NULL, DRY},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	const char **texts[] = {&a->how, &a->otherwise, &a->forms, &a->what.reason, &a->what.by};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option >= AS && option <= BY) {
			*texts[option - AS] = optarg;
		} else if (option == DRY) {
			a->dry_run = true;
		} else if (option == JSON) {
			a->json = true;
		} else if (option == HELP) {
			a->help = true;
			return 0;
		} else {
			return data_usage("rescore", "the options are not right");
		}
	}
	a->what.bank = optind < argc ? argv[optind++] : NULL;
	a->what.item = optind < argc ? argv[optind++] : NULL;
	return optind < argc ? data_usage("rescore", "what is '%s'?", argv[optind]) : 0;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	struct err err;
	int code = read_options(argc, argv, a);
	if (code || a->help)
		return code;
	if (!a->what.item)
		return data_usage("rescore", "which question? BANK ITEM");
	if (!a->how)
		return a->otherwise || a->forms || a->what.reason || a->dry_run ? data_usage("rescore", "--as says how it is to be scored") : 0;
	if (!correction_how_parse(a->how, &a->what.how, &err) ||
	    (a->otherwise && !correction_how_parse(a->otherwise, &a->what.otherwise, &err)))
		return data_usage("rescore", "%s", err.msg);
	if (a->forms && strcmp(a->forms, "old") != 0 && strcmp(a->forms, "all") != 0)
		return data_usage("rescore", "--forms takes old or all");
	a->what.forms = !a->forms ? FORMS_UNSAID : strcmp(a->forms, "old") == 0 ? FORMS_OLD : FORMS_ALL;
	return a->what.reason && a->what.by ? 0 : data_usage("rescore", "a correction needs --reason and --by");
}

/* ---- Printing ---- */

static void print_row(const cJSON *o)
{
	const cJSON *before = cJSON_GetObjectItemCaseSensitive(o, "before"), *after = cJSON_GetObjectItemCaseSensitive(o, "after");
	bool was = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "passed_before"));
	bool is = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "passed_after"));
	printf("%s  ", json_text(o, "attempt"));
	if (strcmp(json_text(o, "outcome"), "left") == 0) {
		fputs("left: ", stdout);
		data_print_text(json_text(o, "why"), NULL);
		putchar('\n');
		return;
	}
	if (cJSON_IsNumber(before))
		printf("%5.1f %% -> ", before->valuedouble * 100);
	else
		fputs("first result: ", stdout);
	printf("%5.1f %%%s\n", after ? after->valuedouble * 100 : 0, was == is ? "" : is ? "  passes now" : "  does not pass any more");
}

static void print(const cJSON *o)
{
	const cJSON *certificates = cJSON_GetObjectItemCaseSensitive(o, "certificates"), *row;
	bool preview = strcmp(json_text(o, "state"), "preview") == 0;
	cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(o, "list")) print_row(row);
	printf("%s: %d attempts, %d %s (%d up, %d down), %d stay as they are, %d are left.\n", json_text(o, "how"), json_count(o, "attempts"),
	       json_count(o, "changed"), preview ? "would change" : "changed", json_count(o, "up"), json_count(o, "down"),
	       json_count(o, "same"), json_count(o, "left"));
	printf("%d newly passed, %d no longer passed; certificates: %d granted, %d reissued, %d revoked.\n", json_count(o, "newly_passed"),
	       json_count(o, "no_longer_passed"), json_count(certificates, "granted"), json_count(certificates, "reissued"),
	       json_count(certificates, "revoked"));
	if (json_count(o, "waiting"))
		printf("%d more still run or wait for marks: they are scored with it when they end.\n", json_count(o, "waiting"));
}

static bool put(const struct arguments *a, const struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *tree = NULL;
	if (a->json) {
		puts(out->p);
		return true;
	}
	if (!json_parse(buf_str(out), &tree, err))
		return false;
	print(tree);
	return true;
}

/* ---- Doing ---- */

struct work {
	struct arguments *a;
	const struct rescore_plan *plan;
};

static bool begin(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct work *w = arg;
	return rescore_begin(pr, wr, w->plan, &w->a->id, err);
}

static bool step(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct work *w = arg;
	return rescore_step(pr, wr, w->a->id, &w->a->done, err);
}

static bool rescore(struct proctor *pr, struct arguments *a, struct err *err)
{
	_cleanup_plan_ struct rescore_plan plan = {0};
	_cleanup_buf_ struct buf out = BUF(256u << 20);
	struct work w = {a, &plan};
	struct store *st = proctor_writer_store(pr);
	if (!rescore_plan(pr, st, &a->what, &plan, err))
		return false;
	if (a->dry_run)
		return rescore_preview(pr, st, &plan, &out, err) && put(a, &out, err);
	bool ok = data_sign(pr, begin, &w, err);
	while (ok && !a->done)
		ok = data_change(pr, step, &w, err);
	return ok && rescore_report(pr, st, a->id, true, &out, err) && put(a, &out, err);
}

struct listing {
	int64_t *ids;
	size_t n, cap;
};

static bool take(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	struct listing *l = arg;
	l->ids = xgrow(l->ids, l->n, &l->cap, sizeof *l->ids);
	l->ids[l->n++] = row->id;
	return true;
}

static bool show_one(struct proctor *pr, const struct arguments *a, int64_t id, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(256u << 20);
	_cleanup_json_ cJSON *o = NULL;
	if (!rescore_report(pr, proctor_writer_store(pr), id, false, &out, err) || !json_parse(buf_str(&out), &o, err))
		return false;
	if (a->json) {
		puts(out.p);
		return true;
	}
	printf("%s  by ", json_text(o, "at"));
	data_print_text(json_text(o, "by"), NULL);
	fputs(": ", stdout);
	data_print_text(json_text(o, "reason"), NULL);
	putchar('\n');
	print(o);
	return true;
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	struct listing l = {0};
	bool ok = store_correction_of_item(proctor_writer_store(pr), a->what.bank, a->what.item, take, &l, err);
	if (ok && !l.n && !a->json)
		puts("There is no correction of this question.");
	for (size_t i = 0; ok && i < l.n; i++)
		ok = show_one(pr, a, l.ids[i], err);
	free(l.ids);
	return ok;
}

int cli_rescore(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = data_open(a.data, false, &pr, &err) && (a.how ? rescore(pr, &a, &err) : show(pr, &a, &err));
		code = ok ? 0 : data_fail("rescore", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
