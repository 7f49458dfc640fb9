/* The API's handlers, in the order of the route table; each turns a request into one use case of the proctor. */
#pragma once
#include "internal.h"

handler_fn api_session_show, api_session_open, api_session_close, api_health, api_metrics;
handler_fn api_exam_list, api_exam_show;
handler_fn api_attempt_begin, api_attempt_list, api_attempt_show, api_attempt_answer, api_attempt_note, api_attempt_claim,
    api_attempt_clock;
handler_fn api_attempt_move, api_attempt_section, api_attempt_expectation, api_attempt_submit;
handler_fn api_result, api_result_signed, api_docs, api_docs_search, api_progress, api_verify, api_media;
handler_fn api_task_show, api_task_open, api_task_reset, api_task_check, api_task_hint, api_task_solution;
handler_fn api_task_files, api_task_file, api_task_file_put, api_task_upload, api_task_download;
handler_fn api_log_checkpoint, api_log_tile, api_add_checkpoint;
handler_fn api_terminal, api_recording_list, api_recording;
handler_fn api_certificate_list, api_certificate_show, api_certificate_change, api_certificate_name, api_certificate_delete;
handler_fn api_credential, api_credential_page, api_credential_log_proof, api_credential_bundle, api_credential_replay;
handler_fn api_did, api_trust, api_status_list;
/* An author's folder (api_author.c). */
handler_fn api_author_show, api_author_change, api_author_file, api_author_file_put, api_author_file_delete, api_author_undo;
handler_fn api_author_check, api_author_preview, api_author_order, api_author_media;
handler_fn api_author_feasible, api_author_sample, api_author_task_run, api_author_job;
handler_fn api_author_review, api_author_review_next, api_author_review_answer, api_author_review_record; /* api_author_review.c */
handler_fn api_author_bench_run, api_author_bench_grade;
handler_fn api_author_parse, api_author_write, api_author_rename;
/* Marks by people (api_marking.c). */
handler_fn api_marking_queue, api_marking_agreement, api_marking_answer, api_marking_give, api_marking_undo;
/* Pictures (api_picture.c). */
handler_fn api_picture_png, api_picture_svg, api_picture_pdf, api_picture_embed;
handler_fn api_verify_page;
/* Reports of candidates, the authors' queue, rescoring (api_report.c). */
handler_fn api_problem_list, api_problem_put, api_problem_delete;
handler_fn api_issue_list, api_issue_show, api_issue_change, api_issue_figures, api_rescore, api_correction_show;
