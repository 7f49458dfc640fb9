/* assay review: tasks that no run could grade, decided by people. */
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <math.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay review [--json]\n"
    "       assay review ATTEMPT [--json]\n"
    "       assay review ATTEMPT ITEM --grade again\n"
    "       assay review ATTEMPT ITEM --points POINTS --by NAME [--comment TEXT]\n\n"
    "Hands-on tasks that could not be graded, although they were tried four times, wait for a person: that is our fault and never counts\n"
    "as zero. Alone this lists the attempts that wait; with an attempt it shows its tasks and what their graders said; with an item (its\n"
    "id or its number on the form) it lets them be graded once more, or gives the points. The candidate is not named.\n\n"
    "Options:\n"
    "  --grade again     put it into the queue once more: after the grader, the image or the machine was mended. A running\n"
    "                    server takes it up within a second. With a mended grader, see assay regrade.\n"
    "  --points POINTS   from 0 to what the task is worth, in steps of 0.001\n"
    "  --by NAME         who decides\n"
    "  --comment TEXT    kept with the decision\n"
    "  --json            as JSON\n"
    "  --data DIR        the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *attempt, *item, *by, *comment, *points, *grade;
	int64_t points_m;
	int left;
	bool json, help;
};

static int check(struct arguments *a)
{
	double points;
	if (a->item && !a->grade == !a->points)
		return data_usage("review", "either --grade again or --points POINTS");
	if (a->grade && strcmp(a->grade, "again") != 0)
		return data_usage("review", "--grade takes the word again");
	if (!a->item && (a->grade || a->points))
		return data_usage("review", "which item? Give its id, or its number on the form");
	if (!a->points)
		return 0;
	if (!a->by)
		return data_usage("review", "points need --by");
	if (!str_to_double(str_of(a->points), &points) || points < 0 || points > 1e6 || fabs(points * 1000 - round(points * 1000)) > 1e-6)
		return data_usage("review", "--points takes a number from 0 on, in steps of 0.001");
	a->points_m = llround(points * 1000);
	return 0;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, POINTS, BY, COMMENT, GRADE, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},   {"points", required_argument, NULL, POINTS},
	                                        {"by", required_argument, NULL, BY},       {"comment", required_argument, NULL, COMMENT},
	                                        {"grade", required_argument, NULL, GRADE}, {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},         {0}};
	const char **texts[] = {[POINTS - DATA] = &a->points, [BY - DATA] = &a->by, [COMMENT - DATA] = &a->comment, [GRADE - DATA] = &a->grade};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == DATA) {
			free(a->data);
			a->data = xstrdup(optarg);
		} else if (option == JSON) {
			a->json = true;
		} else if (option == HELP) {
			a->help = true;
			return 0;
		} else if (option > DATA && option < JSON) {
			*texts[option - DATA] = optarg;
		} else {
			return data_usage("review", "the options are not right");
		}
	}
	a->attempt = optind < argc ? argv[optind++] : NULL;
	a->item = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("review", "what is '%s'?", argv[optind]);
	return check(a);
}

static void print_task(const cJSON *o)
{
	const cJSON *result = cJSON_GetObjectItemCaseSensitive(o, "result"), *c;
	printf("\n== %g. ", cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "n")));
	data_print_text(json_text(o, "title"), NULL);
	printf("  (%s, task %s, %g points, tried %g times) ==\n", json_text(o, "item"), json_text(o, "task"),
	       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "max")),
	       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "tries")));
	printf("snapshot: %s\n", *json_text(o, "snapshot") ? json_text(o, "snapshot") : "none was kept");
	for (size_t i = 0; i < 2; i++) {
		const char *why = json_text(result, i ? "note" : "error");
		if (*why) {
			data_print_text(why, "");
			putchar('\n');
		}
	}
	cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(result, "checks"))
	{
		printf("  %-9s %g of %g  ", json_text(c, "outcome"), cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(c, "points")),
		       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(c, "max")));
		data_print_text(json_text(c, "title"), NULL);
		fputs(*json_text(c, "message") ? ": " : "", stdout);
		data_print_text(json_text(c, "message"), "            ");
		putchar('\n');
	}
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(256u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	const cJSON *attempt, *o;
	if (!review_list_json(pr, proctor_writer_store(pr), a->attempt, &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (a->json) {
		puts(out.p);
		return true;
	}
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, "attempts");
	if (cJSON_GetArraySize(list) == 0)
		puts("Nothing waits for a decision.");
	cJSON_ArrayForEach(attempt, list)
	{
		const cJSON *tasks = cJSON_GetObjectItemCaseSensitive(attempt, "tasks");
		printf("%s  %-30s ended %s  %d tasks to decide\n", json_text(attempt, "attempt"), json_text(attempt, "exam"),
		       json_text(attempt, "ended_at"), cJSON_GetArraySize(tasks));
		if (a->attempt)
			cJSON_ArrayForEach(o, tasks) print_task(o);
	}
	return true;
}

static bool run_points(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	return marking_put(pr, wr, a->attempt, a->item, a->points_m, a->by, a->comment, &a->left, err);
}

static bool run_again(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	const struct arguments *a = arg;
	return review_again(pr, wr, a->attempt, a->item, err);
}

static bool decide(struct proctor *pr, struct arguments *a, struct err *err)
{
	if (!data_sign(pr, a->grade ? run_again : run_points, a, err))
		return false;
	if (a->grade)
		puts("It is in the queue again.");
	else if (a->left)
		printf("Decided. %d more of this attempt wait.\n", a->left);
	else
		puts("Decided. That was the last one: the result is made and signed.");
	return true;
}

int cli_review(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = data_open(a.data, false, &pr, &err) && (a.item ? decide(pr, &a, &err) : show(pr, &a, &err));
		code = ok ? 0 : data_fail("review", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
