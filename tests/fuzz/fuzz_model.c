/* Questions as forms: the first byte says of what kind the question is known to be, then comes the file's text, and behind a record
 * separator (0x1e) what a form sends. A form that changes nothing leaves each byte as it is; what another one writes can be read again. */
#include "bank/bank.h"
#include "bank/model.h"
#include <stdlib.h>

#define TEXT_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_same(struct str text, const struct outline *o, size_t index, const char *kind)
{
	_cleanup_json_ cJSON *model = model_read(text, o, index, kind);
	_cleanup_buf_ struct buf out = BUF(TEXT_MAX), json = BUF(16 * TEXT_MAX);
	struct err err;
	json_print(model, &json);
	require(!json.overflow && str_is_utf8(buf_str(&json), NULL));
	require(model_write(text, o, index, kind, model, &out, &err) && str_eq(buf_str(&out), text));
}

static void check_written(struct str text, const struct outline *o, size_t index, const char *kind, const cJSON *model)
{
	_cleanup_buf_ struct buf out = BUF(TEXT_MAX);
	_cleanup_outline_ struct outline after = {0};
	struct err err = {0};
	if (!model_write(text, o, index, kind, model, &out, &err)) {
		require(err.msg[0]);
		return;
	}
	require(str_is_utf8(buf_str(&out), NULL));
	outline_read("questions/a.md", buf_str(&out), &after);
	for (size_t i = 0; i < after.n; i++)
		check_same(buf_str(&out), &after, i, kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const char *kind = data[0] % 16 ? item_kind_name((enum item_kind)(data[0] % 16 % ITEM_KINDS)) : NULL;
	struct str all = {(const char *)data + 1, size - 1}, text = all, form = {0};
	const char *mark = memchr(all.p, 0x1e, all.len);
	if (mark) {
		text.len = (size_t)(mark - all.p);
		form = str_sub(all, text.len + 1, all.len);
	}
	_cleanup_outline_ struct outline o = {0};
	_cleanup_json_ cJSON *model = NULL;
	struct err err;
	if (!str_is_utf8(text, NULL) || memchr(text.p, 0, text.len) || text.len > TEXT_MAX / 4)
		return 0; /* a text comes as JSON, too: it has no NUL */
	bool sent = form.p && json_parse(form, &model, &err) && cJSON_IsObject(model);
	outline_read("questions/a.md", text, &o);
	for (size_t i = 0; i < o.n && i < 8; i++) {
		check_same(text, &o, i, kind);
		if (sent)
			check_written(text, &o, i, kind, model);
	}
	return 0;
}
