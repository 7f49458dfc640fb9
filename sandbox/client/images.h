/* Named images: what a bank declares (a suite and packages), built on this machine by mmdebstrap and kept in the launcher's folder under a
 * name that holds the hash of the declaration. Nothing that an author supplies is ever mounted: only Debian's packages are. */
#pragma once
#include "base/err.h"
#include "base/hash.h"
#include "sandbox/proto.h"

#define IMAGE_PACKAGES_MAX 64

struct image_spec {
	const char *name;  /* str_is_id(), up to 40 bytes */
	const char *suite; /* "bookworm" */
	const char *const *packages;
	size_t n_packages; /* at most IMAGE_PACKAGES_MAX */
};
/* ERR_INVALID names what is not a name of an image, suite or package. */
MUST_CHECK bool image_spec_check(const struct image_spec *spec, struct err *err);
/* What a box calls it: "web-0123456789abcdef"; the order of the packages does not matter. */
void image_key(const struct image_spec *spec, char ret[BOX_NAME_MAX + 1]);
/* The SHA-256 of the archive that the image was unpacked from. ERR_NOT_FOUND: it is not built. `dir` is the launcher's folder. */
MUST_CHECK bool image_built(const char *dir, const char *key, char ret_sha256[HASH_HEX_SIZE], struct err *err);
/* Builds it unless it is there; what mmdebstrap says goes to standard error. Takes up to some minutes, needs mmdebstrap and Debian's
 * packages. ERR_UNSUPPORTED without mmdebstrap, ERR_INTERNAL when it fails. */
MUST_CHECK bool image_build(const char *dir, const struct image_spec *spec, struct err *err);
