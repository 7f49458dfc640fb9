// The checks of script/lint can fail: each is shown a tree with one thing wrong.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root, temporaryFolder } from "../lib/server.mjs";

function lintWith(t, path, text) {
  const dir = temporaryFolder(t);
  for (const name of ["script", ".ci"]) cpSync(join(root, name), join(dir, name), { recursive: true });
  cpSync(join(root, ".clang-format"), join(dir, ".clang-format"));
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
  execFileSync("git", ["init", "-q"], { cwd: dir });
  execFileSync("git", ["add", "-A"], { cwd: dir });
  const result = spawnSync("script/lint", ["--quick"], { cwd: dir, encoding: "utf8" });
  return { code: result.status, said: result.stdout + result.stderr };
}

const head = "/* For a test. */\n";
const WRONG = [
  ["an include against the directions", "engine/bank/x.c", head + '#include "store/store.h"\n', /include directions/],
  ["the web reached from the engine", "engine/proctor/x.c", head + '#include "web/server/server.h"\n', /include directions/],
  ["a banned function", "engine/base/x.c", head + "void f(char *a, const char *b)\n{\n\tstrcpy(a, b);\n}\n", /banned functions/],
  ["Lua in the server", "engine/exam/x.c", head + "#include <lua5.4/lua.h>\n#include <lualib.h>\n", /Lua outside/],
  ["a file that is too long", "engine/base/x.c", head + "/* . */\n".repeat(601), /over 600 lines/],
  ["a file that is not formatted", "engine/base/x.c", head + "int   f (void) {return 1 ;}\n", /not formatted/],
];
for (const [what, path, text, message] of WRONG) {
  test(`lint finds ${what}`, (t) => {
    const { code, said } = lintWith(t, path, text);
    assert.equal(code, 1, said);
    assert.match(said, message);
  });
}

test("lint lets a clean tree pass", (t) => {
  const { code, said } = lintWith(t, "engine/bank/x.c", head + '#include "base/err.h"\n');
  assert.equal(code, 0, said);
});
