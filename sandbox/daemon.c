/* assay-sandbox serve: keeps boxes for a server, and outlives it.
 *
 * One thread, one epoll: clients on a socket in DIR (mode 600, same user only), the sockets of the boxes' inits, SIGCHLD of packing
 * processes. It holds the masters of PTYs, so that terminals survive a crash or upgrade of the server. Without a client for --linger
 * seconds it takes the last snapshots, closes every box and ends. */
#include "sandbox/daemon.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#define SOCKET "sandbox.sock"
#define STOP_WAIT_MS 60000

static const char help[] = "Usage: assay-sandbox serve --dir DIR [--linger SECONDS]\n\n"
                           "Keeps boxes for a server that talks to DIR/" SOCKET ". Ends, snapshots taken, when no server has been\n"
                           "connected for --linger seconds (default: 600), or on SIGTERM.\n";

uint64_t daemon_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct client *find_client(struct daemon *d, uint32_t id)
{
	struct client *c = d->clients;
	while (c && c->id != id)
		c = c->next;
	return c;
}

static void drop_client(struct daemon *d, struct client *c)
{
	for (struct client **at = &d->clients; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			break;
		}
	for (struct kept *k = d->boxes, *next; k; k = next) {
		next = k->next;
		if (k->bound_to == c->id)
			daemon_forget(d, k);
	}
	epoll_ctl(d->epoll, EPOLL_CTL_DEL, c->fd, NULL); /* a packing process may hold a copy, and closing would not do */
	close(c->fd);
	free(c);
	d->alone_since_ms = daemon_now_ms();
}

/* A client that does not read its answers loses its connection (its next read says so), never holds us up. */
static void send_to(struct client *c, const struct buf *m, int fd)
{
	struct err err;
	if (!wire_send(c->fd, m, &fd, fd >= 0 ? 1 : 0, &err))
		shutdown(c->fd, SHUT_RDWR);
}

void daemon_answer(struct daemon *d, struct asker to, const struct buf *fields, int fd)
{
	struct client *c = to.client ? find_client(d, to.client) : NULL;
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	if (!c)
		return;
	wire_u32(&m, ANS_OK);
	wire_u32(&m, to.number);
	if (fields)
		buf_addv(&m, buf_str(fields));
	send_to(c, &m, fd);
}

void daemon_refuse(struct daemon *d, struct asker to, const struct err *err)
{
	struct client *c = to.client ? find_client(d, to.client) : NULL;
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	if (!c)
		return;
	wire_u32(&m, ANS_ERROR);
	wire_u32(&m, to.number);
	wire_u32(&m, err->code);
	wire_cstr(&m, err->msg);
	send_to(c, &m, -1);
}

void daemon_event(struct daemon *d, const struct buf *message)
{
	for (struct client *c = d->clients; c; c = c->next)
		send_to(c, message, -1);
}

struct kept *daemon_find(struct daemon *d, struct str name)
{
	struct kept *k = d->boxes;
	while (k && !str_is(name, k->name))
		k = k->next;
	return k;
}

/* Nobody waits for a box that is gone. */
static void refuse_all(struct daemon *d, struct kept *k)
{
	struct err err;
	err_set(&err, ERR_CONFLICT, "box '%s' was closed", k->name);
	struct asker *const askers[] = {&k->opener, &k->freezer, &k->snapshotter, &k->closer};
	for (size_t i = 0; i < ARRAY_SIZE(askers); i++)
		daemon_refuse(d, *askers[i], &err);
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		if (k->execs[i].state == EXEC_STARTING || (k->execs[i].state == EXEC_RUNNING && k->execs[i].kind == EXEC_FILES))
			daemon_refuse(d, k->execs[i].asker, &err);
}

void daemon_forget(struct daemon *d, struct kept *k)
{
	for (struct kept **at = &d->boxes; *at; at = &(*at)->next)
		if (*at == k) {
			*at = k->next;
			break;
		}
	refuse_all(d, k);
	if (k->box.sock >= 0)
		epoll_ctl(d->epoll, EPOLL_CTL_DEL, k->box.sock, NULL);
	if (k->packer > 0) {
		kill(k->packer, SIGKILL);
		waitpid(k->packer, NULL, 0);
	}
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		close_fdp(&k->execs[i].master);
	close_fdp(&k->packing_fd);
	if (!box_close(&k->box))
		fprintf(stderr, "assay-sandbox: a control group of box '%s' could not be removed\n", k->name);
	munmap(k->shared, sizeof *k->shared);
	free(k);
}

static void watch(struct daemon *d, int fd, void *what)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = what};
	if (epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		fprintf(stderr, "assay-sandbox: epoll: %s\n", strerror(errno));
}

static void accept_client(struct daemon *d)
{
	int fd = accept4(d->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer;
	socklen_t size = sizeof peer;
	unsigned n = 0;
	for (struct client *c = d->clients; c; c = c->next)
		n++;
	if (fd < 0)
		return;
	if (n >= CLIENTS_MAX || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || (peer.uid != geteuid() && peer.uid != 0)) {
		close(fd);
		return;
	}
	struct client *c = xcalloc(1, sizeof *c);
	*c = (struct client){.watched = WATCH_CLIENT, .fd = fd, .id = ++d->next_client, .next = d->clients};
	d->clients = c;
	watch(d, fd, c);
}

static void serve_client(struct daemon *d, struct client *c)
{
	struct wire m;
	struct err err;
	bool again;
	int got = wire_receive(c->fd, d->space, &m, &again, &err);
	if (again)
		return;
	uint32_t id = c->id;
	bool ok = got > 0 && daemon_request(d, c, &m);
	if (got > 0)
		wire_finish(&m);
	if (!ok && (c = find_client(d, id)))
		drop_client(d, c);
}

static bool bind_socket(struct daemon *d, struct err *err)
{
	/* Relative to the folder: the whole path may be longer than a socket's address. */
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = SOCKET};
	d->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(SOCKET);
	mode_t old = umask(0177);
	bool ok = d->listener >= 0 && bind(d->listener, (struct sockaddr *)&a, sizeof a) == 0 && listen(d->listener, 16) == 0;
	umask(old);
	return ok || err_set(err, ERR_IO, "listening on %s/%s: %s", d->host.dir, SOCKET, strerror(errno));
}

/* One daemon for one folder; the lock ends with the process. */
static bool lock_folder(struct daemon *d, struct err *err)
{
	if (chdir(d->host.dir) < 0)
		return err_set(err, ERR_IO, "%s: %s", d->host.dir, strerror(errno));
	int fd = open("sandbox.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(err, ERR_CONFLICT, "a launcher serves %s already", d->host.dir);
	if (mkdir("snapshots", 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "%s/snapshots: %s", d->host.dir, strerror(errno));
	return true;
}

static void say_what_was_cleaned(struct daemon *d)
{
	unsigned n = slots_clean(d->host.slots, SLOTS);
	if (n)
		fprintf(stderr, "assay-sandbox: cleaned up %u boxes that a crash had left\n", n);
}

static void read_signals(struct daemon *d)
{
	struct signalfd_siginfo info;
	while (read(d->signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo != SIGCHLD)
			d->stopping = true;
	snapshot_reap(d);
}

/* Snapshots what is to be kept, closes the rest; true when nothing is left. */
static bool stop_step(struct daemon *d)
{
	for (struct kept *k = d->boxes, *next; k; k = next) {
		struct err err;
		next = k->next;
		if (k->closing)
			continue;
		k->closing = true;
		if (!k->keep || (k->snapshot == SNAPSHOT_NONE && !snapshot_start(d, k, false, &err)))
			daemon_forget(d, k);
	}
	return !d->boxes;
}

static int next_wait(struct daemon *d, uint64_t now)
{
	uint64_t next = now + 1000;
	for (struct kept *k = d->boxes, *after; k; k = after) {
		after = k->next;
		kept_deadlines(d, k, now, &next);
	}
	return next <= now ? 0 : (int)(next - now);
}

static void loop(struct daemon *d)
{
	uint64_t give_up_ms = 0;
	for (;;) {
		uint64_t now = daemon_now_ms();
		int wait = next_wait(d, now);
		if (!d->clients && now - d->alone_since_ms >= d->linger_ms)
			d->stopping = true;
		if (d->stopping) {
			give_up_ms = give_up_ms ? give_up_ms : now + STOP_WAIT_MS;
			if (stop_step(d) || now >= give_up_ms)
				break;
			wait = wait < 100 ? wait : 100;
		}
		/* One event at a time: what handles it may free what another one points to. */
		struct epoll_event e;
		int n = epoll_wait(d->epoll, &e, 1, wait);
		if (n <= 0)
			continue;
		switch (*(enum watched *)e.data.ptr) {
		case WATCH_LISTENER:
			accept_client(d);
			break;
		case WATCH_SIGNALS:
			read_signals(d);
			break;
		case WATCH_CLIENT:
			serve_client(d, e.data.ptr);
			break;
		case WATCH_BOX:
			kept_report(d, e.data.ptr);
			break;
		}
	}
	while (d->boxes)
		daemon_forget(d, d->boxes);
	unlink(SOCKET);
	daemon_answer(d, d->stopper, NULL, -1);
}

static bool start(struct daemon *d, const char *dir, struct err *err)
{
	sigset_t set;
	struct rlimit files;
	sigemptyset(&set);
	static const int caught[] = {SIGINT, SIGTERM, SIGCHLD};
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* about six descriptors a box */
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (!host_init(&d->host, dir, err) || !lock_folder(d, err))
		return false;
	say_what_was_cleaned(d);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	d->watch_listener = WATCH_LISTENER;
	d->watch_signals = WATCH_SIGNALS;
	if (d->signals < 0 || d->epoll < 0)
		return err_set(err, ERR_IO, "%s", strerror(errno));
	if (!bind_socket(d, err))
		return false;
	watch(d, d->listener, &d->watch_listener);
	watch(d, d->signals, &d->watch_signals);
	return true;
}

int daemon_main(int argc, char **argv)
{
	static const struct option options[] = {{"dir", 1, NULL, 'd'}, {"linger", 1, NULL, 'l'}, {"help", 0, NULL, 'h'}, {0}};
	static struct daemon d = {.epoll = -1, .listener = -1, .signals = -1};
	const char *dir = NULL;
	struct err err;
	int64_t linger = 600;
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'd')
			dir = optarg;
		else if (option == 'l' && !str_to_i64(str_of(optarg), 1, 1000000, &linger))
			option = '?';
		if (option == '?' || option == 'h') {
			fputs(help, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (!dir || optind < argc) {
		fputs(help, stderr);
		return 2;
	}
	d.space = xmalloc(WIRE_MAX);
	d.linger_ms = (uint64_t)linger * 1000;
	d.alone_since_ms = daemon_now_ms();
	if (!start(&d, dir, &err)) {
		fprintf(stderr, "assay-sandbox: %s\n", err.msg);
		return err_exit_code(err.code);
	}
	loop(&d);
	host_finish(&d.host);
	free(d.space);
	return 0;
}
