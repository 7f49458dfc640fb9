/* Measures whole reports on one core, as `assay verify --offline` and POST /api/v1/verify make them: of a certificate, and of a bundle with
 * its status list, against bare libsodium checks of the same number of signatures. Prints JSON, per second. Usage: bench_verify SECONDS */
#include "../unit/credential/verify_kit.h"
#include "credential/bundle.h"
#include <sodium.h>
#include <stdio.h>
#include <time.h>

struct work {
	struct trust trust;
	struct buf credential, bundle;
	struct sign_key key;
	unsigned char signature[SIGN_SIZE];
};

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(struct work *w, const struct buf *input, enum verify_verdict wanted)
{
	struct verify_options options = {.trust = &w->trust, .now_ms = KIT_NOW_MS};
	_cleanup_(verification_destroyp) struct verification *v = verify_input(buf_str(input), &options);
	_cleanup_buf_ struct buf json = BUF(1 << 20);
	verification_json(v, &json);
	if (verification_verdict(v) != wanted)
		abort();
}

static void of_credential(struct work *w)
{
	report(w, &w->credential, VERDICT_UNKNOWN); /* its status */
}
static void of_bundle(struct work *w)
{
	report(w, &w->bundle, VERDICT_VALID);
}
static void bare(struct work *w)
{
	for (int i = 0; i < 2; i++)
		if (crypto_sign_verify_detached(w->signature, (const unsigned char *)w->credential.p, w->credential.len, w->key.public_key) != 0)
			abort();
}

static double measure(struct work *w, void (*f)(struct work *w), double seconds)
{
	double begin = cpu_s(), end;
	long n = 0;
	do {
		f(w);
		n++;
		end = cpu_s();
	} while (end - begin < seconds);
	return (double)n / (end - begin);
}

int main(int argc, char **argv)
{
	struct work w = {.credential = BUF(1 << 20), .bundle = BUF(4 << 20)};
	struct sign_key status;
	struct err err;
	_cleanup_buf_ struct buf list = BUF(1 << 20);
	_cleanup_json_ cJSON *badge = kit_badge();
	double seconds = argc == 2 ? strtod(argv[1], NULL) : 0;
	if (seconds <= 0 || sodium_init() < 0)
		return 2;
	kit_key(1, &w.key);
	kit_key(2, &status);
	kit_trust(&w.trust);
	kit_sign(badge, &w.key, &w.credential);
	kit_list(-1, &status, &list);
	sign_bytes(&w.key, buf_str(&w.credential), w.signature);
	const struct bundle_parts parts = {.credential = buf_str(&w.credential), .status_list = buf_str(&list), .made_ms = KIT_NOW_MS};
	if (!bundle_write(&parts, &w.bundle, &err))
		return 1;
	printf("{\"bytes\":%zu,\"bare\":%.0f,\"credential\":%.0f,\"bundle\":%.0f}\n", w.credential.len, measure(&w, bare, seconds),
	       measure(&w, of_credential, seconds), measure(&w, of_bundle, seconds));
	trust_finish(&w.trust);
	buf_finish(&w.credential);
	buf_finish(&w.bundle);
	return 0;
}
