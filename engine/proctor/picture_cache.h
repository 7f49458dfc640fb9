/* Pictures that were made lately, by everything that they were made of. Any thread. */
#pragma once
#include "base/buf.h"
#include "base/hash.h"
#include <stdbool.h>

struct picture_cache;
struct picture_cache *picture_cache_create(void);
void picture_cache_destroy(struct picture_cache *c);
/* Appends what is kept under the key; false when there is nothing. */
bool picture_cache_get(struct picture_cache *c, const unsigned char key[HASH_SIZE], struct buf *out);
/* Keeps a copy; the ones that were not asked for longest go. */
void picture_cache_put(struct picture_cache *c, const unsigned char key[HASH_SIZE], struct str bytes);
