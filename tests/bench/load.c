/* A load generator: keep-alive connections in a closed loop, each write different from the last.
 *
 * Usage: load PORT CONNECTIONS SECONDS TARGETS. TARGETS is a file with a line a target: METHOD PATH TOKEN BODY, separated by tabs; in BODY,
 * "@" becomes a number that grows with each request of that target; an empty TOKEN or BODY is "-". Connection c uses the targets c, c +
 * CONNECTIONS, … in turn. Prints one JSON object: requests and problems counted, requests per second, latency percentiles in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES_MAX (1 << 24)

struct target {
	char *method, *path, *token, *body;
	uint64_t counter;
};

struct client {
	int fd;
	size_t target; /* of the request under way */
	int64_t sent_us;
	char in[65536];
	size_t in_len;
};

static struct target *targets;
static size_t n_targets, n_clients, n_samples;
static uint32_t *samples;
static uint64_t done, problems;

static int64_t now_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void die(const char *what)
{
	perror(what);
	exit(3);
}

static void read_targets(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0, cap_targets = 0;
	ssize_t n;
	if (!f)
		die(path);
	while ((n = getline(&line, &cap, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (n_targets == cap_targets)
			targets = realloc(targets, (cap_targets = cap_targets ? 2 * cap_targets : 1024) * sizeof *targets);
		char *rest = strdup(line);
		struct target t = {0};
		t.method = strsep(&rest, "\t");
		t.path = strsep(&rest, "\t");
		t.token = strsep(&rest, "\t");
		t.body = strsep(&rest, "\t");
		if (!t.body) {
			fprintf(stderr, "load: a target needs four fields\n");
			exit(2);
		}
		targets[n_targets++] = t;
	}
	free(line);
	fclose(f);
}

/* The body with its number put in; returns its length. */
static int make_body(struct target *t, char *out, size_t size)
{
	if (!strcmp(t->body, "-"))
		return 0;
	const char *at = strchr(t->body, '@');
	t->counter++;
	return at ? snprintf(out, size, "%.*s%llu%s", (int)(at - t->body), t->body, (unsigned long long)t->counter, at + 1)
	          : snprintf(out, size, "%s", t->body);
}

static void send_request(struct client *c)
{
	struct target *t = &targets[c->target];
	char body[8192], out[12288];
	int body_len = make_body(t, body, sizeof body);
	bool token = strcmp(t->token, "-") != 0;
	int n = snprintf(out, sizeof out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%s%sContent-Length: %d\r\n\r\n%.*s", t->method, t->path,
	                 token ? "Authorization: Bearer " : "", token ? t->token : "", token ? "\r\n" : "",
	                 body_len ? "Content-Type: application/json\r\n" : "", body_len, body_len, body);
	c->sent_us = now_us();
	if (write(c->fd, out, (size_t)n) != n)
		die("write");
}

/* Length of a whole response at the start of the buffer, or 0. */
static size_t response_length(struct client *c)
{
	c->in[c->in_len] = 0;
	char *end = strstr(c->in, "\r\n\r\n");
	if (!end)
		return 0;
	char *length = strcasestr(c->in, "\r\ncontent-length:");
	size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	size_t total = (size_t)(end + 4 - c->in) + body;
	return total <= c->in_len ? total : 0;
}

static void take_response(struct client *c, size_t length)
{
	int64_t us = now_us() - c->sent_us;
	if (n_samples < SAMPLES_MAX)
		samples[n_samples++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
	done++;
	if (c->in[9] != '2' && problems++ == 0)
		fprintf(stderr, "load: first problem: %.*s\n", (int)(length < 800 ? length : 800), c->in);
	memmove(c->in, c->in + length, c->in_len - length);
	c->in_len -= length;
	c->target = c->target + n_clients < n_targets ? c->target + n_clients : c->target % n_clients;
}

static void on_readable(struct client *c, bool go_on)
{
	ssize_t n = read(c->fd, c->in + c->in_len, sizeof c->in - 1 - c->in_len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		fprintf(stderr, "load: the server closed a connection\n");
		exit(3);
	}
	c->in_len += (size_t)n;
	size_t length = response_length(c);
	if (length) {
		take_response(c, length);
		if (go_on)
			send_request(c);
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static int connect_to(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS TARGETS\n");
		return 2;
	}
	int port = (int)strtol(argv[1], NULL, 10);
	n_clients = strtoul(argv[2], NULL, 10);
	double seconds = strtod(argv[3], NULL);
	read_targets(argv[4]);
	if (n_targets < n_clients) {
		fprintf(stderr, "load: fewer targets than connections\n");
		return 2;
	}
	samples = malloc(SAMPLES_MAX * sizeof *samples);
	struct client *clients = calloc(n_clients, sizeof *clients);
	int epoll_fd = epoll_create1(0);
	for (size_t i = 0; i < n_clients; i++) {
		clients[i].fd = connect_to(port);
		clients[i].target = i;
		struct epoll_event e = {.events = EPOLLIN, .data.u64 = i};
		epoll_ctl(epoll_fd, EPOLL_CTL_ADD, clients[i].fd, &e);
	}
	int64_t start = now_us(), end = start + (int64_t)(seconds * 1e6);
	for (size_t i = 0; i < n_clients; i++)
		send_request(&clients[i]);
	while (now_us() < end) {
		struct epoll_event events[512];
		int n = epoll_wait(epoll_fd, events, 512, 1000);
		for (int i = 0; i < n; i++)
			on_readable(&clients[events[i].data.u64], true);
	}
	double took = (double)(now_us() - start) / 1e6;
	qsort(samples, n_samples, sizeof *samples, compare);
	printf("{\"requests\":%llu,\"problems\":%llu,\"per_second\":%.0f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
	       (unsigned long long)done, (unsigned long long)problems, (double)done / took, n_samples ? samples[n_samples / 2] : 0,
	       n_samples ? samples[n_samples * 99 / 100] : 0, n_samples ? samples[n_samples - 1] : 0);
	return 0;
}
