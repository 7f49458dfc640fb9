/* Images: the read-only files that boxes start from.
 *
 * `host` is this machine's own /usr over a skeleton with a filtered /etc: an allow-list of names, of these only files that
 * everybody may read, with users and groups of our own. It is for development and practice; results say so. The skeleton is built
 * once below DIR/images and again when /etc has changed. Any other image is a folder DIR/images/NAME that the server has built;
 * without root it must belong to this user. Images that an author supplies are never mounted. */
#pragma once
#include "base/err.h"
#include <stdbool.h>

struct image {
	char *path; /* the lowest layer */
	bool usr;   /* /usr of this machine lies over it */
};
MUST_CHECK bool image_open(const char *dir, const char *name, struct image *ret, struct err *err);
void image_finish(struct image *i);
