/* What may be done with a certificate: by its holder, by the operator, by a renewal; and who may see it. See certificate.h, certify.h. */
#include "proctor/certify.h"
#include "proctor/task.h"
#include <glib.h>
#include <stdio.h>

#define NAME_CHARACTERS_MAX 100
#define MARKS_MAX 6     /* combining marks on one letter */
#define REISSUES_MAX 50 /* of one attempt's, by its holder: each takes a place in a status list, for good */

static bool not_found(struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "there is no such certificate, or it is not shared");
}

/* ---- States and dates ---- */

const char *certificate_state_name(const struct certificate_row *row, int64_t now_ms)
{
	static const char *const names[] = {NULL, "revoked", "revoked", "suspended", "superseded", "revoked"};
	if (row->state != CERTIFICATE_VALID)
		return names[row->state];
	return now_ms < row->awarded_ms ? "not-yet" : row->valid_until_ms && now_ms >= row->valid_until_ms ? "expired" : "valid";
}

bool certificate_renewable(const struct certificate_row *row, int64_t began_ms)
{
	return *row->renew_exam && began_ms >= row->renew_opens_ms && began_ms < row->valid_until_ms;
}

/* ---- Several ---- */

bool certificate_rows_take(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	(void)err;
	struct certificate_rows *r = arg;
	r->list = xgrow(r->list, r->n, &r->cap, sizeof *r->list);
	r->list[r->n++] = *row;
	return true;
}

bool certificate_rows_latest(const struct certificate_rows *rows, const struct certificate_row *row)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct certificate_row *o = &rows->list[i];
		bool rival =
		    o->key != row->key && o->state == CERTIFICATE_VALID && strcmp(o->exam, row->exam) == 0 && strcmp(o->bank_id, row->bank_id) == 0;
		if (rival && (!o->valid_until_ms || o->valid_until_ms > row->valid_until_ms ||
		              (o->valid_until_ms == row->valid_until_ms && o->key > row->key)))
			return false;
	}
	return true;
}

/* ---- Words from outside ---- */

/* Letters, marks, numbers, punctuation, symbols and spaces of any script. What is not seen, or turns the text around, is refused; the two
 * joiners are letters' business in some scripts. */
static const char *unfit(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return "control characters and line ends";
	case G_UNICODE_FORMAT:
		return c == 0x200c || c == 0x200d ? NULL : "invisible characters, or such that change the direction of writing";
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
		return "characters that mean something else to everybody";
	default:
		return NULL;
	}
}

bool certificate_check_name(const char *name, char **ret, struct err *err)
{
	if (!str_is_utf8(str_of(name), NULL) || strlen(name) >= CERTIFICATE_NAME_SIZE)
		return err_set(err, ERR_INVALID, "a name has 1 to %d bytes of UTF-8", CERTIFICATE_NAME_SIZE - 1);
	g_autofree char *normal = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
	if (!normal || !*normal || strlen(normal) >= CERTIFICATE_NAME_SIZE)
		return err_set(err, ERR_INVALID, "a name has 1 to %d bytes of UTF-8", CERTIFICATE_NAME_SIZE - 1);
	bool letter = false;
	int n = 0, marks = 0;
	for (const char *p = normal; *p; p = g_utf8_next_char(p), n++) {
		gunichar c = g_utf8_get_char(p);
		const char *why = unfit(c);
		if (why)
			return err_set(err, ERR_INVALID, "a name has no %s (U+%04X)", why, (unsigned)c);
		letter |= g_unichar_isalpha(c);
		marks = g_unichar_ismark(c) ? marks + 1 : 0;
		if (marks > MARKS_MAX)
			return err_set(err, ERR_INVALID, "a letter of a name has at most %d marks", MARKS_MAX);
	}
	if (!letter || n > NAME_CHARACTERS_MAX)
		return err_set(err, ERR_INVALID, "a name has letters, and at most %d characters", NAME_CHARACTERS_MAX);
	if (g_unichar_isspace(g_utf8_get_char(normal)) || g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(normal + strlen(normal)))))
		return err_set(err, ERR_INVALID, "a name does not begin or end with a space");
	*ret = xstrdup(normal);
	return true;
}

bool certificate_check_reason(const char *reason, struct err *err)
{
	if (!reason || !*reason || strlen(reason) >= CERTIFICATE_REASON_SIZE || !str_is_utf8(str_of(reason), NULL))
		return err_set(err, ERR_INVALID, "a reason has 1 to %d bytes of UTF-8", CERTIFICATE_REASON_SIZE - 1);
	for (const char *p = reason; *p; p = g_utf8_next_char(p))
		if (unfit(g_utf8_get_char(p)))
			return err_set(err, ERR_INVALID, "a reason has no %s", unfit(g_utf8_get_char(p)));
	return true;
}

/* ---- The holder ---- */

/* The caller's own, as it is; withdrawn ones are gone. */
static bool own(struct store *st, const struct caller *who, const char *id, struct certificate_row *ret, struct err *err)
{
	struct certificate_row row;
	struct err inner;
	if (!store_certificate_get(st, id, &row, NULL, &inner))
		return inner.code == ERR_NOT_FOUND ? not_found(err) : err_set(err, inner.code, "%s", inner.msg);
	if (row.account != who->account || row.state == CERTIFICATE_WITHDRAWN)
		return not_found(err);
	*ret = row;
	return true;
}

bool certificate_change(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body, struct buf *out,
                        struct err *err)
{
	static const char *const keys[] = {"shared", "replay_shared", "hidden", NULL};
	struct certificate_row row;
	if (!own(wr, who, id, &row, err))
		return false;
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object with what is to change");
	if (!json_only_keys(body, "", keys, err) || !json_opt_bool(body, "", "shared", &row.shared, err) ||
	    !json_opt_bool(body, "", "replay_shared", &row.replay_shared, err) || !json_opt_bool(body, "", "hidden", &row.hidden, err))
		return false;
	/* Those that it superseded say the same of the same person: what is taken back is taken back of them, too. */
	return store_certificate_flags(wr, row.key, row.shared, row.replay_shared, row.hidden, err) &&
	       store_certificate_hide_before(wr, row.key, row.shared, row.replay_shared, err) &&
	       certificate_show_json(pr, wr, who, id, out, err);
}

static bool count_one(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)row;
	(void)body;
	(void)err;
	++*(int *)arg;
	return true;
}

static bool may_reissue(struct store *wr, const struct certificate_row *row, struct err *err)
{
	int n = 0;
	if (!store_certificate_of_attempt(wr, row->attempt, count_one, &n, err))
		return false;
	return n < REISSUES_MAX ? true : err_set(err, ERR_CONFLICT, "this certificate was issued again %d times: ask the operator", n - 1);
}

bool certificate_name(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body, struct buf *out,
                      struct err *err)
{
	static const char *const keys[] = {"name", NULL};
	struct certificate_row row;
	const char *name = NULL;
	char now[CERTIFICATE_ID_SIZE];
	if (!own(wr, who, id, &row, err))
		return false;
	if (!cJSON_GetObjectItemCaseSensitive(body, "name"))
		return err_set(err, ERR_INVALID, "the body must be an object with the name, or null");
	return json_only_keys(body, "", keys, err) && json_opt_str(body, "", "name", CERTIFICATE_NAME_SIZE - 1, &name, err) &&
	       may_reissue(wr, &row, err) && certificate_rename(pr, wr, id, name, now, err) &&
	       certificate_show_json(pr, wr, who, now, out, err);
}

/* Those that it superseded hold the same person's name: they go with it. */
bool certificate_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct err *err)
{
	struct certificate_row row;
	if (!own(wr, who, id, &row, err))
		return false;
	for (;;) {
		/* Also of one that was revoked before: the audit wants to know why its bytes are gone. */
		if (!certify_set_state(pr, wr, &row, CERTIFICATE_WITHDRAWN, NULL, err) || !store_certificate_withdraw(wr, row.key, err))
			return false;
		if (!row.supersedes)
			return true;
		if (!store_certificate_by_key(wr, row.supersedes, &row, NULL, err))
			return false;
	}
}

/* ---- The operator ---- */

bool certificate_set_status(struct proctor *pr, struct store *wr, const char *id, enum certificate_state state, const char *reason,
                            struct err *err)
{
	struct certificate_row row;
	if (!store_certificate_get(wr, id, &row, NULL, err) || (reason && !certificate_check_reason(reason, err)))
		return false;
	if (row.state != CERTIFICATE_VALID && row.state != CERTIFICATE_SUSPENDED)
		return err_set(err, ERR_CONFLICT, "this certificate is %s already, for good",
		               row.state == CERTIFICATE_SUPERSEDED  ? "superseded"
		               : row.state == CERTIFICATE_WITHDRAWN ? "withdrawn"
		                                                    : "revoked");
	if (state == row.state)
		return err_set(err, ERR_CONFLICT, "this certificate is %s already", state == CERTIFICATE_VALID ? "valid" : "suspended");
	return certify_set_state(pr, wr, &row, state, state == CERTIFICATE_VALID ? NULL : reason, err);
}

bool certificate_rename(struct proctor *pr, struct store *wr, const char *id, const char *name, char ret_id[CERTIFICATE_ID_SIZE],
                        struct err *err)
{
	struct certificate_row row, now;
	_cleanup_free_ char *normal = NULL;
	int64_t key;
	if (!store_certificate_get(wr, id, &row, NULL, err) || (name && !certificate_check_name(name, &normal, err)))
		return false;
	if (strcmp(normal ? normal : "", row.name) == 0)
		return err_set(err, ERR_CONFLICT, "the certificate has this name already");
	if (!certify_rename(pr, wr, &row, normal, &key, err) || !store_certificate_by_key(wr, key, &now, NULL, err))
		return false;
	if (!normal && !store_certificate_hide_before(wr, key, false, false, err)) /* they hold the name that was taken off */
		return false;
	snprintf(ret_id, CERTIFICATE_ID_SIZE, "%s", now.id);
	return true;
}

/* ---- Renewal and retakes ---- */

struct renewing {
	int64_t now_ms;
	bool open, any;
	int64_t opens_ms, closed_ms; /* the soonest that is to come, the latest that is over; 0: none */
	char title[512];             /* of the one that is over */
};

static void look_at(struct renewing *r, const struct certificate_row *row)
{
	r->any = true;
	r->open |= certificate_renewable(row, r->now_ms);
	if (r->now_ms < row->renew_opens_ms && (!r->opens_ms || row->renew_opens_ms < r->opens_ms))
		r->opens_ms = row->renew_opens_ms;
	if (r->now_ms >= row->valid_until_ms && row->valid_until_ms > r->closed_ms) {
		r->closed_ms = row->valid_until_ms;
		snprintf(r->title, sizeof r->title, "%s", row->title);
	}
}

bool renewal_check(struct proctor *pr, struct store *st, int64_t account, const struct bank *bank, const struct blueprint *bp,
                   struct err *err)
{
	struct renewing r = {.now_ms = proctor_wall_ms(pr)};
	_cleanup_rows_ struct certificate_rows all = {0};
	char time[CLOCK_RFC3339_SIZE];
	if (!store_certificate_each(st, account, bank->id, certificate_rows_take, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		const struct certificate_row *row = &all.list[i];
		if (row->state == CERTIFICATE_VALID && !*row->renewed_by && strcmp(row->renew_exam, bp->id) == 0 &&
		    certificate_rows_latest(&all, row))
			look_at(&r, row);
	}
	if (r.open)
		return true;
	if (r.opens_ms) {
		err_set(err, ERR_RETAKE, "it is too early to renew: this exam can be taken from %s on", clock_rfc3339(r.opens_ms, time));
		return err_add_str(err, "next_at", time);
	}
	if (r.any)
		return err_set(err, ERR_NOT_OFFERED, "the certificate has expired at %s and cannot be renewed any more: take \"%.200s\" again",
		               clock_rfc3339(r.closed_ms, time), r.title);
	return err_set(err, ERR_NOT_OFFERED, "this exam renews a certificate, and you have none that it renews");
}

struct last_pass {
	const char *exam;
	int64_t awarded_ms;
};

static bool take_pass(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	(void)err;
	struct last_pass *p = arg;
	bool counts = row->state == CERTIFICATE_VALID || row->state == CERTIFICATE_SUSPENDED;
	if (counts && strcmp(row->exam, p->exam) == 0 && row->awarded_ms > p->awarded_ms)
		p->awarded_ms = row->awarded_ms;
	return true;
}

bool certificate_last_pass(struct store *st, int64_t account, const char *bank_id, const char *exam, int64_t *ret_ms, struct err *err)
{
	struct last_pass p = {.exam = exam};
	if (!store_certificate_each(st, account, bank_id, take_pass, &p, err))
		return false;
	*ret_ms = p.awarded_ms;
	return true;
}

/* ---- Who may see it ---- */

/* One answer for what does not exist and for what is not shared, in the same time. */
static bool may_see(struct store *rd, const struct caller *who, const char *id, bool replay, bool *ret_shared, struct err *err)
{
	struct certificate_access a = {0};
	bool found;
	if (!store_certificate_access(rd, id, &a, &found, err))
		return false;
	bool shared = a.shared && (!replay || a.replay_shared), own_one = who->account && a.account == who->account;
	*ret_shared = shared;
	return found && a.state != CERTIFICATE_WITHDRAWN && (shared || own_one || who->role >= ROLE_EXAMINER) ? true : not_found(err);
}

bool certificate_public(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct certificate_public *ret,
                        struct err *err)
{
	const struct issuer *issuer;
	bool shared;
	_cleanup_buf_ struct buf bytes = BUF(CERTIFICATE_BYTES_MAX);
	if (!may_see(rd, who, id, false, &shared, err) || !store_certificate_get(rd, id, &ret->row, &bytes, err) ||
	    !issuer_get(pr, &issuer, err))
		return false;
	if (issuer->base_url)
		snprintf(ret->link, sizeof ret->link, "%s/verify/%s#sha256=%s", issuer->base_url, ret->row.id, ret->row.sha256);
	else
		snprintf(ret->link, sizeof ret->link, "urn:uuid:%s#sha256=%s", ret->row.id, ret->row.sha256);
	ret->holder_view = ret->row.account == who->account;
	ret->bytes.p = buf_take(&bytes, &ret->bytes.len);
	return true;
}

void certificate_public_finish(struct certificate_public *c)
{
	free((char *)c->bytes.p);
}

bool certificate_replay_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, const char *item, int shell,
                             bool *ret_shared, int *ret_fd, int64_t *ret_size, struct err *err)
{
	struct certificate_row row;
	struct err inner;
	if (!may_see(rd, who, id, true, ret_shared, err) || !store_certificate_get(rd, id, &row, NULL, err))
		return false;
	struct caller holder = {.account = row.account, .role = ROLE_CANDIDATE};
	if (task_recording_open(pr, rd, &holder, row.attempt_id, item, shell, ret_fd, ret_size, &inner))
		return true;
	bool none = inner.code == ERR_NOT_FOUND || inner.code == ERR_NOT_ON_FORM;
	return none ? err_set(err, ERR_NOT_FOUND, "there is no such recording") : err_set(err, inner.code, "%s", inner.msg);
}
