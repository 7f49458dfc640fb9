/* Reading one question: its fields, its parts, and the answer part of each kind. Internal to bank/.
 *
 * question.c finds the parts and the fields; kind_*.c read the answer parts. A question is read the same way when its bank is loaded and
 * when a parametrised item is drawn (instantiate.c); then the fields are those of the item. */
#pragma once
#include "bank/markdown.h"
#include "bank/yaml.h"

struct question {
	struct bank *bank; /* for its domains, media and docs */
	struct diags *diags;
	struct markdown *md;
	struct source *source;
	const struct line *lines; /* of the question, without its fields and its program */
	size_t n_lines;
	size_t body_end;                   /* where the first reserved heading stands */
	const struct yaml *own, *defaults; /* its fields; NULL: none */
	struct item *item;                 /* being filled */
	bool has_kind;                     /* item->kind is known */
	bool is_template;                  /* @{names} are still in place */
	bool is_instance;                  /* @{names} were replaced; the fields are the item's already */
	int select;                        /* from the fields: -1 not said, 0 any */
	const char *at;                    /* the heading, or the first line: for messages about the whole question */
};

/* The value of a field, and the YAML that it stands in; -1 if neither has it. */
int question_field(const struct question *q, const char *name, const struct yaml **ret_yaml);
/* Reads fields and text into q->item; false after reports. */
MUST_CHECK bool question_read(struct question *q);
/* Reads the text alone. */
MUST_CHECK bool question_read_text(struct question *q);
extern const char *const question_fields[];
extern const size_t n_question_fields;

/* One entry of a list in the answer part. */
struct entry {
	size_t from, to; /* lines */
	size_t marker;   /* bytes of the first line that belong to the marker */
};
/* Cuts lines [from, to) into the entries of one list; reports text that belongs to none. */
MUST_CHECK bool question_entries(struct question *q, size_t from, size_t to, bool ordered, struct entry **ret, size_t *ret_n);
/* The last list of this sort in the body, which runs to its end; q->n_lines if there is none. */
size_t question_last_list(const struct question *q, bool ordered);
/* Whether a line begins with "[ ]" or "[x]" after a list marker: the bytes of both. */
size_t question_box(const struct line *l, bool *ret_key);
/* Reports that there is no answer part, or that it stands too late. */
bool question_no_answer(struct question *q, const char *message, const char *help);
MUST_CHECK bool question_stem(struct question *q, size_t to);
bool question_error(struct question *q, const char *code, const char *at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Renders one entry of a list as the text of an option; `first` is what its first line says, `dedent` the columns of its marker. */
MUST_CHECK bool question_entry(struct question *q, const struct entry *e, struct str first, unsigned dedent, struct item_option *o);

/* Readers of the answer parts: each fills its arrays of q->item and the stem. */
bool kind_read_choice(struct question *q);
bool kind_read_ordering(struct question *q);
bool kind_read_matching(struct question *q);
bool kind_read_grid(struct question *q);
bool kind_read_numeric(struct question *q);
bool kind_read_text(struct question *q);
bool kind_read_cloze(struct question *q);
bool kind_read_hotspot(struct question *q);
bool kind_read_essay(struct question *q);
bool kind_read_task(struct question *q);
/* The lines below "### Checklist" of a task: a list. */
bool kind_read_checklist(struct question *q, size_t heading, size_t to);
/* Whether an answer is a number; whether the lines "= …" all are; and the first line of the answer part, or q->body_end. */
bool kind_looks_numeric(struct str answer);
bool kind_is_numeric(const struct question *q, size_t from);
size_t kind_answer_lines(const struct question *q);
/* Whether a line is "= …" or "~ …"; what follows the sign; whether nothing else follows the first of them. */
bool kind_is_answer(const struct line *l);
struct str kind_answer(const struct line *l);
MUST_CHECK bool kind_check_answers(struct question *q, size_t start);
/* A matching's " => " in an entry's first line. */
bool kind_has_arrow(struct str entry, size_t *ret_at, size_t *ret_len);
size_t kind_last_table(const struct question *q);
/* Whether the body ends in a table with exactly one x in each row. */
bool kind_is_grid(const struct question *q);
/* The length of "@{name}" at s ([a-z_][a-z0-9_]*, at most 64), or 0: what stands for a value of a parametrised question. */
size_t question_mark(const char *s, size_t len);
/* Replaces @{name} by a stand-in number, so that what is left can be checked as a number. */
char *kind_stand_in(struct str s);

void item_finish(struct item *item);
void task_destroy(struct task *task);
/* A copy of all but the checklist and the variants. */
struct task *task_copy(const struct task *task);
