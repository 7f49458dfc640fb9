/* Colours of an issuer: read, and told apart. */
#pragma once
#include <stdbool.h>

struct color {
	double r, g, b; /* 0 to 1, sRGB */
};
bool color_read(const char *hex, struct color *ret);   /* "#rrggbb" */
double color_contrast(struct color a, struct color b); /* WCAG 2.2, contrast ratio: 1 to 21 */
#define COLOR_CONTRAST_AA 4.5                          /* of text; success criterion 1.4.3 */
