/* Units of numeric answers. See unit.h. */
#include "bank/unit.h"
#include "base/mem.h"

static const struct unit units[] = {
    {"B", 0, 1},
    {"kB", 0, 1e3},
    {"MB", 0, 1e6},
    {"GB", 0, 1e9},
    {"TB", 0, 1e12},
    {"KiB", 0, 1024.0},
    {"MiB", 0, 1048576.0},
    {"GiB", 0, 1073741824.0},
    {"TiB", 0, 1099511627776.0},
    /* Time's base is the second; below it, factors are quotients so that 250 ms is exactly 0.25 s. */
    {"ns", 1, 1 / 1e9},
    {"us", 1, 1 / 1e6},
    {"ms", 1, 1 / 1e3},
    {"s", 1, 1},
    {"min", 1, 60},
    {"h", 1, 3600},
    {"d", 1, 86400},
    {"bit/s", 2, 1},
    {"kbit/s", 2, 1e3},
    {"Mbit/s", 2, 1e6},
    {"Gbit/s", 2, 1e9},
    {"Hz", 3, 1},
    {"kHz", 3, 1e3},
    {"MHz", 3, 1e6},
    {"GHz", 3, 1e9},
    {"%", 4, 1},
};

const struct unit *unit_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (str_is(name, units[i].name))
			return &units[i];
	return NULL;
}

const struct unit *unit_list(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(units);
	return units;
}
