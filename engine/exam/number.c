/* Numbers as candidates write them, units, and whether a number is an answer.
 *
 * A number is a decimal string with sign, point and exponent; a point is a point in every locale, and digits are never grouped. A value is
 * converted to the base unit of its family and compared with the ends of the answer. Both went through a few roundings of a double, so the
 * ends are widened by one part in 10^14 of the larger one: 3.15 is within 3.14 +- 0.01, and 1000000000001 is still not 1000000000000. */
#include "bank/unit.h"
#include "exam/internal.h"
#include <math.h>

#define ROUNDING 1e-14

bool number_parse(const char *text, double *ret)
{
	struct str s = str_trim(str_of(text));
	char plain[RESPONSE_NUMBER_MAX + 1];
	if (!s.len || s.len > RESPONSE_NUMBER_MAX)
		return false;
	if (!str_starts(s, "\xE2\x88\x92")) /* U+2212, the minus sign of typesetters */
		return str_to_double(s, ret);
	s = str_sub(s, 3, s.len);
	plain[0] = '-';
	memcpy(plain + 1, s.p, s.len);
	return str_to_double((struct str){plain, s.len + 1}, ret);
}

/* The value in the base unit of the answer's family; false when the units do not go together. */
static bool convert(const struct item_number *answer, double value, const char *unit, double *ret)
{
	if (!answer->unit || !unit) {
		*ret = value;
		return !answer->unit && !unit;
	}
	const struct unit *given = unit_find(str_of(unit)), *wanted = unit_find(str_of(answer->unit));
	*ret = given ? value * given->factor : value;
	return given && wanted && given->family == wanted->family;
}

bool number_matches(const struct item *item, double value, const char *unit)
{
	if (!unit && item->n_units == 1)
		unit = item->units[0];
	for (size_t i = 0; i < item->n_numbers; i++) {
		const struct item_number *n = &item->numbers[i];
		double v, slack = ROUNDING * fmax(fabs(n->lo), fabs(n->hi));
		if (convert(n, value, unit, &v) && v >= n->lo - slack && v <= n->hi + slack)
			return true;
	}
	return false;
}
