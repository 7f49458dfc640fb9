/* A proctor over the fixture bank, in a folder of its own, with a clock that the test turns. */
#pragma once
#include "../test.h"

#include "base/file.h"
#include "proctor/internal.h"
#include <ftw.h>
#include <stdio.h>

#define LOCAL ((struct caller){.account = ACCOUNT_LOCAL, .role = ROLE_OPERATOR})

/* ---- The clock ---- */

static int64_t kit_wall = INT64_C(1795000000000), kit_mono = 5000, kit_boot = 5000;
static int64_t kit_wall_ms(void)
{
	return kit_wall;
}
static int64_t kit_mono_ms(void)
{
	return kit_mono;
}
static int64_t kit_boot_ms(void)
{
	return kit_boot;
}
static struct proctor_clock kit_clock = {kit_wall_ms, kit_mono_ms, kit_boot_ms, "boot-1"};

/* The machine runs. */
static inline void pass(int64_t ms)
{
	kit_wall += ms;
	kit_mono += ms;
	kit_boot += ms;
}

/* The machine sleeps. */
static inline void sleep_ms(int64_t ms)
{
	kit_wall += ms;
	kit_boot += ms;
}

/* ---- The proctor ---- */

struct kit {
	char dir[64];
	struct proctor *pr;
	struct store *rd;
	struct proctor_config config;
	const char *banks[1];
	char bank[512];
};

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s: %s", err_name(err->code), err->msg);
}

static bool kit_put(void *arg, const void *version, struct err *err)
{
	struct proctor *pr = arg;
	struct store *wr = proctor_writer_store(pr);
	if (!store_begin(wr, err))
		return false;
	if (catalog_put(pr, wr, version, err) && store_commit(wr, err))
		return true;
	store_rollback(wr);
	return false;
}

static inline void kit_start(struct kit *k)
{
	struct err err;
	must(proctor_open(&k->config, &k->pr, &err), &err);
	must(catalog_poll(k->pr, kit_put, k->pr, &err), &err);
	must(proctor_reader(k->pr, &k->rd, &err), &err);
}

static inline void kit_stop(struct kit *k)
{
	store_close(k->rd);
	proctor_close(k->pr);
	k->rd = NULL;
	k->pr = NULL;
}

/* bank: its folder; NULL: the fixture. */
static inline void kit_open_bank(struct kit *k, const char *bank, bool enforce_retake)
{
	memset(k, 0, sizeof *k);
	snprintf(k->dir, sizeof k->dir, "/tmp/assay-test-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	if (bank)
		snprintf(k->bank, sizeof k->bank, "%s", bank);
	else
		snprintf(k->bank, sizeof k->bank, "%s/tests/fixtures/bank", getenv("ASSAY_SOURCE_ROOT"));
	k->banks[0] = k->bank;
	k->config = (struct proctor_config){
	    .data_dir = k->dir,
	    .bank_dirs = k->banks,
	    .n_bank_dirs = 1,
	    .params_program = getenv("ASSAY_PARAMS"),
	    .enforce_retake = enforce_retake,
	    .clock = &kit_clock,
	};
	kit_start(k);
}

static inline void kit_open_with(struct kit *k, bool enforce_retake)
{
	kit_open_bank(k, NULL, enforce_retake);
}

static inline void kit_open(struct kit *k)
{
	kit_open_with(k, false);
}

static inline void kit_close(struct kit *k)
{
	kit_stop(k);
	nftw(k->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- Requests: each in a transaction and a savepoint, as the writer runs them ---- */

struct reply {
	bool ok;
	struct err err;
	cJSON *json; /* NULL when it failed */
	char *text;
};

static inline void reply_finish(struct reply *r)
{
	cJSON_Delete(r->json);
	free(r->text);
}
#define _cleanup_reply_ __attribute__((cleanup(reply_finish)))

static inline void reply_take(struct reply *r, struct buf *out)
{
	if (!r->ok)
		return;
	struct err err;
	must(json_parse(buf_str(out), &r->json, &err), &err);
	r->text = buf_take(out, NULL);
}

#define WRITE(k, call)                                               \
	({                                                               \
		struct reply reply_ = {0};                                   \
		struct store *wr = proctor_writer_store((k)->pr);            \
		struct proctor *pr = (k)->pr;                                \
		struct err *err = &reply_.err;                               \
		_cleanup_buf_ struct buf out_ = BUF(JSON_OUT_MAX);           \
		struct buf *out = &out_;                                     \
		must(store_begin(wr, err) && store_savepoint(wr, err), err); \
		reply_.ok = (call) && store_release(wr, err);                \
		if (!reply_.ok) {                                            \
			store_rollback_savepoint(wr);                            \
			proctor_forget(pr);                                      \
		}                                                            \
		struct err commit_err_;                                      \
		must(store_commit(wr, &commit_err_), &commit_err_);          \
		reply_take(&reply_, &out_);                                  \
		(void)pr;                                                    \
		(void)out;                                                   \
		reply_;                                                      \
	})

#define READ(k, call)                                      \
	({                                                     \
		struct reply reply_ = {0};                         \
		struct store *rd = (k)->rd;                        \
		struct proctor *pr = (k)->pr;                      \
		struct err *err = &reply_.err;                     \
		_cleanup_buf_ struct buf out_ = BUF(JSON_OUT_MAX); \
		struct buf *out = &out_;                           \
		reply_.ok = (call);                                \
		reply_take(&reply_, &out_);                        \
		(void)pr;                                          \
		(void)rd;                                          \
		(void)err;                                         \
		reply_;                                            \
	})

static inline cJSON *json_of(const char *text)
{
	cJSON *v = NULL;
	struct err err;
	must(json_parse(str_of(text), &v, &err), &err);
	return v;
}

static inline struct reply begin_as(struct kit *k, const struct caller *who, const char *body)
{
	_cleanup_json_ cJSON *json = json_of(body);
	struct attempt_plan *plan = NULL;
	struct reply failed = {0};
	if (!attempt_plan(k->pr, k->rd, who, json, &plan, &failed.err))
		return failed;
	struct reply r = WRITE(k, attempt_begin(pr, wr, who, plan, out, err));
	attempt_plan_destroy(plan);
	return r;
}

static inline struct reply begin(struct kit *k, const char *body)
{
	struct caller who = LOCAL;
	return begin_as(k, &who, body);
}

static inline struct reply answer_as(struct kit *k, const struct caller *who, const char *attempt, const char *item, const char *body)
{
	_cleanup_json_ cJSON *json = json_of(body);
	return WRITE(k, attempt_answer(pr, wr, who, attempt, item, json, out, err));
}

static inline struct reply answer(struct kit *k, const char *attempt, const char *item, const char *body)
{
	struct caller who = LOCAL;
	return answer_as(k, &who, attempt, item, body);
}

static inline struct reply submit(struct kit *k, const char *attempt)
{
	struct caller who = LOCAL;
	return WRITE(k, attempt_submit(pr, wr, &who, attempt, out, err));
}

static inline struct reply show(struct kit *k, const char *attempt)
{
	struct caller who = LOCAL;
	return READ(k, attempt_show_json(pr, rd, &who, attempt, out, err));
}

static inline struct reply result(struct kit *k, const char *attempt, bool *pending)
{
	struct caller who = LOCAL;
	return READ(k, result_json(pr, rd, &who, attempt, pending, out, err));
}

/* The clock tends its attempts until nothing more is waiting. */
static inline void tick(struct kit *k)
{
	struct store *wr = proctor_writer_store(k->pr);
	struct err err = {0};
	int64_t wait = 0;
	for (int i = 0; i < 1000 && wait == 0; i++) {
		must(store_begin(wr, &err), &err);
		wait = proctor_tick(k->pr, wr, &err);
		must(store_commit(wr, &err), &err);
		assert_int_equal(err.code, ERR_NONE);
	}
}

/* ---- Reading replies: path("a.b.2.c") ---- */

static inline const cJSON *at(const cJSON *v, const char *path)
{
	struct str rest = str_of(path), key;
	while (v && str_next_field(&rest, '.', &key)) {
		_cleanup_free_ char *name = str_dup(key);
		int64_t index;
		v = cJSON_IsArray(v) && str_to_i64(key, 0, 1000000, &index) ? cJSON_GetArrayItem(v, (int)index)
		                                                            : cJSON_GetObjectItemCaseSensitive(v, name);
	}
	return v;
}

static inline const char *text_at(const struct reply *r, const char *path)
{
	const char *s = cJSON_GetStringValue(at(r->json, path));
	if (!s)
		fail_msg("no string at %s in %.2000s", path, r->text ? r->text : r->err.msg);
	return s;
}

static inline double number_at(const struct reply *r, const char *path)
{
	const cJSON *v = at(r->json, path);
	if (!cJSON_IsNumber(v))
		fail_msg("no number at %s in %.2000s", path, r->text ? r->text : r->err.msg);
	return v->valuedouble;
}

#define assert_fails(reply, with)                                        \
	do {                                                                 \
		assert_false((reply).ok);                                        \
		assert_string_equal(err_name((reply).err.code), err_name(with)); \
	} while (0)
#define assert_works(reply)                                                  \
	do {                                                                     \
		if (!(reply).ok)                                                     \
			fail_msg("%s: %s", err_name((reply).err.code), (reply).err.msg); \
	} while (0)

/* ---- The form behind an attempt: what a test knows and a candidate does not ---- */

static inline struct form_entry *form_of(struct kit *k, const char *attempt)
{
	struct attempt_row row;
	struct form_entry *fe;
	struct err err;
	must(store_attempt_get(k->rd, attempt, &row, &err) && form_cache_get(k->pr, k->rd, &row, &fe, &err), &err);
	return fe;
}

/* {"seq":SEQ,"response":RIGHT} for an item that has one right response. */
static inline char *right_body(const struct form_entry *fe, size_t index, int seq)
{
	_cleanup_json_ cJSON *feedback = json_object();
	_cleanup_buf_ struct buf text = BUF(100000);
	form_feedback_json(fe->form, index, NULL, feedback);
	buf_addf(&text, "{\"seq\":%d,\"response\":", seq);
	json_print(cJSON_GetObjectItemCaseSensitive(feedback, "key"), &text);
	buf_addc(&text, '}');
	return buf_take(&text, NULL);
}

/* Where the author's item stands on the form. */
static inline size_t index_of(const struct form_entry *fe, const char *author_id)
{
	for (size_t i = 0; i < fe->form->n_items; i++)
		if (strcmp(fe->form->items[i].item_id, author_id) == 0)
			return i;
	fail_msg("%s is not on the form", author_id);
	return 0;
}

/* Answers the first n items, each as it is right. */
static inline void answer_right(struct kit *k, const char *attempt, size_t n)
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, attempt);
	for (size_t i = 0; i < n && i < fe->form->n_items; i++) {
		_cleanup_free_ char *body = fe->form->items[i].item->kind == ITEM_ESSAY
		                                ? xstrdup("{\"seq\":1,\"response\":{\"text\":\"Because.\"}}")
		                                : right_body(fe, i, 1);
		_cleanup_reply_ struct reply r = answer(k, attempt, fe->form->items[i].id, body);
		assert_works(r);
	}
}

/* Begins and gives the attempt's id, which lives in `id`. */
static inline void begin_id(struct kit *k, const char *exam, const char *mode, char id[RNG_ID_SIZE])
{
	char body[200];
	snprintf(body, sizeof body, "{\"exam\":\"fixture/%s\",\"mode\":\"%s\"}", exam, mode);
	_cleanup_reply_ struct reply r = begin(k, body);
	assert_works(r);
	snprintf(id, RNG_ID_SIZE, "%s", text_at(&r, "id"));
}

/* The id of item `index` on the form. */
static inline void item_id(struct kit *k, const char *attempt, size_t index, char id[8])
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, attempt);
	assert_true(index < fe->form->n_items);
	memcpy(id, fe->form->items[index].id, 8);
}

/* The server dies without a last word, and is started again after `down_ms`. */
static inline void crash(struct kit *k, int64_t down_ms)
{
	store_close(k->rd);
	k->pr->beside = true; /* no last heartbeat */
	proctor_close(k->pr);
	kit_wall += down_ms;
	kit_boot += down_ms;
	kit_mono += down_ms; /* the machine runs on; a new process counts from whatever it finds */
	kit_start(k);
}

/* Adds an account and gives a caller for it. */
static inline struct caller someone(struct kit *k, const char *name, int extra_time_m)
{
	struct account_row row = {.role = ROLE_CANDIDATE, .extra_time_m = extra_time_m};
	struct err err;
	int64_t id;
	snprintf(row.name, sizeof row.name, "%s", name);
	must(store_account_add(proctor_writer_store(k->pr), &row, &id, &err), &err);
	return (struct caller){.account = id, .role = ROLE_CANDIDATE};
}
