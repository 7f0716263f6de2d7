// What goes out with a clip: what check says, its posts as each network counts, packs, what was posted.
// In: /api/posts, work of the kinds check and pack; out: words for each platform.

import { button, fill, h, icon, say, select } from "../dom.js";
import { answers, ask } from "../tell.js";
import { call, does, get, on, post, state } from "../api.js";
import { t } from "../i18n.js";

export function send(main) {
  const kept = state.plan.clips.filter((c) => c.picked);
  let of = (kept[0] || state.plan.clips[0])?.id;
  const bar = h("div", { class: "filters" });
  const checks = h("section", { class: "card pad stack", "aria-labelledby": "checks" });
  const list = h("div", { class: "posts" });
  const sent = h("section", { class: "card pad stack", "aria-labelledby": "sent" });
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-send")), h("p", { class: "muted" }, t("send-more"))), bar, h("div", { class: "stack" }, checks, list, sent));

  const last = (kind) => [...state.works.values()].filter((w) => w.kind === kind && w.what.includes(of)).at(-1);
  const busy = (work) => work && (work.stage === "running" || work.stage === "waiting");

  function top() {
    fill(bar, state.plan.clips.length ? select(t("view-clips"), state.plan.clips.map((c) => [c.id, `${c.picked ? "✓ " : ""}${c.title}`]), of, (v) => { of = v; show(); }) : null,
      button(t("check"), { pic: "eye", id: "check", disabled: busy(last("check")) }, () => begin("check")),
      button(t("pack"), { kind: "main", pic: "folder", id: "pack", disabled: busy(last("pack")) }, () => begin("pack")));
  }
  const begin = (kind) => does(async () => { const work = await post(kind, { clips: [of] }); state.works.set(work.id, work); results(); });

  function results() {
    top();
    const check = last("check"), pack = last("pack");
    const rows = [];
    for (const work of [check, pack]) {
      if (busy(work)) rows.push(h("p", { class: "muted", role: "status" }, t(work.kind === "check" ? "step-check" : "packing"), ` ${Math.round(work.share * 100)} %`));
      if (work?.stage === "failed") rows.push(h("div", { class: "note bad" }, icon("warn"), h("div", {}, work.said.map((s) => h("p", {}, s)))));
    }
    for (const file of check?.result?.files || []) {
      const short = file.verdicts.filter((v) => !v.good);
      rows.push(h("details", { open: short.length > 0 }, h("summary", { class: "row" }, h("span", { class: `chip ${file.good ? "done" : "bad"}` }, icon(file.good ? "check" : "warn"), file.good ? t("n-good", { n: file.verdicts.length }) : t("n-short", { n: short.length })), t(`shape-${file.shape}`)),
        h("ul", { class: "verdicts" }, (short.length ? short : file.verdicts).map((v) => h("li", {}, h("span", { class: v.good ? "" : "bad" }, v.name), h("span", { class: "muted" }, v.measured), h("span", { class: "muted" }, v.limit), v.mend && !v.good ? h("span", { class: "mend" }, v.mend) : null)))));
    }
    const packs = (pack?.result?.packs || []).filter((p) => p.clip === of);
    if (packs.length) rows.push(h("ul", { class: "verdicts" }, packs.map((p) => h("li", {}, h("span", { class: p.refused ? "bad" : "" }, label(p.platform)), h("span", { class: "muted" }, p.refused || p.changes.join("; ") || t("as-it-is"))))));
    fill(checks, h("h2", { id: "checks" }, t("checks")), rows.length ? rows : h("p", { class: "muted" }, t("checks-none")));
  }
  const label = (name) => state.session.platforms.find((p) => p.name === name)?.label || name;

  async function show() {
    results();
    if (!of) { fill(list, h("p", { class: "empty card" }, t("no-clips"))); return; }
    fill(list, h("div", { class: "bone", style: { height: "14rem" } }), h("div", { class: "bone", style: { height: "14rem" } }));
    const mine = of;
    fill(sent, h("h2", { id: "sent" }, t("sent")));
    const all = await does(() => get("posts", { clip: mine }));
    if (all && mine === of) fill(list, all.map(card));
    fill(sent, h("h2", { id: "sent" }, t("sent")), book,
      h("div", { class: "row" }, h("input", { class: "input", id: "to", style: { width: "auto", flex: "1 1 14rem" }, "aria-label": t("send-to"), placeholder: "bluesky,mastodon", value: goes.to, oninput: (e) => { goes.to = e.target.value; } }),
        h("input", { class: "input", style: { width: "auto", flex: "0 1 10rem" }, "aria-label": t("send-at"), placeholder: t("send-now"), value: goes.at, oninput: (e) => { goes.at = e.target.value; } }),
        button(t("dry-run"), { id: "dry-run" }, () => publish(false)), button(t("send-it"), { kind: "main", id: "send-it" }, really)), out);
    rehearsed();
    ledger();
  }

  const book = h("div", { id: "ledger" });
  async function ledger() {
    const rows = await does(() => get("ledger"));
    fill(book, rows?.length ? h("ul", { class: "verdicts" }, rows.map((r) => h("li", {}, h("span", {}, r.network), h("span", { class: "muted" }, r.account), h("span", { class: "chip" }, r.state), h("span", { class: "muted" }, r.words || r.title)))) : h("p", { class: "muted" }, t("sent-none")));
  }

  // a dry run first: what is seen there is what a yes sends
  const goes = { to: "", at: "" };
  const out = h("div", { role: "status" });
  const publish = (yes) => does(async () => { const work = await post("publish", { clips: [of], to: goes.to.replaceAll(" ", ""), at: goes.at.trim(), yes }); state.works.set(work.id, work); rehearsed(); });
  async function really() {
    const yes = await ask(t("send-really"), (close) => [h("p", {}, t("send-really-more", { to: goes.to, when: goes.at || t("send-now") })), h("p", { class: "muted" }, state.plan.clips.find((c) => c.id === of).title), answers(close, t("send-it"))]);
    if (yes) publish(true);
  }
  function rehearsed() {
    const work = last("publish");
    if (!work) { fill(out); return; }
    const clips = work.result?.told?.clips || [];
    fill(out, busy(work) ? h("p", { class: "muted" }, t("waiting-net")) : work.stage === "failed" ? h("div", { class: "note bad" }, icon("warn"), h("div", {}, work.said.map((s) => h("p", {}, s))))
      : [h("h3", {}, t(work.result.dry ? "would-send" : "was-sent")), clips.map((c) => h("details", { open: true }, h("summary", {}, `${c.network || c.to || ""} ${c.title || ""} ${c.state || ""}`), (c.requests || []).map((r) => h("div", { class: "request" }, h("strong", {}, `${r.method || ""} ${r.url || ""}`), h("div", { class: "small muted" }, r.what || ""), Object.entries(r.fields || {}).map(([k, v]) => h("div", { class: "small" }, `${k}: `, h("span", { class: "muted" }, String(v))))))))]);
  }

  function card(p) {
    const el = h("section", { class: "card pad stack", "aria-label": p.label });
    const build = (now) => fill(el, h("div", { class: "row apart" }, h("h2", {}, now.label), now.packed ? h("span", { class: "chip done" }, t("packed")) : null),
      now.title !== null ? field(now, "title", 1) : null, field(now, "text", 5), now.alt !== null ? field(now, "alt", 3) : null,
      now.changes.length ? h("p", { class: "small muted" }, now.changes.join("; ")) : null);
    function field(now, name, rows) {
      const id = `${now.platform}-${name}`;
      const counter = h("span", { class: "small num count", id: `${id}-count` });
      const input = h("textarea", { class: "input", id, rows, "aria-describedby": `${id}-count`, dir: "auto" }, now[name]);
      const tell = (c) => { counter.textContent = c.limit ? `${c.count} / ${c.limit}` : t("n-signs", { n: c.count }); counter.classList.toggle("over", !c.fits); input.setAttribute("aria-invalid", String(!c.fits)); };
      let timer = 0;
      input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => does(async () => tell(await post("count", { platform: now.platform, name, text: input.value }))), 120); });
      input.addEventListener("change", () => does(async () => { const saved = await call("PUT", "posts", { clip: of, platform: now.platform, name, words: input.value }); say(t("saved")); build(saved); }));
      tell(now.counts[name]);
      return h("div", { class: "field" }, h("label", { for: id }, t(`post-${name}`), now.own.includes(name) ? ` · ${t("yours")}` : ""), input, counter);
    }
    build(p);
    return el;
  }

  show();
  const stop = on("work", (w) => { if (w.kind === "publish") { rehearsed(); if (!busy(w)) ledger(); } if (w.kind === "check" || w.kind === "pack") { results(); if (w.kind === "pack" && w.stage === "done") show(); } });
  return { leave: stop };
}
