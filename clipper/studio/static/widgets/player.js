// The preview: frames of the exported scene on a canvas, in step with the clip's sound, whose clock leads.
// In: a clip and a shape; out: a picture that plays, `at` in seconds of the clip.

import { button, choice, clock, h, icon, say, select } from "../dom.js";
import { frame, shapesOf, state, url } from "../api.js";
import { t, tr } from "../i18n.js";

const FPS = 30;
const AHEAD = 24; // frames that are asked for at a time
const SIZES = { vertical: [540, 960], square: [540, 540], wide: [960, 540] };

export function player({ tick }) {
  const canvas = h("canvas", { role: "img", width: 540, height: 960 });
  const wait = h("div", { class: "wait", hidden: true }, t("loading"));
  const audio = h("audio", { preload: "none" });
  const scrub = h("input", { type: "range", min: "0", max: "1", step: "0.01", value: "0", "aria-label": t("position") });
  const time = h("span", { class: "num small" });
  const play = button("", { kind: "main", pic: "play", label: t("play"), id: "play" }, () => toggle());
  const controls = h("div", { class: "row apart" });
  const pen = canvas.getContext("2d");
  let clip = null, shape = "vertical", safe = "", raw = false, long = 0, token = 0, rate = 1;
  let bitmaps = new Map(), asked = -1, step = 1, shownFrame = -1, soundFor = "", still = 0;

  const el = h("div", { class: "stack", style: { gap: "0.85rem" } },
    h("div", { class: "screen" }, canvas, wait, audio), h("div", { class: "transport" }, play, scrub, time), controls);

  function build() {
    controls.replaceChildren(
      choice(t("shape"), shapesOf(clip).map((s) => [s, t(`shape-${s}`)]), shape, (s) => { shape = s; reset(); }),
      select(t("safe"), [["", t("no-veil")], ["all", t("veil-all")], ...state.session.platforms.filter((p) => p.veil).map((p) => [p.name, t("veil", { name: p.label })])], safe, (v) => { safe = v; reset(); }, { class: "input", style: { width: "auto", "max-width": "12.5rem", "font-size": "0.875rem" } }),
      h("label", { class: "row small muted" }, h("input", { type: "checkbox", checked: raw, onchange: (e) => { raw = e.target.checked; const on = !audio.paused; const now = audio.currentTime; soundFor = ""; sound(); audio.currentTime = now; if (on) audio.play(); } }), t("as-recorded")));
  }

  function show(next) {
    const same = clip && clip.id === next.id && clip.look === next.look;
    const other = !clip || clip.id !== next.id;
    clip = next;
    long = clip.seconds;
    scrub.max = String(long);
    if (!shapesOf(clip).includes(shape)) shape = shapesOf(clip)[0];
    if (same) return;
    if (other) { pause(); scrub.value = "0"; build(); } else if (!audio.paused) pause();
    canvas.setAttribute("aria-label", t("preview-of", { title: clip.title }));
    reset();
  }

  function reset() {
    const [w, hgt] = SIZES[shape];
    token += 1;
    for (const b of bitmaps.values()) b.close();
    bitmaps = new Map(); asked = -1; shownFrame = -1;
    if (canvas.width !== w || canvas.height !== hgt) { canvas.width = w; canvas.height = hgt; }
    poster(at());
    if (!audio.paused) ahead(Math.round(at() * FPS));
    words();
  }

  // a clip may leave out some of what lies between its borders: `pieces` has clip time, start and end of each stretch
  const toSource = (now) => { for (const { at: from, start, end } of clip.pieces) if (now < from + end - start) return Math.max(start, start + now - from); return clip.pieces.at(-1).end; };
  const toClip = (seconds) => { let near = 0; for (const { at: from, start, end } of clip.pieces) { if (seconds < start) return from; near = from + Math.min(seconds, end) - start; if (seconds < end) return near; } return near; };
  const at = () => (soundFor && audio.readyState ? audio.currentTime : Number(scrub.value));

  /** The frame at a moment, while nothing plays. */
  async function poster(seconds) {
    const mine = ++still;
    const was = token;
    const slow = setTimeout(() => { wait.hidden = false; }, 250);
    try {
      const answer = await fetch(frame(clip, shape, Math.min(seconds, Math.max(0, long - 0.04)), "preview", { safe }));
      if (!answer.ok) { const told = await answer.json().catch(() => ({})); wait.textContent = tr(told.error) || t("no-picture"); wait.hidden = false; return; }
      const picture = await createImageBitmap(await answer.blob());
      if (mine === still && was === token && audio.paused) { pen.drawImage(picture, 0, 0, canvas.width, canvas.height); shownFrame = Math.round(seconds * FPS); canvas.dataset.frame = String(shownFrame); wait.textContent = t("loading"); wait.hidden = true; }
      picture.close();
    } catch { /* told by the banner */ } finally { clearTimeout(slow); if (mine === still && wait.textContent === t("loading")) wait.hidden = true; }
  }

  /** Frames in a row, from the stream of the scene. */
  async function ahead(first) {
    const mine = token;
    const all = Math.floor(long * FPS);
    if (first >= all) return;
    asked = first + AHEAD * step;
    const answer = await fetch(url(`clips/${clip.id}/frames`, { shape, first, count: AHEAD, step, size: "preview", safe, v: clip.look.slice(0, 12) }));
    if (!answer.ok || mine !== token) return;
    const reader = answer.body.getReader();
    let held = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || mine !== token) return;
      const joined = new Uint8Array(held.length + value.length);
      joined.set(held); joined.set(value, held.length); held = joined;
      while (held.length >= 8) {
        const view = new DataView(held.buffer, held.byteOffset);
        const number = view.getUint32(0), size = view.getUint32(4);
        if (held.length < 8 + size) break;
        const blob = new Blob([held.slice(8, 8 + size)], { type: "image/jpeg" });
        held = held.slice(8 + size);
        createImageBitmap(blob).then((b) => { if (mine === token) bitmaps.set(number, b); else b.close(); });
      }
    }
  }

  function draw() {
    if (audio.paused) return;
    const now = audio.currentTime;
    const number = Math.floor(now * FPS + 1e-6);
    let best = -1;
    for (const [n, b] of bitmaps) {
      if (n <= number && n > best) { if (best >= 0) { bitmaps.get(best).close(); bitmaps.delete(best); } best = n; } else if (n < number - 60) { b.close(); bitmaps.delete(n); }
    }
    words(); // the sound's clock first: a picture that is late is no reason for a word to be
    if (best >= 0 && best !== shownFrame) { pen.drawImage(bitmaps.get(best), 0, 0, canvas.width, canvas.height); shownFrame = best; canvas.dataset.frame = String(best); }
    if (number > asked && asked >= 0) { step = Math.min(3, step + 1); ahead(number + 4); } else if (asked - number < AHEAD * 0.75 * step) ahead(asked);
    requestAnimationFrame(draw);
  }

  let told = "";
  function words() {
    const now = at();
    tick(toSource(now), !audio.paused);
    scrub.value = String(now);
    const text = `${clock(now)} / ${clock(long)}`;
    if (text === told) return; // sixty times a second, and seldom another text
    told = time.textContent = text;
    scrub.setAttribute("aria-valuetext", text);
  }

  function sound() {
    const key = `${clip.id} ${clip.look} ${raw}`;
    if (soundFor === key) return;
    soundFor = key;
    audio.src = url(`clips/${clip.id}/sound`, { finished: !raw, v: clip.look.slice(0, 12) });
  }

  async function toggle() {
    if (!audio.paused) { pause(); return; }
    const from = Number(scrub.value);
    sound();
    const begin = from > long - 0.3 ? 0 : from;
    if (audio.readyState >= 1) audio.currentTime = begin; else audio.addEventListener("loadedmetadata", () => { audio.currentTime = begin; }, { once: true });
    wait.hidden = false;
    step = 1;
    ahead(Math.round(begin * FPS));
    try { await audio.play(); } catch (told) { wait.textContent = t("no-sound"); say(t("no-sound")); return; }
    wait.hidden = true;
  }
  function pause() { if (!audio.paused) audio.pause(); }

  audio.addEventListener("play", () => { still += 1; play.replaceChildren(icon("pause")); play.setAttribute("aria-label", t("pause")); requestAnimationFrame(draw); });
  const stopped = () => { play.replaceChildren(icon("play")); play.setAttribute("aria-label", t("play")); asked = -1; for (const b of bitmaps.values()) b.close(); bitmaps.clear(); words(); };
  audio.addEventListener("pause", stopped);
  audio.addEventListener("ended", stopped);
  audio.addEventListener("error", () => { if (soundFor) { wait.textContent = t("no-sound"); wait.hidden = false; soundFor = ""; } });
  scrub.addEventListener("input", () => seek(Number(scrub.value)));

  let timer = 0;
  function seek(seconds) {
    const to = Math.max(0, Math.min(long, seconds));
    scrub.value = String(to);
    if (soundFor && audio.readyState) audio.currentTime = to;
    if (audio.paused) { clearTimeout(timer); timer = setTimeout(() => poster(to), 40); words(); } else { token += 1; for (const b of bitmaps.values()) b.close(); bitmaps = new Map(); ahead(Math.round(to * FPS)); }
  }

  return { el, audio, toClip, show, toggle, seek, pause, at, rate: () => rate, playing: () => !audio.paused, leave: () => { pause(); audio.removeAttribute("src"); token += 1; } };
}
