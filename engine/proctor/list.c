/* What a person has done so far: the list of attempts, and progress over time. And pictures. See proctor.h. */
#include "proctor/internal.h"
#include "store/bank_version.h"
#include "store/outcome.h"
#include <stdio.h>

/* ---- Attempts ---- */

struct listing {
	struct proctor *pr;
	struct store *rd;
	struct buf *out;
	int64_t now_ms;
	bool any;
};

/* What the clock has done already, although nobody has tended the row since: an attempt whose time is up is not running. */
static enum attempt_state state_now(const struct listing *l, const struct attempt_item *item, int64_t *ret_ended_ms)
{
	*ret_ended_ms = item->ended_ms;
	if (item->phase != PHASE_RUNNING || item->state == ATTEMPT_ENDED || !item->deadline_ms ||
	    item->deadline_ms > proctor_service_ms(l->pr)) {
		if (item->state == ATTEMPT_ENDED && !item->ended_ms)
			*ret_ended_ms = l->now_ms - (proctor_service_ms(l->pr) - item->closed_ms);
		return item->state;
	}
	*ret_ended_ms = l->now_ms - (proctor_service_ms(l->pr) - item->deadline_ms);
	return ATTEMPT_ENDED;
}

static bool add_attempt(void *arg, const struct attempt_item *item, struct err *err)
{
	struct listing *l = arg;
	struct buf *out = l->out;
	int answered = item->answered;
	int64_t ended_ms;
	enum attempt_state state = state_now(l, item, &ended_ms);
	if (item->phase == PHASE_RUNNING && !store_event_answered(l->rd, item->key, (size_t)item->items, &answered, err))
		return false;
	buf_addf(out, "%s{\"id\":\"%s\",\"exam\":\"%s/%s\",\"title\":", l->any ? "," : "", item->id, item->bank_id, item->exam);
	buf_add_json(out, str_of(item->title));
	buf_addf(out, ",\"mode\":\"%s\",\"state\":\"%s\",\"started_at\":", item->study ? "study" : "exam",
	         attempt_state_name(item->phase, state));
	add_time(out, item->started_ms);
	buf_adds(out, ",\"ended_at\":");
	add_time(out, ended_ms);
	buf_addf(out, ",\"ended_by\":%s,\"items\":%d,\"answered\":%d,\"result\":",
	         state != ATTEMPT_ENDED                 ? "null"
	         : item->ended_by == ENDED_BY_CANDIDATE ? "\"candidate\""
	                                                : "\"time\"",
	         item->items, answered);
	bool released = item->brief && item->release_ms <= l->now_ms;
	buf_adds(out, released ? item->brief : "null");
	buf_addc(out, '}');
	l->any = true;
	return true;
}

bool attempt_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	struct listing l = {.pr = pr, .rd = rd, .out = out, .now_ms = proctor_wall_ms(pr)};
	buf_adds(out, "{\"attempts\":[");
	if (!store_attempt_each(rd, who->account, LIST_MAX, add_attempt, &l, err))
		return false;
	buf_adds(out, "]}");
	return buf_check(out, "the list of attempts", err);
}

/* ---- Progress: attempts over time ---- */

/* One exam's attempts; they come newest first and are shown oldest first. */
struct exam_line {
	char *exam, *title;
	cJSON *attempts;
};
struct history {
	struct exam_line *lines;
	size_t n, cap;
	int64_t now_ms;
};

static void history_finish(struct history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->lines[i].exam);
		free(h->lines[i].title);
		cJSON_Delete(h->lines[i].attempts);
	}
	free(h->lines);
}

static struct exam_line *line_of(struct history *h, const struct attempt_item *item)
{
	_cleanup_free_ char *exam = xasprintf("%s/%s", item->bank_id, item->exam);
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->lines[i].exam, exam) == 0)
			return &h->lines[i];
	h->lines = xgrow(h->lines, h->n, &h->cap, sizeof *h->lines);
	h->lines[h->n] = (struct exam_line){take_ptr(exam), xstrdup(item->title), json_array()};
	return &h->lines[h->n++];
}

static cJSON *copy_number(const cJSON *o, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);
	return cJSON_IsNumber(v) ? cJSON_CreateNumber(v->valuedouble) : cJSON_CreateNull();
}

static bool take_history(void *arg, const struct attempt_item *item, struct err *err)
{
	(void)err;
	struct history *h = arg;
	char time[CLOCK_RFC3339_SIZE];
	if (!item->brief || item->release_ms > h->now_ms)
		return true;
	_cleanup_json_ cJSON *brief = cJSON_Parse(item->brief);
	const cJSON *score = cJSON_GetObjectItemCaseSensitive(brief, "score");
	cJSON *o = json_object();
	json_set_str(o, "id", item->id);
	json_set_str(o, "ended_at", clock_rfc3339(item->ended_ms, time));
	json_set_str(o, "mode", item->study ? "study" : "exam");
	json_set(o, "share", copy_number(score, "share"));
	json_set(o, "value", copy_number(score, "value"));
	json_set(o, "passed", item->passed < 0 ? cJSON_CreateNull() : cJSON_CreateBool(item->passed));
	if (!cJSON_InsertItemInArray(line_of(h, item)->attempts, 0, o))
		abort();
	return true;
}

/* ---- Progress: what was learnt ---- */

#define WEEK_MS (7 * MS_DAY)
#define WEEKS_MAX 26

struct domain_line {
	char *bank, *domain;
	int seen, answers, right;
	struct {
		int64_t week; /* since 1970 */
		int answers, right;
	} weeks[WEEKS_MAX]; /* the last ones, in order */
	size_t n_weeks;
};
struct learning {
	struct domain_line *lines;
	size_t n, cap;
	int n_confidence[101], n_right[101];
	char *last_bank, *last_item; /* rows come by bank and item */
	int seen;
	int64_t now_ms;
};

static void learning_finish(struct learning *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->lines[i].bank);
		free(g->lines[i].domain);
	}
	free(g->lines);
	free(g->last_bank);
	free(g->last_item);
}

static struct domain_line *domain_of(struct learning *g, const struct outcome_row *row)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->lines[i].bank, row->bank_id) == 0 && strcmp(g->lines[i].domain, row->domain) == 0)
			return &g->lines[i];
	g->lines = xgrow(g->lines, g->n, &g->cap, sizeof *g->lines);
	g->lines[g->n] = (struct domain_line){.bank = xstrdup(row->bank_id), .domain = xstrdup(row->domain)};
	return &g->lines[g->n++];
}

static void count_week(struct domain_line *d, int64_t week, bool right)
{
	size_t at = d->n_weeks;
	while (at > 0 && d->weeks[at - 1].week >= week)
		at--;
	if (at == d->n_weeks || d->weeks[at].week != week) {
		if (d->n_weeks == WEEKS_MAX) {
			if (at == 0)
				return; /* older than all that are kept */
			memmove(d->weeks, d->weeks + 1, (WEEKS_MAX - 1) * sizeof *d->weeks);
			at--;
			d->n_weeks--;
		}
		memmove(d->weeks + at + 1, d->weeks + at, (d->n_weeks - at) * sizeof *d->weeks);
		d->weeks[at].week = week;
		d->weeks[at].answers = d->weeks[at].right = 0;
		d->n_weeks++;
	}
	d->weeks[at].answers++;
	d->weeks[at].right += right;
}

static void replace(char **p, const char *s)
{
	free(*p);
	*p = xstrdup(s);
}

/* Whether an item was seen is no secret; how it went is, until it is released and told. */
static bool take_outcome(void *arg, const struct outcome_row *row, struct err *err)
{
	(void)err;
	struct learning *g = arg;
	bool again = g->last_item && strcmp(g->last_item, row->item_id) == 0 && strcmp(g->last_bank, row->bank_id) == 0;
	bool right = row->outcome == MARK_RIGHT;
	struct domain_line *d = domain_of(g, row);
	if (!again) {
		replace(&g->last_bank, row->bank_id);
		replace(&g->last_item, row->item_id);
		g->seen++;
		d->seen++;
	}
	if (!row->told || row->release_ms > g->now_ms || row->outcome == MARK_UNGRADED)
		return true;
	d->answers++;
	d->right += right;
	count_week(d, row->at_ms / WEEK_MS, right);
	if (row->confidence >= 0 && row->confidence <= 100) {
		g->n_confidence[row->confidence]++;
		g->n_right[row->confidence] += right;
	}
	return true;
}

/* ---- Progress: the reply ---- */

static void add_share(struct buf *out, int part, int whole)
{
	buf_addf(out, "%.4g", whole ? (double)part / whole : 0);
}

static void add_exams(struct buf *out, const struct history *h)
{
	buf_adds(out, "{\"exams\":[");
	for (size_t i = 0; i < h->n; i++) {
		buf_addf(out, "%s{\"id\":\"%s\",\"title\":", i ? "," : "", h->lines[i].exam);
		buf_add_json(out, str_of(h->lines[i].title));
		buf_adds(out, ",\"attempts\":");
		json_print(h->lines[i].attempts, out);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static const char *title_of(struct version *const *versions, size_t n, const struct domain_line *d)
{
	for (size_t i = 0; i < n; i++) {
		const struct bank_domain *found = strcmp(versions[i]->bank->id, d->bank) == 0 ? bank_domain(versions[i]->bank, d->domain) : NULL;
		if (found)
			return found->title;
	}
	return d->domain;
}

static void add_domain(struct buf *out, const struct domain_line *d, const char *title)
{
	char time[CLOCK_RFC3339_SIZE];
	buf_adds(out, "{\"bank\":");
	buf_add_json(out, str_of(d->bank));
	buf_adds(out, ",\"domain\":");
	buf_add_json(out, str_of(d->domain));
	buf_adds(out, ",\"title\":");
	buf_add_json(out, str_of(title));
	buf_addf(out, ",\"seen\":%d,\"right_share\":", d->seen);
	add_share(out, d->right, d->answers);
	buf_adds(out, ",\"by_week\":[");
	for (size_t i = 0; i < d->n_weeks; i++) {
		buf_addf(out, "%s{\"week\":\"%.10s\",\"n\":%d,\"right_share\":", i ? "," : "", clock_rfc3339(d->weeks[i].week * WEEK_MS, time),
		         d->weeks[i].answers);
		add_share(out, d->weeks[i].right, d->weeks[i].answers);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}

static void add_calibration(struct buf *out, const struct learning *g)
{
	bool any = false;
	buf_adds(out, ",\"calibration\":[");
	for (int c = 0; c <= 100; c++) {
		if (!g->n_confidence[c])
			continue;
		buf_addf(out, "%s{\"confidence\":%d,\"n\":%d,\"right_share\":", any ? "," : "", c, g->n_confidence[c]);
		add_share(out, g->n_right[c], g->n_confidence[c]);
		buf_addc(out, '}');
		any = true;
	}
	buf_adds(out, "]}");
}

bool progress_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	__attribute__((cleanup(history_finish))) struct history h = {.now_ms = proctor_wall_ms(pr)};
	__attribute__((cleanup(learning_finish))) struct learning g = {.now_ms = h.now_ms};
	if (!store_attempt_each(rd, who->account, LIST_MAX, take_history, &h, err) ||
	    !store_outcome_each(rd, who->account, NULL, take_outcome, &g, err))
		return false;
	size_t n_versions;
	struct version **versions = catalog_current(pr, &n_versions);
	int total = 0;
	add_exams(out, &h);
	buf_adds(out, ",\"domains\":[");
	bool any = false;
	for (size_t i = 0; i < g.n; i++) {
		if (!g.lines[i].answers)
			continue; /* seen, and how it went is not told */
		buf_adds(out, any ? "," : "");
		add_domain(out, &g.lines[i], title_of(versions, n_versions, &g.lines[i]));
		any = true;
	}
	for (size_t i = 0; i < n_versions; i++) {
		for (size_t k = 0; k < versions[i]->bank->n_items; k++)
			total += versions[i]->bank->items[k].status == ITEM_ACTIVE;
		version_unref(versions[i]);
	}
	free(versions);
	buf_addf(out, "],\"items\":{\"seen\":%d,\"total\":%d}", g.seen, total);
	add_calibration(out, &g);
	return buf_check(out, "the progress", err);
}

/* ---- Pictures ---- */

bool media_get(struct proctor *pr, struct store *rd, const char *hash, const char **ret_mime, struct buf *out, struct err *err)
{
	(void)pr;
	static const char *const known[] = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"};
	char mime[32];
	if (strlen(hash) != HASH_HEX_SIZE - 1 || strspn(hash, "0123456789abcdef") != HASH_HEX_SIZE - 1)
		return err_set(err, ERR_NOT_FOUND, "there is no such picture");
	if (!store_media_get(rd, hash, mime, sizeof mime, out, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i], mime) == 0) {
			*ret_mime = known[i];
			return true;
		}
	return err_set(err, ERR_NOT_FOUND, "there is no such picture"); /* a file of a task */
}
