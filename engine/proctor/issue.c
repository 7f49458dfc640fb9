/* The authors' queue. See issue.h. Figures are in issue_figures.c. */
#include "proctor/issue.h"
#include "proctor/internal.h"
#include "proctor/rescore.h"
#include "store/bank_version.h"
#include <stdio.h>

static const char *const state_names[] = {"open", "accepted", "fixed", "declined"};
static const char *const kind_names[] = {"wrong-key", "unclear", "mistake", "several-right", "outdated", "technical", "other"};
static const char *const what_names[] = {"comment", "state", "owner", "answer", "correction", "reopened"};

const char *issue_state_name(enum issue_state s)
{
	return state_names[s < ISSUE_STATES ? s : ISSUE_OPEN];
}

const char *problem_kind_name(enum problem_kind k)
{
	return kind_names[k < PROBLEM_KINDS ? k : PROBLEM_OTHER];
}

static int find_name(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

bool issue_state_parse(const char *name, enum issue_state *ret, struct err *err)
{
	int i = find_name(state_names, ARRAY_SIZE(state_names), name);
	if (i < 0)
		return err_set(err, ERR_INVALID, "'%.40s' is no state: open, accepted, fixed or declined", name);
	*ret = (enum issue_state)i;
	return true;
}

bool problem_kind_parse(const char *name, enum problem_kind *ret, struct err *err)
{
	int i = find_name(kind_names, ARRAY_SIZE(kind_names), name);
	if (i < 0)
		return err_set(err, ERR_INVALID,
		               "'%.40s' is no kind of problem: wrong-key, unclear, mistake, several-right, outdated, technical or other", name);
	*ret = (enum problem_kind)i;
	return true;
}

bool issue_check_text(const char *text, const char *what, struct err *err)
{
	if (strlen(text) > ISSUE_TEXT_MAX || !str_is_utf8(str_of(text), NULL))
		return err_set(err, ERR_INVALID, "%s has at most %d bytes of UTF-8", what, ISSUE_TEXT_MAX);
	for (const char *p = text; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') || *p == 127)
			return err_set(err, ERR_INVALID, "%s has a control character in it", what);
	return true;
}

bool issue_name(struct store *rd, const struct caller *who, char *ret, size_t size, struct err *err)
{
	struct account_row row;
	if (!store_account_get(rd, who->account, &row, err))
		return false;
	snprintf(ret, size, "%s", row.name);
	return true;
}

/* ---- Reading ---- */

static void set_time(cJSON *o, const char *key, int64_t ms)
{
	char time[CLOCK_RFC3339_SIZE];
	json_set_str(o, key, ms ? clock_rfc3339(ms, time) : NULL);
}

static void set_issue(cJSON *o, const struct issue_row *row)
{
	cJSON *kinds = json_object();
	for (int k = 0; k < PROBLEM_KINDS; k++)
		if (row->kinds[k])
			json_set_i64(kinds, kind_names[k], row->kinds[k]);
	json_set_str(o, "bank", row->bank_id);
	json_set_str(o, "item", row->item_id);
	json_set_str(o, "state", issue_state_name(row->state));
	json_set_str(o, "owner", row->owner);
	json_set_str(o, "answer", row->answer);
	json_set_i64(o, "reports", row->reports);
	json_set_i64(o, "open_reports", row->open_reports);
	json_set(o, "kinds", kinds);
	json_set_i64(o, "comments", row->comments);
	set_time(o, "opened_at", row->opened_ms);
	set_time(o, "changed_at", row->changed_ms);
}

struct listing {
	cJSON *list;
	int counts[ISSUE_STATES];
	enum issue_state state; /* wanted */
};

static bool take_issue(void *arg, const struct issue_row *row, struct err *err)
{
	(void)err;
	struct listing *l = arg;
	l->counts[row->state < ISSUE_STATES ? row->state : ISSUE_OPEN]++;
	if (l->state != ISSUE_STATES && row->state != l->state)
		return true;
	cJSON *o = json_object();
	set_issue(o, row);
	json_add(l->list, o);
	return true;
}

/* Titles come from the bank of today; a question that it has no more has none. */
static bool set_titles(struct proctor *pr, struct store *rd, cJSON *list, struct err *err)
{
	_cleanup_(version_unrefp) struct version *v = NULL;
	cJSON *o;
	cJSON_ArrayForEach(o, list)
	{
		int64_t newest;
		if (!v || strcmp(v->bank->id, json_text(o, "bank")) != 0) {
			version_unref(v);
			v = NULL;
			if (!store_version_newest(rd, json_text(o, "bank"), &newest, err) || (newest && !catalog_version(pr, rd, newest, &v, err)))
				return false;
		}
		const struct item *it = v ? bank_item(v->bank, json_text(o, "item")) : NULL;
		json_set_str(o, "title", it ? it->title : NULL);
		json_set_str(o, "domain", it ? it->domain : NULL);
	}
	return true;
}

bool issue_list_json(struct proctor *pr, struct store *rd, const char *bank, enum issue_state state, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_json_ cJSON *o = json_object();
	cJSON *counts = json_object();
	struct listing l = {.list = json_array(), .state = state};
	json_set(o, "issues", l.list);
	json_set(o, "counts", counts);
	if (!store_issue_each(rd, bank, ISSUE_STATES, ISSUES_MAX, take_issue, &l, err) || !set_titles(pr, rd, l.list, err))
		return false;
	for (int s = 0; s < ISSUE_STATES; s++)
		json_set_i64(counts, state_names[s], l.counts[s]);
	json_print(o, out);
	return buf_check(out, "the list", err);
}

/* ---- One question ---- */

struct detail {
	cJSON *out, *list;
	int64_t id;
	char newest[RNG_ID_SIZE]; /* the attempt of the newest report */
	int entries;
};

static bool take_one(void *arg, const struct issue_row *row, struct err *err)
{
	(void)err;
	struct detail *d = arg;
	d->id = row->id;
	set_issue(d->out, row);
	return true;
}

static bool take_report(void *arg, const struct problem_row *row, struct err *err)
{
	(void)err;
	struct detail *d = arg;
	cJSON *o = json_object();
	if (!*d->newest)
		memcpy(d->newest, row->attempt_id, sizeof d->newest);
	json_set_str(o, "kind", problem_kind_name(row->kind));
	json_set_str(o, "text", row->text);
	json_set_bool(o, "study", row->study);
	json_set_bool(o, "open", !row->closed);
	set_time(o, "at", row->changed_ms);
	json_add(d->list, o);
	return true;
}

static bool take_entry(void *arg, const struct issue_entry *entry, struct err *err)
{
	(void)err;
	struct detail *d = arg;
	cJSON *o = json_object();
	set_time(o, "at", entry->at_ms);
	json_set_str(o, "who", entry->who);
	json_set_str(o, "what", what_names[entry->what < ISSUE_WHATS ? entry->what : ISSUE_COMMENT]);
	json_set_str(o, "text", entry->text);
	json_add(d->list, o);
	d->entries++;
	return true;
}

struct ids {
	int64_t *list;
	size_t n, cap;
};

static bool take_correction(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	struct ids *ids = arg;
	ids->list = xgrow(ids->list, ids->n, &ids->cap, sizeof *ids->list);
	ids->list[ids->n++] = row->id;
	return true;
}

static bool set_corrections(struct proctor *pr, struct store *rd, const char *bank, const char *item, cJSON *out, struct err *err)
{
	struct ids ids = {0};
	cJSON *list = json_array();
	json_set(out, "corrections", list);
	bool ok = store_correction_of_item(rd, bank, item, take_correction, &ids, err);
	for (size_t i = 0; ok && i < ids.n; i++) {
		_cleanup_buf_ struct buf text = BUF(JSON_OUT_MAX);
		cJSON *one = NULL;
		ok = rescore_report(pr, rd, ids.list[i], false, &text, err) && json_parse(buf_str(&text), &one, err);
		if (ok)
			json_add(list, one);
	}
	free(ids.list);
	return ok;
}

static bool set_questions(struct proctor *pr, struct store *rd, const char *bank, const char *item, const struct detail *d, struct err *err)
{
	_cleanup_question_ struct question today = {0}, reported = {0};
	bool is_today, was_reported = false;
	if (!question_today(pr, rd, bank, item, *d->newest ? d->newest : NULL, &today, &is_today, err) ||
	    (*d->newest && !question_of_attempt(pr, rd, d->newest, item, &reported, &was_reported, err)))
		return false;
	if (!is_today && !was_reported && !d->id)
		return err_set(err, ERR_NOT_FOUND, "there is no question '%.70s' in a bank '%.70s'", item, bank);
	json_set(d->out, "today", is_today ? question_json(&today) : cJSON_CreateNull());
	bool other = was_reported && (!is_today || strcmp(today.hash, reported.hash) != 0);
	json_set(d->out, "reported", other ? question_json(&reported) : cJSON_CreateNull());
	return true;
}

static bool fill(struct proctor *pr, struct store *rd, const char *bank, const char *item, struct detail *d, struct err *err)
{
	bool there;
	if (!store_issue_get(rd, bank, item, take_one, d, &there, err))
		return false;
	if (!there) {
		struct issue_row none = {.bank_id = bank, .item_id = item};
		set_issue(d->out, &none);
	}
	json_set(d->out, "problems", d->list = json_array());
	if (!store_problem_of_issue(rd, d->id, take_report, d, err))
		return false;
	json_set(d->out, "history", d->list = json_array());
	if (!store_issue_entry_each(rd, d->id, take_entry, d, err))
		return false;
	json_set_i64(d->out, "seen", d->entries);
	return set_questions(pr, rd, bank, item, d, err) && set_corrections(pr, rd, bank, item, d->out, err);
}

bool issue_show_json(struct proctor *pr, struct store *rd, const char *bank, const char *item, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_json_ cJSON *o = json_object();
	struct detail d = {.out = o};
	if (!fill(pr, rd, bank, item, &d, err))
		return false;
	json_print(o, out);
	return buf_check(out, "the question", err);
}

/* ---- Changing ---- */

struct change {
	const char *state, *owner, *comment, *answer;
	int64_t seen;
};

static bool read_change(const cJSON *body, struct change *ret, struct err *err)
{
	static const char *const keys[] = {"state", "owner", "comment", "answer", "seen", NULL};
	struct change c = {.seen = -1};
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object");
	if (!json_only_keys(body, "", keys, err) || !json_opt_str(body, "", "state", 20, &c.state, err) ||
	    !json_opt_str(body, "", "owner", 64, &c.owner, err) || !json_opt_str(body, "", "comment", ISSUE_TEXT_MAX, &c.comment, err) ||
	    !json_opt_str(body, "", "answer", ISSUE_TEXT_MAX, &c.answer, err) ||
	    !json_opt_i64(body, "", "seen", 0, INT64_C(1) << 40, &c.seen, err))
		return false;
	if ((c.owner && !issue_check_text(c.owner, "owner", err)) || (c.comment && !issue_check_text(c.comment, "comment", err)) ||
	    (c.answer && !issue_check_text(c.answer, "answer", err)))
		return false;
	if (!c.state && !c.owner && !c.answer && !(c.comment && *c.comment))
		return err_set(err, ERR_INVALID, "nothing to change: state, owner, comment or answer");
	*ret = c;
	return true;
}

struct present {
	enum issue_state state;
	char *owner, *answer;
};

static bool take_present(void *arg, const struct issue_row *row, struct err *err)
{
	(void)err;
	struct present *p = arg;
	*p = (struct present){row->state, row->owner ? xstrdup(row->owner) : NULL, row->answer ? xstrdup(row->answer) : NULL};
	return true;
}

static bool log_entry(struct store *wr, int64_t issue, const char *by, int64_t at_ms, enum issue_what what, const char *text,
                      struct err *err)
{
	struct issue_entry entry = {.at_ms = at_ms, .what = what, .who = by, .text = text};
	return store_issue_entry_add(wr, issue, &entry, err);
}

static bool differs(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") != 0;
}

static bool apply(struct store *wr, int64_t issue, const char *by, const struct change *c, const struct present *p, int64_t now,
                  struct err *err)
{
	enum issue_state state = p->state;
	const char *owner = c->owner ? c->owner : p->owner, *answer = c->answer ? c->answer : p->answer;
	if (c->state && !issue_state_parse(c->state, &state, err))
		return false;
	if ((c->comment && *c->comment && !log_entry(wr, issue, by, now, ISSUE_COMMENT, c->comment, err)) ||
	    (differs(owner, p->owner) && !log_entry(wr, issue, by, now, ISSUE_OWNER, owner, err)) ||
	    (differs(answer, p->answer) && !log_entry(wr, issue, by, now, ISSUE_ANSWER, answer, err)) ||
	    (state != p->state && !log_entry(wr, issue, by, now, ISSUE_STATE, issue_state_name(state), err)))
		return false;
	if (!store_issue_change(wr, issue, state, owner && *owner ? owner : NULL, answer && *answer ? answer : NULL, now, err))
		return false;
	return !issue_is_closed(state) || store_problem_close(wr, issue, state, answer && *answer ? answer : NULL, err);
}

/* A question that nobody has reported may be taken up, but not one that there is not. */
static bool must_exist(struct proctor *pr, struct store *wr, const char *bank, const char *item, struct err *err)
{
	_cleanup_question_ struct question today = {0};
	bool there;
	if (!question_today(pr, wr, bank, item, NULL, &today, &there, err))
		return false;
	return there ? true : err_set(err, ERR_NOT_FOUND, "there is no question '%.70s' in a bank '%.70s'", item, bank);
}

bool issue_change(struct proctor *pr, struct store *wr, const char *by, const char *bank, const char *item, const cJSON *body,
                  struct err *err)
{
	struct change c = {.seen = -1};
	struct present p = {0};
	enum issue_state ignored;
	int64_t issue, seen = 0, now = proctor_wall_ms(pr);
	bool there;
	if (!*by || strlen(by) > RESCORE_NAME_MAX || !issue_check_text(by, "the name", err))
		return err_set(err, ERR_INVALID, "who changes it has a name of 1 to %d bytes of UTF-8", RESCORE_NAME_MAX);
	if (!read_change(body, &c, err) || !store_issue_get(wr, bank, item, take_present, &p, &there, err))
		return false;
	bool ok = (there || must_exist(pr, wr, bank, item, err)) && store_issue_make(wr, bank, item, now, &issue, &ignored, err) &&
	          store_issue_entries(wr, issue, &seen, err);
	if (ok && c.seen >= 0 && c.seen != seen)
		ok = err_set(err, ERR_CONFLICT, "somebody else has changed this meanwhile: look at it again");
	ok = ok && apply(wr, issue, by, &c, &p, now, err);
	free(p.owner);
	free(p.answer);
	return ok;
}

bool issue_reported(struct proctor *pr, struct store *wr, int64_t issue, const char *bank, const char *item, struct err *err)
{
	struct present p = {0};
	int64_t now = proctor_wall_ms(pr);
	bool there;
	if (!store_issue_get(wr, bank, item, take_present, &p, &there, err))
		return false;
	bool reopen = issue_is_closed(p.state);
	bool ok = store_issue_change(wr, issue, reopen ? ISSUE_OPEN : p.state, p.owner, reopen ? NULL : p.answer, now, err) &&
	          (!reopen || log_entry(wr, issue, "assay", now, ISSUE_REOPENED, "There is a new report.", err));
	free(p.owner);
	free(p.answer);
	return ok;
}
