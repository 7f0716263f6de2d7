// One clip: preview, transcript, borders, words, title, files. In: the clip's id; out: edits.

import { ask, answers, toast } from "../tell.js";
import { button, clock, fill, h, icon, say, select } from "../dom.js";
import { call, clipOf, does, edit, get, on, refresh, state, transcript, url } from "../api.js";
import { t, tr } from "../i18n.js";
import { bare, script } from "../words/script.js";
import { sound } from "../widgets/sound.js";
import { player } from "../widgets/player.js";
import { render } from "../widgets/dock.js";
import { duration } from "./working.js";

export function clip(main, id, { to }) {
  const one = () => clipOf(id);
  if (!one()) { fill(main, h("div", { class: "empty card" }, h("h1", {}, t("no-clip")), h("a", { class: "button", href: to("clips") }, t("view-clips")))); return {}; }
  let words = null;
  let heard = { tick() {}, show() {} };
  const video = player({ tick: (seconds, playing) => { words?.tick(seconds, playing); heard.tick(seconds, playing); } });
  heard = sound(id, { one, seek: (seconds) => video.seek(video.toClip(seconds)) });
  const title = h("textarea", { class: "input ghost title", rows: 1, maxlength: 200, "aria-label": t("title") });
  const hook = h("input", { class: "input ghost hook", maxlength: 200, "aria-label": t("hook"), placeholder: t("hook-empty") });
  const heading = h("h1", { class: "quiet" });
  const verdict = h("div", { class: "verdict" });
  const crumbs = h("nav", { class: "crumbs", "aria-label": t("clips-around") });
  const tools = h("div", { class: "tools", role: "toolbar", "aria-label": t("tools") });
  const paper = h("section", { class: "paper card", "aria-label": t("transcript") }, tools, h("div", { class: "pad" }, h("div", { class: "bone", style: { height: "24rem" } })));
  const below = h("div", { class: "below" });
  const progress = h("div", {});

  fill(main, heading, crumbs, h("div", { class: "clip" }, h("div", { class: "left" }, video.el),
    h("div", {}, h("div", { class: "titles" }, title, hook), verdict, progress, paper, below)));

  const save = (field, key) => () => { const c = one(); if (c && field.value.trim() !== c[key]) edit({ do: key, clip: id, [key]: field.value }); };
  title.addEventListener("change", save(title, "title"));
  hook.addEventListener("change", save(hook, "hook"));
  for (const f of [title, hook]) f.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); f.blur(); } if (e.key === "Escape") { f.value = one()[f === title ? "title" : "hook"]; f.blur(); } });
  title.addEventListener("input", grow);
  document.fonts.ready.then(grow);
  function grow() { title.style.height = "auto"; title.style.height = `${title.scrollHeight}px`; }

  const selection = () => {
    const [first, last] = words.chosen(); const c = one();
    const a = Math.max(first, c.first), b = Math.min(last, c.last);
    return a < b ? [a, b] : null;
  };
  const marked = (act) => { const s = selection(); if (!s) { toast(t("choose-inside")); return; } act(...s); };
  const pick = (picked) => edit(() => ({ do: "pick", clip: id, picked: one().picked === picked ? null : picked }));
  const acts = {
    start: () => edit({ do: "place", clip: id, edge: "start", word: words.chosen()[0] }),
    end: () => edit({ do: "place", clip: id, edge: "end", word: words.chosen()[1] - 1 }),
    correct: () => marked(correct),
    loud: () => marked((first, last) => { const all = one().marks.filter((m) => m.loud && m.first < last && m.last > first); edit({ do: "emphasise", clip: id, first, last, on: !all.length }); }),
  };

  async function correct(first, last) {
    const c = one();
    const shown = [];
    for (let i = first; i < last; i++) { const m = c.marks.find((x) => x.first <= i && i < x.last); if (!m) shown.push(words.text(i, i + 1)); else if (m.first === i && m.text) shown.push(m.text); }
    const was = shown.join(" ");
    const heard = words.text(first, last).split(" ").map(bare).filter(Boolean);
    const times = heard.length ? words.count(heard) : 0;
    const given = await ask(t("correct"), (close) => {
      const input = h("input", { class: "input", id: "written", value: was, maxlength: 200, autocomplete: "off", autofocus: true });
      const every = h("input", { type: "radio", name: "where", value: "every", checked: times > 1 });
      const here = h("input", { type: "radio", name: "where", value: "here", checked: times <= 1 });
      return [h("div", { class: "field" }, h("label", { for: "written" }, t("heard", { text: words.text(first, last) })), input),
        h("div", { class: "stack", style: { gap: "0.5rem" }, role: "radiogroup", "aria-label": t("where") },
          h("label", { class: "option" }, every, h("span", {}, t("everywhere", { n: Math.max(1, times) }))),
          h("label", { class: "option" }, here, h("span", {}, t("only-here")))),
        answers(close, t("correct-do"), () => ({ written: input.value, every: every.checked }))];
    });
    words.el.focus({ preventScroll: true });
    if (!given) return;
    if (given.every && given.written.trim()) await edit({ do: "spell", clip: "", heard: heard.length ? words.text(first, last) : was, written: given.written });
    else await edit({ do: "correct", clip: id, first, last, written: given.written });
  }

  function buttons() {
    const hint = (text, key) => `${text} (${key})`;
    fill(tools,
      button(t("start-here"), { kind: "slim plain", pic: "from", title: hint(t("start-here"), "[") }, acts.start),
      button(t("end-here"), { kind: "slim plain", pic: "to", title: hint(t("end-here"), "]") }, acts.end),
      h("span", { class: "gap" }),
      button(t("correct"), { kind: "slim plain", pic: "pen", id: "correct", title: hint(t("correct"), "C") }, acts.correct),
      button(t("emphasise"), { kind: "slim plain", pic: "star", title: hint(t("emphasise"), "E") }, acts.loud),
      extra.map(([act, key, pic]) => button(t(act), { kind: "slim plain", pic, title: hint(t(act), key) }, () => more[act]())),
      h("span", { class: "gap" }),
      button(t("sentence-less"), { kind: "slim plain", title: t("sentence-less-more") }, () => edit({ do: "step", clip: id, edge: "end", count: -1, unit: "sentence" })),
      button(t("sentence-more"), { kind: "slim plain", title: t("sentence-more-more") }, () => edit({ do: "step", clip: id, edge: "end", count: 1, unit: "sentence" })),
    );
  }
  const struck = (how) => marked((first, last) => { const now = new Set(one()[how]); let all = true; for (let i = first; i < last; i++) all &&= now.has(i); edit({ do: "strike", clip: id, first, last, how, on: !all }); });
  const extra = [["strike", "X", "strike"], ["bleep", "B", "bleep"], ["split", "S", "split"]];
  const more = {
    strike: () => struck("drop"), bleep: () => struck("bleep"),
    split: () => marked((first) => edit({ do: "split", clip: id, word: first }).then((ok) => ok && toast(t("split-done")))),
  };

  const beside = (other, pic, label) => (other
    ? h("a", { class: "button plain slim icon", href: to("clip", other.id), "aria-label": `${label}: ${other.title}`, title: other.title }, icon(pic))
    : h("span", { class: "button plain slim icon", "aria-hidden": "true", style: { opacity: 0.35 } }, icon(pic)));

  function show() {
    const c = one();
    if (!c) { location.hash = to("clips"); return; }
    const all = state.plan.clips;
    const at = all.indexOf(c);
    fill(crumbs, h("a", { class: "button plain slim", href: to("clips") }, icon("back"), t("view-clips")),
      h("span", { class: "muted small num", style: { "margin-left": "auto" } }, t("nth", { n: at + 1, all: all.length })),
      beside(all[at - 1], "back", t("clip-before")), beside(all[at + 1], "next", t("clip-after")));
    heading.textContent = c.title;
    if (document.activeElement !== title) { title.value = c.title; grow(); }
    if (document.activeElement !== hook) hook.value = c.hook;
    const had = verdict.contains(document.activeElement) ? document.activeElement.dataset.does : null;
    fill(verdict,
      button(t("keep"), { pic: "check", "aria-pressed": String(c.picked === true), "data-does": "keep" }, () => pick(true)),
      button(t("leave"), { "aria-pressed": String(c.picked === false), "data-does": "leave" }, () => pick(false)),
      button(t("render-one"), { kind: "main", pic: "film", id: "render", "data-does": "render" }, () => render([id])),
      following(c) ? button(t("merge"), { kind: "plain", "data-does": "merge", title: following(c).title }, () => edit({ do: "merge", clip: id, other: following(c).id })) : null,
      c.span.start !== c.proposed.start || c.span.end !== c.proposed.end ? button(t("as-proposed"), { kind: "plain", "data-does": "back" }, () => edit({ do: "back", clip: id })) : null,
      h("span", { class: "small muted num", style: { "margin-inline-start": "auto" }, id: "long" }, `${clock(c.span.start, true)} – ${clock(c.span.end, true)} · ${t("secs", { n: Math.round(c.seconds) })}`));
    if (had) verdict.querySelector(`[data-does="${had}"]`)?.focus();
    video.show(c);
    about(c);
    heard.show();
  }

  /** The clip that begins where this one ends, or soon after. */
  const following = (c) => state.plan.clips.find((o) => o.id !== c.id && o.span.start >= c.span.end - 1 && o.span.start - c.span.end < 20);

  function about(c) {
    const list = (rows) => h("ul", { class: "plain-list" }, rows.map((r) => h("li", {}, tr(r))));
    const files = state.made.filter((m) => m.clip === id);
    const templates = [["", t("as-plan", { name: state.plan.template })], ...state.session.templates.map((x) => [x.name, x.name])];
    fill(below,
      files.length ? h("section", { class: "card pad stack", id: "files", style: { "grid-column": "1 / -1" } }, h("div", { class: "row apart" }, h("h2", {}, t("finished")), button(t("reveal"), { kind: "slim", pic: "folder" }, () => does(() => call("POST", "reveal", { clip: id })))),
        h("div", { class: "files" }, files.map((f) => h("figure", { class: "stack", style: { gap: "0.4rem" } }, film(f, c),
          h("figcaption", { class: "row apart small" }, h("span", {}, t(`shape-${f.shape}`)), f.current ? h("span", { class: "chip done" }, t("up-to-date")) : h("span", { class: "chip warn" }, t("outdated"))),
          h("a", { class: "button slim", href: url(`files/${f.path}`, { download: true }), download: "" }, icon("load"), t("download")))))) : null,
      heard.el,
      c.warnings.length || c.notes.length ? h("section", { class: "card pad stack" }, h("h2", {}, t("look-out")), list([...c.warnings, ...c.notes])) : null,
      c.reasons.length ? h("section", { class: "card pad stack" }, h("h2", {}, t("why")), list(c.reasons)) : null,
      h("section", { class: "card pad stack" }, h("h2", {}, t("view-look")),
        h("div", { class: "field" }, h("span", { class: "label" }, t("template")), select(t("template"), templates, c.template || "", (v) => edit({ do: "look", clip: id, template: v || null }))),
        h("fieldset", { class: "row", style: { border: 0, padding: 0, margin: 0 } }, h("legend", { class: "label" }, t("shapes")), ["vertical", "square", "wide"].map((s) => h("label", { class: "row small", style: { gap: "0.3rem" } }, h("input", { type: "checkbox", checked: (c.formats || state.plan.formats).includes(s), onchange: (e) => {
          const on = e.target.checked;
          if (!on && (c.formats || state.plan.formats).length === 1) { e.target.checked = true; toast(t("one-shape")); return; }
          edit(() => { const now = one().formats || state.plan.formats; return { do: "shapes", clip: id, formats: ["vertical", "square", "wide"].filter((x) => (x === s ? on : now.includes(x))) }; });
        } }), t(`shape-${s}`))))));
  }

  function film(f, c) {
    const video = h("video", { controls: true, preload: "metadata", src: url(`files/${f.path}`, { v: f.bytes }), "aria-label": `${c.title}, ${t(`shape-${f.shape}`)}` });
    const fails = () => video.replaceWith(h("p", { class: "note", role: "status" }, t(video.canPlayType('video/mp4; codecs="avc1.640028"') ? "no-film" : "no-h264")));
    video.addEventListener("error", fails, { once: true });
    // a browser that has the sound's codec alone plays that and reports nothing
    video.addEventListener("loadedmetadata", () => { if (!video.videoWidth) fails(); }, { once: true });
    return video;
  }

  const files = () => does(async () => { state.made = await get("made"); if (one()) about(one()); });
  function working() {
    const now = [...state.works.values()].find((w) => w.kind === "render" && w.what.includes(id) && (w.stage === "running" || w.stage === "waiting"));
    if (!now) { fill(progress); return; }
    if (!progress.firstChild) fill(progress, h("div", { class: "note", style: { "margin-bottom": "1rem", "flex-wrap": "wrap" } },
      h("div", { style: { flex: "1 1 12rem" } }, h("strong", {}, t("rendering")), h("div", { class: "small muted num left" })), button(t("cancel"), { kind: "slim" }, () => does(() => call("DELETE", `work/${now.id}`))),
      h("div", { class: "bar", style: { flex: "1 0 100%", background: "var(--card)" }, role: "progressbar", "aria-label": t("rendering"), "aria-valuemin": "0", "aria-valuemax": "100" }, h("span", {}))));
    progress.querySelector(".left").textContent = `${now.note || t("waiting")}${now.left ? ` · ${t("left", { time: duration(now.left) })}` : ""}`;
    progress.querySelector(".bar").setAttribute("aria-valuenow", String(Math.round(now.share * 100)));
    progress.querySelector(".bar span").style.width = `${now.share * 100}%`;
  }

  const inClip = (i) => { const s = state.transcript.start[i] / 100; return s >= one().span.start - 0.05 && s <= one().span.end; };
  async function loadWords(middle) {
    const data = await does(transcript);
    if (!data || !one()) return;
    words = script(data, {
      step: (edge, count, unit) => edit({ do: "step", clip: id, edge, count, unit }).then((ok) => { if (ok) { const c = one(); say(`${clock(edge === "start" ? c.span.start : c.span.end, true)}, ${words.text(edge === "start" ? c.first : c.last - 1, edge === "start" ? c.first + 1 : c.last)}`); } }),
      place: (edge, word, snap) => edit({ do: "place", clip: id, edge, word, snap }),
      jump: (i) => { if (inClip(i)) video.seek(video.toClip(data.start[i] / 100)); else toast(t("outside-more")); },
      correct: () => acts.correct(),
    });
    buttons();
    paper.replaceChildren(tools, words.el);
    words.show(one(), middle);
    show();
  }

  buttons();
  show();
  loadWords(true);
  files();
  working();
  const stops = [
    on("plan", (before) => {
      show();
      if (!one()) return;
      if (!state.transcript) { loadWords(false); return; }
      const was = before?.clips.find((c) => c.id === id);
      if (words && was?.look !== one().look) words.show(one());
    }),
    on("work", (w) => { working(); if (w.kind === "render" && w.stage === "done") files(); }),
    on("plan", () => { if (state.made.some((m) => m.clip === id)) files(); }),
  ];
  return {
    title: one().title,
    leave: () => { stops.forEach((s) => s()); video.leave(); },
    key(e) {
      const act = {
        " ": () => video.toggle(), t: () => pick(true), l: () => pick(false), c: acts.correct, e: acts.loud, "[": acts.start, "]": acts.end, x: more.strike, b: more.bleep, s: more.split,
        n: () => { const next = state.plan.clips[state.plan.clips.indexOf(one()) + 1]; if (next) location.hash = to("clip", next.id); },
        p: () => { const prev = state.plan.clips[state.plan.clips.indexOf(one()) - 1]; if (prev) location.hash = to("clip", prev.id); },
      }[e.key];
      if (!act || (e.key === " " && e.target.matches("button, a, summary"))) return;
      e.preventDefault();
      act();
    },
  };
}

export { refresh };
