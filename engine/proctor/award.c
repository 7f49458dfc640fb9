/* What a certificate states: from a signed result, as far as the exam reports it, and from the exam's rules in words. See certify.h.
 *
 * Numbers come from the document that the candidate may hand on, so a certificate never says more than the report does. Nothing personal
 * gets in but what the holder chose: no extra time, no outages, no name of the account. */
#include "credential/badge.h"
#include "proctor/certify.h"
#include "proctor/log.h"
#include "proctor/task.h"
#include <limits.h>
#include <math.h>
#include <stdio.h>

#define MEASURES_MAX 512
#define EVIDENCE_MAX 256
#define TEXT_MAX 16384

static const char *text_of(const cJSON *o, const char *key)
{
	return cJSON_GetStringValue(json_member(o, key));
}
static double number(const cJSON *o, const char *key)
{
	return cJSON_GetNumberValue(json_member(o, key));
}

/* ---- Loading ---- */

void award_finish(struct award *a)
{
	form_entry_unref(a->fe);
	cJSON_Delete(a->doc);
	cJSON_Delete(a->shown);
}

/* Of all that a certificate says in numbers. Which result it was, and what graded it, may change without them. */
static void set_claims(struct award *a)
{
	static const char *const parts[] = {"verdict", "score", "bands", "domains", "hands_on"};
	_cleanup_buf_ struct buf all = BUF(4096);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const char *digest = text_of(json_member(a->shown, "digests"), parts[i]);
		buf_addf(&all, "%s=%s\n", parts[i], digest ? digest : "");
	}
	hash_sha256_hex(buf_str(&all), a->claims);
}

bool award_load(struct proctor *pr, struct store *st, const char *attempt, struct award *ret, struct err *err)
{
	_cleanup_buf_ struct buf body = BUF(RESULT_BYTES_MAX), shown = BUF(RESULT_BYTES_MAX);
	struct result_row result;
	if (!store_attempt_get(st, attempt, &ret->row, err) || !form_cache_get(pr, st, &ret->row, &ret->fe, err) ||
	    !store_result_get(st, ret->row.key, &result, &body, &shown, err) || !json_parse(buf_str(&body), &ret->doc, err) ||
	    !json_parse(buf_str(&shown), &ret->shown, err))
		return false;
	const char *verdict = text_of(ret->doc, "verdict");
	_cleanup_free_ char *reference = log_result_reference(ret->row.key, result.n);
	ret->result_n = result.n;
	ret->passed = verdict && strcmp(verdict, "pass") == 0;
	hash_sha256_hex(buf_str(&shown), ret->shown_sha256);
	set_claims(ret);
	return log_find(st, LOG_RESULT, reference, &ret->result_log, err);
}

static char engine_hash[HASH_HEX_SIZE];

static void hash_engine(void)
{
	char path[PATH_MAX];
	int64_t size;
	struct err ignored;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return;
	path[n] = 0;
	if (!file_hash(path, engine_hash, &size, &ignored))
		*engine_hash = 0;
}

const char *engine_sha256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, hash_engine);
	return engine_hash;
}

/* ---- Numbers ---- */

/* A certificate in the making: its strings live until it is written. */
struct draft {
	const struct award *a;
	struct badge_measure measures[MEASURES_MAX];
	struct badge_evidence evidence[EVIDENCE_MAX];
	size_t n_measures, n_evidence;
	char **strings;
	size_t n_strings, cap_strings;
};

static void draft_finish(struct draft *d)
{
	for (size_t i = 0; i < d->n_strings; i++)
		free(d->strings[i]);
	free(d->strings);
	free(d);
}
DEFINE_CLEANUP(struct draft, draft_finish)

static const char *keep(struct draft *d, char *text)
{
	d->strings = xgrow(d->strings, d->n_strings, &d->cap_strings, sizeof *d->strings);
	return d->strings[d->n_strings++] = text;
}

/* At most `digits` behind the point, without zeros at the end. */
static const char *decimal(struct draft *d, double v, int digits)
{
	char *text = xasprintf("%.*f", digits, v);
	if (strchr(text, '.')) {
		char *end = text + strlen(text);
		while (end[-1] == '0')
			*--end = 0;
		if (end[-1] == '.')
			*--end = 0;
	}
	if (strcmp(text, "-0") == 0)
		memmove(text, text + 1, 2);
	return keep(d, text);
}

static void measure(struct draft *d, struct badge_measure m)
{
	if (d->n_measures < MEASURES_MAX)
		d->measures[d->n_measures++] = m;
}

static void add_score(struct draft *d)
{
	const cJSON *score = json_member(d->a->shown, "score");
	const char *unit = text_of(score, "unit");
	if (!score)
		return;
	bool percent = unit && strcmp(unit, "%") == 0, scaled = unit && strcmp(unit, "scaled") == 0;
	measure(d, (struct badge_measure){.id = "total",
	                                  .name = percent ? "Total score in percent" : "Total score",
	                                  .type = percent  ? "Percent"
	                                          : scaled ? "ScaledScore"
	                                                   : "RawScore",
	                                  .value = decimal(d, number(score, "value"), 2),
	                                  .min = decimal(d, number(score, "min"), 2),
	                                  .max = decimal(d, number(score, "max"), 2),
	                                  .required = decimal(d, number(score, "cut"), 2)});
	measure(d, (struct badge_measure){.id = "total-error",
	                                  .name = "Standard error of the total score",
	                                  .type = "ext:StandardError",
	                                  .value = decimal(d, number(score, "error"), 2)});
	double chance = fmin(number(score, "pass_probability"), 0.999); /* one sitting makes nobody certain */
	measure(d, (struct badge_measure){.id = "chance",
	                                  .name = "Chance that the true score is at or above the cut",
	                                  .type = "ext:ChanceAtOrAboveCut",
	                                  .value = decimal(d, chance, 3),
	                                  .min = "0",
	                                  .max = "1"});
}

static void add_domain(struct draft *d, const cJSON *domain)
{
	const char *id = text_of(domain, "id"), *title = text_of(domain, "title");
	if (!id || !title)
		return;
	measure(d, (struct badge_measure){.id = keep(d, xasprintf("domain-%s", id)),
	                                  .name = keep(d, xasprintf("%s (percent of its points)", title)),
	                                  .type = "Percent",
	                                  .value = decimal(d, number(domain, "share") * 100, 1),
	                                  .min = "0",
	                                  .max = "100"});
	measure(d, (struct badge_measure){.id = keep(d, xasprintf("domain-%s-error", id)),
	                                  .name = keep(d, xasprintf("%s: standard error", title)),
	                                  .type = "ext:StandardError",
	                                  .value = decimal(d, number(domain, "error") * 100, 1)});
}

static void add_band(struct draft *d, const cJSON *band)
{
	static const char *const bands[] = {"weak", "adequate", "strong", NULL};
	const char *id = text_of(band, "id"), *title = text_of(band, "title");
	if (id && title)
		measure(d, (struct badge_measure){.id = keep(d, xasprintf("domain-%s", id)),
		                                  .name = title,
		                                  .type = "PerformanceLevel",
		                                  .value = text_of(band, "band"),
		                                  .allowed = bands});
}

static void add_hands_on(struct draft *d)
{
	const cJSON *hands_on = json_member(d->a->shown, "hands_on");
	if (!hands_on)
		return;
	measure(d, (struct badge_measure){.id = "by-hand",
	                                  .name = "Share of the points that hands-on tasks were worth (percent)",
	                                  .type = "ext:ByHand",
	                                  .value = decimal(d, number(hands_on, "share") * 100, 1),
	                                  .min = "0",
	                                  .max = "100"});
	if (json_member(hands_on, "points_m") && number(hands_on, "max_m") > 0)
		measure(d, (struct badge_measure){.id = "by-hand-score",
		                                  .name = "Hands-on tasks (percent of their points)",
		                                  .type = "Percent",
		                                  .value = decimal(d, number(hands_on, "points_m") / number(hands_on, "max_m") * 100, 1),
		                                  .min = "0",
		                                  .max = "100"});
}

static void add_measures(struct draft *d)
{
	const cJSON *o;
	measure(d, (struct badge_measure){.id = "outcome", .name = "Passed", .type = "Status", .status = "Completed"});
	add_score(d);
	cJSON_ArrayForEach(o, json_member(d->a->shown, "domains")) add_domain(d, o);
	cJSON_ArrayForEach(o, json_member(d->a->shown, "bands")) add_band(d, o);
	add_hands_on(d);
}

/* ---- Evidence ---- */

static void evidence(struct draft *d, struct badge_evidence e)
{
	if (d->n_evidence < EVIDENCE_MAX)
		d->evidence[d->n_evidence++] = e;
}

/* How many checks of a task passed: where the exam reports its questions. */
static void add_checks(const cJSON *task, struct buf *out)
{
	const cJSON *c;
	int passed = 0, all = 0;
	cJSON_ArrayForEach(c, json_member(task, "checks"))
	{
		const char *outcome = text_of(c, "outcome");
		all++;
		passed += outcome && strcmp(outcome, "pass") == 0;
	}
	if (all)
		buf_addf(out, " %d of %d checks passed.", passed, all);
}

static void add_task(struct draft *d, const cJSON *marked, int n)
{
	const struct award *a = d->a;
	const cJSON *task = json_member(marked, "task");
	const char *snapshot = text_of(task, "snapshot_sha256"), *grader = text_of(task, "grader_sha256"), *id = text_of(marked, "id");
	int index = id ? form_find(a->fe->form, id) : -1;
	if (!snapshot || !*snapshot || index < 0)
		return;
	const char *by = text_of(task, "graded_by"), *image = text_of(task, "image"), *engine = text_of(task, "engine");
	bool person = by && strcmp(by, "person") == 0;
	_cleanup_buf_ struct buf text = BUF(TEXT_MAX);
	buf_adds(&text, "What was there at the end is kept under this hash. ");
	buf_adds(&text, person ? "A person gave the points." : "A program gave the points.");
	if (grader)
		buf_addf(&text, " Grader: sha256 %s", grader);
	buf_addf(&text, "%s%s%s%s.", image ? ", image " : "", image ? image : "", engine ? ", " : "", engine ? engine : "");
	if (a->fe->bp->show >= REPORT_QUESTIONS && !person)
		add_checks(task, &text);
	const char *title = a->fe->form->items[index].item->title;
	bool told = a->fe->bp->explanations && title; /* else the exam keeps its questions to itself */
	evidence(d,
	         (struct badge_evidence){.genre = "task",
	                                 .name = keep(d, told ? xasprintf("Hands-on task %d: %s", n, title) : xasprintf("Hands-on task %d", n)),
	                                 .narrative = keep(d, buf_take(&text, NULL)),
	                                 .sha256 = snapshot});
}

static void add_evidence(struct draft *d, const char *log_name)
{
	const struct award *a = d->a;
	const char *engine = text_of(a->doc, "engine");
	const cJSON *marked;
	int n = 0;
	evidence(d, (struct badge_evidence){.genre = "result",
	                                    .name = "The signed result",
	                                    .narrative = "The holder can hand it on: this is the SHA-256 of its payload.",
	                                    .sha256 = a->shown_sha256});
	evidence(d, (struct badge_evidence){.genre = "log",
	                                    .name = log_name,
	                                    .narrative = "Where the result was entered in the issuer's transparency log before this "
	                                                 "certificate was made.",
	                                    .log_index = keep(d, xasprintf("%lld", (long long)a->result_log))});
	evidence(d, (struct badge_evidence){.genre = "form",
	                                    .name = "The form of the exam",
	                                    .narrative = "The questions as they were drawn and ordered for this attempt.",
	                                    .sha256 = a->fe->hash});
	evidence(d, (struct badge_evidence){.genre = "engine",
	                                    .name = engine ? engine : "assay",
	                                    .narrative = "The program that held the exam, marked it and made this certificate.",
	                                    .sha256 = *engine_sha256() ? engine_sha256() : NULL});
	cJSON_ArrayForEach(marked, json_member(a->doc, "items")) if (json_member(marked, "task")) add_task(d, marked, ++n);
}

/* ---- The rules in words ---- */

/* Of the same bank; NULL: it is not there any more. */
static const struct blueprint *blueprint_of(const struct award *a, const char *exam)
{
	const struct bank *bank = a->fe->version->bank;
	for (size_t i = 0; i < bank->n_exams; i++)
		if (strcmp(bank->exams[i].id, exam) == 0)
			return &bank->exams[i];
	return NULL;
}

static void add_form_words(const struct award *a, struct buf *out)
{
	const struct bank *bank = a->fe->version->bank;
	const struct blueprint *bp = a->fe->bp;
	int tasks = 0, unscored = 0;
	for (size_t i = 0; i < a->fe->form->n_items; i++) {
		tasks += a->fe->form->items[i].item->kind == ITEM_TASK;
		unscored += a->fe->form->items[i].unscored;
	}
	buf_addf(out, "Passed the exam \"%s\" of the question bank \"%s\"", bp->title, bank->title);
	if (bank->version && *bank->version)
		buf_addf(out, ", version %s", bank->version);
	buf_addf(out, ": %zu %s", a->fe->form->n_items, tasks ? "questions and tasks" : "questions");
	if (tasks)
		buf_addf(out, ", %d of them hands-on tasks in a real shell, judged by what was there at the end", tasks);
	if (unscored)
		buf_addf(out, "; %d %s being tried out and did not count", unscored, unscored == 1 ? "was" : "were");
	buf_adds(out, ".\n\n");
}

static void add_cut_words(const struct blueprint *bp, struct buf *out)
{
	switch (bp->method) {
	case SCORE_SCALED:
		buf_addf(out, "To pass: at least %g on a scale from %g to %g.", bp->cut, bp->score_min, bp->score_max);
		break;
	case SCORE_POINTS:
		buf_addf(out, "To pass: at least %g of %g points.", bp->cut, bp->score_max);
		break;
	case SCORE_PERCENT:
		buf_addf(out, "To pass: at least %g percent of the points.", bp->cut);
		break;
	case SCORE_PASS_FAIL:
		buf_adds(out, "The exam says pass or fail, and no score.");
		break;
	}
	buf_adds(out, "\n\n");
}

static void add_docs_words(const struct blueprint *bp, struct buf *out)
{
	switch (bp->docs) {
	case DOCS_CLOSED:
		buf_adds(out, "No documentation was allowed.");
		break;
	case DOCS_BUNDLED:
		buf_adds(out, "The reference pages of the question bank were at hand.");
		break;
	case DOCS_URLS:
		buf_adds(out, "These documents were allowed:");
		for (size_t i = 0; i < bp->n_doc_urls; i++)
			buf_addf(out, " <%s>", bp->doc_urls[i]);
		buf_addc(out, '.');
		break;
	case DOCS_OPEN:
		buf_adds(out, "Any documentation was allowed.");
		break;
	}
}

static void add_rules_words(const struct award *a, struct buf *out)
{
	const struct blueprint *bp = a->fe->bp;
	bool retake = bp->n_retake_waits || bp->retake_max > 0 || bp->lock_after_pass.ms || bp->lock_after_pass.months;
	buf_adds(out, "Rules: ");
	if (bp->duration_ms)
		buf_addf(out, "at most %lld minutes (more where extra time was granted). ", (long long)(bp->duration_ms / MS_MINUTE));
	else
		buf_adds(out, "no limit of time for the whole. ");
	add_docs_words(bp, out);
	if (!retake)
		buf_adds(out, " The exam may be taken any number of times.");
	else
		buf_adds(out, a->row.relaxed ? " It has rules for further attempts, which were not enforced."
		                             : " Its rules for further attempts were enforced.");
	buf_adds(out, "\n\nNot supervised: nobody watched, and nobody checked who answered, or with whose help.");
}

static void add_validity_words(const struct award *a, const struct certificate_row *row, struct buf *out)
{
	char opens[CLOCK_RFC3339_SIZE], until[CLOCK_RFC3339_SIZE];
	if (row->renews)
		buf_adds(out, "\n\nThis certificate renews an earlier one, by this shorter exam.");
	if (!row->valid_until_ms)
		return;
	clock_rfc3339(row->valid_until_ms, until)[10] = 0;
	buf_addf(out, "\n\nValid until %s", until);
	if (*row->renew_exam) {
		const struct blueprint *renewal = blueprint_of(a, row->renew_exam);
		clock_rfc3339(row->renew_opens_ms, opens)[10] = 0;
		buf_addf(out, "; from %s on it can be renewed by passing the exam \"%s\"", opens, renewal ? renewal->title : row->renew_exam);
	}
	buf_addc(out, '.');
}

static bool criteria(const struct award *a, const struct certificate_row *row, struct buf *out, struct err *err)
{
	add_form_words(a, out);
	add_cut_words(a->fe->bp, out);
	add_rules_words(a, out);
	add_validity_words(a, row, out);
	return buf_check(out, "the rules in words", err);
}

/* ---- All of it ---- */

/* A name-based UUID (RFC 9562, version 8): the same exam of the same issuer has the same id everywhere. */
static char *achievement_id(const struct issuer *issuer, const struct certificate_row *row)
{
	if (issuer->base_url)
		return xasprintf("%s/exams/%s/%s", issuer->base_url, row->bank_id, row->exam);
	unsigned char h[HASH_SIZE];
	_cleanup_free_ char *name = xasprintf("%s\n%s/%s", issuer->id, row->bank_id, row->exam);
	hash_sha256(str_of(name), h);
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	return xasprintf("urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1], h[2], h[3], h[4], h[5],
	                 h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14], h[15]);
}

/* The account's name, as a hash. The one local person has none of their own: there it is the attempt's id, which nobody else knows. */
static bool set_holder(struct store *st, const struct award *a, const struct certificate_row *row, struct draft *d, struct badge *b,
                       struct err *err)
{
	struct account_row account;
	unsigned char salt[16];
	_cleanup_buf_ struct buf hex = BUF(64);
	if (!store_account_get(st, row->account, &account, err))
		return false;
	bool local = row->account == ACCOUNT_LOCAL;
	rng_secret(salt, sizeof salt);
	buf_add_hex(&hex, salt, sizeof salt);
	b->holder.identity = keep(d, xstrdup(local ? a->row.id : account.name));
	b->holder.type = local ? "systemId" : "userName";
	b->holder.salt = keep(d, buf_take(&hex, NULL));
	b->holder.name = *row->name ? row->name : NULL;
	return true;
}

/* What nobody is to overlook: an unofficial bank, and the note of the exam. NULL: nothing; the caller's. */
static char *notice_of(const struct award *a)
{
	static const char unofficial[] = "Unofficial bank: its questions were not signed by people whom the issuer trusts.";
	const char *note = a->fe->bp->note && *a->fe->bp->note ? a->fe->bp->note : NULL;
	if (a->fe->version->release.number)
		return note ? xstrdup(note) : NULL;
	return note ? xasprintf("%s\n\n%s", unofficial, note) : xstrdup(unofficial);
}

bool award_credential(struct proctor *pr, struct store *st, const struct award *a, const struct certificate_row *row, cJSON **ret,
                      struct err *err)
{
	const struct issuer *issuer;
	const struct bank *bank = a->fe->version->bank;
	_cleanup_(draft_finishp) struct draft *d = xcalloc(1, sizeof *d);
	_cleanup_json_ cJSON *status = NULL;
	_cleanup_buf_ struct buf words = BUF(TEXT_MAX);
	char log_name[512], blueprint[HASH_HEX_SIZE];
	d->a = a;
	if (!issuer_get(pr, &issuer, err) || !criteria(a, row, &words, err) || !log_vkey(pr, log_name, sizeof log_name, err) ||
	    !status_entry_json(pr, row->status_list, row->status_index, &status, err))
		return false;
	*strchrnul(log_name, '+') = 0; /* "NAME+HEX+BASE64" */
	const struct blueprint *exam = blueprint_of(a, row->exam), *of = exam ? exam : a->fe->bp;
	_cleanup_free_ char *id =
	    issuer->base_url ? xasprintf("%s/credentials/%s", issuer->base_url, row->id) : xasprintf("urn:uuid:%s", row->id);
	_cleanup_free_ char *achievement = achievement_id(issuer, row), *code = xasprintf("%s/%s", row->bank_id, row->exam);
	const char *notice = keep(d, notice_of(a));
	blueprint_hash(a->fe->bp, blueprint);
	add_measures(d);
	add_evidence(d, log_name);
	struct badge b = {
	    .id = id,
	    .issuer = {issuer->id, issuer->name, issuer->url, issuer->description},
	    .achievement = {.id = achievement,
	                    .name = row->title,
	                    .description = of->description && *of->description ? of->description : row->title,
	                    .criteria = buf_str(&words).p,
	                    .notice = notice,
	                    .human_code = code,
	                    .language = bank->language,
	                    .version = bank->version,
	                    .bank_sha256 = a->fe->version->hash,
	                    .blueprint_sha256 = blueprint},
	    .valid_from_ms = row->awarded_ms,
	    .awarded_ms = row->awarded_ms,
	    .valid_until_ms = row->valid_until_ms,
	    .measures = d->measures,
	    .n_measures = d->n_measures,
	    .evidence = d->evidence,
	    .n_evidence = d->n_evidence,
	    .status = status,
	};
	if (!set_holder(st, a, row, d, &b, err))
		return false;
	*ret = badge_json(&b);
	return true;
}
