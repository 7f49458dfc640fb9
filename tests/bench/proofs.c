/* Measures proofs on one core: signing and checking a certificate of some 6 KB, against bare libsodium on the bytes of its canonical JSON.
 * Prints JSON: {"bytes":…,"bare_sign":…,"bare_verify":…,"jcs_sign":…,…}, each per second. Usage: bench_proofs SECONDS
 *
 * Signing begins with the document's tree and ends with the proof in it; checking begins with the tree, too. "read" adds the reading of the
 * text, which a verifier of files has to do. */
#include "credential/expand.h"
#include "credential/jcs.h"
#include "credential/proof.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define METHOD "did:web:exam.example#z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"

struct work {
	struct sign_key key;
	cJSON *document, *signed_by[PROOF_SUITES]; /* with the proof of one suite each */
	struct buf bytes, text[PROOF_SUITES];
	unsigned char signature[SIGN_SIZE];
};

static void require(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "bench_proofs: %s\n", err->msg);
	exit(1);
}

/* Eight domains, four tasks: what a certificate of a long exam says. */
static cJSON *certificate(void)
{
	struct err err;
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	buf_adds(&b,
	         "{\"id\":\"https://exam.example/credentials/0b8e6a0e-6a1c-4b0c-9b6e-2f7b7a1a2b3c\",\"type\":[\"VerifiableCredential\","
	         "\"OpenBadgeCredential\"],\"name\":\"Linux administration\",\"validFrom\":\"2026-11-23T12:00:00Z\",\"issuer\":{\"id\":"
	         "\"did:web:exam.example\",\"type\":[\"Profile\"],\"name\":\"Example Exams\",\"url\":\"https://exam.example/\"},"
	         "\"credentialStatus\":{\"id\":\"https://exam.example/status/1#94567\",\"type\":\"BitstringStatusListEntry\","
	         "\"statusPurpose\":\"revocation\",\"statusListIndex\":\"94567\",\"statusListCredential\":\"https://exam.example/status/1\"},"
	         "\"evidence\":[");
	for (int i = 0; i < 4; i++)
		buf_addf(&b,
		         "%s{\"id\":\"urn:uuid:00000000-0000-4000-8000-00000000000%d\",\"type\":[\"Evidence\"],\"name\":\"Task %d\",\"genre\":"
		         "\"hands-on\",\"narrative\":\"A shell on a machine of the candidate's own, 12 minutes; 5 of 6 checks passed; snapshot "
		         "sha256:5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e%d\"}",
		         i ? "," : "", i, i, i);
	buf_adds(&b,
	         "],\"credentialSubject\":{\"type\":[\"AchievementSubject\"],\"identifier\":[{\"type\":\"IdentityObject\",\"hashed\":true,"
	         "\"identityHash\":\"sha256$5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9\",\"identityType\":"
	         "\"identifier\",\"salt\":\"c2FsdA\"}],\"achievement\":{\"id\":\"https://exam.example/exams/linux-admin\",\"type\":"
	         "[\"Achievement\"],\"achievementType\":\"Certification\",\"name\":\"Linux administration\",\"description\":\"What somebody "
	         "does who keeps Linux servers running.\",\"criteria\":{\"narrative\":\"A supervised exam of 90 minutes without documents; "
	         "passed at 720 of 800.\"},\"resultDescription\":[");
	for (int i = 0; i < 8; i++)
		buf_addf(&b,
		         "%s{\"id\":\"urn:uuid:10000000-0000-4000-8000-00000000000%d\",\"type\":[\"ResultDescription\"],\"name\":\"Domain %d: "
		         "storage and file systems\",\"resultType\":\"Percent\",\"valueMin\":\"0\",\"valueMax\":\"100\"}",
		         i ? "," : "", i, i);
	buf_adds(&b, "]},\"result\":[");
	for (int i = 0; i < 8; i++)
		buf_addf(&b, "%s{\"type\":[\"Result\"],\"resultDescription\":\"urn:uuid:10000000-0000-4000-8000-00000000000%d\",\"value\":\"%d\"}",
		         i ? "," : "", i, 60 + i);
	buf_adds(&b, "]}}");
	cJSON *document = NULL;
	require(json_parse(buf_str(&b), &document, &err), &err);
	json_set(document, "@context", contexts_of_certificate());
	return document;
}

static void prepare(struct work *w)
{
	static const unsigned char seed[SIGN_SEED_SIZE] = {1};
	struct err err;
	sign_key_from_seed(seed, &w->key);
	w->document = certificate();
	w->bytes = BUF(1 << 20);
	require(jcs_canonical(w->document, &w->bytes, &err), &err);
	sign_bytes(&w->key, buf_str(&w->bytes), w->signature);
	for (enum proof_suite s = 0; s < PROOF_SUITES; s++) {
		cJSON *proof = NULL;
		require(proof_make(s, w->document, &w->key, METHOD, INT64_C(1700000000000), &proof, &err), &err);
		w->signed_by[s] = cJSON_Duplicate(w->document, true);
		json_set(w->signed_by[s], "proof", proof);
		w->text[s] = BUF(1 << 20);
		require(jcs_canonical(w->signed_by[s], &w->text[s], &err), &err);
	}
}

static bool find(void *arg, const char *method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE], struct proof_result *ret)
{
	(void)method;
	(void)created_ms;
	(void)ret;
	memcpy(ret_key, ((const struct work *)arg)->key.public_key, SIGN_KEY_SIZE);
	return true;
}

static void check(struct work *w, const cJSON *document)
{
	struct proof_result r;
	struct err err = {0};
	size_t n;
	require(proof_check(document, find, w, &r, 1, &n, &err) && r.valid, &err);
}

static void bare_sign(struct work *w, enum proof_suite s)
{
	(void)s;
	sign_bytes(&w->key, buf_str(&w->bytes), w->signature);
}

static void bare_verify(struct work *w, enum proof_suite s)
{
	struct err err = {.msg = "bare libsodium disagrees"};
	(void)s;
	require(crypto_sign_verify_detached(w->signature, (const unsigned char *)w->bytes.p, w->bytes.len, w->key.public_key) == 0, &err);
}

static void sign(struct work *w, enum proof_suite s)
{
	struct err err;
	cJSON *proof = NULL;
	require(proof_make(s, w->document, &w->key, METHOD, INT64_C(1700000000000), &proof, &err), &err);
	cJSON_Delete(proof);
}

static void verify(struct work *w, enum proof_suite s)
{
	check(w, w->signed_by[s]);
}

static void read_and_verify(struct work *w, enum proof_suite s)
{
	_cleanup_json_ cJSON *document = NULL;
	struct err err;
	require(json_parse(buf_str(&w->text[s]), &document, &err), &err);
	check(w, document);
}

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct work *, enum proof_suite);
		enum proof_suite suite;
	} parts[] = {{"bare_sign", bare_sign, 0},
	             {"jcs_sign", sign, PROOF_JCS},
	             {"rdfc_sign", sign, PROOF_RDFC},
	             {"bare_verify", bare_verify, 0},
	             {"jcs_verify", verify, PROOF_JCS},
	             {"rdfc_verify", verify, PROOF_RDFC},
	             {"jcs_read", read_and_verify, PROOF_JCS},
	             {"rdfc_read", read_and_verify, PROOF_RDFC}};
	struct work w = {0};
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	if (sodium_init() < 0)
		return 1;
	prepare(&w);
	printf("{\"bytes\":%zu", w.bytes.len);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		double begin = cpu_seconds(), end = begin;
		size_t n = 0;
		for (; end - begin < seconds; end = cpu_seconds())
			for (int k = 0; k < 50; k++, n++)
				parts[i].run(&w, parts[i].suite);
		printf(",\"%s\":%.1f", parts[i].name, (double)n / (end - begin));
	}
	puts("}");
	return 0;
}
