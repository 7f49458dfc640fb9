/* assay mark: answers that people mark. */
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <math.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay mark [--json]\n"
    "       assay mark ATTEMPT [--json]\n"
    "       assay mark ATTEMPT ITEM --points POINTS --by NAME [--comment TEXT]\n\n"
    "Marks essays, and answers at which a pattern ran into its limits. Alone it lists the attempts that wait for marks; with an\n"
    "attempt it shows what is to mark, each with its question, rubric (or the answers that are accepted) and answer; with an item\n"
    "(its id or its number on the form) it gives the mark. The candidate is not named.\n\n"
    "When the last answer of an attempt is marked, its result is made and signed. Marking again makes a new result, which names\n"
    "the one before it.\n\n"
    "Options:\n"
    "  --points POINTS   from 0 to what the question is worth, in steps of 0.001\n"
    "  --by NAME         who marks\n"
    "  --comment TEXT    kept with the mark\n"
    "  --json            as JSON\n"
    "  --data DIR        the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *attempt, *item, *by, *comment, *points;
	int64_t points_m;
	int left;
	bool json, help;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, POINTS, BY, COMMENT, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"points", required_argument, NULL, POINTS},
	                                        {"by", required_argument, NULL, BY},
	                                        {"comment", required_argument, NULL, COMMENT},
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
		case BY:
			a->by = optarg;
			break;
		case COMMENT:
			a->comment = optarg;
			break;
		case JSON:
			a->json = true;
			break;
		case HELP:
			a->help = true;
			return 0;
		default:
			return data_usage("mark", "the options are not right");
		}
	}
	a->attempt = optind < argc ? argv[optind++] : NULL;
	a->item = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("mark", "what is '%s'?", argv[optind]);
	double points;
	if (a->item && (!a->points || !a->by))
		return data_usage("mark", "a mark needs --points and --by");
	if (a->item && (!str_to_double(str_of(a->points), &points) || points < 0 || points > 1e6))
		return data_usage("mark", "--points takes a number from 0 on");
	if (a->item && fabs(points * 1000 - round(points * 1000)) > 1e-6)
		return data_usage("mark", "--points takes steps of 0.001");
	if (a->item)
		a->points_m = llround(points * 1000);
	return 0;
}

static bool run_mark(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	return marking_put(pr, wr, a->attempt, a->item, a->points_m, a->by, a->comment, &a->left, err);
}

/* ---- Showing ---- */

/* HTML of our own making as plain text: without tags, with the five entities. */
static void print_plain(const char *html)
{
	static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
	while (*html) {
		if (*html == '<') {
			bool line = strncmp(html, "</p>", 4) == 0 || strncmp(html, "</tr>", 5) == 0 || strncmp(html, "</li>", 5) == 0;
			html += strcspn(html, ">");
			html += *html == '>';
			if (line)
				putchar('\n');
			else if (strncmp(html, "<td", 3) == 0)
				fputs(" | ", stdout);
			continue;
		}
		size_t i = 0;
		while (*html == '&' && i < ARRAY_SIZE(entities) && strncmp(html, entities[i][0], strlen(entities[i][0])) != 0)
			i++;
		if (*html == '&' && i < ARRAY_SIZE(entities)) {
			fputs(entities[i][1], stdout);
			html += strlen(entities[i][0]);
		} else {
			putchar(*html++);
		}
	}
}

static void print_item(const cJSON *o)
{
	const cJSON *mark = cJSON_GetObjectItemCaseSensitive(o, "mark");
	printf("\n== %g. %s  (%s, %g points) ==\n\n", cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "n")), json_text(o, "title"),
	       json_text(o, "item"), cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "max")));
	print_plain(json_text(o, "stem"));
	puts("\n-- rubric --");
	print_plain(json_text(o, "rubric"));
	puts("\n-- answer --");
	puts(json_text(cJSON_GetObjectItemCaseSensitive(o, "response"), "text"));
	if (cJSON_IsNumber(mark))
		printf("-- marked with %g --\n", mark->valuedouble);
}

static void print_attempts(const cJSON *list, bool whole)
{
	const cJSON *a, *o;
	if (cJSON_GetArraySize(list) == 0)
		puts("Nothing waits for marks.");
	cJSON_ArrayForEach(a, list)
	{
		int left = 0, all = 0;
		cJSON_ArrayForEach(o, cJSON_GetObjectItemCaseSensitive(a, "items"))
		{
			all++;
			left += cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(o, "mark"));
			if (whole)
				print_item(o);
		}
		printf("%s%s  %-30s ended %s  %d of %d answer%s to mark\n", whole ? "\n" : "", json_text(a, "attempt"), json_text(a, "exam"),
		       json_text(a, "ended_at"), left, all, all == 1 ? "" : "s");
	}
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(256u << 20);
	_cleanup_json_ cJSON *tree = NULL;
	if (!marking_list_json(pr, proctor_writer_store(pr), a->attempt, &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (a->json)
		puts(out.p);
	else
		print_attempts(cJSON_GetObjectItemCaseSensitive(tree, "attempts"), a->attempt != NULL);
	return true;
}

static bool mark(struct proctor *pr, struct arguments *a, struct err *err)
{
	if (!data_sign(pr, run_mark, a, err))
		return false;
	if (a->left)
		printf("Marked. %d more of this attempt wait.\n", a->left);
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
