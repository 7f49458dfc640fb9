/* Releases of banks on this server: who is trusted, what was seen, which versions are official. Internal to proctor/. */
#pragma once
#include "bank/release.h"
#include "proctor/internal.h"

/* Who is trusted at a moment: DATA/bank-roots.json. */
struct trusted {
	bool there; /* somebody is */
	struct roots roots;
	char sha256[HASH_HEX_SIZE]; /* of the file */
	int64_t now_ms;
};
/* ERR_INVALID when the file is there and not right: then nothing is offered, as nobody knows who was meant. */
MUST_CHECK bool trusted_read(const char *path, int64_t now_ms, struct trusted *ret, struct err *err);
void trusted_finish(struct trusted *t);
#define _cleanup_trusted_ __attribute__((cleanup(trusted_finish)))

/* A folder's release, whole and signed by enough people; without roots whole, signed by its author, and not official. */
MUST_CHECK bool trusted_verify(const struct trusted *t, const char *dir, struct release_view *ret, struct err *err);
bool release_is_same(const struct version_release *r, const struct release_view *view);
void release_take(struct version *v, const struct release_view *view, const struct trusted *t);
/* Whether it may be offered: `signed_only`: official banks alone. */
MUST_CHECK bool release_is_wanted(const struct release_view *view, bool signed_only, struct err *err);
bool release_expired(const struct version_release *r, const struct trusted *t);

/* Writer thread: refuses (ERR_SIGNATURE) a number below the highest that was seen of this bank, another content under the same number, and
 * an unsigned bank that was official before; remembers the rest. */
MUST_CHECK bool release_store(struct proctor *pr, struct store *wr, struct version *v, struct err *err);
/* Writer thread: the last release that was taken from the folder v->dir while the same people were trusted as now (v->release.roots): its
 * compiled bank, hash and row. ERR_SIGNATURE when there is none, it has expired, or was forgotten. */
MUST_CHECK bool release_recall(struct proctor *pr, struct store *wr, struct version *v, struct buf *compiled, struct err *err);
/* Whether a version that comes from the store is official. */
MUST_CHECK bool release_stored(struct store *st, struct version *v, struct err *err);
