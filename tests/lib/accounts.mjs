// Accounts for tests, made by the program's own command beside the running server.
import assert from "node:assert/strict";
import { run, until } from "./server.mjs";

export const password = (name) => `the long password of ${name}`;

/** Adds an account; returns { name, password, bearer } where `bearer` are headers for requests. */
export async function addUser(server, name, args = []) {
  const added = run(["user", "add", name, "--data", server.data, ...args], { input: `${password(name)}\n` });
  assert.equal(added.code, 0, added.err);
  await until(async () => (await server.get("/api/v1/session")).json.accounts, "the server to notice its first account");
  return { name, password: password(name), bearer: bearerOf(server, name) };
}

export function bearerOf(server, name) {
  const made = run(["user", "token", name, "--data", server.data]);
  assert.equal(made.code, 0, made.err);
  const token = made.out.match(/[A-Za-z0-9_-]{43}/)?.[0];
  assert.ok(token, `no token in: ${made.out}`);
  return { Authorization: `Bearer ${token}` };
}

/** Signs in as a browser does; returns { cookie, csrf, headers } for what follows. */
export async function signIn(server, { name, password }) {
  const reply = await server.post("/api/v1/session", { name, password }, { Origin: server.url });
  assert.equal(reply.status, 200, reply.text);
  const cookie = reply.headers.get("set-cookie").split(";")[0];
  return { cookie, csrf: reply.json.csrf, headers: { Cookie: cookie, Origin: server.url, "X-CSRF-Token": reply.json.csrf } };
}
