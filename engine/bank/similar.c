/* Finds questions whose texts are nearly the same, in near-linear time.
 *
 * Each text becomes a set of shingles (hashes of three words in a row), each set a signature of HASHES minima under different hash
 * functions (Broder, 1997). Bands of the signatures are sorted; texts that agree in a band stand side by side there and are compared for
 * real, each with at most NEIGHBOURS others a band. So equal crowds cost no more than others. */
#include "bank/lint.h"
#include "base/mem.h"

#define WORDS_MAX 2000
#define SHINGLE_WORDS 3
#define SHORT_WORDS 12 /* a stem with fewer words ("Put these in order") counts together with its options */
#define LEAST_SHINGLES 6
#define HASHES 16
#define ROWS 2 /* of a band */
#define BANDS (HASHES / ROWS)
#define NEIGHBOURS 4
#define SIMILAR 0.85 /* share of common shingles */

struct shingles {
	uint64_t *list; /* sorted, unique */
	uint32_t n;
};

struct band_entry {
	uint64_t hash;
	uint32_t item;
};

static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ (x >> 33);
}

static bool in_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The hashes of the words, in order. Signs count as words of their own: in code they make the difference. */
static size_t hash_words(struct str s, uint64_t *words)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len && n < WORDS_MAX;) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || strchr(".,;:?!\"'()", c)) {
			i++;
			continue;
		}
		uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
		size_t start = i;
		do {
			c = (unsigned char)s.p[i++];
			h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * UINT64_C(1099511628211);
		} while (i < s.len && in_word((unsigned char)s.p[start]) && in_word((unsigned char)s.p[i]) && i - start < 64);
		words[n++] = h;
	}
	return n;
}

static int compare_u64(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;
	return (a > b) - (a < b);
}

static void make_shingles(const struct item *item, struct buf *text, uint64_t *words, struct shingles *ret)
{
	buf_clear(text);
	lint_text(item, false, text);
	size_t n = hash_words(buf_str(text), words);
	if (n < SHORT_WORDS) {
		buf_clear(text);
		lint_text(item, true, text);
		n = hash_words(buf_str(text), words);
	}
	if (n < SHINGLE_WORDS + LEAST_SHINGLES - 1)
		return;
	size_t count = n - SHINGLE_WORDS + 1, kept = 0;
	for (size_t i = 0; i < count; i++)
		words[i] = mix(words[i] + 3 * mix(words[i + 1] + 5 * mix(words[i + 2])));
	qsort(words, count, sizeof *words, compare_u64);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || words[i] != words[kept - 1])
			words[kept++] = words[i];
	ret->list = xmalloc(kept * sizeof *words);
	memcpy(ret->list, words, kept * sizeof *words);
	ret->n = (uint32_t)kept;
}

static void make_signature(const struct shingles *s, uint64_t signature[HASHES])
{
	for (size_t k = 0; k < HASHES; k++) {
		uint64_t least = UINT64_MAX, factor = mix(k + 1) | 1;
		for (size_t i = 0; i < s->n; i++) {
			uint64_t h = s->list[i] * factor;
			h ^= h >> 29;
			if (h < least)
				least = h;
		}
		signature[k] = least;
	}
}

static double likeness(const struct shingles *a, const struct shingles *b)
{
	size_t common = 0;
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		uint64_t x = a->list[i], y = b->list[k];
		common += x == y;
		i += x <= y;
		k += y <= x;
	}
	return (double)common / (double)(a->n + b->n - common);
}

static int compare_entries(const void *pa, const void *pb)
{
	const struct band_entry *a = pa, *b = pb;
	int c = (a->hash > b->hash) - (a->hash < b->hash);
	return c ? c : (a->item > b->item) - (a->item < b->item);
}

/* Sorts one band and remembers, for each item, the first earlier item that is like it. */
static void compare_band(const struct bank *bank, const struct shingles *sets, struct band_entry *band, size_t n, uint32_t *like)
{
	qsort(band, n, sizeof *band, compare_entries);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n && k <= i + NEIGHBOURS && band[k].hash == band[i].hash; k++) {
			uint32_t first = band[i].item, second = band[k].item;
			if (like[second] != UINT32_MAX || strcmp(bank->items[first].family, bank->items[second].family) == 0)
				continue;
			if (likeness(&sets[first], &sets[second]) >= SIMILAR)
				like[second] = first;
		}
	}
}

void lint_similar(const struct bank *bank, struct diags *d)
{
	size_t n = bank->n_items, used = 0;
	struct shingles *sets = xcalloc(n + 1, sizeof *sets);
	struct band_entry *bands = xcalloc((n + 1) * BANDS, sizeof *bands);
	uint64_t *words = xcalloc(WORDS_MAX, sizeof *words), signature[HASHES];
	uint32_t *like = xcalloc(n + 1, sizeof *like);
	struct buf text = BUF(1024u << 10);
	for (uint32_t i = 0; i < n; i++) {
		like[i] = UINT32_MAX;
		if (bank->items[i].status == ITEM_RETIRED)
			continue;
		make_shingles(&bank->items[i], &text, words, &sets[i]);
		if (!sets[i].n)
			continue;
		make_signature(&sets[i], signature);
		for (size_t b = 0; b < BANDS; b++) {
			uint64_t h = b;
			for (size_t r = 0; r < ROWS; r++)
				h = mix(h + signature[b * ROWS + r]);
			bands[b * (n + 1) + used] = (struct band_entry){h, i};
		}
		used++;
	}
	for (size_t b = 0; b < BANDS; b++)
		compare_band(bank, sets, bands + b * (n + 1), used, like);
	for (size_t i = 0; i < n; i++) {
		if (like[i] == UINT32_MAX)
			continue;
		const struct item *other = &bank->items[like[i]];
		lint_warn(d, &bank->items[i], "similar", "nearly the same question as '%s' (%s:%d)", other->id, other->file, other->line);
		diags_help(d, "if both are to stay, give them one 'family', so that no form shows both");
	}
	for (size_t i = 0; i < n; i++)
		free(sets[i].list);
	buf_finish(&text);
	free(words);
	free(like);
	free(bands);
	free(sets);
}
