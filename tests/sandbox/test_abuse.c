/* Attempts at abuse: real attacking programs in real boxes. After each: the attempt has failed safely, a neighbour box answers
 * quickly and holds what it held, the machine's own files are as they were, and the attacked box closes and leaves nothing. */
#include "base/clock.h"
#include "common.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEIGHBOUR_MS 4000 /* a whole `sh -c cat` in the neighbour, on a machine that builds something else meanwhile */
#define CANARY "assay-canary-5f2c"

enum expect {
	HOLDS, /* exit status 0, and nothing says BROKE */
	STOPS, /* any end within its time, and nothing says BROKE */
	ENDED, /* a limit ends it */
};
enum only { ALWAYS, COUNTED, ROOT }; /* needs cgroups; needs ranges of ids */

struct attempt {
	const char *name, *command;
	const char *limits[4];
	enum expect expect;
	enum limit limit; /* for ENDED */
	uint64_t time_ms;
	enum only only;
	const char *user;
};

#define A "/opt/attack "
static const struct attempt attempts[] = {
    /* Ways out, by the kernel's interface. */
    {"mounting", A "mounting"},
    {"namespaces", A "namespaces"},
    {"doors into the kernel", A "kernel_doors"},
    {"the machine's clock and name", A "clock_and_name"},
    {"keyrings", A "keys"},
    {"file handles", A "file_handles"},
    {"other ABIs", A "other_abis"},
    {"socket families", A "families"},
    {"typing into a terminal", A "typing"},
    {"tracing init", A "tracing_init"},
    {"descriptors of init by pidfd", A "pidfd_of_init"},
    {"killing init", A "killing_init"},
    {"raising limits", A "raising_limits"},
    {"regaining capabilities", A "capabilities"},
    {"a seccomp listener", A "listener"},
    {"device nodes", A "devices"},
    {"personalities", A "personalities"},
    {"the same as a plain user: namespaces", A "namespaces", .user = "candidate", .only = ROOT},
    {"the same as a plain user: init", A "tracing_init", .user = "candidate", .only = ROOT},
    /* Ways out, by files. */
    {"climbing out of chroot", A "climbing"},
    {"finding a file of the machine", A "searching " CANARY},
    {"writing sysctls", A "proc_sys"},
    {"masked parts of /proc", A "masks"},
    {"setuid", A "setuid", .only = ROOT},
    {"file capabilities", A "file_capabilities"},
    {"forged marks of overlayfs", A "overlay_marks"},
    {"leaked descriptors", A "descriptors"},
    {"a core_pattern program", A "dumping_core"},
    {"init's environment and memory by the shell", "! cat /proc/1/environ /proc/1/maps /proc/1/root/etc/shadow 2>/dev/null | grep ."},
    {"the image is read-only", "echo x >/usr/bin/owned 2>/dev/null; rm -rf /etc/passwd; echo held"},
    {"no paths of the machine in mounts", "! grep -E 'assay|/home|/var|host-' /proc/self/mountinfo"},
    {"no program of the machine shows", "test $(ls -d /proc/[0-9]* | wc -l) -lt 10"},
    {"programs are kept from new privileges", "grep -q 'NoNewPrivs:.1' /proc/self/status && grep -q 'Seccomp:.2' /proc/self/status && test "
                                              "$(grep CapEff /proc/self/status | cut -f2) = 00000000000404fb"},
    {"su to another user gains nothing", "su -s /bin/sh daemon -c 'cat /etc/shadow' 2>/dev/null && exit 1; exit 0", .only = ROOT},
    {"the network has nothing but loopback", "test \"$(ls /proc/sys/net/ipv4/conf | tr '\\n' ' ')\" = 'all default lo '"},
    {"reaching addresses of the network", A "connect_out 192.0.2.1 80"},
    {"reaching the machine's link-local services", A "connect_out 169.254.169.254 80"},
    /* Bombs that meet a bound. */
    {"processes", A "forks 32", {"processes=32"}, .expect = STOPS},
    {"a fork bomb", A "fork_bomb", {"processes=64"}, .expect = ENDED, .limit = LIMIT_TIME, .time_ms = 2500},
    {"threads", A "threads 32", {"processes=32"}, .expect = STOPS},
    {"zombies", A "zombies 32", {"processes=32"}, .expect = STOPS},
    {"memory", A "memory 64", {"memory=64M"}, .expect = ENDED, .limit = LIMIT_MEMORY, .only = COUNTED},
    {"memory, by whatever bounds it here", A "memory 64", {"memory=64M"}, .expect = STOPS},
    {"memory, in many processes", A "memory_family 64", {"memory=64M"}, .expect = STOPS},
    {"memory without names", A "memfds 64", {"memory=64M"}, .expect = STOPS},
    {"deleted files in memory", A "deleted_files 64", {"memory=64M"}, .expect = STOPS},
    {"System V memory", A "sysv 64", {"memory=64M"}, .expect = STOPS},
    {"System V messages", A "messages"},
    {"System V semaphores", A "semaphores"},
    {"POSIX queues", A "posix_queues"},
    {"disk", A "disk 16", {"disk=16M"}},
    {"disk, by the mode of the image's files", A "copy_up", {"disk=16M"}, .expect = STOPS, .time_ms = 4000},
    {"inodes", A "inodes 516", {"inodes=500"}},
    {"links", A "symlinks 516", {"inodes=500"}},
    {"attributes", A "attributes 4000", {"memory=64M", "inodes=500"}, .expect = STOPS},
    {"inotify instances", A "inotify"},
    {"inotify watches", A "watches"},
    {"terminals", A "ptys"},
    {"descriptors", A "descriptors_bomb"},
    {"timers", A "timers"},
    {"locked memory", A "locked_memory"},
    {"sparse files", A "sparse"},
    {"endless arguments", A "growing_arguments"},
    /* Bombs that a limit ends, or that just must not matter. */
    {"output without end", A "output", .expect = ENDED, .limit = LIMIT_TIME, .time_ms = 1500},
    {"buffers of sockets", A "sockets", {"memory=64M", "processes=64"}, .expect = STOPS, .only = COUNTED, .time_ms = 6000},
    {"buffers of pipes", A "pipes", {"memory=64M", "processes=64"}, .expect = STOPS, .only = COUNTED, .time_ms = 6000},
    {"page tables", A "page_tables", {"memory=64M"}, .expect = STOPS, .time_ms = 6000},
    {"names that are not there", A "negative_names", {"memory=64M"}, .expect = STOPS, .time_ms = 6000},
    {"file locks", A "file_locks", {"memory=64M"}, .expect = STOPS, .only = COUNTED, .time_ms = 6000},
    {"processors", A "processors", {"cpu=50%"}, .expect = STOPS, .time_ms = 5000},
    {"sync, all the time", A "syncing", .expect = STOPS, .time_ms = 5000},
    {"killing everything", A "killing", .expect = STOPS, .time_ms = 1000},
    {"a daemon that ignores signals", "setsid -f sh -c 'trap \"\" HUP INT TERM QUIT; while :; do sleep 1; done'; echo held",
     .expect = HOLDS},
};

static char canary[300];
static bool counted;

static bool prepare(const char *box, const struct attempt *a)
{
	const char *limits[5] = {0};
	for (int i = 0; i < 4; i++)
		limits[i] = a->limits[i];
	struct sandbox_box b = {.name = box, .image = "host", .limits = limits};
	must(sandbox_open(sandbox, &b, &why));
	must(sandbox_put(sandbox, box, attack, NULL, "/opt/attack", &why));
	return true;
}

static void unharmed(const char *name)
{
	struct stat st;
	char text[64] = "";
	int64_t start = clock_monotonic_ms();
	expect_output("neighbour", "cat /srv/mine", "mine\n");
	int64_t took = clock_monotonic_ms() - start;
	if (took > NEIGHBOUR_MS)
		fail_msg("%s: the neighbour took %lld ms", name, (long long)took);
	int fd = open(canary, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && read(fd, text, sizeof text - 1) == 7 && fstat(fd, &st) == 0);
	close(fd);
	assert_string_equal(text, "canary\n");
	assert_int_equal(st.st_nlink, 1);
}

static void check(const struct attempt *a, struct sandbox_result *r)
{
	buf_addc(&r->out, 0);
	buf_addc(&r->err, 0);
	const char *out = r->out.p ? r->out.p : "", *error = r->err.p ? r->err.p : "";
	if (strstr(out, "BROKE"))
		fail_msg("%s: %s", a->name, strstr(out, "BROKE"));
	if (a->expect == HOLDS && r->status != 0)
		fail_msg("%s: status %u, limit %s, printed '%s', stderr '%s'", a->name, r->status, limit_name(r->limit), out, error);
	if (a->expect == ENDED && r->limit != a->limit)
		fail_msg("%s: ended by '%s', not '%s'; status %u, printed '%s', stderr '%s'", a->name, limit_name(r->limit), limit_name(a->limit),
		         r->status, out, error);
}

static void attempt(const struct attempt *a)
{
	const char *argv[] = {"/bin/sh", "-c", a->command, NULL};
	struct sandbox_exec x = {.user = a->user, .argv = argv, .time_ms = a->time_ms ? a->time_ms : 15000};
	struct sandbox_result r;
	struct err err;
	prepare("attacked", a);
	bool ran = sandbox_run(sandbox, "attacked", &x, STR(""), 1 << 16, &r, &err);
	if (!ran && a->expect == HOLDS)
		fail_msg("%s: %s", a->name, err.msg);
	unharmed(a->name);
	if (ran) {
		check(a, &r);
		sandbox_result_finish(&r);
	}
	int64_t start = clock_monotonic_ms();
	if (!sandbox_close(sandbox, "attacked", false, &err) && err.code != ERR_NOT_FOUND)
		fail_msg("%s: closing: %s", a->name, err.msg);
	if (clock_monotonic_ms() - start > 5000)
		fail_msg("%s: closing took %lld ms", a->name, (long long)(clock_monotonic_ms() - start));
	assert_no_leftovers();
}

static void one(void **state)
{
	const struct attempt *a = *state;
	if ((a->only == COUNTED && !counted) || (a->only == ROOT && !many_ids()))
		skip();
	attempt(a);
}

/* Signals between two boxes: what one does with a name must not show in the other. */
static void between_boxes(const char *take, const char *see)
{
	int out[2];
	char line[64] = "";
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	prepare("attacked", &(struct attempt){0});
	prepare("accomplice", &(struct attempt){0});
	const char *argv[] = {"/bin/sh", "-c", take, NULL};
	struct sandbox_exec x = {.argv = argv, .fds = {out[1], out[1], out[1]}};
	uint32_t id;
	must(sandbox_exec(sandbox, "accomplice", &x, &id, &why));
	close(out[1]);
	assert_true(read(out[0], line, sizeof line - 1) > 0);
	close(out[0]);
	assert_non_null(strstr(line, "taken"));
	struct sandbox_result r;
	run_in("attacked", NULL, see, 10000, &r);
	buf_addc(&r.out, 0);
	if (r.status != 0)
		fail_msg("%s: %s", see, r.out.p);
	sandbox_result_finish(&r);
	must(sandbox_close(sandbox, "attacked", false, &why));
	must(sandbox_close(sandbox, "accomplice", false, &why));
	unharmed(take);
}

static void locks_on_the_image(void **state)
{
	(void)state;
	between_boxes(A "lock_file take /usr/bin/env", A "lock_file see /usr/bin/env");
	between_boxes(A "lock_file take /etc/hostname", A "lock_file see /etc/hostname");
}

static void locks_on_devices(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* a plain user cannot make devices; doctor says so */
	between_boxes(A "lock_file take /dev/null", A "lock_file see /dev/null");
	between_boxes(A "lock_file take /dev/urandom", A "lock_file see /dev/urandom");
	between_boxes(A "write_lock take /dev/zero", A "write_lock see /dev/zero");
}

static void locks_on_proc(void **state)
{
	(void)state;
	between_boxes(A "lock_file take /proc/version", A "lock_file see /proc/version");
	between_boxes(A "lock_file take /proc/keys", geteuid() == 0 ? A "lock_file see /proc/keys" : "true");
}

static void shared_objects(void **state)
{
	(void)state;
	between_boxes(A "shared_names take", A "shared_names see");
}

/* Servers of the machine, on its loopback and by an abstract name. */
static void servers_of_the_machine(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un u = {.sun_family = AF_UNIX};
	socklen_t size = sizeof a;
	struct sandbox_result r;
	char command[128];
	(void)state;
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), un = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(u.sun_path + 1, sizeof u.sun_path - 1, "assay-abuse-%d", (int)getpid());
	assert_int_equal(bind(tcp, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(tcp, 5), 0);
	assert_int_equal(getsockname(tcp, (struct sockaddr *)&a, &size), 0);
	assert_int_equal(bind(un, (struct sockaddr *)&u, (socklen_t)(3 + strlen(u.sun_path + 1))), 0);
	assert_int_equal(listen(un, 5), 0);
	prepare("attacked", &(struct attempt){0});
	snprintf(command, sizeof command, A "connect_out 127.0.0.1 %d && " A "connect_abstract %s", ntohs(a.sin_port), u.sun_path + 1);
	run_in("attacked", NULL, command, 5000, &r);
	assert_int_equal(r.status, 0);
	sandbox_result_finish(&r);
	snprintf(command, sizeof command, A "host_process %d && " A "host_process %d", (int)getpid(), (int)launcher_pid());
	run_in("attacked", NULL, command, 5000, &r);
	assert_int_equal(r.status, 0);
	sandbox_result_finish(&r);
	assert_int_equal(poll(&(struct pollfd){.fd = tcp, .events = POLLIN}, 1, 0), 0);
	assert_int_equal(poll(&(struct pollfd){.fd = un, .events = POLLIN}, 1, 0), 0);
	close(tcp);
	close(un);
	must(sandbox_close(sandbox, "attacked", false, &why));
}

static void background(const char *box, const char *command)
{
	int out[2];
	char line[64] = "";
	uint32_t id;
	const char *argv[] = {"/bin/sh", "-c", command, NULL};
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	struct sandbox_exec x = {.argv = argv, .fds = {out[1], out[1], out[1]}};
	must(sandbox_exec(sandbox, box, &x, &id, &why));
	close(out[1]);
	assert_true(read(out[0], line, sizeof line - 1) > 0);
	close(out[0]);
}

/* Files are put into a folder that the candidate swaps for a link to somewhere else: it leads no further than the box. */
static void swapped_folders(void **state)
{
	char before[64] = "", after[64] = "";
	struct stat st;
	struct err err;
	(void)state;
	assert_int_equal(stat("/etc/passwd", &st), 0);
	snprintf(before, sizeof before, "%ld %ld", (long)st.st_mtim.tv_sec, (long)st.st_size);
	prepare("attacked", &(struct attempt){0});
	background("attacked", A "swapping");
	for (int i = 0; i < 100; i++)
		if (!sandbox_put(sandbox, "attacked", canary, NULL, i % 2 ? "/srv/real/passwd" : "/srv/link/passwd", &err) && err.code != ERR_IO &&
		    err.code != ERR_NOT_FOUND)
			fail_msg("%s", err.msg);
	must(sandbox_close(sandbox, "attacked", false, &why));
	assert_int_equal(stat("/etc/passwd", &st), 0);
	snprintf(after, sizeof after, "%ld %ld", (long)st.st_mtim.tv_sec, (long)st.st_size);
	assert_string_equal(before, after);
	unharmed("swapping");
}

/* A box in which everything is stopped as soon as it starts: requests end, in an answer or in time, and the box closes. */
static void stopped_commands(void **state)
{
	const char *argv[] = {"/bin/true", NULL};
	struct sandbox_exec x = {.argv = argv, .time_ms = 1000};
	struct sandbox_result r;
	struct err err;
	(void)state;
	prepare("attacked", &(struct attempt){0});
	background("attacked", A "stopping");
	int64_t start = clock_monotonic_ms();
	if (sandbox_run(sandbox, "attacked", &x, STR(""), 100, &r, &err))
		sandbox_result_finish(&r);
	assert_true(clock_monotonic_ms() - start < 15000);
	unharmed("stopping");
	must(sandbox_close(sandbox, "attacked", false, &why));
	assert_no_leftovers();
}

/* A snapshot while bombs of processes and writes go off: it is whole, and the box stands still under it. */
static void snapshot_of_a_storm(void **state)
{
	struct sandbox_snapshot a = {0};
	struct sandbox_result r;
	(void)state;
	struct sandbox_box b = {.name = "attacked", .limits = (const char *[]){"processes=48", "memory=128M", NULL}, .keep = true};
	must(sandbox_open(sandbox, &b, &why));
	run_in("attacked", NULL,
	       "i=0; while :; do i=$((i+1)); echo $i >/srv/a; echo $i >/srv/b; (:) & done >/dev/null 2>&1 & sleep 0.2; echo go", 5000, &r);
	sandbox_result_finish(&r);
	for (int i = 0; i < 5; i++) {
		must(sandbox_snapshot(sandbox, "attacked", &a, &why));
		struct sandbox_box judge = {.name = "judge", .subject = a.path};
		must(sandbox_open(sandbox, &judge, &why));
		/* Written one after the other: at one moment they differ by one at most. */
		run_in("judge", NULL,
		       "a=$(cat /subject/srv/a) b=$(cat /subject/srv/b); test -z \"$a\" -o -z \"$b\" || test $((a-b)) -ge 0 -a $((a-b)) -le 1",
		       5000, &r);
		assert_int_equal(r.status, 0);
		sandbox_result_finish(&r);
		must(sandbox_close(sandbox, "judge", false, &why));
		sandbox_snapshot_finish(&a);
	}
	unharmed("storm");
	must(sandbox_close(sandbox, "attacked", false, &why));
}

/* Trees that are hard to keep: too deep, odd names. The snapshot leaves out what it must, says so, and can be opened. */
static void hard_trees(void **state)
{
	struct sandbox_snapshot a = {0};
	struct sandbox_result r;
	(void)state;
	struct sandbox_box b = {.name = "attacked", .keep = true};
	must(sandbox_open(sandbox, &b, &why));
	must(sandbox_put(sandbox, "attacked", attack, NULL, "/opt/attack", &why));
	run_in("attacked", NULL, A "deep_folders && " A "odd_names && " A "watches; ln /opt/attack /srv/x1; echo ok", 20000, &r);
	sandbox_result_finish(&r);
	must(sandbox_snapshot(sandbox, "attacked", &a, &why));
	assert_true(a.skipped >= 1);
	struct sandbox_box again = {.name = "again", .restore = a.path};
	must(sandbox_open(sandbox, &again, &why));
	expect_output("again", "ls -A /srv/odd | wc -l | xargs test 12 -le; cmp /srv/x1 /opt/attack && echo same", "same\n");
	sandbox_snapshot_finish(&a);
	must(sandbox_close(sandbox, "again", false, &why));
	must(sandbox_close(sandbox, "attacked", false, &why));
	unharmed("hard trees");
}

/* The candidate has replaced tools, libraries and dotfiles; the judge's own are used, and what the subject says about itself is data. */
static void faked_tools(void **state)
{
	struct sandbox_snapshot a = {0};
	(void)state;
	struct sandbox_box b = {.name = "attacked", .keep = true};
	must(sandbox_open(sandbox, &b, &why));
	expect_output("attacked",
	              "echo /srv/evil.so >/etc/ld.so.preload; echo 'PATH=/srv/evil' >>/etc/profile; mkdir -p /srv/evil /usr/local/bin; for t "
	              "in ls cat sh git; do\n"
	              "printf '#!/bin/sh\\necho forged; exit 0\\n' >/usr/local/bin/$t 2>/dev/null; printf '#!/bin/sh\\necho forged\\n' "
	              ">/srv/evil/$t; chmod 755 /srv/evil/$t; done\n"
	              "printf '[core]\\n\\tfsmonitor = /srv/evil/sh\\n' >/root/.gitconfig; echo '.shell echo forged' >/root/.sqliterc; echo "
	              "BASH_ENV=/srv/evil/sh >/etc/environment; echo truth >/srv/answer 2>/dev/null",
	              "");
	must(sandbox_snapshot(sandbox, "attacked", &a, &why));
	must(sandbox_close(sandbox, "attacked", true, &why));
	struct sandbox_box judge = {.name = "judge", .subject = a.path};
	must(sandbox_open(sandbox, &judge, &why));
	expect_output("judge",
	              "cat /subject/srv/answer; echo $PATH; ls -A /root; test -e /etc/ld.so.preload || echo clean; env | grep -c evil || :",
	              "truth\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nclean\n0\n");
	expect_output("judge", "/subject/srv/evil/cat 2>/dev/null || echo not run", "not run\n");
	must(sandbox_close(sandbox, "judge", false, &why));
	unlink(a.path);
	sandbox_snapshot_finish(&a);
}

/* What authors' files could ask for. */
static void hostile_authors(void **state)
{
	struct err err;
	static const char *const images[] = {"../..", "/", "host/../..", "", "-rf", "no-such-image", "host-0000000000000000/../.."};
	static const char *const limits[] = {"memory=1T9", "memory=-1", "memory=99999999999G", "processes=0", "swap=1", "memory", "=",
	                                     "time=1y",    "cpu=1e9"};
	static const char *const names[] = {"../evil", "a/b", "", "-x/", "A", "x y", "\n"};
	static const char *const places[] = {"relative", "", "/", "/..", "/srv/..", "/etc/passwd/below"};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(images); i++)
		assert_false(sandbox_open(sandbox, &(struct sandbox_box){.name = "author", .image = *images[i] ? images[i] : "."}, &err));
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		assert_false(sandbox_open(sandbox, &(struct sandbox_box){.name = "author", .limits = (const char *[]){limits[i], NULL}}, &err));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_false(sandbox_open(sandbox, &(struct sandbox_box){.name = names[i]}, &err));
	open_box("author", false, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		assert_false(sandbox_put(sandbox, "author", canary, NULL, places[i], &err));
	}
	must(sandbox_put(sandbox, "author", canary, NULL, "/srv/../srv/./--option=like", &why));
	expect_output("author", "cat -- /srv/--option=like", "canary\n");
	must(sandbox_close(sandbox, "author", false, &why));
}

/* What a failed test has left must not fail the next one. */
static int clean(void **state)
{
	static const char *const names[] = {"attacked", "accomplice", "judge", "again", "author"};
	struct err err;
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void)!sandbox_close(sandbox, names[i], false, &err);
	return 0;
}

static int setup(void **state)
{
	if (common_setup(state) < 0 || !attack) {
		fprintf(stderr, "set ASSAY_SANDBOX and ASSAY_ATTACK\n");
		return -1;
	}
	_cleanup_buf_ struct buf out = BUF(16384);
	counted = sandbox_doctor(launcher, folder, &out) != SANDBOX_RLIMITS;
	snprintf(canary, sizeof canary, "%s/%s", folder, CANARY);
	int fd = open(canary, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, "canary\n", 7), 7);
	close(fd);
	open_box("neighbour", false, NULL);
	expect_output("neighbour", "echo mine >/srv/mine", "");
	return 0;
}

int main(void)
{
	const struct CMUnitTest others[] = {
	    cmocka_unit_test(locks_on_the_image), cmocka_unit_test(locks_on_devices),       cmocka_unit_test(locks_on_proc),
	    cmocka_unit_test(shared_objects),     cmocka_unit_test(servers_of_the_machine), cmocka_unit_test(swapped_folders),
	    cmocka_unit_test(stopped_commands),   cmocka_unit_test(snapshot_of_a_storm),    cmocka_unit_test(hard_trees),
	    cmocka_unit_test(faked_tools),        cmocka_unit_test(hostile_authors),
	};
	static struct CMUnitTest tests[ARRAY_SIZE(attempts) + ARRAY_SIZE(others)];
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++)
		tests[i] = (struct CMUnitTest){
		    .name = attempts[i].name, .test_func = one, .teardown_func = clean, .initial_state = (void *)(uintptr_t)&attempts[i]};
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		tests[ARRAY_SIZE(attempts) + i] = others[i];
		tests[ARRAY_SIZE(attempts) + i].teardown_func = clean;
	}
	cmocka_set_test_filter(getenv("ASSAY_ATTEMPT")); /* one of them, while looking for a mistake */
	return cmocka_run_group_tests(tests, setup, common_teardown);
}
