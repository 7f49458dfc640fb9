/* Tables: how wide columns are. See paper.h. */
#include "pictures/paper.h"
#include <math.h>

#define GAP 8.0 /* between the texts of two columns */

void table_begin_row(struct table *t)
{
	t->rows = xgrow(t->rows, t->n_rows, &t->cap_rows, sizeof *t->rows);
	t->rows[t->n_rows++] = t->n;
}

void table_add(struct table *t, PangoLayout *cell)
{
	if (!t->n_rows) {
		g_object_unref(cell);
		return;
	}
	t->cells = xgrow(t->cells, t->n, &t->cap, sizeof(PangoLayout *));
	t->cells[t->n++] = cell;
}

void table_finish(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		g_object_unref(t->cells[i]);
	free(t->cells);
	free(t->rows);
	*t = (struct table){0};
}

static double natural(PangoLayout *layout)
{
	PangoRectangle box;
	pango_layout_get_extents(layout, NULL, &box);
	return (double)box.width / PANGO_SCALE + 1;
}

static size_t row_end(const struct table *t, size_t row)
{
	return row + 1 < t->n_rows ? t->rows[row + 1] : t->n;
}

/* Columns that need less than their share have what they need; the others share the rest. */
static void share(double *widths, size_t n, double all)
{
	bool *settled = xcalloc(n, sizeof *settled);
	size_t open = n;
	for (bool more = true; more && open;) {
		double fair = all / (double)open;
		more = false;
		for (size_t i = 0; i < n; i++)
			if (!settled[i] && widths[i] <= fair) {
				settled[i] = more = true;
				all -= widths[i];
				open--;
			}
	}
	for (size_t i = 0; i < n; i++)
		if (!settled[i])
			widths[i] = all / (double)open;
	free(settled);
}

static double *widths_of(const struct table *t, double width)
{
	size_t columns = 1;
	for (size_t i = 0; i < t->n_rows; i++)
		columns = row_end(t, i) - t->rows[i] > columns ? row_end(t, i) - t->rows[i] : columns;
	double *widths = xcalloc(columns, sizeof *widths), least = (double)columns;
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t k = t->rows[i]; k < row_end(t, i); k++)
			widths[k - t->rows[i]] = fmax(widths[k - t->rows[i]], natural(t->cells[k]));
	share(widths, columns, fmax(width - GAP * (double)columns, least));
	return widths;
}

void table_put(struct table *t, struct group *g, double before, double x, double width)
{
	double *widths = widths_of(t, width);
	for (size_t i = 0; i < t->n_rows; i++) {
		struct block *b = group_add(g);
		double at = x + GAP / 2;
		b->before = i == 0 ? before : 0;
		b->x = x;
		b->width = width;
		b->framed = true;
		b->keep = i == 0;
		for (size_t k = t->rows[i]; k < row_end(t, i); k++) {
			block_add(b, t->cells[k], at, widths[k - t->rows[i]]);
			at += widths[k - t->rows[i]] + GAP;
		}
	}
	t->n = t->n_rows = 0;
	free(widths);
}
