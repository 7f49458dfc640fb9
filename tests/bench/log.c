/* Measures the transparency log at growing sizes: appends (alone and in groups, as the writer makes them), proofs at random places, and
 * signing. One log grows through all sizes. Lines: size, what, median in microseconds, with tabs between.
 * Usage: bench_log FOLDER SIZE… */
#include "proctor/log_tree.h"
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define GROUP 100
#define ROUNDS 60

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *list, size_t n)
{
	qsort(list, n, sizeof *list, compare);
	return list[n / 2];
}

static void die(const struct err *err)
{
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

/* A result and its certificate, in turn. */
static void append(struct proctor *pr, int64_t n)
{
	static int64_t attempt;
	struct err err;
	for (int64_t i = 0; i < n; i++) {
		char name[64], bytes[100];
		bool result = ++attempt & 1;
		unsigned char random[16];
		rng_secret(random, sizeof random);
		sodium_bin2hex(name, sizeof name, random, sizeof random);
		if (result)
			snprintf(name, sizeof name, "%lld 1", (long long)attempt);
		int len = snprintf(bytes, sizeof bytes, "{\"id\":\"%s\"}", name);
		if (!log_append(pr, pr->wr, result ? LOG_RESULT : LOG_CERTIFICATE, name, (struct str){bytes, (size_t)len}, NULL, &err))
			die(&err);
	}
}

/* One transaction; with a signature, as the writer seals its groups. */
static double transaction(struct proctor *pr, int64_t n)
{
	struct err err;
	int64_t begin = now_us();
	if (!store_begin(pr->wr, &err))
		die(&err);
	append(pr, n);
	proctor_seal(pr, pr->wr);
	if (!store_commit(pr->wr, &err))
		die(&err);
	return (double)(now_us() - begin);
}

/* What a durable transaction costs here that changes next to nothing. */
static double bare(struct proctor *pr, int64_t n)
{
	struct err err;
	int64_t begin = now_us();
	if (!store_begin(pr->wr, &err) || !store_log_entered(pr->wr, n, &err) || !store_commit(pr->wr, &err))
		die(&err);
	return (double)(now_us() - begin);
}

static void grow(struct proctor *pr, int64_t to)
{
	int64_t size, signed_size;
	struct err err;
	for (;;) {
		if (!store_log_sizes(pr->wr, &size, &signed_size, &err))
			die(&err);
		if (size >= to)
			return;
		transaction(pr, to - size > 20000 ? 20000 : to - size);
	}
}

static void measure(struct proctor *pr, int64_t size, const char *dir)
{
	double commit[ROUNDS], alone[ROUNDS], group[ROUNDS], proof[10 * ROUNDS];
	struct store *rd;
	struct err err;
	struct stat st;
	_cleanup_free_ char *db = xasprintf("%s/assay.db", dir);
	for (int i = 0; i < ROUNDS; i++) {
		commit[i] = bare(pr, i);
		alone[i] = transaction(pr, 1);
	}
	for (int i = 0; i < ROUNDS; i++)
		group[i] = transaction(pr, GROUP) / GROUP;
	if (!proctor_reader(pr, &rd, &err))
		die(&err);
	for (int i = 0; i < 10 * ROUNDS; i++) {
		_cleanup_buf_ struct buf out = BUF(1 << 16);
		uint64_t random;
		rng_secret(&random, sizeof random);
		int64_t begin = now_us();
		if (!log_proof(pr, rd, (int64_t)(random % (uint64_t)size), &out, &err))
			die(&err);
		proof[i] = (double)(now_us() - begin);
	}
	store_close(rd);
	_cleanup_free_ char *wal = xasprintf("%s-wal", db);
	int64_t bytes = stat(db, &st) == 0 ? st.st_size : 0;
	bytes += stat(wal, &st) == 0 ? st.st_size : 0;
	const struct {
		const char *what;
		double figure;
	} lines[] = {{"commit", median(commit, ROUNDS)},
	             {"alone", median(alone, ROUNDS)},
	             {"group", median(group, ROUNDS)},
	             {"proof", median(proof, 10 * ROUNDS)},
	             {"bytes", (double)bytes / (double)size}};
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		printf("%lld\t%s\t%.1f\n", (long long)size, lines[i].what, lines[i].figure);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct proctor *pr;
	struct err err;
	if (argc < 3)
		return 2;
	struct proctor_config config = {.data_dir = argv[1]};
	if (!proctor_open(&config, &pr, &err))
		die(&err);
	for (int i = 2; i < argc; i++) {
		int64_t size = strtoll(argv[i], NULL, 10), begin = now_us();
		grow(pr, size);
		fprintf(stderr, "log of %lld entries after %.0f s\n", (long long)size, (double)(now_us() - begin) / 1e6);
		measure(pr, size, argv[1]);
	}
	proctor_close(pr);
	return 0;
}
