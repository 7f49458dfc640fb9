/* assay regrade: past attempts are graded again, from the snapshots that were kept. */
#include "cli/cli.h"
#include "cli/data.h"
#include "graders/client/grade.h"
#include "proctor/keys.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay regrade --attempt ID [--dry-run] [--reason TEXT]\n"
    "       assay regrade --bank BANK [--task SLUG] [--dry-run] [--reason TEXT]\n\n"
    "Grades the hands-on tasks of ended exams again, with the graders of the newest version of their bank that a server has loaded, from\n"
    "the snapshots that were kept at the end. Where that changes something, the old grading is kept, the new one stands beside it\n"
    "with the reason, and the attempt gets a new signed result that names the one before it. May run beside a server.\n\n"
    "Options:\n"
    "  --attempt ID    one attempt\n"
    "  --bank BANK     all attempts at the exams of a bank\n"
    "  --task SLUG     only this task\n"
    "  --dry-run       only say what would change\n"
    "  --reason TEXT   kept with the grading, and told in the result (default: the grader was corrected)\n"
    "  --json          one JSON object a line\n"
    "  --data DIR      the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	struct regrade what;
	bool json, help;
	int changed, same, ungraded;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, ATTEMPT, BANK, TASK, REASON, DRY, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"attempt", required_argument, NULL, ATTEMPT},
	                                        {"bank", required_argument, NULL, BANK},
	                                        {"task", required_argument, NULL, TASK},
	                                        {"reason", required_argument, NULL, REASON},
	                                        {"dry-run", no_argument, NULL, DRY},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	const char **texts[] = {&a->what.attempt, &a->what.bank, &a->what.task, &a->what.reason};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option >= ATTEMPT && option <= REASON) {
			*texts[option - ATTEMPT] = optarg;
		} else if (option == DRY) {
			a->what.dry_run = true;
		} else if (option == JSON) {
			a->json = true;
		} else if (option == HELP) {
			a->help = true;
			return 0;
		} else {
			return data_usage("regrade", "the options are not right");
		}
	}
	if (optind < argc)
		return data_usage("regrade", "what is '%s'?", argv[optind]);
	if (!a->what.attempt == !a->what.bank)
		return data_usage("regrade", "either --attempt ID or --bank BANK");
	if (!str_is_utf8(str_of(a->what.reason), NULL) || strlen(a->what.reason) > 1000)
		return data_usage("regrade", "--reason takes at most 1000 bytes of UTF-8");
	return 0;
}

static void print_points(const cJSON *o, const char *key)
{
	const cJSON *points = cJSON_GetObjectItemCaseSensitive(o, key);
	if (cJSON_IsNumber(points))
		printf("%g", points->valuedouble);
	else
		fputs("-", stdout);
}

static void tell(void *arg, const char *json)
{
	struct arguments *a = arg;
	_cleanup_json_ cJSON *o = cJSON_Parse(json);
	const char *outcome = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "outcome"));
	bool same = outcome && !strcmp(outcome, "same"), ungraded = outcome && !strcmp(outcome, "ungraded");
	a->same += same;
	a->ungraded += ungraded;
	a->changed += !same && !ungraded;
	if (a->json) {
		puts(json);
		return;
	}
	printf("%s  %-24s ", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "attempt")),
	       cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "task")));
	print_points(o, "before");
	fputs(" -> ", stdout);
	print_points(o, "now");
	fputs(" of ", stdout);
	print_points(o, "max");
	printf("  %s\n", outcome);
}

static bool regrade(struct arguments *a, struct err *err)
{
	struct proctor *pr = NULL;
	_cleanup_free_ char *sandbox = cli_beside_or("assay-sandbox", "sandbox/assay-sandbox");
	_cleanup_free_ char *grader = cli_beside("assay-grader");
	_cleanup_free_ char *db = xasprintf("%s/assay.db", a->data);
	struct proctor_config config = {
	    .data_dir = a->data, .beside = true, .sandbox_program = sandbox, .grader_program = grader, .grade = grade_run};
	if (access(db, F_OK) != 0)
		return err_set(err, ERR_NOT_FOUND, "%s: %m: is %s a data folder?", db, a->data);
	a->what.tell = tell;
	a->what.arg = a;
	bool ok = proctor_open(&config, &pr, err);
	if (ok)
		keys_open_early(pr);
	ok = ok && regrade_run(pr, &a->what, err);
	proctor_close(pr);
	return ok;
}

int cli_regrade(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir(), .what.reason = "the grader was corrected"};
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = regrade(&a, &err);
		if (!a.json)
			printf("%d gradings %s, %d are the same, %d gave no grade and are left as they were.\n", a.changed,
			       a.what.dry_run ? "would change" : "changed", a.same, a.ungraded);
		code = !ok ? data_fail("regrade", &err) : a.ungraded ? 1 : 0;
	}
	free(a.data);
	return code;
}
