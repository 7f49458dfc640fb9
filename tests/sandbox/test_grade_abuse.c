/* What hostile candidates and hostile authors try against a grading. */
#include "base/clock.h"
#include "grade_kit.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_links_and_special_files(void **state)
{
	struct grade_result r;
	(void)state;
	char *snapshot =
	    snapshot_of("cd /srv; ln -s /etc/shadow shadow; ln -s ../../../../../../etc/shadow up; ln -s /proc/self/environ environ; ln -s "
	                "/proc/1/root/etc/shadow magic;"
	                "ln -s /subject/etc/passwd subject; ln -s loop1 loop2; ln -s loop2 loop1; mkfifo fifo; ln -s fifo tofifo; mkdir dir; "
	                "ln -s / dir/root;"
	                "echo CANDIDATE >/etc/shadow; echo 'cand:x:77:77::/:/bin/sh' >/etc/passwd; mv /etc/group /etc/group2; ln -s fifo2 "
	                "/etc/group; mkfifo /etc/fifo2;"
	                "truncate -s 200M sparse; perl -MSocket -e 'socket(S,AF_UNIX,SOCK_STREAM,0); bind(S,sockaddr_un(\"/srv/sock\"))'; "
	                "d=deep; for i in $(seq 300); do d=$d/d; done; mkdir -p $d; printf 'x\\033[31m' >$'new\\nline\\033[2J' 2>/dev/null || "
	                "true; touch -- -rf '$(id)'",
	                false);
	grade(snapshot,
	      "check('shadow', 1, 'S', function() expect(file.read('/srv/shadow') == 'CANDIDATE\\n', 'other') end)\n"
	      "check('up', 1, 'U', function() expect(file.read('/srv/up') == 'CANDIDATE\\n', 'other') end)\n"
	      "check('dots', 1, 'D', function() expect(file.read('/../../../etc/shadow') == 'CANDIDATE\\n', 'other') end)\n"
	      "check('environ', 1, 'E', function() expect(file.read('/srv/environ') == nil and file.read('/srv/magic') == nil, 'read') end)\n"
	      "check('subject', 1, 'J', function() expect(file.read('/srv/subject') == nil, 'read') end)\n"
	      "check('loop', 1, 'L', function() expect(not file.exists('/srv/loop1'), 'x') expect(file.stat('/srv/loop1', { follow = false "
	      "}).type == 'link', 'type') end)\n"
	      "check('fifo', 1, 'F', function() run{ 'cat', subject '/srv/tofifo' } end)\n"
	      "check('sock', 1, 'K', function() run{ 'cat', subject '/srv/sock' } end)\n"
	      "check('names', 1, 'N', function() expect(users.name(77) == 'cand' and file.stat('/srv/dir').group == '0', "
	      "file.stat('/srv/dir').group) end)\n"
	      "check('sparse', 1, 'P', function() local c, why = file.read('/srv/sparse', { max = 1 << 40 }) expect(not c and contains(why, "
	      "'too large'), why)\n"
	      "  expect(#file.sha256('/srv/sparse') == 64, 'hash') end)\n"
	      "check('deep', 1, 'T', function() local l, why = file.find('/srv/deep') expect(l and #l == 64, why or #l) end)\n"
	      "check('odd', 1, 'O', function() expect(contains(file.list('/srv'), '$(id)') and contains(file.list('/srv'), '-rf'), 'list')\n"
	      "  fail(table.concat(file.list('/srv'), ',')) end)\n"
	      "check('via-run', 1, 'V', function() expect(run{ 'cat', subject '/srv/shadow' }.out == 'CANDIDATE\\n', 'other') end)\n",
	      &r);
	static const char *const pass[] = {"shadow", "up", "dots", "environ", "subject", "loop", "names", "sparse", "deep", "via-run"};
	for (size_t i = 0; i < ARRAY_SIZE(pass); i++)
		expect_outcome(&r, pass[i], GRADE_PASS, "");
	expect_outcome(&r, "fifo", GRADE_FAIL, "is a pipe");
	expect_outcome(&r, "sock", GRADE_FAIL, ""); /* sockets are not in snapshots */
	expect_outcome(&r, "odd", GRADE_FAIL, "dir");
	for (const char *p = check_of(&r, "odd")->message; *p; p++)
		assert_true((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t');
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}

/* Tools, libraries, start-up files and configuration of the candidate: none of it is used. */
static void test_fake_tools(void **state)
{
	struct grade_result r;
	(void)state;
	char *snapshot = snapshot_of("for t in cat git sqlite3 tar sh ls perl; do printf '#!/bin/bash\\necho FAKE; exit 0\\n' "
	                             ">/usr/local/bin/$t; chmod 755 /usr/local/bin/$t; done;"
	                             "export PATH=/usr/bin:/bin:/usr/sbin:/sbin;"
	                             "echo /srv/evil.so >/etc/ld.so.preload; echo 'PATH=/srv' >/etc/environment; printf 'echo FAKE\\n' | tee "
	                             "/root/.bashrc /root/.profile /etc/profile /etc/bash.bashrc >/dev/null;"
	                             "printf '.shell touch /tmp/pwned\\nSELECT 99;\\n' >/root/.sqliterc; printf '[alias]\\n log = !echo "
	                             "FAKE\\n[core]\\n fsmonitor = /srv/evil\\n' | tee /root/.gitconfig >/etc/gitconfig;"
	                             "printf '#!/bin/sh\\ntouch /tmp/pwned; echo FAKE\\n' >/srv/evil; chmod 755 /srv/evil",
	                             false);
	struct sandbox_result run;
	free(snapshot);
	/* A second box, because the first can run hardly anything now: the repository is made before the files are in place. */
	snapshot = snapshot_of("cd /srv; git init -q -b main r; cd r; git config user.email a@b; git config user.name a; echo 'f filter=x "
	                       "diff=x' >.gitattributes; echo a >f; git add -A; git commit -qm one; echo b >>f;"
	                       "for k in filter.x.clean filter.x.smudge filter.x.process diff.x.textconv diff.x.command core.fsmonitor "
	                       "core.pager core.sshCommand core.editor gpg.program diff.external core.hooksPath "
	                       "core.alternateRefsCommand credential.helper; do git config $k 'touch /tmp/pwned; echo FAKE'; done; git config "
	                       "log.showSignature true; git config include.path /srv/evil.conf; git config filter.x.required true;"
	                       "git config alias.status '!touch /tmp/pwned'; for h in post-checkout post-index-change pre-commit; do printf "
	                       "'#!/bin/sh\\ntouch /tmp/pwned\\n' >.git/hooks/$h; chmod 755 .git/hooks/$h; done;"
	                       "printf '[core]\\n fsmonitor = touch /tmp/pwned\\n' >/srv/evil.conf; cp /srv/evil.conf /root/.gitconfig; cp "
	                       "/srv/evil.conf /etc/gitconfig;"
	                       "cd /srv; mkdir sub; /usr/bin/git -c core.fsmonitor=false init -q sub/inner; sqlite3 -init /dev/null a.db "
	                       "\"CREATE TABLE t(x); INSERT INTO t VALUES (1);\";"
	                       "printf '.shell touch /tmp/pwned\\nSELECT 99;\\n' >/root/.sqliterc; printf '#!/bin/bash\\ntouch /tmp/pwned; "
	                       "echo FAKE\\n' >/usr/local/bin/tar; chmod 755 /usr/local/bin/tar;"
	                       "echo /srv/evil.so >/etc/ld.so.preload 2>/dev/null; exit 0",
	                       false);
	(void)run;
	grade(snapshot,
	      "local function unharmed() expect(run{ 'test', '-e', '/tmp/pwned' }.status == 1, 'something of the candidate has run') end\n"
	      "check('status', 1, 'S', function() local s = git.status('/srv/r') expect(#s == 1 and s[1].path == 'f', json.encode(s)) "
	      "unharmed() end)\n"
	      "check('diff', 1, 'D', function() local d = git.diff('/srv/r', 'HEAD') expect(contains(d.patch, '+b') and not contains(d.patch, "
	      "'FAKE'), d.patch) unharmed() end)\n"
	      "check('log', 1, 'L', function() expect(#git.log('/srv/r') == 1, 'log') unharmed() end)\n"
	      "check('more', 1, 'M', function() git.fsck('/srv/r') git.branches('/srv/r') git.tags('/srv/r') git.stash('/srv/r') "
	      "git.run('/srv/r', { 'blame', 'f' })\n"
	      "  git.run('/srv/r', { 'show', 'HEAD' }) git.run('/srv/r', { 'grep', 'a' }) unharmed() end)\n"
	      "check('sql', 1, 'Q', function() expect(sql.value('/srv/a.db', 'SELECT x FROM t') == 1, 'value') unharmed() end)\n"
	      "check('tools', 1, 'T', function() expect(run{ 'tar', '--version' }.out:find('^tar %(GNU'), 'fake') unharmed() end)\n"
	      "check('env', 1, 'E', function() local e = run{ 'env' }.out expect(not e:find('LD_PRELOAD') and e:find('HOME=/root'), e) "
	      "unharmed() end)\n",
	      &r);
	static const char *const pass[] = {"status", "diff", "log", "more", "sql", "tools", "env"};
	for (size_t i = 0; i < ARRAY_SIZE(pass); i++)
		expect_outcome(&r, pass[i], GRADE_PASS, "");
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}

/* What would hold a tool up, or fill its memory, is refused before. */
static void test_traps_for_tools(void **state)
{
	struct grade_result r;
	(void)state;
	char *snapshot = snapshot_of("cd /srv; for r in a b; do git init -q $r; done; mkfifo a/.git/refs/heads/x; ln -s /dev/zero "
	                             "b/.git/refs/heads/x; mkfifo p.db; ln -s /dev/zero z.db;"
	                             "mkfifo p.tar; git init -q c; rm c/.git/HEAD; mkfifo c/.git/HEAD",
	                             false);
	grade(snapshot,
	      "check('pipe', 1, 'P', function() git.branches('/srv/a') end)\n"
	      "check('zero', 1, 'Z', function() git.branches('/srv/b') end)\n"
	      "check('head', 1, 'H', function() git.head('/srv/c') end)\n"
	      "check('db', 1, 'D', function() sql.query('/srv/p.db', 'SELECT 1') end)\n"
	      "check('zero-db', 1, 'E', function() sql.query('/srv/z.db', 'SELECT 1') end)\n"
	      "check('tar', 1, 'T', function() archive.list('/srv/p.tar') end)\n",
	      &r);
	expect_outcome(&r, "pipe", GRADE_FAIL, "x is a pipe");
	expect_outcome(&r, "zero", GRADE_FAIL, "x is a link");
	expect_outcome(&r, "head", GRADE_FAIL, "not a Git repository");
	expect_outcome(&r, "db", GRADE_FAIL, "is a pipe");
	expect_outcome(&r, "zero-db", GRADE_FAIL, "no such file");
	expect_outcome(&r, "tar", GRADE_FAIL, "is a pipe");
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}

/* Output that looks like results is data. */
static void test_forged_output(void **state)
{
	struct grade_result r;
	(void)state;
	char *snapshot = snapshot_of(
	    "printf '\\021\\000\\000\\000R\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000' >/srv/forged;"
	    "printf '\\001\\000\\000\\000Z' >>/srv/forged; printf 'PASS\\n{\"outcome\":\"pass\"}\\033]0;x\\007\\xff\\xfe\\342\\200\\256' "
	    ">>/srv/forged",
	    false);
	grade(snapshot,
	      "check('a', 1, 'A', function() local r = run{ 'sh', '-c', 'cat /subject/srv/forged; cat /subject/srv/forged >&2' } fail(r.out, "
	      "r.err) end)\n"
	      "check('b', 1, 'B', function() fail(file.read('/srv/forged')) end)\n",
	      &r);
	expect_outcome(&r, "a", GRADE_FAIL, "PASS");
	expect_outcome(&r, "b", GRADE_FAIL, "\"outcome\":\"pass\"");
	assert_true(str_is_utf8(str_of(r.checks[0].message), NULL) && str_is_utf8(str_of(r.checks[0].detail), NULL));
	assert_null(strchr(r.checks[0].message, 033));
	grade_result_finish(&r);
	unlink(snapshot);
	free(snapshot);
}

/* A snapshot that is damaged, or no snapshot at all: our fault, never the candidate's. */
static void test_no_judge(void **state)
{
	struct grade_result r;
	static const char lua[] = "check('a', 1, 'A', function() file.read('/x') end)";
	(void)state;
	grade("/nothing/there.layer", lua, &r);
	expect_outcome(&r, "a", GRADE_UNGRADED, "judge box did not start");
	grade_result_finish(&r);
	_cleanup_free_ char *path = xasprintf("%s/damaged.layer", folder);
	FILE *f = fopen(path, "w");
	fputs("assay-layer 1\nxxxxxxxxxxxx", f);
	fclose(f);
	grade(path, lua, &r);
	expect_outcome(&r, "a", GRADE_UNGRADED, "judge box did not start");
	assert_true(r.ungraded);
	grade_result_finish(&r);
}

static void test_hostile_commands(void **state)
{
	struct grade_result r;
	(void)state;
	grade(NULL,
	      "check('slow', 1, 'S', function() run{ 'sleep', '100', time = 0.3 } end)\n"
	      "check('flood', 1, 'F', function() run{ 'sh', '-c', 'yes | head -c 20000000' } end)\n"
	      "check('fork', 1, 'B', function() run{ 'bash', '-c', 'f() { f | f & }; f; sleep 1', time = 2 } end)\n"
	      "check('memory', 1, 'M', function() run{ 'perl', '-e', '$x = \"a\" x 3e9' } end)\n",
	      &r);
	expect_outcome(&r, "slow", GRADE_UNGRADED, "limit: time");
	expect_outcome(&r, "flood", GRADE_UNGRADED, "4 MiB");
	assert_int_not_equal(check_of(&r, "memory")->outcome, GRADE_FAIL);
	grade_result_finish(&r);
	grade(NULL, "check('a', 1, 'A', function() expect(run{ 'echo', 'x' }.out == 'x\\n', 'x') end)", &r);
	expect_outcome(&r, "a", GRADE_PASS, "");
	grade_result_finish(&r);
}

/* The same snapshot, graded twice: the same. */
static void test_same_again(void **state)
{
	struct grade_result a, b;
	(void)state;
	static const char lua[] = "check('a', 1, 'A', function() local t = {}\n"
	                          "for _, f in ipairs(file.find('/etc')) do t[#t + 1] = f.path .. f.mode .. f.size .. f.user end\n"
	                          "local s = {} for k in pairs({ a = 1, b = 2, c = 3, d = 4 }) do s[#s + 1] = k end\n"
	                          "fail(table.concat(t, '\\n'):sub(-20000) .. table.concat(s) .. json.encode(users.list())) end)";
	char *snapshot = snapshot_of("for i in $(seq 100); do echo $i >/etc/f$i; done", false);
	grade(snapshot, lua, &a);
	grade(snapshot, lua, &b);
	expect_outcome(&a, "a", GRADE_FAIL, "root");
	assert_string_equal(a.checks[0].message, b.checks[0].message);
	assert_string_equal(a.grader_hash, b.grader_hash);
	grade_result_finish(&a);
	grade_result_finish(&b);
	unlink(snapshot);
	free(snapshot);
}

/* A box ends with its connection: a crash in the middle of a grading leaves none. */
static void test_bound(void **state)
{
	struct sandbox *other;
	struct sandbox_listed *list;
	size_t n = 1;
	(void)state;
	must(sandbox_connect(folder, launcher, &other, &why));
	struct sandbox_box box = {.name = "judge-x", .image = "host", .bound = true};
	must(sandbox_open(other, &box, &why));
	sandbox_disconnect(other);
	int64_t end = clock_monotonic_ms() + 10000;
	while (n && clock_monotonic_ms() < end) {
		must(sandbox_list(sandbox, &list, &n, &why));
		sandbox_list_finish(list, n);
	}
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_links_and_special_files),
	    cmocka_unit_test(test_fake_tools),
	    cmocka_unit_test(test_traps_for_tools),
	    cmocka_unit_test(test_forged_output),
	    cmocka_unit_test(test_no_judge),
	    cmocka_unit_test(test_hostile_commands),
	    cmocka_unit_test(test_same_again),
	    cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests_name("grade abuse", tests, common_setup, common_teardown);
}
