// The episode from left to right: topics, proposals, voices, advertisement. In: the plan and /api/overview; out: links.

import { clock, fill, h } from "../dom.js";
import { state } from "../api.js";
import { t } from "../i18n.js";

const VOICES = ["--voice-a", "--voice-b", "--voice-c", "--voice-d"];

export function strip(to) {
  const el = h("nav", { class: "strip card", "aria-label": t("strip") });

  function show() {
    const { plan, overview } = state;
    const ends = plan.clips.map((c) => c.span.end);
    const whole = overview?.duration || Math.max(...ends, 1);
    const at = (start, end) => ({ left: `${(start / whole) * 100}%`, width: `${(Math.max(0, end - start) / whole) * 100}%` });
    const voices = [...new Set((overview?.voices || []).map((v) => v.name))];
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.clip : null;
    const minutes = whole / 60;
    const every = [0.5, 1, 2, 5, 10, 15, 30, 60].find((m) => minutes / m <= 9) * 60;
    const ticks = [];
    for (let s = 0; s < whole - every * 0.4; s += every) ticks.push(h("span", { style: { left: `${(s / whole) * 100}%` } }, clock(s)));
    fill(el, h("div", { class: "lanes" },
      overview?.topics.length ? h("div", { class: "lane", "aria-hidden": "true" }, overview.topics.map((x) => h("span", { class: "topic", style: at(x.start, x.end), title: x.name }, x.name))) : null,
      h("div", { class: "lane clips" }, [...plan.clips].sort((a, b) => a.span.start - b.span.start).map((c) => h("a", {
        href: to("clip", c.id), "data-clip": c.id, style: at(c.span.start, c.span.end), class: c.picked === true ? "kept" : c.picked === false ? "left" : "",
        title: `${c.title} · ${clock(c.span.start)}`, "aria-label": `${c.title}, ${clock(c.span.start)}, ${t(c.picked === true ? "kept" : c.picked === false ? "left-out" : "undecided")}`,
      }, c.id.replace(/^c/, "")))),
      overview ? h("div", { class: "lane voices", "aria-hidden": "true" },
        overview.voices.map((v) => h("span", { style: { ...at(v.start, v.end), background: `var(${VOICES[voices.indexOf(v.name) % 4]})` }, title: v.name })),
        overview.ads.map((a) => h("span", { class: "ad", style: at(a.start, a.end), title: t("ad") }))) : null,
      h("div", { class: "ticks num", "aria-hidden": "true" }, ticks)),
      h("div", { class: "legend" },
        key("var(--accent)", t("kept")), key("var(--card)", t("undecided")),
        voices.map((v, i) => key(`var(${VOICES[i % 4]})`, v)),
        overview?.ads.length ? key("repeating-linear-gradient(135deg, var(--line-strong) 0 2px, transparent 2px 4px)", t("ad")) : null));
    if (focused) el.querySelector(`[data-clip="${focused}"]`)?.focus();
  }
  const key = (colour, text) => h("span", {}, h("i", { style: { background: colour } }), text);
  return { el, show };
}
