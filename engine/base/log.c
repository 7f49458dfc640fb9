/* The server's log. See log.h. */
#include "base/log.h"
#include "base/clock.h"
#include <stdarg.h>
#include <stdio.h>

static enum log_level least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
	least_level = least;
}

void log_write(enum log_level level, const char *fmt, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	if (level < least_level)
		return;
	char time[CLOCK_RFC3339_SIZE], msg[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	for (char *p = msg; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' '; /* a line stays a line, whatever is logged */
	fprintf(stderr, "%s %s %s\n", clock_rfc3339(clock_wall_ms(), time), names[level], msg);
}
