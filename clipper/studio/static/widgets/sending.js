// Where a clip goes and when, a dry run, the yes, and what the ledger says of it afterwards.
// In: the clip that is meant; out: work of the kind "publish". Nothing is sent before the question was answered.

import { button, fill, h, icon } from "../dom.js";
import { answers, ask, toast } from "../tell.js";
import { call, clipOf, does, get, on, post, state } from "../api.js";
import { language, t, tr } from "../i18n.js";

let goes = ""; // kept while the page is open

export const busy = (work) => Boolean(work) && (work.stage === "running" || work.stage === "waiting");
export const latest = (kind, id) => [...state.works.values()].filter((w) => w.kind === kind && w.what.includes(id)).at(-1);
const label = (name) => state.session.platforms.find((p) => p.name === name)?.label || name;
const when = (iso) => new Date(iso).toLocaleString(navigator.languages.find((l) => l.startsWith(language)) || language, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function sending(of) {
  const to = h("input", { class: "input", id: "to", autocomplete: "off", spellcheck: "false", value: goes, placeholder: "bluesky,mastodon:other" });
  const at = h("input", { class: "input", id: "at", type: "datetime-local", "aria-describedby": "at-more" });
  const places = h("div", { class: "row", role: "group", "aria-label": t("send-to") });
  const out = h("div", { role: "status", class: "stack", id: "outcome" });
  const book = h("div", { id: "ledger" });
  const el = h("section", { class: "card pad stack", "aria-labelledby": "sent" },
    h("h2", { id: "sent" }, t("send-it")), places,
    h("div", { class: "when" },
      h("div", { class: "field" }, h("label", { for: "to" }, t("send-to")), to),
      h("div", { class: "field" }, h("label", { for: "at" }, t("send-at")), at)),
    h("p", { class: "small muted", id: "at-more" }, t("send-planned-more")),
    h("div", { class: "row" }, button(t("dry-run"), { id: "dry-run", pic: "eye" }, () => begin(false)), button(t("send-it"), { kind: "main", id: "send-it" }, really)),
    out, h("h3", {}, t("sent")), book);

  const chosen = () => to.value.split(",").map((x) => x.trim()).filter(Boolean);
  function marked() { for (const b of places.children) b.setAttribute("aria-pressed", String(chosen().includes(b.dataset.name))); }
  to.addEventListener("input", () => { goes = to.value; marked(); });
  does(async () => {
    const all = await get("networks");
    fill(places, all.map((n) => button(n.label, { kind: "slim", "data-name": n.name, "aria-pressed": "false" }, () => {
      const now = chosen();
      to.value = goes = (now.includes(n.name) ? now.filter((x) => x !== n.name) : [...now, n.name]).join(",");
      marked();
    })));
    marked();
  });

  const begin = (yes) => does(async () => {
    const work = await post("publish", { clips: [of()], to: chosen().join(","), at: yes ? at.value : "", yes });
    state.works.set(work.id, work);
    show();
  });
  const named = () => { if (chosen().length) return true; toast(t("send-nowhere")); to.focus(); return false; };
  async function really() {
    if (!named()) return;
    const yes = await ask(t("send-really"), (close) => [h("p", {}, t("send-really-more", { to: chosen().join(", "), when: at.value ? when(at.value) : t("send-now") })), h("p", { class: "muted" }, clipOf(of())?.title), answers(close, at.value ? t("send-plan") : t("send-it"))]);
    if (yes) begin(true);
  }

  function show() {
    const work = latest("publish", of());
    if (!work) { fill(out); return; }
    const lines = work.said.map((x) => h("p", {}, tr(x)));
    if (busy(work)) fill(out, h("p", { class: "muted" }, t(work.result?.dry === false ? "sending" : "waiting-net")));
    else if (work.stage !== "done") fill(out, h("div", { class: "note bad" }, icon("warn"), h("div", {}, lines.length ? lines : t("cancelled"))));
    else if (work.result.dry) fill(out, h("h3", {}, t("would-send")), (work.result.told?.clips || []).map(rehearsed));
    else fill(out, lines.length ? h("div", { class: "note bad" }, icon("warn"), h("div", {}, lines)) : null, (work.result.told?.posts || []).map(outcome));
  }
  const rehearsed = (c) => h("details", { open: true }, h("summary", {}, `${c.network} · ${c.title}`), c.requests.map((r) => h("div", { class: "request" }, h("strong", {}, `${r.method} ${r.url}`), h("div", { class: "small muted" }, r.what), Object.entries(r.fields || {}).map(([k, v]) => h("div", { class: "small" }, `${k}: `, h("span", { class: "muted" }, String(v)))))));
  const outcome = (p) => h("div", { class: `note ${p.state === "posted" ? "good" : p.due && p.state === "waiting" ? "" : "bad"}` }, icon(p.state === "posted" ? "check" : "warn"), h("div", {},
    h("strong", {}, `${p.network} ${p.account}: ${p.due && p.state === "waiting" ? t("planned-for", { when: when(p.due) }) : t(`state-${p.state}`)}`), p.url ? link(p.url) : null, p.said ? h("p", {}, tr(p.said)) : null, p.mend ? h("p", {}, tr(p.mend)) : null));
  const link = (url) => (/^https?:/.test(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url) : h("span", { class: "muted" }, url));

  async function ledger() {
    const rows = await does(() => get("ledger"));
    if (rows) list(rows);
  }
  function list(rows) {
    fill(book, rows.length ? h("ul", { class: "verdicts book" }, [...rows].reverse().map((r) => h("li", { "data-key": r.key, "data-state": r.state },
      h("div", {}, h("strong", {}, r.network), " ", h("span", { class: "muted" }, r.account), h("div", { class: "small" }, r.title, h("span", { class: "muted" }, ` · ${label(r.platform)}`))),
      h("div", {}, h("span", { class: `chip ${{ posted: "done", refused: "bad", unknown: "bad", begun: "warn" }[r.state] || ""}` }, r.due && r.state === "waiting" ? t("planned-for", { when: when(r.due) }) : t(`state-${r.state}`)), r.words ? h("div", { class: "small muted" }, tr(r.words)) : null),
      r.url ? link(r.url) : r.state === "waiting" ? button(t("call-off"), { kind: "slim", label: `${t("call-off")}: ${r.title}, ${r.network}` }, () => does(async () => { list(await call("DELETE", `ledger/${r.key}`)); })) : h("span", {}))))
      : h("p", { class: "muted" }, t("sent-none")));
  }
  const stop = on("work", (w) => { if (w.kind === "publish") { show(); if (!busy(w)) ledger(); } });
  ledger();
  show();
  return { el, show, leave: stop };
}

// what goes out on its own time is told wherever the page is
on("work", (work) => {
  if (work.kind !== "publish" || work.stage !== "done" || work.result.dry) return;
  const posts = work.result.told?.posts || [];
  const sent = posts.filter((p) => p.state === "posted").length, planned = posts.filter((p) => p.state === "waiting" && p.due).length;
  if (work.result.planned) toast(t("n-planned", { n: planned }), t("send-planned-more"));
  else toast(t("n-sent", { n: sent }), sent < posts.length ? t("n-not-sent", { n: posts.length - sent }) : posts.map((p) => p.title).join(" · "), null, 9000);
});
