/* assay doctor: looks whether all is well with a data folder, and says of each thing what it means. */
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "graders/client/params.h"
#include "proctor/audit.h"
#include "proctor/issuer_style.h"
#include "proctor/keys.h"
#include "proctor/picture.h"
#include "sandbox/client/sandbox.h"
#include "store/attempt.h"
#include "store/backup.h"
#include "store/service_clock.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

static const char help[] =
    "Usage: assay doctor [--data DIR] [--json]\n\n"
    "Looks at a data folder, whether a server runs on it or not, and changes nothing: file modes, keys and their passphrase, the integrity "
    "of the\n"
    "database, the signature and chain of every result, the clock, free space, whether fsync works, whether the program that\n"
    "draws parametrised questions runs, and what of a candidate's box this machine bounds. Each line says what it means. It also prints "
    "the public key that results are signed with.\n\n"
    "Options:\n"
    "  --data DIR   the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --json       as JSON\n\n"
    "Exit codes: 0 all is well (there may be warnings), 1 something is wrong, 2 usage, 3 could not look.\n";

#define SPACE_WARN (INT64_C(1) << 30)
#define SPACE_FAIL (INT64_C(64) << 20)

enum verdict { OK, WARN, WRONG };

struct doctor {
	const char *dir;
	bool json, any;
	int wrong, warnings, blind; /* blind: could not look */
	struct store *st;
};

__attribute__((format(printf, 4, 5))) static void say(struct doctor *d, enum verdict v, const char *what, const char *fmt, ...)
{
	static const char *const names[] = {"ok", "warning", "WRONG"};
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d->wrong += v == WRONG;
	d->warnings += v == WARN;
	if (!d->json) {
		printf("%-8s %-10s %s\n", names[v], what, text);
		return;
	}
	_cleanup_buf_ struct buf out = BUF(4096);
	buf_addf(&out, "%s{\"name\":\"%s\",\"ok\":%s,\"warning\":%s,\"detail\":", d->any ? "," : "", what, v == WRONG ? "false" : "true",
	         v == WARN ? "true" : "false");
	buf_add_json(&out, str_of(text));
	buf_addc(&out, '}');
	fputs(out.p, stdout);
	d->any = true;
}

static char *below(const struct doctor *d, const char *name)
{
	return xasprintf("%s/%s", d->dir, name);
}

/* ---- Files ---- */

static void look_at_mode(struct doctor *d, const char *name, mode_t allowed, bool needed)
{
	_cleanup_free_ char *path = *name ? below(d, name) : xstrdup(d->dir);
	struct stat st;
	if (stat(path, &st) < 0) {
		if (needed)
			say(d, WRONG, "files", "%s: %s", path, strerror(errno));
	} else if (st.st_mode & 0777 & ~allowed) {
		say(d, WRONG, "files", "%s has mode %03o: others on this machine may read or change it; chmod %03o it", path, st.st_mode & 0777,
		    allowed);
	} else if (st.st_uid != geteuid()) {
		say(d, WARN, "files", "%s belongs to user %u, and you are %u: run this as the server's user", path, st.st_uid, geteuid());
	}
}

static void look_at_files(struct doctor *d)
{
	int before = d->wrong + d->warnings;
	look_at_mode(d, "", 0700, true);
	look_at_mode(d, "assay.db", 0600, true);
	look_at_mode(d, "keys", 0700, true);
	look_at_mode(d, "keys/secret.key", 0600, true);
	look_at_mode(d, "passphrase", 0600, false);
	look_at_mode(d, "lock", 0600, false);
	if (d->wrong + d->warnings == before)
		say(d, OK, "files", "All are there, and only their owner may read them.");
}

static void look_at_server(struct doctor *d)
{
	_cleanup_free_ char *path = below(d, "lock");
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0)
		say(d, OK, "server", "One is running on this folder.");
	else
		say(d, OK, "server", "None is running on this folder.");
}

static void look_at_space(struct doctor *d)
{
	struct statvfs fs;
	if (statvfs(d->dir, &fs) < 0) {
		say(d, WRONG, "space", "cannot be asked for: %s", strerror(errno));
		return;
	}
	int64_t free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	enum verdict v = free_bytes < SPACE_FAIL || fs.f_favail == 0 ? WRONG : free_bytes < SPACE_WARN ? WARN : OK;
	say(d, v, "space", "%.1f GB are free%s", (double)free_bytes / 1e9,
	    v == OK ? "." : ": when it is used up, no answer can be saved and the server stops accepting. Make room.");
}

/* Writes and syncs a small file: whether it can be done, and how long it takes. */
static void look_at_fsync(struct doctor *d)
{
	_cleanup_free_ char *path = xasprintf("%s/.doctor-%ld", d->dir, (long)getpid());
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		say(d, WRONG, "fsync", "cannot write in the folder: %s", strerror(errno));
		return;
	}
	unlink(path);
	struct timespec a, b;
	const int rounds = 10;
	bool ok = true;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; ok && i < rounds; i++)
		ok = pwrite(fd, &a, sizeof a, i * 4096) == (ssize_t)sizeof a && fsync(fd) == 0;
	clock_gettime(CLOCK_MONOTONIC, &b);
	double ms = ((double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6) / rounds;
	if (!ok)
		say(d, WRONG, "fsync", "fails: %s. Nothing that is saved here is safe; mend the disk.", strerror(errno));
	else if (ms > 50)
		say(d, WARN, "fsync", "takes %.0f ms: every saved answer waits for it. A faster disk helps.", ms);
	else
		say(d, OK, "fsync", "works and takes %.2f ms. (Whether the disk itself tells the truth cannot be seen from here.)", ms);
}

/* ---- The database ---- */

static void add_finding(void *arg, const char *finding)
{
	say(arg, WRONG, "database", "%s. Restore a backup.", finding);
}
static void add_audit(void *arg, const char *finding)
{
	say(arg, WRONG, "results", "%s", finding);
}

static void look_at_database(struct doctor *d)
{
	struct err err;
	_cleanup_free_ char *path = below(d, "assay.db");
	int64_t version;
	if (!store_open(path, STORE_READ, &d->st, &err) || !store_schema_version(d->st, &version, &err)) {
		say(d, WRONG, "database", "%s", err.msg);
		d->blind++;
		return;
	}
	int before = d->wrong;
	if (!store_check(d->st, add_finding, d, &err))
		say(d, WRONG, "database", "%s", err.msg);
	struct attempt_counts c = {0};
	if (!store_attempt_counts(d->st, &c, &err))
		say(d, WRONG, "database", "%s", err.msg);
	if (d->wrong == before)
		say(d, OK, "database", "It is whole: schema %lld, SQLite %s; %lld attempts run, %lld wait for marks, %lld are done.",
		    (long long)version, sqlite3_libversion(), (long long)c.running, (long long)c.reviewing, (long long)c.final);
}

static void look_at_results(struct doctor *d)
{
	struct audit audit;
	struct err err;
	if (!audit_run(d->st, add_audit, d, &audit, &err)) {
		say(d, WRONG, "results", "%s", err.msg);
		return;
	}
	if (audit.other_keys)
		say(d, WARN, "results",
		    "%zu results are signed with a key that is none of this folder's, present or past: forged, or from another folder",
		    audit.other_keys);
	if (!audit.findings)
		say(d, OK, "results",
		    "All %zu are what was signed, and follow on each other; so do %zu forms and %zu versions of banks match their hashes.",
		    audit.results, audit.forms, audit.versions);
}

static void look_at_clock(struct doctor *d)
{
	struct heartbeat beat;
	bool found;
	struct err err;
	char time[CLOCK_RFC3339_SIZE];
	int64_t now = clock_wall_ms();
	if (!store_heartbeat_get(d->st, &beat, &found, &err))
		say(d, WRONG, "clock", "%s", err.msg);
	else if (!found)
		say(d, OK, "clock", "No server has run here yet.");
	else if (beat.wall_ms > now + MS_HOUR)
		say(d, WARN, "clock",
		    "The last heartbeat was at %s, which is still to come: the machine's clock was set back. Deadlines do not depend on it, dates "
		    "in results do.",
		    clock_rfc3339(beat.wall_ms, time));
	else
		say(d, OK, "clock", "The server was last alive at %s and has run for %.1f hours in all.", clock_rfc3339(beat.wall_ms, time),
		    (double)beat.service_ms / (double)MS_HOUR);
}

/* ---- Keys and programs ---- */

static void look_at_passphrase(struct doctor *d)
{
	_cleanup_free_ char *path = NULL;
	bool beside;
	struct err err;
	struct stat st;
	if (!keys_check(d->dir, d->st, &path, &beside, &err)) {
		say(d, WRONG, "passphrase", "%s", err.msg);
		return;
	}
	if (stat(path, &st) == 0 && st.st_mode & 077)
		say(d, WRONG, "passphrase", "%s has mode %03o: others on this machine may read it; chmod 600 it", path, st.st_mode & 0777);
	if (beside)
		say(d, WARN, "passphrase",
		    "It lies beside the keys that it protects: whoever copies the folder can sign in your name. Move %s to another place and name "
		    "it "
		    "with --passphrase-file, or give it to systemd as the credential assay-passphrase.",
		    path);
	else
		say(d, OK, "passphrase", "It opens the keys, and is kept apart from them, at %s", path);
}

static void look_at_keys(struct doctor *d)
{
	struct err err;
	char hex[65];
	unsigned char key[SIGN_KEY_SIZE];
	if (proctor_public_key(d->dir, key, &err))
		say(d, OK, "keys", "Results are signed with the key %s", sodium_bin2hex(hex, sizeof hex, key, sizeof key));
	else
		say(d, WRONG, "keys", "%s", err.msg);
	look_at_passphrase(d);
}

static void look_at_params(struct doctor *d)
{
	_cleanup_free_ char *program = cli_beside("assay-params");
	struct params_job job = {.lua = "return { a = rand(1, 6) }", .seed = 7};
	struct err err;
	if (!program)
		say(d, WRONG, "params", "The program assay-params is not beside this one: questions with parameters cannot be drawn.");
	else if (!params_draw(program, &job, 1, &err))
		say(d, WRONG, "params", "%s: %s", program, err.msg);
	else if (!job.values)
		say(d, WRONG, "params", "%s does not draw: %s", program, job.error ? job.error : "no values");
	else
		say(d, OK, "params", "Questions with parameters can be drawn.");
	free(job.values);
	free(job.error);
}

static void look_at_pictures(struct doctor *d)
{
	_cleanup_free_ char *program = cli_beside("assay-picture");
	_cleanup_buf_ struct buf credential = BUF(1 << 20), drawn = BUF(PICTURE_SIZE_MAX);
	struct picture_style style;
	struct issuer issuer = {0};
	struct err err;
	issuer_style_default(&style);
	issuer_style_default(&issuer.style);
	issuer_name_default(&issuer);
	picture_specimen(&issuer, &credential);
	issuer_finish(&issuer);
	if (!program)
		say(d, WRONG, "pictures", "The program assay-picture is not beside this one: certificates have no PDF and no badge.");
	else if (!picture_draw(program, PICTURE_SVG, buf_str(&credential), "urn:uuid:specimen", &style, true, &drawn, &err))
		say(d, WRONG, "pictures", "%s: %s", program, err.msg);
	else
		say(d, OK, "pictures", "Certificates can be drawn.");
}

/* What bounds the boxes of hands-on tasks here, and what does not. The launcher opens one to find out. */
static void look_at_boxes(struct doctor *d)
{
	_cleanup_free_ char *program = cli_beside_or("assay-sandbox", "sandbox/assay-sandbox"), *dir = below(d, "sandbox");
	_cleanup_buf_ struct buf report = BUF(1 << 16);
	struct str rest, line;
	if (!program) {
		say(d, WARN, "boxes", "The program assay-sandbox is not beside this one: there are no hands-on tasks.");
		return;
	}
	enum sandbox_bounds bounds = sandbox_doctor(program, dir, &report);
	static const char *const rows[] = {[SANDBOX_CGROUP_V2] = "Boxes are bounded by control groups, version 2.",
	                                   [SANDBOX_CGROUP_V1] = "Boxes are bounded by control groups, version 1.",
	                                   [SANDBOX_DELEGATED] = "Boxes are bounded by control groups that were delegated to this user.",
	                                   [SANDBOX_RLIMITS] =
	                                       "Boxes are bounded by what a plain user can set: for practice, not for exams with high stakes.",
	                                   [SANDBOX_NONE] = "No box opens here: there are no hands-on tasks."};
	say(d, bounds == SANDBOX_RLIMITS || bounds == SANDBOX_NONE ? WARN : OK, "boxes", "%s", rows[bounds]);
	rest = buf_str(&report);
	while (str_next_line(&rest, &line)) {
		bool weak = str_starts(line, "weak: ");
		struct str text = str_sub(line, str_starts(line, "ok: ") ? 4 : weak ? 6 : 0, line.len);
		say(d, OK, weak ? "not bound" : "bound", "%.*s", (int)text.len, text.p);
	}
	say(d, OK, "boxes", "All boxes share this machine's kernel: for exams that matter, put the server into a virtual machine.");
}

static int examine(struct doctor *d)
{
	struct stat st;
	if (stat(d->dir, &st) < 0 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, "assay: doctor: %s is not a data folder: %s\n", d->dir, errno ? strerror(errno) : "not a folder");
		return 3;
	}
	if (d->json)
		printf("{\"version\":\"%s\",\"checks\":[", ASSAY_VERSION);
	else
		printf("assay %s, data in %s\n\n", ASSAY_VERSION, d->dir);
	look_at_files(d);
	look_at_server(d);
	look_at_space(d);
	look_at_fsync(d);
	look_at_database(d);
	if (d->st) {
		look_at_keys(d);
		look_at_results(d);
		look_at_clock(d);
	}
	look_at_params(d);
	look_at_pictures(d);
	look_at_boxes(d);
	store_close(d->st);
	if (d->json)
		printf("],\"ok\":%s}\n", d->wrong ? "false" : "true");
	else if (d->wrong)
		printf("\n%d thing%s wrong.\n", d->wrong, d->wrong == 1 ? " is" : "s are");
	else
		puts(d->warnings ? "\nAll is well, with a warning." : "\nAll is well.");
	return d->blind ? 3 : d->wrong ? 1 : 0;
}

int cli_doctor(int argc, char **argv)
{
	enum { DATA = 256, JSON, HELP };
	static const struct option options[] = {
	    {"data", required_argument, NULL, DATA}, {"json", no_argument, NULL, JSON}, {"help", no_argument, NULL, HELP}, {0}};
	_cleanup_free_ char *data = cli_data_dir();
	struct doctor d = {.dir = data};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			return 0;
		}
		if (option == DATA)
			d.dir = optarg;
		else if (option == JSON)
			d.json = true;
		else
			return data_usage("doctor", "the options are not right");
	}
	if (optind < argc)
		return data_usage("doctor", "what is '%s'?", argv[optind]);
	return examine(&d);
}
