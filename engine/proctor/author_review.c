/* Review of an author's questions: what is on record, and the decisions that put something on it. See author.h; the rules are in
 * bank/record_state.c.
 *
 * A decision is put on record first and changes the question's status then: if that fails, the record says what was meant. */
#include "bank/status_field.h"
#include "proctor/author_internal.h"

/* ---- A question and its record ---- */

static int needed(const struct bank *bank)
{
	return bank->review.present ? bank->review.approvals : 1;
}

bool author_case_open(const struct author *a, const char *item, const char *text, struct author_case *ret, struct err *err)
{
	struct author_case c = {0};
	if (!author_load(a, NULL, &c.b, err))
		return false;
	c.item = bank_item(c.b.bank, item);
	bool ok = c.item ? record_read(a->workspace, c.item->id, &c.record, err)
	                 : err_set(err, ERR_NOT_FOUND, "the bank has no question '%.64s', or it has errors", item);
	if (ok) {
		item_text_hash(c.b.bank, c.item, c.text);
		record_state(&c.record, c.text, needed(c.b.bank), &c.state);
		ok = !text || strcmp(text, c.text) == 0 || err_set(err, ERR_CONFLICT, "%s has changed since you looked at it", item);
	}
	if (!ok) {
		author_case_close(&c);
		return false;
	}
	*ret = c;
	return true;
}

void author_case_close(struct author_case *c)
{
	author_bank_finish(&c->b);
	record_finish(&c->record);
}

bool author_case_add(const struct author *a, struct author_case *c, enum record_did did, const struct author_words *words, struct err *err)
{
	struct record_entry e = {.at_ms = clock_wall_ms(),
	                         .by = a->by,
	                         .did = did,
	                         .response = (char *)words->response,
	                         .comment = (char *)words->comment,
	                         .despite = (char *)words->despite,
	                         .verdict = words->verdict};
	const struct record_entry *last = c->state.last;
	if (last && e.at_ms < last->at_ms) /* clocks differ; the order of what was done does not */
		e.at_ms = last->at_ms;
	memcpy(e.text, c->text, sizeof e.text);
	if (!record_append(a->workspace, c->item->id, &e, err))
		return false;
	record_finish(&c->record);
	if (!record_read(a->workspace, c->item->id, &c->record, err))
		return false;
	record_state(&c->record, c->text, needed(c->b.bank), &c->state);
	return true;
}

/* ---- Showing ---- */

static cJSON *entry_json(const struct record_entry *e, const char *text)
{
	char at[CLOCK_RFC3339_SIZE];
	cJSON *out = json_object();
	json_set_str(out, "at", clock_rfc3339(e->at_ms, at));
	json_set_str(out, "by", e->by);
	json_set_str(out, "did", record_did_names[e->did]);
	json_set_bool(out, "current", strcmp(e->text, text) == 0);
	json_set_str(out, "response", e->response);
	json_set(out, "agrees", e->verdict ? cJSON_CreateBool(e->verdict == VERDICT_AGREES) : cJSON_CreateNull());
	json_set_str(out, "comment", e->comment);
	json_set_str(out, "despite", e->despite);
	return out;
}

static cJSON *state_json(const struct author *a, const struct record *r, const struct record_state *s, const char *text)
{
	cJSON *out = json_object();
	json_set_str(out, "text", text);
	json_set_i64(out, "approvals", s->approvals);
	json_set_i64(out, "needed", s->needed);
	json_set_bool(out, "stale", s->stale);
	json_set_i64(out, "readers", s->readers);
	json_set_i64(out, "disagrees", s->disagrees);
	json_set_str(out, "submitted_by", s->submitted ? s->submitted->by : NULL);
	json_set_bool(out, "own", record_is_submitter(r, text, a->by));
	json_set_bool(out, "answered", record_has(r, text, DID_ANSWERED, a->by));
	json_set(out, "last", s->last ? entry_json(s->last, text) : cJSON_CreateNull());
	return out;
}

cJSON *author_review_of(const struct author *a, const struct bank *bank, const struct item *it)
{
	_cleanup_record_ struct record record = {0};
	struct record_state s;
	struct err ignored;
	char text[HASH_HEX_SIZE];
	if (!record_read(a->workspace, it->id, &record, &ignored)) /* the checker says what is wrong with it */
		record = (struct record){0};
	if (!record.n && !bank->review.present && item_status_is_drawn(it->status))
		return cJSON_CreateNull();
	item_text_hash(bank, it, text);
	record_state(&record, text, needed(bank), &s);
	return state_json(a, &record, &s, text);
}

static bool is_enough(const struct author_case *c)
{
	return c->state.approvals >= c->state.needed && !c->state.disagrees;
}

/* ---- What may be done ---- */

/* Whether this author has answered what no rule could mark, and not said yet whether it is what the rubric asks for. */
static bool waits_for_judgement(const struct author *a, const struct author_case *c)
{
	bool waits = false;
	for (size_t i = 0; i < c->record.n; i++) {
		const struct record_entry *e = &c->record.list[i];
		if (strcmp(e->text, c->text) == 0 && record_same_name(e->by, a->by) && (e->did == DID_ANSWERED || e->did == DID_JUDGED))
			waits = e->did == DID_ANSWERED && e->verdict == VERDICT_NONE;
	}
	return waits;
}

/* Whether somebody may do this now; `why` says what is in the way. */
static bool may(const struct author *a, const struct author_case *c, enum record_did did, struct err *why)
{
	enum item_status status = c->item->status;
	const char *id = c->item->id;
	bool guarded = c->b.bank->review.present && c->b.bank->review.required;
	switch (did) {
	case DID_SUBMITTED:
		if (status == ITEM_REVIEW && c->state.submitted)
			return err_set(why, ERR_CONFLICT, "%s is in review already", id);
		return true;
	case DID_APPROVED:
		if (status == ITEM_DRAFT || status == ITEM_RETIRED)
			return err_set(why, ERR_CONFLICT, "%s is %s: submit it for review first", id, item_status_names[status]);
		if (record_is_submitter(&c->record, c->text, a->by))
			return err_set(why, ERR_FORBIDDEN, "%s submitted this text of %s: somebody else approves it", a->by, id);
		if (record_has(&c->record, c->text, DID_APPROVED, a->by) && !c->state.disagrees)
			return err_set(why, ERR_CONFLICT, "%s has approved this text of %s already", a->by, id);
		if (c->item->task && !c->item->task->check_ids)
			return err_set(why, ERR_CONFLICT, "%s is a hands-on task without its proof: assay task test --write proves it", id);
		return true;
	case DID_RETURNED:
		return status != ITEM_DRAFT || err_set(why, ERR_CONFLICT, "%s is a draft already", id);
	case DID_JUDGED:
		if (!waits_for_judgement(a, c))
			return err_set(why, ERR_CONFLICT, "only an answer that no rule can mark is judged, once, by the one who gave it");
		return true;
	case DID_PRETESTED:
	case DID_ACTIVATED:
		if (status == (did == DID_ACTIVATED ? ITEM_ACTIVE : ITEM_PRETEST))
			return err_set(why, ERR_CONFLICT, "%s is %s already", id, item_status_names[status]);
		if (guarded && !is_enough(c))
			return err_set(why, ERR_CONFLICT,
			               c->state.disagrees ? "%s: a blind reader disagrees with the key, and nobody has answered that"
			                                  : "%s lacks approvals: the bank asks for %d of this text",
			               id, c->state.needed);
		return true;
	case DID_RETIRED:
		return status != ITEM_RETIRED || err_set(why, ERR_CONFLICT, "%s is retired already", id);
	case DID_COMMENTED:
		return true;
	default:
		return err_set(why, ERR_INVALID, "did: '%s' is not a decision", record_did_names[did]);
	}
}

static cJSON *may_json(const struct author *a, const struct author_case *c)
{
	cJSON *list = json_array();
	struct err ignored;
	for (int did = 0; did < RECORD_DIDS; did++)
		if (may(a, c, (enum record_did)did, &ignored))
			json_add_str(list, record_did_names[did]);
	return list;
}

static bool print_case(const struct author *a, const struct author_case *c, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *json = json_object();
	cJSON *entries = json_array();
	const struct item *it = c->item;
	for (size_t i = 0; i < c->record.n; i++)
		json_add(entries, entry_json(&c->record.list[i], c->text));
	json_set_str(json, "item", it->id);
	json_set_str(json, "title", it->title);
	json_set_str(json, "kind", item_kind_name(it->kind));
	json_set_str(json, "path", it->file);
	json_set_i64(json, "line", it->line);
	json_set_str(json, "status", item_status_names[it->status]);
	json_set_str(json, "you", a->by);
	json_set_bool(json, "proved", it->task && it->task->check_ids);
	json_set(json, "review", state_json(a, &c->record, &c->state, c->text));
	json_set(json, "entries", entries);
	json_set(json, "may", may_json(a, c));
	json_print(json, out);
	return buf_check(out, "the record", err);
}

bool author_review_json(struct author *a, const char *item, struct buf *out, struct err *err)
{
	_cleanup_author_case_ struct author_case c = {0};
	return author_case_open(a, item, NULL, &c, err) && print_case(a, &c, out, err);
}

/* ---- Decisions ---- */

struct decision {
	const char *item, *text;
	enum record_did did;
	struct author_words words;
};

static bool parse_words(const cJSON *body, struct decision *d, struct err *err)
{
	const cJSON *agrees = cJSON_GetObjectItemCaseSensitive(body, "agrees");
	const char **texts[] = {&d->words.comment, &d->words.despite};
	static const char *const names[] = {"comment", "despite"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!json_opt_str(body, "", names[i], RECORD_TEXT_MAX, texts[i], err))
			return false;
		if (*texts[i] && !str_trim(str_of(*texts[i])).len)
			*texts[i] = NULL;
	}
	if (agrees && !cJSON_IsNull(agrees) && !cJSON_IsBool(agrees))
		return err_set(err, ERR_INVALID, "agrees must be true or false");
	if (cJSON_IsBool(agrees))
		d->words.verdict = cJSON_IsTrue(agrees) ? VERDICT_AGREES : VERDICT_DISAGREES;
	if ((d->did == DID_JUDGED) != (d->words.verdict != VERDICT_NONE))
		return err_set(err, ERR_INVALID, "agrees belongs to did: judged, and to nothing else");
	if ((d->did == DID_RETURNED || d->did == DID_RETIRED || d->did == DID_COMMENTED) && !d->words.comment)
		return err_set(err, ERR_INVALID, "%s needs a comment that says why", record_did_names[d->did]);
	if (d->words.despite && d->did != DID_APPROVED)
		return err_set(err, ERR_INVALID, "despite belongs to an approval");
	return true;
}

static bool parse_decision(const cJSON *body, struct decision *ret, struct err *err)
{
	static const char *const keys[] = {"item", "text", "did", "comment", "despite", "agrees", NULL};
	struct decision d = {.did = RECORD_DIDS};
	const char *did;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "item", 64, &d.item, err) ||
	    !json_get_str(body, "", "text", HASH_HEX_SIZE, &d.text, err) || !json_get_str(body, "", "did", 20, &did, err))
		return false;
	for (int i = 0; i < RECORD_DIDS; i++)
		if (strcmp(did, record_did_names[i]) == 0)
			d.did = (enum record_did)i;
	if (d.did == RECORD_DIDS)
		return err_set(err, ERR_INVALID, "did: '%s' is not a decision", did);
	if (!parse_words(body, &d, err))
		return false;
	*ret = d;
	return true;
}

/* The status that follows, with the decision on record. */
static enum item_status status_after(const struct author_case *c, enum record_did did)
{
	switch (did) {
	case DID_SUBMITTED:
		return ITEM_REVIEW;
	case DID_RETURNED:
		return ITEM_DRAFT;
	case DID_PRETESTED:
		return ITEM_PRETEST;
	case DID_ACTIVATED:
		return ITEM_ACTIVE;
	case DID_RETIRED:
		return ITEM_RETIRED;
	case DID_APPROVED:
		return c->item->status == ITEM_REVIEW && is_enough(c) ? ITEM_APPROVED : c->item->status;
	default:
		return c->item->status;
	}
}

bool author_review_record(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	struct decision d;
	_cleanup_author_case_ struct author_case c = {0}, after = {0};
	if (!parse_decision(body, &d, err) || !author_case_open(a, d.item, d.text, &c, err) || !may(a, &c, d.did, err))
		return false;
	if (d.did == DID_APPROVED && c.state.disagrees && !d.words.despite)
		return err_set(err, ERR_CONFLICT, "a blind reader disagrees with the key of %s: an approval says why it is right (despite)",
		               d.item);
	if (!author_case_add(a, &c, d.did, &d.words, err))
		return false;
	if (!status_field_write(a->workspace, c.item, status_after(&c, d.did), err))
		return err_prefix(err, "it is on record, but the status of %s is as it was", d.item);
	return author_look(a, err) && author_case_open(a, d.item, NULL, &after, err) && print_case(a, &after, out, err);
}
