/* Where the parts of a question stand in its Markdown; internal to model*.c. All point into the file's text. */
#pragma once
#include "bank/model.h"
#include "bank/passage.h"

#define MODEL_SECTIONS_MAX 40
#define MODEL_OPTIONS_MAX 64

enum model_section { SECTION_EXPLANATION, SECTION_REFERENCES, SECTION_HINT, SECTION_RUBRIC, SECTION_OTHER };
extern const char *const model_section_names[];
enum model_answers { ANSWERS_NONE, ANSWERS_BOXES, ANSWERS_STEPS, ANSWERS_PAIRS, ANSWERS_TYPED, ANSWERS_RAW };

struct model_parts {
	struct lines lines; /* of the question, without the front matter */
	struct str whole;   /* the same as bytes */
	struct str front;   /* inside of the front matter of a file that is one question */
	bool has_front;
	struct str heading; /* "## Title {#id}", "# Title", or empty */
	struct str title, id;
	struct str fields; /* inside of ```yaml item */
	bool has_fields;
	struct str params; /* inside of ```lua params */
	struct str stem, answers;
	enum model_answers sort;
	const char *body_end; /* where the first section begins, or the question ends: without blank lines before it */
	struct {
		enum model_section kind;
		struct str all, text; /* with its heading; without */
	} sections[MODEL_SECTIONS_MAX];
	size_t n_sections;
};
void model_cut(struct str text, const struct outline *o, size_t index, const char *kind, struct model_parts *ret);
/* The entry after the one that begins at line `at` of a list. */
size_t model_entry_end(const struct lines *lines, size_t at);
void model_parts_finish(struct model_parts *p);
#define _cleanup_model_parts_ __attribute__((cleanup(model_parts_finish)))
/* The value of a field where it is written; p NULL if it is not. ret_line (or NULL) is all of its lines. */
struct str model_field(struct str yaml, const char *name, struct str *ret_line);
