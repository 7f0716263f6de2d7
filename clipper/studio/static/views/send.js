// What goes out with a clip: what check says, its posts as each network counts, packs, and sending it.
// In: /api/posts, work of the kinds check and pack; out: words for each platform.

import { button, fill, h, icon, say, select } from "../dom.js";
import { call, does, get, on, post, state } from "../api.js";
import { t, tr } from "../i18n.js";
import { busy, latest, sending } from "../widgets/sending.js";

export function send(main) {
  const kept = state.plan.clips.filter((c) => c.picked);
  let of = (kept[0] || state.plan.clips[0])?.id;
  const bar = h("div", { class: "filters" });
  const checks = h("section", { class: "card pad stack", "aria-labelledby": "checks" });
  const list = h("div", { class: "posts" });
  const out = sending(() => of);
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-send")), h("p", { class: "muted" }, t("send-more"))), bar, h("div", { class: "stack" }, checks, list, out.el));

  let cards = [];
  const last = (kind) => latest(kind, of);

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
      if (work?.stage === "failed") rows.push(h("div", { class: "note bad" }, icon("warn"), h("div", {}, work.said.map((s) => h("p", {}, tr(s))))));
    }
    for (const file of check?.result?.files || []) {
      const short = file.verdicts.filter((v) => !v.good);
      rows.push(h("details", { open: short.length > 0 }, h("summary", { class: "row" }, h("span", { class: `chip ${file.good ? "done" : "bad"}` }, icon(file.good ? "check" : "warn"), file.good ? t("n-good", { n: file.verdicts.length }) : t("n-short", { n: short.length })), t(`shape-${file.shape}`)),
        h("ul", { class: "verdicts" }, (short.length ? short : file.verdicts).map((v) => h("li", {}, h("span", { class: v.good ? "" : "bad" }, tr(v.name)), h("span", { class: "muted" }, v.measured), h("span", { class: "muted" }, v.limit), v.mend && !v.good ? h("span", { class: "mend" }, tr(v.mend)) : null)))));
    }
    const packs = (pack?.result?.packs || []).filter((p) => p.clip === of);
    if (packs.length) rows.push(h("ul", { class: "verdicts" }, packs.map((p) => h("li", {}, h("span", { class: p.refused ? "bad" : "" }, label(p.platform)), h("span", { class: "muted" }, tr(p.refused) || p.changes.join("; ") || t("as-it-is"))))));
    fill(checks, h("h2", { id: "checks" }, t("checks")), rows.length ? rows : h("p", { class: "muted" }, t("checks-none")));
  }
  const label = (name) => state.session.platforms.find((p) => p.name === name)?.label || name;

  async function show() {
    results();
    if (!of) { fill(list, h("p", { class: "empty card" }, t("no-clips"))); return; }
    fill(list, h("div", { class: "bone", style: { height: "14rem" } }), h("div", { class: "bone", style: { height: "14rem" } }));
    const mine = of;
    const all = await does(() => get("posts", { clip: mine }));
    if (!all || mine !== of) return;
    cards = all.map(card);
    fill(list, cards.map((c) => c.el));
    out.show();
  }

  /** What is packed now; words that are being written stay. */
  async function refresh() {
    const mine = of, all = await does(() => get("posts", { clip: mine }));
    if (all && mine === of) for (const p of all) cards.find((c) => c.platform === p.platform)?.set(p);
  }

  /** A platform's post; `set` shows it anew without touching the field that is being written in. */
  function card(p) {
    const packed = h("span", { class: "chip done" }, t("packed")), changes = h("p", { class: "small muted" });
    const fields = ["title", "text", "alt"].filter((name) => p[name] !== null).map((name) => field(p.platform, name, { title: 2, text: 6, alt: 3 }[name], set));
    const el = h("section", { class: "card pad stack", "aria-label": p.label, "data-platform": p.platform }, h("div", { class: "row apart" }, h("h2", {}, p.label), packed), fields.map((f) => f.el), changes);
    function set(now) {
      packed.hidden = !now.packed;
      changes.textContent = now.changes.join("; ");
      changes.hidden = !now.changes.length;
      for (const f of fields) f.set(now);
    }
    set(p);
    return { el, set, platform: p.platform };
  }

  function field(platform, name, rows, saved) {
    const id = `${platform}-${name}`;
    const counter = h("span", { class: "small num count", id: `${id}-count` }), yours = h("span", {});
    const input = h("textarea", { class: "input", id, rows, "aria-describedby": `${id}-count`, dir: "auto" });
    const tell = (c) => { counter.textContent = c.limit ? `${c.count} / ${c.limit}` : t("n-signs", { n: c.count }); counter.classList.toggle("over", !c.fits); input.setAttribute("aria-invalid", String(!c.fits)); };
    let timer = 0, known = "";
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => does(async () => tell(await post("count", { platform, name, text: input.value }))), 120); });
    input.addEventListener("change", () => does(async () => { known = input.value; saved(await call("PUT", "posts", { clip: of, platform, name, words: input.value })); say(t("saved")); }));
    const set = (now) => {
      if (input.value === known || !known) { input.value = now[name]; tell(now.counts[name]); } // else it is being written in
      known = now[name];
      yours.textContent = now.own.includes(name) ? ` · ${t("yours")}` : "";
    };
    return { set, el: h("div", { class: "field" }, h("label", { for: id }, t(`post-${name}`), yours), input, counter) };
  }

  show();
  const stop = on("work", (w) => { if (w.kind === "check" || w.kind === "pack") { results(); if (w.kind === "pack" && w.stage === "done") refresh(); } });
  return { leave: () => { stop(); out.leave(); } };
}
