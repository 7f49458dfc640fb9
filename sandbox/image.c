/* Images, and building the skeleton of `host`. See image.h. */
#include "sandbox/image.h"
#include "base/mem.h"
#include "base/str.h"
#include "sandbox/layer_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SKELETON_VERSION 3
#define ETC_FILE_MAX (1 << 20)
#define ETC_DEPTH_MAX 6

/* What of /etc is copied. Nothing that holds secrets, names of this machine or of its people. */
static const char *const etc[] = {"alternatives",
                                  "bash.bashrc",
                                  "bash_completion",
                                  "bash_completion.d",
                                  "bindresvport.blacklist",
                                  "ca-certificates",
                                  "ca-certificates.conf",
                                  "cron.d",
                                  "cron.daily",
                                  "cron.hourly",
                                  "cron.weekly",
                                  "debconf.conf",
                                  "debian_version",
                                  "deluser.conf",
                                  "adduser.conf",
                                  "dpkg",
                                  "e2scrub.conf",
                                  "ethertypes",
                                  "fonts",
                                  "gai.conf",
                                  "gprofng.rc",
                                  "groff",
                                  "host.conf",
                                  "init.d",
                                  "inputrc",
                                  "issue",
                                  "issue.net",
                                  "java-17-openjdk",
                                  "ld.so.cache",
                                  "ld.so.conf",
                                  "ld.so.conf.d",
                                  "libaudit.conf",
                                  "locale.alias",
                                  "locale.conf",
                                  "login.defs",
                                  "logrotate.conf",
                                  "logrotate.d",
                                  "lsb-release",
                                  "magic",
                                  "magic.mime",
                                  "mailcap",
                                  "manpath.config",
                                  "mime.types",
                                  "nanorc",
                                  "networks",
                                  "nginx",
                                  "nsswitch.conf",
                                  "os-release",
                                  "pam.conf",
                                  "pam.d",
                                  "perl",
                                  "php",
                                  "profile",
                                  "profile.d",
                                  "protocols",
                                  "python3",
                                  "python3.11",
                                  "python3.13",
                                  "rc0.d",
                                  "rc2.d",
                                  "rc3.d",
                                  "rc5.d",
                                  "rpc",
                                  "security",
                                  "selinux",
                                  "services",
                                  "shells",
                                  "skel",
                                  "sudo.conf",
                                  "sysctl.conf",
                                  "sysctl.d",
                                  "terminfo",
                                  "ucf.conf",
                                  "update-motd.d",
                                  "vim",
                                  "wgetrc",
                                  "xattr.conf",
                                  "xdg"};

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
                             "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
                             "bin:x:2:2:bin:/bin:/usr/sbin/nologin\n"
                             "sys:x:3:3:sys:/dev:/usr/sbin/nologin\n"
                             "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin\n"
                             "mail:x:8:8:mail:/var/mail:/usr/sbin/nologin\n"
                             "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
                             "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n"
                             "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
                             "candidate:x:1000:1000:Candidate:/home/candidate:/bin/bash\n";
static const char group[] =
    "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nmail:x:8:\nman:x:12:\nsudo:x:27:\n"
    "www-data:x:33:\nbackup:x:34:\nshadow:x:42:\nutmp:x:43:\nstaff:x:50:\nusers:x:100:\nnogroup:x:65534:\ncandidate:x:1000:\n";
static const char shadow[] = "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nwww-data:*:19000:0:99999:7:::\n"
                             "nobody:*:19000:0:99999:7:::\ncandidate:*:19000:0:99999:7:::\n";

static const struct {
	const char *path;
	mode_t mode;
} folders[] = {{"boot", 0755},      {"dev", 0755},     {"etc", 0755},           {"etc/ssl", 0755},   {"etc/apt", 0755},
               {"home", 0755},      {"media", 0755},   {"mnt", 0755},           {"opt", 0755},       {"proc", 0555},
               {"root", 0700},      {"run", 0755},     {"run/lock", 01777},     {"srv", 0755},       {"subject", 0755},
               {"sys", 0555},       {"tmp", 01777},    {"usr", 0755},           {"var", 0755},       {"var/backups", 0755},
               {"var/cache", 0755}, {"var/lib", 0755}, {"var/log", 0755},       {"var/mail", 02775}, {"var/spool", 0755},
               {"var/tmp", 01777},  {"var/www", 0755}, {"home/candidate", 0755}};

static const struct {
	const char *path, *text;
	mode_t mode;
} texts[] = {{"etc/passwd", passwd, 0644},
             {"etc/group", group, 0644},
             {"etc/shadow", shadow, 0640},
             {"etc/gshadow", "", 0640},
             {"etc/hostname", "box\n", 0644},
             {"etc/hosts", "127.0.0.1\tlocalhost box\n::1\tlocalhost ip6-localhost ip6-loopback\n", 0644},
             {"etc/resolv.conf", "", 0644},
             {"etc/fstab", "", 0644},
             {"etc/machine-id", "", 0444},
             {"etc/timezone", "Etc/UTC\n", 0644},
             {"etc/motd", "", 0644},
             {"etc/crontab", "SHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n", 0644}};

static const char *const ssl_parts[] = {"certs", "openssl.cnf"}; /* never private/ */

static bool write_text(int dir, const char *path, const char *text, mode_t mode)
{
	_cleanup_close_ int fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0;
}

static bool copy_file(int from, int to_dir, const char *name, const struct stat *st)
{
	_cleanup_close_ int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char chunk[16384];
	ssize_t n;
	if (to < 0)
		return false;
	while ((n = read(from, chunk, sizeof chunk)) > 0)
		if (write(to, chunk, (size_t)n) != n)
			return false;
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, st->st_mtim};
	return n == 0 && fchmod(to, st->st_mode & 0755) == 0 && futimens(to, times) == 0;
}

/* Copies one entry if everybody may read it; what may not be read, or is odd, is left out. */
static bool copy(int from_dir, int to_dir, const char *name, unsigned depth)
{
	struct stat st;
	char target[PATH_MAX];
	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_uid != 0)
		return true;
	if (S_ISLNK(st.st_mode)) {
		ssize_t n = readlinkat(from_dir, name, target, sizeof target - 1);
		if (n <= 0)
			return true;
		target[n] = 0;
		return symlinkat(target, to_dir, name) == 0;
	}
	_cleanup_close_ int fd = -1;
	if (S_ISREG(st.st_mode) && (st.st_mode & 0004) && st.st_size <= ETC_FILE_MAX) {
		fd = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		return fd < 0 || copy_file(fd, to_dir, name, &st);
	}
	if (!S_ISDIR(st.st_mode) || (st.st_mode & 0005) != 0005 || depth >= ETC_DEPTH_MAX)
		return true;
	fd = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return true;
	if (mkdirat(to_dir, name, 0755) < 0 && errno != EEXIST)
		return false;
	_cleanup_close_ int to = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t n = 0;
	char **names = layer_names(fd, &n);
	bool ok = to >= 0;
	for (size_t i = 0; i < n; i++) {
		ok = ok && copy(fd, to, names[i], depth + 1);
		free(names[i]);
	}
	free(names);
	return ok;
}

static bool build_etc(int dir)
{
	_cleanup_close_ int from = open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int to = openat(dir, "etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int from_ssl = open("/etc/ssl", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int to_ssl = openat(to, "ssl", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(etc); i++)
		if (!copy(from, to, etc[i], 0))
			return false;
	for (size_t i = 0; from_ssl >= 0 && i < ARRAY_SIZE(ssl_parts); i++)
		if (!copy(from_ssl, to_ssl, ssl_parts[i], 1))
			return false;
	return symlinkat("/proc/self/mounts", to, "mtab") == 0 && symlinkat("/usr/share/zoneinfo/Etc/UTC", to, "localtime") == 0;
}

/* bin, sbin, lib and so on, as this machine has them: links into /usr. */
static bool build_links(int dir)
{
	static const char *const names[] = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[16], target[PATH_MAX];
		snprintf(path, sizeof path, "/%s", names[i]);
		ssize_t n = readlink(path, target, sizeof target - 1);
		if (n <= 0)
			continue;
		target[n] = 0;
		if (symlinkat(target, dir, names[i]) < 0)
			return false;
	}
	return true;
}

static bool build(int dir)
{
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (mkdirat(dir, folders[i].path, 0700) < 0 || fchmodat(dir, folders[i].path, folders[i].mode, 0) < 0)
			return false;
	if (!build_links(dir) || !build_etc(dir))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!write_text(dir, texts[i].path, texts[i].text, texts[i].mode))
			return false;
	/* Where the maps allow it, the candidate's home is the candidate's; a box with a single user id has only root. */
	if (geteuid() == 0 && (fchownat(dir, "home/candidate", 1000, 1000, 0) < 0 || fchownat(dir, "etc/shadow", 0, 42, 0) < 0))
		return false;
	return fchmod(dir, 0755) == 0;
}

static void mix(uint64_t *h, const void *bytes, size_t len)
{
	for (const unsigned char *p = bytes; len--; p++)
		*h = (*h ^ *p) * UINT64_C(1099511628211);
}

/* Changes with what the skeleton is built from, as far as the times of the entries of /etc show it. */
static uint64_t stamp(void)
{
	uint64_t h = UINT64_C(14695981039346656037) + SKELETON_VERSION;
	for (size_t i = 0; i < ARRAY_SIZE(etc); i++) {
		char path[64];
		struct stat st;
		snprintf(path, sizeof path, "/etc/%s", etc[i]);
		if (lstat(path, &st) < 0)
			continue;
		uint64_t facts[] = {i, st.st_ino, st.st_mode, (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec};
		mix(&h, facts, sizeof facts);
	}
	return h;
}

static void remove_tree(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		size_t n = 0;
		char **names = layer_names(fd, &n);
		for (size_t i = 0; i < n; i++) {
			if (unlinkat(fd, names[i], 0) < 0)
				remove_tree(fd, names[i]);
			free(names[i]);
		}
		free(names);
		close(fd);
	}
	unlinkat(dir, name, AT_REMOVEDIR);
}

static bool open_host(const char *images, struct image *ret, struct err *err)
{
	struct stat st;
	_cleanup_free_ char *path = xasprintf("%s/host-%016llx", images, (unsigned long long)stamp());
	if (readlink("/bin", (char[8]){0}, 8) < 0)
		return err_set(err, ERR_UNSUPPORTED, "image 'host' needs a system whose /bin is a link into /usr; build an image instead");
	if (stat(path, &st) < 0) {
		mode_t old = umask(022);
		_cleanup_free_ char *fresh = xasprintf("%s/.new-%d", images, (int)getpid());
		_cleanup_close_ int dir = mkdir(fresh, 0700) < 0 ? -1 : open(fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		bool ok = dir >= 0 && build(dir) && (rename(fresh, path) == 0 || errno == EEXIST || errno == ENOTEMPTY);
		int saved = errno;
		if (access(fresh, F_OK) == 0)
			remove_tree(AT_FDCWD, fresh);
		umask(old);
		if (!ok)
			return err_set(err, ERR_IO, "building the image 'host' in %s: %s", images, strerror(saved));
	}
	*ret = (struct image){.path = take_ptr(path), .usr = true};
	return true;
}

bool image_open(const char *dir, const char *name, struct image *ret, struct err *err)
{
	_cleanup_free_ char *images = xasprintf("%s/images", dir);
	if (mkdir(images, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "making %s: %s", images, strerror(errno));
	if (!strcmp(name, "host"))
		return open_host(images, ret, err);
	if (!str_is_id(str_of(name)))
		return err_set(err, ERR_USAGE, "'%s' is not the name of an image", name);
	_cleanup_free_ char *path = xasprintf("%s/%s", images, name);
	struct stat st;
	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_NOT_FOUND, "there is no image '%s' in %s", name, images);
	*ret = (struct image){.path = take_ptr(path)};
	return true;
}

void image_finish(struct image *i)
{
	free(i->path);
	*i = (struct image){0};
}
