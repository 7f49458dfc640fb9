/* What became of a question: who submitted, read, approved, returned or retired it, and exactly which text. reviews/ITEM.yml keeps it:
 *
 *     record:
 *     - {at: "2026-11-27T17:10:00Z", by: "Ana", did: submitted, text: "6f1c…"}
 *     - {at: "2026-11-27T18:02:11Z", by: "Ben", did: answered, text: "6f1c…", response: "/etc/fstab", agrees: true}
 *
 * One line an entry and entries only ever added, so that version control merges what two people did at the same time. `text` is
 * item_text_hash(): an entry is about those words and that key, and about no others. */
#pragma once
#include "bank/workspace.h"
#include "bank/yaml.h"

#define RECORD_FILE_MAX YAML_SIZE_MAX
#define RECORD_ENTRIES_MAX 500
#define RECORD_NAME_MAX 100   /* bytes of a name */
#define RECORD_TEXT_MAX 20000 /* bytes of an answer or a comment: those of an essay */

/* answered: a blind reader, before they saw the key. judged: the same reader afterwards, where rules cannot mark (essays). */
enum record_did {
	DID_SUBMITTED,
	DID_ANSWERED,
	DID_JUDGED,
	DID_APPROVED,
	DID_RETURNED,
	DID_COMMENTED,
	DID_PRETESTED,
	DID_ACTIVATED,
	DID_RETIRED,
	RECORD_DIDS
};
extern const char *const record_did_names[RECORD_DIDS];

enum record_verdict { VERDICT_NONE, VERDICT_AGREES, VERDICT_DISAGREES };

struct record_entry {
	int64_t at_ms;
	char *by;
	enum record_did did;
	char text[HASH_HEX_SIZE]; /* "": not said, which only a comment or a change of status may */
	char *response;           /* in words, or NULL */
	char *comment;            /* or NULL */
	char *despite;            /* approved although a reader's answer is another one: why; or NULL */
	enum record_verdict verdict;
	int line;
};
struct record {
	struct record_entry *list; /* by time */
	size_t n, cap;
};

/* Whether somebody may be called so: 1 to RECORD_NAME_MAX bytes of UTF-8 in one line. ERR_INVALID. */
MUST_CHECK bool record_check_name(const char *name, struct err *err);
/* See name_same(). */
bool record_same_name(const char *a, const char *b);

/* Reads a file; reports what is wrong, and leaves such entries out. */
void record_parse(struct source *source, struct diags *diags, struct record *ret);
void record_finish(struct record *r);
#define _cleanup_record_ __attribute__((cleanup(record_finish)))
/* One entry as the line that stands for it. */
void record_write_entry(const struct record_entry *e, struct buf *out);

/* "reviews/ITEM.yml"; the caller's. */
char *record_path(const char *item);
/* An item's record; empty when there is none. ERR_INVALID when the file holds what cannot be read, with the place. */
MUST_CHECK bool record_read(const struct workspace *w, const char *item, struct record *ret, struct err *err);
/* Adds an entry at the end of the item's file, whoever else does so at the same time. ERR_TOO_LARGE, ERR_INVALID. */
MUST_CHECK bool record_append(const struct workspace *w, const char *item, const struct record_entry *e, struct err *err);

/* What the record says of one text. */
struct record_state {
	int approvals, needed;                /* by people who did not submit this text, since it was last returned */
	bool stale;                           /* another text was approved, and this one is not yet */
	bool own;                             /* whoever submitted it has approved it: that counts for nothing */
	int readers, agrees, disagrees;       /* blind; disagrees: those that no approval has answered */
	const struct record_entry *submitted; /* who submitted it last; or NULL */
	const struct record_entry *own_entry; /* the approval that counts for nothing; or NULL */
	const struct record_entry *last;      /* of all entries; or NULL */
};
void record_state(const struct record *r, const char *text, int needed, struct record_state *ret);
/* Whether this person has submitted this text, or answered it, or approved it since it was last returned. */
bool record_has(const struct record *r, const char *text, enum record_did did, const char *by);
/* Whether they stand for this text: they submitted it, or, where nobody did, what it was before. */
bool record_is_submitter(const struct record *r, const char *text, const char *by);
/* SHA-256 of what a candidate may see of an item, its key and its explanation; not of its title, status, place or domain, nor of how it is
 * laid out. */
struct bank;
struct item;
void item_text_hash(const struct bank *bank, const struct item *item, char ret[HASH_HEX_SIZE]);
