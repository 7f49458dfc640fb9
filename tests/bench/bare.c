/* The baselines that the server is measured against, in the same run.
 *
 * bare http DB        libmicrohttpd driven as the server drives it, group commit, one INSERT a request; nothing else: no session,
 *                     ownership, parsing or validation. Prints its port.
 * bare http-one DB    the same with one commit a request.
 * bare raw DB N SECS  no HTTP: one thread commits groups of N different rows. Prints rows per second. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct job {
	struct job *next;
	struct MHD_Connection *connection;
	size_t len;
	char body[2048];
	bool queued, done;
};

static sqlite3 *db;
static sqlite3_stmt *insert, *begin, *commit;
static bool one_commit_each;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct job *waiting, *finished;
static int event_fd;

static void check(int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_DONE) {
		fprintf(stderr, "bare: sqlite: %s\n", sqlite3_errmsg(db));
		exit(3);
	}
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *s;
	check(sqlite3_prepare_v2(db, sql, -1, &s, NULL));
	return s;
}

static void step(sqlite3_stmt *s)
{
	check(sqlite3_step(s));
	sqlite3_reset(s);
}

static void open_db(const char *path)
{
	check(sqlite3_open(path, &db));
	check(sqlite3_exec(
	    db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE save(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT", NULL,
	    NULL, NULL));
	insert = prepare("INSERT INTO save(body) VALUES (?)");
	begin = prepare("BEGIN IMMEDIATE");
	commit = prepare("COMMIT");
}

static void put(const char *p, size_t n)
{
	sqlite3_bind_blob(insert, 1, p, (int)n, SQLITE_STATIC);
	step(insert);
}

static void write_group(struct job *jobs)
{
	if (!one_commit_each)
		step(begin);
	for (struct job *j = jobs; j; j = j->next) {
		if (one_commit_each)
			step(begin);
		put(j->body, j->len);
		if (one_commit_each)
			step(commit);
	}
	if (!one_commit_each)
		step(commit);
}

static void *writer_main(void *arg)
{
	(void)arg;
	for (;;) {
		pthread_mutex_lock(&lock);
		while (!waiting)
			pthread_cond_wait(&work, &lock);
		struct job *jobs = waiting;
		waiting = NULL;
		pthread_mutex_unlock(&lock);
		if (one_commit_each && jobs->next) { /* one at a time, so that each is answered after its own commit */
			pthread_mutex_lock(&lock);
			struct job *last = jobs->next;
			while (last->next)
				last = last->next;
			last->next = waiting;
			waiting = jobs->next;
			pthread_mutex_unlock(&lock);
			jobs->next = NULL;
		}
		write_group(jobs);
		pthread_mutex_lock(&lock);
		struct job *last = jobs;
		while (last->next)
			last = last->next;
		last->next = finished;
		finished = jobs;
		pthread_mutex_unlock(&lock);
		eventfd_write(event_fd, 1);
	}
	return NULL;
}

static enum MHD_Result access_handler(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                                      const char *version, const char *upload, size_t *size, void **context)
{
	(void)arg, (void)url, (void)method, (void)version;
	struct job *j = *context;
	if (!j) {
		j = calloc(1, sizeof *j);
		j->connection = connection;
		*context = j;
		return MHD_YES;
	}
	if (*size) {
		size_t n = *size < sizeof j->body - j->len ? *size : sizeof j->body - j->len;
		memcpy(j->body + j->len, upload, n);
		j->len += n;
		*size = 0;
		return MHD_YES;
	}
	if (!j->queued) {
		j->queued = true;
		MHD_suspend_connection(connection);
		pthread_mutex_lock(&lock);
		j->next = waiting;
		waiting = j;
		pthread_cond_signal(&work);
		pthread_mutex_unlock(&lock);
		return MHD_YES;
	}
	static const char reply[] = "{\"seq\":1,\"saved_at\":\"2026-11-23T00:00:00.000Z\"}";
	struct MHD_Response *r = MHD_create_response_from_buffer(sizeof reply - 1, (void *)reply, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ok = MHD_queue_response(connection, 200, r);
	MHD_destroy_response(r);
	return ok;
}

static void completed(void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
	(void)arg, (void)connection, (void)how;
	free(*context);
	*context = NULL;
}

static void resume_finished(void)
{
	eventfd_t ignored;
	eventfd_read(event_fd, &ignored);
	pthread_mutex_lock(&lock);
	struct job *jobs = finished;
	finished = NULL;
	pthread_mutex_unlock(&lock);
	for (struct job *j = jobs, *next; j; j = next) {
		next = j->next;
		MHD_resume_connection(j->connection);
	}
}

static int serve(void)
{
	event_fd = eventfd(0, EFD_NONBLOCK);
	pthread_t thread;
	pthread_create(&thread, NULL, writer_main, NULL);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *d =
	    MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, access_handler, NULL, MHD_OPTION_SOCK_ADDR, &a,
	                     MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_END);
	if (!d)
		return 3;
	int epoll_fd = epoll_create1(0);
	struct epoll_event e = {.events = EPOLLIN, .data.fd = MHD_get_daemon_info(d, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd};
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, e.data.fd, &e);
	e.data.fd = event_fd;
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, event_fd, &e);
	printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	for (;;) {
		MHD_UNSIGNED_LONG_LONG ms = 1000;
		struct epoll_event events[4];
		if (MHD_get_timeout(d, &ms) != MHD_YES || ms > 1000)
			ms = 1000;
		int n = epoll_wait(epoll_fd, events, 4, (int)ms);
		for (int i = 0; i < n; i++)
			if (events[i].data.fd == event_fd)
				resume_finished();
		MHD_run(d);
	}
}

static int raw(int group, double seconds)
{
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	uint64_t rows = 0;
	double took;
	do {
		step(begin);
		for (int i = 0; i < group; i++) {
			char body[160];
			int n = snprintf(body, sizeof body,
			                 "{\"seq\":%llu,\"response\":{\"choose\":[\"oabc\"]},\"spent_ms\":1234,\"pad\":"
			                 "\"0123456789012345678901234567890123456789\"}",
			                 (unsigned long long)rows++);
			put(body, (size_t)n);
		}
		step(commit);
		clock_gettime(CLOCK_MONOTONIC, &now);
		took = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
	} while (took < seconds);
	printf("%.0f\n", (double)rows / took);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	open_db(argv[2]);
	if (!strcmp(argv[1], "raw") && argc == 5)
		return raw((int)strtol(argv[3], NULL, 10), strtod(argv[4], NULL));
	one_commit_each = !strcmp(argv[1], "http-one");
	return serve();
}
