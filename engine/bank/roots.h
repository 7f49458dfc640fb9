/* The people whose signatures make a bank official: pinned once, then changed only by the old ones and the new ones together.
 *
 * {"format":"assay-bank-roots/v1","number":1,"threshold":2,"author_alone":false,"people":[{"name":"Ana","keys":["RW…"]}]}. `number` counts
 * the changes. A person may have several keys and counts once. */
#pragma once
#include "bank/minisign.h"
#include <stdint.h>

#define ROOTS_NAME "bank-roots.json" /* in the data folder */
#define ROOTS_SIZE_MAX (256u << 10)
#define ROOTS_PEOPLE_MAX 64
#define ROOTS_KEYS_MAX 8 /* of one person */
#define ROOTS_NAME_MAX 100

struct roots_person {
	char *name;
	struct minisign_key keys[ROOTS_KEYS_MAX];
	size_t n_keys;
};
struct roots {
	struct roots_person people[ROOTS_PEOPLE_MAX];
	size_t n;
	int64_t number, threshold;
	bool author_alone; /* threshold 1: the author's own signature is enough */
};

/* ERR_INVALID with the reason. The caller finishes. */
MUST_CHECK bool roots_parse(struct str text, struct roots *ret, struct err *err);
void roots_print(const struct roots *r, struct buf *out);
void roots_finish(struct roots *r);
#define _cleanup_roots_ __attribute__((cleanup(roots_finish)))

/* Adds a key to a person, who is added when the name is new. ERR_INVALID when it is somebody's already, or there are too many. */
MUST_CHECK bool roots_add(struct roots *r, const char *name, const struct minisign_key *key, struct err *err);
/* Thresholds and people fit together: checked by roots_parse(), too. */
MUST_CHECK bool roots_check(const struct roots *r, struct err *err);
/* Whose key has this number; -1: nobody's. */
int roots_person(const struct roots *r, const unsigned char id[8], const struct minisign_key **ret_key);
int roots_person_of(const struct roots *r, const struct minisign_key *key);

/* Signatures that were checked: a bit for each person. */
int roots_count(uint64_t people);
void roots_names(const struct roots *r, uint64_t people, struct buf *out); /* "Ana, Ben" */

/* Whether `text` may follow `old`: its number is the next one, and both thresholds are reached by these signature files over it. A
 * signature that is of a known key and wrong fails; one of an unknown key does not count. */
MUST_CHECK bool roots_rotate(const struct roots *old, struct str text, const struct str *signatures, size_t n, struct roots *ret,
                             struct err *err);
