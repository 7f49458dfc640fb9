/* Grading one task: talks with the grader's process until it is done, and answers its questions. See grade.h.
 *
 * What the process says is bounded and checked here: it runs a program that nobody has reviewed. Whatever happens, each declared check has
 * an outcome in the end, and those that nobody has settled are ungraded. */
#include "graders/client/grade.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/grader_library.h"
#include "graders/client/internal.h"
#include "graders/client/say.h"
#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define CPU_MS 10000
#define WALL_MS 30000
#define MEMORY_MIB 64
#define POINTS_M_MAX 1000000 /* of one check; lib/check.lua says the same */
#define DECLARE_CPU_MS 1000
#define DECLARE_WALL_MS 60000 /* of a machine that is busy */

const char *grade_outcome_name(enum grade_outcome o)
{
	static const char *const names[] = {"pass", "fail", "ungraded"};
	assert((unsigned)o < ARRAY_SIZE(names));
	return names[o];
}

void grade_result_finish(struct grade_result *r)
{
	for (size_t i = 0; i < r->n_checks; i++) {
		struct grade_check *c = &r->checks[i];
		free(c->id);
		free(c->title);
		free(c->message);
		free(c->detail);
		free(c->hint);
	}
	free(r->checks);
	free(r->error);
	buf_finish(&r->observations);
	*r = (struct grade_result){0};
}

void grade_refuse(struct buf *out, enum ask_answer how, const char *fmt, ...)
{
	va_list ap;
	struct err text; /* bounded, and cut at a character's end */
	va_start(ap, fmt);
	err_vset(&text, ERR_NONE, fmt, ap);
	va_end(ap);
	buf_clear(out);
	size_t begin = message_begin(out, MESSAGE_ANSWER);
	(void)begin; /* ended by grade_answer */
	message_u8(out, how);
	message_text(out, str_of(text.msg));
}

void grade_answer(struct grading *g, struct message *question, struct buf *out)
{
	size_t begin = message_begin(out, MESSAGE_ANSWER);
	enum ask_kind kind = (enum ask_kind)message_get_u8(question);
	message_u8(out, ANSWER_OK);
	switch (kind) {
	case ASK_LOOK:
		grade_judge_look(g, question, out);
		break;
	case ASK_RUN:
		grade_judge_run(g, question, out);
		break;
	case ASK_LIVE_LOOK:
	case ASK_LIVE_RUN:
		grade_live_answer(g, kind, question, out);
		break;
	default:
		grade_refuse(out, ANSWER_UNGRADED, "a question of kind %d", kind);
	}
	if (out->overflow) {
		out->overflow = false;
		grade_refuse(out, ANSWER_UNGRADED, "there is too much to see");
	}
	message_end(out, begin);
}

/* ---- the talk with the grader's process ---- */

struct talk {
	const struct grade_job *job;
	struct grading *grading; /* NULL: nothing may be looked at */
	struct process process;
	struct grade_result *r;
	bool *settled, *left_out, declared, done;
	size_t running; /* the check that runs: they come in order */
	int64_t check_began_ms;
};

static void set_error(struct grade_result *r, int line, struct str text)
{
	if (r->error)
		return;
	_cleanup_free_ char *said = grade_say(text, GRADE_MESSAGE_MAX);
	r->error = line > 0 ? xasprintf("grader.lua:%d: %s", line, said) : xstrdup(said);
	r->error_line = line > 0 ? line : 0;
}

static bool take_declared(struct talk *t, struct message *m, struct err *err)
{
	uint32_t n = message_get_u32(m);
	if (t->declared || n > GRADE_CHECKS_MAX)
		return err_set(err, ERR_INVALID, "the checks are declared twice, or there are too many");
	t->declared = true;
	t->r->checks = xcalloc(n + 1, sizeof *t->r->checks);
	t->settled = xcalloc(n + 1, sizeof *t->settled);
	t->left_out = xcalloc(n + 1, sizeof *t->left_out);
	for (; t->r->n_checks < n && !m->bad; t->r->n_checks++) {
		struct grade_check *c = &t->r->checks[t->r->n_checks];
		c->id = grade_say(message_get_text(m), 64);
		c->title = grade_say(message_get_text(m), 500);
		uint64_t points_m = message_get_u64(m);
		message_get_u8(m);
		struct str hint = message_get_text(m);
		c->hint = t->job->hints && hint.len ? grade_say(hint, 4000) : NULL;
		c->message = xstrdup("");
		c->outcome = GRADE_UNGRADED;
		if (points_m > POINTS_M_MAX || !str_is_id(str_of(c->id)))
			m->bad = true;
		else
			c->max_m = (int64_t)points_m;
	}
	return message_done(m, err);
}

static bool take_result(struct talk *t, struct message *m, struct err *err)
{
	uint32_t index = message_get_u32(m);
	uint8_t outcome = message_get_u8(m);
	struct str message = message_get_text(m);
	bool has_detail = message_get_u8(m);
	struct str detail = message_get_text(m);
	uint32_t line = message_get_u32(m);
	if (!message_done(m, err))
		return false;
	if (index >= t->r->n_checks || index != t->running || (outcome > GRADE_UNGRADED && outcome != LEFT_OUT))
		return err_set(err, ERR_INVALID, "a result that nobody waits for");
	struct grade_check *c = &t->r->checks[index];
	t->running++;
	t->settled[index] = true;
	t->left_out[index] = outcome == LEFT_OUT;
	c->outcome = outcome == LEFT_OUT ? GRADE_UNGRADED : (enum grade_outcome)outcome;
	c->points_m = c->outcome == GRADE_PASS ? c->max_m : 0;
	free(c->message);
	c->message = grade_say(message, GRADE_MESSAGE_MAX);
	c->detail = has_detail ? grade_say(detail, GRADE_MESSAGE_MAX) : NULL;
	int64_t now = clock_monotonic_ms();
	c->ms = now - t->check_began_ms;
	t->check_began_ms = now;
	if (line && outcome == GRADE_UNGRADED && !t->r->error_line && str_starts(message, "grader.lua:"))
		set_error(t->r, (int)line, str_sub(message, (size_t)snprintf(NULL, 0, "grader.lua:%u: ", line), message.len));
	return true;
}

static bool take_question(struct talk *t, struct message *m, int64_t end, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(MESSAGE_MAX);
	if (!t->grading || !t->declared || t->running >= t->r->n_checks)
		return err_set(err, ERR_INVALID, "a question that nobody may ask now");
	grade_answer(t->grading, m, &out);
	/* The deadline has passed while the answer was made: the loop says so. */
	return message_send(t->process.stream.fd, buf_str(&out), end > clock_monotonic_ms() ? end : clock_monotonic_ms() + 1, err);
}

static bool take_message(struct talk *t, struct message *m, int64_t end, struct err *err)
{
	uint32_t line;
	struct str text;
	switch (m->type) {
	case MESSAGE_DECLARED:
		return take_declared(t, m, err);
	case MESSAGE_RESULT:
		return take_result(t, m, err);
	case MESSAGE_QUESTION:
		return take_question(t, m, end, err);
	case MESSAGE_FAILED:
		line = message_get_u32(m);
		text = message_get_text(m);
		set_error(t->r, line < INT32_MAX ? (int)line : 0, text);
		return message_done(m, err);
	case MESSAGE_DONE:
		t->done = true;
		return message_done(m, err);
	default:
		return err_set(err, ERR_INVALID, "a message of an unknown type");
	}
}

static bool send_job(struct talk *t, bool declare_only, int64_t end, struct err *err)
{
	const struct grade_job *j = t->job;
	_cleanup_buf_ struct buf b = BUF(MESSAGE_MAX);
	size_t begin = message_begin(&b, MESSAGE_JOB);
	message_text(&b, j->lua);
	message_text(&b, str_of(j->values ? j->values : ""));
	message_u8(&b, j->live_only);
	message_u8(&b, declare_only);
	message_u32(&b, j->cpu_ms ? j->cpu_ms : CPU_MS);
	message_u32(&b, j->memory_mib ? j->memory_mib : MEMORY_MIB);
	message_end(&b, begin);
	return buf_check(&b, "the grader", err) && message_send(t->process.stream.fd, buf_str(&b), end, err);
}

/* Why the process ended before it was done. */
static void explain(struct talk *t, const struct err *err, int status, uint32_t wall_ms)
{
	char text[600];
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (err->code == ERR_BUSY)
		snprintf(text, sizeof text, "the grading takes longer than %" PRIu32 " s", wall_ms / 1000);
	else if (err->code != ERR_NOT_FOUND)
		snprintf(text, sizeof text, "%s", err->msg);
	else if (sig == SIGXCPU)
		snprintf(text, sizeof text, "the grader takes too long: its CPU time is used up");
	else if (sig)
		snprintf(text, sizeof text, "the grader's process was ended by signal %d", sig);
	else
		snprintf(text, sizeof text, "the grader's process has ended too early (exit code %d)", WEXITSTATUS(status));
	set_error(t->r, 0, str_of(text));
}

/* Checks that have no outcome are ungraded, and say why; those that were not asked for are removed. */
static void settle(struct talk *t)
{
	struct grade_result *r = t->r;
	size_t kept = 0;
	for (size_t i = 0; i < r->n_checks; i++) {
		struct grade_check *c = &r->checks[i];
		if (t->left_out[i]) {
			free(c->id);
			free(c->title);
			free(c->message);
			free(c->detail);
			free(c->hint);
			continue;
		}
		if (!t->settled[i] && r->error) {
			free(c->message);
			c->message = xstrdup(r->error);
		}
		r->ungraded = r->ungraded || c->outcome == GRADE_UNGRADED;
		r->points_m += c->points_m;
		r->max_m += c->max_m;
		r->checks[kept++] = *c;
	}
	r->n_checks = kept;
	r->ungraded = r->ungraded || r->error;
	free(t->settled);
	free(t->left_out);
}

/* Sends the job and hears the process until it is done. */
static bool converse(struct talk *t, bool declare_only, int64_t end, struct err *why)
{
	struct message m;
	t->check_began_ms = clock_monotonic_ms();
	bool ok = send_job(t, declare_only, end, why);
	while (ok && !t->done)
		ok = message_receive(&t->process.stream, end, &m, why) && take_message(t, &m, end, why);
	return ok;
}

static bool talk(struct talk *t, bool declare_only, int64_t end, struct err *err)
{
	int status = 0;
	struct err why = {0};
	if (!grade_process_start(t->job->program, &t->process, err))
		return false;
	bool ok = converse(t, declare_only, end, &why);
	if (!ok && why.code == ERR_NOT_FOUND) /* it has ended by itself: hear how before it is killed */
		waitid(P_PID, (id_t)t->process.pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
	grade_process_end(&t->process, &status);
	if (!ok)
		explain(t, &why, status, t->job->wall_ms ? t->job->wall_ms : WALL_MS);
	settle(t);
	return true;
}

void grade_hear(const struct grade_job *job, int fd, struct grade_result *ret)
{
	struct err err;
	int64_t end = clock_monotonic_ms() + WALL_MS;
	struct grading g = {.job = job, .deadline_ms = end};
	struct talk t = {.job = job, .grading = &g, .r = ret, .process.stream = {.fd = fd, .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)}};
	if (!grade_live_load(&g, &err))
		return;
	if (!converse(&t, false, end, &err))
		explain(&t, &err, 0, WALL_MS);
	settle(&t);
	buf_finish(&t.process.stream.in);
	grade_live_close(&g);
}

/* The grader and all that it runs with. */
static void hash_grader(struct str lua, char out[HASH_HEX_SIZE])
{
	_cleanup_buf_ struct buf b = BUF(8u << 20);
	for (size_t i = 0; i < ARRAY_SIZE(grader_library); i++) {
		buf_adds(&b, grader_library[i].text);
		buf_addc(&b, 0);
	}
	buf_addv(&b, lua);
	hash_sha256_hex(buf_str(&b), out);
}

static bool acceptable(const struct grade_job *job, struct err *err)
{
	if (job->lua.len > GRADE_LUA_MAX)
		return err_set(err, ERR_TOO_LARGE, "a grader of more than %u bytes", GRADE_LUA_MAX);
	return true;
}

bool grade_run(struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err)
{
	struct grade_result r = {.observations = BUF(16u << 20)};
	int64_t begin = clock_monotonic_ms(), end = begin + (job->wall_ms ? job->wall_ms : WALL_MS);
	struct grading g = {.s = s, .job = job, .deadline_ms = end};
	struct talk t = {.job = job, .grading = &g, .r = &r};
	if (!acceptable(job, err) || !grade_live_load(&g, err))
		return false;
	hash_grader(job->lua, r.grader_hash);
	bool ok = talk(&t, false, end, err);
	if (ok && g.replay)
		buf_addv(&r.observations, job->observations);
	else if (ok)
		json_print(g.seen, &r.observations);
	grade_judge_close(&g);
	grade_live_close(&g);
	r.ms = clock_monotonic_ms() - begin;
	if (ok)
		*ret = r;
	else
		grade_result_finish(&r);
	return ok;
}

bool grade_declared(const char *program, struct str lua, struct grade_result *ret, struct err *err)
{
	struct grade_result r = {.observations = BUF(16)};
	struct grade_job job = {.program = program, .lua = lua, .hints = true, .cpu_ms = DECLARE_CPU_MS, .wall_ms = DECLARE_WALL_MS};
	struct talk t = {.job = &job, .r = &r};
	if (!acceptable(&job, err))
		return false;
	hash_grader(lua, r.grader_hash);
	bool ok = talk(&t, true, clock_monotonic_ms() + DECLARE_WALL_MS, err);
	if (ok && r.error)
		ok = err_set(err, ERR_INVALID, "%s", r.error);
	if (ok)
		*ret = r;
	else
		grade_result_finish(&r);
	return ok;
}

static void set_points(cJSON *o, const char *key, int64_t thousandths)
{
	json_set_double(o, key, (double)thousandths / 1000);
}

void grade_result_json(const struct grade_result *r, struct buf *out)
{
	_cleanup_json_ cJSON *o = json_object();
	cJSON *checks = json_array();
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct grade_check *c = &r->checks[i];
		cJSON *e = json_object();
		json_set_str(e, "id", c->id);
		json_set_str(e, "title", c->title);
		set_points(e, "points", c->points_m);
		set_points(e, "max", c->max_m);
		json_set_str(e, "outcome", grade_outcome_name(c->outcome));
		json_set_str(e, "message", c->message);
		json_set_str(e, "detail", c->detail);
		json_set_str(e, "hint", c->hint);
		json_set_i64(e, "ms", c->ms);
		json_add(checks, e);
	}
	json_set(o, "checks", checks);
	set_points(o, "points", r->points_m);
	set_points(o, "max", r->max_m);
	json_set_bool(o, "ungraded", r->ungraded);
	json_set_str(o, "error", r->error);
	json_set_str(o, "grader", r->grader_hash);
	json_print(o, out);
}
