/* How an issuer wants to look: the part of DATA/issuer.yml that colours certificates. */
#pragma once
#include "bank/yaml.h"
#include "credential/picture.h"

#define ISSUER_ART_MAX (512u << 10) /* bytes of a logo or a signature */
#define ISSUER_STYLE_KEYS "colours", "logo", "signers"

void issuer_style_default(struct picture_style *style);
/* Reads colours, logo and signers of the document. Files are looked for below `dir`. What is wrong is reported, and *style then is the
 * default. Free *style with issuer_style_finish(). */
void issuer_style_read(const struct yaml *y, const char *dir, struct picture_style *style, struct diags *diags);
void issuer_style_finish(struct picture_style *style);
