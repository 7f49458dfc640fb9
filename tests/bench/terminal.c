/* Terminals through the whole path: a client of assay.terminal.v1 that costs little itself, and a bare relay to compare with.
 *
 *   bench_terminal echo PORT TARGETS SAMPLES COMMAND   types into the first target while the others run COMMAND; prints JSON
 *   bench_terminal flood PORT TARGETS BYTES            lets the first target print so many bytes and exit; prints JSON
 *   bench_terminal bare-flood BYTES | bare-echo SAMPLES    the same over a bare PTY and socket, without server and box
 *
 * TARGETS is a file with a line for each: path of the terminal, tab, bearer token or "-". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 512
#define IN_MAX (256 * 1024)
#define ACK_EVERY 5000
#define GAP_US 5000
#define SECONDS_MAX 20

struct conn {
	int fd;
	unsigned char *in;
	size_t len;
	uint64_t data, zeros, owed;
	bool replayed, exited, closed;
};

static struct conn conns[CONNS_MAX];
static int n_conns, epoll_fd;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench_terminal: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void write_all(int fd, const void *p, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)p + at, len - at);
		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 1000);
		else if (n < 0)
			die("write");
		else
			at += (size_t)n;
	}
}

/* A masked binary frame; the mask is zero, which the protocol allows. */
static void send_frame(struct conn *c, int type, const void *p, size_t len)
{
	unsigned char m[4096] = {0x82, (unsigned char)(0x80 | (len + 1))};
	size_t head = 2;
	if (len + 1 > 125) {
		m[1] = 0x80 | 126;
		m[2] = (unsigned char)((len + 1) >> 8);
		m[3] = (unsigned char)(len + 1);
		head = 4;
	}
	m[head + 4] = (unsigned char)type;
	memcpy(m + head + 5, p, len);
	write_all(c->fd, m, head + 5 + len);
}

static void connect_to(int port, char *line)
{
	struct conn *c = &conns[n_conns++];
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char head[2048], reply[4096], *tab = strchr(line, '\t');
	int on = 1;
	size_t got = 0;
	if (!tab)
		die("a line of the targets");
	*tab++ = 0;
	tab[strcspn(tab, "\n")] = 0;
	*c = (struct conn){.fd = socket(AF_INET, SOCK_STREAM, 0), .in = malloc(IN_MAX)};
	if (connect(c->fd, (struct sockaddr *)&a, sizeof a) < 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	int n = snprintf(head, sizeof head,
	                 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
	                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: assay.terminal.v1\r\n%s%s%s\r\n",
	                 line, *tab == '-' ? "" : "Authorization: Bearer ", *tab == '-' ? "" : tab, *tab == '-' ? "" : "\r\n");
	write_all(c->fd, head, (size_t)n);
	/* A byte at a time, up to the end of the head: what follows are frames. */
	while (got < 4 || memcmp(reply + got - 4, "\r\n\r\n", 4) != 0)
		if (got == sizeof reply - 1 || read(c->fd, reply + got++, 1) != 1)
			die("handshake");
	reply[got] = 0;
	if (!strstr(reply, " 101 ")) {
		fprintf(stderr, "%s\n", reply);
		exit(1);
	}
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
}

static void connect_all(int port, const char *targets)
{
	FILE *f = fopen(targets, "r");
	char line[1024];
	epoll_fd = epoll_create1(0);
	while (f && n_conns < CONNS_MAX && fgets(line, sizeof line, f))
		connect_to(port, line);
	if (!n_conns)
		die("no targets");
	fclose(f);
}

static size_t frame_size(const struct conn *c, size_t at, size_t *ret_head)
{
	size_t left = c->len - at, len;
	if (left < 2)
		return 0;
	len = c->in[at + 1] & 0x7f;
	*ret_head = 2;
	if (len == 126) {
		if (left < 4)
			return 0;
		len = (size_t)c->in[at + 2] << 8 | c->in[at + 3];
		*ret_head = 4;
	}
	return left >= *ret_head + len ? *ret_head + len : 0;
}

static uint64_t count_zeros(const unsigned char *p, size_t len)
{
	uint64_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += p[i] == 0;
	return n;
}

static void take_frame(struct conn *c, const unsigned char *p, size_t len, int opcode)
{
	if (opcode == 8) {
		c->closed = true;
	} else if (opcode == 9) {
		unsigned char pong[6] = {0x8a, 0x80};
		write_all(c->fd, pong, sizeof pong);
	} else if (len && p[0] == 0) {
		c->data += len - 1;
		c->owed += len - 1;
		c->zeros += count_zeros(p + 1, len - 1);
	} else if (len && p[0] == 4) {
		c->replayed |= memmem(p, len, "replay-end", 10) != NULL;
		c->exited |= memmem(p, len, "\"exited\"", 8) != NULL;
	}
}

static void receive(struct conn *c)
{
	ssize_t n = read(c->fd, c->in + c->len, IN_MAX - c->len);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN) {
			epoll_ctl(epoll_fd, EPOLL_CTL_DEL, c->fd, NULL);
			c->closed = true;
		}
		return;
	}
	c->len += (size_t)n;
	size_t at = 0, size, head;
	while ((size = frame_size(c, at, &head))) {
		take_frame(c, c->in + at + head, size - head, c->in[at] & 15);
		at += size;
	}
	memmove(c->in, c->in + at, c->len - at);
	c->len -= at;
	if (c->owed >= ACK_EVERY && !c->closed) {
		uint32_t credit = htonl((uint32_t)c->owed);
		c->owed = 0;
		send_frame(c, 2, &credit, 4);
	}
}

static void turn(int timeout_ms)
{
	struct epoll_event events[64];
	int n = epoll_wait(epoll_fd, events, 64, timeout_ms);
	/* The one that is measured first: this client's own work is not to be in the figure. */
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr == &conns[0])
			receive(&conns[0]);
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr != &conns[0])
			receive(events[i].data.ptr);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void print_echo(double *us, int n, double seconds, uint64_t others)
{
	qsort(us, (size_t)n, sizeof *us, by_size);
	printf("{\"samples\":%d,\"p50_us\":%.0f,\"p90_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f,\"others_bytes_per_second\":%.0f}\n", n,
	       us[n / 2], us[n * 9 / 10], us[n * 99 / 100], us[n - 1], (double)others / seconds);
}

static void wait_quiet(void)
{
	for (uint64_t before = ~(uint64_t)0; before != conns[0].data;) {
		before = conns[0].data;
		for (double end = now_us() + 300e3; now_us() < end;)
			turn(10);
	}
}

static void echo(int port, const char *targets, int samples, const char *command)
{
	double *us = calloc((size_t)samples, sizeof *us);
	connect_all(port, targets);
	for (int i = 0; i < n_conns; i++)
		while (!conns[i].data || !conns[i].replayed)
			turn(1000); /* its prompt is there */
	char line[1024];
	int n = snprintf(line, sizeof line, "%s\n", command);
	for (int i = 1; i < n_conns; i++)
		send_frame(&conns[i], 0, line, (size_t)n);
	wait_quiet();
	uint64_t others = 0;
	for (int i = 1; i < n_conns; i++)
		others -= conns[i].data;
	double begun = now_us();
	int i = 0;
	for (; i < samples && now_us() - begun < SECONDS_MAX * 1e6; i++) {
		uint64_t before = conns[0].data;
		double from = now_us();
		send_frame(&conns[0], 0, "a", 1);
		while (conns[0].data == before) {
			turn(1000);
			if (conns[0].closed || now_us() - from > 10e6)
				die("no echo");
		}
		us[i] = now_us() - from;
		if (i % 60 == 59) { /* a fresh line, before it wraps */
			send_frame(&conns[0], 0, "\x15", 1);
			for (double end = now_us() + 20e3; now_us() < end;)
				turn(1);
		}
		for (double end = now_us() + GAP_US; now_us() < end;)
			turn(1);
	}
	double seconds = (now_us() - begun) / 1e6;
	for (int k = 1; k < n_conns; k++)
		others += conns[k].data;
	print_echo(us, i, seconds, others);
}

static void print_flood(uint64_t zeros, double us, bool exited)
{
	printf("{\"bytes\":%llu,\"mb_per_second\":%.1f,\"exited\":%s}\n", (unsigned long long)zeros, (double)zeros / us,
	       exited ? "true" : "false");
}

static void flood(int port, const char *targets, const char *bytes)
{
	char line[256];
	connect_all(port, targets);
	while (!conns[0].data || !conns[0].replayed)
		turn(1000);
	wait_quiet();
	int n = snprintf(line, sizeof line, "exec head -c %s /dev/zero\n", bytes);
	wait_quiet();
	conns[0].zeros = 0; /* of the replay */
	double from = now_us();
	send_frame(&conns[0], 0, line, (size_t)n);
	while (!conns[0].closed)
		turn(1000);
	print_flood(conns[0].zeros, now_us() - from, conns[0].exited);
}

/* ---- The baseline: a PTY of this machine, and a socket ---- */

/* Runs a command on a PTY; the child becomes the relay: what the PTY prints goes to the socket, 64 KiB at a time, and back. */
static int bare(const char *command)
{
	int pair[2], master;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	if (bind(listener, (struct sockaddr *)&a, sizeof a) < 0 || listen(listener, 1) < 0)
		die("listen");
	getsockname(listener, (struct sockaddr *)&a, &len);
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(pair[0], (struct sockaddr *)&a, sizeof a) < 0 || (pair[1] = accept(listener, NULL, NULL)) < 0)
		die("connect");
	close(listener);
	for (int i = 0; i < 2; i++)
		setsockopt(pair[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (fork() != 0) {
		close(pair[1]);
		return pair[0];
	}
	close(pair[0]);
	if (forkpty(&master, NULL, NULL, NULL) == 0) {
		execl("/bin/bash", "bash", "--norc", "-c", command, (char *)NULL);
		_exit(127);
	}
	static char block[65536];
	struct pollfd fds[] = {{.fd = master, .events = POLLIN}, {.fd = pair[1], .events = POLLIN}};
	for (ssize_t n;;) {
		poll(fds, 2, -1);
		if (fds[0].revents) {
			if ((n = read(master, block, sizeof block)) <= 0)
				_exit(0);
			write_all(pair[1], block, (size_t)n);
		}
		if (fds[1].revents) {
			if ((n = read(pair[1], block, sizeof block)) <= 0)
				_exit(0);
			write_all(master, block, (size_t)n);
		}
	}
}

static void bare_flood(const char *bytes)
{
	static unsigned char block[65536];
	char command[128];
	snprintf(command, sizeof command, "exec head -c %s /dev/zero", bytes);
	double from = now_us();
	int fd = bare(command);
	uint64_t zeros = 0;
	for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;)
		zeros += count_zeros(block, (size_t)n);
	print_flood(zeros, now_us() - from, true);
}

static void bare_echo(int samples)
{
	char c[4096];
	double *us = calloc((size_t)samples, sizeof *us);
	int fd = bare("exec cat");
	usleep(300000);
	for (int i = 0; i < samples; i++) {
		double from = now_us();
		write_all(fd, i % 60 == 59 ? "\n" : "a", 1);
		if (read(fd, c, sizeof c) < 1)
			die("no echo");
		us[i] = now_us() - from;
		usleep(GAP_US);
		while (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0) == 1) /* the line that cat prints */
			if (read(fd, c, sizeof c) < 1)
				die("the end");
	}
	print_echo(us, samples, 1, 0);
}

static int number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "echo"))
		echo(number(argv[2]), argv[3], number(argv[4]), argv[5]);
	else if (argc == 5 && !strcmp(argv[1], "flood"))
		flood(number(argv[2]), argv[3], argv[4]);
	else if (argc == 3 && !strcmp(argv[1], "bare-flood"))
		bare_flood(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "bare-echo"))
		bare_echo(number(argv[2]));
	else
		return 2;
	return 0;
}
