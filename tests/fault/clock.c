/* A clock that jumps on command: preloaded into the server by the fault tests. The file $ASSAY_CLOCK_CONTROL holds two 64-bit numbers,
 * shared by mmap: milliseconds added to the wall clock, and to the boot-time clock (a suspend: the monotonic clock stands still). */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offsets;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void)
{
	real = (__typeof__(real))dlsym(RTLD_NEXT, "clock_gettime");
	const char *path = getenv("ASSAY_CLOCK_CONTROL");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	void *p = mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);
	offsets = p == MAP_FAILED ? NULL : p;
	close(fd);
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	if (!real)
		real = (__typeof__(real))dlsym(RTLD_NEXT, "clock_gettime");
	int rc = real(id, ts);
	int64_t ms = !offsets ? 0 : id == CLOCK_REALTIME ? offsets[0] : id == CLOCK_BOOTTIME ? offsets[1] : 0;
	if (rc == 0 && ms) {
		int64_t ns = ts->tv_nsec + ms % 1000 * 1000000;
		ts->tv_sec += ms / 1000 + ns / 1000000000 - (ns % 1000000000 < 0);
		ts->tv_nsec = (ns % 1000000000 + 1000000000) % 1000000000;
	}
	return rc;
}
