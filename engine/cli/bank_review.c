/* assay bank review: questions read blind in the terminal, and by programs with --json. The rules are proctor/author_blind.c's. */
#include "cli/bank_review.h"
#include "cli/bank.h"
#include "cli/cli.h"
#include "cli/plain.h"
#include "proctor/author.h"
#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: assay bank review DIR [ITEM] [--by NAME]\n"
    "       assay bank review DIR [ITEM] --json [--by NAME]\n"
    "       assay bank review DIR ITEM --json --answer JSON --seed N --text HASH [--by NAME]\n\n"
    "For the second reader: shows each question in review as candidates see it, without key, explanation and hints; takes your\n"
    "answer, puts it on record, and only then shows the key and whether you agree. Questions that you submitted or have answered\n"
    "are left out. With ITEM that one question, whatever its status. See docs/authors/review.md.\n\n"
    "Options:\n"
    "  --by NAME      who reads (default: git's user.name in DIR, or $USER)\n"
    "  --json         prints the next question as JSON instead: "
    "{\"question\":{\"item\",\"text\",\"seed\",\"view\"}|null,\"left\",\"done\"}\n"
    "  --answer JSON  with --json: the answer to it, in the shape of docs/openapi.yaml; null when you cannot tell\n"
    "  --seed N       the question's seed, as it was printed\n"
    "  --text HASH    the question's text, as it was printed\n\n"
    "Exit codes: 0 done, 1 refused, 2 usage, 3 could not look.\n";

/* ---- What both commands share ---- */

int review_parse(int argc, char **argv, struct review_arguments *ret)
{
	enum { BY = 256, REASON, DESPITE, ANSWER, SEED, TEXT, JSON, HELP };
	static const struct option options[] = {{"by", required_argument, NULL, BY},
	                                        {"reason", required_argument, NULL, REASON},
	                                        {"despite", required_argument, NULL, DESPITE},
	                                        {"answer", required_argument, NULL, ANSWER},
	                                        {"seed", required_argument, NULL, SEED},
	                                        {"text", required_argument, NULL, TEXT},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	const char **texts[] = {&ret->by, &ret->reason, &ret->despite, &ret->answer, &ret->seed, &ret->text};
	const char **names[] = {&ret->dir, &ret->item, &ret->status};
	const char *command = argv[0];
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			ret->help = true;
			return 0;
		}
		if (option == '?') {
			fprintf(stderr, "See assay bank %s --help.\n", command);
			return 2;
		}
		if (option == JSON)
			ret->json = true;
		else
			*texts[option - BY] = optarg;
	}
	int n = argc - optind;
	for (int i = 0; i < n && i < 3; i++)
		*names[i] = argv[optind + i];
	if (n >= 1 && n <= 3)
		return -1;
	fprintf(stderr, "assay bank %s: %s\nSee assay bank %s --help.\n", command, n ? "too many names" : "which folder?", command);
	return 2;
}

bool review_open(const struct review_arguments *a, struct author **ret, struct err *err)
{
	_cleanup_free_ char *by = NULL, *params = cli_beside("assay-params");
	if (!cli_author_name(a->by, a->dir, &by, err))
		return false;
	const struct author_config config = {.dir = a->dir, .data_dir = "/nonexistent", .params_program = params, .by = by};
	return author_open(&config, ret, err);
}

int review_fail(const char *command, const struct err *err)
{
	fprintf(stderr, "assay bank %s: %s\n", command, err->msg);
	return err->code == ERR_IO ? 3 : err_exit_code(err->code);
}

/* ---- Reading blind ---- */

/* What the server would say. */
typedef bool ask_fn(struct author *a, const cJSON *body, struct buf *out, struct err *err);

static bool ask(struct author *a, ask_fn *what, const cJSON *body, cJSON **ret, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(REVIEW_OUT_MAX);
	return what(a, body, &out, err) && json_parse(buf_str(&out), ret, err);
}

static void print_texts(const char *title, const cJSON *list, const char *member)
{
	const cJSON *c;
	if (!cJSON_GetArraySize(list))
		return;
	printf("%s\n", title);
	cJSON_ArrayForEach(c, list)
	{
		const char *text = member ? json_text(c, member) : cJSON_GetStringValue(c);
		plain_print(text ? text : "", "  ");
	}
}

/* The options that the key names, in the question's order. */
static void print_key(const cJSON *said)
{
	const cJSON *view = cJSON_GetObjectItemCaseSensitive(said, "view"), *feedback = cJSON_GetObjectItemCaseSensitive(said, "feedback"), *c,
	            *k;
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(feedback, "key");
	const cJSON *chosen = cJSON_GetObjectItemCaseSensitive(key, "choose");
	chosen = chosen ? chosen : cJSON_GetObjectItemCaseSensitive(key, "order");
	cJSON_ArrayForEach(k, chosen) cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(view, "options"))
	{
		if (cJSON_IsString(k) && strcmp(json_text(c, "id"), k->valuestring) == 0)
			plain_print(json_text(c, "html"), "  = ");
	}
	if (!chosen && cJSON_IsObject(key)) {
		_cleanup_buf_ struct buf text = BUF(1u << 20);
		json_print(key, &text);
		printf("  = %s\n", text.p);
	}
	print_texts("", cJSON_GetObjectItemCaseSensitive(feedback, "answers"), NULL);
	if (*json_text(feedback, "rubric")) {
		puts("Rubric:");
		plain_print(json_text(feedback, "rubric"), "  ");
	}
	if (*json_text(feedback, "explanation")) {
		puts("Why:");
		plain_print(json_text(feedback, "explanation"), "  ");
	}
}

/* Puts something more on record about the question that was just answered. */
static bool put(struct author *a, const cJSON *question, const char *did, const char *comment, const bool *agrees, struct err *err)
{
	_cleanup_json_ cJSON *body = json_object(), *said = NULL;
	json_set_str(body, "item", json_text(question, "item"));
	json_set_str(body, "text", json_text(question, "text"));
	json_set_str(body, "did", did);
	if (comment)
		json_set_str(body, "comment", comment);
	if (agrees)
		json_set_bool(body, "agrees", *agrees);
	return ask(a, author_review_record, body, &said, err);
}

/* False at the end of input, too: then *err is empty. */
static bool comment_on(struct author *a, const cJSON *question, const cJSON *agrees, struct err *err)
{
	if (cJSON_IsNull(agrees)) {
		printf("\nDoes your answer earn all points by the rubric, and is the question clear? (y/n) ");
		_cleanup_free_ char *line = review_line(stdin);
		bool yes = line && (*line == 'y' || *line == 'Y');
		if (!line || !put(a, question, "judged", NULL, &yes, err))
			return false;
	}
	printf("\nA comment for the author (Enter for none): ");
	_cleanup_free_ char *line = review_line(stdin);
	if (!line)
		return false;
	return !str_trim(str_of(line)).len || put(a, question, "commented", line, NULL, err);
}

/* One question. False at the end of input, too. */
static bool read_one(struct author *a, const cJSON *question, int left, struct err *err)
{
	_cleanup_json_ cJSON *body = json_object(), *said = NULL;
	cJSON *response = NULL;
	const cJSON *view = cJSON_GetObjectItemCaseSensitive(question, "view");
	printf("\n---- %d to go ----\n\n", left);
	if (!review_ask(view, stdin, &response))
		return false;
	json_set_str(body, "item", json_text(question, "item"));
	json_set_str(body, "text", json_text(question, "text"));
	json_set(body, "seed", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(question, "seed"), true));
	json_set(body, "response", response);
	if (!ask(a, author_review_answer, body, &said, err)) {
		if (err->code != ERR_RESPONSE)
			return false;
		printf("%s\n", err->msg); /* it comes again */
		*err = (struct err){0};
		return true;
	}
	const cJSON *agrees = cJSON_GetObjectItemCaseSensitive(said, "agrees");
	printf("\n%s (%s)\n",
	       cJSON_IsTrue(agrees)    ? "You agree with the key."
	       : cJSON_IsFalse(agrees) ? "You disagree with the key."
	                               : "Recorded.",
	       json_text(question, "item"));
	print_key(said);
	return comment_on(a, question, agrees, err);
}

static bool read_all(struct author *a, const char *item, struct err *err)
{
	for (;;) {
		_cleanup_json_ cJSON *body = json_object(), *said = NULL;
		if (item)
			json_set_str(body, "item", item);
		if (!ask(a, author_review_next, body, &said, err))
			return false;
		const cJSON *question = cJSON_GetObjectItemCaseSensitive(said, "question");
		int left = (int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(said, "left"));
		int tasks = (int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(said, "tasks"));
		if (cJSON_IsNull(question)) {
			printf("%s has read all that is in review.\n", json_text(said, "you"));
			if (tasks)
				printf("%d hands-on task%s in review: their proof is their second reader (assay task test).\n", tasks,
				       tasks == 1 ? " is" : "s are");
			return true;
		}
		if (!read_one(a, question, item ? 1 : left, err))
			return false;
		if (item)
			return true;
	}
}

/* ---- For programs ---- */

static bool answer_body(const struct review_arguments *o, cJSON *body, struct err *err)
{
	int64_t seed;
	cJSON *response;
	if (!o->item || !o->seed || !o->text)
		return err_set(err, ERR_USAGE, "an answer needs ITEM, --seed and --text, as they were printed");
	if (!str_to_i64(str_of(o->seed), 0, INT64_C(1) << 52, &seed))
		return err_set(err, ERR_USAGE, "--seed is a whole number");
	if (!json_parse(str_of(o->answer), &response, err))
		return err_prefix(err, "--answer");
	json_set_str(body, "text", o->text);
	json_set(body, "seed", cJSON_CreateNumber((double)seed));
	json_set(body, "response", response);
	return true;
}

static bool print_json(struct author *a, const struct review_arguments *o, struct err *err)
{
	_cleanup_json_ cJSON *body = json_object();
	_cleanup_buf_ struct buf out = BUF(REVIEW_OUT_MAX);
	if (o->item)
		json_set_str(body, "item", o->item);
	if (o->answer && !answer_body(o, body, err))
		return false;
	if (!(o->answer ? author_review_answer : author_review_next)(a, body, &out, err))
		return false;
	puts(out.p);
	return true;
}

int cli_bank_review(int argc, char **argv)
{
	struct review_arguments o = {0};
	struct author *author = NULL;
	struct err err = {0};
	int code = review_parse(argc, argv, &o);
	if (o.help)
		fputs(help, stdout);
	if (code >= 0)
		return code;
	if (o.status || o.reason || o.despite || (o.answer && !o.json)) {
		fputs("assay bank review: decisions are made with assay bank status\nSee assay bank review --help.\n", stderr);
		return 2;
	}
	bool ok = review_open(&o, &author, &err) && (o.json ? print_json(author, &o, &err) : read_all(author, o.item, &err));
	author_close(author);
	if (!ok && !err.code) { /* the input has ended */
		putchar('\n');
		return 0;
	}
	return ok ? 0 : review_fail("review", &err);
}
