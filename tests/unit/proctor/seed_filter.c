/* For tests in other languages: prints the seeds of a server's active keys, so that a test can sign as that server. Usage: seed_filter DATA
 */
#include "proctor/keys.h"
#include "proctor/proctor.h"
#include <sodium.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct proctor_config config = {.data_dir = argv[1], .beside = true};
	struct proctor *pr = NULL;
	struct err err = {0};
	if (argc != 2 || sodium_init() < 0)
		return 2;
	bool ok = proctor_open(&config, &pr, &err);
	putchar('{');
	for (enum key_purpose p = 0; ok && p < KEY_PURPOSES; p++) {
		const struct sign_key *key;
		char seed[2 * SIGN_SEED_SIZE + 1];
		if (!(ok = key_active(pr, p, &key, &err)))
			break;
		sodium_bin2hex(seed, sizeof seed, key->secret_key, SIGN_SEED_SIZE);
		printf("%s\"%s\":\"%s\"", p ? "," : "", key_purpose_name(p), seed);
	}
	puts("}");
	if (!ok)
		fprintf(stderr, "seed_filter: %s\n", err.msg);
	proctor_close(pr);
	return ok ? 0 : 1;
}
