/* assay bank diff, rename: what changed for candidates between two banks, and other ids for the parts of one. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "bank/rename.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/bank.h"
#include <stdio.h>
#include <sys/stat.h>

#define VERSION_MAX (512u << 20)
#define OUTPUT_MAX (64u << 20)

static const char diff_help[] = "assay bank diff - what changed for candidates\n"
                                "\n"
                                "Usage: assay bank diff [--json] OLD NEW\n"
                                "\n"
                                "OLD and NEW are folders of banks, or compiled versions. Says which questions, exams,\n"
                                "cases and pages came, went or changed, and what of them: a key, the options, a text,\n"
                                "the points. Where a question stands, and how it is written, makes no difference.\n"
                                "Questions with errors are on no exam, and count as gone.\n"
                                "\n"
                                "  --json   one object: {\"changes\":[{\"what\",\"id\",\"change\",\"fields\"}]}\n"
                                "\n"
                                "Exit codes: 0 nothing changed, 1 something did, 2 usage, 3 could not look.\n";

static const char rename_help[] = "assay bank rename - another id, everywhere\n"
                                  "\n"
                                  "Usage: assay bank rename DIR FROM TO\n"
                                  "\n"
                                  "FROM is the id of a question, task, case, exam or domain (case:shop where several\n"
                                  "things have one id), or DOMAIN.OBJECTIVE; TO is the new one. What refers to it follows:\n"
                                  "families, cases, exams, objectives, and the name of a file that is named after it.\n"
                                  "Attempts and results that exist keep the old id. FROM and TO may also be paths of files.\n"
                                  "\n"
                                  "Prints the files that changed. A task must be proved again.\n";

/* ---- A version as a tree ---- */

static bool read_version(const char *path, cJSON **ret, struct err *err)
{
	struct stat st;
	_cleanup_buf_ struct buf bytes = BUF(VERSION_MAX);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && !str_ends(str_of(path), ".md")) {
		struct bank *bank; /* decoded first: what it lets pass is a version */
		if (!file_read(path, VERSION_MAX, &bytes, err) || !bank_decode(buf_str(&bytes), &bank, err))
			return err_prefix(err, "%s", path);
		bank_destroy(bank);
	} else {
		struct diags diags = {0};
		struct bank *bank = NULL;
		bool ok = bank_load_unreviewed(path, &diags, &bank, err);
		if (ok && diags.n_errors)
			fprintf(stderr, "assay bank diff: %s has %zu errors; see assay bank check\n", path, diags.n_errors);
		diags_finish(&diags);
		if (!ok)
			return false;
		bank_encode(bank, &bytes);
		bank_destroy(bank);
	}
	return buf_check(&bytes, path, err) && json_parse(buf_str(&bytes), ret, err);
}

/* ---- Comparing ---- */

struct diff {
	cJSON *changes;
};

static void add_change(struct diff *d, const char *what, const char *id, const char *change, cJSON *fields)
{
	cJSON *entry = json_object();
	json_set_str(entry, "what", what);
	json_set_str(entry, "id", id);
	json_set_str(entry, "change", change);
	json_set(entry, "fields", fields ? fields : json_array());
	json_add(d->changes, entry);
}

static const cJSON *find_id(const cJSON *list, const char *id)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, list)
	{
		const cJSON *own = cJSON_GetObjectItemCaseSensitive(c, "id");
		if (cJSON_IsString(own) && strcmp(own->valuestring, id) == 0)
			return c;
	}
	return NULL;
}

/* Which of the options that both have are keys in one and not in the other. */
static bool keys_differ(const cJSON *a, const cJSON *b)
{
	const cJSON *x, *y;
	cJSON_ArrayForEach(x, a)
	{
		cJSON_ArrayForEach(y, b)
		{
			bool same = cJSON_Compare(cJSON_GetObjectItemCaseSensitive(x, "html"), cJSON_GetObjectItemCaseSensitive(y, "html"), true);
			if (same &&
			    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(x, "key")) != cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(y, "key")))
				return true;
		}
	}
	return false;
}

static bool is_seen(const char *name)
{
	return strcmp(name, "file") != 0 && strcmp(name, "place") != 0;
}

/* A key first: it matters most. */
static cJSON *changed_fields(const cJSON *a, const cJSON *b)
{
	cJSON *fields = json_array();
	const cJSON *c;
	const cJSON *old = cJSON_GetObjectItemCaseSensitive(a, "options"), *new = cJSON_GetObjectItemCaseSensitive(b, "options");
	if (old && new &&keys_differ(old, new))
		json_add_str(fields, "key");
	cJSON_ArrayForEach(c, a) if (is_seen(c->string) && !cJSON_Compare(c, cJSON_GetObjectItemCaseSensitive(b, c->string), true))
	    json_add_str(fields, c->string);
	cJSON_ArrayForEach(c, b) if (is_seen(c->string) && !cJSON_GetObjectItemCaseSensitive(a, c->string)) json_add_str(fields, c->string);
	if (cJSON_GetArraySize(fields))
		return fields;
	cJSON_Delete(fields);
	return NULL;
}

/* Domains stand in their author's order; there are few. */
static void compare_domains(struct diff *d, const cJSON *a, const cJSON *b)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, a)
	{
		const char *id = cJSON_GetObjectItemCaseSensitive(c, "id")->valuestring;
		const cJSON *other = find_id(b, id);
		cJSON *fields = other ? changed_fields(c, other) : NULL;
		if (!other || fields)
			add_change(d, "domain", id, other ? "changed" : "removed", fields);
	}
	cJSON_ArrayForEach(c, b)
	{
		const char *id = cJSON_GetObjectItemCaseSensitive(c, "id")->valuestring;
		if (!find_id(a, id))
			add_change(d, "domain", id, "added", NULL);
	}
}

/* Both lists are sorted by id in a compiled version; so one walk does. */
static void compare_lists(struct diff *d, const char *what, const cJSON *a, const cJSON *b)
{
	const cJSON *x = a ? a->child : NULL, *y = b ? b->child : NULL;
	while (x || y) {
		const cJSON *xid = cJSON_GetObjectItemCaseSensitive(x, "id"), *yid = cJSON_GetObjectItemCaseSensitive(y, "id");
		int c = !x ? 1 : !y ? -1 : strcmp(xid->valuestring, yid->valuestring);
		cJSON *fields = c == 0 ? changed_fields(x, y) : NULL;
		if (c < 0)
			add_change(d, what, xid->valuestring, "removed", NULL);
		else if (c > 0)
			add_change(d, what, yid->valuestring, "added", NULL);
		else if (fields)
			add_change(d, what, xid->valuestring, "changed", fields);
		x = c <= 0 ? x->next : x;
		y = c >= 0 ? y->next : y;
	}
}

static void compare(struct diff *d, const cJSON *a, const cJSON *b)
{
	static const char *const lists[][2] = {{"items", "question"}, {"exams", "exam"}, {"cases", "case"}, {"docs", "page"}};
	cJSON *fields = json_array();
	const cJSON *c;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		compare_lists(d, lists[i][1], cJSON_GetObjectItemCaseSensitive(a, lists[i][0]), cJSON_GetObjectItemCaseSensitive(b, lists[i][0]));
	compare_domains(d, cJSON_GetObjectItemCaseSensitive(a, "domains"), cJSON_GetObjectItemCaseSensitive(b, "domains"));
	cJSON_ArrayForEach(c, b) if (!cJSON_IsArray(c) && !cJSON_Compare(c, cJSON_GetObjectItemCaseSensitive(a, c->string), true))
	    json_add_str(fields, c->string);
	if (cJSON_GetArraySize(fields)) {
		const cJSON *id = cJSON_GetObjectItemCaseSensitive(b, "id");
		add_change(d, "bank", cJSON_IsString(id) ? id->valuestring : "", "changed", fields);
	} else {
		cJSON_Delete(fields);
	}
}

static void print(const cJSON *changes, bool json)
{
	_cleanup_buf_ struct buf out = BUF(OUTPUT_MAX);
	const cJSON *c, *f;
	if (json) {
		buf_adds(&out, "{\"changes\":");
		json_print(changes, &out);
		buf_adds(&out, "}\n");
	}
	for (c = json ? NULL : changes->child; c; c = c->next) {
		const char *change = cJSON_GetObjectItemCaseSensitive(c, "change")->valuestring;
		buf_addf(&out, "%c %s %s",
		         change[0] == 'a'   ? '+'
		         : change[0] == 'r' ? '-'
		                            : '~',
		         cJSON_GetObjectItemCaseSensitive(c, "what")->valuestring, cJSON_GetObjectItemCaseSensitive(c, "id")->valuestring);
		const char *before = ": ";
		cJSON_ArrayForEach(f, cJSON_GetObjectItemCaseSensitive(c, "fields"))
		{
			buf_addf(&out, "%s%s", before, f->valuestring);
			before = ", ";
		}
		buf_addc(&out, '\n');
	}
	fwrite(buf_str(&out).p, 1, out.len, stdout);
}

int cli_bank_diff(int argc, char **argv)
{
	const char *paths[2] = {NULL, NULL};
	bool json = false;
	size_t n = 0;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			fputs(diff_help, stdout);
			return 0;
		}
		if (!strcmp(argv[i], "--json")) {
			json = true;
		} else if (argv[i][0] == '-' || n == 2) {
			fprintf(stderr, "assay bank diff: what is '%s'? See assay bank diff --help\n", argv[i]);
			return 2;
		} else {
			paths[n++] = argv[i];
		}
	}
	if (n != 2) {
		fputs("assay bank diff: which two banks? See assay bank diff --help\n", stderr);
		return 2;
	}
	struct err err;
	_cleanup_json_ cJSON *a = NULL, *b = NULL, *changes = json_array();
	if (!read_version(paths[0], &a, &err) || !read_version(paths[1], &b, &err)) {
		fprintf(stderr, "assay bank diff: %s\n", err.msg);
		return 3;
	}
	struct diff d = {changes};
	compare(&d, a, b);
	print(changes, json);
	return cJSON_GetArraySize(changes) ? 1 : 0;
}

/* ---- rename ---- */

int cli_bank_rename(int argc, char **argv)
{
	struct err err;
	struct workspace *w = NULL;
	char **paths;
	size_t n;
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(rename_help, stdout);
		return 0;
	}
	if (argc != 4) {
		fputs("assay bank rename: it takes a folder, an id and a new id; see assay bank rename --help\n", stderr);
		return 2;
	}
	bool ok = workspace_open(argv[1], "", &w, &err) && bank_rename(w, argv[2], argv[3], &paths, &n, &err);
	workspace_close(w);
	if (!ok) {
		fprintf(stderr, "assay bank rename: %s\n", err.msg);
		return err.code == ERR_IO ? 3 : 1;
	}
	for (size_t i = 0; i < n; i++) {
		puts(paths[i]);
		free(paths[i]);
	}
	free(paths);
	return 0;
}
