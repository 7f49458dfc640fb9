/* Bombs: each takes as much of one resource as it gets. Those that are refused at some point say how much they got; the others go on
 * until a limit ends them. */
#include "attack.h"
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define ATTACK(name) static int name(int argc, char **argv)
#define MIB (1024 * 1024)

static int got(const char *what, long n, long most)
{
	printf("%s: %s: %ld, at most %ld\n", n > most ? "BROKE" : "held", what, n, most);
	return n > most;
}

ATTACK(forks)
{
	long n = 0, most = strtol(argv[1], NULL, 10);
	for (pid_t pid; n < most * 4; n++) {
		if ((pid = fork()) < 0)
			break;
		if (pid == 0) {
			pause();
			_exit(0);
		}
	}
	return got("processes", n, most);
}

ATTACK(fork_bomb)
{
	for (;;)
		fork();
	return 0;
}

static void *sleeper(void *arg)
{
	pause();
	return arg;
}

ATTACK(threads)
{
	long n = 0, most = strtol(argv[1], NULL, 10);
	pthread_attr_t a;
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, 65536);
	for (pthread_t t; n < most * 4 && pthread_create(&t, &a, sleeper, NULL) == 0; n++)
		;
	return got("threads", n, most);
}

ATTACK(zombies)
{
	long n = 0, most = strtol(argv[1], NULL, 10);
	for (pid_t pid; n < most * 4 && (pid = fork()) >= 0; n++)
		if (pid == 0)
			_exit(0);
	return got("zombies", n, most);
}

static long take_memory(void)
{
	long n = 0;
	for (char *p; (p = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED; n++)
		memset(p, (int)n, MIB);
	return n;
}

ATTACK(memory)
{
	return got("MiB of memory", take_memory(), strtol(argv[1], NULL, 10));
}

/* Every process within its own limit, together over it. */
ATTACK(memory_family)
{
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			size_t size = (size_t)strtol(argv[1], NULL, 10) * MIB / 2;
			char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			if (p != MAP_FAILED)
				memset(p, 1, size);
			sleep(3);
			_exit(p == MAP_FAILED);
		}
	int status, killed = 0;
	while (wait(&status) > 0)
		killed += status != 0;
	return killed ? held("members were stopped") : broke("eight halves fit into one");
}

ATTACK(memfds)
{
	static char chunk[MIB];
	long n = 0;
	int fd = memfd_create("bomb", 0);
	if (fd < 0)
		return held("there are no memfds");
	while (write(fd, chunk, sizeof chunk) == sizeof chunk)
		n++;
	return got("MiB of memfd", n, strtol(argv[1], NULL, 10));
}

/* Files in memory that no name leads to any more. */
ATTACK(deleted_files)
{
	static char chunk[MIB];
	long n = 0;
	for (;;) {
		char name[64];
		snprintf(name, sizeof name, "/dev/shm/%ld", n);
		int fd = open(name, O_CREAT | O_RDWR, 0600);
		unlink(name);
		if (fd < 0 || write(fd, chunk, sizeof chunk) != sizeof chunk)
			return got("MiB of deleted files", n, strtol(argv[1], NULL, 10));
		n++;
	}
}

ATTACK(sysv)
{
	long n = 0;
	for (int id; n < 100000 && (id = shmget(IPC_PRIVATE, 4 * MIB, IPC_CREAT | 0600)) >= 0; n++) {
		char *p = shmat(id, NULL, 0);
		if (p == (void *)-1)
			break;
		memset(p, 1, 4 * MIB);
		shmdt(p);
	}
	return got("MiB of System V memory", n * 4, strtol(argv[1], NULL, 10));
}

ATTACK(messages)
{
	static struct {
		long type;
		char text[8000];
	} m = {1, ""};
	long n = 0;
	for (int id; n < 10000 && (id = msgget(IPC_PRIVATE, 0600)) >= 0; n++)
		while (msgsnd(id, &m, sizeof m.text, IPC_NOWAIT) == 0)
			;
	return got("message queues", n, 64);
}

ATTACK(semaphores)
{
	long n = 0;
	while (n < 100000 && semget(IPC_PRIVATE, 250, 0600) >= 0)
		n++;
	return got("semaphore sets", n, 64);
}

ATTACK(posix_queues)
{
	long n = 0;
	for (char name[32]; n < 10000; n++) {
		snprintf(name, sizeof name, "/q%ld", n);
		if (mq_open(name, O_CREAT | O_RDWR, 0600, NULL) < 0)
			break;
	}
	return got("POSIX queues", n, 300);
}

ATTACK(disk)
{
	static char chunk[MIB];
	int fd = open("/srv/bomb", O_CREAT | O_WRONLY, 0600);
	long n = 0;
	signal(SIGXFSZ, SIG_IGN);
	while (write(fd, chunk, sizeof chunk) == sizeof chunk)
		n++;
	return got("MiB on disk", n, strtol(argv[1], NULL, 10));
}

/* Copying files of the image up into the box's layer, by touching their mode. */
ATTACK(copy_up)
{
	execl("/bin/sh", "sh", "-c",
	      "find /usr/bin /usr/lib -type f -size +100k 2>/dev/null | while read f; do chmod g-w \"$f\" 2>/dev/null; done; df -m / | tail -1",
	      (char *)NULL);
	return 1;
}

ATTACK(inodes)
{
	long n = 0;
	char name[64];
	for (;; n++) {
		snprintf(name, sizeof name, "/srv/%ld", n);
		if (mknod(name, S_IFREG | 0600, 0) < 0)
			return got("inodes", n, strtol(argv[1], NULL, 10));
	}
}

ATTACK(symlinks)
{
	char name[64], target[4000];
	long n = 0;
	memset(target, 'x', sizeof target - 1);
	target[sizeof target - 1] = 0;
	for (;; n++) {
		snprintf(name, sizeof name, "/srv/l%ld", n);
		if (symlink(target, name) < 0)
			return got("links", n, strtol(argv[1], NULL, 10));
	}
}

ATTACK(attributes)
{
	static char value[60000];
	long n = 0;
	char name[64];
	int fd = open("/srv/attributes", O_CREAT | O_RDWR, 0600);
	for (; n < 1000000; n++) {
		snprintf(name, sizeof name, "user.x%ld", n);
		if (fsetxattr(fd, name, value, sizeof value, 0) < 0)
			break;
	}
	return got("attributes of 60 kB", n, strtol(argv[1], NULL, 10));
}

ATTACK(inotify)
{
	long n = 0;
	while (n < 100000 && inotify_init1(0) >= 0)
		n++;
	return got("inotify instances", n, 128);
}

ATTACK(watches)
{
	long n = 0;
	char name[64];
	int fd = inotify_init1(0);
	for (; n < 40000; n++) {
		snprintf(name, sizeof name, "/srv/w%ld", n);
		mkdir(name, 0700);
		if (inotify_add_watch(fd, name, IN_ALL_EVENTS) < 0)
			break;
	}
	return got("inotify watches", n, 8192);
}

ATTACK(ptys)
{
	long n = 0;
	while (n < 10000 && open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0)
		n++;
	return got("terminals", n, 16);
}

ATTACK(output)
{
	static char text[65536];
	memset(text, 'A', sizeof text);
	for (;;)
		if (write(1, text, sizeof text) < 0)
			return 0;
}

ATTACK(descriptors_bomb)
{
	long n = 0;
	while (n < 100000 && open("/dev/null", O_RDONLY) >= 0)
		n++;
	return got("descriptors", n, 1024);
}

/* Kernel memory: buffers of sockets, in many processes. */
ATTACK(sockets)
{
	static char chunk[65536];
	for (int p = 0; p < 40; p++) {
		if (fork() != 0)
			continue;
		for (int pair[2]; socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0;)
			for (int i = 0; i < 2; i++)
				while (write(pair[i], chunk, sizeof chunk) > 0)
					;
		sleep(2);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

ATTACK(pipes)
{
	static char chunk[65536];
	for (int p = 0; p < 40; p++) {
		if (fork() != 0)
			continue;
		for (int pair[2]; pipe2(pair, O_NONBLOCK) == 0;) {
			fcntl(pair[1], F_SETPIPE_SZ, MIB);
			while (write(pair[1], chunk, sizeof chunk) > 0)
				;
		}
		sleep(2);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

/* One byte in every two megabytes of address space: page tables and no memory of its own. */
ATTACK(page_tables)
{
	for (long n = 0; n < 60000; n++) {
		char *p = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED)
			return held("address space");
		*(volatile char *)p = 1;
	}
	return 0;
}

/* Names that are not there are remembered by the kernel too. */
ATTACK(negative_names)
{
	char name[256];
	time_t end = time(NULL) + 4;
	for (long n = 0; time(NULL) < end; n++) {
		snprintf(name, sizeof name, "/srv/%0200ld", n);
		access(name, F_OK);
	}
	return 0;
}

ATTACK(timers)
{
	long n = 0;
	struct sigevent e = {.sigev_notify = SIGEV_NONE};
	for (timer_t t; n < 1000000 && timer_create(CLOCK_MONOTONIC, &e, &t) == 0; n++)
		;
	return got("timers", n, 1024);
}

ATTACK(file_locks)
{
	int fd = open("/srv/locks", O_CREAT | O_RDWR, 0600);
	time_t end = time(NULL) + 4;
	for (long n = 0; time(NULL) < end; n++) {
		struct flock l = {.l_type = F_WRLCK, .l_start = n * 2, .l_len = 1};
		if (fcntl(fd, F_SETLK, &l) < 0)
			return held("refused at last");
	}
	return 0;
}

ATTACK(locked_memory)
{
	size_t size = 8 * MIB;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return refused("mlock", mlock(p, size), ENOMEM, EPERM, EAGAIN, 0);
}

ATTACK(sparse)
{
	signal(SIGXFSZ, SIG_IGN);
	int fd = open("/srv/sparse", O_CREAT | O_RDWR, 0600);
	return refused("a file of 8 TiB", ftruncate(fd, 8L << 40), EFBIG, EINVAL, 0);
}

ATTACK(deep_folders)
{
	long n = 0;
	if (chdir("/srv") < 0)
		return 1;
	while (n < 5000 && mkdir("d", 0700) == 0 && chdir("d") == 0)
		n++;
	printf("held: %ld deep\n", n);
	return 0;
}

/* Names that are commands to a terminal, or break lines, or are not text at all. */
ATTACK(odd_names)
{
	static const char *const names[] = {"\033]0;owned\007", "\033[2J", "a\nb",  "-rf",  "--version", "\xff\xfe",
	                                    "..\\..",           " ",       "$(id)", "%s%n", ".wh.x",     "\r\n\r\n"};
	if (mkdir("/srv/odd", 0755) < 0 || chdir("/srv/odd") < 0)
		return 1;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (mknod(names[i], S_IFREG | 0600, 0) < 0)
			return broke("could not be made");
	return held("made");
}

ATTACK(processors)
{
	for (int i = 0; i < 8; i++)
		if (fork() == 0)
			for (;;)
				;
	sleep(3);
	return 0;
}

/* Stopping everything again and again, what init has just forked included. */
ATTACK(stopping)
{
	puts("started");
	for (;;) {
		kill(-1, SIGSTOP);
		usleep(100);
	}
	return 0;
}

ATTACK(killing)
{
	puts("started");
	for (;;) {
		kill(-1, SIGKILL);
		usleep(100);
	}
	return 0;
}

ATTACK(syncing)
{
	time_t end = time(NULL) + 3;
	while (time(NULL) < end)
		sync();
	return 0;
}

ATTACK(growing_arguments)
{
	size_t size = 4 * MIB;
	char *big = malloc(size), name[] = "true", *args[] = {name, big, NULL};
	memset(big, 'x', size - 1);
	big[size - 1] = 0;
	return refused("execve", execv("/bin/true", args), E2BIG, ENOMEM, 0);
}

const struct attack attacks_bombs[] = {{"forks", forks},
                                       {"fork_bomb", fork_bomb},
                                       {"threads", threads},
                                       {"zombies", zombies},
                                       {"memory", memory},
                                       {"memory_family", memory_family},
                                       {"memfds", memfds},
                                       {"deleted_files", deleted_files},
                                       {"sysv", sysv},
                                       {"messages", messages},
                                       {"semaphores", semaphores},
                                       {"posix_queues", posix_queues},
                                       {"disk", disk},
                                       {"copy_up", copy_up},
                                       {"inodes", inodes},
                                       {"symlinks", symlinks},
                                       {"attributes", attributes},
                                       {"inotify", inotify},
                                       {"watches", watches},
                                       {"ptys", ptys},
                                       {"output", output},
                                       {"descriptors_bomb", descriptors_bomb},
                                       {"sockets", sockets},
                                       {"pipes", pipes},
                                       {"page_tables", page_tables},
                                       {"negative_names", negative_names},
                                       {"timers", timers},
                                       {"file_locks", file_locks},
                                       {"locked_memory", locked_memory},
                                       {"sparse", sparse},
                                       {"deep_folders", deep_folders},
                                       {"odd_names", odd_names},
                                       {"processors", processors},
                                       {"stopping", stopping},
                                       {"killing", killing},
                                       {"syncing", syncing},
                                       {"growing_arguments", growing_arguments},
                                       {NULL, NULL}};
