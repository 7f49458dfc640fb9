/* The library that graders have, in real boxes: each test prepares a box, and a grader looks at it. */
#include "grade_kit.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void test_files(void **state)
{
	(void)state;
	expect_passes(
	    "mkdir -p /srv/a/b /srv/a/.c; echo one >/srv/a/x.conf; printf 'p\\r\\nq' >/srv/a/y.conf; echo z >/srv/a/b/z.txt; touch "
	    "/srv/a/.hidden.conf;"
	    "ln -s ../a/x.conf /srv/a/link; mkfifo /srv/a/pipe; truncate -s 100M /srv/a/huge; printf abc >/srv/abc; chmod 4755 /srv/abc",
	    "check('all', 1, 'Files', function()\n"
	    "  expect(equal(file.list('/srv/a'), {'.c', '.hidden.conf', 'b', 'huge', 'link', 'pipe', 'x.conf', 'y.conf'}), "
	    "table.concat(file.list('/srv/a'), ' '))\n"
	    "  expect(equal(file.glob('/srv/a/*.conf'), {'/srv/a/x.conf', '/srv/a/y.conf'}), 'glob')\n"
	    "  expect(equal(file.glob('/srv/?/[!a]/*.txt'), {'/srv/a/b/z.txt'}), 'glob sets')\n"
	    "  expect(equal(file.glob('/srv/nothing/*'), {}), 'glob of nothing')\n"
	    "  expect(equal(file.lines('/srv/a/y.conf'), {'p', 'q'}), 'lines')\n"
	    "  local names = {}\n"
	    "  for _, f in ipairs(file.find('/srv/a', { type = 'file' })) do names[#names + 1] = f.path end\n"
	    "  expect(equal(names, {'/srv/a/.hidden.conf', '/srv/a/b/z.txt', '/srv/a/huge', '/srv/a/x.conf', '/srv/a/y.conf'}), "
	    "table.concat(names, ' '))\n"
	    "  expect(#file.find('/srv/a', { name = 'x.conf' }) == 1 and #file.find('/srv/a', { name = '*.txt', depth = 1 }) == 0, 'find')\n"
	    "  expect(file.stat('/srv/a/link').type == 'file', 'follow')\n"
	    "  local l = file.stat('/srv/a/link', { follow = false })\n"
	    "  expect(l.type == 'link' and l.target == '../a/x.conf', 'link')\n"
	    "  expect(file.stat('/srv/a/pipe').type == 'pipe', 'pipe')\n"
	    "  expect(file.stat('/srv/abc').mode == '4755', file.stat('/srv/abc').mode)\n"
	    "  expect(file.sha256('/srv/abc') == 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'sha256')\n"
	    "  expect(file.same('/srv/a/link', '/srv/a/x.conf') and not file.same('/srv/abc', '/srv/a/x.conf') and not file.same('/no', "
	    "'/no'), 'same')\n"
	    "  local content, why = file.read('/srv/a/pipe')\n"
	    "  expect(content == nil and contains(why, 'regular'), why)\n"
	    "  content, why = file.read('/srv/a/huge')\n"
	    "  expect(content == nil and contains(why, 'large'), why)\n"
	    "  expect(subject '/srv/a/link' == '/subject/srv/a/x.conf', subject '/srv/a/link')\n"
	    "  expect(subject() == '/subject' and subject '/' == '/subject', subject '/')\n"
	    "end)\n");
}

static void test_run(void **state)
{
	(void)state;
	expect_passes(
	    "true",
	    "check('run', 1, 'Commands', function()\n"
	    "  local r = run{ 'sh', '-c', 'cat; pwd; echo $A; echo oops >&2; exit 3', stdin = 'in\\n', cwd = '/tmp', env = { A = 'b' } }\n"
	    "  expect(r.status == 3 and r.out == 'in\\n/tmp\\nb\\n' and r.err == 'oops\\n', r.out .. r.err)\n"
	    "  expect(equal(r:lines(), {'in', '/tmp', 'b'}), 'lines')\n"
	    "  expect(run{ 'sh', '-c', 'kill -9 $$' }.status == 137, 'signal')\n"
	    "  expect(run{ 'touch', '/subject/x' }.status ~= 0, 'the subject can be written')\n"
	    "  judge.write('/tmp/a.sh', 'echo $((2+3))')\n"
	    "  expect(run{ 'sh', '/tmp/a.sh' }.out == '5\\n', 'write')\n"
	    "end)\n");
}

static void test_data(void **state)
{
	(void)state;
	expect_passes(
	    "printf 'a: [1, 2.5, yes, \"x\"]\\nb: &b {c: null, d: true}\\ne: *b\\n---\\nsecond: 1\\n' >/srv/x.yml;"
	    "printf '{\"a\":[1,null,{\"b\":\"\\\\u00e9\"}],\"n\":null}' >/srv/x.json; printf '[Unit]\\nA=1\\nA=2\\n# c\\n[S]\\nb: c\\n' "
	    ">/srv/x.ini;"
	    "printf 'a,\"b \"\"c\"\" , d\"\\r\\n1,\\n' >/srv/x.csv",
	    "check('all', 1, 'Data', function()\n"
	    "  local y = yaml.read('/srv/x.yml')\n"
	    "  expect(equal(y.a, {1, 2.5, 'yes', 'x'}) and y.b.d == true and y.b.c == nil and y.e.d, 'yaml')\n"
	    "  expect(yaml.documents(file.read('/srv/x.yml'))[2].second == 1, 'documents')\n"
	    "  local bad, why = yaml.decode('a: [1')\n"
	    "  expect(bad == nil and why, 'bad yaml')\n"
	    "  local j = json.read('/srv/x.json')\n"
	    "  expect(j.a[1] == 1 and j.a[2] == json.null and j.a[3].b == 'é' and j.n == nil, 'json')\n"
	    "  expect(json.encode({ b = {1, 'x'}, a = true }) == '{\"a\":true,\"b\":[1,\"x\"]}', 'encode')\n"
	    "  expect(json.decode('{') == nil, 'bad json')\n"
	    "  local i = text.ini(file.read('/srv/x.ini'))\n"
	    "  expect(i.Unit.A == '2' and i.S.b == 'c', 'ini')\n"
	    "  expect(equal(text.csv(file.read('/srv/x.csv')), {{'a', 'b \"c\" , d'}, {'1', ''}}), 'csv')\n"
	    "  expect(equal(text.lines('a\\n\\n'), {'a', ''}) and equal(text.lines(''), {}) and equal(text.lines('a'), {'a'}), 'lines')\n"
	    "  expect(equal(text.split('a::b:', ':'), {'a', '', 'b', ''}) and text.count('aXbXc', 'X') == 2, 'split')\n"
	    "  expect(text.squeeze('  a \\t b ') == 'a b' and text.ends('abc', 'bc') and text.starts('abc', 'ab'), 'squeeze')\n"
	    "  local whole, year = text.regex('on 2026-11-27', '([0-9]{4})-[0-9]+')\n"
	    "  expect(whole == '2026-11' and year == '2026' and not text.regex('x', '^y'), 'regex')\n"
	    "  expect(equal(text.settings('a = 1\\n# b = 2\\nc=\"d\"\\n'), { a = '1', c = 'd' }), 'settings')\n"
	    "end)\n");
}

static void test_sql(void **state)
{
	(void)state;
	expect_passes(
	    "cd /srv; sqlite3 a.db \"PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO t VALUES "
	    "(1,'x'),(2,'y''z')\" >/dev/null;"
	    "cp a.db b.db; cat a.db-wal >b.db-wal 2>/dev/null || true; ln -s a.db l.db; echo no >c.db",
	    "check('sql', 1, 'SQL', function()\n"
	    "  expect(equal(sql.query('/srv/l.db', 'SELECT * FROM t ORDER BY id'), {{id=1, name='x'}, {id=2, name=\"y'z\"}}), 'rows')\n"
	    "  expect(sql.value('/srv/a.db', 'SELECT count(*) FROM t') == 2, 'value')\n"
	    "  expect(sql.value('/srv/a.db', 'SELECT NULL') == nil and #sql.query('/srv/a.db', 'SELECT 1 WHERE 0') == 0, 'nothing')\n"
	    "  expect(equal(sql.tables('/srv/a.db'), {'t'}), 'tables')\n"
	    "  expect(sql.columns('/srv/a.db', 't')[2].notnull == 1, 'columns')\n"
	    "  expect(sql.run('/srv/a.db', \"INSERT INTO t VALUES (1, 'again')\").status ~= 0, 'a duplicate')\n"
	    "  expect(sql.run('/srv/a.db', 'DELETE FROM t').status == 0 and sql.value('/srv/a.db', 'SELECT count(*) FROM t') == 2, 'a copy')\n"
	    "end)\n");
	struct grade_result r;
	char *snapshot = snapshot_of("echo no >/srv/c.db; sqlite3 /srv/a.db 'CREATE TABLE t(x)'", false);
	grade(snapshot,
	      "check('a', 1, 'A', function() sql.query('/srv/c.db', 'SELECT 1 FROM t') end)\n"
	      "check('b', 1, 'B', function() sql.query('/srv/none.db', 'SELECT 1') end)\n"
	      "check('c', 1, 'C', function() sql.query('/srv/a.db', 'SELECT * FROM orders') end)\n"
	      "check('d', 1, 'D', function() expect(not sql.run('/srv/a.db', \".shell echo hello\").out:find('hello'), 'shell') end)\n",
	      &r);
	expect_outcome(&r, "a", GRADE_FAIL, "not a database");
	expect_outcome(&r, "b", GRADE_FAIL, "no such file");
	expect_outcome(&r, "c", GRADE_FAIL, "no such table: orders");
	expect_outcome(&r, "d", GRADE_PASS, "");
	grade_result_finish(&r);
	free(snapshot);
}

static void test_git(void **state)
{
	(void)state;
	expect_passes(
	    "export HOME=/root GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z'; cd /srv; git init -q -b main "
	    "r; cd r;"
	    "git config user.name Ann; git config user.email ann@example.org; echo a >a; git add a; git commit -qm 'First'; git checkout -qb "
	    "topic; echo b >b;"
	    "echo aa >>a; git add -A; git commit -qm 'Second\n\nWith a body'; git checkout -q main; git merge -q --no-ff -m 'Merge topic' "
	    "topic; git tag v1;"
	    "git tag -a v2 -m 'Release two'; git remote add origin https://example.org/r.git; echo c >c; echo '*.log' >.gitignore; echo x >>a; "
	    "git stash -q;"
	    "echo new >new; git mv b bb; git worktree add -q ../wt topic; git clone -q --bare . ../bare.git",
	    "check('git', 1, 'Git', function()\n"
	    "  local r = '/srv/r'\n"
	    "  local log = git.log(r)\n"
	    "  expect(#log == 3 and log[1].subject == 'Merge topic' and #log[1].parents == 2, 'log ' .. #log)\n"
	    "  expect(log[2].body == 'With a body' and log[2].author == 'Ann' and log[2].email == 'ann@example.org' and log[2].time == "
	    "1767323045, log[2].body)\n"
	    "  expect(#git.log(r, { range = 'main', path = 'b' }) >= 1 and #git.log(r, { max = 1 }) == 1, 'log of a path')\n"
	    "  local b = git.branches(r)\n"
	    "  expect(b.main and b.topic and b.main == git.resolve(r, 'main') and git.resolve(r, 'nothing') == nil, 'branches')\n"
	    "  local t = git.tags(r)\n"
	    "  expect(not t.v1.annotated and t.v2.annotated and t.v2.message == 'Release two' and t.v2.commit == t.v1.commit, 'tags')\n"
	    "  expect(git.head(r).branch == 'main' and git.head(r).id == b.main, 'head')\n"
	    "  expect(git.show(r, 'HEAD:a') == 'a\\naa\\n' and git.show(r, 'HEAD:none') == nil, 'show')\n"
	    "  expect(equal(git.files(r, 'HEAD'), {'a', 'b'}), table.concat(git.files(r, 'HEAD'), ' '))\n"
	    "  local d = git.diff(r, 'main~1', 'main')\n"
	    "  expect(equal(d.changed, {{status='M', path='a'}, {status='A', path='b'}}) and contains(d.patch, '+aa'), 'diff')\n"
	    "  local s = git.status(r)\n"
	    "  expect(#s == 4 and s[1].index == 'R' and s[1].path == 'bb' and s[1].from == 'b', json.encode(s))\n"
	    "  expect(not git.clean(r), 'clean')\n"
	    "  expect(git.config(r, 'user.email') == 'ann@example.org' and git.remotes(r).origin == 'https://example.org/r.git', 'config')\n"
	    "  expect(git.config(r, 'remote.origin.url') == 'https://example.org/r.git', 'subsection')\n"
	    "  expect(git.ancestor(r, 'topic', 'main') and not git.ancestor(r, 'main', 'topic'), 'ancestor')\n"
	    "  expect(git.count(r, 'main~1..main') == 2, 'count')\n"
	    "  expect(#git.reflog(r) > 2 and #git.reflog(r, 'topic') >= 1, 'reflog')\n"
	    "  expect(#git.stash(r) == 1, 'stash')\n"
	    "  expect(git.fsck(r), 'fsck')\n"
	    "  expect(git.head('/srv/wt').branch == 'topic' and git.clean('/srv/wt'), 'worktree')\n"
	    "  expect(#git.log('/srv/bare.git') == 3 and git.head('/srv/bare.git').branch == 'main', 'bare')\n"
	    "end)\n");
	struct grade_result r;
	char *snapshot = snapshot_of("mkdir /srv/none; cd /srv; git init -q -b main empty; printf '*.log\\n' >empty/.gitignore; printf '*.txt "
	                             "text eol=lf\\n' >empty/.gitattributes",
	                             false);
	grade(snapshot,
	      "check('none', 1, 'None', function() git.log('/srv/none') end)\n"
	      "check('empty', 1, 'Empty', function() expect(#git.log('/srv/empty') == 0 and git.head('/srv/empty').id == nil, 'x') end)\n"
	      "check('bad', 1, 'Bad', function() git.log('/srv/empty', { range = 'nothing' }) end)\n"
	      "check('ignored', 1, 'Ignored', function() expect(git.ignored('/srv/empty', 'a.log') and not git.ignored('/srv/empty', 'a.c'), "
	      "'x') end)\n"
	      "check('attr', 1, 'Attributes', function() expect(git.attr('/srv/empty', 'eol', 'a.txt') == 'lf', 'x') end)\n",
	      &r);
	expect_outcome(&r, "none", GRADE_FAIL, "not a Git repository");
	expect_outcome(&r, "empty", GRADE_PASS, "");
	expect_outcome(&r, "bad", GRADE_FAIL, "nothing");
	expect_outcome(&r, "ignored", GRADE_PASS, "");
	expect_outcome(&r, "attr", GRADE_PASS, "");
	grade_result_finish(&r);
	free(snapshot);
}

static void test_archives(void **state)
{
	(void)state;
	expect_passes(
	    "cd /srv; mkdir -p d/e; echo one >d/a; printf 'x\ny' >'d/new\nline'; ln -s a d/l; ln d/a d/h; chmod 640 d/a;"
	    "tar -czf a.tar.gz d; tar -cf a.tar d; tar -cJf a.tar.xz d; tar --zstd -cf a.tar.zst d; cp a.tar 'host:a.tar'; cd d; zip -q "
	    "../a.zip a e",
	    "check('archives', 1, 'Archives', function()\n"
	    "  for _, name in ipairs({ 'a.tar', 'a.tar.gz', 'a.tar.xz', 'a.tar.zst', 'host:a.tar' }) do\n"
	    "    local by_name = {}\n"
	    "    for _, e in ipairs(archive.list('/srv/' .. name)) do by_name[e.name] = e end\n"
	    "    expect(by_name['d/'].type == 'folder' and by_name['d/new\\nline'].size == 3 and by_name['d/l'].target == 'a', name)\n"
	    "    expect(by_name['d/a'].mode == '0640' and by_name['d/a'].uid == 0 and by_name['d/a'].user == 'root' or by_name['d/h'].mode == "
	    "'0640', name)\n"
	    "    expect(archive.read('/srv/' .. name, 'd/a') == 'one\\n' or archive.read('/srv/' .. name, 'd/h') == 'one\\n', name)\n"
	    "    expect(archive.read('/srv/' .. name, 'd/none') == nil, name)\n"
	    "  end\n"
	    "  expect(equal(archive.names('/srv/a.zip'), {'a', 'e/'}) and archive.read('/srv/a.zip', 'a') == 'one\\n', 'zip')\n"
	    "  expect(archive.list('/srv/a.zip')[1].size == 4 and archive.list('/srv/a.zip')[1].mode == '0640', "
	    "archive.list('/srv/a.zip')[1].mode)\n"
	    "end)\n");
	struct grade_result r;
	char *snapshot = snapshot_of("echo no >/srv/x.tar", false);
	grade(snapshot, "check('x', 1, 'X', function() archive.list('/srv/x.tar') end)", &r);
	expect_outcome(&r, "x", GRADE_FAIL, "not an archive");
	grade_result_finish(&r);
	free(snapshot);
}

static void test_users(void **state)
{
	(void)state;
	if (!many_ids())
		skip();
	expect_passes(
	    "echo 'staff2:x:3000:ann,bob' >>/etc/group; echo 'ann:x:2001:' >>/etc/group; echo 'web:x:2003:' >>/etc/group;"
	    "echo 'ann:x:2001:2001:Ann:/home/ann:/bin/bash' >>/etc/passwd; echo 'bob:x:2002:2001::/home/bob:/usr/sbin/nologin' >>/etc/passwd;"
	    "H=$(perl -e 'print crypt(\"secret\", \"\\$6\\$salt\")'); echo \"ann:$H:19000:0:90:7:30:20000:\" >>/etc/shadow; echo "
	    "'bob:!:19000:0:99999:7:::' >>/etc/shadow;"
	    "mkdir -p /etc/sudoers.d; printf 'User_Alias OPS = ann, carl\\nCmnd_Alias WEB = /usr/bin/systemctl restart nginx, \\\\\\n  "
	    "/usr/bin/tail\\n"
	    "Defaults env_reset\\nOPS ALL=(root) NOPASSWD: WEB, PASSWD: /bin/ls\\n%%staff2 ALL=(ALL:ALL) ALL # all\\n' >/etc/sudoers.d/ops; "
	    "echo 'x' >/etc/sudoers.d/no.txt;"
	    "printf '@includedir /etc/sudoers.d\\n' >/etc/sudoers;"
	    "mkdir -p /srv/team/deep /srv/closed; chgrp 3000 /srv/team; chmod 2770 /srv/team; echo >/srv/team/f; chmod 604 /srv/team/f; chown "
	    "2001:3000 /srv/team/f;"
	    "chmod 700 /srv/closed; echo >/srv/closed/x; chmod 666 /srv/closed/x; echo >/srv/acl; chmod 600 /srv/acl; setfacl -m "
	    "u:bob:rw,g:staff2:r /srv/acl",
	    "check('users', 1, 'Users', function()\n"
	    "  local ann = users.get('ann')\n"
	    "  expect(ann.uid == 2001 and ann.group == 'ann' and ann.shell == '/bin/bash' and equal(ann.groups, {'ann', 'staff2'}), 'ann')\n"
	    "  expect(ann.password == 'set' and ann.max_days == 90 and ann.expires == 20000 and users.get('bob').password == 'locked', "
	    "'shadow')\n"
	    "  expect(users.get('nobody-else') == nil and users.member('bob', 'staff2') and not users.member('bob', 'web'), 'member')\n"
	    "  expect(equal(users.group('staff2'), { name = 'staff2', gid = 3000, members = {'ann', 'bob'} }), 'group')\n"
	    "  expect(users.password_is('ann', 'secret') and not users.password_is('ann', 'other') and not users.password_is('bob', ''), "
	    "'password')\n"
	    "  local rules = users.sudo('ann')\n"
	    "  expect(#rules == 2 and rules[1].runas == 'root' and rules[2].runas == 'ALL:ALL', json.encode(rules))\n"
	    "  expect(equal(rules[1].commands, {'/usr/bin/systemctl restart nginx', '/usr/bin/tail', '/bin/ls'}), json.encode(rules))\n"
	    "  expect(rules[2].commands[1] == 'ALL' and rules[1].file == '/etc/sudoers.d/ops' and #users.sudo('root') == 0, "
	    "json.encode(rules))\n"
	    "end)\n"
	    "check('perms', 1, 'Permissions', function()\n"
	    "  perms.expect('/srv/team', { mode = '2770', user = 'root', group = 'staff2', type = 'folder' })\n"
	    "  local ok, why = perms.is('/srv/team', { mode = '770' })\n"
	    "  expect(not ok and why == '/srv/team has the mode 2770, not 0770', why)\n"
	    "  expect(perms.can('bob', 'rwx', '/srv/team') and not perms.can('bob', 'r', '/srv/team/f'), 'group')\n"
	    "  expect(perms.can('ann', 'rw', '/srv/team/f') and perms.can('root', 'rw', '/srv/closed/x') and not perms.can('ann', 'r', "
	    "'/srv/closed/x'), 'folders')\n"
	    "  expect(perms.can('bob', 'rw', '/srv/acl') and perms.can('ann', 'r', '/srv/acl') and not perms.can('ann', 'w', '/srv/acl'), "
	    "'acl')\n"
	    "  local found = false\n"
	    "  for _, e in ipairs(perms.acl('/srv/acl')) do found = found or (e.tag == 'user' and e.name == 'bob' and e.perms == 'rw-') end\n"
	    "  expect(found, json.encode(perms.acl('/srv/acl')))\n"
	    "  expect(perms.mode('/srv/acl') and select(2, perms.owner('/srv/team')) == 'staff2', 'owner')\n"
	    "end)\n");
}

static void test_services(void **state)
{
	(void)state;
	expect_passes(
	    "mkdir -p /etc/systemd/system; cd /etc/systemd/system; mkdir -p multi-user.target.wants web.service.d; printf "
	    "'[Unit]\\nDescription=Web\\n[Service]\\nExecStart=/bin/a \\\\\\n  -b\\nRestart=no\\nEnvironment=A=1\\nEnvironment=B=2\\n"
	    "[Install]\\nWantedBy=multi-user.target\\n' >web.service; printf '[Service]\\nRestart=always\\nEnvironment=\\n' "
	    ">web.service.d/10.conf;"
	    "ln -s ../web.service multi-user.target.wants/web.service; ln -s /dev/null bad.service; printf '[Service]\\nExecStart=/bin/x "
	    "%%i\\n' >job@.service;"
	    "rm -rf /etc/cron.d /etc/crontab; mkdir -p /etc/cron.d /var/spool/cron/crontabs; printf 'MAILTO=x\\n*/5 * * * * root /bin/x  "
	    "y\\n@daily ann /bin/z\\n' >/etc/cron.d/a; echo '* * * * * root no' >/etc/cron.d/b.bak;"
	    "echo '0 3 * * 1 /bin/w' >/var/spool/cron/crontabs/bob;"
	    "mkdir -p /etc/nginx/sites; printf 'events {}\\nhttp {\\n  # c\\n  include sites/*;\\n}\\n' >/etc/nginx/nginx.conf;"
	    "printf 'server {\\n listen 8080 default_server;\\n root \"/srv/www\";\\n location ~ \"^/a{2}\" { return 200 \"x;y\"; }\\n}\\n' "
	    ">/etc/nginx/sites/a; printf 'server {\\n listen 1\\n}\\n' >/etc/nginx/bad.conf;"
	    "mkdir -p /etc/ssh/sshd_config.d; printf 'Include /etc/ssh/sshd_config.d/*.conf\\nPermitRootLogin yes\\n#X y\\nMatch User "
	    "a\\nX11Forwarding yes\\n' >/etc/ssh/sshd_config;"
	    "echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/1.conf; printf '# x\\nUUID=1 /data\\\\040x ext4 noatime,uid=3 0 2\\n' "
	    ">/etc/fstab;"
	    "mkdir -p /etc/sysctl.d; echo 'net.ipv4.ip_forward=0' >/etc/sysctl.conf; printf 'vm/swappiness = 10\\nnet.ipv4.ip_forward = 1\\n' "
	    ">/etc/sysctl.d/9.conf",
	    "check('units', 1, 'Units', function()\n"
	    "  local u = service.unit('web')\n"
	    "  expect(u.path == '/etc/systemd/system/web.service' and u.enabled and not u.masked, 'unit')\n"
	    "  expect(u:get('Service', 'Restart') == 'always' and u:get('Service', 'Environment') == nil, 'drop-in')\n"
	    "  expect(text.squeeze(u:get('Service', 'ExecStart')) == '/bin/a -b', u:get('Service', 'ExecStart'))\n"
	    "  expect(service.unit('bad').masked and service.unit('job@1'):get('Service', 'ExecStart') == '/bin/x %i', 'masked')\n"
	    "  expect(service.unit('nothing-here') == nil and equal(service.wanted_by('web'), {'multi-user.target'}), 'wanted')\n"
	    "end)\n"
	    "check('cron', 1, 'Cron', function()\n"
	    "  local c = service.cron()\n"
	    "  expect(#c == 3 and c[1].minute == '*/5' and c[1].command == '/bin/x  y' and c[2].when == '0 0 * * *' and c[3].user == 'bob', "
	    "json.encode(c))\n"
	    "  expect(#service.cron('ann') == 1 and service.cron('bob')[1].weekday == '1', 'of a user')\n"
	    "end)\n"
	    "check('config', 1, 'Configuration', function()\n"
	    "  local n = expect(service.nginx())\n"
	    "  expect(service.find(n, 'listen')[1].args[1] == '8080' and service.find(n, 'root')[1].args[1] == '/srv/www', 'nginx')\n"
	    "  expect(service.find(n, 'return')[1].args[2] == 'x;y', 'quotes')\n"
	    "  local bad, why = service.nginx('/etc/nginx/bad.conf')\n"
	    "  expect(not bad and contains(why, \"';'\"), why)\n"
	    "  local s = service.sshd()\n"
	    "  expect(s.permitrootlogin == 'no' and s.x11forwarding == nil and s.x == nil, 'sshd')\n"
	    "  local f = service.fstab()\n"
	    "  expect(#f == 1 and f[1].point == '/data x' and f[1].options.noatime and f[1].options.uid == '3' and f[1].pass == '2', 'fstab')\n"
	    "  expect(service.sysctl()['vm.swappiness'] == '10' and service.sysctl()['net.ipv4.ip_forward'] == '0', 'sysctl')\n"
	    "end)\n");
}

static void test_calendar(void **state)
{
	(void)state;
	if (access("/usr/bin/systemd-analyze", X_OK) < 0)
		skip();
	expect_passes("true", "check('calendar', 1, 'Calendar', function()\n"
	                      "  local times, why = service.calendar('Mon *-*-* 03:00', nil, 2)\n"
	                      "  expect(times, why)\n"
	                      "  expect(equal(times, {'2026-01-05 03:00:00', '2026-01-12 03:00:00'}), json.encode(times))\n"
	                      "  expect(service.calendar('nonsense at 9') == nil, 'nonsense')\n"
	                      "end)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files), cmocka_unit_test(test_run),      cmocka_unit_test(test_data),
	    cmocka_unit_test(test_sql),   cmocka_unit_test(test_git),      cmocka_unit_test(test_archives),
	    cmocka_unit_test(test_users), cmocka_unit_test(test_services), cmocka_unit_test(test_calendar),
	};
	return cmocka_run_group_tests_name("grade library", tests, common_setup, common_teardown);
}
