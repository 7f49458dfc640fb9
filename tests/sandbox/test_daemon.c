/* Boxes that are kept: commands, terminals, freezing, snapshots, restoring, crashes of every part, cleaning. */
#include "base/clock.h"
#include "common.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_box(const char *name)
{
	must(sandbox_close(sandbox, name, false, &why));
}

static void commands(void **state)
{
	struct sandbox_result r;
	struct err err;
	const char *missing[] = {"/no/such/program", NULL};
	struct sandbox_exec x = {.argv = missing};
	(void)state;
	open_box("commands", false, NULL);
	expect_output("commands", "echo out; exit 0", "out\n");
	run_in("commands", NULL, "echo to-err >&2; exit 7", 5000, &r);
	assert_int_equal(WEXITSTATUS(r.status), 7);
	assert_string_equal(r.err.p, "to-err\n");
	sandbox_result_finish(&r);
	assert_false(sandbox_run(sandbox, "commands", &x, STR(""), 100, &r, &err));
	assert_non_null(strstr(err.msg, "/no/such/program"));
	x.user = "nobody-of-that-name";
	assert_false(sandbox_run(sandbox, "commands", &x, STR(""), 100, &r, &err));
	assert_non_null(strstr(err.msg, "nobody-of-that-name"));
	run_in("commands", NULL, "sleep 60", 300, &r);
	assert_int_equal(r.limit, LIMIT_TIME);
	sandbox_result_finish(&r);
	/* Files of one command are there for the next. */
	expect_output("commands", "echo kept >/srv/file", "");
	expect_output("commands", "cat /srv/file", "kept\n");
	/* More output than is asked for neither hangs nor grows. */
	run_in("commands", NULL, "head -c 5000000 /dev/zero", 10000, &r);
	assert_true(r.out.overflow);
	assert_int_equal(r.status, 0);
	sandbox_result_finish(&r);
	if (many_ids())
		run_in("commands", "candidate", "id -un; pwd; touch /etc/shadow 2>&1 || echo refused", 5000, &r);
	else
		run_in("commands", NULL, "echo candidate; echo /home/candidate; echo 'touch: x: Permission denied'; echo refused", 5000, &r);
	assert_non_null(strstr(r.out.p, "candidate\n/home/candidate\n"));
	assert_non_null(strstr(r.out.p, "refused"));
	sandbox_result_finish(&r);
	assert_false(sandbox_open(sandbox, &(struct sandbox_box){.name = "commands"}, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	close_box("commands");
	assert_false(sandbox_kill(sandbox, "commands", 0, SIGKILL, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void input_and_files(void **state)
{
	struct sandbox_result r;
	const char *argv[] = {"/usr/bin/wc", "-c", NULL};
	struct sandbox_exec x = {.argv = argv, .time_ms = 10000};
	char *big = calloc(1, 1000000);
	_cleanup_buf_ struct buf got = BUF(100);
	struct err err;
	(void)state;
	memset(big, 'x', 1000000);
	open_box("files", false, NULL);
	must(sandbox_run(sandbox, "files", &x, (struct str){big, 1000000}, 100, &r, &why));
	assert_string_equal(r.out.p, "1000000\n");
	sandbox_result_finish(&r);
	free(big);
	must(sandbox_put(sandbox, "files", "/etc/hostname", NULL, "/srv/a/b/name", &why));
	must(sandbox_get(sandbox, "files", "/srv/a/b/name", 100, &got, &why));
	assert_true(got.len > 0);
	assert_false(sandbox_get(sandbox, "files", "/srv/missing", 100, &got, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	expect_output("files",
	              "head -c 200000 /dev/zero >/srv/long; ln -s /etc/passwd /srv/link; mkfifo /srv/fifo; truncate -s 300M /srv/sparse", "");
	assert_false(sandbox_get(sandbox, "files", "/srv/long", 100, &got, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_false(sandbox_get(sandbox, "files", "/srv/link", 100, &got, &err));
	assert_false(sandbox_get(sandbox, "files", "/srv/fifo", 100, &got, &err));
	assert_false(sandbox_get(sandbox, "files", "/srv/sparse", 100, &got, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	close_box("files");
}

static void read_until(int master, const char *what)
{
	char text[65536] = "";
	size_t len = 0;
	int64_t end = clock_monotonic_ms() + 10000;
	while (!strstr(text, what) && clock_monotonic_ms() < end && len < sizeof text - 1) {
		poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 100);
		ssize_t n = read(master, text + len, sizeof text - 1 - len);
		len += n > 0 ? (size_t)n : 0;
		text[len] = 0;
	}
	if (!strstr(text, what))
		fail_msg("the terminal did not show '%s' but '%s'", what, text);
}

static void type(int master, const char *text)
{
	assert_int_equal(write(master, text, strlen(text)), strlen(text));
}

static uint32_t shell(const char *box, int *master)
{
	const char *argv[] = {"/bin/bash", "--norc", NULL}, *env[] = {"PS1=$ ", NULL};
	struct sandbox_exec x = {.argv = argv, .env = env, .rows = 30, .cols = 100};
	uint32_t id;
	must(sandbox_terminal(sandbox, box, &x, &id, master, &why));
	fcntl(*master, F_SETFL, O_NONBLOCK);
	return id;
}

static void terminal(void **state)
{
	int master;
	struct winsize size = {.ws_row = 50, .ws_col = 132};
	(void)state;
	open_box("terminal", false, NULL);
	uint32_t id = shell("terminal", &master);
	type(master, "stty size; tty\n");
	read_until(master, "30 100\r\n/dev/pts/0");
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	type(master, "stty size\n");
	read_until(master, "50 132");
	type(master, "sleep 100\n");
	poll(NULL, 0, 200);
	type(master, "\003"); /* job control works: the shell comes back */
	type(master, "echo back-$((6*7))\n");
	read_until(master, "back-42");
	type(master, "exit 5\n");
	struct sandbox_event e = wait_event("terminal", SANDBOX_EXITED);
	assert_int_equal(e.exec, id);
	assert_int_equal(WEXITSTATUS(e.status), 5);
	close(master);
	close_box("terminal");
}

/* What a program prints last is not lost, however much it is. */
static void last_output(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo the-end", NULL};
	struct sandbox_exec x = {.argv = argv};
	uint32_t id;
	int master;
	size_t total = 0;
	char tail[65536];
	(void)state;
	open_box("last", false, NULL);
	must(sandbox_terminal(sandbox, "last", &x, &id, &master, &why));
	ssize_t n, last = 0;
	while ((n = read(master, tail, sizeof tail)) > 0) {
		total += (size_t)n;
		last = n;
		if (total >= 3000002 && memmem(tail, (size_t)n, "the-end\r\n", 9))
			break;
	}
	assert_true(last > 0);
	assert_int_equal(total, 3000000 + 2 + 9);
	close(master);
	close_box("last");
}

/* The server dies: terminals and processes go on, and the next server finds them. */
static void client_crash(void **state)
{
	int master;
	struct sandbox_listed *list;
	size_t n;
	(void)state;
	open_box("survivor", true, NULL);
	uint32_t id = shell("survivor", &master);
	type(master, "variable=still-here\n");
	read_until(master, "variable=still-here\r\n");
	close(master);
	sandbox_disconnect(sandbox); /* what the kernel does for a process that is killed */
	must(sandbox_connect(folder, NULL, &sandbox, &why));
	must(sandbox_list(sandbox, &list, &n, &why));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].name, "survivor");
	assert_int_equal(list[0].n_execs, 1);
	assert_true(list[0].execs[0].running && list[0].execs[0].terminal);
	assert_int_equal(list[0].execs[0].id, id);
	sandbox_list_finish(list, n);
	must(sandbox_attach(sandbox, "survivor", id, &master, &why));
	fcntl(master, F_SETFL, O_NONBLOCK);
	type(master, "echo $variable\n");
	read_until(master, "still-here\r\n");
	close(master);
	close_box("survivor");
}

static void freezing(void **state)
{
	struct sandbox_result r;
	const char *argv[] = {"/bin/sh", "-c", "while :; do echo x >>/srv/ticks; sleep 0.01; done", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct sandbox_exec x = {.argv = argv, .fds = {null, null, null}};
	struct sandbox_snapshot before = {0}, after = {0};
	struct sandbox_stat st;
	struct err err;
	uint32_t id;
	(void)state;
	open_box("cold", true, NULL);
	must(sandbox_exec(sandbox, "cold", &x, &id, &why));
	poll(NULL, 0, 200);
	must(sandbox_freeze(sandbox, "cold", true, &why));
	must(sandbox_stat(sandbox, "cold", &st, &why));
	assert_true(st.frozen);
	must(sandbox_snapshot(sandbox, "cold", &before, &why));
	poll(NULL, 0, 300);
	must(sandbox_snapshot(sandbox, "cold", &after, &why));
	assert_false(after.changed); /* nothing moved meanwhile */
	assert_false(sandbox_run(sandbox, "cold", &x, STR(""), 10, &r, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	must(sandbox_freeze(sandbox, "cold", false, &why));
	sandbox_snapshot_finish(&after);
	poll(NULL, 0, 200);
	must(sandbox_snapshot(sandbox, "cold", &after, &why));
	assert_true(after.changed);
	sandbox_snapshot_finish(&before);
	sandbox_snapshot_finish(&after);
	/* A frozen box closes at once. */
	must(sandbox_freeze(sandbox, "cold", true, &why));
	close_box("cold");
	close(null);
	assert_no_leftovers();
}

static const char making[] =
    "set -e; mkdir -p /srv/deep/er; echo one >/srv/deep/er/file; chmod 4755 /srv/deep/er/file; ln /srv/deep/er/file /srv/hard\n"
    "ln -s /etc/passwd /srv/soft; mkfifo /srv/fifo; rm /etc/motd; rm -r /etc/skel; mkdir /etc/skel; echo new >/etc/skel/new\n"
    "[ -O /usr/bin/yes ] && rm /usr/bin/yes; truncate -s 100M /srv/sparse; printf end >>/srv/sparse; touch -d 2020-01-02 /srv/old; echo "
    "\"$(date)\" >/tmp/t\n"
    "setfacl -m u:33:rw /srv/old 2>/dev/null || :; printf 'a\\nb' >'/srv/odd\nname'";
static const char listing[] =
    "cd / && find srv etc/skel etc/motd usr/bin/yes -printf '%p %y %m %s %U:%G %l %Ts %n\\n' 2>/dev/null | grep -v '^srv d\\|^etc/skel d' "
    "| LC_ALL=C sort;"
    "cat srv/deep/er/file etc/skel/*; tail -c 3 srv/sparse; getfacl -p /srv/old 2>/dev/null; stat -c '%h' /srv/hard";

static void snapshots(void **state)
{
	struct sandbox_snapshot first = {0}, second = {0};
	struct sandbox_result a, b;
	struct stat st;
	(void)state;
	open_box("work", true, NULL);
	expect_output("work", making, "");
	run_in("work", NULL, listing, 10000, &a);
	assert_int_equal(a.status, 0);
	must(sandbox_snapshot(sandbox, "work", &first, &why));
	assert_true(first.changed && first.entries > 8);
	assert_true(first.bytes < 1000000); /* holes are not stored */
	must(sandbox_snapshot(sandbox, "work", &second, &why));
	assert_false(second.changed);
	assert_int_equal(stat(first.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* A box that starts from it holds the same, in other ids. */
	struct sandbox_box again = {.name = "again", .restore = first.path};
	must(sandbox_open(sandbox, &again, &why));
	run_in("again", NULL, listing, 10000, &b);
	assert_string_equal(a.out.p, b.out.p);
	sandbox_result_finish(&b);
	expect_output("again", "test -e /etc/motd || echo gone; ls /etc/skel", "gone\nnew\n");
	if (geteuid() == 0) /* others cannot change what root owns in the image */
		expect_output("again", "test -e /usr/bin/yes || echo gone", "gone\n");
	/* A judge sees it over the same image and can change nothing. */
	struct sandbox_box judge = {.name = "judge", .subject = first.path};
	must(sandbox_open(sandbox, &judge, &why));
	expect_output(
	    "judge",
	    "cat /subject/srv/deep/er/file; test -e /subject/etc/motd || echo gone; ls /subject/etc/skel; test -x /usr/bin/yes && echo own",
	    "one\ngone\nnew\nown\n");
	expect_output("judge", "test -e /subject/usr/bin/yes || echo gone", geteuid() == 0 ? "gone\n" : "");
	run_in("judge", NULL, "echo x >/subject/srv/x; /subject/srv/deep/er/file; mount -o remount,rw /subject", 10000, &b);
	assert_int_not_equal(b.status, 0);
	assert_non_null(strstr(b.err.p, "Read-only file system"));
	sandbox_result_finish(&b);
	sandbox_result_finish(&a);
	close_box("judge");
	close_box("again");
	must(sandbox_close(sandbox, "work", true, &why));
	assert_int_equal(stat(first.path, &st), 0);
	unlink(first.path);
	sandbox_snapshot_finish(&first);
	sandbox_snapshot_finish(&second);
}

static void damaged_snapshot(void **state)
{
	char path[300];
	struct err err;
	(void)state;
	snprintf(path, sizeof path, "%s/damaged", folder);
	static const char *const contents[] = {"", "not a layer at all", "assay-layer 1\nd\1\0/", "assay-layer 1\nf\2\0..",
	                                       "assay-layer 1\nzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"};
	for (size_t i = 0; i < ARRAY_SIZE(contents); i++) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		assert_int_equal(write(fd, contents[i], strlen(contents[i])), strlen(contents[i]));
		close(fd);
		struct sandbox_box b = {.name = "damaged", .restore = path};
		assert_false(sandbox_open(sandbox, &b, &err));
		wait_event("damaged", SANDBOX_ENDED);
	}
	unlink(path);
	assert_no_leftovers();
}

/* The init of a box dies (here: of the kernel's memory limit or by the operator): what the candidate has done is kept. */
static void init_killed(void **state)
{
	char path[300], children[64], text[64];
	struct stat st;
	(void)state;
	open_box("fallen", true, NULL);
	expect_output("fallen", "echo precious >/srv/work", "");
	snprintf(children, sizeof children, "/proc/%d/task/%d/children", (int)launcher_pid(), (int)launcher_pid());
	int fd = open(children, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	assert_true(n > 0);
	text[n] = 0;
	kill((pid_t)strtol(text, NULL, 10), SIGKILL); /* its only child is the init of the only box */
	wait_event("fallen", SANDBOX_ENDED);
	snprintf(path, sizeof path, "%s/snapshots/fallen.layer", folder);
	for (int i = 0; i < 200 && stat(path, &st) < 0; i++)
		poll(NULL, 0, 20);
	struct sandbox_box again = {.name = "risen", .restore = path};
	must(sandbox_open(sandbox, &again, &why));
	expect_output("risen", "cat /srv/work", "precious\n");
	close_box("risen");
	unlink(path);
	assert_no_leftovers();
}

/* kill -9 of the launcher: its boxes end with it, and the next one cleans up what the kernel does not. */
static void launcher_killed(void **state)
{
	struct sandbox_result r;
	struct sandbox_event e;
	(void)state;
	open_box("doomed", false, NULL);
	run_in("doomed", NULL, "sleep 314159 >/dev/null 2>&1 & echo started", 5000, &r);
	sandbox_result_finish(&r);
	must(sandbox_freeze(sandbox, "doomed", true, &why)); /* the hard case: frozen */
	assert_int_equal(count_processes("314159"), 1);
	kill(launcher_pid(), SIGKILL);
	for (int i = 0; i < 500 && !sandbox_next_event(sandbox, &e); i++)
		poll(NULL, 0, 10);
	sandbox_disconnect(sandbox);
	must(sandbox_connect(folder, launcher, &sandbox, &why));
	for (int i = 0; i < 200 && count_processes("314159"); i++)
		poll(NULL, 0, 20);
	assert_int_equal(count_processes("314159"), 0);
	assert_no_leftovers();
	open_box("doomed", false, NULL);
	expect_output("doomed", "echo again", "again\n");
	close_box("doomed");
}

static void daemons_end_with_the_box(void **state)
{
	struct sandbox_result r;
	(void)state;
	open_box("daemons", false, NULL);
	run_in("daemons", NULL,
	       "setsid -f sh -c 'trap \"\" TERM HUP INT; exec sleep 271828' >/dev/null 2>&1; (sleep 271828 &) >/dev/null 2>&1; echo ok", 5000,
	       &r);
	assert_string_equal(r.out.p, "ok\n");
	sandbox_result_finish(&r);
	for (int i = 0; i < 100 && count_processes("271828") < 2; i++)
		poll(NULL, 0, 10);
	assert_true(count_processes("271828") >= 2);
	close_box("daemons");
	assert_int_equal(count_processes("271828"), 0);
	assert_no_leftovers();
}

static int count_lines(const char *path)
{
	int n = 0, c;
	FILE *f = fopen(path, "re");
	while (f && (c = fgetc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static int count_descriptors(pid_t pid)
{
	char path[64];
	int n = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *d = opendir(path);
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

/* No mount on the machine, no descriptor in the launcher, no group is more after many boxes. */
static void nothing_stays(void **state)
{
	(void)state;
	int mounts = count_lines("/proc/self/mountinfo"), descriptors = count_descriptors(launcher_pid());
	for (int i = 0; i < 50; i++) {
		open_box("one-of-many", i % 2, NULL);
		expect_output("one-of-many", "echo x >/srv/x; echo y >/usr/y", "");
		close_box("one-of-many");
	}
	assert_int_equal(count_lines("/proc/self/mountinfo"), mounts);
	assert_int_equal(count_descriptors(launcher_pid()), descriptors);
	assert_no_leftovers();
}

/* More boxes than one process may have descriptors: what the launcher holds for the others must not weigh on a new one. */
static void many_boxes(void **state)
{
	char name[32];
	(void)state;
	for (int i = 0; i < 220; i++) {
		snprintf(name, sizeof name, "many-%d", i);
		open_box(name, false, NULL);
	}
	expect_output("many-219", "echo here", "here\n");
	expect_output("many-0", "echo here", "here\n");
	for (int i = 0; i < 220; i++) {
		snprintf(name, sizeof name, "many-%d", i);
		close_box(name);
	}
	assert_no_leftovers();
}

static void strangers(void **state)
{
	struct sandbox *second;
	char path[300];
	struct stat st;
	(void)state;
	snprintf(path, sizeof path, "%s/sandbox.sock", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	must(sandbox_connect(folder, NULL, &second, &why));
	/* Rubbish costs the one who sends it its connection, and nobody else anything. */
	assert_int_equal(write(sandbox_fd(second), "rubbish that is no request", 26), 26);
	struct sandbox_event e = {0};
	for (int i = 0; i < 200 && !sandbox_next_event(second, &e); i++)
		poll(NULL, 0, 10);
	assert_int_equal(e.what, SANDBOX_GONE);
	sandbox_disconnect(second);
	open_box("after", false, NULL);
	expect_output("after", "echo fine", "fine\n");
	close_box("after");
}

static void doctor(void **state)
{
	_cleanup_buf_ struct buf out = BUF(16384);
	(void)state;
	enum sandbox_bounds bounds = sandbox_doctor(launcher, folder, &out);
	assert_int_not_equal(bounds, SANDBOX_NONE);
	assert_non_null(strstr(out.p, "ok: a box opens\n"));
	assert_non_null(strstr(out.p, "weak: boxes share the kernel"));
	if (bounds == SANDBOX_RLIMITS)
		assert_non_null(strstr(out.p, "weak: CPU of a box is not bounded"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands),
	    cmocka_unit_test(input_and_files),
	    cmocka_unit_test(terminal),
	    cmocka_unit_test(last_output),
	    cmocka_unit_test(client_crash),
	    cmocka_unit_test(freezing),
	    cmocka_unit_test(snapshots),
	    cmocka_unit_test(damaged_snapshot),
	    cmocka_unit_test(init_killed),
	    cmocka_unit_test(launcher_killed),
	    cmocka_unit_test(daemons_end_with_the_box),
	    cmocka_unit_test(nothing_stays),
	    cmocka_unit_test(many_boxes),
	    cmocka_unit_test(strangers),
	    cmocka_unit_test(doctor),
	};
	return cmocka_run_group_tests(tests, common_setup, common_teardown);
}
