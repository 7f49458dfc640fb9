/* Saving an answer: the hot path. One look-up in memory, the rules, one prepared INSERT, a reply written by hand. See proctor.h. */
#include "proctor/internal.h"
#include <stdio.h>

/* What a request says. Members that are absent keep what the item had. */
struct request {
	int64_t seq, spent_ms, confidence;
	bool flagged;
	const cJSON *response;
};

static bool parse(const cJSON *body, const struct live_item *item, struct request *ret, struct err *err)
{
	static const char *const keys[] = {"seq", "response", "flagged", "confidence", "spent_ms", NULL};
	*ret = (struct request){.spent_ms = item->spent_ms, .confidence = item->confidence, .flagged = item->flagged};
	if (!item->seq)
		ret->confidence = EVENT_NONE;
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object with seq and response");
	if (!json_only_keys(body, "", keys, err) || !json_get_i64(body, "", "seq", 1, SEQ_MAX, &ret->seq, err) ||
	    !json_opt_bool(body, "", "flagged", &ret->flagged, err) || !json_opt_i64(body, "", "confidence", 0, 100, &ret->confidence, err) ||
	    !json_opt_i64(body, "", "spent_ms", 0, SPENT_MAX_MS - 1, &ret->spent_ms, err))
		return false;
	ret->response = cJSON_GetObjectItemCaseSensitive(body, "response");
	if (!ret->response)
		return err_set(err, ERR_RESPONSE, "response is missing: null clears the answer");
	return true;
}

/* Study mode: what may be seen after this answer. An item that is also on a running exam of the same person keeps its secret. */
static bool add_study_feedback(struct proctor *pr, struct store *wr, const struct live *l, const struct form_entry *fe, int index,
                               const cJSON *response, struct buf *out, struct err *err)
{
	_cleanup_hidden_ struct hidden hidden = {0};
	if (!hidden_load(pr, wr, l->row.account, l->row.bank_id, &hidden, err))
		return false;
	if (hidden_has(&hidden, fe->form->items[index].item))
		return true;
	struct mark mark;
	mark_item(&fe->form->items[index], response, (enum partial_rule)fe->bp->partial, fe->bp->negative, &mark);
	buf_adds(out, ",\"feedback\":");
	add_feedback(fe, (size_t)index, &mark, out);
	return true;
}

static bool reply(struct proctor *pr, struct store *wr, const struct live *l, const struct form_entry *fe, int index, int64_t seq,
                  int64_t saved_at_ms, int64_t late_ms, const cJSON *response, struct buf *out, struct err *err)
{
	char time[CLOCK_RFC3339_SIZE];
	buf_addf(out, "{\"seq\":%lld,\"saved_at\":\"%s\"", (long long)seq, clock_rfc3339(saved_at_ms, time));
	if (late_ms)
		buf_addf(out, ",\"late_ms\":%lld", (long long)late_ms);
	if (l->row.study && !cJSON_IsNull(response) && !add_study_feedback(pr, wr, l, fe, index, response, out, err))
		return false;
	buf_addc(out, '}');
	return buf_check(out, "the reply", err);
}

/* A sequence number that is not above the last one: repeated, or stale. The stored response is what feedback is about. */
static bool repeat(struct proctor *pr, struct store *wr, const struct live *l, const struct form_entry *fe, int index,
                   const struct request *rq, struct buf *out, struct err *err)
{
	const struct live_item *item = &l->items[index];
	int64_t at_ms = item->saved_at_ms, late_ms = item->late_ms;
	_cleanup_buf_ struct buf body = BUF(ATTEMPT_BYTES_MAX);
	if (rq->seq < item->seq && !store_event_find(wr, l->row.key, index, rq->seq, SEQ_DEPTH, &at_ms, &late_ms, NULL, err))
		return false;
	if (!at_ms) {
		err_set(err, ERR_STALE_SEQ, "seq %lld is not the number of a saved answer, and a newer one is saved: %d", (long long)rq->seq,
		        item->seq);
		return err_add_i64(err, "seq", item->seq);
	}
	if (!l->row.study)
		return reply(pr, wr, l, fe, index, rq->seq, at_ms, late_ms, rq->response, out, err);
	_cleanup_json_ cJSON *stored = NULL;
	if (!store_event_find(wr, l->row.key, index, rq->seq, SEQ_DEPTH, &at_ms, &late_ms, &body, err))
		return false;
	if (body.len == 0)
		stored = cJSON_CreateNull();
	else if (!json_parse(buf_str(&body), &stored, err))
		return false;
	return reply(pr, wr, l, fe, index, rq->seq, at_ms, late_ms, stored, out, err);
}

static bool has_room(const struct live *l, size_t size, struct err *err)
{
	if (l->n_events < ATTEMPT_EVENTS_MAX && l->bytes + (int64_t)size <= ATTEMPT_BYTES_MAX)
		return true;
	return err_set(err, ERR_TOO_LARGE, "this attempt has as many answers as one may have (%d, or %d MiB)", ATTEMPT_EVENTS_MAX,
	               ATTEMPT_BYTES_MAX >> 20);
}

static bool save(struct proctor *pr, struct store *wr, struct live *l, int index, const struct request *rq, int64_t late_ms,
                 struct str bytes, int64_t *ret_at_ms, struct err *err)
{
	struct event e = {
	    .kind = EVENT_ANSWER,
	    .item = index,
	    .seq = rq->seq,
	    .late_ms = late_ms,
	    .flagged = rq->flagged,
	    .confidence = (int)rq->confidence,
	    .spent_ms = rq->spent_ms,
	    .body = bytes,
	};
	if (!live_append(pr, wr, l, &e, err))
		return false;
	l->items[index] = (struct live_item){
	    .saved_at_ms = e.at_ms,
	    .seq = (int32_t)rq->seq,
	    .spent_ms = (uint32_t)rq->spent_ms,
	    .late_ms = (uint32_t)late_ms,
	    .confidence = (int8_t)rq->confidence,
	    .flagged = rq->flagged,
	    .answered = bytes.p != NULL,
	};
	*ret_at_ms = e.at_ms;
	return true;
}

static bool answer(struct proctor *pr, struct store *wr, struct live *l, const struct form_entry *fe, int index, const cJSON *body,
                   struct buf *out, struct err *err)
{
	struct request rq;
	if (!parse(body, &l->items[index], &rq, err))
		return false;
	if (rq.seq <= l->items[index].seq)
		return repeat(pr, wr, l, fe, index, &rq, out, err);
	if (l->row.phase != PHASE_RUNNING)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	int64_t now = proctor_service_ms(pr), late_ms = 0, at_ms = 0;
	struct progress p = l->row.progress;
	progress_advance(&p, fe->form, l->row.extra_m, now);
	if (!progress_may_answer(&p, fe->form, (size_t)index, fe->bp->grace_ms, now, &late_ms, err) ||
	    !response_check(&fe->form->items[index], rq.response, err))
		return false;
	_cleanup_buf_ struct buf bytes = BUF(ATTEMPT_BYTES_MAX);
	if (!cJSON_IsNull(rq.response))
		response_encode(rq.response, &bytes);
	struct str stored = bytes.len ? buf_str(&bytes) : (struct str){NULL, 0};
	return buf_check(&bytes, "the response", err) && has_room(l, bytes.len, err) &&
	       save(pr, wr, l, index, &rq, late_ms, stored, &at_ms, err) &&
	       reply(pr, wr, l, fe, index, rq.seq, at_ms, late_ms, rq.response, out, err);
}

bool attempt_answer(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item,
                    const cJSON *body, struct buf *out, struct err *err)
{
	struct live *l;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	if (!live_get(pr, wr, who, attempt, &l, err) || !form_cache_get(pr, wr, &l->row, &fe, err))
		return false;
	int index = form_find(fe->form, item);
	if (index < 0)
		return err_set(err, ERR_NOT_ON_FORM, "item '%.40s' is not on the form of this attempt", item);
	return answer(pr, wr, l, fe, index, body, out, err);
}
