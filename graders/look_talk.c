/* Talking to a service that listens in the box: connect, send, receive, within a time and a size. See look.h. */
#include "base/clock.h"
#include "base/mem.h"
#include "graders/look_internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct talk {
	int fd;
	int64_t deadline_ms;
};

static bool wait_for(const struct talk *t, short events)
{
	for (;;) {
		int64_t left = t->deadline_ms - clock_monotonic_ms();
		if (left <= 0)
			return false;
		int n = poll(&(struct pollfd){.fd = t->fd, .events = events}, 1, (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

static socklen_t parse_address(const char *address, uint32_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	struct sockaddr_un *local = (struct sockaddr_un *)ret;
	*ret = (struct sockaddr_storage){0};
	if (port == 0 && strlen(address) < sizeof local->sun_path) {
		local->sun_family = AF_UNIX;
		memcpy(local->sun_path, address, strlen(address) + 1);
		return sizeof *local;
	}
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return sizeof *v4;
	}
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		return sizeof *v6;
	}
	return 0;
}

static const char *connect_to(struct talk *t, const struct sockaddr_storage *a, socklen_t len)
{
	int error = 0;
	socklen_t size = sizeof error;
	t->fd = socket(a->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return "there is no such kind of connection in the box";
	if (connect(t->fd, (const struct sockaddr *)a, len) < 0) {
		if (errno != EINPROGRESS)
			return errno == ECONNREFUSED || errno == ENOENT ? "nothing listens there" : "it cannot be reached";
		if (!wait_for(t, POLLOUT))
			return "it did not take the connection in time";
		if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error)
			return error == ECONNREFUSED ? "nothing listens there" : "it cannot be reached";
	}
	return NULL;
}

/* A service that closes early may still have said something: sending stops quietly then. */
static void send_all(const struct talk *t, struct str bytes)
{
	while (bytes.len && wait_for(t, POLLOUT)) {
		ssize_t n = send(t->fd, bytes.p, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (n > 0)
			bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
}

static enum look_end receive(const struct talk *t, struct str until, size_t size_max, struct buf *to)
{
	char block[16384];
	while (to->len < size_max) {
		if (!wait_for(t, POLLIN))
			return LOOK_LATE;
		size_t room = size_max - to->len;
		ssize_t n = recv(t->fd, block, room < sizeof block ? room : sizeof block, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return LOOK_CLOSED;
		size_t from = to->len > until.len ? to->len - until.len : 0;
		buf_add(to, block, (size_t)n);
		if (until.len && memmem(to->p + from, to->len - from, until.p, until.len))
			return LOOK_UNTIL;
	}
	return LOOK_FULL;
}

bool look_talk(const char *address, struct message *m, struct buf *out)
{
	struct sockaddr_storage a;
	uint32_t port = message_get_u32(m);
	struct str bytes = message_get_text(m), until = message_get_text(m);
	uint32_t size_max = message_get_u32(m), time_ms = message_get_u32(m);
	size_max = size_max < LOOK_READ_MAX ? size_max : LOOK_READ_MAX;
	_cleanup_buf_ struct buf received = BUF(size_max + 1);
	struct talk t = {.fd = -1, .deadline_ms = clock_monotonic_ms() + (time_ms < LOOK_TIME_MS_MAX ? time_ms : LOOK_TIME_MS_MAX)};
	socklen_t len = port <= 65535 ? parse_address(address, port, &a) : 0;
	if (!len)
		return look_none(out, address, "it is not an address");
	const char *problem = connect_to(&t, &a, len);
	if (!problem) {
		send_all(&t, bytes);
		message_u8(out, receive(&t, until, size_max, &received));
		message_text(out, buf_str(&received));
	}
	close_fdp(&t.fd);
	return !problem || look_none(out, "", problem);
}
