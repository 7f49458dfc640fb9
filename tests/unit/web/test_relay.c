/* The relay without a thread, a browser or a box: a turn at a time, with socket pairs for both. */
#include "relay_kit.h"

static void test_echo(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	char typed[16];
	kit_open(&k, NULL);
	join(&k, 1, &p);
	assert_string_equal(p.notices.p, "{\"kind\":\"replay-begin\",\"message\":\"\"}{\"kind\":\"replay-end\",\"message\":\"\"}");
	print(&k, "hello $ ");
	turns(&k, &p);
	assert_string_equal(p.data.p, "hello $ ");
	put_message(&k.out, FRAME_DATA, "ls\n", 3);
	put_message(&k.out, FRAME_PING, "12345678", 8);
	put_frame(&k.out, true, OP_PING, "abc", 3);
	peer_write(&p, &k.out);
	turns(&k, &p);
	assert_int_equal(read(k.program, typed, sizeof typed), 3);
	assert_memory_equal(typed, "ls\n", 3);
	assert_int_equal(p.pings, 1);
	assert_int_equal(p.pongs, 1);
	peer_finish(&p);
	turns(&k, NULL);
	assert_int_equal(relay_sockets(k.relay), 0);
	kit_close(&k);
}

/* What came with the handshake, then a message in three pieces with a ping between, then one a byte at a time. */
static void test_fragments(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	char typed[64] = {0};
	int pty[2];
	kit_open(&k, NULL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pty), 0);
	k.program = pty[1];
	_cleanup_buf_ struct buf extra = BUF(100);
	put_message(&extra, FRAME_DATA, "early ", 6);
	put_frame(&extra, false, OP_BINARY, "\0th", 3);
	join_with(&k, task_of(&k, pty[0], 1), &p, buf_str(&extra));
	put_frame(&k.out, false, OP_MORE, "", 0);
	put_frame(&k.out, true, OP_PING, "", 0);
	put_frame(&k.out, false, OP_MORE, "re", 2);
	put_frame(&k.out, true, OP_MORE, "e ", 2);
	peer_write(&p, &k.out);
	_cleanup_buf_ struct buf slow = BUF(100), one = BUF(1);
	put_message(&slow, FRAME_DATA, "slow", 4);
	for (size_t i = 0; i < slow.len; i++) {
		buf_addc(&one, slow.p[i]);
		peer_write(&p, &one);
		turns(&k, &p);
	}
	assert_int_equal(read(k.program, typed, sizeof typed), 16);
	assert_string_equal(typed, "early three slow");
	assert_int_equal(p.pongs, 1);
	peer_finish(&p);
	kit_close(&k);
}

struct refusal {
	const char *what;
	int code;
	bool fin;
	int opcode;
	const char *bytes;
	size_t len;
};

static void test_refusals(void **state)
{
	(void)state;
	static const char too_long[70000];
	const struct refusal refusals[] = {
	    {"text", WEBSOCKET_UNSUPPORTED, true, OP_TEXT, "hello", 5},
	    {"text in pieces", WEBSOCKET_UNSUPPORTED, false, OP_TEXT, "h", 1},
	    {"an empty message", WEBSOCKET_POLICY, true, OP_BINARY, "", 0},
	    {"no such type", WEBSOCKET_POLICY, true, OP_BINARY, "\x05", 1},
	    {"a notice", WEBSOCKET_POLICY, true, OP_BINARY, "\x04{}", 3},
	    {"a short size", WEBSOCKET_POLICY, true, OP_BINARY, "\x01\0\x18\0", 4},
	    {"no rows", WEBSOCKET_POLICY, true, OP_BINARY, "\x01\0\0\0\x50", 5},
	    {"too many columns", WEBSOCKET_POLICY, true, OP_BINARY, "\x01\0\x18\x04\0", 5},
	    {"long credit", WEBSOCKET_POLICY, true, OP_BINARY, "\x02\0\0\0\x50\0", 6},
	    {"a short ping", WEBSOCKET_POLICY, true, OP_BINARY,
	     "\x03"
	     "1234567",
	     8},
	    {"too long", WEBSOCKET_TOO_BIG, true, OP_BINARY, too_long, 70000},
	    {"nothing to go on with", 1002, true, OP_MORE, "x", 1},
	    {"no such opcode", 1002, true, 3, "x", 1},
	    {"a control frame in pieces", 1005, false, OP_PING, "x", 1},
	    {"a long control frame", 1005, true, OP_PING, too_long, 126},
	    {"a close of one byte", 1005, true, OP_CLOSE, "x", 1},
	    {"more than the window", WEBSOCKET_POLICY, true, OP_BINARY, too_long, INPUT_WINDOW + 1},
	};
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct kit k;
		struct peer p;
		kit_open(&k, NULL);
		join(&k, 1, &p);
		if (r->len == INPUT_WINDOW + 1) /* the window is used up first */
			put_message(&k.out, FRAME_DATA, "x", 1);
		put_frame(&k.out, r->fin, r->opcode, r->bytes, r->len);
		for (size_t at = 0; at < k.out.len; at += 4096) {
			size_t n = k.out.len - at < 4096 ? k.out.len - at : 4096;
			if (send(p.fd, k.out.p + at, n, MSG_NOSIGNAL) < 0)
				break;
			turns(&k, &p);
		}
		for (int64_t end = clock_monotonic_ms() + 5000; !p.close_code && clock_monotonic_ms() < end;)
			turns(&k, &p);
		if (p.close_code != r->code)
			fail_msg("%s: closed with %d", r->what, p.close_code);
		TURN_UNTIL(&k, &p, p.eof);
		peer_finish(&p);
		TURN_UNTIL(&k, &(struct peer){.fd = -1}, relay_sockets(k.relay) == 0);
		kit_close(&k);
	}
}

/* An unmasked frame is an error of the protocol. */
static void test_unmasked(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	kit_open(&k, NULL);
	join(&k, 1, &p);
	buf_add(&k.out, "\x82\x02\0x", 4);
	peer_write(&p, &k.out);
	TURN_UNTIL(&k, &p, p.close_code);
	assert_int_equal(p.close_code, 1002);
	peer_finish(&p);
	kit_close(&k);
}

/* Without credit there is the window and no more; the program is held up; with credit everything comes. */
static void test_output_credit(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	char bytes[8192];
	size_t printed = 0;
	kit_open(&k, NULL);
	join(&k, 1, &p);
	fcntl(k.program, F_SETFL, O_NONBLOCK);
	for (int idle = 0; idle < 50; idle++) {
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (char)((printed + i) % 251);
		ssize_t n = write(k.program, bytes, sizeof bytes);
		if (n > 0) {
			printed += (size_t)n;
			idle = 0;
		}
		turns(&k, &p);
		assert_true(p.data_bytes <= OUTPUT_WINDOW);
	}
	assert_int_equal(p.data_bytes, OUTPUT_WINDOW);
	assert_true(k.relay->shells->pauses == PAUSE_READER);
	assert_true(k.relay->shells->terminal->holds & HOLD_CREDIT);
	assert_true(k.relay->shells->ring.end - OUTPUT_WINDOW <= RING_MAX);
	while (p.data_bytes < printed) {
		give_credit(&k, &p, 5000);
		turns(&k, &p);
	}
	for (size_t i = 0; i < printed; i++)
		assert_int_equal((unsigned char)p.data.p[i], i % 251);
	peer_finish(&p);
	kit_close(&k);
}

/* Input that the program does not read stays within the window, and is given credit for when it goes. */
static void test_input_credit(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	static char block[16384], sink[65536];
	size_t sent = 0, got = 0;
	ssize_t n;
	kit_open(&k, NULL);
	join(&k, 1, &p);
	uint64_t allowed = INPUT_WINDOW;
	while (sent < 1000000) {
		size_t len = allowed < sizeof block ? (size_t)allowed : sizeof block;
		if (len) {
			put_message(&k.out, FRAME_DATA, block, len);
			peer_write(&p, &k.out);
			allowed -= len;
			sent += len;
		}
		turns(&k, &p);
		assert_true(k.relay->shells->input.len <= 2 * INPUT_WINDOW);
		if (!allowed)
			while ((n = recv(k.program, sink, sizeof sink, MSG_DONTWAIT)) > 0)
				got += (size_t)n;
		turns(&k, &p);
		allowed += p.credit;
		p.credit = 0;
	}
	for (int i = 0; got < sent && i < 1000; i++) {
		while ((n = recv(k.program, sink, sizeof sink, MSG_DONTWAIT)) > 0)
			got += (size_t)n;
		turns(&k, &p);
	}
	assert_int_equal(got, sent);
	assert_int_equal(p.close_code, 0);
	peer_finish(&p);
	kit_close(&k);
}

/* All output comes before the notice, the notice before the close frame, and nothing after it. */
static void test_exit(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	char bytes[4096];
	memset(bytes, 'z', sizeof bytes);
	kit_open(&k, NULL);
	join(&k, 1, &p);
	size_t printed = 0;
	fcntl(k.program, F_SETFL, O_NONBLOCK);
	for (ssize_t n; (n = write(k.program, bytes, sizeof bytes)) > 0;)
		printed += (size_t)n;
	close_fdp(&k.program);
	k.program = -1;
	relay_program_ended(k.relay, "box", 1, 3 << 8);
	turns(&k, &p);
	while (p.data_bytes < printed) {
		assert_int_equal(p.close_code, 0);
		give_credit(&k, &p, 50000);
		turns(&k, &p);
	}
	TURN_UNTIL(&k, &p, p.eof);
	assert_int_equal(p.data_bytes, printed);
	assert_non_null(strstr(p.notices.p, "{\"kind\":\"exited\",\"status\":3,"));
	assert_int_equal(p.close_code, WEBSOCKET_NORMAL);
	assert_false(p.after_close);
	peer_finish(&p);
	turns(&k, NULL);
	assert_int_equal(relay_sockets(k.relay), 0);
	kit_close(&k);
}

/* A newer connection takes over and sees what was printed; the older one is told. */
static void test_superseded(void **state)
{
	(void)state;
	struct kit k;
	struct peer old, new;
	kit_open(&k, NULL);
	join(&k, 1, &old);
	print(&k, "one ");
	turns(&k, &old);
	join(&k, 1, &new);
	turns(&k, &old);
	assert_int_equal(old.close_code, WEBSOCKET_SUPERSEDED);
	assert_non_null(strstr(old.notices.p, "\"superseded\""));
	assert_string_equal(new.data.p, "one ");
	put_message(&k.out, FRAME_DATA, "x", 1); /* too late */
	peer_write(&old, &k.out);
	print(&k, "two");
	turns(&k, &new);
	turns(&k, &old);
	assert_string_equal(new.data.p, "one two");
	assert_string_equal(old.data.p, "one ");
	char typed;
	assert_int_equal(recv(k.program, &typed, 1, MSG_DONTWAIT), -1);
	peer_finish(&old);
	peer_finish(&new);
	kit_close(&k);
}

/* After a crash of the launcher a new program may have the number of an old one. */
static void test_same_number(void **state)
{
	(void)state;
	struct kit k;
	struct peer old, new;
	kit_open(&k, NULL);
	join(&k, 1, &old);
	print(&k, "old ");
	turns(&k, &old);
	close_fdp(&k.program);
	k.program = -1;
	join(&k, 1, &new);
	print(&k, "new");
	turns(&k, &new);
	assert_string_equal(new.data.p, "old new");
	peer_finish(&old);
	peer_finish(&new);
	kit_close(&k);
}

/* While nobody is connected the program goes on, at a bounded rate; the last 256 KiB are replayed. */
static void test_unattended(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	char bytes[4096];
	memset(bytes, 'y', sizeof bytes);
	kit_open(&k, NULL);
	join(&k, 1, &p);
	peer_finish(&p);
	turns(&k, NULL);
	fcntl(k.program, F_SETFL, O_NONBLOCK);
	size_t printed = 0;
	for (int i = 0; printed < 600000 && i < 100000; i++) {
		ssize_t n = write(k.program, bytes, sizeof bytes);
		printed += n > 0 ? (size_t)n : 0;
		relay_turn(k.relay, n > 0 ? 0 : 1);
	}
	assert_true(printed >= 600000);
	assert_true(k.relay->shells->ring.cap <= RING_MAX);
	for (ssize_t n; (n = write(k.program, bytes, sizeof bytes)) > 0;)
		printed += (size_t)n;
	turns(&k, NULL);
	assert_int_equal(k.relay->shells->pauses, PAUSE_PACE);
	join(&k, 1, &p);
	give_credit(&k, &p, 10000000);
	TURN_UNTIL(&k, &p,
	           strstr(buf_str(&p.notices).p, "replay-end") && k.relay->shells->ring.end == printed &&
	               k.relay->shells->terminal->position == printed);
	assert_true(p.data_bytes >= RING_MAX - 8192 && p.data_bytes <= printed);
	peer_finish(&p);
	kit_close(&k);
}

static void test_box_gone(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	kit_open(&k, NULL);
	join(&k, 1, &p);
	print(&k, "last words");
	/* As relay_box_gone() does, which waits for the relay's thread. */
	shell_gone(k.relay, k.relay->shells, "reset");
	TURN_UNTIL(&k, &p, p.eof);
	assert_string_equal(p.data.p, "last words");
	assert_non_null(strstr(p.notices.p, "{\"kind\":\"reset\""));
	assert_int_equal(p.close_code, WEBSOCKET_ENDED);
	peer_finish(&p);
	TURN_UNTIL(&k, &(struct peer){.fd = -1}, !k.relay->shells);
	kit_close(&k);
}

/* Silent peers, peers that never finish a frame, and peers that do not answer a close are let go of. */
static void test_dead_peers(void **state)
{
	(void)state;
	struct relay_config config;
	relay_config_init(&config);
	config.ping_ms = 100;
	config.silence_ms = 600;
	config.close_ms = 300;
	struct kit k;
	struct peer p;
	kit_open(&k, &config);
	join(&k, 1, &p);
	int64_t end = clock_monotonic_ms() + 30000;
	for (int i = 0; !p.eof && clock_monotonic_ms() < end; i++) {
		send(p.fd, i == 0 ? "\x82" : i == 1 ? "\xfe" : "\x7f", 1, MSG_NOSIGNAL);
		relay_turn(k.relay, 1);
		take_back(&k);
		peer_read(&p);
	}
	assert_true(p.eof);
	peer_finish(&p);
	join(&k, 1, &p);
	put_frame(&k.out, true, OP_TEXT, "x", 1);
	peer_write(&p, &k.out);
	TURN_UNTIL(&k, &p, p.close_code);
	TURN_UNTIL(&k, &p, relay_sockets(k.relay) == 0);
	take_back(&k);
	peer_finish(&p);
	kit_close(&k);
}

static void test_ceilings(void **state)
{
	(void)state;
	struct relay_config config;
	relay_config_init(&config);
	config.sockets_max = 3;
	config.sockets_per_attempt = 2;
	struct kit k;
	struct err err;
	struct terminal *t[4];
	kit_open(&k, &config);
	struct task_terminal one = {.master_fd = -1, .attempt_key = 1}, two = {.master_fd = -1, .attempt_key = 2};
	assert_true(relay_admit(k.relay, &one, 1, 24, 80, &t[0], &err));
	assert_true(relay_admit(k.relay, &one, 1, 24, 80, &t[1], &err));
	assert_false(relay_admit(k.relay, &one, 1, 24, 80, &t[2], &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_true(relay_admit(k.relay, &two, 1, 24, 80, &t[2], &err));
	assert_false(relay_admit(k.relay, &two, 1, 24, 80, &t[3], &err));
	relay_dismiss(k.relay, t[1]);
	assert_true(relay_admit(k.relay, &two, 1, 24, 80, &t[3], &err));
	relay_dismiss(k.relay, t[0]);
	relay_dismiss(k.relay, t[2]);
	relay_dismiss(k.relay, t[3]);
	kit_close(&k);
}

/* Sockets that do not come are dismissed by other threads while the relay looks at all terminals. */
static void *come_and_go(void *arg)
{
	struct relay *relay = arg;
	struct task_terminal task = {.master_fd = -1, .attempt_key = 9};
	for (int i = 0; i < 20000; i++) {
		struct terminal *t;
		struct err err;
		if (relay_admit(relay, &task, 1, 24, 80, &t, &err))
			relay_dismiss(relay, t);
	}
	return NULL;
}

static void test_dismissed_meanwhile(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	pthread_t threads[2];
	kit_open(&k, NULL);
	join(&k, 1, &p);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, k.relay), 0);
	for (int i = 0; i < 20000; i++) {
		k.relay->tick_ms = 0; /* a tick, which looks at all of them */
		relay_turn(k.relay, 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(relay_sockets(k.relay), 1);
	peer_finish(&p);
	TURN_UNTIL(&k, &p, relay_sockets(k.relay) == 0);
	kit_close(&k);
}

static void test_pty_size(void **state)
{
	(void)state;
	struct kit k;
	struct peer p;
	struct winsize size;
	int master, slave;
	kit_open(&k, NULL);
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	join_with(&k, task_of(&k, master, 1), &p, (struct str){"", 0});
	assert_int_equal(ioctl(slave, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 24);
	put_message(&k.out, FRAME_SIZE, "\0\x32\0\x84", 4);
	peer_write(&p, &k.out);
	turns(&k, &p);
	assert_int_equal(ioctl(slave, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 50);
	assert_int_equal(size.ws_col, 132);
	/* A real terminal's end is EIO. */
	assert_int_equal(write(slave, "bye", 3), 3);
	close(slave);
	TURN_UNTIL(&k, &p, p.eof);
	assert_string_equal(p.data.p, "bye");
	assert_int_equal(p.close_code, WEBSOCKET_NORMAL);
	peer_finish(&p);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_echo),          cmocka_unit_test(test_fragments),
	    cmocka_unit_test(test_refusals),      cmocka_unit_test(test_unmasked),
	    cmocka_unit_test(test_output_credit), cmocka_unit_test(test_input_credit),
	    cmocka_unit_test(test_exit),          cmocka_unit_test(test_superseded),
	    cmocka_unit_test(test_same_number),   cmocka_unit_test(test_unattended),
	    cmocka_unit_test(test_box_gone),      cmocka_unit_test(test_dead_peers),
	    cmocka_unit_test(test_ceilings),      cmocka_unit_test(test_dismissed_meanwhile),
	    cmocka_unit_test(test_pty_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
