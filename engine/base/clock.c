/* Time. See clock.h. Calendar arithmetic is Hinnant's days-from-civil, proleptic Gregorian, so that no time zone or libc state matters. */
#include "base/clock.h"
#include "base/str.h"
#include <assert.h>
#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;
	int rc = clock_gettime(id, &ts);
	assert(rc == 0);
	(void)rc;
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}
int64_t clock_monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}
int64_t clock_boottime_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

int64_t clock_cpu_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t z, int64_t *y, int64_t *m, int64_t *d)
{
	z += 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_RFC3339_SIZE])
{
	int64_t days = wall_ms / MS_DAY - (wall_ms % MS_DAY < 0);
	int64_t ms = wall_ms - days * MS_DAY, y, m, d;
	civil_from_days(days, &y, &m, &d);
	assert(y >= 1 && y <= 9999);
	snprintf(out, CLOCK_RFC3339_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)y, (int)m, (int)d, (int)(ms / MS_HOUR),
	         (int)(ms / MS_MINUTE % 60), (int)(ms / MS_SECOND % 60), (int)(ms % 1000));
	return out;
}

static bool digits(const char *s, int n, int64_t min, int64_t max, int64_t *ret)
{
	return str_to_i64((struct str){s, (size_t)n}, min, max, ret) && s[0] != '-';
}

#define FIRST_MS INT64_C(-62135596800000) /* 0001-01-01 … */
#define LAST_MS INT64_C(253402300799999)  /* … to the end of 9999: what can be written again */

/* hh:mm:ss, an optional fraction, and Z or an offset; text follows the date and its 'T'. */
static bool parse_time(const char *t, int64_t *ret_ms)
{
	int64_t h, m, s, ms = 0, oh, om, offset = 0;
	if (strlen(t) < 9 || t[2] != ':' || t[5] != ':' || !digits(t, 2, 0, 23, &h) || !digits(t + 3, 2, 0, 59, &m) ||
	    !digits(t + 6, 2, 0, 60, &s))
		return false;
	t += 8;
	if (*t == '.') {
		int64_t unit = 100;
		if (t[1] < '0' || t[1] > '9')
			return false;
		for (t++; *t >= '0' && *t <= '9'; t++, unit /= 10)
			ms += (*t - '0') * unit;
	}
	if (*t == '+' || *t == '-') {
		if (strlen(t) != 6 || t[3] != ':' || !digits(t + 1, 2, 0, 23, &oh) || !digits(t + 4, 2, 0, 59, &om))
			return false;
		offset = (oh * 60 + om) * (*t == '-' ? -1 : 1);
	} else if ((*t != 'Z' && *t != 'z') || t[1]) {
		return false;
	}
	*ret_ms = ((h * 60 + m - offset) * 60 + s) * 1000 + ms;
	return true;
}

bool clock_parse(const char *text, int64_t *ret_wall_ms, struct err *err)
{
	int64_t y, m, d, ms = 0, cy, cm, cd;
	size_t len = strlen(text);
	bool ok = len >= 10 && text[4] == '-' && text[7] == '-' && digits(text, 4, 1, 9999, &y) && digits(text + 5, 2, 1, 12, &m) &&
	          digits(text + 8, 2, 1, 31, &d);
	int64_t days = 0;
	if (ok) {
		days = days_from_civil(y, m, d);
		civil_from_days(days, &cy, &cm, &cd);
		ok = cm == m; /* no 31 April */
	}
	if (ok && len > 10)
		ok = (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && parse_time(text + 11, &ms);
	if (!ok)
		return err_set(err, ERR_INVALID, "'%.40s' is not a date (2026-11-23) or an RFC 3339 time", text);
	ms += days * MS_DAY;
	if (ms < FIRST_MS || ms > LAST_MS) /* by its offset */
		return err_set(err, ERR_INVALID, "'%.40s' is not within the years 0001 to 9999 (UTC)", text);
	*ret_wall_ms = ms;
	return true;
}

bool clock_parse_rfc3339(const char *text, int64_t *ret_wall_ms, struct err *err)
{
	size_t len = strlen(text), fraction = len > 20 && text[19] == '.' ? strspn(text + 20, "0123456789") : 0;
	if (len < 20 || (text[10] != 'T' && text[10] != 't') || strncmp(text + 17, "60", 2) == 0 || fraction > 9)
		return err_set(err, ERR_INVALID, "'%.40s' is not an RFC 3339 time (2026-11-23T12:00:00Z)", text);
	return clock_parse(text, ret_wall_ms, err);
}
