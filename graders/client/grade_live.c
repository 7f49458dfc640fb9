/* Looking into the candidate's own box. Untrusted, so only data; and only once: what was seen is kept with the snapshot, and a later
 * grading of that snapshot sees the same. */
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/internal.h"
#include "graders/look.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SEEN_MAX 1000
#define SEEN_BYTES_MAX (8u << 20)
#define ANSWER_TEXT_MAX (1u << 20) /* what one observation may hold */
#define TALK_GRACE_MS 2000

/* The question's hash, and which time it is asked. */
static const cJSON *seen_before(const struct grading *g, const char *hash)
{
	for (cJSON *e = g->seen ? g->seen->child : NULL; e; e = e->next) {
		const cJSON *q = cJSON_GetObjectItemCaseSensitive(e, "q"), *used = cJSON_GetObjectItemCaseSensitive(e, "used");
		if (!used && cJSON_IsString(q) && strcmp(q->valuestring, hash) == 0) {
			json_set_bool(e, "used", true);
			return cJSON_GetObjectItemCaseSensitive(e, "a");
		}
	}
	return NULL;
}

static void answer_again(struct grading *g, const char *hash, struct buf *out)
{
	const cJSON *a = seen_before(g, hash);
	size_t n = 0, len = cJSON_IsString(a) ? strlen(a->valuestring) : 0;
	_cleanup_free_ char *bytes = xmalloc(len + 1);
	if (!a)
		grade_refuse(out, ANSWER_UNGRADED, "%s",
		             g->job->observations.len ? "this was not looked at while the box ran" : "there is no running box to look into");
	else if (!cJSON_IsString(a) ||
	         sodium_base642bin((unsigned char *)bytes, len + 1, a->valuestring, len, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		grade_refuse(out, ANSWER_UNGRADED, "what was seen while the box ran cannot be read");
	else
		buf_add(out, bytes, n);
}

static bool remember(struct grading *g, const char *hash, struct str answer)
{
	size_t size = sodium_base64_ENCODED_LEN(answer.len, sodium_base64_VARIANT_ORIGINAL);
	g->seen_bytes += size;
	if (g->seen_bytes > SEEN_BYTES_MAX || cJSON_GetArraySize(g->seen) >= SEEN_MAX)
		return false;
	_cleanup_free_ char *text = xmalloc(size);
	sodium_bin2base64(text, size, (const unsigned char *)answer.p, answer.len, sodium_base64_VARIANT_ORIGINAL);
	cJSON *e = json_object();
	json_set_str(e, "q", hash);
	json_set_str(e, "a", text);
	json_add(g->seen, e);
	return true;
}

static void run(struct grading *g, struct message *question, struct buf *out)
{
	struct command c;
	struct err err;
	if (!grade_command_read(question, &c, &err)) {
		grade_refuse(out, ANSWER_UNGRADED, "%s", err.msg);
		return;
	}
	if (!*c.user) {
		free(c.user);
		c.user = xstrdup(g->job->user ? g->job->user : "");
	}
	grade_command_run(g, g->job->box, &c, true, out);
	grade_command_finish(&c);
}

static void look(struct grading *g, struct message *question, struct buf *out)
{
	struct str answer;
	struct err err;
	/* Nothing but talking: what is asked of files is asked of the snapshot. */
	if (question->rest.len == 0 || question->rest.p[0] != LOOK_TALK)
		grade_refuse(out, ANSWER_UNGRADED, "a question that the candidate's box does not answer");
	else if (grade_looker_ask(g, &g->live, g->job->box, "-", question->rest, LOOK_TIME_MS_MAX + TALK_GRACE_MS, &answer, &err))
		buf_addv(out, answer);
	else
		grade_refuse(out, ANSWER_UNGRADED, "%s", err.msg);
}

void grade_live_answer(struct grading *g, enum ask_kind kind, struct message *question, struct buf *out)
{
	char hash[HASH_HEX_SIZE];
	_cleanup_buf_ struct buf whole = BUF(MESSAGE_MAX + 8);
	buf_addc(&whole, (char)kind);
	buf_addv(&whole, question->rest);
	hash_sha256_hex(buf_str(&whole), hash);
	if (g->replay) {
		answer_again(g, hash, out);
		return;
	}
	size_t from = out->len;
	if (kind == ASK_LIVE_RUN)
		run(g, question, out);
	else
		look(g, question, out);
	if (out->p[from - 1] == ANSWER_OK && !remember(g, hash, str_sub(buf_str(out), from, out->len)))
		grade_refuse(out, ANSWER_UNGRADED, "the checks see more than %u MiB in the running box", SEEN_BYTES_MAX >> 20);
}

bool grade_live_load(struct grading *g, struct err *err)
{
	g->replay = !g->job->box || !g->s;
	if (!g->replay || g->job->observations.len == 0) {
		g->seen = json_array();
		return true;
	}
	if (!json_parse(g->job->observations, &g->seen, err))
		return err_prefix(err, "observations");
	if (cJSON_IsArray(g->seen))
		return true;
	cJSON_Delete(take_ptr(g->seen));
	return err_set(err, ERR_INVALID, "observations: not a list");
}

void grade_live_close(struct grading *g)
{
	grade_looker_close(&g->live);
	cJSON_Delete(g->seen);
}
