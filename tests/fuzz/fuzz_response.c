/* Responses: the first byte picks an item (one of each kind, see unit/exam/kit.h), the rest is the body that a candidate sends.
 *
 * What passes response_check() must come back from its stored bytes unchanged, and be marked within bounds, the same from both, and right
 * by one rule exactly when it is right by all. */
#include "../unit/exam/kit.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_mark(const struct form_item *fi, const cJSON *response, const cJSON *stored)
{
	static const enum partial_rule rules[] = {PARTIAL_NONE, PARTIAL_PER_OPTION, PARTIAL_NET_CORRECT, PARTIAL_COVERAGE};
	struct mark first = {0};
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct mark m, again;
		mark_item(fi, response, rules[i], 0.25, &m);
		mark_item(fi, stored, rules[i], 0.25, &again);
		require(m.outcome == again.outcome && m.points_m == again.points_m && m.reason_html == again.reason_html);
		require(m.max_m == 1000 && m.points_m >= -250 && m.points_m <= 1000);
		require((m.outcome == MARK_RIGHT) == (m.points_m == 1000));
		require((m.outcome == MARK_WRONG) == (m.points_m == -250));
		if (i == 0)
			first = m;
		require((first.outcome == MARK_RIGHT) == (m.outcome == MARK_RIGHT) &&
		        (first.outcome == MARK_UNANSWERED) == (m.outcome == MARK_UNANSWERED));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct form form = kit_item(&kit_bank()->items[data[0] % kit_bank()->n_items]);
	_cleanup_json_ cJSON *response = NULL, *stored = NULL;
	_cleanup_buf_ struct buf bytes = BUF(1 << 20), again = BUF(1 << 20);
	struct err err = {0};
	if (json_parse((struct str){(const char *)data + 1, size - 1}, &response, &err) && response_check(&form.items[0], response, &err)) {
		response_encode(response, &bytes);
		require(!bytes.overflow && json_parse(buf_str(&bytes), &stored, &err) && response_check(&form.items[0], stored, &err));
		response_encode(stored, &again);
		require(str_eq(buf_str(&bytes), buf_str(&again)));
		check_mark(&form.items[0], response, stored);
	} else {
		require(err.msg[0] && (err.code == ERR_INVALID || err.code == ERR_RESPONSE));
	}
	kit_item_finish(&form);
	return 0;
}
