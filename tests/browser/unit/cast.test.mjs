// Recordings: what is read from them, what hostile ones can do (nothing), and how they are played.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { parseCast, withoutPauses, Sanitizer, Player } = await load("hands-on/cast.ts", "hands-on/player.ts");

const head = JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1700000000 });
const cast = (...events) => [head, ...events.map((e) => (typeof e === "string" ? e : JSON.stringify(e)))].join("\n");
const clean = (...pieces) => {
  const s = new Sanitizer();
  return pieces.map((p) => s.clean(p)).join("");
};

test("a recording's size, times and output", () => {
  const c = parseCast(cast([0.5, "o", "a"], [1, "i", "secret"], [2, "o", "b\r\n"], [3, "r", "100x30"], [3, "m", "marker"]));
  assert.deepEqual({ ...c }, { cols: 80, rows: 24, startedAt: 1700000000, events: [{ at: 0.5, text: "a" }, { at: 2, text: "b\r\n" }, { at: 3, size: [100, 30] }], duration: 3, damaged: 0, cut: false });
});

test("what is no recording is none", () => {
  for (const text of ["", "x", "null", "[]", "{}", '{"version":1,"width":80,"height":24}', '{"version":2}', '{"version":2,"width":0,"height":24}', '{"version":2,"width":"80","height":24}', '{"version":2,"width":1e9}', "\u0000".repeat(100)])
    assert.equal(parseCast(text), null, text);
});

test("lines that are no events are counted and left out; sizes and times are bounded; time does not run backwards", () => {
  const c = parseCast(
    [JSON.stringify({ version: 2, width: 1e9, height: 1e9 }), "{", "[]", '[1,"o"]', '[1,"o",5]', '["1","o","x"]', "[-1,\"o\",\"x\"]", '[1e300,"o","x"]', '[1,"r","0x0"]', '[1,"r","x"]', '[1,"r","99999x99999"]', "null", '[5,"o","y"]', '[1,"o","z"]', ""].join("\n"));
  assert.equal(c.cols, 500);
  assert.equal(c.rows, 200);
  assert.equal(c.damaged, 10);
  assert.deepEqual(c.events, [{ at: 1, size: [500, 200] }, { at: 5, text: "y" }, { at: 5, text: "z" }]);
});

test("a very long recording is cut, and says so", () => {
  const line = `${JSON.stringify([1, "o", "x".repeat(1000)])}\n`;
  const c = parseCast(`${head}\n${line.repeat(17500)}`);
  assert.equal(c.cut, true);
  assert.equal(c.damaged, 0);
  assert.ok(c.events.length > 10000);
});

test("text, moves and colours stay", () => {
  const text = "\u001b[1;31mred\u001b[0m\r\n\tx\b\u001b[2J\u001b[10;5H\u001b[?25l\u001b[?1049h\u001b7\u001b8 ünïcödé 漢字 🙂";
  assert.equal(clean(text), text);
});

test("titles, links, the clipboard, device strings and questions are cut out, however they are ended or cut up", () => {
  for (const [bad, left = ""] of [
    ["\u001b]0;title\u0007"], ["\u001b]2;title\u001b\\"], ["\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\", "link"], ["\u001b]52;c;cm0gLXJmIC8=\u0007"],
    ["\u001bP$qm\u001b\\"], ["\u001bPq#0;2;0;0;0~~\u001b\\"], ["\u001b_Gf=100;AAAA\u001b\\"], ["\u001b^private\u001b\\"], ["\u001bXstart\u001b\\"],
    ["\u009d0;title\u009c"], ["\u0090q\u009c"], ["\u009fapc\u009c"], ["\u001b[c"], ["\u001b[>c"], ["\u001b[6n"], ["\u001b[?6n"], ["\u001b[21t"], ["\u001b[18t"], ["\u001b[0x"], ["\u001b[>q"],
    ["\u001bZ"], ["\u001b[?1000h"], ["\u001b[?2004h"], ["\u0007"], ["\u0005"], ["\u000e\u000f"], ["\u001b]0;never ended"], ["\u001b[" + "1;".repeat(40) + "X", null],
  ]) {
    if (left === null) {
      assert.ok(clean(bad).length <= 70);
      continue;
    }
    assert.equal(clean(bad), left, JSON.stringify(bad));
    assert.equal(clean(...bad), left, `${JSON.stringify(bad)}, one character at a time`);
  }
  assert.equal(clean("\u001b]0;a\u001b[31mred"), "\u001b[31mred", "another sequence ends a string");
  assert.equal(clean("\u001b]0;a\u0018b"), "b");
  assert.equal(clean("\u001b\u001b\u001b]52;c;eA==\u0007x"), "x");
});

test("at random: nothing but text and allowed sequences ever comes out", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const parts = ["\u001b", "[", "]", "P", "\\", "\u0007", "8;;", "52;c;", "6n", "m", "31", "?", "x", "\u009b", "\u009d", "\u009c", "\u0018", "H", ";", "\n", "é"];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random(30) }, () => parts[random(parts.length)]).join("");
    const out = clean(text);
    const rest = out.replace(/\u001b(?:\[[0-?]{0,64}[ -/]*[@-~]|[78DEHMc=>])/g, "");
    assert.doesNotMatch(rest, /[\u0000-\u0007\u000e-\u001f\u007f-\u009f]/, JSON.stringify([text, out]));
    assert.doesNotMatch(out, /\u001b\[[0-?]*[cnpqtx]/, JSON.stringify([text, out]));
  }
});

test("pauses can be shortened", () => {
  const c = withoutPauses(parseCast(cast([1, "o", "a"], [100, "o", "b"], [100.5, "o", "c"])), 2);
  assert.deepEqual(c.events.map((e) => e.at), [1, 3, 3.5]);
  assert.equal(c.duration, 3.5);
});

function play(c) {
  const log = [];
  const clock = { now: 0 };
  const stage = { reset: (w, h) => log.push(`reset ${w}x${h}`), resize: (w, h) => log.push(`${w}x${h}`), write: (text) => log.push(text) };
  return { log, clock, player: new Player(c, stage, () => clock.now, () => {}) };
}

test("played: in time, paused, faster, to any place and back", () => {
  const { log, clock, player } = play(parseCast(cast([1, "o", "a"], [2, "o", "b"], [2, "r", "90x20"], [4, "o", "c"])));
  assert.deepEqual(log.splice(0), ["reset 80x24"]);
  player.play();
  clock.now = 1500;
  player.tick();
  assert.deepEqual(log.splice(0), ["a"]);
  player.pause();
  clock.now = 99000;
  player.tick();
  assert.equal(player.position, 1.5);
  player.setSpeed(4);
  player.play();
  clock.now += 200;
  player.tick();
  assert.deepEqual(log.splice(0), ["b", "90x20"]);
  player.seek(1);
  assert.deepEqual(log.splice(0), ["reset 80x24", "a"]);
  player.seek(99);
  assert.deepEqual(log.splice(0), ["b", "90x20", "c"]);
  player.tick();
  assert.equal(player.playing, false);
  player.play();
  assert.equal(player.position, 0, "from the beginning again");
});

test("other times for the same recording keep the place", () => {
  const c = parseCast(cast([1, "o", "a"], [100, "o", "b"]));
  const { log, player } = play(c);
  player.seek(100);
  player.setCast(withoutPauses(c, 2));
  assert.equal(player.position, 3);
  player.seek(1);
  assert.deepEqual(log, ["reset 80x24", "ab", "reset 80x24", "a"]);
});
