/* The status of a question in its Markdown. See status_field.h. Fields are edited as a form does it: model.h. */
#include "bank/status_field.h"
#include "bank/model.h"
#include "base/mem.h"

static bool find_entry(const struct outline *o, const struct item *item, size_t *ret)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->list[i].id, item->id) == 0 || (item->task && o->alone)) {
			*ret = i;
			return true;
		}
	return false;
}

bool status_field_write(const struct workspace *w, const struct item *item, enum item_status status, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX), out = BUF(WORKSPACE_FILE_MAX);
	_cleanup_outline_ struct outline o = {0};
	_cleanup_json_ cJSON *model = json_object();
	char version[HASH_HEX_SIZE], written[HASH_HEX_SIZE];
	size_t index;
	if (item->status == status)
		return true;
	if (!workspace_read(w, item->file, &text, version, err))
		return false;
	if (!str_is_utf8(buf_str(&text), NULL))
		return err_set(err, ERR_INVALID, "%s is not a text in UTF-8", item->file);
	outline_read(item->file, buf_str(&text), &o);
	if (!find_entry(&o, item, &index))
		return err_set(err, ERR_CONFLICT, "%s does not hold the question any more: somebody else has changed it", item->file);
	json_set_str(model, "status", item_status_names[status]);
	return model_write(buf_str(&text), &o, index, item_kind_name(item->kind), model, &out, err) &&
	       workspace_write(w, item->file, buf_str(&out), version, written, err);
}
