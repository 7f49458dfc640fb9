/* assay task new: a folder with a small task that works, for authors to change. */
#include "base/file.h"
#include "cli/cli.h"
#include "cli/task.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char task_md[] =
    "---\n"
    "# objective: domain.objective       # as in bank.yml; without it, the bank's first domain\n"
    "difficulty: 1                       # 1 to 5\n"
    "time: 10m                           # how long it should take\n"
    "image: host                         # or one of the images in bank.yml\n"
    "user: candidate                     # whose shell it is; or root\n"
    "commands: [tar, gzip]               # what the image must have\n"
    "hints:                              # for those who study, the mildest first\n"
    "  - \"`tar` packs files; the manual says how to compress what it packs.\"\n"
    "  - \"With `-C FOLDER`, tar goes into a folder before it packs what is there.\"\n"
    "---\n"
    "# Archive the logs\n"
    "\n"
    "The files in `/srv/logs` are to be kept. Pack them into `~/logs.tar.gz`, a compressed tar archive, so that each stands in it\n"
    "by its plain name, without a folder. Only you may read the archive.\n"
    "\n"
    "### Checklist\n"
    "- `~/logs.tar.gz` is a compressed tar archive\n"
    "- It holds every file of `/srv/logs`, without a folder\n"
    "- Nobody but you may read it\n"
    "\n"
    "### Explanation\n"
    "`-C` makes tar go into a folder first: names are then relative to it. `umask` takes permissions away from what is made\n"
    "afterwards, so that the archive is private from the beginning.\n"
    "\n"
    "### References\n"
    "- tar(1)\n"
    "- umask(1p)\n";

static const char grader_lua[] =
    "-- Looks at what is there in the end, not at how it was done. file.* and run{} look at a copy of the candidate's files from outside.\n"
    "local path = \"/home/candidate/logs.tar.gz\"\n"
    "\n"
    "check(\"archive\", 1, \"There is a compressed archive\", { hint = \"tar -czf packs and compresses at once.\" }, function()\n"
    "  expect(file.stat(path), \"There is no \" .. path)\n"
    "  expect(run{ \"gzip\", \"--test\", subject(path) }.status == 0, \"It is not compressed by gzip\")\n"
    "  expect(run{ \"tar\", \"-tzf\", subject(path) }.status == 0, \"It is not a tar archive\")\n"
    "end)\n"
    "\n"
    "check(\"content\", 2, \"It holds every log by its plain name\", { needs = \"archive\" }, function()\n"
    "  local names = run{ \"tar\", \"-tzf\", subject(path) }:lines()\n"
    "  for _, name in ipairs{ \"app.log\", \"web.log\" } do\n"
    "    expect(contains(names, name) or contains(names, \"./\" .. name), name .. \" is not in the archive\")\n"
    "  end\n"
    "end)\n"
    "\n"
    "check(\"private\", 1, \"Only its owner may read it\", { needs = \"archive\" }, function()\n"
    "  local mode = file.stat(path).mode\n"
    "  expect(mode == \"0600\" or mode == \"0400\", \"Its mode is \" .. mode)\n"
    "end)\n";

struct part {
	const char *path, *text;
	bool executable;
};
static const struct part parts[] = {
    {"task.md", task_md, false},
    {"grader.lua", grader_lua, false},
    {"files/srv/logs/app.log", "2026-03-01T08:00:00Z started\n2026-03-01T08:00:04Z ready\n", false},
    {"setup.sh",
     "#!/bin/sh\n"
     "# Runs as root in the fresh box, after files/ was copied to /.\n"
     "set -e\n"
     "seq 1 1000 | sed 's/^/GET \\/page\\//' >/srv/logs/web.log\n",
     true},
    {"solution/run.sh",
     "#!/bin/sh\n"
     "set -e\n"
     "umask 077\n"
     "tar -czf ~/logs.tar.gz -C /srv/logs app.log web.log\n",
     true},
    {"alt/pipe/run.sh",
     "#!/bin/bash\n"
     "set -e -o pipefail\n"
     "cd /srv/logs\n"
     "tar -c . | gzip -9 >~/logs.tar.gz\n"
     "chmod 400 ~/logs.tar.gz\n",
     true},
    {"wrong/with-folder/run.sh",
     "#!/bin/sh\n"
     "umask 077\n"
     "tar -czf ~/logs.tar.gz /srv/logs\n",
     true},
    {"wrong/with-folder/expect.yml", "fails: [content]\n", false},
    {"wrong/readable/run.sh",
     "#!/bin/sh\n"
     "tar -czf ~/logs.tar.gz -C /srv/logs .\n",
     true},
    {"wrong/readable/expect.yml", "fails: [private]\n", false},
    {"wrong/not-compressed/run.sh",
     "#!/bin/sh\n"
     "umask 077\n"
     "tar -cf ~/logs.tar.gz -C /srv/logs .\n",
     true},
    {"wrong/not-compressed/expect.yml", "fails: [archive, content, private]   # the others need the first\n", false},
};

/* The folders on the way to a file, below `dir`. */
static bool make_parents(const char *dir, const char *path, struct err *err)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		_cleanup_free_ char *folder = xasprintf("%s/%.*s", dir, (int)(slash - path), path);
		if (mkdir(folder, 0777) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "%s: %s", folder, strerror(errno));
	}
	return true;
}

static bool write_parts(const char *dir, struct err *err)
{
	if (mkdir(dir, 0777) < 0)
		return err_set(err, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%s: %s", dir, strerror(errno));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", dir, parts[i].path);
		if (!make_parents(dir, parts[i].path, err) ||
		    !file_write_durable(path, str_of(parts[i].text), parts[i].executable ? 0777 : 0666, err))
			return false;
	}
	return true;
}

/* A task's folder stands in the folder tasks of a bank; both are made if need be. */
static bool check_place(const char *dir, struct err *err)
{
	char resolved[PATH_MAX];
	_cleanup_free_ char *copy = xstrdup(dir);
	size_t n = strlen(copy);
	while (n > 1 && copy[n - 1] == '/')
		copy[--n] = 0;
	char *slash = strrchr(copy, '/');
	const char *name = slash ? slash + 1 : copy;
	if (!str_is_id(str_of(name)))
		return err_set(err, ERR_USAGE, "'%s': the name of a task is made of a-z, 0-9 and '-', at most 64", name);
	if (slash)
		*slash = 0;
	const char *parent = !slash ? "." : *copy ? copy : "/";
	struct str last = str_of(parent);
	if (!str_is(last, ".") && !str_is(last, "tasks") && !str_ends(last, "/tasks"))
		return err_set(err, ERR_USAGE, "a task's folder stands in the folder tasks of a bank: assay task new my-bank/tasks/%s", name);
	for (char *p = slash ? copy + 1 : slash; p && *p; p++) { /* the bank's folder */
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "%s: %s", copy, strerror(errno));
		*p = '/';
	}
	if (mkdir(parent, 0777) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "%s: %s", parent, strerror(errno));
	if (!realpath(parent, resolved))
		return err_set(err, ERR_IO, "%s: %s", parent, strerror(errno));
	return str_ends(str_of(resolved), "/tasks") ||
	       err_set(err, ERR_USAGE, "a task's folder stands in the folder tasks of a bank: assay task new my-bank/tasks/%s", name);
}

int task_new(const char *dir)
{
	struct err err;
	if (!check_place(dir, &err) || !write_parts(dir, &err)) {
		fprintf(stderr, "assay task new: %s\n", err.msg);
		return err_exit_code(err.code);
	}
	printf("%s is a task that works. What is next:\n"
	       "  assay task try %s           do it yourself, and have it checked\n"
	       "  assay task test --write %s  prove that its grader is right; again after each change\n"
	       "Then change task.md, grader.lua and the rest to what you want to ask. docs/authors/tasks.md says how.\n",
	       dir, dir, dir);
	return 0;
}
