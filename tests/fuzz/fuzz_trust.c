/* A file that is given as trust: refused whole, or every key in it is found again. */
#include "../unit/credential/verify_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust trust = {0};
	struct err err;
	if (!trust_add(&trust, (struct str){(const char *)data, size}, "pinned", &err)) {
		if (trust.n)
			abort();
		trust_finish(&trust);
		return 0;
	}
	for (size_t i = 0; i < trust.n; i++)
		for (size_t k = 0; k < trust.issuers[i].n; k++) {
			const struct trust_key *found = trust_key(&trust, trust.issuers[i].id, trust.issuers[i].keys[k].key, NULL);
			if (!found || found->state < trust.issuers[i].keys[k].state)
				abort();
		}
	trust_finish(&trust);
	return 0;
}
