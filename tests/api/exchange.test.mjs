// `assay bank import` and `assay bank export`, the program itself: every format and dialect on files with the traps that are out there, against
// what is to come of them (tests/fixtures/exchange/expected; GOLDEN=write writes them anew, to be read before they are committed); hostile files.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { root, temporaryFolder } from "../lib/server.mjs";

const assay = process.env.ASSAY ?? new URL("../../build/assay", import.meta.url).pathname;
const fixtures = join(root, "tests/fixtures/exchange");
const run = (...args) => spawnSync(assay, ["bank", ...args], { encoding: "utf8", maxBuffer: 1 << 26 });

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? filesBelow(join(dir, e.name)) : [join(dir, e.name)]))
    .sort();
}

/** The report and all text files of what was imported, as one text. */
function imported(t, source, ...options) {
  const to = join(temporaryFolder(t), "bank");
  const result = run("import", ...options, source, "--to", to);
  let text = `exit ${result.status}\n${result.stdout}${result.stderr}`;
  if (existsSync(to))
    for (const file of filesBelow(to)) {
      text += `\n=== ${relative(to, file)}\n`;
      text += /\.(md|yml|sh|lua)$/.test(file) ? readFileSync(file, "utf8") : `${statSync(file).size} bytes\n`;
    }
  return text;
}

const GOLDEN = [
  ["aiken/plain.txt"], ["aiken/traps.txt"], ["gift/traps.gift"], ["csv/quoted.csv"], ["csv/latin1.csv"], ["csv/utf16.tsv"], ["csv/bom.csv"],
  ["markdown/boxes.md"], ["markdown/letters.md"], ["markdown/coded.md"], ["moodle/quiz.xml"], ["qti12/canvas.xml"], ["qti21"], ["qti30/item.xml"],
  ["olx"], ["killercoda"], ["rexams"], ["rexams-latex"],
  ["blackboard/pool.txt"], ["blackboard-pool"],
];
for (const [source, ...options] of GOLDEN) {
  test(`import of ${source}`, (t) => {
    const text = imported(t, join(fixtures, source), ...options);
    const path = join(fixtures, "expected", source.replaceAll("/", "-") + ".txt");
    if (process.env.GOLDEN === "write") {
      mkdirSync(join(fixtures, "expected"), { recursive: true });
      writeFileSync(path, text);
    }
    assert.equal(text, readFileSync(path, "utf8"));
    const [, read, done, , rejected] = text.match(/read (\d+), imported (\d+), degraded (\d+), rejected (\d+)/).map(Number);
    assert.equal(read, done + rejected);
  });
}

test("CRLF changes nothing", (t) => {
  const dir = temporaryFolder(t);
  for (const name of ["markdown/coded.md", "gift/traps.gift", "aiken/traps.txt", "csv/quoted.csv", "moodle/quiz.xml", "rexams/swiss.Rmd", "rexams-latex/capital.Rnw"]) {
    const text = readFileSync(join(fixtures, name), "utf8");
    const file = join(dir, name.split("/")[1]);
    writeFileSync(file, text.replaceAll("\n", "\r\n"));
    assert.equal(imported(t, file), imported(t, join(fixtures, name)), name);
  }
});

test("options, exit codes and the JSON report", (t) => {
  const dir = temporaryFolder(t);
  const source = join(fixtures, "aiken/plain.txt");
  const json = JSON.parse(run("import", source, "--to", join(dir, "a"), "--json").stdout);
  assert.deepEqual({ ...json, items: json.items.length }, { read: 4, imported: 3, degraded: 0, rejected: 1, format: "aiken", encodings: [], items: 1 });
  assert.deepEqual(json.items[0], { result: "rejected", file: "plain.txt", line: 13, name: "", reason: "it has no key: there is no line ANSWER:" });
  assert.equal(run("import", source, "--to", join(dir, "b")).status, 1);
  assert.equal(run("import", source, "--to", join(dir, "c"), "--allow-rejects").status, 0);
  assert.equal(run("check", join(dir, "c")).status, 0);
  assert.equal(run("import", source, "--to", join(dir, "c")).status, 1, "nothing is written over");
  assert.equal(run("import", join(dir, "none"), "--to", join(dir, "d")).status, 3);
  for (const args of [["import"], ["import", source], ["import", source, "--to"], ["import", "--from", "word", source, "--to", "x"], ["import", "--all", source], ["import", source, source, "--to", "x"],
    ["export"], ["export", "--to", "word", "x", "y"], ["export", "--to", "gift", "x"], ["export", "x", "y"]]) {
    const result = run(...args);
    assert.equal(result.status, 2, args.join(" "));
    assert.equal(result.stdout, "");
  }
  for (const command of ["import", "export"]) assert.equal(run(command, "--help").status, 0);
  writeFileSync(join(dir, "empty.txt"), "");
  const none = run("import", "--from", "markdown", join(dir, "empty.txt"), "--to", join(dir, "f"));
  assert.equal(none.status, 1);
  assert.match(none.stderr, /there is no question in it/);
  assert.equal(run("import", join(dir, "empty.txt"), "--to", join(dir, "e")).status, 1);
  assert.ok(!existsSync(join(dir, "e")));
  assert.deepEqual(readdirSync(dir).sort(), ["a", "b", "c", "empty.txt"], "nothing is left behind");
});

test("the shipped banks go out and come back in every format", (t) => {
  for (const name of readdirSync(join(root, "banks"))) {
    const bank = join(root, "banks", name);
    for (const [format, file] of [["gift", "x.gift"], ["moodle-xml", "x.xml"], ["qti21", "x.zip"], ["qti12", "y.zip"], ["csv", "x.csv"], ["html", "x.html"], ["native", "x"]]) {
      const dir = temporaryFolder(t);
      const out = JSON.parse(run("export", "--to", format, bank, join(dir, file), "--json").stdout);
      assert.equal(out.read, out.exported + out.rejected);
      if (format === "html") continue;
      if (format === "native") {
        assert.equal(out.rejected, 0);
        assert.equal(run("check", "--strict", join(dir, file)).status, 0);
        continue;
      }
      const result = out.exported ? run("import", join(dir, file), "--to", join(dir, "back"), "--json") : { stdout: '{"imported":0}' };
      assert.equal(JSON.parse(result.stdout).imported, out.exported, `${name} ${format}\n${result.stderr}${result.stdout.slice(0, 2000)}`);
    }
  }
});

test("the page for printing holds all it needs, and the key stands apart", (t) => {
  const file = join(temporaryFolder(t), "x.html");
  assert.equal(run("export", "--to", "html", join(root, "tests/fixtures/bank"), file, "--allow-rejects").status, 0);
  const page = readFileSync(file, "utf8");
  assert.doesNotMatch(page, /src="(?!data:)|href="(?!https?:|mailto:)|<script/);
  const [questions, key] = page.split('<section class="key">');
  assert.ok(key.length > 100);
  assert.doesNotMatch(questions, /checked|correct/);
});

test("a Blackboard archive, and a course as tar.gz, are read as their folders are", (t) => {
  const dir = temporaryFolder(t);
  const pool = join(fixtures, "blackboard-pool"), course = join(fixtures, "olx");
  const same = (archive, folder) => assert.equal(imported(t, archive).replaceAll(/\bcourse\//g, ""), imported(t, folder));
  execFileSync("zip", ["-q", "-r", join(dir, "pool.zip"), "."], { cwd: pool });
  same(join(dir, "pool.zip"), pool);
  same(join(pool, "res00001.dat"), join(pool, "res00001.dat"));
  cpSync(course, join(dir, "course"), { recursive: true });
  const long = `${"x".repeat(90)}/${"y".repeat(120)}.xml`; /* longer than a tar's header holds */
  for (const [name, ...options] of [["gnu.tar.gz", "-z", "--format=gnu"], ["pax.tar.gz", "-z", "--format=pax"], ["ustar.tar.gz", "-z", "--format=ustar"], ["plain.tar", "--format=gnu"]]) {
    execFileSync("tar", ["-cf", join(dir, name), ...options, "course"], { cwd: dir });
    same(join(dir, name), course);
  }
  mkdirSync(join(dir, "course", "problem", long.split("/")[0]), { recursive: true });
  writeFileSync(join(dir, "course", "problem", long), '<problem display_name="Long"><multiplechoiceresponse><label>Which?</label><choicegroup><choice correct="true">a</choice><choice correct="false">b</choice></choicegroup></multiplechoiceresponse></problem>');
  const folder = imported(t, join(dir, "course"));
  assert.match(folder, /## Long/);
  for (const format of ["gnu", "pax"]) {
    execFileSync("tar", ["-czf", join(dir, `long-${format}.tgz`), `--format=${format}`, "course"], { cwd: dir });
    assert.equal(imported(t, join(dir, `long-${format}.tgz`)).replaceAll(/\bcourse\//g, ""), folder);
  }
});

test("pictures of a course come along from its static folder", (t) => {
  const dir = temporaryFolder(t);
  mkdirSync(join(dir, "course/problem"), { recursive: true });
  mkdirSync(join(dir, "course/static"));
  cpSync(join(fixtures, "blackboard-pool/res00001/near.png"), join(dir, "course/static/dot.png"));
  writeFileSync(join(dir, "course/course.xml"), "<course/>");
  writeFileSync(join(dir, "course/problem/a.xml"), '<problem><p><img src="/static/dot.png" alt="a dot"/></p><multiplechoiceresponse><label>Which?</label><choicegroup><choice correct="true">a</choice><choice correct="false">b</choice></choicegroup></multiplechoiceresponse></problem>');
  execFileSync("tar", ["-czf", join(dir, "c.tar.gz"), "course"], { cwd: dir });
  assert.match(imported(t, join(dir, "c.tar.gz")), /=== media\/dot\.png[^]*!\[a dot\]\(\.\.\/media\/dot\.png\)/);
});

test("categories whose names YAML reads as something else keep them", (t) => {
  const names = ["null", "true", "no", "off", "1e3", "0x10"];
  const file = join(temporaryFolder(t), "x.gift"), to = join(temporaryFolder(t), "bank");
  writeFileSync(file, names.map((name, i) => `$CATEGORY: ${name}/${names[(i + 1) % names.length]}\n\n::Q${i}:: Which ${i}? {=a ~b}\n\n::R${i}:: Which of ${i}? {=a ~b}\n\n$CATEGORY: ${name}\n\n::S${i}:: Which is ${i}? {=a ~b}\n`).join("\n"));
  const result = run("import", file, "--to", to);
  assert.match(result.stdout, /read 18, imported 18, degraded 0, rejected 0/);
  assert.equal(run("check", to).stdout.includes("error["), false, run("check", to).stdout);
  const out = join(temporaryFolder(t), "native");
  assert.equal(run("export", "--to", "native", to, out).status, 0);
  assert.equal(run("check", out).stdout.includes("error["), false);
});

// ---- hostile files ----

const zip = (dir, ...args) => execFileSync("zip", ["-q", ...args], { cwd: dir });
const item = readFileSync(join(fixtures, "qti21/choice.xml"), "utf8");
function refused(t, file, message, ...options) {
  const to = join(temporaryFolder(t), "bank");
  const result = run("import", ...options, file, "--to", to);
  assert.equal(result.status, 1, result.stdout + result.stderr);
  assert.match(result.stderr, message);
  assert.ok(!existsSync(to));
}

test("archives that leave their folder, link, or unpack to far too much are refused whole", (t) => {
  const dir = temporaryFolder(t);
  writeFileSync(join(dir, "item.xml"), item);
  symlinkSync("/etc/passwd", join(dir, "link.xml"));
  zip(dir, "-y", "link.zip", "item.xml", "link.xml");
  refused(t, join(dir, "link.zip"), /symbolic link/);
  writeFileSync(join(dir, "xxyevil.xml"), item);
  zip(dir, "traversal.zip", "xxyevil.xml");
  const bytes = readFileSync(join(dir, "traversal.zip")).toString("latin1").replaceAll("xxyevil.xml", "../evil.xml");
  writeFileSync(join(dir, "traversal.zip"), Buffer.from(bytes, "latin1"));
  refused(t, join(dir, "traversal.zip"), /leaves the archive/);
  writeFileSync(join(dir, "bomb.xml"), Buffer.alloc(40 << 20, 32));
  zip(dir, "bomb.zip", "item.xml", "bomb.xml");
  rmSync(join(dir, "bomb.xml"));
  refused(t, join(dir, "bomb.zip"), /unpacks to far more/);
  zip(dir, "-P", "secret", "locked.zip", "item.xml");
  refused(t, join(dir, "locked.zip"), /encrypted/, "--from", "qti");
  writeFileSync(join(dir, "cut.zip"), readFileSync(join(dir, "link.zip")).subarray(0, 200));
  refused(t, join(dir, "cut.zip"), /archive/);
});

/** One entry of a tar, with the checksum that it should have. */
function tarEntry(name, { type = "0", bytes = Buffer.alloc(0), size = bytes.length, link = "", prefix = "" } = {}) {
  const head = Buffer.alloc(512);
  head.write(name, 0), head.write("0000644\0", 100), head.write(size.toString(8).padStart(11, "0"), 124), head.write("        ", 148);
  head.write(type, 156), head.write(link, 157), head.write("ustar\0" + "00", 257), head.write(prefix, 345);
  head.write(head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ", 148);
  return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
const pax = (key, value) => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return tarEntry("pax", { type: "x", bytes: Buffer.from(length + rest) });
};

test("tar archives that leave their folder, link, or unpack to far too much are refused whole", (t) => {
  const dir = temporaryFolder(t), end = Buffer.alloc(1024);
  const problem = tarEntry("course/course.xml", { bytes: Buffer.from("<course/>") });
  const file = (name, ...parts) => {
    const bytes = Buffer.concat([problem, ...parts, end]);
    writeFileSync(join(dir, name), name.endsWith("gz") ? gzipSync(bytes) : bytes);
    return join(dir, name);
  };
  for (const ending of ["tar", "tar.gz"]) {
    const at = (name) => `${name}.${ending}`;
    refused(t, file(at("up"), tarEntry("course/../../evil.xml")), /leaves the archive/);
    refused(t, file(at("absolute"), tarEntry("/etc/evil.xml")), /leaves the archive/);
    refused(t, file(at("prefix"), tarEntry("evil.xml", { prefix: "course/.." })), /leaves the archive/);
    refused(t, file(at("pax"), pax("path", "course/../../evil.xml"), tarEntry("a.xml")), /leaves the archive/);
    refused(t, file(at("long"), tarEntry("x", { type: "L", bytes: Buffer.from("../evil.xml\0") }), tarEntry("a.xml")), /leaves the archive/);
    refused(t, file(at("symbolic"), tarEntry("a.xml", { type: "2", link: "/etc/passwd" })), /symbolic link/);
    refused(t, file(at("hard"), tarEntry("a.xml", { type: "1", link: "course/course.xml" })), /is a link/);
    refused(t, file(at("device"), tarEntry("a.xml", { type: "3" })), /neither a file nor a folder/);
    refused(t, file(at("pipe"), tarEntry("a.xml", { type: "6" })), /neither a file nor a folder/);
    refused(t, file(at("sparse"), tarEntry("a.xml", { type: "S" })), /neither a file nor a folder/);
    refused(t, file(at("holes"), pax("GNU.sparse.major", "1"), tarEntry("a.xml")), /has holes/);
    refused(t, file(at("twice"), tarEntry("a.xml"), tarEntry("./a.xml")), /there twice/);
    refused(t, file(at("huge"), tarEntry("a.xml", { size: 65 << 20 })), /too large/);
    refused(t, file(at("short"), tarEntry("a.xml", { size: 1 << 20 })), /damaged/);
    refused(t, file(at("size"), pax("size", "99999999999999999999"), tarEntry("a.xml")), /damaged/);
    refused(t, file(at("sum"), Buffer.from(tarEntry("a.xml").toString("latin1").replace("a.xml", "b.xml"), "latin1")), /damaged/);
    refused(t, file(at("many"), ...Array.from({ length: 20001 }, (_, i) => tarEntry(`${i}.xml`))), /more than 20000 files/);
  }
  refused(t, file("bomb.tar.gz", tarEntry("a.xml", { bytes: Buffer.alloc(40 << 20, 32) })), /unpacks to far more/);
  refused(t, file("bombs.tar.gz", ...Array.from({ length: 5 }, (_, i) => tarEntry(`${i}.xml`, { bytes: Buffer.alloc(60 << 20, "0123456789abcdefghij\n") }))), /far more|more than 256/);
  const whole = readFileSync(file("ok.tar.gz"));
  writeFileSync(join(dir, "cut.tar.gz"), whole.subarray(0, whole.length - 20));
  refused(t, join(dir, "cut.tar.gz"), /damaged/);
  writeFileSync(join(dir, "more.tar.gz"), Buffer.concat([whole, whole]));
  refused(t, join(dir, "more.tar.gz"), /something follows/);
});

test("XML with document types, entities or endless nesting is refused whole", (t) => {
  const dir = temporaryFolder(t);
  const write = (name, text) => (writeFileSync(join(dir, name), text), join(dir, name));
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  refused(t, write("laughs.xml", `<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY l0 "ha">${laughs}]><quiz>&l9;</quiz>`), /document type/);
  refused(t, write("outside.xml", '<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>'), /document type/);
  refused(t, write("xxe.xml", '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>'), /document type/);
  refused(t, write("deep.xml", `<quiz>${"<a>".repeat(5000)}${"</a>".repeat(5000)}</quiz>`), /nested/);
  refused(t, write("cut.xml", "<quiz><question type="), /no XML/);
});

test("a question with deeply nested HTML is taken flat, or not at all", (t) => {
  const file = join(temporaryFolder(t), "deep.gift");
  writeFileSync(file, `[html]${"<blockquote>".repeat(3000)}Which?${"</blockquote>".repeat(3000)} {=[html]${"<b><i>".repeat(2000)}a ~b}\n`);
  const text = imported(t, file);
  assert.match(text, /read 1, imported [01], degraded [01], rejected [01]/);
  assert.match(text, /nested too deeply/);
});

test("texts that ask for more than linear work end soon, and are taken or rejected", (t) => {
  const many = (s, n) => s.repeat(n);
  const cases = [
    ["gift", `[html]${many("*", 200000)} {=a ~b}\n`], ["gift", many("x {\n", 50000)], ["gift", `Q {=${many("a~", 50000)}}\n`], ["gift", `Q {=${many("`", 60000)} ~b}\n`],
    ["markdown", `### q\n- [x] a\n\n\`\`\`\n${many("x\n", 200000)}`], ["markdown", `### q\n${many("- [x] a\n", 50000)}`], ["markdown", many("1. a?\n", 50000)],
    ["csv", `question,a\n${many('"', 200001)}`], ["aiken", many("A. x\n", 50000)],
  ];
  for (const [format, text] of cases) {
    const file = join(temporaryFolder(t), "x");
    writeFileSync(file, text);
    const result = spawnSync(assay, ["bank", "import", "--from", format, file, "--to", file + ".bank"], { encoding: "utf8", maxBuffer: 1 << 26, timeout: 100_000 });
    assert.equal(result.signal, null, `${format}: ${text.slice(0, 30)}`);
    assert.match(result.stdout, /read \d+, imported \d+/);
  }
});

// ---- what authors do with a bank ----

test("fmt keeps what the shipped banks say, and formats them once", (t) => {
  for (const name of readdirSync(join(root, "banks"))) {
    const bank = join(temporaryFolder(t), name);
    cpSync(join(root, "banks", name), bank, { recursive: true });
    const before = run("check", "--stats", "--json", bank).stdout;
    const first = run("fmt", bank);
    assert.equal(first.status, 0, first.stdout + first.stderr);
    assert.match(first.stdout, / 0 left as they are\n$/);
    assert.equal(run("fmt", "--check", bank).status, 0);
    assert.deepEqual(JSON.parse(run("check", "--stats", "--json", bank).stdout).stats, JSON.parse(before).stats);
  }
});

test("fmt leaves a file with errors as it is, and --check writes nothing", (t) => {
  const dir = temporaryFolder(t);
  const bad = "## A {#a}\nWhich?\n\n- [ ] x\n- [ ] y\n\n## B {#b}\nWhich?\n\n* [x] x\n* [ ] y\n";
  const good = "## C {#c}\nWhich?\n\n* [x] x\n* [ ] y\n";
  mkdirSync(join(dir, "questions"));
  writeFileSync(join(dir, "questions/bad.md"), bad);
  writeFileSync(join(dir, "questions/good.md"), good);
  assert.equal(run("fmt", "--check", dir).status, 1);
  assert.equal(readFileSync(join(dir, "questions/good.md"), "utf8"), good);
  const result = run("fmt", dir);
  assert.equal(result.status, 1);
  assert.match(result.stdout, /questions\/bad\.md: it has errors.*\nquestions\/good\.md: formatted\n2 files, 1 changed, 1 left as they are\n/);
  assert.equal(readFileSync(join(dir, "questions/bad.md"), "utf8"), bad);
  assert.equal(readFileSync(join(dir, "questions/good.md"), "utf8"), good.replaceAll("* [", "- ["));
});

test("new makes a bank without a warning, already formatted; show shows a question", (t) => {
  const bank = join(temporaryFolder(t), "mine");
  assert.equal(run("new", bank).status, 0);
  assert.equal(run("new", bank).status, 1, "it is there already");
  assert.equal(run("check", "--strict", bank).status, 0);
  assert.equal(run("fmt", "--check", bank).status, 0);
  assert.match(run("show", bank, "a-number").stdout, /numeric, domain first[^]*= 60\n/);
  assert.equal(JSON.parse(run("show", "--json", bank, "a-word").stdout).kind, "text");
  assert.equal(run("show", bank, "none").status, 1);
  for (const args of [["new"], ["fmt"], ["show", bank], ["fmt", "--all", bank]]) assert.equal(run(...args).status, 2);
});
