// The shell: starts the session, shows the view that the address names, keys that hold everywhere.

import { ask, answers, note, toast } from "./tell.js";
import { begin, clipOf, does, edit, emit, episodeKey, get, load, on, post, state, turn, useEpisode } from "./api.js";
import { button, fill, h, icon, say, select } from "./dom.js";
import { LANGUAGES, language, speak, t, tr } from "./i18n.js";
import { clips } from "./views/clips.js";
import { clip } from "./views/clip.js";
import { episodes } from "./views/episodes.js";
import { look } from "./views/look.js";
import { names } from "./views/names.js";
import { working } from "./views/working.js";
import { send } from "./views/send.js";
import { shortcuts } from "./views/shortcuts.js";

const VIEWS = { clips, clip, names, look, send, episodes };
const main = h("main", { id: "main", tabindex: "-1" });
const banner = h("div", { id: "banner" });
let shown = null;
let shownAs = "";

function where() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean);
  const key = new URLSearchParams(query || "").get("episode") || "";
  return { view: parts[0] || (state.session.many && !key && !episodeKey() ? "episodes" : "clips"), id: parts[1] || "", key };
}

export const to = (view, id = "") => `#/${[view, id].filter(Boolean).join("/")}${episodeKey() ? `?episode=${episodeKey()}` : ""}`;

async function show() {
  const at = where();
  const view = VIEWS[at.view] ? at.view : "clips";
  if (view !== "episodes" && (state.plan === null || at.key !== episodeKey())) {
    useEpisode(at.key);
    fill(main, bones());
    if (await does(load) === null && state.plan === null) { if (state.session.fresh) return; fill(main, fault()); return; }
  }
  const as = `${view}/${at.id}/${at.key}`;
  if (as === shownAs) return;
  shown?.leave?.();
  shownAs = as;
  for (const a of document.querySelectorAll(".tabs a")) {
    const own = a.dataset.view === view || (a.dataset.view === "clips" && view === "clip");
    if (own) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current");
    a.setAttribute("href", to(a.dataset.view));
  }
  document.querySelector(".tabs").hidden = view === "episodes";
  const first = shown === null;
  shown = VIEWS[view](main, at.id, { to }) || {};
  document.title = `${shown.title || t(`view-${view}`)} · clipper studio`;
  if (!first) { main.focus({ preventScroll: true }); scrollTo(0, 0); say(document.title); }
}

const bones = () => h("div", { class: "stack", "aria-busy": "true" }, [2.4, 8, 14].map((high) => h("div", { class: "bone", style: { height: `${high}rem` } })));
const fault = () => h("div", { class: "empty card" }, icon("warn"), h("h1", {}, t("no-plan")), h("p", {}, t("no-plan-mend")));

function shell() {
  const saved = h("span", { class: "saved", "aria-live": "off" }, t("saved"));
  const undo = button("", { kind: "plain", pic: "undo", label: t("undo"), id: "undo" }, () => turn("undo"));
  const redo = button("", { kind: "plain", pic: "redo", label: t("redo"), id: "redo" }, () => turn("redo"));
  on("saving", (n) => { saved.textContent = n ? t("saving") : t("saved"); });
  on("plan", () => {
    for (const [el, word] of [[undo, "undo"], [redo, "redo"]]) {
      el.disabled = !state.plan[word];
      el.title = state.plan[word] ? `${t(word)}: ${did(state.plan[word])}` : t(word);
    }
    problem();
  });
  const tabs = h("nav", { class: "tabs", "aria-label": t("views") }, ["clips", "names", "look", "send"].map((v) => h("a", { href: to(v), "data-view": v }, t(`view-${v}`))));
  const lang = select(t("language"), Object.entries(LANGUAGES), language, (l) => { localStorage.setItem("language", l); location.reload(); }, { class: "input quiet-select" });
  fill(document.getElementById("app"),
    h("header", { class: "top" }, h("div", { class: "top-in" },
      h("a", { class: "brand", href: state.session.many ? "#/episodes" : "#/" }, h("img", { src: "/static/icon.svg", alt: "" }), "clipper"),
      tabs, h("div", { class: "top-end" }, saved, undo, redo, button("?", { kind: "plain icon", label: t("keys") }, shortcuts), lang))),
    banner, main);
  document.getElementById("skip").textContent = t("skip");
  document.getElementById("skip").addEventListener("click", (e) => { e.preventDefault(); main.focus(); });
}

export const did = ({ what, clip: id }) => `${t(`did-${what}`)}${id ? ` · ${clipOf(id)?.title || id}` : ""}`;

function problem() {
  const rows = [];
  const bad = state.plan?.problem;
  if (bad) {
    rows.push(note("bad", t("plan-broken"), h("div", {}, h("p", {}, tr(bad.error)), h("p", {}, tr(bad.mend))),
      bad.restorable && button(t("restore"), {}, () => does(async () => { emit("restored", await post("restore")); await load(); toast(t("restored"), t("restored-more")); }))));
  }
  if (state.plan && !bad && !state.plan.source) rows.push(note("warn", t("source-gone"), t("source-gone-more"), button(t("source-say"), {}, whereIsIt)));
  if (state.lost) rows.push(note("warn", t("lost"), t("lost-mend")));
  const inner = h("div", { class: "stack", style: { "max-width": "90rem", margin: "1rem auto 0", padding: "0 1.5rem" } }, rows);
  fill(banner, rows.length ? inner : null);
}

async function whereIsIt(path = "", force = false) {
  const given = force ? path : await ask(t("source-gone"), (close) => {
    const input = h("input", { class: "input", id: "path", required: true, value: typeof path === "string" ? path : "", placeholder: "/…/episode.mp3" });
    return [h("p", { class: "muted" }, t("source-ask")), h("div", { class: "field" }, h("label", { for: "path" }, t("source-path")), input), answers(close, t("source-take"), () => input.value)];
  });
  if (!given) return;
  try {
    emit("sourced", await post("source", { path: given, force }));
    await load();
    toast(t("source-found"));
  } catch (told) {
    const again = await ask(told.message, (close) => [h("p", { class: "muted" }, told.mend), answers(close, told.status === 404 ? t("source-anyway") : t("try-again"))]);
    if (again) await whereIsIt(given, told.status === 404);
  }
}

async function conflict({ asked, before }) {
  const now = clipOf(asked.clip);
  const key = { title: "title", hook: "hook", pick: "picked", captions: "captions", look: "template" }[asked.do];
  const value = (v) => (v === true ? t("keep") : v === false ? t("leave") : v === null || v === undefined || v === "" ? "–" : String(v));
  const theirs = key ? value(now?.[key]) : now?.text || "–";
  const mine = key ? value(asked[key]) : did({ what: asked.do, clip: asked.clip });
  const chosen = await ask(t("conflict"), (close) => [
    h("p", { class: "muted" }, t("conflict-more")),
    h("div", { class: "sides" }, h("div", {}, h("h3", {}, t("theirs")), h("p", {}, theirs)), h("div", {}, h("h3", {}, t("mine")), h("p", {}, mine))),
    h("div", { class: "row end" }, button(t("take-theirs"), {}, () => close("theirs")), h("button", { class: "button main", type: "submit", onclick: () => close("mine") }, t("take-mine")))]);
  if (chosen === "mine") await edit(asked, { force: true });
  else if (before) say(t("theirs-kept"));
}

function keys(e) {
  const typing = e.target.matches("input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select");
  const meta = e.ctrlKey || e.metaKey;
  if (meta && e.key.toLowerCase() === "z" && !typing) { e.preventDefault(); turn(e.shiftKey ? "redo" : "undo"); return; }
  if (meta && e.key.toLowerCase() === "y" && !typing) { e.preventDefault(); turn("redo"); return; }
  if (typing || meta || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.key === "?") { e.preventDefault(); shortcuts(); return; }
  shown?.key?.(e);
}

async function start() {
  await speak();
  try { await begin(); } catch (told) {
    fill(document.getElementById("app"), h("main", { class: "lone stack", id: "main" }, h("h1", {}, t("lost")), h("p", {}, told.status === 401 ? t("not-in") : t("lost-mend"))));
    return;
  }
  shell();
  on("fault", (f) => toast(f.message, f.mend, null, 9000));
  on("conflict", conflict);
  on("overtaken", async ({ word, fault: f }) => { if (await ask(t("overtaken"), (close) => [h("p", {}, f.message), answers(close, t("overtaken-go"))])) turn(word, true); });
  on("turned", ({ word, was }) => { if (was) say(`${t(word === "undo" ? "undone" : "redone")}: ${did(was)}`); });
  on("elsewhere", () => toast(t("elsewhere")));
  on("lost", problem);
  for (const work of await get("work")) state.works.set(work.id, work);
  addEventListener("hashchange", show);
  addEventListener("keydown", keys);
  if (state.session.fresh) { working(main, async () => { state.session.fresh = false; await show(); }); return; }
  await show();
}

start();
