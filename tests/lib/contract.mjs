// docs/openapi.yaml as a judge: whether a real reply is one that the description allows.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./server.mjs";

export const description = parse(readFileSync(join(root, "docs/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
addFormats(ajv);
ajv.addVocabulary(Object.keys(description)); // the document's own members are not JSON Schema
ajv.addSchema(description, "openapi.yaml");

/** Follows a reference into the description. */
export function resolve(node) {
  if (!node?.$ref) return node;
  return node.$ref
    .slice(2)
    .split("/")
    .reduce((at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")], description);
}

/** What was held against a schema so far: "GET /api/v1/exams 200". */
export const seen = new Set();
/** Codes of problems seen so far. */
export const codesSeen = new Set();

const pointer = (...keys) => keys.map((key) => "/" + key.replaceAll("~", "~0").replaceAll("/", "~1")).join("");

const patterns = Object.keys(description.paths).map((path) => {
  const source = path
    .replace(/[.]/g, "[.]")
    .replace(/\{(doc|tile)\}/, ".+")
    .replace(/\{[a-z]+\}/g, "[^/]+");
  return { path, regexp: new RegExp(`^${source}$`), parameters: (path.match(/\{/g) ?? []).length };
});

/** The documented path that an address belongs to; the one with the fewest parameters wins. */
export function documentedPath(address) {
  const bare = address.split("?")[0];
  return patterns.filter((p) => p.regexp.test(bare)).sort((a, b) => a.parameters - b.parameters)[0]?.path;
}

/** Where in the description the response for this status stands: [pointer to it, the object]. */
function responseOf(path, method, status) {
  const node = description.paths[path][method]?.responses?.[status];
  if (!node) return [];
  return node.$ref ? [node.$ref.slice(1), resolve(node)] : [pointer("paths", path, method, "responses", String(status)), node];
}

function checkProblem(where, reply, response) {
  const code = reply.json?.code;
  const allowed = [...(response?.["x-codes"] ?? []), ...description["x-common-codes"]];
  assert.ok(allowed.includes(code), `${where}: the code ${code} is not documented there: ${reply.text}`);
  assert.equal(reply.json.status, reply.status, where);
  const valid = ajv.validate("openapi.yaml#/components/schemas/Problem", reply.json);
  assert.ok(valid, `${where}: ${ajv.errorsText()}\n${reply.text}`);
  codesSeen.add(code);
}

/** Fails unless the reply is as described. */
export function check(method, address, reply) {
  const path = documentedPath(address);
  const where = `${method} ${address} → ${reply.status}`;
  const type = reply.headers.get("content-type")?.split(";")[0];
  if (type === "application/problem+json") {
    const [, response] = path ? responseOf(path, method.toLowerCase(), reply.status) : [];
    return checkProblem(where, reply, response);
  }
  if (!path) return;
  const [at, response] = responseOf(path, method.toLowerCase(), reply.status);
  assert.ok(response, `${where}: this status is not documented\n${reply.text.slice(0, 500)}`);
  seen.add(`${method} ${path} ${reply.status}`);
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    if (header.required) assert.ok(reply.headers.get(name), `${where}: the header ${name} is missing`);
  }
  if (!response.content) return assert.equal(reply.text, "", where);
  assert.ok(response.content[type], `${where}: the type ${type} is not documented`);
  if (type !== "application/json") return;
  const valid = ajv.validate(`openapi.yaml#${at}${pointer("content", type, "schema")}`, reply.json);
  assert.ok(valid, `${where}: ${explain(ajv.errors)}\n${reply.text.slice(0, 1500)}`);
}

function explain(errors) {
  return (errors ?? [])
    .slice(0, 8)
    .map((e) => `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`)
    .join("\n  ");
}

/** From now on every reply of this server is checked. */
export function checked(server) {
  const plain = server.request.bind(server);
  server.request = async (method, path, body, headers) => {
    const reply = await plain(method, path, body, headers);
    check(method, path, reply);
    return reply;
  };
  return server;
}
