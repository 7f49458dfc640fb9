/* Deadlines of connections: an inactivity time-out alone lets a client that sends a byte now and then hold its place for ever.
 *
 * Each connection is in one phase: idle or reading a head, reading a body, or working (our turn). Each has an absolute deadline; what is
 * overdue has its socket shut down, which libmicrohttpd then notices. A WebSocket has none here: the relay looks after it. */
#include "base/clock.h"
#include "internal.h"
#include <sys/socket.h>

struct connection {
	struct connection *previous, *next;
	struct connections *all;
	int fd;
	int64_t deadline_ms; /* INT64_MAX: none */
};

struct connections {
	struct connection head;
	size_t count;
	int64_t header_ms, body_ms, idle_ms;
};

struct connections *connections_create(const struct server_config *config)
{
	struct connections *c = xcalloc(1, sizeof *c);
	c->head.previous = c->head.next = &c->head;
	c->header_ms = config->header_deadline_ms;
	c->body_ms = config->body_deadline_ms;
	c->idle_ms = config->idle_deadline_ms;
	return c;
}

void connections_destroy(struct connections *c)
{
	free(c);
}
size_t connections_count(const struct connections *c)
{
	return c->count;
}

void connections_notify(void *arg, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct connections *all = arg;
	struct connection *c = *context;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		c = xcalloc(1, sizeof *c);
		c->all = all;
		c->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		c->deadline_ms = clock_monotonic_ms() + all->header_ms;
		c->next = &all->head;
		c->previous = all->head.previous;
		c->previous->next = c->next->previous = c;
		all->count++;
		*context = c;
	} else if (c) {
		c->previous->next = c->next;
		c->next->previous = c->previous;
		all->count--;
		free(c);
		*context = NULL;
	}
}

static struct connection *of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

void connection_reading_body(struct MHD_Connection *connection)
{
	struct connection *c = of(connection);
	if (c)
		c->deadline_ms = clock_monotonic_ms() + c->all->body_ms;
}

void connection_working(struct MHD_Connection *connection)
{
	struct connection *c = of(connection);
	if (c)
		c->deadline_ms = clock_monotonic_ms() + c->all->body_ms + MS_MINUTE; /* sending the reply, to a reader that may be slow */
}

void connection_idle(struct MHD_Connection *connection)
{
	struct connection *c = of(connection);
	if (c)
		c->deadline_ms = clock_monotonic_ms() + c->all->idle_ms;
}

void connection_upgraded(struct MHD_Connection *connection)
{
	struct connection *c = of(connection);
	if (c)
		c->deadline_ms = INT64_MAX;
}

void connections_sweep(struct connections *all, int64_t now_ms)
{
	for (struct connection *c = all->head.next; c != &all->head; c = c->next)
		if (now_ms >= c->deadline_ms) {
			shutdown(c->fd, SHUT_RDWR);
			c->deadline_ms = INT64_MAX;
		}
}
