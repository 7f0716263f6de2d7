// The API for people, from its own OpenAPI document. In: /api/openapi.json; out: every call with what goes in and out.

import { fill, h } from "./dom.js";

const main = document.getElementById("main");
const short = (ref) => ref.split("/").at(-1);

/** A schema in one line; names of models lead to them. */
function type(s) {
  if (!s) return "";
  if (s.$ref) return h("a", { href: `#${short(s.$ref)}` }, short(s.$ref));
  const any = s.anyOf || s.oneOf;
  if (any) return any.flatMap((one, i) => [i ? " | " : "", type(one)]);
  if (s.enum) return s.enum.map((v) => JSON.stringify(v)).join(" | ");
  if (s.const !== undefined) return JSON.stringify(s.const);
  if (s.type === "array") return ["list of ", s.prefixItems ? s.prefixItems.flatMap((one, i) => [i ? ", " : "", type(one)]) : type(s.items)];
  if (s.type === "object" && s.additionalProperties) return ["table of ", type(s.additionalProperties)];
  return [s.type || "anything", s.pattern ? ` ${s.pattern}` : ""].join("");
}
const rows = (list) => h("ul", { class: "plain-list" }, list.map(([name, what, more]) => h("li", {}, h("code", {}, name), " ", what, more ? h("span", { class: "muted" }, ` – ${more}`) : null)));

function one(path, method, call) {
  const body = call.requestBody?.content?.["application/json"]?.schema;
  const good = Object.entries(call.responses).find(([code]) => code.startsWith("2"));
  const answer = Object.entries(good?.[1].content || {}).flatMap(([kind, { schema }], i) => [i ? ", " : "", schema && Object.keys(schema).length ? type(schema) : kind]);
  return h("section", { class: "card pad stack", id: `${method}-${path}` }, h("h3", {}, h("code", {}, `${method.toUpperCase()} ${path}`)), h("p", {}, call.description || call.summary || ""),
    call.parameters?.length ? rows(call.parameters.map((p) => [`${p.name}${p.required ? "" : "?"}`, type(p.schema), p.description])) : null,
    body ? h("p", {}, "takes ", type(body)) : null, good ? h("p", {}, `gives ${good[0]} `, answer) : null);
}

function model(name, s) {
  const needed = new Set(s.required || []);
  return h("section", { class: "card pad stack", id: name }, h("h3", {}, h("code", {}, name)), s.description ? h("p", { style: { "white-space": "pre-line" } }, s.description) : null,
    s.properties ? rows(Object.entries(s.properties).map(([key, value]) => [`${key}${needed.has(key) ? "" : "?"}`, type(value), value.description])) : h("p", {}, type(s)));
}

const told = await (await fetch("/api/openapi.json", { credentials: "same-origin" })).json();
fill(main, h("h1", {}, "The API of clipper studio"),
  h("p", {}, "What the page calls, for programs of your own on this machine. Each call carries the cookie of the address that the terminal printed; whatever changes something also the header X-Clipper with the csrf of GET /api/session. ", h("a", { href: "/api/openapi.json" }, "OpenAPI document"), "."),
  h("h2", {}, "Calls"), Object.entries(told.paths).flatMap(([path, calls]) => Object.entries(calls).map(([method, call]) => one(path, method, call))),
  h("h2", {}, "Models"), Object.entries(told.components.schemas).map(([name, s]) => model(name, s)));
