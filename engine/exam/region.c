/* Regions of a picture. A point belongs to at most one region: the smallest that holds it, so that a region inside a larger one can be
 * hit, and the first of equals. Edges belong to their region. Coordinates are small whole numbers, so doubles are exact here. */
#include "exam/internal.h"
#include <math.h>

#define GRID 64 /* points a side that are tried for a region whose middle is not its own */

static double cross(const int *a, const int *b, double x, double y)
{
	return ((double)b[0] - a[0]) * (y - a[1]) - ((double)b[1] - a[1]) * (x - a[0]);
}

static bool on_edge(const int *a, const int *b, double x, double y)
{
	return cross(a, b, x, y) == 0 && x >= fmin(a[0], b[0]) && x <= fmax(a[0], b[0]) && y >= fmin(a[1], b[1]) && y <= fmax(a[1], b[1]);
}

static bool in_polygon(const struct item_region *r, double x, double y)
{
	bool inside = false;
	size_t n = (size_t)r->n_at / 2;
	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		const int *a = &r->at[2 * i], *b = &r->at[2 * j];
		if (on_edge(a, b, x, y))
			return true;
		if ((a[1] > y) != (b[1] > y) && (cross(a, b, x, y) < 0) == (b[1] < a[1]))
			inside = !inside;
	}
	return inside;
}

static bool holds(const struct item_region *r, double x, double y)
{
	switch (r->shape) {
	case REGION_RECT:
		return x >= fmin(r->at[0], r->at[2]) && x <= fmax(r->at[0], r->at[2]) && y >= fmin(r->at[1], r->at[3]) &&
		       y <= fmax(r->at[1], r->at[3]);
	case REGION_CIRCLE:
		return (x - r->at[0]) * (x - r->at[0]) + (y - r->at[1]) * (y - r->at[1]) <= (double)r->at[2] * r->at[2];
	case REGION_POLY:
		return in_polygon(r, x, y);
	}
	return false;
}

static double area(const struct item_region *r)
{
	double twice = 0;
	switch (r->shape) {
	case REGION_RECT:
		return fabs(((double)r->at[2] - r->at[0]) * ((double)r->at[3] - r->at[1]));
	case REGION_CIRCLE:
		return M_PI * r->at[2] * r->at[2];
	case REGION_POLY:
		for (size_t i = 0, n = (size_t)r->n_at / 2, j = n - 1; i < n; j = i++)
			twice += (double)r->at[2 * j] * r->at[2 * i + 1] - (double)r->at[2 * i] * r->at[2 * j + 1];
		return fabs(twice) / 2;
	}
	return 0;
}

size_t region_at(const struct item *item, double x, double y)
{
	size_t best = NONE;
	for (size_t i = 0; i < item->n_regions; i++)
		if (holds(&item->regions[i], x, y) && (best == NONE || area(&item->regions[i]) < area(&item->regions[best])))
			best = i;
	return best;
}

static void bounds(const struct item_region *r, int box[4])
{
	if (r->shape == REGION_CIRCLE) {
		box[0] = r->at[0] - r->at[2];
		box[1] = r->at[1] - r->at[2];
		box[2] = r->at[0] + r->at[2];
		box[3] = r->at[1] + r->at[2];
		return;
	}
	box[0] = box[2] = r->at[0];
	box[1] = box[3] = r->at[1];
	for (int i = 2; i + 1 < r->n_at; i += 2) {
		box[0] = r->at[i] < box[0] ? r->at[i] : box[0];
		box[2] = r->at[i] > box[2] ? r->at[i] : box[2];
		box[1] = r->at[i + 1] < box[1] ? r->at[i + 1] : box[1];
		box[3] = r->at[i + 1] > box[3] ? r->at[i + 1] : box[3];
	}
}

static int clamp(int v, int size)
{
	return v < 0 ? 0 : size > 0 && v > size ? size : v;
}

bool region_centre(const struct item *item, size_t r, int *ret_x, int *ret_y)
{
	int box[4];
	bounds(&item->regions[r], box);
	for (int i = 0; i < 4; i++)
		box[i] = clamp(box[i], i % 2 ? item->image_h : item->image_w);
	int mx = box[0] + (box[2] - box[0]) / 2, my = box[1] + (box[3] - box[1]) / 2;
	double best = INFINITY;
	int steps_x = box[2] - box[0] < GRID ? box[2] - box[0] : GRID, steps_y = box[3] - box[1] < GRID ? box[3] - box[1] : GRID;
	if (region_at(item, mx, my) == r) {
		*ret_x = mx;
		*ret_y = my;
		return true;
	}
	for (int i = 0; i <= steps_x; i++)
		for (int j = 0; j <= steps_y; j++) {
			int x = box[0] + (int)((int64_t)(box[2] - box[0]) * i / (steps_x ? steps_x : 1));
			int y = box[1] + (int)((int64_t)(box[3] - box[1]) * j / (steps_y ? steps_y : 1));
			double distance = hypot(x - mx, y - my);
			if (distance < best && region_at(item, x, y) == r) {
				best = distance;
				*ret_x = x;
				*ret_y = y;
			}
		}
	return best < INFINITY;
}
