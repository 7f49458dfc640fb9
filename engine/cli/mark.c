/* assay mark: answers that people mark. */
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/plain.h"
#include "exam/rubric.h"
#include "proctor/marking.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay mark [--by NAME] [--json]\n"
    "       assay mark ATTEMPT [--by NAME] [--json]\n"
    "       assay mark ATTEMPT ITEM (--points POINTS | --criteria P,P,...) --by NAME [--comment TEXT] [--decide]\n"
    "       assay mark --agreement [--json]\n\n"
    "Marks essays, and answers at which a pattern ran into its limits. Alone it lists the attempts that wait for marks; with an\n"
    "attempt it shows what is to mark, each with its question, rubric (or the answers that are accepted) and answer; with an item\n"
    "(its id or its number on the form) it gives the mark. The candidate is not named. With --by only what waits for that marker\n"
    "is shown.\n\n"
    "Where an exam has two markers, both mark without seeing the other's marks, and a third does where they are too far apart.\n"
    "Nobody marks an answer twice, or their own. Examiners with an account mark on the page /marking; here the operator enters\n"
    "marks, and vouches that whom --by names has given them.\n\n"
    "When the last answer of an attempt is marked, its result is made and signed. Marking again makes a new result, which names\n"
    "the one before it. With two markers that takes --decide.\n\n"
    "Options:\n"
    "  --points POINTS       from 0 to what the question is worth, in steps of 0.001\n"
    "  --criteria P,P,...    points for each line of the rubric instead, in its order\n"
    "  --by NAME             who marks\n"
    "  --comment TEXT        kept with the mark\n"
    "  --decide              this mark counts from now on, whoever has marked: an appeal was decided\n"
    "  --agreement           how well pairs of markers agree: Cohen's kappa, plain and quadratically weighted\n"
    "  --json                as JSON\n"
    "  --data DIR            the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *attempt, *item, *by, *comment, *points, *criteria;
	int64_t points_m, criteria_m[RUBRIC_LINES_MAX];
	size_t n_criteria;
	int left;
	bool json, help, decide, agreement;
};

static int parse_options(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, POINTS, CRITERIA, BY, COMMENT, DECIDE, AGREEMENT, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"points", required_argument, NULL, POINTS},
	                                        {"criteria", required_argument, NULL, CRITERIA},
	                                        {"by", required_argument, NULL, BY},
	                                        {"comment", required_argument, NULL, COMMENT},
	                                        {"decide", no_argument, NULL, DECIDE},
	                                        {"agreement", no_argument, NULL, AGREEMENT},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case DATA:
			free(a->data);
			a->data = xstrdup(optarg);
			break;
		case POINTS:
			a->points = optarg;
			break;
		case CRITERIA:
			a->criteria = optarg;
			break;
		case BY:
			a->by = optarg;
			break;
		case COMMENT:
			a->comment = optarg;
			break;
		case DECIDE:
			a->decide = true;
			break;
		case AGREEMENT:
			a->agreement = true;
			break;
		case JSON:
			a->json = true;
			break;
		case HELP:
			a->help = true;
			break;
		default:
			return data_usage("mark", "the options are not right");
		}
	}
	return 0;
}

static bool read_points(struct str text, int64_t *ret_m)
{
	double points;
	struct err ignored;
	return str_to_double(str_trim(text), &points) && marking_points(points, ret_m, &ignored);
}

static bool read_criteria(struct arguments *a)
{
	struct str rest = str_of(a->criteria), one;
	while (a->n_criteria < RUBRIC_LINES_MAX && str_next_field(&rest, ',', &one))
		if (!read_points(one, &a->criteria_m[a->n_criteria++]))
			return false;
	return !rest.p;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	int code = parse_options(argc, argv, a);
	if (code || a->help)
		return code;
	a->attempt = optind < argc ? argv[optind++] : NULL;
	a->item = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("mark", "what is '%s'?", argv[optind]);
	if (a->agreement && a->attempt)
		return data_usage("mark", "--agreement is about all attempts");
	if (a->item ? !a->by || !a->points == !a->criteria : a->points || a->criteria || a->comment || a->decide)
		return data_usage("mark", "a mark needs an attempt, an item, --by, and either --points or --criteria");
	if (a->points && !read_points(str_of(a->points), &a->points_m))
		return data_usage("mark", "--points takes a number from 0 on, in steps of 0.001");
	if (a->criteria && !read_criteria(a))
		return data_usage("mark", "--criteria takes numbers from 0 on with commas between them, in steps of 0.001");
	return 0;
}

static bool run_mark(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	const struct marking m = {.attempt = a->attempt,
	                          .item = a->item,
	                          .marker = a->by,
	                          .comment = a->comment,
	                          .points_m = a->points_m,
	                          .criteria_m = a->criteria_m,
	                          .n_criteria = a->n_criteria,
	                          .decide = a->decide};
	struct marking_done done;
	if (!marking_give(pr, wr, &m, &done, err))
		return false;
	a->left = done.left;
	return true;
}

/* ---- Showing: texts come from candidates and from banks ---- */

static double number_of(const cJSON *o, const char *key)
{
	return cJSON_GetNumberValue(json_member(o, key));
}

static void print_item(const cJSON *o)
{
	const cJSON *mark = json_member(o, "mark"), *one;
	printf("\n== %g. ", number_of(o, "n"));
	data_print_text(json_text(o, "title"), NULL);
	printf("  (%s, %g points) ==\n\n", json_text(o, "item"), number_of(o, "max"));
	plain_print(json_text(o, "stem"), "");
	puts("\n-- rubric --");
	plain_print(json_text(o, "rubric"), "");
	puts("\n-- answer --");
	data_print_text(json_text(json_member(o, "response"), "text"), "");
	putchar('\n');
	if (cJSON_IsNumber(mark))
		printf("-- marked with %g --\n", mark->valuedouble);
	cJSON_ArrayForEach(one, json_member(o, "marks"))
	{
		printf("   %g by ", number_of(one, "points"));
		data_print_text(json_text(one, "by"), NULL);
		printf(" (%s)%s", json_text(one, "as"), *json_text(one, "comment") ? ": " : "");
		data_print_text(json_text(one, "comment"), "     ");
		putchar('\n');
	}
}

static void print_attempts(const cJSON *tree, bool whole)
{
	const cJSON *list = json_member(tree, "attempts"), *a, *o;
	bool more = cJSON_IsTrue(json_member(tree, "more"));
	if (cJSON_GetArraySize(list) == 0 && !more)
		puts("Nothing waits for marks.");
	cJSON_ArrayForEach(a, list)
	{
		int left = 0, all = 0;
		cJSON_ArrayForEach(o, json_member(a, "items"))
		{
			all++;
			left += cJSON_IsNull(json_member(o, "mark"));
			if (whole)
				print_item(o);
		}
		printf("%s%s  %-30s ended %s  %d of %d answer%s to mark\n", whole ? "\n" : "", json_text(a, "attempt"), json_text(a, "exam"),
		       json_text(a, "ended_at"), left, all, all == 1 ? "" : "s");
	}
	if (more)
		puts("More attempts wait than are looked at here, the oldest first: the others come as these are marked.");
}

static void print_kappa(const cJSON *line, const char *key)
{
	const cJSON *k = json_member(line, key);
	if (cJSON_IsNull(k))
		printf("  %-20s", "not defined");
	else if (cJSON_IsNull(json_member(k, "low")))
		printf("  %5.2f %-14s", number_of(k, "value"), "(no interval)");
	else
		printf("  %5.2f [%5.2f, %5.2f]", number_of(k, "value"), number_of(k, "low"), number_of(k, "high"));
}

static void print_agreement(const cJSON *tree)
{
	const cJSON *lines = json_member(tree, "lines"), *line;
	const char *exam = "";
	if (cJSON_GetArraySize(lines) == 0)
		puts("No attempt that two have marked has its result yet.");
	cJSON_ArrayForEach(line, lines)
	{
		const cJSON *pair = json_member(line, "markers");
		const char *item = json_text(line, "item");
		if (strcmp(exam, json_text(line, "exam")) != 0) {
			exam = json_text(line, "exam");
			printf("%s\n  %-44s %6s %7s  %-20s  %s\n", exam, "", "n", "alike", "kappa", "weighted");
		}
		_cleanup_free_ char *who =
		    cJSON_IsArray(pair) ? xasprintf("%s, %s", cJSON_GetArrayItem(pair, 0)->valuestring, cJSON_GetArrayItem(pair, 1)->valuestring)
		                        : xstrdup("all markers");
		_cleanup_free_ char *about = xasprintf("%s: %s", *item ? item : "all questions", who);
		printf("  %-44s %6g %6.0f%%", about, number_of(line, "n"), 100 * number_of(line, "observed"));
		print_kappa(line, "kappa");
		print_kappa(line, "weighted");
		putchar('\n');
	}
	if (cJSON_IsTrue(json_member(tree, "more")))
		printf("There is more: only the first %d lines are told.\n", cJSON_GetArraySize(lines));
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(256u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	struct store *st = proctor_writer_store(pr);
	if (!(a->agreement ? marking_agreement_json(pr, st, &out, err) : marking_list_for(pr, st, a->attempt, a->by, &out, err)) ||
	    !json_parse(buf_str(&out), &tree, err))
		return false;
	if (a->json)
		puts(out.p);
	else if (a->agreement)
		print_agreement(tree);
	else
		print_attempts(tree, a->attempt != NULL);
	return true;
}

static bool mark(struct proctor *pr, struct arguments *a, struct err *err)
{
	if (!data_sign(pr, run_mark, a, err))
		return false;
	if (a->left)
		printf("Marked. %d answer%s of this attempt wait%s.\n", a->left, a->left == 1 ? "" : "s", a->left == 1 ? "s" : "");
	else
		puts("Marked. That was the last one: the result is made and signed.");
	return true;
}

int cli_mark(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = data_open(a.data, false, &pr, &err) && (a.item ? mark(pr, &a, &err) : show(pr, &a, &err));
		code = ok ? 0 : data_fail("mark", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
