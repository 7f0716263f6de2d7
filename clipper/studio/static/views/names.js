// Names to confirm and speakers to name, with where they occur. In: the plan's spelling and speakers, the words; out: rows
// switched, written otherwise.

import { button, clock, fill, h, icon } from "../dom.js";
import { does, edit, on, state, transcript, url } from "../api.js";
import { t, tr } from "../i18n.js";
import { bare } from "../words/script.js";

const SHOWN = 3; // places of a name
const AROUND = 4; // words on either side

export function names(main, id, { to }) {
  const spelled = h("section", { class: "card", "aria-labelledby": "spelled" });
  const voices = h("section", { class: "card", "aria-labelledby": "voices" });
  const audio = h("audio", { preload: "none" });
  let heard = null, index = null, until = 0;
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-names")), h("p", { class: "muted" }, t("names-more"))), h("div", { class: "stack" }, voices, spelled), audio);

  audio.addEventListener("timeupdate", () => { if (audio.currentTime >= until) audio.pause(); });
  function hear(from, upTo) {
    if (!audio.src) audio.src = url("source/sound");
    until = upTo + 0.4;
    audio.currentTime = Math.max(0, from - 0.8);
    audio.play().catch(() => {});
  }

  const text = (first, last) => { let out = ""; for (let i = Math.max(0, first); i < Math.min(last, heard.text.length); i++) out += (out && !glued.has(i) ? " " : "") + heard.text[i]; return out; };
  let glued = new Set();
  async function read() {
    heard = await does(transcript);
    if (!heard) return;
    glued = new Set(heard.glued);
    index = new Map();
    heard.text.forEach((w, i) => { const k = bare(w); if (!index.has(k)) index.set(k, []); index.get(k).push(i); });
    show();
  }

  /** Numbers of the words at which a name begins. */
  function places(name) {
    const want = name.split(" ").map(bare).filter(Boolean);
    return (index?.get(want[0]) || []).filter((i) => want.every((w, k) => bare(heard.text[i + k] || "") === w)).map((i) => [i, i + want.length]);
  }
  function place([first, last], around = AROUND) {
    const at = heard.start[first] / 100;
    const clip = state.plan.clips.find((c) => c.first <= first && first < c.last);
    return h("li", { class: "row small" }, button("", { kind: "plain slim", pic: "ear", label: `${t("hear")}: ${clock(at)}` }, () => hear(at, heard.end[last - 1] / 100)),
      h("span", { class: "num muted" }, clip ? h("a", { href: to("clip", clip.id), title: clip.title }, clock(at)) : clock(at)), h("q", { dir: heard.rtl ? "rtl" : null }, text(first - around, last + around)));
  }
  const where = (found, many) => (found.length ? h("ul", { class: "places" }, found.slice(0, SHOWN).map((p) => place(p)), many > SHOWN ? h("li", { class: "small muted" }, t("and-more", { n: many - SHOWN })) : null) : null);

  /** Where somebody speaks first: the first words of some turns. */
  const turns = (name) => (heard ? heard.turns.flatMap((w, k) => (heard.voices[k] === name ? [[w, Math.min(w + 9, heard.turns[k + 1] ?? heard.text.length)]] : [])) : []);

  function show() {
    const had = main.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const rows = state.plan.spelling;
    fill(spelled, h("div", { class: "pad row apart" }, h("h2", { id: "spelled" }, t("spelling")), h("span", { class: "small muted" }, t("n-rows", { n: rows.length }))),
      rows.length ? h("ul", { class: "list" }, rows.map((r) => { const found = places(r.applied ? r.written : r.heard); return h("li", {},
        h("div", {}, h("div", { class: "heard" }, r.heard), h("div", { class: "small muted" }, [r.count ? t("n-times", { n: r.count }) : "", tr(r.where)].filter(Boolean).join(" · "))),
        h("input", { class: "input", value: r.written, "data-key": `w-${r.heard}`, "aria-label": t("written-for", { heard: r.heard }), maxlength: 120, onchange: (e) => e.target.value.trim() && edit({ do: "spell", clip: "", heard: r.heard, written: e.target.value }) }),
        h("label", { class: "row small" }, h("input", { type: "checkbox", checked: r.applied, "data-key": `a-${r.heard}`, onchange: (e) => edit({ do: "spell", clip: "", heard: r.heard, written: r.written, applied: e.target.checked }) }), t("apply")),
        where(found, found.length)); }))
        : h("div", { class: "empty" }, icon("check"), h("p", {}, t("no-spelling"))));
    const who = Object.entries(state.plan.speakers);
    fill(voices, h("div", { class: "pad row apart" }, h("h2", { id: "voices" }, t("speakers")), h("span", { class: "small muted" }, t("speakers-more"))),
      who.length ? h("ul", { class: "list" }, who.map(([key, name]) => { const found = turns(name); return h("li", {},
        h("div", { class: "heard" }, key), h("input", { class: "input", value: name, "data-key": `s-${key}`, "aria-label": t("name-of", { speaker: key }), maxlength: 80, onchange: (e) => edit({ do: "speaker", clip: "", speaker: key, name: e.target.value }) }),
        h("span", { class: "small muted" }, t("n-clips", { n: state.plan.clips.filter((c) => c.speakers.includes(name)).length })),
        found.length ? h("ul", { class: "places" }, found.slice(0, 2).map((p) => place(p, 0))) : null); }))
        : h("div", { class: "empty" }, h("p", {}, t("no-speakers"))));
    if (had) [...main.querySelectorAll("[data-key]")].find((el) => el.dataset.key === had)?.focus();
  }
  show();
  read();
  const stop = on("plan", () => { if (state.transcript) show(); else read(); });
  return { leave: () => { stop(); audio.pause(); audio.removeAttribute("src"); } };
}
