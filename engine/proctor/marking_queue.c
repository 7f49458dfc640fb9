/* Marks by people, for the page: what waits for one marker, an answer with what it is held against, giving a mark. See marking.h.
 *
 * What a marker gets does not tell whose answer it is, when it was given, nor whether somebody has marked it: first, second and third
 * markers see the same. */
#include "exam/rubric.h"
#include "proctor/marking.h"

#define SCAN_MAX 5000  /* attempts that are looked at */
#define QUEUE_MAX 1000 /* answers that are handed out at once */
#define RUBRIC_MAX (4u << 20)
#define CRITERIA_MAX RUBRIC_LINES_MAX

struct waiting {
	char attempt[RNG_ID_SIZE], item[8];
};
/* One exam's question: what waits of it. */
struct group {
	char *bank_id, *exam, *item_id, *exam_title, *title;
	int64_t max_m, marked;
	int markers;
	struct waiting *list;
	size_t n, cap;
};
struct queue {
	struct group *groups;
	size_t n, cap, answers;
	int64_t nameless; /* on a server without accounts: answers that need two markers with names */
};

static void queue_finish(struct queue *q)
{
	for (size_t i = 0; i < q->n; i++) {
		struct group *g = &q->groups[i];
		free(g->bank_id);
		free(g->exam);
		free(g->item_id);
		free(g->exam_title);
		free(g->title);
		free(g->list);
	}
	free(q->groups);
}

static struct group *group_of(struct queue *q, const struct attempt_row *row, const struct form_entry *fe, const struct form_item *fi)
{
	for (size_t i = 0; i < q->n; i++) {
		struct group *g = &q->groups[i];
		if (strcmp(g->bank_id, row->bank_id) == 0 && strcmp(g->exam, row->exam) == 0 && strcmp(g->item_id, fi->item_id) == 0)
			return g;
	}
	q->groups = xgrow(q->groups, q->n, &q->cap, sizeof *q->groups);
	struct group *g = &q->groups[q->n++];
	*g = (struct group){
	    .bank_id = xstrdup(row->bank_id),
	    .exam = xstrdup(row->exam),
	    .item_id = xstrdup(fi->item_id),
	    .exam_title = xstrdup(fe->bp->title),
	    .title = xstrdup(fi->item->title ? fi->item->title : ""),
	    .max_m = fi->item->points_m,
	    .markers = fe->bp->markers == 2 ? 2 : 1,
	};
	return g;
}

static void add_waiting(struct queue *q, const struct attempt_row *row, const struct form_entry *fe, size_t i)
{
	struct group *g = group_of(q, row, fe, &fe->form->items[i]);
	g->list = xgrow(g->list, g->n, &g->cap, sizeof *g->list);
	struct waiting *w = &g->list[g->n++];
	memcpy(w->attempt, row->id, sizeof w->attempt);
	memcpy(w->item, fe->form->items[i].id, sizeof w->item);
	q->answers++;
}

/* Who marks: the caller's account. */
struct marker {
	int64_t account;
	char name[ACCOUNT_NAME_SIZE];
};

static bool marker_of(struct store *st, const struct caller *who, struct marker *ret, struct err *err)
{
	struct account_row row;
	if (!store_account_get(st, who->account, &row, err))
		return false;
	ret->account = row.id;
	memcpy(ret->name, row.name, sizeof ret->name);
	return true;
}

static bool is_own(const struct marker *m, const struct attempt_row *row)
{
	return row->account == m->account && m->account != ACCOUNT_LOCAL;
}

static bool look_at(struct proctor *pr, struct store *rd, const struct marker *m, const char *id, struct queue *q, struct err *err)
{
	struct attempt_row row;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	_cleanup_person_marks_ struct person_marks marks = {0};
	struct answer *answers = NULL;
	if (!store_attempt_get(rd, id, &row, err))
		return false;
	if (is_own(m, &row))
		return true;
	if (!form_cache_get(pr, rd, &row, &fe, err) || !person_marks_load(rd, &row, fe, &marks, err) ||
	    !answers_load(rd, row.key, fe->form->n_items, &answers, err))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < fe->form->n_items; i++) {
		enum mark_part ignored;
		bool waits;
		if (!person_may_mark(&marks.items[i], m->name, &ignored))
			continue;
		ok = marking_is_for_people(fe, answers, i, &waits, err);
		if (!ok || !waits)
			continue;
		if (m->account == ACCOUNT_LOCAL && fe->bp->markers == 2)
			q->nameless++;
		else
			add_waiting(q, &row, fe, i);
	}
	answers_free(answers, fe->form->n_items);
	return ok;
}

static bool take_count(void *arg, const char *bank_id, const char *exam, const char *item_id, int64_t n, struct err *err)
{
	(void)err;
	struct queue *q = arg;
	for (size_t i = 0; i < q->n; i++) {
		struct group *g = &q->groups[i];
		if (strcmp(g->bank_id, bank_id) == 0 && strcmp(g->exam, exam) == 0 && strcmp(g->item_id, item_id) == 0)
			g->marked = n;
	}
	return true;
}

static int by_exam(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int by = strcmp(x->bank_id, y->bank_id);
	by = by ? by : strcmp(x->exam, y->exam);
	return by ? by : strcmp(x->item_id, y->item_id);
}

static cJSON *group_json(const struct group *g)
{
	cJSON *o = json_object(), *list = json_array();
	_cleanup_free_ char *exam = xasprintf("%s/%s", g->bank_id, g->exam);
	json_set_str(o, "exam", exam);
	json_set_str(o, "exam_title", g->exam_title);
	json_set_str(o, "item", g->item_id);
	json_set_str(o, "title", g->title);
	json_set_double(o, "max", (double)g->max_m / 1000);
	json_set_i64(o, "markers", g->markers);
	json_set_i64(o, "marked", g->marked);
	for (size_t i = 0; i < g->n; i++) {
		cJSON *w = json_object();
		json_set_str(w, "attempt", g->list[i].attempt);
		json_set_str(w, "item", g->list[i].item);
		json_add(list, w);
	}
	json_set(o, "waiting", list);
	return o;
}

bool marking_queue_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	__attribute__((cleanup(queue_finish))) struct queue q = {0};
	char(*ids)[RNG_ID_SIZE] = xcalloc(SCAN_MAX + 1, sizeof *ids);
	_cleanup_json_ cJSON *o = json_object();
	struct marker m;
	size_t n = 0, seen = 0;
	bool ok = marker_of(rd, who, &m, err) && store_attempt_reviewing(rd, ids, SCAN_MAX + 1, &n, err);
	while (ok && seen < n && seen < SCAN_MAX && q.answers < QUEUE_MAX)
		ok = look_at(pr, rd, &m, ids[seen++], &q, err);
	free(ids);
	if (!ok || !store_human_mark_counts(rd, m.name, take_count, &q, err))
		return false;
	if (q.n)
		qsort(q.groups, q.n, sizeof *q.groups, by_exam);
	cJSON *groups = json_array();
	for (size_t i = 0; i < q.n; i++)
		json_add(groups, group_json(&q.groups[i]));
	json_set_str(o, "marker", m.name);
	json_set_i64(o, "waiting", (int64_t)q.answers);
	json_set_i64(o, "nameless", q.nameless);
	json_set_bool(o, "more", seen < n); /* attempts that were not looked at */
	json_set(o, "groups", groups);
	json_print(o, out);
	return buf_check(out, "the queue", err);
}

/* ---- One answer ---- */

static bool answer_json(const struct form_entry *fe, const struct attempt_row *row, size_t i, const struct answer *a, struct buf *out,
                        struct err *err)
{
	const struct form_item *fi = &fe->form->items[i];
	_cleanup_json_ cJSON *o = json_object(), *response = NULL;
	_cleanup_buf_ struct buf rubric = BUF(RUBRIC_MAX);
	cJSON *item = json_object(), *criteria = marking_criteria_json(fi->item);
	struct rubric r;
	if (!json_parse((struct str){a->body, a->body_len}, &response, err))
		return err_prefix(err, "the stored answer");
	form_item_json(fe->form, fe->version->bank, i, item);
	_cleanup_free_ char *exam = xasprintf("%s/%s", row->bank_id, row->exam);
	json_set_str(o, "attempt", row->id);
	json_set_str(o, "item", fi->id);
	json_set_str(o, "exam", exam);
	json_set_str(o, "exam_title", fe->bp->title);
	json_set_str(o, "title", fi->item->title ? fi->item->title : "");
	json_set_double(o, "max", (double)fi->item->points_m / 1000);
	json_set(o, "question", item);
	json_set(o, "response", take_ptr(response));
	if (!rubric_read(fi->item->rubric_html, &r) || !r.whole)
		marking_rubric_html(fi->item, &rubric);
	json_set_str(o, "rubric", rubric.len ? rubric.p : NULL);
	json_set(o, "criteria", criteria ? criteria : cJSON_CreateNull());
	json_print(o, out);
	return buf_check(&rubric, "the rubric", err) && buf_check(out, "the answer", err);
}

static bool check_waits(const struct marker *m, const struct attempt_row *row, const struct form_entry *fe,
                        const struct person_marks *marks, int index, struct err *err)
{
	enum mark_part ignored;
	if (row->phase != PHASE_REVIEWING || !person_may_mark(&marks->items[index], m->name, &ignored))
		return err_set(err, ERR_CONFLICT, "this answer does not wait for you");
	if (m->account == ACCOUNT_LOCAL && fe->bp->markers == 2)
		return err_set(err, ERR_CONFLICT, "this exam has two markers: the operator gives their marks by name, with 'assay mark --by NAME'");
	return true;
}

bool marking_answer_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                         struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	_cleanup_person_marks_ struct person_marks marks = {0};
	struct attempt_row row;
	struct marker m;
	struct answer *answers = NULL;
	int index;
	bool waits = false;
	if (!marker_of(rd, who, &m, err) || !store_attempt_get(rd, attempt, &row, err))
		return false;
	if (is_own(&m, &row) || row.study || row.phase == PHASE_RUNNING)
		return err_set(err, ERR_NOT_FOUND, "there is no such attempt");
	if (!form_cache_get(pr, rd, &row, &fe, err) || !marking_item(fe->form, item, &index, err) ||
	    !person_marks_load(rd, &row, fe, &marks, err) || !check_waits(&m, &row, fe, &marks, index, err) ||
	    !answers_load(rd, row.key, fe->form->n_items, &answers, err))
		return false;
	bool ok = marking_is_for_people(fe, answers, (size_t)index, &waits, err) &&
	          (waits || err_set(err, ERR_CONFLICT, "this answer does not wait for you")) &&
	          answer_json(fe, &row, (size_t)index, &answers[index], out, err);
	answers_free(answers, fe->form->n_items);
	return ok;
}

/* ---- Giving ---- */

static bool read_criteria(const cJSON *body, int64_t *ret, size_t *ret_n, struct err *err)
{
	const cJSON *list, *c;
	if (!json_get_array(body, "", "criteria", CRITERIA_MAX, &list, err))
		return false;
	*ret_n = 0;
	cJSON_ArrayForEach(c, list)
	{
		if (!cJSON_IsNumber(c))
			return err_set(err, ERR_INVALID, "criteria[%zu] is not a number", *ret_n);
		if (!marking_points(c->valuedouble, &ret[(*ret_n)++], err))
			return err_prefix(err, "criteria[%zu]", *ret_n - 1);
	}
	return *ret_n > 0 || err_set(err, ERR_INVALID, "criteria has no points");
}

bool marking_put_json(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                      const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"points", "criteria", "comment", NULL};
	int64_t criteria[CRITERIA_MAX];
	struct marker m;
	struct marking marking = {.attempt = attempt, .item = item, .marker = m.name, .criteria_m = criteria};
	struct marking_done done = {0};
	const cJSON *points = cJSON_GetObjectItemCaseSensitive(body, "points");
	bool by_criteria = cJSON_GetObjectItemCaseSensitive(body, "criteria") != NULL;
	if (!marker_of(wr, who, &m, err) || !json_only_keys(body, "", keys, err) ||
	    !json_opt_str(body, "", "comment", 4000, &marking.comment, err))
		return false;
	marking.account = m.account;
	if (by_criteria == (points != NULL) || (points && !cJSON_IsNumber(points)))
		return err_set(err, ERR_INVALID, "a mark has either points, a number, or criteria");
	if (!(by_criteria ? read_criteria(body, criteria, &marking.n_criteria, err)
	                  : marking_points(points->valuedouble, &marking.points_m, err)) ||
	    !marking_give(pr, wr, &marking, &done, err))
		return false;
	buf_addf(out, "{\"attempt\":\"%s\",\"item\":", attempt);
	buf_add_json(out, str_of(item));
	buf_adds(out, ",\"points\":");
	add_points(out, done.points_m);
	buf_addf(out, ",\"undo\":%s}", done.undo ? "true" : "false");
	return buf_check(out, "the reply", err);
}

bool marking_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item, struct err *err)
{
	struct marker m;
	if (!marker_of(wr, who, &m, err))
		return false;
	const struct marking marking = {.attempt = attempt, .item = item, .marker = m.name, .account = m.account};
	return marking_undo(pr, wr, &marking, err);
}
