/* assay bank status: how a bank's questions stand in review, and the decisions about them. The rules are proctor/author_review.c's. */
#include "bank/bank.h"
#include "bank/record.h"
#include "cli/bank.h"
#include "cli/bank_review.h"
#include "proctor/author.h"
#include <string.h>

static const char help[] =
    "Usage: assay bank status DIR [--json]\n"
    "       assay bank status DIR ITEM [--json]\n"
    "       assay bank status DIR ITEM STATUS [--by NAME] [--reason TEXT] [--despite TEXT] [--json]\n"
    "       assay bank status DIR ITEM --reason TEXT [--by NAME]\n\n"
    "Alone it says how many questions are in which status, and which wait for what: disagreements of blind readers first. With\n"
    "ITEM it shows what is on record. With STATUS it decides, and puts that on record with who, when and exactly which text:\n\n"
    "  review    submits it for review\n"
    "  approved  approves it; not by who submitted it. Over the answer of a blind reader who disagrees, only with --despite\n"
    "  draft     returns it to its author, with --reason\n"
    "  pretest   tries it out in exams, unscored\n"
    "  active    puts it into exams\n"
    "  retired   takes it out of all new exams, with --reason; its history stays\n\n"
    "--reason without a status is a comment. See docs/authors/review.md.\n\n"
    "Options:\n"
    "  --by NAME       who decides (default: git's user.name in DIR, or $USER)\n"
    "  --reason TEXT   why\n"
    "  --despite TEXT  why the key is right although a reader answered otherwise\n"
    "  --json          as JSON\n\n"
    "Exit codes: 0 done, 1 refused, 2 usage, 3 could not look.\n";

static bool of_number(const cJSON *o, const char *name, int *ret)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(o, name);
	*ret = cJSON_IsNumber(n) ? n->valueint : 0;
	return *ret > 0;
}

/* ---- The overview ---- */

struct line {
	const cJSON *item, *review;
	int rank; /* disagreements, then what has changed since it was approved, then what waits */
};

static int rank_of(const cJSON *item, const cJSON *review)
{
	int disagrees, approvals, needed;
	const char *status = json_text(item, "status");
	if (of_number(review, "disagrees", &disagrees))
		return 0;
	(void)of_number(review, "approvals", &approvals);
	(void)of_number(review, "needed", &needed);
	bool drawn = !strcmp(status, "active") || !strcmp(status, "pretest") || !strcmp(status, "approved");
	if (drawn && approvals < needed)
		return 1;
	return !strcmp(status, "review") ? 2 : !strcmp(status, "approved") ? 3 : 4;
}

static int by_rank(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;
	int c = a->rank - b->rank;
	return c ? c : strcmp(json_text(a->item, "id"), json_text(b->item, "id"));
}

static void print_line(const struct line *l)
{
	int approvals, needed, readers, disagrees;
	(void)of_number(l->review, "approvals", &approvals);
	(void)of_number(l->review, "needed", &needed);
	(void)of_number(l->review, "readers", &readers);
	printf("%-32s %-9s %d of %d approvals, %d blind reader%s", json_text(l->item, "id"), json_text(l->item, "status"), approvals, needed,
	       readers, readers == 1 ? "" : "s");
	if (of_number(l->review, "disagrees", &disagrees))
		printf(", %d DISAGREE%s", disagrees, disagrees == 1 ? "S" : "");
	puts(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(l->review, "stale")) ? ", changed since it was approved" : "");
}

static void count_status(const cJSON *item, int counts[ITEM_STATUSES])
{
	for (int i = 0; i < ITEM_STATUSES; i++)
		counts[i] += strcmp(json_text(item, "status"), item_status_names[i]) == 0;
}

static void print_overview(const cJSON *tree)
{
	static const enum item_status order[] = {ITEM_DRAFT, ITEM_REVIEW, ITEM_APPROVED, ITEM_PRETEST, ITEM_ACTIVE, ITEM_RETIRED};
	int counts[ITEM_STATUSES] = {0};
	struct line *lines = NULL;
	size_t n = 0, cap = 0;
	const cJSON *f, *it;
	cJSON_ArrayForEach(f, cJSON_GetObjectItemCaseSensitive(tree, "files"))
	    cJSON_ArrayForEach(it, cJSON_GetObjectItemCaseSensitive(f, "items"))
	{
		const cJSON *review = cJSON_GetObjectItemCaseSensitive(it, "review");
		count_status(it, counts);
		lines = xgrow(lines, n, &cap, sizeof *lines);
		lines[n] = (struct line){it, review, rank_of(it, review)};
		n += cJSON_IsObject(review) && lines[n].rank < 4;
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (counts[order[i]])
			printf("%-9s %5d\n", item_status_names[order[i]], counts[order[i]]);
	if (n) {
		qsort(lines, n, sizeof *lines, by_rank);
		putchar('\n');
	}
	for (size_t i = 0; i < n; i++)
		print_line(&lines[i]);
	free(lines);
}

/* The tree's part that is about review. */
static void print_overview_json(const cJSON *tree)
{
	static const char *const members[] = {"id", "title", "kind", "status", "ok", "review"};
	_cleanup_json_ cJSON *out = json_object();
	_cleanup_buf_ struct buf text = BUF(REVIEW_OUT_MAX);
	cJSON *items = json_array();
	const cJSON *f, *it;
	cJSON_ArrayForEach(f, cJSON_GetObjectItemCaseSensitive(tree, "files"))
	    cJSON_ArrayForEach(it, cJSON_GetObjectItemCaseSensitive(f, "items"))
	{
		cJSON *one = json_object();
		for (size_t i = 0; i < ARRAY_SIZE(members); i++)
			json_set(one, members[i], cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(it, members[i]), true));
		json_set_str(one, "path", json_text(f, "path"));
		json_add(items, one);
	}
	json_set(out, "review", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(tree, "review"), true));
	json_set(out, "items", items);
	json_print(out, &text);
	puts(text.p);
}

static bool overview(struct author *a, bool json, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(REVIEW_OUT_MAX);
	_cleanup_json_ cJSON *tree = NULL;
	if (!author_show_json(a, &out, err) || !json_parse(buf_str(&out), &tree, err))
		return false;
	if (json)
		print_overview_json(tree);
	else
		print_overview(tree);
	return true;
}

/* ---- One question ---- */

/* What others wrote, without what a terminal would obey. */
static void print_text(const char *before, const char *text)
{
	if (!*text)
		return;
	printf("%s", before);
	for (const char *p = text; *p; p++) {
		bool control = (*p == '\xc2' && (unsigned char)p[1] < 0xa0) || ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t') || *p == 0x7f;
		p += control && *p == '\xc2';
		putchar(control ? '?' : *p == '\n' || *p == '\t' ? ' ' : *p);
	}
	putchar('\n');
}

static void print_record(const cJSON *said)
{
	const cJSON *e, *review = cJSON_GetObjectItemCaseSensitive(said, "review");
	_cleanup_json_ cJSON *item = json_object();
	json_set_str(item, "id", json_text(said, "item"));
	json_set_str(item, "status", json_text(said, "status"));
	print_line(&(struct line){.item = item, .review = review});
	cJSON_ArrayForEach(e, cJSON_GetObjectItemCaseSensitive(said, "entries"))
	{
		const cJSON *agrees = cJSON_GetObjectItemCaseSensitive(e, "agrees");
		bool current = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(e, "current"));
		printf("%s  %s  %s%s%s\n", json_text(e, "at"), json_text(e, "by"), json_text(e, "did"),
		       cJSON_IsTrue(agrees)    ? ", agrees"
		       : cJSON_IsFalse(agrees) ? ", disagrees"
		                               : "",
		       current ? "" : "  (an earlier text)");
		print_text("    answer:  ", json_text(e, "response"));
		print_text("    comment: ", json_text(e, "comment"));
		print_text("    despite: ", json_text(e, "despite"));
	}
}

static bool show(const struct review_arguments *o, const struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *said = NULL;
	if (!json_parse(buf_str(out), &said, err))
		return false;
	if (o->json)
		puts(out->p);
	else
		print_record(said);
	return true;
}

static const char *did_of(const char *status)
{
	static const struct {
		const char *status;
		enum record_did did;
	} decisions[] = {{"review", DID_SUBMITTED},  {"approved", DID_APPROVED}, {"draft", DID_RETURNED},
	                 {"pretest", DID_PRETESTED}, {"active", DID_ACTIVATED},  {"retired", DID_RETIRED}};
	if (!status)
		return record_did_names[DID_COMMENTED];
	for (size_t i = 0; i < ARRAY_SIZE(decisions); i++)
		if (strcmp(decisions[i].status, status) == 0)
			return record_did_names[decisions[i].did];
	return NULL;
}

/* About the text that is there now. */
static bool decide(struct author *a, const struct review_arguments *o, struct err *err)
{
	_cleanup_buf_ struct buf now = BUF(REVIEW_OUT_MAX), out = BUF(REVIEW_OUT_MAX);
	_cleanup_json_ cJSON *said = NULL, *body = json_object();
	const char *did = did_of(o->status);
	if (!did)
		return err_set(err, ERR_USAGE, "'%s' is not a status: draft, review, approved, pretest, active or retired", o->status);
	if (!author_review_json(a, o->item, &now, err) || !json_parse(buf_str(&now), &said, err))
		return false;
	json_set_str(body, "item", o->item);
	json_set_str(body, "text", json_text(cJSON_GetObjectItemCaseSensitive(said, "review"), "text"));
	json_set_str(body, "did", did);
	json_set_str(body, "comment", o->reason);
	json_set_str(body, "despite", o->despite);
	return author_review_record(a, body, &out, err) && show(o, &out, err);
}

static bool record(struct author *a, const struct review_arguments *o, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(REVIEW_OUT_MAX);
	return author_review_json(a, o->item, &out, err) && show(o, &out, err);
}

int cli_bank_status(int argc, char **argv)
{
	struct review_arguments o = {0};
	struct author *author = NULL;
	struct err err = {0};
	int code = review_parse(argc, argv, &o);
	if (o.help)
		fputs(help, stdout);
	if (code >= 0)
		return code;
	if (o.answer || o.seed || o.text || ((o.reason || o.despite) && !o.item)) {
		fputs("assay bank status: the options are not right\nSee assay bank status --help.\n", stderr);
		return 2;
	}
	bool ok = review_open(&o, &author, &err) && (!o.item                ? overview(author, o.json, &err)
	                                             : o.status || o.reason ? decide(author, &o, &err)
	                                                                    : record(author, &o, &err));
	author_close(author);
	return ok ? 0 : review_fail("status", &err);
}
