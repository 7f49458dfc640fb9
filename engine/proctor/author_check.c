/* A bank as it would be with an unsaved text: loaded whole, checked as `assay bank check` does. See author.h. */
#include "exam/exam.h"
#include "proctor/author_internal.h"

bool author_load(const struct author *a, const struct bank_draft *draft, struct author_bank *ret, struct err *err)
{
	static const struct bank_draft none = {0};
	struct author_bank b = {0};
	const char *dir = workspace_dir(a->workspace);
	if (!draft)
		draft = &none;
	if (!bank_load_draft(dir, draft, &b.diags, &b.bank, err)) {
		author_bank_finish(&b);
		return false;
	}
	bank_look_for_commands(b.bank);
	draw_check(b.bank, &b.diags);
	bank_lint(b.bank, &b.diags);
	diags_sort(&b.diags);
	bank_place_draft(dir, draft, &b.diags);
	*ret = b;
	return true;
}

void author_bank_finish(struct author_bank *b)
{
	bank_destroy(b->bank);
	b->bank = NULL;
	diags_finish(&b->diags);
}

bool author_draft(const cJSON *body, struct bank_draft *ret, struct err *err)
{
	const char *path, *text;
	if (!json_get_str(body, "", "path", WORKSPACE_PATH_MAX, &path, err) ||
	    !json_get_str(body, "", "text", WORKSPACE_FILE_MAX, &text, err) || !workspace_check_path(path, err))
		return false;
	*ret = (struct bank_draft){path, str_of(text)};
	return true;
}

bool author_text(const struct author *a, const struct bank_draft *draft, const char *path, struct buf *out, struct err *err)
{
	if (draft && draft->path && strcmp(draft->path, path) == 0) {
		buf_addv(out, draft->text);
		return buf_check(out, path, err);
	}
	if (!workspace_read(a->workspace, path, out, NULL, err))
		return false;
	return str_is_utf8(buf_str(out), NULL) ? true : err_set(err, ERR_UNSUPPORTED, "%.300s is not a text in UTF-8", path);
}

bool author_check(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", NULL};
	struct bank_draft draft;
	_cleanup_author_bank_ struct author_bank b = {0};
	if (!json_only_keys(body, "", keys, err) || !author_draft(body, &draft, err) || !author_load(a, &draft, &b, err))
		return false;
	_cleanup_json_ cJSON *json = json_object();
	json_set(json, "items", author_items(a, b.bank, &draft));
	author_set_problems(a, &draft, &b.diags, draft.path, json);
	json_print(json, out);
	return buf_check(out, "the problems", err);
}
