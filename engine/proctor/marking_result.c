/* How people have marked, in results. See marking.h; docs/verifiers/results.md describes the members. */
#include "proctor/marking.h"
#include "proctor/task.h"

/* Whether a mark that counts was given by who sat the exam: only on a server without accounts. */
static bool is_self(const struct finished *f, const struct item_marks *im)
{
	for (size_t i = 0; i < im->n; i++)
		if (im->by[i].account == f->row->account)
			return true;
	return false;
}

static cJSON *tolerance_json(const struct blueprint *bp)
{
	cJSON *o = json_object();
	if (bp->tolerance_percent)
		json_set_double(o, "percent", (double)bp->tolerance_m / 1000);
	else
		json_set_i64(o, "points_m", bp->tolerance_m);
	return o;
}

cJSON *marking_result_of(const struct finished *f)
{
	int64_t counts[MARKED_BY_DECISION + 1] = {0}, all = 0;
	bool self = false;
	for (size_t i = 0; i < f->people->n; i++) {
		const struct item_marks *im = &f->people->items[i];
		if (!im->counts || f->fe->form->items[i].unscored)
			continue;
		counts[im->agreed.how]++;
		self |= is_self(f, im);
		all++;
	}
	if (!all)
		return NULL;
	bool two = f->fe->bp->markers == 2;
	cJSON *o = json_object();
	json_set_i64(o, "answers", all);
	json_set_i64(o, "markers", two ? 2 : 1);
	if (two)
		json_set(o, "tolerance", tolerance_json(f->fe->bp));
	for (int how = MARKED_BY_ONE; how <= MARKED_BY_DECISION; how++)
		json_set_i64(o, marked_how_name((enum marked_how)how), counts[how]);
	json_set_bool(o, "self", self);
	return o;
}

void marking_result_item(const struct finished *f, size_t index, cJSON *item)
{
	static const char *const parts[] = {"only", "blind", "third", "decision"};
	const struct item_marks *im = &f->people->items[index];
	if (!im->counts)
		return;
	cJSON *o = json_object(), *marks = json_array();
	json_set_str(o, "how", marked_how_name(im->agreed.how));
	for (size_t i = 0; i < im->n; i++) {
		cJSON *one = json_object();
		json_set_str(one, "by", im->by[i].marker);
		json_set_str(one, "as", parts[im->given[i].part]);
		json_set_i64(one, "points_m", im->given[i].points_m);
		json_add(marks, one);
	}
	json_set(o, "marks", marks);
	json_set(item, "marking", o);
}

void marking_result_public(cJSON *item)
{
	cJSON_DeleteItemFromObjectCaseSensitive(cJSON_GetObjectItemCaseSensitive(item, "marking"), "marks");
}

void marking_result_api(const cJSON *doc, cJSON *out)
{
	const cJSON *marking = cJSON_GetObjectItemCaseSensitive(doc, "marking");
	if (!marking)
		return;
	cJSON *o = cJSON_Duplicate(marking, true), *tolerance = cJSON_GetObjectItemCaseSensitive(o, "tolerance");
	const cJSON *points = cJSON_GetObjectItemCaseSensitive(tolerance, "points_m");
	if (points) {
		json_set_double(tolerance, "points", points->valuedouble / 1000);
		cJSON_DeleteItemFromObjectCaseSensitive(tolerance, "points_m");
	}
	json_set(out, "marking", o);
}
