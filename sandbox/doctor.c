/* assay-sandbox doctor: finds out what bounds boxes here, opens one, and says what is not bounded.
 *
 * Lines start with "ok: " or "weak: "; the first line is "bounds: " and one of cgroup-v2, cgroup-v1, delegated, rlimits, none. */
#include "sandbox/doctor.h"
#include "base/mem.h"
#include "sandbox/box.h"
#include "sandbox/confine.h"
#include "sandbox/proto.h"
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define OPEN_WAIT_MS 10000

static void bounds(const struct host *h)
{
	bool root = geteuid() == 0;
	switch (h->cgroups.kind) {
	case CGROUP_V2:
		printf("bounds: %s\n", root ? "cgroup-v2" : "delegated");
		puts("ok: memory, processes and CPU of a box are bounded by control groups (version 2); no swap; cgroup.freeze and cgroup.kill");
		break;
	case CGROUP_V1:
		puts("bounds: cgroup-v1");
		puts("ok: memory and processes of a box are bounded by control groups (version 1)");
		puts(h->cgroups.base[CGROUP_CPU] ? "ok: CPU of a box is bounded" : "weak: CPU of a box is not bounded: there is no cpu controller");
		puts(h->cgroups.base[CGROUP_UNIFIED]   ? "ok: boxes are frozen and killed through the unified hierarchy"
		     : h->cgroups.base[CGROUP_FREEZER] ? "ok: boxes are frozen by the old freezer"
		                                       : "weak: boxes are frozen by signals: a program can notice");
		break;
	case CGROUP_NONE:
		puts("bounds: rlimits");
		puts("weak: no control groups: memory is bounded per process and watched ten times a second; a burst in between can take more");
		puts("weak: CPU of a box is not bounded");
		puts("weak: kernel memory of sockets and pipes is bounded only by the number of processes and descriptors");
		puts("weak: boxes are frozen by signals: a program can notice, and one that was stopped by its shell goes on afterwards");
		if (!root)
			puts("weak: boxes share this user's quotas of inotify and pipes with each other");
		break;
	}
}

static void ids(const struct box *b)
{
	if (geteuid() == 0)
		puts("ok: every box has its own range of user ids; root in a box is nobody outside");
	else if (b->ids)
		puts("weak: root in a box is this user outside; the other users of boxes share one range");
	else
		puts("weak: root in a box is this user outside, and boxes have no other users (install uidmap and add this user to /etc/subuid)");
	if (geteuid() != 0)
		puts("weak: /dev/null and its kin are the machine's: two boxes can signal each other by locking them");
}

static void kernel(void)
{
	struct utsname u;
	unsigned major = 0, minor = 0;
	int abi = confine_landlock_abi();
	uname(&u);
	struct str rest = str_of(u.release), a, b;
	int64_t n;
	if (str_next_field(&rest, '.', &a) && str_to_i64(a, 0, 1000, &n))
		major = (unsigned)n;
	if (str_next_field(&rest, '.', &b) && str_to_i64(b, 0, 1000, &n))
		minor = (unsigned)n;
	if (major < 6 || (major == 6 && minor < 6))
		printf("weak: kernel %s: files in tmpfs have no user attributes before 6.6: deleting a folder of the image and making it again "
		       "fails\n",
		       u.release);
	else
		printf("ok: kernel %s\n", u.release);
	if (abi >= 6)
		printf("ok: Landlock, version %d\n", abi);
	else
		printf("weak: Landlock %s: namespaces alone keep signals and abstract sockets inside\n",
		       abi ? "is older than version 6" : "is missing");
	puts("weak: boxes share the kernel of this machine; for high stakes, run the whole server in a virtual machine");
}

/* Opens a box for real: the only proof that it works here. */
static bool try_one(struct host *h, struct err *err)
{
	struct limits l;
	struct box b;
	limits_init(&l);
	struct box_options o = {.image = "host", .limits = &l, .restore_fd = -1, .subject_fd = -1};
	if (!box_open(h, &o, &b, err))
		return false;
	char *space = xmalloc(WIRE_MAX);
	bool ok = false, over = false;
	while (!ok && !over) {
		struct box_report r;
		if (poll(&(struct pollfd){.fd = b.sock, .events = POLLIN}, 1, OPEN_WAIT_MS) <= 0)
			over = !err_set(err, ERR_IO, "a box did not open within %d ms", OPEN_WAIT_MS);
		else if (box_report(&b, space, &r)) {
			ok = r.what == INIT_READY;
			if (r.what == BOX_ERROR || r.what == 0)
				over = !err_set(err, ERR_IO, "%s", *r.text ? r.text : "its first process ended");
		}
	}
	free(space);
	if (ok)
		ids(&b);
	box_close(&b);
	return ok;
}

int doctor_main(int argc, char **argv)
{
	static const struct option options[] = {{"dir", 1, NULL, 'd'}, {0}};
	const char *dir = NULL;
	struct host h;
	struct err err;
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option == 'd')
			dir = optarg;
	if (!dir) {
		fputs("Usage: assay-sandbox doctor --dir DIR\n", stderr);
		return 2;
	}
	bool ok = host_init(&h, dir, &err);
	if (ok) {
		bounds(&h);
		ok = try_one(&h, &err);
		if (ok)
			puts("ok: a box opens");
		host_finish(&h);
	}
	if (!ok)
		printf("bounds: none\nweak: no box opens here: %s\n", err.msg);
	kernel();
	return ok ? 0 : 3;
}
