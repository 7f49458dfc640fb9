/* Start, the loop, and the stop. See server.h. */
#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "internal.h"
#include "proctor/author.h"
#include "proctor/keys.h"
#include "relay.h"
#include "watch.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#define POOL_THREADS 2
#define BOX_THREADS 4
#define WAIT_THREADS 8 /* of an author's server */
#define WRITER_QUEUE_MAX 8192
#define CONNECTION_MEMORY (12 * 1024)
#define STOP_WAIT_MS (10 * MS_SECOND)

void server_config_init(struct server_config *config)
{
	*config = (struct server_config){
	    .listen = "127.0.0.1:8080",
	    .rate_limits = true,
	    .connections_max = 4000,
	    .connections_per_address = 1000,
	    .header_deadline_ms = 15 * MS_SECOND,
	    .body_deadline_ms = 20 * MS_SECOND,
	    .idle_deadline_ms = 75 * MS_SECOND,
	};
}

/* ---- The address ---- */

static bool is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
	return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

/* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80". */
static bool parse_listen(const char *text, struct sockaddr_storage *ret, socklen_t *ret_len, struct err *err)
{
	const char *colon = strrchr(text, ':');
	struct str host = colon ? (struct str){text, (size_t)(colon - text)} : (struct str){0};
	if (host.len > 1 && host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = str_sub(host, 1, host.len - 1);
	_cleanup_free_ char *name = str_dup(host);
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found = NULL;
	if (!colon || !host.len || getaddrinfo(name, colon + 1, &hints, &found) != 0)
		return err_set(err, ERR_USAGE, "--listen takes ADDRESS:PORT with a numeric address, such as 127.0.0.1:8080; got '%.80s'", text);
	memcpy(ret, found->ai_addr, found->ai_addrlen);
	*ret_len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

static void set_url(struct server *s)
{
	char host[64], port[8];
	socklen_t len = sizeof s->address;
	getnameinfo((struct sockaddr *)&s->address, len, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(s->url, sizeof s->url, s->address.ss_family == AF_INET6 ? "http://[%s]:%s" : "http://%s:%s", host, port);
	s->port = (unsigned)strtoul(port, NULL, 10);
}

static bool open_listener(struct server *s, int *ret_fd, struct err *err)
{
	socklen_t len;
	if (!parse_listen(s->config.listen, &s->address, &len, err))
		return false;
	int on = 1;
	_cleanup_close_ int fd = socket(s->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	          bind(fd, (struct sockaddr *)&s->address, len) == 0 && listen(fd, 1024) == 0;
	if (!ok)
		return err_set(err, ERR_IO, "cannot listen on %s: %s%s", s->config.listen, strerror(errno),
		               errno == EADDRINUSE ? " (is a server running there?)" : "");
	socklen_t full = sizeof s->address;
	getsockname(fd, (struct sockaddr *)&s->address, &full);
	s->loopback = is_loopback((struct sockaddr *)&s->address);
	set_url(s);
	*ret_fd = take_fd(fd);
	return true;
}

/* ---- Parts ---- */

static int64_t tick(void *arg, struct store *wr, struct err *err)
{
	return proctor_tick(arg, wr, err);
}
static void seal(void *arg, struct store *wr)
{
	proctor_seal(arg, wr);
}
static void forget(void *arg)
{
	proctor_forget(arg);
}

static void box_gone(void *arg, const char *box, const char *why)
{
	relay_box_gone(((struct server *)arg)->relay, box, why);
}
static void program_ended(void *arg, const char *box, uint32_t exec, uint32_t status)
{
	relay_program_ended(((struct server *)arg)->relay, box, exec, status);
}

static bool start_storage(struct server *s, struct err *err)
{
	struct proctor_config pc = {
	    .data_dir = s->config.data_dir,
	    .bank_dirs = s->config.bank_dirs,
	    .n_bank_dirs = s->config.n_bank_dirs,
	    .params_program = s->config.params_program,
	    .picture_program = s->config.picture_program,
	    .accounts_required = !s->loopback,
	    .sandbox_program = s->config.sandbox_program,
	    .grader_program = s->config.grader_program,
	    .image_program = s->config.image_program,
	    .boxes_max = (int)s->config.boxes_max,
	    .boxes_per_account = (int)s->config.boxes_per_account,
	    .witness_logs = s->config.witness_logs,
	    .grade = s->config.grade,
	    .grading_waits_ms = s->config.grading_waits_ms,
	    .public_url = s->config.public_url,
	    .passphrase_file = s->config.passphrase_file,
	    .box_gone = box_gone,
	    .program_ended = program_ended,
	    .author = s->config.author_dir != NULL,
	    .require_signed = s->config.require_signed,
	    .box_arg = s,
	};
	if (!proctor_open(&pc, &s->proctor, err) || !proctor_reader(s->proctor, &s->reader, err))
		return false;
	struct writer_config wc = {.store = proctor_writer_store(s->proctor),
	                           .queue_max = WRITER_QUEUE_MAX,
	                           .tick = tick,
	                           .seal = seal,
	                           .forget = forget,
	                           .arg = s->proctor};
	return writer_create(&wc, &s->writer, err) && proctor_work_start(s->proctor, s->writer, err);
}

static bool check_author(const struct server *s, struct err *err)
{
	return !s->config.author_dir || s->loopback ||
	       err_set(err, ERR_USAGE, "an author's server is for one person on this machine: it listens on a loopback address only");
}

static bool start_author(struct server *s, struct err *err)
{
	if (!s->config.author_dir)
		return true;
	struct author_config config = {.dir = s->config.author_dir,
	                               .data_dir = s->config.data_dir,
	                               .program = s->config.image_program,
	                               .params_program = s->config.params_program,
	                               .by = s->config.author_by};
	return author_open(&config, &s->author, err) && pool_create(s, WAIT_THREADS, &s->waits, err);
}

static bool start_relay(struct server *s, struct err *err)
{
	struct relay_config config;
	relay_config_init(&config);
	return relay_create(&config, &s->relay, err) && relay_start(s->relay, err);
}

/* A zero byte would end the path in the middle: "/exams%00x" would be "/exams". Such an address stays as it is, and leads nowhere. */
static size_t unescape(void *arg, struct MHD_Connection *connection, char *s)
{
	(void)arg;
	(void)connection;
	return strstr(s, "%00") ? strlen(s) : MHD_http_unescape(s);
}

static struct MHD_Daemon *start_daemon(struct server *s, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG, 0, NULL, NULL, http_access, s,
	                        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, s->config.connections_max,
	                        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->config.connections_per_address, MHD_OPTION_CONNECTION_TIMEOUT,
	                        (unsigned)(s->config.idle_deadline_ms / MS_SECOND), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	                        (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, http_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
	                        connections_notify, s->connections, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
}

static bool start_http(struct server *s, int *fd, struct err *err)
{
	s->guard = guard_create(s->config.rate_limits);
	s->connections = connections_create(&s->config);
	s->assets = assets_create();
	if (!pool_create(s, POOL_THREADS, &s->pool, err) || !pool_create(s, BOX_THREADS, &s->boxes, err))
		return false;
	s->daemon = start_daemon(s, *fd);
	if (!s->daemon)
		return err_set(err, ERR_INTERNAL, "libmicrohttpd did not start");
	take_fd(*fd); /* the daemon's now */
	return true;
}

static void stop(struct server *s)
{
	author_stop(s->author);
	pool_destroy(s->waits);
	pool_destroy(s->boxes);
	pool_destroy(s->pool);
	watch_destroy(s->watch);
	proctor_work_stop(s->proctor);
	relay_destroy(take_ptr(s->relay)); /* with the places of sockets that never came */
	writer_destroy(s->writer);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	assets_destroy(s->assets);
	connections_destroy(s->connections);
	guard_destroy(s->guard);
	author_close(s->author);
	store_close(s->reader);
	proctor_close(s->proctor);
}

/* ---- The loop ---- */

static void resume_writers(struct server *s)
{
	for (struct writer_job *job = writer_finished(s->writer), *next; job; job = next) {
		next = job->next;
		s->saves += job->ok;
		if (!job->ok && job->err.code == ERR_READ_ONLY && !s->storage_failed) {
			s->storage_failed = true;
			log_error("the storage failed: %s", job->err.msg);
		}
		http_resume((struct request *)job);
	}
}

/* Says it once when the storage fails, and when it works again. */
static void tell_health(struct server *s)
{
	bool failed = !writer_healthy(s->writer);
	if (failed && !s->storage_failed)
		log_error("the storage failed: nothing is accepted, and reads go on");
	else if (!failed && s->storage_failed)
		log_info("the storage works again");
	s->storage_failed = failed;
}

static void resume_pool(struct pool *pool)
{
	for (struct request *rq = pool_finished(pool), *next; rq; rq = next) {
		next = rq->next;
		http_resume(rq);
	}
}

/* Sockets that the relay is done with; libmicrohttpd closes them. */
static void close_sockets(struct server *s)
{
	for (void *handle; (handle = relay_returned(s->relay));)
		MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

static int64_t wait_ms(struct server *s, int64_t sweep_at)
{
	MHD_UNSIGNED_LONG_LONG mhd;
	int64_t ms = sweep_at - clock_monotonic_ms();
	if (MHD_get_timeout(s->daemon, &mhd) == MHD_YES && (int64_t)mhd < ms)
		ms = (int64_t)mhd;
	return ms < 0 ? 0 : ms;
}

static bool add(int epoll_fd, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0;
}

/* One turn: waits, lets each source do its work, then libmicrohttpd. Returns false when a signal asks to stop. */
static bool turn(struct server *s, int epoll_fd, int signal_fd, int64_t *sweep_at)
{
	struct epoll_event events[8];
	int n = epoll_wait(epoll_fd, events, ARRAY_SIZE(events), (int)wait_ms(s, *sweep_at));
	bool go_on = true;
	for (int i = 0; i < n; i++) {
		int fd = events[i].data.fd;
		if (fd == signal_fd)
			go_on = false;
		else if (fd == writer_event_fd(s->writer))
			resume_writers(s);
		else if (fd == pool_event_fd(s->pool))
			resume_pool(s->pool);
		else if (fd == pool_event_fd(s->boxes))
			resume_pool(s->boxes);
		else if (s->waits && fd == pool_event_fd(s->waits))
			resume_pool(s->waits);
		else if (fd == relay_event_fd(s->relay))
			close_sockets(s);
	}
	MHD_run(s->daemon);
	int64_t now = clock_monotonic_ms();
	if (now >= *sweep_at) {
		connections_sweep(s->connections, now);
		tell_health(s);
		go_on = go_on && !keys_failed(s->proctor, &s->failure);
		*sweep_at = now + MS_SECOND;
	}
	return go_on;
}

static bool loop(struct server *s, int signal_fd, struct err *err)
{
	_cleanup_close_ int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	int mhd_fd = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	if (epoll_fd < 0 || !add(epoll_fd, mhd_fd) || !add(epoll_fd, signal_fd) || !add(epoll_fd, writer_event_fd(s->writer)) ||
	    !add(epoll_fd, pool_event_fd(s->pool)) || !add(epoll_fd, pool_event_fd(s->boxes)) || !add(epoll_fd, relay_event_fd(s->relay)) ||
	    (s->waits && !add(epoll_fd, pool_event_fd(s->waits))))
		return err_set(err, ERR_INTERNAL, "epoll: %s", strerror(errno));
	printf("assay: listening on %s\n", s->url);
	if (s->author)
		printf("Write here: %s/author\n", s->url);
	fflush(stdout);
	keys_unseal(s->proctor);
	int64_t sweep_at = clock_monotonic_ms() + MS_SECOND;
	while (turn(s, epoll_fd, signal_fd, &sweep_at))
		;
	log_info("stopping");
	author_stop(s->author);
	int listener = MHD_quiesce_daemon(s->daemon);
	if (listener >= 0)
		close(listener);
	int64_t until = clock_monotonic_ms() + STOP_WAIT_MS;
	relay_stop(s->relay);
	while ((s->in_flight || relay_sockets(s->relay)) && clock_monotonic_ms() < until)
		turn(s, epoll_fd, signal_fd, &sweep_at);
	turn(s, epoll_fd, signal_fd, &sweep_at); /* the last replies */
	return s->failure.code == ERR_NONE || err_set(err, s->failure.code, "%s", s->failure.msg);
}

static int block_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool server_run(const struct server_config *config, struct err *err)
{
	struct server s = {.config = *config, .started_ms = clock_monotonic_ms()};
	unsigned char token[32];
	rng_secret(token, sizeof token);
	sodium_bin2base64(s.local_csrf, sizeof s.local_csrf, token, sizeof token, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	_cleanup_close_ int listener = -1;
	_cleanup_close_ int signal_fd = block_signals();
	bool ok = open_listener(&s, &listener, err) && check_author(&s, err) && start_relay(&s, err) && start_storage(&s, err) &&
	          start_author(&s, err) && watch_create(s.proctor, s.writer, &s.watch, err) && start_http(&s, &listener, err) &&
	          loop(&s, signal_fd, err);
	stop(&s);
	return ok;
}
