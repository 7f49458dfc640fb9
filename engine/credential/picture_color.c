/* See picture_color.h. */
#include "credential/picture_color.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

bool color_read(const char *hex, struct color *ret)
{
	static const char digits[] = "0123456789abcdef";
	double v[3];
	if (strlen(hex) != 7 || hex[0] != '#')
		return false;
	for (size_t i = 0; i < 3; i++) {
		const char *high = strchr(digits, hex[1 + 2 * i] | 0x20), *low = strchr(digits, hex[2 + 2 * i] | 0x20);
		if (!high || !low)
			return false;
		v[i] = (double)((high - digits) * 16 + (low - digits)) / 255;
	}
	*ret = (struct color){v[0], v[1], v[2]};
	return true;
}

static double linear(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(struct color c)
{
	return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double color_contrast(struct color a, struct color b)
{
	double la = luminance(a), lb = luminance(b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}
