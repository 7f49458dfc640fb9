/* The log's texts: verifier keys, notes, checkpoints, policies, proofs, what witnesses are asked, paths and bundles of tiles. What is taken
 * reads the same when it is written again, and no bytes prove what was not logged. */
#include "credential/log_proof.h"
#include "credential/tiles.h"
#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_note(struct str text)
{
	struct note note;
	struct checkpoint c;
	struct err err = {0};
	if (!note_parse(text, &note, &err)) {
		require(err.msg[0]);
		return;
	}
	require(note.n > 0 && note.text.len > 0 && note.text.p[note.text.len - 1] == '\n');
	if (checkpoint_parse(note.text, &c, &err)) {
		_cleanup_buf_ struct buf again = BUF(NOTE_SIZE_MAX);
		checkpoint_write(&c, &again);
		require(str_starts(note.text, buf_str(&again).p)); /* extension lines may follow */
	}
}

static void check_key(struct str text)
{
	struct note_key key;
	char again[NOTE_VKEY_SIZE];
	struct err err;
	if (note_key_read(text, &key, &err))
		require(str_is(text, note_key_write(&key, again)));
}

static void check_tile(struct str text)
{
	struct tile t;
	char again[TILE_PATH_SIZE];
	struct err err;
	struct str rest = text, entry;
	if (tile_path_read(text, &t, &err))
		require(str_is(text, tile_path_write(&t, again)));
	_cleanup_buf_ struct buf bundle = BUF(1 << 20);
	while (tile_next_entry(&rest, &entry))
		require(tile_add_entry(&bundle, entry, &err));
	require(str_eq(buf_str(&bundle), str_sub(text, 0, text.len - rest.len)));
}

static void check_request(struct str text)
{
	struct witness_request r;
	struct err err = {0};
	if (!witness_request_parse(text, &r, &err)) {
		require(err.msg[0]);
		return;
	}
	_cleanup_buf_ struct buf again = BUF(LOG_PROOF_SIZE_MAX + 1);
	witness_request_write(r.old, &r.proof, r.checkpoint, &again);
	require(str_eq(text, buf_str(&again)));
}

/* With a key that signs nothing: whatever is brought, it must not hold. With roots of the input's own, inclusion and consistency must never
 * read past the proof. */
static void check_proof(struct str text)
{
	static const unsigned char seed[SIGN_SEED_SIZE] = {5};
	struct sign_key secret;
	struct note_key key;
	struct log_policy policy = {.n_logs = 1, .quorum = -1};
	struct log_proof_seen seen;
	struct log_proof_parts parts;
	struct tlog_hash leaf, root;
	struct err err = {0};
	sign_key_from_seed(seed, &secret);
	require(note_key_make(STR("example.com/log"), NOTE_ED25519, secret.public_key, &key, &err));
	policy.logs[0] = key;
	require(!log_proof_check(text, "certificate", STR("what was not logged"), &policy, &seen, &err) && err.msg[0]);
	if (!log_proof_parse(text, &parts, &err))
		return;
	tlog_leaf(text, &leaf);
	tlog_leaf(STR("root"), &root);
	int64_t n = parts.index;
	require(!tlog_check_inclusion(n, n + 1, &leaf, &parts.proof, &root, &err));
	require(!tlog_check_inclusion(n, n + (int64_t)text.len, &leaf, &parts.proof, &root, &err));
	require(!tlog_check_consistency(n, n + 1 + (int64_t)text.len, &leaf, &root, &parts.proof, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct log_policy policy;
	struct log_seen seen;
	struct err err = {0};
	if (sodium_init() < 0)
		return 0;
	check_key(text);
	check_note(text);
	check_tile(text);
	check_request(text);
	check_proof(text);
	if (log_policy_read(text, &policy, &err))
		require(policy.n_nodes <= 2 * LOG_POLICY_MAX && policy.quorum < (int)policy.n_nodes &&
		        !log_policy_check(&policy, STR("x\n"), &seen, &err));
	else
		require(err.msg[0]);
	return 0;
}
