// The sound of a clip: its waveform with zoom, what tightening takes out and what is kept, clean-up, music.
// In: a clip; out: edits of its sound.

import { button, choice, clock, fill, h, select } from "../dom.js";
import { does, edit, get, state, upload } from "../api.js";
import { decimal, t } from "../i18n.js";

const STEPS = ["high-pass", "de-ess", "denoise"];

export function sound(id, { seek, one }) {
  const canvas = h("canvas", { class: "wave", width: 1200, height: 176, role: "img", "aria-label": t("waveform") });
  const head = h("span", { class: "head", hidden: true });
  const box = h("section", { class: "card pad stack", id: "sound", style: { "grid-column": "1 / -1" } });
  const rest = h("div", { class: "stack" });
  const level = h("p", { class: "small muted num", id: "loudness" }, t("loudness-soon"));
  let zoom = 1, key = "", peaks = [], range = [0, 1];
  const zooms = choice(t("zoom"), [[1, t("whole-clip")], [4, "4×"], [12, "12×"]], zoom, (z) => { zoom = z; key = ""; show(); });
  fill(box, h("div", { class: "row apart" }, h("h2", {}, t("view-sound")), zooms), h("div", { class: "waves" }, canvas, head), level, rest);
  let now = 0, levelOf = "";

  // worked out with the finished sound, so only once the page has nothing better to do
  function loudness() {
    const c = one();
    if (!c || levelOf === c.look) return;
    levelOf = c.look;
    const mine = c.look;
    setTimeout(async () => {
      if (mine !== levelOf || !box.isConnected) return;
      try {
        const told = await get(`clips/${id}/loudness`, { v: mine.slice(0, 12) });
        if (mine === levelOf) level.textContent = told.integrated === null ? t("loudness-silent") : t("loudness-is", { now: decimal(told.integrated), wanted: decimal(told.wanted), peak: told.true_peak === null ? "–" : decimal(told.true_peak) });
      } catch { levelOf = ""; }
    }, 600);
  }

  async function wave() {
    const c = one();
    const long = c.span.end - c.span.start;
    const width = zoom === 1 ? long + 2 : long / zoom;
    const middle = zoom === 1 ? (c.span.start + c.span.end) / 2 : Math.min(Math.max(now || c.span.start, c.span.start + width / 2 - 1), c.span.end - width / 2 + 1);
    const from = Math.max(0, middle - width / 2);
    const wanted = `${from.toFixed(1)} ${width.toFixed(1)}`;
    if (wanted === key) { draw(); return; }
    key = wanted;
    try { peaks = await get("peaks", { start: from, end: from + width, points: 600 }); range = [from, from + width]; } catch { peaks = []; }
    draw();
  }

  function draw() {
    const c = one();
    if (!c) return;
    const pen = canvas.getContext("2d"), { width, height } = canvas;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const gone = c.sound.tighten ?? state.plan.sound.tighten ?? state.plan.tightens ? c.trims : [];
    const x = (s) => ((s - range[0]) / (range[1] - range[0])) * width;
    pen.clearRect(0, 0, width, height);
    peaks.forEach((p, i) => {
      const at = range[0] + ((i + 0.5) / peaks.length) * (range[1] - range[0]);
      const inside = at >= c.span.start && at < c.span.end && c.pieces.some((p) => at >= p.start && at < p.end);
      pen.fillStyle = inside ? colour("--accent") : colour("--line-strong");
      const high = Math.max(2, (p / 100) * (height - 12));
      pen.fillRect((i / peaks.length) * width, (height - high) / 2, Math.max(1, width / peaks.length - 0.8), high);
    });
    pen.fillStyle = colour("--ink");
    for (const edge of [c.span.start, c.span.end]) pen.fillRect(x(edge) - 1, 0, 2, height);
    for (const r of gone) { pen.fillStyle = colour("--warn"); pen.fillRect(x(r.start), height - 5, Math.max(2, x(r.end) - x(r.start)), 5); }
    place();
  }
  /** The line at what is heard: moved, not drawn, sixty times a second. */
  function place() {
    const at = (now - range[0]) / (range[1] - range[0]);
    head.hidden = !now || at < 0 || at > 1;
    if (!head.hidden) head.style.setProperty("left", `${at * 100}%`);
  }
  canvas.addEventListener("click", (e) => { const r = canvas.getBoundingClientRect(); seek(range[0] + ((e.clientX - r.left) / r.width) * (range[1] - range[0])); });

  const set = (fields) => edit({ do: "sound", clip: id, ...fields });

  /** A sound of the producer's own: a name beside the plan, or a file that is chosen here and kept in OUT. */
  function file(key, c, whole) {
    const choose = h("input", { type: "file", accept: "audio/*", hidden: true, onchange: () => does(async () => {
      const kept = await upload(key, choose.files[0]);
      await set({ [key]: kept.path });
    }) });
    return h("div", { class: "row" }, h("label", { class: "label", for: key, style: { "min-width": "4rem" } }, t(key)),
      h("input", { class: "input", id: key, "data-key": key, style: { width: "auto", flex: "1 1 10rem" }, value: c.sound[key] || "", placeholder: whole[key] || t("music-none"), maxlength: 300, onchange: (e) => set({ [key]: e.target.value.trim() || null }) }),
      button(t("choose-file"), { kind: "slim", label: `${t("choose-file")}: ${t(key)}`, "data-key": `f-${key}` }, () => choose.click()),
      c.sound[key] ? button("", { kind: "slim plain", pic: "cross", label: `${t("take-out")}: ${t(key)}`, "data-key": `x-${key}` }, () => set({ [key]: null })) : null, choose);
  }

  function show() {
    const c = one();
    if (!c) return;
    const had = rest.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const whole = state.plan.sound;
    const tight = c.sound.tighten ?? whole.tighten ?? state.plan.tightens;
    const clean = c.sound.clean ?? whole.clean ?? [];
    const kept = new Set(c.keep);
    const saved = c.trims.reduce((n, r) => n + r.end - r.start, 0);
    fill(rest,
      h("div", { class: "row" }, h("label", { class: "row small one-row" }, h("input", { type: "checkbox", checked: tight, "data-key": "tighten", onchange: (e) => set({ tighten: e.target.checked }) }), t("tighten")),
        h("span", { class: "small muted" }, c.trims.length ? t("tighten-saves", { n: c.trims.length, secs: decimal(saved) }) : t("tighten-nothing"))),
      tight && c.trims.length ? h("ul", { class: "trims" }, c.trims.map((r) => { const is = r.words.length && r.words.every((w) => kept.has(w)); return h("li", {}, h("span", { class: "num muted" }, clock(r.start, true)), h("span", {}, r.kind === "pause" ? t("pause-of", { secs: decimal(r.end - r.start) }) : `“${r.text}”`),
        r.words.length ? button(is ? t("take-out") : t("keep-it"), { kind: "slim plain", "data-key": `k${r.start}` }, () => edit({ do: "strike", clip: id, first: r.words[0], last: r.words.at(-1) + 1, how: "keep", on: !is })) : null); })) : null,
      h("fieldset", { class: "row", style: { border: 0, padding: 0, margin: 0 } }, h("legend", { class: "label" }, t("clean-up")), STEPS.map((s) => h("label", { class: "row small", style: { gap: "0.3rem" } }, h("input", { type: "checkbox", "data-key": s, checked: clean.includes(s), onchange: (e) => { const on = e.target.checked; edit(() => { const was = one().sound.clean ?? state.plan.sound.clean ?? []; return { do: "sound", clip: id, clean: STEPS.filter((x) => (x === s ? on : was.includes(x))) }; }); } }), t(`clean-${s}`)))),
      ["music", "intro", "outro"].map((key) => file(key, c, whole)));
    if (had) rest.querySelector(`[data-key="${had}"]`)?.focus();
    wave();
    loudness();
  }
  return { el: box, show, tick(seconds, playing) { now = playing ? seconds : 0; if (box.isConnected) { if (zoom > 1 && playing && (seconds < range[0] || seconds > range[1])) wave(); else place(); } } };
}
export { select };
