/* Decoded forms, shared by the writer and the readers: a hash table by attempt, the least recently used dropped above a ceiling of bytes.
 *
 * Saving an answer needs the form, showing the attempt its items as text, too. The text is larger and asked for seldom, so it has a ceiling
 * of its own: above it the texts that were made first are dropped, and made again when they are needed. Forms and texts are counted and do
 * not change; the table and its lists have one lock. */
#include "proctor/images.h"
#include "proctor/internal.h"

#define BUCKETS 8192

struct form_cache {
	pthread_mutex_t lock;
	struct form_entry *buckets[BUCKETS];
	struct form_entry *newest, *oldest;                   /* by use */
	struct form_entry *rendered_newest, *rendered_oldest; /* those with text, by its making */
	size_t size, rendered_size;
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

/* ---- Entries ---- */

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
	/* Tasks with numbers of their own, drawn now or read from the form: not the bank's. */
	for (size_t i = 0; i < form->n_items; i++)
		if (form->items[i].instance && form->items[i].instance->task)
			image_note(version->bank, form->items[i].instance->task);
	return fe;
}

void form_entry_unref(struct form_entry *fe)
{
	if (!fe || atomic_fetch_sub(&fe->refs, 1) != 1)
		return;
	rendered_unref(fe->rendered);
	form_destroy(fe->form); /* before the bank that its items point into */
	version_unref(fe->version);
	free(fe);
}

void rendered_unref(struct rendered *r)
{
	if (!r || atomic_fetch_sub(&r->refs, 1) != 1)
		return;
	for (size_t i = 0; i < r->n; i++)
		free((char *)r->pieces[i].p);
	free(r);
}

static struct str render_item(const struct form_entry *fe, size_t index)
{
	_cleanup_json_ cJSON *item = json_object();
	_cleanup_buf_ struct buf text = BUF(JSON_OUT_MAX);
	form_item_json(fe->form, fe->version->bank, index, item);
	json_print(item, &text);
	return (struct str){xstrndup(text.p, text.len - 1), text.len - 1}; /* without the closing brace, and no larger than it is */
}

static struct rendered *render(const struct form_entry *fe)
{
	size_t n = fe->form->n_items;
	struct rendered *r = xcalloc(1, sizeof *r + n * sizeof *r->pieces);
	atomic_init(&r->refs, 1);
	r->n = n;
	for (size_t i = 0; i < n; i++) {
		r->pieces[i] = render_item(fe, i);
		r->size += r->pieces[i].len + 32;
	}
	return r;
}

/* ---- The table; the lock is held ---- */

static void unlink_used(struct form_cache *c, struct form_entry *fe)
{
	*(fe->newer ? &fe->newer->older : &c->newest) = fe->older;
	*(fe->older ? &fe->older->newer : &c->oldest) = fe->newer;
}

static void push_used(struct form_cache *c, struct form_entry *fe)
{
	fe->newer = NULL;
	fe->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = fe;
	c->newest = fe;
}

static void drop_rendered(struct form_cache *c, struct form_entry *fe)
{
	if (!fe->rendered)
		return;
	*(fe->rendered_newer ? &fe->rendered_newer->rendered_older : &c->rendered_newest) = fe->rendered_older;
	*(fe->rendered_older ? &fe->rendered_older->rendered_newer : &c->rendered_oldest) = fe->rendered_newer;
	c->rendered_size -= fe->rendered->size;
	rendered_unref(take_ptr(fe->rendered));
}

static void push_rendered(struct form_cache *c, struct form_entry *fe, struct rendered *r)
{
	atomic_fetch_add(&r->refs, 1);
	fe->rendered = r;
	fe->rendered_newer = NULL;
	fe->rendered_older = c->rendered_newest;
	*(c->rendered_newest ? &c->rendered_newest->rendered_newer : &c->rendered_oldest) = fe;
	c->rendered_newest = fe;
	c->rendered_size += r->size;
	while (c->rendered_size > RENDERED_CACHE_MAX && c->rendered_oldest != fe)
		drop_rendered(c, c->rendered_oldest);
}

static void drop(struct form_cache *c, struct form_entry *fe)
{
	struct form_entry **at = &c->buckets[bucket(fe->id)];
	while (*at != fe)
		at = &(*at)->chain;
	*at = fe->chain;
	unlink_used(c, fe);
	drop_rendered(c, fe);
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

/* ---- Entrances ---- */

struct rendered *form_entry_render(struct proctor *pr, struct form_entry *fe)
{
	struct form_cache *c = pr->forms;
	pthread_mutex_lock(&c->lock);
	struct rendered *r = fe->rendered;
	if (r)
		atomic_fetch_add(&r->refs, 1);
	pthread_mutex_unlock(&c->lock);
	if (r)
		return r;
	r = render(fe);
	pthread_mutex_lock(&c->lock);
	if (fe->cached && !fe->rendered)
		push_rendered(c, fe, r);
	pthread_mutex_unlock(&c->lock);
	return r;
}

void form_cache_put(struct proctor *pr, struct form_entry *fe)
{
	struct form_cache *c = pr->forms;
	pthread_mutex_lock(&c->lock);
	if (!find(c, fe->id) && !fe->cached) {
		struct form_entry **head = &c->buckets[bucket(fe->id)];
		fe->chain = *head;
		*head = fe;
		push_used(c, fe);
		c->size += fe->size;
		fe->cached = true;
		atomic_fetch_add(&fe->refs, 1);
		while (c->size > FORM_CACHE_MAX && c->oldest != fe)
			drop(c, c->oldest);
	}
	pthread_mutex_unlock(&c->lock);
}

static struct form_entry *lookup(struct form_cache *c, const char *id)
{
	pthread_mutex_lock(&c->lock);
	struct form_entry *fe = find(c, id);
	if (fe) {
		unlink_used(c, fe);
		push_used(c, fe);
		atomic_fetch_add(&fe->refs, 1);
	}
	pthread_mutex_unlock(&c->lock);
	return fe;
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
	const struct blueprint *bp = catalog_blueprint(pr, v->bank, row->exam);
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
