/* What a candidate is told of a corrected result: which questions are scored otherwise, why, and what the result was before. See
 * correction.h. It says no more than the exam reports: without questions only their numbers on the form, without numbers no score. */
#include "proctor/correction.h"

#define RESULTS_BACK_MAX 200

static bool same_corrections(const cJSON *a, const cJSON *b)
{
	const cJSON *x = json_member(a, "corrections"), *y = json_member(b, "corrections");
	return x && y && cJSON_Compare(x, y, true);
}

static double points_of(const cJSON *doc, const char *id)
{
	const cJSON *o;
	cJSON_ArrayForEach(o, json_member(doc, "items"))
	{
		if (strcmp(json_text(o, "id"), id) == 0)
			return cJSON_GetNumberValue(json_member(o, "points_m")) / 1000;
	}
	return 0;
}

static cJSON *items_json(const cJSON *doc, const cJSON *before, bool items)
{
	static const char *const keys[] = {"number", "how", "reason", "at"};
	cJSON *list = json_array();
	const cJSON *c;
	cJSON_ArrayForEach(c, json_member(doc, "corrections"))
	{
		cJSON *o = json_object();
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			json_set(o, keys[i], cJSON_Duplicate(json_member(c, keys[i]), true));
		const char *id = json_text(c, "item");
		json_set_str(o, "item", items ? id : NULL);
		json_set(o, "points_before", items && before ? cJSON_CreateNumber(points_of(before, id)) : cJSON_CreateNull());
		json_set(o, "points", items ? cJSON_CreateNumber(points_of(doc, id)) : cJSON_CreateNull());
		json_add(list, o);
	}
	return list;
}

static cJSON *before_json(const struct view *v, const cJSON *before)
{
	cJSON *o = json_object();
	json_set(o, "verdict", cJSON_Duplicate(json_member(before, "verdict"), true));
	json_set(o, "score", report_numbers(&v->row, v->fe->bp) ? result_score_api(before) : cJSON_CreateNull());
	return o;
}

/* The newest result with other corrections: the one that these have changed. *ret NULL: it had them from the start. */
static bool find_before(struct store *rd, int64_t attempt, const cJSON *doc, int n, cJSON **ret, struct err *err)
{
	for (int i = n - 1; i > 0 && i > n - RESULTS_BACK_MAX; i--) {
		_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX);
		cJSON *earlier = NULL;
		if (!store_result_body(rd, attempt, i, &body, err) || !json_parse(buf_str(&body), &earlier, err))
			return false;
		if (!same_corrections(doc, earlier)) {
			*ret = earlier;
			return true;
		}
		cJSON_Delete(earlier);
	}
	return true;
}

bool result_add_corrected(struct store *rd, const struct view *v, const cJSON *doc, int n, bool items, cJSON *out, struct err *err)
{
	_cleanup_json_ cJSON *before = NULL;
	if (!json_member(doc, "corrections"))
		return true;
	if (!find_before(rd, v->row.key, doc, n, &before, err))
		return false;
	cJSON *o = json_object();
	json_set(o, "at", cJSON_Duplicate(json_member(doc, "issued_at"), true));
	json_set(o, "before", before ? before_json(v, before) : cJSON_CreateNull());
	json_set(o, "items", items_json(doc, before, items));
	json_set(out, "corrected", o);
	return true;
}
