/* Pictures with something baked in: what is read must be what bakes again; what can be baked into must be read back. */
#pragma once
#include "base/mem.h"
#include "credential/picture.h"
#include <stdlib.h>

static inline void fuzz_read(struct str file)
{
	struct picture_baked baked = {0};
	struct sign_key key;
	unsigned char seed[SIGN_SEED_SIZE] = {1};
	struct err err;
	sign_key_from_seed(seed, &key);
	if (!picture_read(file, &baked, &err))
		return;
	if (!baked.credential || !baked.credential[0])
		abort();
	if (picture_seal_check(&baked, key.public_key, &err) && !baked.canonical)
		abort();
	free(picture_seal_method(&baked));
	picture_baked_finish(&baked);
}

static inline void fuzz_bake(enum picture_format format, struct str drawn)
{
	static const char credential[] = "{\"@context\":[\"a ]]> b\"]}", seal[] = "{\"seal\":\"assay-picture/v1\"}";
	struct picture_baked baked = {0};
	struct buf file = BUF(PICTURE_SIZE_MAX);
	struct err err;
	/* What cannot be read may be baked into (a PNG is not looked through); what is read back must be what was baked. */
	if (picture_bake(format, drawn, str_of(credential), str_of(seal), &file, &err) && picture_read(buf_str(&file), &baked, &err)) {
		if (strcmp(baked.credential, credential) != 0 || !baked.seal || strcmp(baked.seal, seal) != 0 || !baked.canonical)
			abort();
		picture_baked_finish(&baked);
	}
	buf_finish(&file);
}
