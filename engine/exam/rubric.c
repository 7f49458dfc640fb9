/* A rubric by criterion. See rubric.h. The table is md4c's output: no table stands inside another, and cells hold inline HTML only. */
#include "exam/rubric.h"
#include <math.h>

#define COLUMNS_MAX 8
#define POINTS_MAX 1000

/* What stands between <NAME …> and </NAME>; *rest goes on behind it. */
static bool next_element(struct str *rest, const char *open, const char *close, struct str *ret)
{
	const char *from = rest->len ? memmem(rest->p, rest->len, open, strlen(open)) : NULL;
	const char *end = rest->p + rest->len;
	if (!from || !(from = memchr(from, '>', (size_t)(end - from))))
		return false;
	from++;
	const char *to = memmem(from, (size_t)(end - from), close, strlen(close));
	if (!to)
		return false;
	*ret = (struct str){from, (size_t)(to - from)};
	*rest = (struct str){to + strlen(close), (size_t)(end - to) - strlen(close)};
	return true;
}

struct row {
	struct str cells[COLUMNS_MAX];
	size_t n;
};

static void read_row(struct str inner, struct row *ret)
{
	struct str cell;
	*ret = (struct row){0};
	while (ret->n < COLUMNS_MAX && next_element(&inner, "<td", "</td>", &cell))
		ret->cells[ret->n++] = str_trim(cell);
}

static bool points_of(struct str cell, int64_t *ret_m)
{
	double points;
	if (!str_to_double(cell, &points) || points <= 0 || points > POINTS_MAX)
		return false;
	*ret_m = llround(points * 1000);
	return *ret_m > 0;
}

/* The first column that has a number in every row; -1. */
static int points_column(const struct row *rows, size_t n)
{
	for (size_t c = 0; n && c < rows[0].n; c++) {
		size_t i = 0;
		int64_t ignored;
		while (i < n && c < rows[i].n && points_of(rows[i].cells[c], &ignored))
			i++;
		if (i == n)
			return (int)c;
	}
	return -1;
}

static void take_row(const struct row *row, size_t points, struct rubric *ret)
{
	struct rubric_line *line = &ret->lines[ret->n++];
	*line = (struct rubric_line){{"", 0}, {"", 0}, 0};
	(void)points_of(row->cells[points], &line->points_m);
	ret->max_m += line->points_m;
	size_t other = 0;
	for (size_t c = 0; c < row->n; c++) {
		if (c == points)
			continue;
		if (other == 0)
			line->text = row->cells[c];
		else if (other == 1)
			line->when = row->cells[c];
		else
			ret->whole &= row->cells[c].len == 0;
		other++;
	}
}

bool rubric_read(const char *html, struct rubric *ret)
{
	struct row rows[RUBRIC_LINES_MAX];
	struct str all = str_trim(str_of(html ? html : "")), table, body, inner, rest = all;
	size_t n = 0;
	*ret = (struct rubric){0};
	if (!next_element(&rest, "<table", "</table>", &table) || !next_element(&table, "<tbody", "</tbody>", &body))
		return false;
	ret->whole = str_starts(all, "<table") && str_trim(rest).len == 0;
	while (next_element(&body, "<tr", "</tr>", &inner)) {
		if (n == RUBRIC_LINES_MAX)
			return false;
		read_row(inner, &rows[n++]);
	}
	int points = points_column(rows, n);
	for (size_t i = 0; points >= 0 && i < n; i++)
		take_row(&rows[i], (size_t)points, ret);
	return ret->n > 0;
}

int64_t rubric_scale(const struct rubric *r, int64_t sum_m, int64_t item_max_m)
{
	return (2 * sum_m * item_max_m + r->max_m) / (2 * r->max_m);
}
