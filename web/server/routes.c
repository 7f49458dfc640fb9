/* The routes: one table. Method, address, who may, on which thread, rate class, body limit, handler. */
#include "api.h"
#include "internal.h"
#include "proctor/author.h"

#define KIB 1024

const struct route routes[] = {
    {"GET", "/api/v1/session", ANYONE, ON_LOOP, RATE_NONE, 0, api_session_show},
    {"POST", "/api/v1/session", ANYONE, ON_POOL, RATE_SIGN_IN, 2 * KIB, api_session_open},
    {"DELETE", "/api/v1/session", CANDIDATE, ON_WRITER, RATE_NONE, 0, api_session_close},
    {"GET", "/api/v1/health", ANYONE, ON_LOOP, RATE_NONE, 0, api_health},
    {"GET", "/metrics", ANYONE, ON_LOOP, RATE_NONE, 0, api_metrics},
    {"GET", "/api/v1/exams", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_exam_list},
    {"GET", "/api/v1/exams/{bank}/{exam}", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_exam_show},
    {"POST", "/api/v1/attempts", CANDIDATE, ON_POOL, RATE_BEGIN, 512 * KIB, api_attempt_begin},
    {"GET", "/api/v1/attempts", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_attempt_list},
    {"GET", "/api/v1/attempts/{attempt}", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_attempt_show},
    {"PUT", "/api/v1/attempts/{attempt}/responses/{item}", CANDIDATE, ON_WRITER, RATE_NONE, 64 * KIB, api_attempt_answer},
    {"PUT", "/api/v1/attempts/{attempt}/notes/{item}", CANDIDATE, ON_WRITER, RATE_NONE, 16 * KIB, api_attempt_note},
    {"POST", "/api/v1/attempts/{attempt}/claim", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_attempt_claim},
    {"GET", "/api/v1/attempts/{attempt}/clock", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_attempt_clock},
    {"POST", "/api/v1/attempts/{attempt}/move", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_attempt_move},
    {"POST", "/api/v1/attempts/{attempt}/section", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_attempt_section},
    {"POST", "/api/v1/attempts/{attempt}/expectation", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_attempt_expectation},
    {"POST", "/api/v1/attempts/{attempt}/submit", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_attempt_submit},
    {"GET", "/api/v1/attempts/{attempt}/result", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_result},
    {"GET", "/api/v1/attempts/{attempt}/result/signed", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_result_signed},
    {"GET", "/api/v1/attempts/{attempt}/docs", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_docs},
    {"GET", "/api/v1/attempts/{attempt}/docs/search", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_docs_search},
    {"GET", "/api/v1/attempts/{attempt}/docs/{doc...}", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_docs},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_task_show},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/open", CANDIDATE, ON_BOXES, RATE_BOX, KIB, api_task_open},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/reset", CANDIDATE, ON_BOXES, RATE_BOX, KIB, api_task_reset},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/check", CANDIDATE, ON_BOXES, RATE_BOX, KIB, api_task_check},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/hint", CANDIDATE, ON_BOXES, RATE_NONE, KIB, api_task_hint},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/solution", CANDIDATE, ON_BOXES, RATE_NONE, KIB, api_task_solution},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/files", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_task_files},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/file", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_task_file},
    {"PUT", "/api/v1/attempts/{attempt}/tasks/{item}/file", CANDIDATE, ON_BOXES, RATE_NONE, 6144 * KIB, api_task_file_put},
    {"POST", "/api/v1/attempts/{attempt}/tasks/{item}/upload", CANDIDATE, ON_BOXES, RATE_NONE, 2112 * KIB, api_task_upload},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/download", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_task_download},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/terminal", CANDIDATE, ON_SOCKET, RATE_NONE, 0, api_terminal},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/recordings", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_recording_list},
    {"GET", "/api/v1/attempts/{attempt}/tasks/{item}/recordings/{shell}", CANDIDATE, ON_BOXES, RATE_NONE, 0, api_recording},
    {"GET", "/api/v1/progress", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_progress},
    {"GET", "/api/v1/certificates", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_certificate_list},
    {"GET", "/api/v1/certificates/{id}", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_certificate_show},
    {"PATCH", "/api/v1/certificates/{id}", CANDIDATE, ON_WRITER, RATE_NONE, KIB, api_certificate_change},
    {"POST", "/api/v1/certificates/{id}/name", CANDIDATE, ON_WRITER, RATE_BEGIN, 2 * KIB, api_certificate_name},
    {"DELETE", "/api/v1/certificates/{id}", CANDIDATE, ON_WRITER, RATE_NONE, 0, api_certificate_delete},
    {"GET", "/api/v1/credentials/{id}", ANYONE, ON_POOL, RATE_NONE, 0, api_credential_page},
    {"GET", "/credentials/{id}", ANYONE, ON_LOOP, RATE_NONE, 0, api_credential},
    {"GET", "/credentials/{id}/log-proof", ANYONE, ON_LOOP, RATE_NONE, 0, api_credential_log_proof},
    {"GET", "/credentials/{id}/bundle.json", ANYONE, ON_POOL, RATE_NONE, 0, api_credential_bundle},
    {"GET", "/credentials/{id}/replay/{item}/{shell}", ANYONE, ON_BOXES, RATE_NONE, 0, api_credential_replay},
    {"POST", "/api/v1/verify", ANYONE, ON_POOL, RATE_VERIFY, 4096 * KIB, api_verify, true},
    {"GET", "/credentials/{id}/badge.png", ANYONE, ON_POOL, RATE_NONE, 0, api_picture_png},
    {"GET", "/credentials/{id}/badge.svg", ANYONE, ON_POOL, RATE_NONE, 0, api_picture_svg},
    {"GET", "/credentials/{id}/certificate.pdf", ANYONE, ON_POOL, RATE_NONE, 0, api_picture_pdf},
    {"GET", "/credentials/{id}/embed", ANYONE, ON_LOOP, RATE_NONE, 0, api_picture_embed},
    {"GET", "/media/{hash}", ANYONE, ON_LOOP, RATE_NONE, 0, api_media},
    {"GET", "/log/checkpoint", ANYONE, ON_LOOP, RATE_NONE, 0, api_log_checkpoint},
    {"GET", "/log/tile/{tile...}", ANYONE, ON_LOOP, RATE_NONE, 0, api_log_tile},
    {"POST", "/add-checkpoint", ANYONE, ON_WRITER, RATE_NONE, 128 * KIB, api_add_checkpoint, .raw = true},
    /* An author's folder (api_author.c). */
    {"GET", "/api/v1/author", AUTHOR_HERE, ON_POOL, RATE_NONE, 0, api_author_show},
    {"GET", "/api/v1/author/change", AUTHOR_HERE, ON_WAIT, RATE_NONE, 0, api_author_change},
    {"GET", "/api/v1/author/file", AUTHOR_HERE, ON_POOL, RATE_NONE, 0, api_author_file},
    {"PUT", "/api/v1/author/file", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_file_put},
    {"DELETE", "/api/v1/author/file", AUTHOR_HERE, ON_POOL, RATE_NONE, KIB, api_author_file_delete},
    {"POST", "/api/v1/author/undo", AUTHOR_HERE, ON_POOL, RATE_NONE, KIB, api_author_undo},
    {"POST", "/api/v1/author/check", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_check},
    {"POST", "/api/v1/author/preview", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_preview},
    {"POST", "/api/v1/author/order", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_order},
    {"POST", "/api/v1/author/rename", AUTHOR_HERE, ON_POOL, RATE_NONE, 4 * KIB, api_author_rename},
    {"POST", "/api/v1/author/media", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_media},
    {"POST", "/api/v1/author/parse", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_parse},
    {"POST", "/api/v1/author/write", AUTHOR_HERE, ON_POOL, RATE_NONE, AUTHOR_BODY_MAX, api_author_write},
    {"POST", "/api/v1/author/feasible", AUTHOR_HERE, ON_POOL, RATE_NONE, 1024 * KIB, api_author_feasible},
    {"POST", "/api/v1/author/sample", AUTHOR_HERE, ON_POOL, RATE_NONE, KIB, api_author_sample},
    {"GET", "/api/v1/author/review/{item}", AUTHOR_HERE, ON_POOL, RATE_NONE, 0, api_author_review},
    {"POST", "/api/v1/author/review/next", AUTHOR_HERE, ON_POOL, RATE_NONE, 1024 * KIB, api_author_review_next},
    {"POST", "/api/v1/author/review/answer", AUTHOR_HERE, ON_POOL, RATE_NONE, 64 * KIB, api_author_review_answer},
    {"POST", "/api/v1/author/review/record", AUTHOR_HERE, ON_POOL, RATE_NONE, 64 * KIB, api_author_review_record},
    {"POST", "/api/v1/author/tasks/{slug}/run", AUTHOR_HERE, ON_POOL, RATE_NONE, KIB, api_author_task_run},
    {"GET", "/api/v1/author/jobs/{job}", AUTHOR_HERE, ON_POOL, RATE_NONE, 0, api_author_job},
    {"POST", "/api/v1/author/boxes/{attempt}/{item}/run", AUTHOR_HERE, ON_BOXES, RATE_NONE, KIB, api_author_bench_run},
    {"POST", "/api/v1/author/boxes/{attempt}/{item}/grade", AUTHOR_HERE, ON_BOXES, RATE_NONE, KIB, api_author_bench_grade},
    /* Marks by people (api_marking.c). */
    {"GET", "/api/v1/marking", EXAMINER, ON_POOL, RATE_NONE, 0, api_marking_queue},
    {"GET", "/api/v1/marking/agreement", EXAMINER, ON_POOL, RATE_NONE, 0, api_marking_agreement},
    {"GET", "/api/v1/marking/{attempt}/{item}", EXAMINER, ON_LOOP, RATE_NONE, 0, api_marking_answer},
    {"POST", "/api/v1/marking/{attempt}/{item}", EXAMINER, ON_WRITER, RATE_NONE, 32 * KIB, api_marking_give},
    {"DELETE", "/api/v1/marking/{attempt}/{item}", EXAMINER, ON_WRITER, RATE_NONE, 0, api_marking_undo},
    /* Problems that candidates report, the authors' queue, rescoring (api_report.c). */
    {"GET", "/api/v1/attempts/{attempt}/problems", CANDIDATE, ON_LOOP, RATE_NONE, 0, api_problem_list},
    {"POST", "/api/v1/attempts/{attempt}/problems/{item}", CANDIDATE, ON_WRITER, RATE_NONE, 32 * KIB, api_problem_put},
    {"DELETE", "/api/v1/attempts/{attempt}/problems/{item}", CANDIDATE, ON_WRITER, RATE_NONE, 0, api_problem_delete},
    {"GET", "/api/v1/issues", AUTHOR, ON_POOL, RATE_NONE, 0, api_issue_list},
    {"GET", "/api/v1/issues/{bank}/{item}", AUTHOR, ON_POOL, RATE_NONE, 0, api_issue_show},
    {"POST", "/api/v1/issues/{bank}/{item}", AUTHOR, ON_POOL, RATE_NONE, 64 * KIB, api_issue_change},
    {"GET", "/api/v1/issues/{bank}/{item}/figures", AUTHOR, ON_POOL, RATE_NONE, 0, api_issue_figures},
    {"POST", "/api/v1/issues/{bank}/{item}/rescore", OPERATOR, ON_POOL, RATE_NONE, 16 * KIB, api_rescore},
    {"GET", "/api/v1/corrections/{id}", OPERATOR, ON_POOL, RATE_NONE, 0, api_correction_show},
    /* The public record of keys (api_public.c). */
    {"GET", "/.well-known/did.json", ANYONE, ON_LOOP, RATE_NONE, 0, api_did},
    {"GET", "/.well-known/assay-trust.json", ANYONE, ON_POOL, RATE_NONE, 0, api_trust},
    {"GET", "/status/{list}", ANYONE, ON_POOL, RATE_NONE, 0, api_status_list},
    {"GET", "/verify.html", ANYONE, ON_POOL, RATE_NONE, 0, api_verify_page},
};
const size_t n_routes = ARRAY_SIZE(routes);

/* Matches segment by segment; fills params. */
static bool matches(struct request *rq, const char *pattern, const char *path)
{
	struct str want = str_of(pattern), got = str_of(path), w, g;
	size_t n = 0;
	while (str_next_field(&want, '/', &w)) {
		bool rest = str_ends(w, "...}");
		if (rest && got.p) {
			g = got;
			got = (struct str){NULL, 0};
		} else if (!str_next_field(&got, '/', &g)) {
			return false;
		}
		if (!str_starts(w, "{")) {
			if (!str_eq(w, g))
				return false;
			continue;
		}
		if (g.len == 0 || g.len >= PARAM_SIZE)
			return false;
		memcpy(rq->params[n], g.p, g.len);
		rq->params[n++][g.len] = 0;
	}
	return got.p == NULL;
}

bool route_find(struct request *rq, const char *method, const char *path, struct err *err)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	bool path_known = false;
	for (size_t i = 0; i < n_routes; i++) {
		if (!matches(rq, routes[i].path, path) || (routes[i].access == AUTHOR_HERE && !rq->server->author))
			continue;
		if (strcmp(routes[i].method, wanted) == 0) {
			rq->route = &routes[i];
			return true;
		}
		path_known = true;
	}
	return path_known ? err_set(err, ERR_METHOD, "%s is not for this address", method)
	                  : err_set(err, ERR_NOT_FOUND, "there is nothing at this address");
}

bool route_known(const char *path)
{
	struct request ignored;
	for (size_t i = 0; i < n_routes; i++)
		if (matches(&ignored, routes[i].path, path))
			return true;
	return false;
}

void server_routes_json(struct buf *out)
{
	static const char *const who[] = {[ANYONE] = "anyone",     [CANDIDATE] = "candidate", [AUTHOR] = "authors",
	                                  [EXAMINER] = "examiner", [OPERATOR] = "operator",   [AUTHOR_HERE] = "author"};
	buf_addc(out, '[');
	for (size_t i = 0; i < n_routes; i++)
		buf_addf(out, "%s{\"method\":\"%s\",\"path\":\"%s\",\"access\":\"%s\",\"body_max\":%zu}", i ? "," : "", routes[i].method,
		         routes[i].path, who[routes[i].access], routes[i].body_max);
	buf_addc(out, ']');
}
