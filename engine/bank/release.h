/* A release of a bank: release.json lists every file with size and SHA-256, and people sign it.
 *
 * release.json is canonical JSON (RFC 8785), so that one bank has one text:
 * {"author":"RW…","bank":"birds","expires":"2027-11-27T00:00:00.000Z","files":[{"executable":true,"path","sha256","size"}…],
 *  "format":"assay-release/v1","graders":[{"commands":[…],"image":"host","limits":[…],"ports":[…],"task":"restore-etc","user":"root"}…],
 *  "number":3,"programs":["id"…]}
 * `graders` is what each task's grader and box may use, `programs` the parametrised questions: who approves reads it there, and a bank that
 * uses anything else is refused. Signatures are files of minisign beside it: release.json.KEY.minisig. */
#pragma once
#include "bank/bank.h"
#include "bank/release_tree.h"
#include "bank/roots.h"

#define RELEASE_SIZE_MAX (48u << 20)
#define RELEASE_NUMBER_MAX INT64_C(1000000000)

struct release {
	char *bank;
	int64_t number, expires_ms;
	struct minisign_key author;
	struct release_file *files; /* sorted by path */
	size_t n, cap;
	char *graders, *programs; /* as they stand */
};
void release_finish(struct release *r);
#define _cleanup_release_ __attribute__((cleanup(release_finish)))

MUST_CHECK bool release_parse(struct str text, struct release *ret, struct err *err);
void release_print(const struct release *r, struct buf *out);

/* What a bank's tasks and questions use. */
void release_uses(const struct bank *bank, struct buf *graders, struct buf *programs);

enum release_state {
	RELEASE_NONE,     /* unsigned */
	RELEASE_UNROOTED, /* whole, and signed by its author; nobody is trusted here */
	RELEASE_OFFICIAL
};
struct release_view {
	enum release_state state;
	struct release release;
	char sha256[HASH_HEX_SIZE]; /* of release.json */
	char seal[HASH_HEX_SIZE];   /* of the folder when it was looked at */
	struct buf text;            /* release.json */
	struct buf signers;         /* "Ana, Ben" */
	int missing;                /* how many people more have to sign; only release_look() leaves some */
	bool author_signed;
};
void release_view_finish(struct release_view *v);
#define _cleanup_release_view_ __attribute__((cleanup(release_view_finish)))

/* Looks at a folder: every file against the list, every signature. `roots` NULL: nobody is trusted. All that is wrong is in `says`; a
 * threshold that is not reached is only in `missing`. Fails when it cannot look. */
MUST_CHECK bool release_look(const char *dir, const struct roots *roots, int64_t now_ms, struct release_says *says,
                             struct release_view *ret, struct err *err);
/* The same as a verdict: ERR_SIGNATURE with the reason for anything that is wrong. An unsigned folder is RELEASE_NONE. */
MUST_CHECK bool release_verify(const char *dir, const struct roots *roots, int64_t now_ms, struct release_view *ret, struct err *err);
/* After the bank was loaded: it is the one that was released, uses what it may, and the folder was not touched meanwhile. */
MUST_CHECK bool release_fits(const struct release_view *v, const char *dir, const struct bank *bank, struct err *err);

/* Makes release.json for the folder as it stands and signs it as the author; earlier signatures are removed. `number` 0: the next one.
 * ERR_INVALID, with all reasons in `says`, for what may not be in a bank. */
MUST_CHECK bool release_make(const char *dir, const struct minisign_secret *author, int64_t number, int64_t expires_ms, int64_t now_ms,
                             struct release_says *says, struct release *ret, struct err *err);
/* Adds a signature to what release_look() found whole. *ret_path: the new file. */
MUST_CHECK bool release_approve(const char *dir, const struct release_view *v, const struct minisign_secret *key, int64_t now_ms,
                                char **ret_path, struct err *err);
