// Pictures of certificates: what other people's programs find in them, who may see them, and how an issuer makes them its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decode as base58 } from "base58-universal";
import extractChunks from "png-chunks-extract";
import { addUser } from "../lib/accounts.mjs";
import { bankWithCertificates, change, earn, ISSUER, rename } from "../lib/certificates.mjs";
import { ok, problem } from "../lib/exam.mjs";
import { inFile, lookAtPdf, sealHolds, textsOfPdf, textsOfPng, textsOfSvg } from "../lib/pictures.mjs";
import { run, startFor, temporaryFolder, until } from "../lib/server.mjs";

const start = (t, options = {}) =>
  startFor(t, { banks: bankWithCertificates(t), ...options, args: ["--public-url", ISSUER, "--no-rate-limits", ...(options.args ?? [])] });
const sha256 = (data) => createHash("sha256").update(data).digest("hex");

async function picture(server, id, path, headers = {}) {
  const response = await fetch(`${server.url}/credentials/${id}/${path}`, { headers });
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

/** The credentials key as Node wants it, from the server's trust file. */
async function credentialsKey(server) {
  const trust = ok(await server.get("/.well-known/assay-trust.json"));
  const key = trust.issuers[0].keys.find((k) => k.purpose === "credentials" && k.state === "active").publicKeyMultibase;
  return Buffer.from(base58(key.slice(1)).subarray(2)).toString("base64url");
}

const FORMATS = {
  "badge.png": {
    type: "image/png",
    texts: textsOfPng,
    drawn: (bytes) => {
      const parts = [bytes.subarray(0, 8)];
      for (let at = 8; at < bytes.length; ) {
        const end = at + 12 + bytes.readUInt32BE(at);
        if (!/^iTXt(openbadgecredential|assaypicture)\0/.test(bytes.toString("latin1", at + 4, at + 40))) parts.push(bytes.subarray(at, end));
        at = end;
      }
      return Buffer.concat(parts);
    },
  },
  "badge.svg": {
    type: "image/svg+xml",
    texts: (bytes) => textsOfSvg(bytes.toString("utf8")),
    drawn: (bytes) => bytes.toString("utf8").replace(/<openbadges:credential.*?<\/openbadges:credential>/s, "").replace(/<assay:seal.*?<\/assay:seal>/s, ""),
  },
  "certificate.pdf?paper=a4": { type: "application/pdf", texts: textsOfPdf, drawn: (bytes) => bytes.subarray(0, bytes.indexOf("\n%assay-picture/v1 ") + 1) },
  "certificate.pdf?paper=letter": { type: "application/pdf", texts: textsOfPdf, drawn: (bytes) => bytes.subarray(0, bytes.indexOf("\n%assay-picture/v1 ") + 1) },
};

test("every picture holds the certificate byte by byte, and a seal for itself and for it alone", async (t) => {
  const server = await start(t);
  const { id } = await earn(server, "numbers");
  const credential = (await server.get(`/credentials/${id}`)).text;
  const key = await credentialsKey(server);
  const seals = new Set();
  for (const [path, format] of Object.entries(FORMATS)) {
    const { bytes, headers } = await picture(server, id, path);
    assert.equal(headers.get("content-type"), format.type);
    const found = format.texts(bytes);
    assert.equal(found.credential, credential, path);
    assert.equal(JSON.parse(found.seal).verificationMethod.split("#")[0], "did:web:exam.example.org");
    const drawn = format.drawn(bytes);
    assert.ok(sealHolds(found.seal, credential, drawn, format.type, key), path);
    assert.ok(!sealHolds(found.seal, credential + " ", drawn, format.type, key));
    assert.ok(!sealHolds(found.seal, credential, Buffer.concat([Buffer.from(drawn), Buffer.from(" ")]), format.type, key));
    seals.add(found.seal);
    const again = await picture(server, id, path);
    assert.deepEqual(again.bytes, bytes, "the same picture every time");
  }
  assert.equal(seals.size, 4);
});

test("equal certificates are drawn equally after a restart, too", async (t) => {
  const banks = bankWithCertificates(t);
  const data = join(temporaryFolder(t), "data");
  const first = await start(t, { banks, data });
  const { id } = await earn(first, "numbers");
  const before = {};
  for (const path of Object.keys(FORMATS)) before[path] = sha256((await picture(first, id, path)).bytes);
  await first.stop();
  const second = await start(t, { banks, data });
  for (const path of Object.keys(FORMATS)) assert.equal(sha256((await picture(second, id, path)).bytes), before[path], path);
});

test("the PDF is a certificate on paper: names of all scripts, fonts embedded, a QR code, A4 and Letter, landscape", async (t) => {
  const server = await start(t);
  let { id } = await earn(server, "numbers");
  const credential = JSON.parse((await server.get(`/credentials/${id}`)).text);
  const sizes = { a4: /^841\.\d+ x 595\.\d+ pts/, letter: /^792 x 612 pts/ };
  for (const [paper, size] of Object.entries(sizes)) {
    const { bytes } = await picture(server, id, `certificate.pdf?paper=${paper}`);
    const seen = lookAtPdf(bytes);
    assert.match(seen.info["Page size"], size);
    assert.equal(seen.info.Pages, "1");
    assert.ok(seen.fonts.length > 0 && seen.fonts.every((f) => f.embedded), JSON.stringify(seen.fonts));
    assert.match(seen.check, /No syntax or stream encoding errors/);
    assert.equal(seen.qr, `${ISSUER}/verify/${id}#sha256=${sha256((await server.get(`/credentials/${id}`)).text)}`);
    assert.match(seen.text, /Holder not named/);
    assert.match(seen.text, new RegExp(credential.name));
    const total = credential.credentialSubject.result.find((r) => r.resultDescription.endsWith("#total")).value;
    const error = credential.credentialSubject.result.find((r) => r.resultDescription.endsWith("#total-error")).value;
    assert.match(seen.text, new RegExp(`${total}\\s*±\\s*${error}`));
    assert.match(seen.text, /Not\s+supervised/);
  }
  for (const name of ["Ada Lovelace", "Łukasz Żółć-Ångström", "Ελένη Παπαδοπούλου", "Дмитрий Щёлоков", "山田 太郎", "さくら ひかり", "王小明", "龔鑫", "김민준", "محمد", "יעל כהן", "अमित", "ศักดิ์ชัย", "A".repeat(40) + " " + "B".repeat(50)]) {
    const renamed = ok(await rename(server, id, name), 200);
    id = renamed.id;
    const { bytes } = await picture(server, id, "certificate.pdf");
    const seen = lookAtPdf(bytes);
    // Names of right-to-left scripts and of scripts with stacked marks come out in the order of their glyphs: their letters are all there.
    const letters = (text) => [...text.normalize("NFKD")].filter((c) => /\p{L}/u.test(c));
    const there = new Set(letters(seen.text));
    assert.deepEqual(letters(name).filter((c) => !there.has(c)), [], `${name}:\n${seen.text}`);
    if (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han} -]+$/u.test(name)) assert.ok(seen.text.replace(/\s+/g, " ").includes(name) || name.length > 60, seen.text);
    assert.ok(seen.fonts.every((f) => f.embedded));
    assert.match(seen.qr, new RegExp(`/verify/${id}#sha256=[0-9a-f]{64}$`));
    assert.ok(seen.info.Title.endsWith(`: ${name}`), seen.info.Title);
  }
});

test("pass or fail, bands, no end: each certificate is drawn, and says no more than it states", async (t) => {
  const server = await start(t);
  const secret = lookAtPdf((await picture(server, (await earn(server, "secret")).id, "certificate.pdf")).bytes);
  assert.match(secret.text, /Passed/);
  assert.match(secret.text, /No end/);
  assert.doesNotMatch(secret.text, /±|scale of/);
  const bands = lookAtPdf((await picture(server, (await earn(server, "bands")).id, "certificate.pdf")).bytes);
  assert.match(bands.text, /strong/);
  assert.doesNotMatch(bands.text, /±|No end/);
});

test("the SVG needs nothing from elsewhere and holds nothing that runs", async (t) => {
  const server = await start(t);
  const { id } = await earn(server, "numbers");
  const { bytes, headers } = await picture(server, id, "badge.svg");
  const drawn = FORMATS["badge.svg"].drawn(bytes);
  assert.doesNotMatch(drawn, /<script|<foreignObject|<image|<a |\bon[a-z]+\s*=|javascript:|@import|<!DOCTYPE|<!ENTITY/i);
  for (const [, reference] of drawn.matchAll(/href="([^"]*)"/g)) assert.match(reference, /^#/);
  for (const [, reference] of drawn.matchAll(/url\(([^)]*)\)/g)) assert.match(reference, /^#/);
  assert.match(drawn, /<title>[^<]*An exam with numbers[^<]*<\/title>/);
  assert.match(headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
});

test("who does not see the certificate sees no picture; who shares it lets other pages show it, and only the small page be framed", async (t) => {
  const server = await start(t);
  const ada = await addUser(server, "ada");
  const { id } = await earn(server, "numbers", ada.bearer);
  const paths = [...Object.keys(FORMATS), "embed"];
  for (const path of paths) {
    problem(await server.get(`/credentials/${id}/${path}`), 404, "not-found");
    const own = await picture(server, id, path, ada.bearer);
    assert.equal(own.headers.get("access-control-allow-origin"), null, "a page elsewhere cannot read what is not shared");
  }
  ok(await change(server, id, { shared: true }, ada.bearer));
  for (const path of Object.keys(FORMATS)) {
    const { headers } = await picture(server, id, path);
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("cross-origin-resource-policy"), "cross-origin");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
  const embed = await picture(server, id, "embed");
  assert.match(embed.headers.get("content-security-policy"), /default-src 'none'.*frame-ancestors \*/);
  assert.match(embed.bytes.toString(), new RegExp(`<a href="${ISSUER}/verify/${id}" target="_blank" rel="noopener"><img src="badge.svg" alt="An exam with numbers`));
  assert.doesNotMatch(embed.bytes.toString(), /<script/i);
  ok(await change(server, id, { shared: false }, ada.bearer));
  for (const path of paths) problem(await server.get(`/credentials/${id}/${path}`), 404, "not-found");
  problem(await server.get(`/credentials/${id}/certificate.pdf?paper=a5`, ada.bearer), 400, "usage");
  problem(await server.get("/credentials/nothing/badge.png", ada.bearer), 404, "not-found");
});

// ---- The issuer's own ----

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="100"><path d="M60 5 L110 35 V75 L60 98 L10 75 V35Z" fill="#0b4f6c"/></svg>';
const YML = `name: Northern Assay Office
colours: {background: "#ffffff", ink: "#101828", accent: "#0b4f6c"}
logo: art/logo.svg
signers:
  - {name: Margarete Hall, title: Head of certification, signature: art/logo.svg}
  - {name: 李小龍, title: Registrar}
`;

function dataWith(t, yml, files = {}) {
  const data = join(temporaryFolder(t), "data");
  mkdirSync(join(data, "art"), { recursive: true, mode: 0o700 });
  writeFileSync(join(data, "issuer.yml"), yml);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(data, name), content);
  return data;
}

test("an issuer's colours, logo and signers are on its certificates", async (t) => {
  const data = dataWith(t, YML, { "art/logo.svg": LOGO });
  const server = await start(t, { data });
  const { id } = await earn(server, "numbers");
  const seen = lookAtPdf((await picture(server, id, "certificate.pdf")).bytes);
  for (const part of [/Northern Assay Office/, /Margarete Hall/, /Head of certification/, /李小龍/]) assert.match(seen.text, part);
  assert.match(FORMATS["badge.svg"].drawn((await picture(server, id, "badge.svg")).bytes), /rgb\(4\.3\d*%,30\.9\d*%,42\.3\d*%\)/, "its accent");
});

test("what is wrong with how they look is said at its place, and keeps no server from starting", async (t) => {
  const bad = YML.replace('"#0b4f6c"', '"#dddd00"').replace("art/logo.svg", "art/no.svg").replace("title: Registrar", "post: Registrar");
  const data = dataWith(t, bad, { "art/logo.svg": LOGO.replace("<path", '<script>1</script><path') });
  const check = run(["issuer", "check", "--data", data]);
  assert.equal(check.code, 1);
  const server = await start(t, { data });
  const { id } = await earn(server, "numbers");
  const seen = lookAtPdf((await picture(server, id, "certificate.pdf")).bytes);
  assert.match(seen.text, /Northern Assay Office/);
  assert.doesNotMatch(seen.text, /Margarete Hall/);
  assert.match(server.log, /issuer\.yml:\d+:\d+: /);
});

test("assay issuer check: each mistake has its line, its column and what to do", (t) => {
  const check = (edit, files = { "art/logo.svg": LOGO }) => run(["issuer", "check", "--data", dataWith(t, edit(YML), files)]);
  assert.deepEqual([check((y) => y).code, check(() => "").code], [0, 0]);
  const says = (result, ...patterns) => {
    assert.equal(result.code, 1, result.err);
    for (const pattern of patterns) assert.match(result.err, pattern);
  };
  says(check((y) => y.replace('"#0b4f6c"', '"#dddd00"')), /issuer\.yml:2:\d+: .*contrast of 1\.\d+ to 1.*4\.5/, /darker/);
  says(check((y) => y.replace('"#ffffff"', '"#101010"')), /ink #101828 has a contrast/, /lighter/);
  says(check((y) => y.replace('"#ffffff"', '"white"')), /background is not a colour/);
  says(check((y) => y.replace("colours", "colors")), /did you mean/);
  says(check((y) => y, {}), /issuer\.yml:3:7: .*logo/, /data folder/);
  says(check((y) => y.replace("art/logo.svg", "../../etc/passwd")), /issuer\.yml:3:7/);
  for (const svg of [LOGO.replace("<path", "<script>1</script><path"), LOGO.replace("<path", '<image href="https://example.com/x.png"/><path'), '<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO, "GIF89a"])
    says(check((y) => y, { "art/logo.svg": svg }), /issuer\.yml:3:7: .*art\/logo\.svg/);
  says(check((y) => y, { "art/logo.svg": LOGO + " ".repeat(600 * 1024) }), /issuer\.yml:3:7/);
  says(check((y) => y + '  - {name: C, title: c}\n  - {name: D, title: d}\n'), /room for 3 signers/);
  says(check((y) => y.replace("title: Registrar", "post: Registrar")), /issuer\.yml:6:\d+: /);
});

test("assay issuer preview draws a specimen, with nothing baked in", (t) => {
  const data = dataWith(t, YML, { "art/logo.svg": LOGO });
  for (const name of ["a.pdf", "b.svg", "c.png"]) {
    const file = join(data, name);
    assert.deepEqual(run(["issuer", "preview", file, "--data", data]), { code: 0, out: "", err: "" });
    assert.doesNotMatch(readFileSync(file, "latin1"), /openbadgecredential|<openbadges:credential|EmbeddedFile/);
  }
  const text = execFileSync("pdftotext", [join(data, "a.pdf"), "-"], { encoding: "utf8" });
  assert.match(text, /Specimen of a certificate/);
  assert.match(text, /Margarete Hall/);
  assert.equal(run(["issuer", "preview", "x.gif", "--data", data]).code, 2);
  assert.notEqual(run(["issuer", "preview", "/nowhere/x.pdf", "--data", data]).code, 0);
});

test("our own verifier takes each picture, and names what is wrong with one that was changed", async (t) => {
  const server = await start(t);
  const { id } = await earn(server, "numbers");
  const other = await earn(server, "far");
  const check = async (bytes) => {
    const response = await fetch(`${server.url}/api/v1/verify`, { method: "POST", body: bytes });
    const report = await response.json();
    assert.equal(response.status, 200, JSON.stringify(report));
    return { kind: report.format, verdict: report.verdict, ...Object.fromEntries(report.checks.map((c) => [c.id, `${c.outcome} ${c.code}`])) };
  };
  for (const [path, format] of Object.entries(FORMATS)) {
    const { bytes } = await picture(server, id, path);
    const seen = await check(bytes);
    assert.deepEqual([seen.kind, seen.picture, seen["proof-jcs"], seen["proof-rdfc"]], [path.match(/png|svg|pdf/)[0], "pass ok", "pass ok", "pass ok"], path);
    // The picture of another certificate around this one's credential and seal.
    const drawn = format.drawn((await picture(server, other.id, path)).bytes);
    assert.notDeepEqual(drawn, format.drawn(bytes));
  }
  const svg = (await picture(server, id, "badge.svg")).bytes.toString();
  assert.equal((await check(svg.replace("<title>An exam", "<title>No exam"))).picture, "fail picture-changed");
  assert.equal((await check(svg.replace(/<assay:seal.*?<\/assay:seal>/s, ""))).picture.split(" ")[0], "fail");
  const foreign = (await picture(server, other.id, "badge.svg")).bytes.toString().replace(/<openbadges:credential.*<\/assay:seal>/s, () => svg.match(/<openbadges:credential.*<\/assay:seal>/s)[0]);
  assert.equal((await check(foreign)).picture, "fail picture-changed", "the credential of one certificate in the picture of another");
  const pdf = (await picture(server, id, "certificate.pdf")).bytes;
  const saved = inFile(pdf, "x.pdf", (path, dir) => (execFileSync("qpdf", [path, join(dir, "saved.pdf")]), readFileSync(join(dir, "saved.pdf"))));
  assert.deepEqual(Object.entries(await check(saved)).filter(([k]) => ["picture", "proof-jcs"].includes(k)).sort(), [["picture", "fail picture-changed"], ["proof-jcs", "pass ok"]]);
});

test("after a rotation of keys, pictures are sealed with the new one, and the old ones stay good", async (t) => {
  const server = await start(t);
  const { id } = await earn(server, "numbers");
  const before = await picture(server, id, "badge.svg");
  const oldKey = await credentialsKey(server);
  const rotated = run(["key", "rotate", "credentials", "--data", server.data]);
  assert.equal(rotated.code, 0, rotated.err);
  const newKey = await credentialsKey(server);
  assert.notEqual(newKey, oldKey);
  const after = await until(async () => {
    const seen = await picture(server, id, "badge.svg"); // a running server takes a new key up within a second
    return !seen.bytes.equals(before.bytes) && seen;
  }, "a picture with another seal");
  const [old, anew] = [before, after].map(({ bytes }) => ({ ...textsOfSvg(bytes.toString()), drawn: FORMATS["badge.svg"].drawn(bytes) }));
  assert.equal(old.drawn, anew.drawn, "it looks the same");
  assert.equal(old.credential, anew.credential);
  assert.ok(sealHolds(old.seal, old.credential, old.drawn, "image/svg+xml", oldKey));
  assert.ok(sealHolds(anew.seal, anew.credential, anew.drawn, "image/svg+xml", newKey));
  for (const { bytes } of [before, after]) {
    const report = await (await fetch(`${server.url}/api/v1/verify`, { method: "POST", body: bytes })).json();
    assert.equal(report.checks.find((c) => c.id === "picture").outcome, "pass", JSON.stringify(report.checks));
  }
  const keys = JSON.parse(run(["key", "list", "--json", "--data", server.data]).out).keys;
  assert.ok(keys.filter((k) => k.purpose === "credentials").every((k) => k.signed), "both are known to have signed: " + JSON.stringify(keys));
});

test("judges refuse what was tampered with", async (t) => {
  const server = await start(t);
  const { id } = await earn(server, "numbers");
  const { bytes: png } = await picture(server, id, "badge.png");
  const broken = Buffer.from(png);
  broken[broken.indexOf("openbadgecredential") + 40] ^= 1;
  assert.throws(() => extractChunks(broken), /CRC/);
  const { bytes: pdf } = await picture(server, id, "certificate.pdf");
  const other = Buffer.from(pdf);
  other[other.lastIndexOf("An exam with numbers")] ^= 1;
  assert.notEqual(textsOfPdf(other).credential, textsOfPdf(pdf).credential);
  assert.ok(!sealHolds(textsOfPdf(other).seal, textsOfPdf(other).credential, FORMATS["certificate.pdf?paper=a4"].drawn(pdf), "application/pdf", await credentialsKey(server)));
  inFile(pdf, "x.pdf", (path, dir) => {
    execFileSync("qpdf", [path, join(dir, "saved.pdf")]);
    assert.notDeepEqual(readFileSync(join(dir, "saved.pdf")), pdf);
  });
});
