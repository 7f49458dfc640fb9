/* Decoded forms, shared by the writer and the readers: a hash table by attempt, the least recently used dropped above a ceiling of bytes.
 *
 * Entries are counted and do not change after they were made, except that the items' JSON is rendered on first use, under the
 * entry's own lock. */
#include "proctor/internal.h"

#define BUCKETS 8192

struct form_cache {
	pthread_mutex_t lock;
	struct form_entry *buckets[BUCKETS];
	struct form_entry *newest, *oldest;
	size_t size;
};

static size_t bucket(const char *id)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a; ids are ours and random */
	for (; *id; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211u;
	return h % BUCKETS;
}

struct form_cache *form_cache_create(void)
{
	struct form_cache *c = xcalloc(1, sizeof *c);
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void entry_destroy(struct form_entry *fe)
{
	for (size_t i = 0; fe->pieces && i < fe->form->n_items; i++)
		free((char *)fe->pieces[i].p);
	free(fe->pieces);
	form_destroy(fe->form); /* before the bank that its items point into */
	version_unref(fe->version);
	pthread_mutex_destroy(&fe->lock);
	free(fe);
}

void form_entry_unref(struct form_entry *fe)
{
	if (fe && atomic_fetch_sub(&fe->refs, 1) == 1)
		entry_destroy(fe);
}

static size_t estimate(const struct form *form)
{
	size_t size = sizeof(struct form_entry) + sizeof *form;
	for (size_t i = 0; i < form->n_items; i++) {
		const struct form_item *fi = &form->items[i];
		size += sizeof *fi + 200 + 24 * (fi->item->n_options + fi->item->n_targets + fi->item->n_regions) + 100 * fi->item->n_blanks;
		size += fi->instance ? 4096 : 0;
	}
	return size;
}

struct form_entry *form_entry_create(const char *id, struct version *version, const struct blueprint *bp, struct form *form,
                                     const char *hash)
{
	struct form_entry *fe = xcalloc(1, sizeof *fe);
	atomic_init(&fe->refs, 1);
	memcpy(fe->id, id, sizeof fe->id);
	fe->version = version;
	fe->bp = bp;
	fe->form = form;
	memcpy(fe->hash, hash, sizeof fe->hash);
	fe->size = estimate(form);
	pthread_mutex_init(&fe->lock, NULL);
	return fe;
}

static struct str render(const struct form_entry *fe, size_t index)
{
	_cleanup_json_ cJSON *item = json_object();
	_cleanup_buf_ struct buf text = BUF(JSON_OUT_MAX);
	form_item_json(fe->form, fe->version->bank, index, item);
	json_print(item, &text);
	text.len--; /* the closing brace: members that change are added behind */
	size_t len;
	const char *p = buf_take(&text, &len);
	return (struct str){p, len};
}

/* ---- The table ---- */

static void unlink_used(struct form_cache *c, struct form_entry *fe)
{
	*(fe->newer ? &fe->newer->older : &c->newest) = fe->older;
	*(fe->older ? &fe->older->newer : &c->oldest) = fe->newer;
}

static void push_newest(struct form_cache *c, struct form_entry *fe)
{
	fe->newer = NULL;
	fe->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = fe;
	c->newest = fe;
}

static void drop(struct form_cache *c, struct form_entry *fe)
{
	struct form_entry **at = &c->buckets[bucket(fe->id)];
	while (*at != fe)
		at = &(*at)->chain;
	*at = fe->chain;
	unlink_used(c, fe);
	c->size -= fe->size;
	fe->cached = false;
	form_entry_unref(fe);
}

static struct form_entry *find(struct form_cache *c, const char *id)
{
	struct form_entry *fe = c->buckets[bucket(id)];
	while (fe && strcmp(fe->id, id) != 0)
		fe = fe->chain;
	return fe;
}

static void shrink(struct form_cache *c, const struct form_entry *keep)
{
	while (c->size > FORM_CACHE_MAX && c->oldest != keep)
		drop(c, c->oldest);
}

void form_cache_put(struct proctor *pr, struct form_entry *fe)
{
	struct form_cache *c = pr->forms;
	pthread_mutex_lock(&c->lock);
	if (!find(c, fe->id) && !fe->cached) {
		struct form_entry **head = &c->buckets[bucket(fe->id)];
		fe->chain = *head;
		*head = fe;
		push_newest(c, fe);
		c->size += fe->size;
		fe->cached = true;
		atomic_fetch_add(&fe->refs, 1);
		shrink(c, fe);
	}
	pthread_mutex_unlock(&c->lock);
}

static struct form_entry *lookup(struct form_cache *c, const char *id)
{
	pthread_mutex_lock(&c->lock);
	struct form_entry *fe = find(c, id);
	if (fe) {
		unlink_used(c, fe);
		push_newest(c, fe);
		atomic_fetch_add(&fe->refs, 1);
	}
	pthread_mutex_unlock(&c->lock);
	return fe;
}

/* Returns the bytes that were rendered, 0 when they had been. */
static size_t render_all(struct form_entry *fe)
{
	size_t bytes = 0;
	pthread_mutex_lock(&fe->lock);
	if (!fe->pieces) {
		struct str *pieces = xcalloc(fe->form->n_items + 1, sizeof *pieces);
		for (size_t i = 0; i < fe->form->n_items; i++) {
			pieces[i] = render(fe, i);
			bytes += pieces[i].len + 64;
		}
		fe->pieces = pieces;
	}
	pthread_mutex_unlock(&fe->lock);
	return bytes;
}

void form_entry_render(struct proctor *pr, struct form_entry *fe)
{
	size_t bytes = render_all(fe);
	struct form_cache *c = pr->forms;
	pthread_mutex_lock(&c->lock);
	fe->size += bytes;
	if (fe->cached) {
		c->size += bytes;
		shrink(c, fe);
	}
	pthread_mutex_unlock(&c->lock);
}

static bool load(struct proctor *pr, struct store *st, const struct attempt_row *row, struct form_entry **ret, struct err *err)
{
	_cleanup_(version_unrefp) struct version *v = NULL;
	_cleanup_buf_ struct buf bytes = BUF(FORM_BYTES_MAX);
	char hash[HASH_HEX_SIZE];
	struct form *form;
	if (!catalog_version(pr, st, row->version, &v, err) || !store_attempt_form(st, row->key, &bytes, hash, err) ||
	    !form_decode(v->bank, buf_str(&bytes), &form, err))
		return false;
	const struct blueprint *bp = bank_exam(v->bank, row->exam);
	if (!bp || form->n_items != (size_t)row->items) {
		form_destroy(form);
		return err_set(err, ERR_STORE, "attempt %s and its form do not belong together", row->id);
	}
	*ret = form_entry_create(row->id, take_ptr(v), bp, form, hash);
	return true;
}

bool form_cache_get(struct proctor *pr, struct store *st, const struct attempt_row *row, struct form_entry **ret, struct err *err)
{
	struct form_entry *fe = lookup(pr->forms, row->id);
	if (!fe) {
		if (!load(pr, st, row, &fe, err))
			return false;
		form_cache_put(pr, fe);
	}
	*ret = fe;
	return true;
}

void form_cache_destroy(struct form_cache *c)
{
	if (!c)
		return;
	while (c->oldest)
		drop(c, c->oldest);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
