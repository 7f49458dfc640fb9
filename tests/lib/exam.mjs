// Taking the fixture's exams: what the interface tests share.
import assert from "node:assert/strict";
import { openItems } from "./server.mjs";

/** Fails unless the reply is the problem with this status and code. */
export function problem(reply, status, code) {
  assert.equal(`${reply.status} ${reply.json?.code}`, `${status} ${code}`, reply.text.slice(0, 800));
  assert.equal(reply.headers.get("content-type"), "application/problem+json");
  assert.ok(reply.json.detail.length > 5, "a problem says what is wrong");
  return reply.json;
}

export function ok(reply, status = 200) {
  assert.equal(reply.status, status, reply.text.slice(0, 800));
  return reply.json;
}

/** Begins an attempt at a fixture exam; `extra` may hold a focus, headers go along. */
export async function begin(server, exam, mode = "exam", extra = {}, headers = {}) {
  return ok(await server.post("/api/v1/attempts", { exam: `fixture/${exam}`, mode, ...extra }, headers), 201);
}

export const show = async (server, id, headers) => ok(await server.get(`/api/v1/attempts/${id}`, headers));
export const clockOf = async (server, id, headers) => ok(await server.get(`/api/v1/attempts/${id}/clock`, headers));

/** Saves a response under the item's next sequence number; returns the reply. */
export function save(server, attempt, item, response, extra = {}, headers = {}) {
  item.sent = Math.max(item.sent ?? 0, item.seq ?? 0) + 1;
  return server.put(`/api/v1/attempts/${attempt.id}/responses/${item.id}`, { seq: item.sent, response, ...extra }, headers);
}

export async function submit(server, id, headers) {
  return ok(await server.post(`/api/v1/attempts/${id}/submit`, {}, headers));
}

export async function resultOf(server, id, headers) {
  return ok(await server.get(`/api/v1/attempts/${id}/result`, headers));
}

const plain = (html) => html.replace(/<[^>]*>/g, "").replaceAll("&quot;", '"').replaceAll("&amp;", "&").trim();
const idOf = (list, text) => {
  const found = list.find((entry) => plain(entry.html) === text);
  assert.ok(found, `no '${text}' in ${JSON.stringify(list)}`);
  return found.id;
};
const pairs = (from, to, table) => Object.fromEntries(Object.entries(table).map(([l, r]) => [idOf(from, l), idOf(to, r)]));

// The fixture's items, by words of their stems: which author's item it is, and a right response.
const known = [
  ["KEYWORD-FREE", "single-1", (i) => ({ choose: [idOf(i.options, "The letter B")] })],
  ["two plus two", "single-2", (i) => ({ choose: [idOf(i.options, "4")] })],
  ["are even?", "multiple-1", (i) => ({ choose: [idOf(i.options, "2"), idOf(i.options, "4")] })],
  ["Water is wet", "truth-1", (i) => ({ choose: [idOf(i.options, "True")] })],
  ["Say for each", "grid-1", (i) => ({ rows: pairs(i.rows, i.columns, { "The number 2": "Yes", "The number 3": "No", "The number 8": "Yes" }) })],
  ["rising order", "ordering-1", (i) => ({ order: ["one", "two", "three", "four"].map((text) => idOf(i.options, text)) })],
  ["Match the number", "matching-1", (i) => ({ match: pairs(i.left, i.right, { 1: "one", 2: "two", 3: "three" }) })],
  ["How many bytes", "numeric-1", () => ({ value: "1024", unit: "B" })],
  ["Type the command", "text-1", () => ({ text: "ls  -a " })],
  ["The sky is", "cloze-1", (i) => ({ blanks: { [i.blanks[0].id]: "azure", [i.blanks[1].id]: idOf(i.blanks[1].choices, "green") } })],
  ["Mark the left box", "hotspot-1", () => ({ points: [[50, 50]] })],
  ["What is ", "params-1", (i) => ({ value: String(plain(i.stem).match(/\d+/g).map(Number).reduce((a, b) => a + b)) })],
  ["How many apples", "case-1", (i) => ({ choose: [idOf(i.options, "Three")] })],
  ["How many pears", "case-2", (i) => ({ choose: [idOf(i.options, "Five")] })],
  ["UNSCORED-STEM", "pretest-1", (i) => ({ choose: [idOf(i.options, "It may be")] })],
  ["should be able to fail", "essay-1", () => ({ text: "Because one that cannot fail says nothing." })],
];

function lookUp(item) {
  const found = known.find(([words]) => item.stem.includes(words) && (words !== "What is " || item.kind === "numeric"));
  assert.ok(found, `which item is this? ${item.stem}`);
  return found;
}

/** The author's id of an item, which the candidate never sees. */
export const authorId = (item) => lookUp(item)[1];
export const rightResponse = (item) => lookUp(item)[2](item);

/** A response of the right shape that earns nothing. */
export function wrongResponse(item) {
  const right = rightResponse(item);
  const other = (list, id) => list.find((entry) => entry.id !== id).id;
  if (right.choose) return { choose: item.options.filter((o) => !right.choose.includes(o.id)).slice(0, right.choose.length).map((o) => o.id) };
  if (right.order) return { order: [...right.order].reverse() };
  if (right.match) return { match: Object.fromEntries(Object.entries(right.match).map(([l, r]) => [l, other(item.right, r)])) };
  if (right.rows) return { rows: Object.fromEntries(Object.entries(right.rows).map(([l, r]) => [l, other(item.columns, r)])) };
  if (right.value) return { ...right, value: "7" };
  if (right.points) return { points: [[150, 50]] };
  if (right.blanks) {
    const [typed, chosen] = item.blanks;
    return { blanks: { [typed.id]: "pink", [chosen.id]: other(chosen.choices, right.blanks[chosen.id]) } };
  }
  return { text: "no" };
}

export const itemOf = (attempt, id) => openItems(attempt).find((item) => authorId(item) === id);
export const kindOf = (attempt, kind) => openItems(attempt).find((item) => item.kind === kind);

/** Answers every open item with `respond(item)`; null leaves it alone. */
export async function answerAll(server, attempt, respond = rightResponse, headers = {}) {
  for (const item of openItems(attempt)) {
    const response = respond(item);
    if (response) ok(await save(server, attempt, item, response, {}, headers));
  }
}
