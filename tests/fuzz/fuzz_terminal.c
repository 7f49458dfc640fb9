/* What a browser sends to a terminal after the handshake: any bytes at all.
 *
 * The first byte says how many bytes come at a time. However they are framed, what is kept stays within its bounds, the program gets no
 * more than the input window allows, and the socket is given back in the end. */
#include "web/server/relay_internal.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct relay *relay;

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void pair_of(int fds[2])
{
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
}

static size_t take(int fd)
{
	char bytes[65536];
	size_t all = 0;
	for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) > 0;)
		all += (size_t)n;
	return all;
}

static void turns(int n)
{
	while (n--)
		relay_turn(relay, 0);
}

static void send_all(int browser, int program, const uint8_t *data, size_t size, size_t step)
{
	size_t typed = 0, answered = 0;
	for (size_t at = 0; at < size; at += step) {
		size_t n = size - at < step ? size - at : step;
		if (send(browser, data + at, n, MSG_NOSIGNAL) != (ssize_t)n)
			break;
		turns(2);
		struct shell *sh = relay->shells;
		require(sh->input.len <= 2 * INPUT_WINDOW && sh->ring.cap <= RING_MAX);
		if (sh->terminal)
			require(sh->terminal->ws.message.len <= WEBSOCKET_MESSAGE_MAX);
		typed += take(program);
		answered += take(browser);
	}
	turns(4);
	require(typed <= size && answered <= 4 * size + 1024);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct relay_config config;
	struct err err;
	struct terminal *t;
	int browser[2], program[2];
	relay_config_init(&config);
	if (size < 1 || size > 65536 || (!relay && !relay_create(&config, &relay, &err)))
		return 0;
	pair_of(browser);
	pair_of(program);
	struct task_terminal task = {
	    .master_fd = program[0], .exec = 1, .attempt_key = 1, .item = 1, .fresh = true, .box = "box", .recording = "/dev/null"};
	require(relay_admit(relay, &task, 1, 24, 80, &t, &err));
	relay_attach(relay, t, browser[0], (struct str){"", 0}, &browser[0]);
	turns(1);
	send_all(browser[1], program[1], data + 1, size - 1, (size_t)data[0] * 16 + 1);
	close(browser[1]);
	turns(3);
	require(relay_returned(relay) == &browser[0] && relay_sockets(relay) == 0);
	close(browser[0]);
	shell_gone(relay, relay->shells, "reset");
	relay->tick_ms = 0;
	turns(1);
	require(!relay->shells);
	close(program[1]);
	return 0;
}
