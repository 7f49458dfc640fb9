/* A list in order of use, with a ceiling of bytes. See picture_cache.h. */
#include "proctor/picture_cache.h"
#include "base/mem.h"
#include <pthread.h>

#define BYTES_MAX (6u << 20)

struct entry {
	struct entry *next;
	unsigned char key[HASH_SIZE];
	char *bytes;
	size_t len;
};

struct picture_cache {
	pthread_mutex_t lock;
	struct entry *newest; /* the one that was used last is first */
	size_t bytes;
};

struct picture_cache *picture_cache_create(void)
{
	struct picture_cache *c = xcalloc(1, sizeof *c);
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void entry_destroy(struct entry *e)
{
	free(e->bytes);
	free(e);
}

void picture_cache_destroy(struct picture_cache *c)
{
	if (!c)
		return;
	for (struct entry *e = c->newest, *next; e; e = next) {
		next = e->next;
		entry_destroy(e);
	}
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* The lock is held. Takes the entry out of the list. */
static struct entry *take(struct picture_cache *c, const unsigned char key[HASH_SIZE])
{
	for (struct entry **e = &c->newest; *e; e = &(*e)->next) {
		struct entry *found = *e;
		if (memcmp(found->key, key, HASH_SIZE) != 0)
			continue;
		*e = found->next;
		return found;
	}
	return NULL;
}

bool picture_cache_get(struct picture_cache *c, const unsigned char key[HASH_SIZE], struct buf *out)
{
	pthread_mutex_lock(&c->lock);
	struct entry *e = take(c, key);
	if (e) {
		e->next = c->newest;
		c->newest = e;
		buf_add(out, e->bytes, e->len);
	}
	pthread_mutex_unlock(&c->lock);
	return e;
}

/* The lock is held. */
static void shrink(struct picture_cache *c)
{
	size_t bytes = 0;
	for (struct entry **e = &c->newest; *e;) {
		struct entry *one = *e;
		if (bytes + one->len <= BYTES_MAX) {
			bytes += one->len;
			e = &one->next;
			continue;
		}
		*e = one->next;
		c->bytes -= one->len;
		entry_destroy(one);
	}
}

void picture_cache_put(struct picture_cache *c, const unsigned char key[HASH_SIZE], struct str bytes)
{
	struct entry *e = xcalloc(1, sizeof *e);
	memcpy(e->key, key, HASH_SIZE);
	e->bytes = xmalloc(bytes.len);
	memcpy(e->bytes, bytes.p, bytes.len);
	e->len = bytes.len;
	pthread_mutex_lock(&c->lock);
	struct entry *old = take(c, key); /* two have made it at the same time */
	if (old) {
		c->bytes -= old->len;
		entry_destroy(old);
	}
	e->next = c->newest;
	c->newest = e;
	c->bytes += e->len;
	if (c->bytes > BYTES_MAX)
		shrink(c);
	pthread_mutex_unlock(&c->lock);
}
