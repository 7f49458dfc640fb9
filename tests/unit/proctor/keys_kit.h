/* For tests about keys: changes in a transaction of their own, and the documents that come of them. */
#pragma once
#include "kit.h"

#include "credential/did.h"
#include "proctor/keys.h"
#include "store/key.h"

/* A call on the writing connection `tx` that says `why` it fails. */
#define CHANGE(k, call)                                   \
	do {                                                  \
		struct err why_ = {0}, *why = &why_;              \
		struct store *tx = proctor_writer_store((k)->pr); \
		must(store_begin(tx, why), why);                  \
		must(call, why);                                  \
		must(store_commit(tx, why), why);                 \
	} while (0)
#define REFUSED(k, call, with)                                    \
	do {                                                          \
		struct err why_ = {0}, *why = &why_;                      \
		struct store *tx = proctor_writer_store((k)->pr);         \
		must(store_begin(tx, why), why);                          \
		assert_false(call);                                       \
		store_rollback(tx);                                       \
		assert_string_equal(err_name(why->code), err_name(with)); \
	} while (0)

static inline const struct sign_key *active(struct kit *k, enum key_purpose purpose)
{
	const struct sign_key *key;
	struct err err;
	must(key_active(k->pr, purpose, &key, &err), &err);
	return key;
}

static inline void name_of(const struct sign_key *key, char out[MULTIKEY_SIZE])
{
	multikey_write(key->public_key, out);
}

/* The row of a key. */
static inline struct key_row row_of(struct kit *k, const struct sign_key *key)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	struct err err;
	must(store_keys(k->rd, &rows, &n, &err), &err);
	for (size_t i = 0; i < n; i++)
		if (memcmp(rows[i].public_key, key->public_key, SIGN_KEY_SIZE) == 0)
			return rows[i];
	fail_msg("no such key");
	return (struct key_row){0};
}

/* A folder without a server in it yet. */
static inline void kit_prepare(struct kit *k)
{
	memset(k, 0, sizeof *k);
	snprintf(k->dir, sizeof k->dir, "/tmp/assay-test-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	k->config = (struct proctor_config){.data_dir = k->dir, .clock = &kit_clock};
}

static inline void put_file(const struct kit *k, const char *name, const char *text)
{
	char path[200];
	struct err err;
	snprintf(path, sizeof path, "%s/%s", k->dir, name);
	must(file_write_durable(path, str_of(text), 0600, &err), &err);
}

static inline bool has_file(const struct kit *k, const char *name)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", k->dir, name);
	return access(path, F_OK) == 0;
}

static inline void remove_file(const struct kit *k, const char *name)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", k->dir, name);
	assert_int_equal(unlink(path), 0);
}
