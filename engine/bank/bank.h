/* A bank in memory: what the Markdown says, parsed, checked and rendered.
 *
 * The same structs come from a folder (bank_load) and from a stored version (bank_decode); after that they never change, so
 * that threads share them freely. HTML in them is our own output: an allow-list of tags, pictures as /media/HASH.EXT. */
#pragma once
#include "bank/blueprint.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include <stdint.h>

#define BANK_ITEMS_MAX 100000
#define BANK_OPTIONS_MAX 64
#define BANK_POINTS_MAX 1000

enum item_kind {
	ITEM_SINGLE,
	ITEM_MULTIPLE,
	ITEM_TRUE_FALSE,
	ITEM_GRID,
	ITEM_ORDERING,
	ITEM_MATCHING,
	ITEM_NUMERIC,
	ITEM_TEXT,
	ITEM_CLOZE,
	ITEM_HOTSPOT,
	ITEM_ESSAY,
	ITEM_TASK,
	ITEM_KINDS
};
const char *item_kind_name(enum item_kind kind); /* "single", "multiple", "true-false", … as in `type:` and in the API */

/* Versions hold the numbers: new ones come last. */
enum item_status { ITEM_ACTIVE, ITEM_DRAFT, ITEM_PRETEST, ITEM_RETIRED, ITEM_REVIEW, ITEM_APPROVED, ITEM_STATUSES };
extern const char *const item_status_names[ITEM_STATUSES]; /* as in `status:` */
/* Only these are drawn. */
static inline bool item_status_is_drawn(enum item_status status)
{
	return status == ITEM_ACTIVE || status == ITEM_PRETEST;
}

enum partial_rule { PARTIAL_UNSET, PARTIAL_NONE, PARTIAL_PER_OPTION, PARTIAL_NET_CORRECT, PARTIAL_COVERAGE };

/* One line of a list. Which fields are used depends on the kind:
 * single, multiple, true-false: html, text, feedback_html, key, pin
 * ordering: html; the array's order is the right one
 * matching: the left sides: html, match = index into `targets`; `targets`: html
 * grid: the rows: html, match = index into `targets` (the columns) */
struct item_option {
	char *html;
	char *text;          /* plain text, for lint and for logs */
	char *feedback_html; /* or NULL */
	bool key, pin;
	int match;
};

/* One accepted answer of a numeric item: lo <= value <= hi, in the base unit of its family when unit is set. What binary numbers cannot hit
 * is forgiven when it is marked (exam/number.c). */
struct item_number {
	double lo, hi;
	char *unit; /* as written, or NULL */
};

/* One accepted (or partly accepted) answer of a text item or a typed blank. */
struct item_text {
	char *pattern; /* the literal, or the regular expression without its slashes */
	bool regex, ignore_case;
	int credit_m;      /* thousandths of the points: 1000 for a right answer */
	char *reason_html; /* why only part of it, or NULL */
};

/* One blank of a cloze. A chosen blank has options (with their keys); a typed one has texts. */
struct item_blank {
	struct item_option *options;
	size_t n_options;
	struct item_text *texts;
	size_t n_texts;
};

enum region_shape { REGION_RECT, REGION_CIRCLE, REGION_POLY };
struct item_region {
	char *id, *label;
	enum region_shape shape;
	int at[64]; /* rect: x0 y0 x1 y1; circle: x y r; poly: x y … */
	int n_at;
	bool correct;
};

/* A file that a task puts into its box, from the task's files/: the path in the box, absolute. */
struct task_file {
	char *path;
	char *hash;      /* SHA-256, hexadecimal */
	bool executable; /* mode 0755, else 0644; setup.sh may change it */
	char *bytes;     /* NULL in a decoded bank: the store has them, as media */
	size_t size;
};

/* Another way to work on a task, with which its author proves the grader: wrong/NAME, which must fail what it names, or alt/NAME, which
 * must earn everything. */
struct task_variant {
	char *name; /* "wrong/owner", "alt/rsync" */
	char *run_sh;
	char **fails; /* wrong: ids of checks */
	size_t n_fails;
};

/* A hands-on task: a folder under tasks/. The candidate works in a box that setup has prepared; a grader looks at what became of it. */
struct task {
	char *image;     /* "host", or one of the bank's images */
	char *box_image; /* what boxes call it, once it has been looked for (proctor/images.h); or NULL */
	char *user;      /* whose shell it is: "candidate" or "root" */
	char **limits;   /* "memory=256M", …; NULL-terminated, or NULL */
	int64_t time_ms; /* how long it should take, as told to the candidate; 0: not said */
	char **commands; /* that the image must have */
	size_t n_commands;
	char **checklist_html; /* what is asked, point by point */
	size_t n_checklist;
	char **docs; /* ids of the bank's documents that belong to it */
	size_t n_docs;
	int *ports; /* on which something is expected to listen */
	size_t n_ports;
	char *setup_sh; /* run as root in the fresh box; or NULL */
	char *grader_lua;
	char *solution_sh; /* solution/run.sh; shown in study mode after giving up */
	struct task_file *files;
	size_t n_files;
	char *values;    /* of an instance of a parametrised task: a JSON object; or NULL */
	char *check_ids; /* of its proof: "owner=1 content=3", ids and points in the grader's order */
	char hash[65];   /* of the folder's content but for the proof */
	struct task_variant *variants;
	size_t n_variants; /* sorted by name; none in a decoded bank */
	/* What this machine lacks, so that the task is not drawn here: "the command 'git', which is not installed here"; or NULL. Looked for by
	 * bank_look_for_commands(), and for images by proctor/images.h. */
	char *missing;
};

struct item {
	char *id, *title;
	char *domain;    /* never NULL */
	char *objective; /* "domain.objective", or NULL */
	char *family;    /* never NULL: the item's id by default */
	char *case_id;   /* or NULL */
	char **tags;
	size_t n_tags;
	enum item_kind kind;
	enum item_status status;
	enum partial_rule partial; /* PARTIAL_UNSET: the blueprint's */
	int difficulty;            /* 1 to 5, 0 unknown */
	int64_t points_m;          /* thousandths of a point, > 0 */
	bool shuffle;
	int select;       /* how many to choose; 0: the candidate is not told */
	bool ignore_case; /* text and cloze: as written in the fields; each item_text says it again */
	char *stem_html;  /* a cloze's blanks are <span data-blank="1"></span>, numbered from 1 */
	struct item_option *options;
	size_t n_options;
	struct item_option *targets; /* matching: right sides; grid: columns */
	size_t n_targets;
	struct item_number *numbers;
	size_t n_numbers;
	char **units; /* numeric: the units to pick from (the whole family), or none */
	size_t n_units;
	struct item_text *texts;
	size_t n_texts;
	struct item_blank *blanks;
	size_t n_blanks;
	char *image_html; /* hotspot: <img>, with its alternative text */
	int image_w, image_h;
	struct item_region *regions;
	size_t n_regions;
	struct task *task;                        /* a hands-on task, owned; or NULL */
	char *rubric_html;                        /* essay */
	char *explanation_html, *references_html; /* or NULL */
	char **hints_html;
	size_t n_hints;
	/* Parametrised items: the program and the question's source. The fields above then hold the question with its @{names}
	 * still in place, for lint only; bank_instantiate() makes the item a candidate sees. */
	char *params_lua; /* or NULL */
	char *source;     /* the Markdown of the question without the program, or NULL */
	/* Where it stands: for messages, and for exams in the written order. In a decoded bank, `line` is the question's number in its file:
	 * a version does not change because lines moved. */
	char *file;
	int line;
	int place;       /* its number in its file, from 1 */
	int params_line; /* where its program begins; 0 in a decoded bank */
};

struct bank_objective {
	char *id, *title;
}; /* id without the domain */
struct bank_domain {
	char *id, *title;
	struct bank_objective *objectives;
	size_t n_objectives;
};
struct bank_case {
	char *id, *title, *html;
};
struct bank_doc {
	char *id, *title, *html, *text;
}; /* id: the path without docs/ and .md; text: plain, for search */
/* What boxes can start from beside this machine's own programs. */
struct bank_image {
	char *name, *suite; /* "web", "bookworm" */
	char **packages;
	size_t n_packages;
};
struct bank_media {
	char *path; /* in the bank */
	char *hash; /* SHA-256, hexadecimal */
	const char *mime;
	int width, height; /* in pixels, from the file's header */
	char *bytes;       /* NULL in a decoded bank: the store has them */
	size_t size;
};

/* How the bank's questions are reviewed, as bank.yml says; no part of a version. */
struct bank_review {
	bool present;  /* bank.yml has `review:` */
	bool required; /* who lacks approvals is on no exam */
	int approvals; /* by how many people, for exactly the text that is there */
};

struct bank {
	char *id, *title, *description, *version, *license, *language;
	char **authors;
	size_t n_authors;
	struct bank_domain *domains;
	size_t n_domains;
	struct item *items;
	size_t n_items;
	struct bank_case *cases;
	size_t n_cases;
	struct bank_doc *docs;
	size_t n_docs;
	struct bank_media *media;
	size_t n_media;
	struct bank_image *images;
	size_t n_images;
	struct blueprint *exams;
	size_t n_exams;
	struct bank_review review; /* nothing in a decoded bank */
};

void bank_destroy(struct bank *bank);
DEFINE_CLEANUP(struct bank, bank_destroy)
#define _cleanup_bank_ _cleanup_(bank_destroyp)

const struct item *bank_item(const struct bank *bank, const char *id);          /* or NULL */
const struct blueprint *bank_exam(const struct bank *bank, const char *id);     /* or NULL */
const struct bank_case *bank_case(const struct bank *bank, const char *id);     /* or NULL */
const struct bank_domain *bank_domain(const struct bank *bank, const char *id); /* or NULL */
const struct bank_image *bank_image(const struct bank *bank, const char *name); /* or NULL */

/* Reads and checks a folder, or a lone questions.md. Always collects all messages in `diags`; items with errors are left out of the
 * bank. Fails only when it could not look: the folder is missing or unreadable, or above a ceiling. */
struct diags;
MUST_CHECK bool bank_load(const char *dir, struct diags *diags, struct bank **ret, struct err *err);
/* The same without asking who has approved what: for tools that format, show, compare or convert what is written. */
MUST_CHECK bool bank_load_unreviewed(const char *dir, struct diags *diags, struct bank **ret, struct err *err);
/* The same for its author: with a text that is not saved yet in place of what the folder has (path: in the bank; NULL: none), and with
 * tasks that are not proved, which is then only worth a warning. */
struct bank_draft {
	const char *path;
	struct str text;
};
MUST_CHECK bool bank_load_draft(const char *dir, const struct bank_draft *draft, struct diags *diags, struct bank **ret, struct err *err);
/* Reads one task for its author: DIR is its folder. The bank is the one that holds it (DIR is below its tasks/), without its questions and
 * exams; whether the task is proved does not matter. The bank has no item when the task has errors. */
MUST_CHECK bool bank_load_task(const char *dir, struct diags *diags, struct bank **ret, struct err *err);
/* Notes in the tasks on image `host` which command this machine lacks. */
void bank_look_for_commands(struct bank *bank);
bool bank_has_command(const char *name);
/* Adds the lint warnings (not errors) over the whole bank. */
void bank_lint(const struct bank *bank, struct diags *diags);
/* Warns of files that nobody can review: binaries outside media/, compiled Lua. */
MUST_CHECK bool bank_look_for_opaque(const char *dir, struct diags *diags, struct err *err);
/* Gives the messages that only know their line a column and the line's text, from the bank's files; quicker when they are sorted. */
void bank_place(const char *dir, struct diags *diags);
void bank_place_draft(const char *dir, const struct bank_draft *draft, struct diags *diags);

/* The compiled, immutable version: deterministic JSON; its SHA-256 in hexadecimal is the version's key. */
void bank_encode(const struct bank *bank, struct buf *out);
MUST_CHECK bool bank_decode(struct str bytes, struct bank **ret, struct err *err);

/* A parametrised item with values put in: a JSON object of name to string or number. The new item is the caller's.
 * ERR_INVALID when a name is missing or the text no longer parses; ERR_CONFLICT when two options are equal (draw again). */
MUST_CHECK bool bank_instantiate(const struct bank *bank, const struct item *item, const char *values_json, struct item **ret,
                                 struct err *err);
/* One item as deterministic JSON, and back: an instance as it is stored with its form. */
void item_encode(const struct item *item, struct buf *out);
MUST_CHECK bool item_decode(struct str bytes, struct item **ret, struct err *err);
void item_destroy(struct item *item);
DEFINE_CLEANUP(struct item, item_destroy)
