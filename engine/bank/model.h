/* A question as the fields of a form: cut out of its Markdown, and put back. Both a form and an editor work on the same text: what a form
 * does not change stays as it stands, byte by byte, and so does what it has no field for.
 *
 *     {"id","title","type","stem","options":[{"text","right","why","pin","match"}]|null,"answers":[text]|null,"answer_text":raw|null,
 *      "explanation","references":[text]|null,"hints":[text],"rubric","params",
 *      "objective","difficulty","family","status","points","select","shuffle","case","tags", …}
 *
 * All texts are Markdown; what is not written is null. Options are those of single, multiple and true-false questions, the steps of an
 * ordering, and the pairs of a matching ("match": the right side; "text" is null for a distractor); answers are the lines "= …" and "~ …".
 * A table of statements is answer_text as it is written; regions are the lines of their list, "- {id: …}". What no form can show is left to
 * the editor. */
#pragma once
#include "bank/outline.h"
#include "base/json.h"

/* `kind` is the question's, when it is known (a name as in `type:`); else NULL, and it follows from what is written. It must be known where
 * a question that has mistakes says nothing of its type and is a table. */
cJSON *model_read(struct str text, const struct outline *o, size_t index, const char *kind);
/* Where the members stand: [{"field","index","line","end_line"}]; index is that of an option, answer or hint, else null. */
cJSON *model_places(struct str text, const struct outline *o, size_t index, const char *kind);
/* The whole text with question `index` as the model says. Members that are missing stay as they are. ERR_INVALID for a model that is none.
 */
MUST_CHECK bool model_write(struct str text, const struct outline *o, size_t index, const char *kind, const cJSON *model, struct buf *out,
                            struct err *err);
