/* See verify.h. */
#include "proctor/verify.h"
#include "proctor/keys.h"
#include "credential/verify.h"
#include "proctor/internal.h"

static const char own[] = "this server's own";

/* What this server trusts: itself. */
static bool own_trust(struct proctor *pr, struct store *rd, struct trust *ret, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(TRUST_SIZE_MAX);
	return keys_trust_json(pr, rd, &text, err) && buf_check(&text, "the trust file", err) && trust_add(ret, buf_str(&text), own, err);
}

bool verify_for_others(struct proctor *pr, struct store *rd, struct str input, struct buf *out, struct err *err)
{
	struct trust trust = {0};
	if (!own_trust(pr, rd, &trust, err))
		return false;
	struct verify_options options = {.trust = &trust, .now_ms = proctor_wall_ms(pr)};
	struct verification *v = verify_input(input, &options);
	verification_json(v, out);
	verification_destroy(v);
	trust_finish(&trust);
	return true;
}
