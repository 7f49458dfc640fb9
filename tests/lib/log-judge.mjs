// The judge of the log (tests/api/log-judge): compiled with Debian's Go, without modules and without network, and asked line by line.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root, temporaryFolder } from "./server.mjs";

/** A function that asks the judge: judge("open", {...}) gives its answer, { ok, error, … }. */
export function startJudge(t) {
  const dir = temporaryFolder(t);
  const program = join(dir, "log-judge");
  const env = { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOFLAGS: "", CGO_ENABLED: "0" };
  if (!env.HOME && !env.GOCACHE) env.GOCACHE = join(dir, "cache"); // else the standard library is compiled once
  execFileSync("go", ["build", "-o", program, join(root, "tests/api/log-judge/main.go")], { env, stdio: ["ignore", "inherit", "inherit"] });
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
  return (cmd, rest) =>
    new Promise((done) => {
      waiting.push(done);
      child.stdin.write(JSON.stringify({ cmd, ...rest }) + "\n");
    });
}
