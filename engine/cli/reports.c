/* assay reports: what candidates report about questions, and what is done about it. */
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/plain.h"
#include "proctor/issue.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay reports [--bank BANK] [--state STATE] [--json]\n"
    "       assay reports BANK ITEM [--json]\n"
    "       assay reports BANK ITEM --by NAME [--state STATE] [--owner NAME] [--comment TEXT] [--answer TEXT]\n\n"
    "Problems that candidates report. Alone it lists the questions that were reported, newest change first; with a question it shows\n"
    "the reports, what was done about them, and how the question behaves; with --by it changes something. Candidates are not named.\n"
    "May run beside a server.\n\n"
    "Options:\n"
    "  --bank BANK      only of this bank\n"
    "  --state STATE    open, accepted, fixed or declined: only these; of a question: what it becomes\n"
    "  --by NAME        who changes it; kept\n"
    "  --owner NAME     who looks after it; an empty name is nobody\n"
    "  --comment TEXT   kept; for authors alone\n"
    "  --answer TEXT    what those who reported it are told\n"
    "  --json           as JSON\n"
    "  --data DIR       the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *of_bank, *state, *by, *owner, *comment, *answer, *bank, *item;
	bool json, help;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, BANK, STATE, BY, OWNER, COMMENT, ANSWER, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},     {"bank", required_argument, NULL, BANK},
	                                        {"state", required_argument, NULL, STATE},   {"by", required_argument, NULL, BY},
	                                        {"owner", required_argument, NULL, OWNER},   {"comment", required_argument, NULL, COMMENT},
	                                        {"answer", required_argument, NULL, ANSWER}, {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},           {0}};
	const char **texts[] = {&a->of_bank, &a->state, &a->by, &a->owner, &a->comment, &a->answer};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option >= BANK && option <= ANSWER) {
			*texts[option - BANK] = optarg;
		} else if (option == JSON) {
			a->json = true;
		} else if (option == HELP) {
			a->help = true;
			return 0;
		} else {
			return data_usage("reports", "the options are not right");
		}
	}
	a->bank = optind < argc ? argv[optind++] : NULL;
	a->item = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("reports", "what is '%s'?", argv[optind]);
	if (a->bank && !a->item)
		return data_usage("reports", "which question? BANK ITEM, or --bank BANK for all");
	if (a->item && a->of_bank)
		return data_usage("reports", "--bank is for the list");
	bool changes = a->owner || a->comment || a->answer || (a->item && a->state);
	if (changes && (!a->item || !a->by))
		return data_usage("reports", a->item ? "a change needs --by" : "which question is to be changed? BANK ITEM");
	return a->by && !changes ? data_usage("reports", "what is to be changed? --state, --owner, --comment or --answer") : 0;
}

/* ---- Printing ---- */

static void print_kinds(const cJSON *kinds)
{
	const cJSON *k;
	cJSON_ArrayForEach(k, kinds) printf(" %s %d", k->string, k->valueint);
}

static void print_list(const cJSON *tree)
{
	const cJSON *o;
	if (!cJSON_GetArraySize(json_member(tree, "issues")))
		puts("No reports.");
	cJSON_ArrayForEach(o, json_member(tree, "issues"))
	{
		printf("%-9s %-16s %-28s %3d report%s  ", json_text(o, "state"), json_text(o, "bank"), json_text(o, "item"),
		       json_count(o, "reports"), json_count(o, "reports") == 1 ? " " : "s");
		data_print_text(json_text(o, "owner"), NULL);
		print_kinds(json_member(o, "kinds"));
		putchar('\n');
	}
}

static void print_interval(const char *name, const cJSON *i)
{
	if (cJSON_IsObject(i))
		printf("  %-15s %.2f  (95 %%: %.2f to %.2f)\n", name, json_member(i, "value")->valuedouble, json_member(i, "low")->valuedouble,
		       json_member(i, "high")->valuedouble);
}

static void print_thirds(const char *name, const cJSON *list)
{
	_cleanup_buf_ struct buf cell = BUF(1024);
	plain_cell(name, 48, &cell);
	printf("  %s", cell.p);
	const cJSON *n;
	cJSON_ArrayForEach(n, list) printf(" %6g", n->valuedouble);
	putchar('\n');
}

static void print_figures(const char *title, const cJSON *f)
{
	const cJSON *o;
	if (!cJSON_IsObject(f))
		return;
	printf("\nFigures, %s: %d people\n", title, json_count(f, "n"));
	print_interval("facility", json_member(f, "facility"));
	print_interval("discrimination", json_member(f, "discrimination"));
	if (cJSON_IsNumber(json_member(f, "median_ms")))
		printf("  %-15s %.0f s\n", "median time", json_member(f, "median_ms")->valuedouble / 1000);
	print_thirds("thirds of people: weak, middle, strong", json_member(f, "thirds"));
	cJSON_ArrayForEach(o, json_member(f, "outcomes")) print_thirds(o->string, o);
	cJSON_ArrayForEach(o, json_member(f, "options"))
	{
		_cleanup_free_ char *text = plain_line(json_text(o, "html"));
		_cleanup_free_ char *name = xasprintf("%s %s", cJSON_IsTrue(json_member(o, "key")) ? "*" : "-", *text ? text : "(nothing chosen)");
		print_thirds(name, json_member(o, "thirds"));
	}
}

static void print_one(const cJSON *o, const cJSON *figures)
{
	const cJSON *e;
	printf("%s/%s  %s", json_text(o, "bank"), json_text(o, "item"), json_text(o, "state"));
	if (*json_text(o, "owner")) {
		fputs("  owner ", stdout);
		data_print_text(json_text(o, "owner"), NULL);
	}
	putchar('\n');
	cJSON_ArrayForEach(e, json_member(o, "problems"))
	{
		printf("\n%s  %s%s\n  ", json_text(e, "at"), json_text(e, "kind"), cJSON_IsTrue(json_member(e, "open")) ? "" : "  (decided)");
		data_print_text(json_text(e, "text"), "  ");
		putchar('\n');
	}
	if (cJSON_GetArraySize(json_member(o, "history")))
		puts("\nWhat was done:");
	cJSON_ArrayForEach(e, json_member(o, "history"))
	{
		printf("  %s  %s  ", json_text(e, "at"), json_text(e, "what"));
		data_print_text(json_text(e, "who"), NULL);
		fputs(": ", stdout);
		data_print_text(json_text(e, "text"), "    ");
		putchar('\n');
	}
	print_figures("as it stands today", json_member(figures, "today"));
	print_figures("as it was before", json_member(figures, "before"));
}

/* ---- Doing ---- */

static bool list(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(64u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	enum issue_state state = ISSUE_STATES;
	if ((a->state && !issue_state_parse(a->state, &state, err)) ||
	    !issue_list_json(pr, proctor_writer_store(pr), a->of_bank, state, &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (a->json)
		puts(out.p);
	else
		print_list(tree);
	return true;
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(64u << 20), figures = BUF(64u << 20);
	_cleanup_json_ cJSON *tree = NULL, *numbers = NULL;
	struct store *st = proctor_writer_store(pr);
	if (!issue_show_json(pr, st, a->bank, a->item, &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	/* Of a question that neither the bank nor any exam has there are none. */
	if (issue_figures_json(pr, st, a->bank, a->item, &figures, err)) {
		if (!json_parse(buf_str(&figures), &numbers, err))
			return false;
	} else if (err->code != ERR_NOT_FOUND) {
		return false;
	}
	if (a->json) {
		json_set(tree, "figures", numbers ? cJSON_Duplicate(numbers, true) : cJSON_CreateNull());
		buf_clear(&out);
		json_print(tree, &out);
		puts(out.p);
	} else {
		print_one(tree, numbers);
	}
	return true;
}

static bool change(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	const struct arguments *a = arg;
	_cleanup_json_ cJSON *body = json_object();
	const char *const keys[] = {"state", "owner", "comment", "answer"}, *const values[] = {a->state, a->owner, a->comment, a->answer};
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (values[i] && !issue_check_text(values[i], keys[i], err))
			return false;
		else if (values[i])
			json_set_str(body, keys[i], values[i]);
	return issue_change(pr, wr, a->by, a->bank, a->item, body, err);
}

int cli_reports(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = data_open(a.data, false, &pr, &err) && (!a.by || data_change(pr, change, &a, &err)) &&
		          (a.item ? show(pr, &a, &err) : list(pr, &a, &err));
		code = ok ? 0 : data_fail("reports", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
