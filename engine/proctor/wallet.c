/* Certificates as JSON: the holder's wallet, the page for those who hire, the bundle, the operator's list. See certificate.h; the shapes
 * are in docs/openapi.yaml. */
#include "credential/badge.h"
#include "credential/bundle.h"
#include "proctor/certify.h"
#include "proctor/log.h"
#include "proctor/task.h"
#include "proctor/verify.h"
#include <stdio.h>
#include <time.h>

#define SOON_MS (60 * MS_DAY) /* what cannot be renewed is reminded of that long before its end */
#define REPLAYS_MAX 64

static void set_time(cJSON *o, const char *key, int64_t ms)
{
	char time[CLOCK_RFC3339_SIZE];
	json_set_str(o, key, ms ? clock_rfc3339(ms, time) : NULL);
}

static void set_opt(cJSON *o, const char *key, const char *text)
{
	json_set_str(o, key, *text ? text : NULL);
}

static void set_format(cJSON *o, const char *key, const char *base, const char *fmt, const char *id)
{
	_cleanup_buf_ struct buf text = BUF(1024);
	buf_adds(&text, base);
	for (; *fmt; fmt++)
		if (*fmt == '*')
			buf_adds(&text, id);
		else
			buf_addc(&text, *fmt);
	json_set_str(o, key, text.p);
}

/* ---- What people do with it ---- */

/* RFC 3986, section 2.3. */
static void add_escaped(struct buf *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._~", *p))
			buf_addc(out, (char)*p);
		else
			buf_addf(out, "%%%02X", *p);
}

static void add_month(struct buf *out, const char *prefix, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm t;
	gmtime_r(&seconds, &t);
	if (ms)
		buf_addf(out, "&%sYear=%d&%sMonth=%d", prefix, t.tm_year + 1900, prefix, t.tm_mon + 1);
}

static void set_linkedin(cJSON *links, const struct certificate_row *row, const struct issuer *issuer)
{
	_cleanup_buf_ struct buf url = BUF(8192);
	buf_adds(&url, "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=");
	add_escaped(&url, row->title);
	buf_adds(&url, "&organizationName=");
	add_escaped(&url, issuer->name);
	add_month(&url, "issue", row->awarded_ms);
	add_month(&url, "expiration", row->valid_until_ms);
	if (issuer->base_url) {
		_cleanup_free_ char *page = xasprintf("%s/verify/%s", issuer->base_url, row->id);
		buf_adds(&url, "&certUrl=");
		add_escaped(&url, page);
	}
	buf_addf(&url, "&certId=%s", row->id);
	json_set_str(links, "linkedin", url.p);
}

static cJSON *links_json(const struct certificate_row *row, const struct issuer *issuer)
{
	static const char *const links[][2] = {{"verify", "/verify/*"},
	                                       {"json", "/credentials/*"},
	                                       {"png", "/credentials/*/badge.png"},
	                                       {"svg", "/credentials/*/badge.svg"},
	                                       {"pdf_a4", "/credentials/*/certificate.pdf?paper=a4"},
	                                       {"pdf_letter", "/credentials/*/certificate.pdf?paper=letter"},
	                                       {"bundle", "/credentials/*/bundle.json"},
	                                       {"embed", "/credentials/*/embed"}};
	cJSON *o = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		set_format(o, links[i][0], issuer->base_url ? issuer->base_url : "", links[i][1], row->id);
	set_linkedin(o, row, issuer);
	return o;
}

static void add_day(struct buf *out, int64_t ms)
{
	static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
	                                     "July",    "August",   "September", "October", "November", "December"};
	time_t seconds = (time_t)(ms / 1000);
	struct tm t;
	gmtime_r(&seconds, &t);
	buf_addf(out, "%d %s %d", t.tm_mday, months[t.tm_mon], t.tm_year + 1900);
}

/* For a CV. */
static void set_line(cJSON *o, const struct certificate_row *row, const struct issuer *issuer)
{
	_cleanup_buf_ struct buf line = BUF(4096);
	buf_addf(&line, "%s, %s, ", row->title, issuer->name);
	add_day(&line, row->awarded_ms);
	if (row->valid_until_ms) {
		buf_adds(&line, ", valid until ");
		add_day(&line, row->valid_until_ms);
	}
	if (issuer->base_url)
		buf_addf(&line, ", %s/verify/%s", issuer->base_url, row->id);
	else
		buf_addf(&line, ", certificate %s", row->id);
	json_set_str(o, "line", line.p);
}

/* ---- One certificate ---- */

static cJSON *renew_json(const struct certificate_row *row, int64_t now_ms)
{
	if (!*row->renew_exam || row->state != CERTIFICATE_VALID || *row->renewed_by)
		return cJSON_CreateNull();
	_cleanup_free_ char *exam = xasprintf("%s/%s", row->bank_id, row->renew_exam);
	cJSON *o = json_object();
	json_set_str(o, "exam", exam);
	set_time(o, "opens_at", row->renew_opens_ms);
	set_time(o, "closes_at", row->valid_until_ms);
	json_set_str(o, "state", now_ms < row->renew_opens_ms ? "later" : now_ms < row->valid_until_ms ? "open" : "over");
	json_set_str(o, "extends", row->renew_expiry ? "expiry" : "pass");
	return o;
}

static cJSON *certificate_json(const struct certificate_row *row, const cJSON *credential, const struct issuer *issuer, int64_t now_ms)
{
	cJSON *o = json_object();
	_cleanup_free_ char *exam = xasprintf("%s/%s", row->bank_id, row->exam);
	json_set_str(o, "id", row->id);
	json_set_str(o, "exam", exam);
	json_set_str(o, "title", row->title);
	json_set_str(o, "attempt", row->attempt_id);
	json_set_str(o, "state", certificate_state_name(row, now_ms));
	set_opt(o, "reason", row->reason);
	set_opt(o, "name", row->name);
	set_time(o, "issued_at", row->issued_ms);
	set_time(o, "valid_from", row->awarded_ms);
	set_time(o, "valid_until", row->valid_until_ms);
	json_set(o, "renew", renew_json(row, now_ms));
	set_opt(o, "renewed_by", row->renewed_by);
	set_opt(o, "superseded_by", row->superseded_by);
	set_opt(o, "supersedes", row->supersedes_id);
	json_set_bool(o, "shared", row->shared);
	json_set_bool(o, "replay_shared", row->replay_shared);
	json_set_bool(o, "hidden", row->hidden);
	json_set(o, "score", badge_scores(credential));
	json_set(o, "links", links_json(row, issuer));
	set_line(o, row, issuer);
	return o;
}

bool certificate_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_certificate_public_ struct certificate_public c = {0};
	_cleanup_json_ cJSON *credential = NULL, *o = NULL;
	const struct issuer *issuer;
	if (!certificate_public(pr, rd, who, id, &c, err))
		return false;
	if (!c.holder_view)
		return err_set(err, ERR_NOT_FOUND, "there is no such certificate, or it is not shared");
	if (!json_parse(c.bytes, &credential, err) || !issuer_get(pr, &issuer, err))
		return false;
	o = certificate_json(&c.row, credential, issuer, proctor_wall_ms(pr));
	json_set(o, "credential", take_ptr(credential));
	json_print(o, out);
	return buf_check(out, "the certificate", err);
}

/* ---- The wallet ---- */

struct wallet {
	int64_t now_ms;
	const struct issuer *issuer;
	struct certificate_rows rows;
	cJSON *list, *reminders;
};

/* What runs out soon: how to renew it, or that it can only be earned again. */
static void remind(struct wallet *w, const struct certificate_row *row)
{
	bool renewable = *row->renew_exam != 0;
	int64_t from_ms = renewable ? row->renew_opens_ms : row->valid_until_ms - SOON_MS;
	if (row->state != CERTIFICATE_VALID || *row->renewed_by || row->hidden || !row->valid_until_ms || w->now_ms < from_ms ||
	    w->now_ms >= row->valid_until_ms || !certificate_rows_latest(&w->rows, row))
		return;
	_cleanup_buf_ struct buf text = BUF(2048);
	_cleanup_free_ char *exam = xasprintf("%s/%s", row->bank_id, renewable ? row->renew_exam : row->exam);
	buf_addf(&text, "\"%s\" runs out on ", row->title);
	add_day(&text, row->valid_until_ms);
	buf_adds(&text, renewable ? ". Pass its renewal exam before then." : ". It has no renewal: pass the exam again.");
	cJSON *o = json_object();
	json_set_str(o, "certificate", row->id);
	json_set_str(o, "exam", exam);
	json_set_str(o, "text", text.p);
	set_time(o, "opens_at", renewable ? row->renew_opens_ms : 0);
	set_time(o, "closes_at", row->valid_until_ms);
	json_add(w->reminders, o);
}

static bool take(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	struct wallet *w = arg;
	_cleanup_json_ cJSON *credential = NULL;
	if (!json_parse(body, &credential, err))
		return err_prefix(err, "certificate %s", row->id);
	json_add(w->list, certificate_json(row, credential, w->issuer, w->now_ms));
	return certificate_rows_take(&w->rows, row, body, err);
}

bool certificate_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_json_ cJSON *o = json_object();
	struct wallet w = {.now_ms = proctor_wall_ms(pr), .list = json_array(), .reminders = json_array()};
	json_set(o, "certificates", w.list);
	json_set(o, "reminders", w.reminders);
	bool ok = issuer_get(pr, &w.issuer, err) && store_certificate_each(rd, who->account, NULL, take, &w, err);
	for (size_t i = 0; ok && i < w.rows.n; i++)
		remind(&w, &w.rows.list[i]);
	certificate_rows_finish(&w.rows);
	if (!ok)
		return false;
	json_print(o, out);
	return buf_check(out, "the certificates", err);
}

/* ---- The result's page ---- */

struct of_result {
	int64_t now_ms;
	cJSON *newest;
};

static bool take_newest(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	(void)err;
	struct of_result *r = arg;
	if (row->state == CERTIFICATE_SUPERSEDED || row->state == CERTIFICATE_WITHDRAWN)
		return true;
	cJSON_Delete(r->newest);
	r->newest = json_object();
	json_set_str(r->newest, "id", row->id);
	json_set_str(r->newest, "state", certificate_state_name(row, r->now_ms));
	return true;
}

bool certificate_of_result(struct proctor *pr, struct store *rd, int64_t attempt, cJSON *result, struct err *err)
{
	struct of_result r = {.now_ms = proctor_wall_ms(pr)};
	bool ok = store_certificate_of_attempt(rd, attempt, take_newest, &r, err);
	if (ok && r.newest)
		json_set(result, "certificate", take_ptr(r.newest));
	cJSON_Delete(r.newest);
	return ok;
}

/* ---- For those who hire ---- */

/* The recordings of its hands-on work. */
static bool replay_json(struct proctor *pr, struct store *rd, const struct certificate_row *row, cJSON **ret, struct err *err)
{
	struct attempt_row attempt;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	if (!store_attempt_get(rd, row->attempt_id, &attempt, err) || !form_cache_get(pr, rd, &attempt, &fe, err))
		return false;
	cJSON *list = json_array();
	int n = 0;
	for (size_t i = 0; i < fe->form->n_items && cJSON_GetArraySize(list) < REPLAYS_MAX; i++) {
		const struct form_item *fi = &fe->form->items[i];
		if (fi->item->kind != ITEM_TASK || fi->unscored)
			continue;
		n++;
		bool told = fe->bp->explanations && fi->item->title;
		for (int shell = 1; shell <= TASK_SHELLS_MAX; shell++) {
			_cleanup_free_ char *path = recording_path_of(pr, row->attempt_id, (int)i, shell);
			if (access(path, R_OK) != 0)
				continue;
			_cleanup_free_ char *title = told ? xstrdup(fi->item->title) : xasprintf("Hands-on task %d", n);
			_cleanup_free_ char *href = xasprintf("/credentials/%s/replay/%s/%d", row->id, fi->id, shell);
			cJSON *o = json_object();
			json_set_str(o, "task", fi->id);
			json_set_str(o, "title", title);
			json_set_i64(o, "shell", shell);
			json_set_str(o, "href", href);
			json_add(list, o);
		}
	}
	*ret = list;
	return true;
}

static cJSON *issuer_json(const struct issuer *issuer)
{
	cJSON *o = json_object(), *colours = json_object();
	json_set_str(o, "name", issuer->name);
	json_set_str(o, "url", issuer->url);
	set_opt(colours, "background", issuer->style.background);
	set_opt(colours, "ink", issuer->style.ink);
	set_opt(colours, "accent", issuer->style.accent);
	json_set(o, "colours", colours);
	json_set_bool(o, "logo", issuer->style.logo.len > 0);
	return o;
}

/* The report of checks, as everybody's verifier makes it. */
static bool report_json(struct proctor *pr, struct store *rd, const struct caller *who, const struct certificate_public *c, cJSON **ret,
                        struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(2 * CERTIFICATE_BYTES_MAX);
	return verify_for_others(pr, rd, who, c->bytes, &text, err) && json_parse(buf_str(&text), ret, err);
}

bool certificate_page_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, bool *ret_shared,
                           struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_certificate_public_ struct certificate_public c = {0};
	_cleanup_json_ cJSON *credential = NULL, *report = NULL, *replay = NULL, *o = json_object();
	const struct issuer *issuer;
	if (!certificate_public(pr, rd, who, id, &c, err) || !json_parse(c.bytes, &credential, err) || !issuer_get(pr, &issuer, err) ||
	    !report_json(pr, rd, who, &c, &report, err))
		return false;
	if ((c.row.replay_shared || c.holder_view) && !replay_json(pr, rd, &c.row, &replay, err))
		return false;
	json_set(o, "credential", take_ptr(credential));
	json_set(o, "report", take_ptr(report));
	json_set_str(o, "state", certificate_state_name(&c.row, proctor_wall_ms(pr)));
	set_opt(o, "superseded_by", c.row.superseded_by);
	json_set(o, "replay", replay ? take_ptr(replay) : cJSON_CreateNull());
	json_set(o, "issuer", issuer_json(issuer));
	json_set_bool(o, "holder_view", c.holder_view);
	json_set_bool(o, "shared", c.row.shared);
	json_print(o, out);
	*ret_shared = c.row.shared;
	return buf_check(out, "the certificate", err);
}

/* What is not there (yet) is left empty: a server without an address has neither a DID document nor lists, and what was just logged is
 * in no signed checkpoint. */
static bool may_lack(bool ok, const struct err *inner, struct buf *part, struct err *err)
{
	if (ok)
		return true;
	buf_clear(part);
	return inner->code == ERR_BUSY || inner->code == ERR_NOT_FOUND ? true : err_set(err, inner->code, "%s", inner->msg);
}

bool certificate_bundle_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, bool *ret_shared,
                             struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_certificate_public_ struct certificate_public c = {0};
	_cleanup_buf_ struct buf did = BUF(CERTIFICATE_BYTES_MAX), list = BUF(8u << 20), proof = BUF(1u << 16);
	char vkey[512];
	struct err inner = {0};
	if (!certificate_public(pr, rd, who, id, &c, err) || !log_vkey(pr, vkey, sizeof vkey, err) ||
	    !may_lack(keys_did_json(pr, rd, &did, &inner), &inner, &did, err) ||
	    !may_lack(status_list_json(pr, rd, c.row.status_list, &list, &inner), &inner, &list, err) ||
	    !may_lack(log_proof(pr, rd, c.row.log_index, &proof, &inner), &inner, &proof, err))
		return false;
	const struct bundle_parts parts = {.credential = c.bytes,
	                                   .did_document = buf_str(&did),
	                                   .status_list = buf_str(&list),
	                                   .log_proof = buf_str(&proof),
	                                   .log_key = str_of(vkey),
	                                   .made_ms = proctor_wall_ms(pr)};
	*ret_shared = c.row.shared;
	return bundle_write(&parts, out, err);
}

/* ---- For the operator ---- */

struct everyone {
	struct store *st;
	const char *account; /* or NULL */
	int64_t now_ms;
	cJSON *list;
};

static bool take_any(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	struct everyone *e = arg;
	struct account_row account;
	if (!store_account_get(e->st, row->account, &account, err))
		return false;
	if (e->account && strcmp(e->account, account.name) != 0)
		return true;
	_cleanup_free_ char *exam = xasprintf("%s/%s", row->bank_id, row->exam);
	cJSON *o = json_object();
	json_set_str(o, "id", row->id);
	json_set_str(o, "account", account.name);
	json_set_str(o, "exam", exam);
	json_set_str(o, "title", row->title);
	json_set_str(o, "attempt", row->attempt_id);
	json_set_str(o, "state", row->state == CERTIFICATE_WITHDRAWN ? "withdrawn" : certificate_state_name(row, e->now_ms));
	set_opt(o, "reason", row->reason);
	set_opt(o, "name", row->name);
	set_time(o, "issued_at", row->issued_ms);
	set_time(o, "valid_from", row->awarded_ms);
	set_time(o, "valid_until", row->valid_until_ms);
	set_opt(o, "renewed_by", row->renewed_by);
	set_opt(o, "superseded_by", row->superseded_by);
	json_set_bool(o, "shared", row->shared);
	json_set_i64(o, "log_index", row->log_index);
	json_set_str(o, "sha256", row->sha256);
	json_add(e->list, o);
	return true;
}

bool certificate_all_json(struct proctor *pr, struct store *rd, const char *account, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *o = json_object();
	struct everyone e = {rd, account, proctor_wall_ms(pr), json_array()};
	struct certificate_waiting waiting;
	json_set(o, "certificates", e.list);
	if (!store_certificate_all(rd, take_any, &e, err) || !store_certificate_waiting(rd, e.now_ms, &waiting, err))
		return false;
	json_set_i64(o, "waiting", waiting.n);
	set_opt(o, "why", waiting.why);
	json_print(o, out);
	return buf_check(out, "the certificates", err);
}
