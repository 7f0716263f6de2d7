// The transcript to read, click, mark and trim. In: words, a clip; out: what the person does, as calls of `does`.
// The caret moves by words and sentences; the borders of the clip are sliders between the words.

import { clock, h, say } from "../dom.js";
import { t } from "../i18n.js";
import { pointer } from "./pointer.js";
import { Heights, rowsOf } from "./rows.js";

const OVER = 500; // pixels above and below what is seen
const LEAD = 1 / 60; // seconds that a word is lit early: half of the frame that it takes to be seen

export function script(words, does) {
  const rows = rowsOf(words);
  const heights = new Heights(rows, words);
  const glued = new Set(words.glued), unsure = new Set(words.unsure);
  const sizer = h("div", { class: "sizer" });
  const el = h("div", { class: "script", tabindex: "0", role: "application", "aria-roledescription": t("transcript"), "aria-label": t("transcript-how"), dir: words.rtl ? "rtl" : "ltr", lang: words.language === "und" ? null : words.language }, sizer);
  const live = new Map(); // row number -> element
  const shownWords = new Map(); // word number -> element
  let clip = { first: 0, last: 0, marks: [], drop: [], bleep: [], mute: [] };
  let marks = new Map(), cut = new Set(), bleeped = new Set();
  let caret = 0, anchor = null, now = -1, width = 0, queued = 0, follow = 0;
  let border = null; // {edge, word}: where a dragged border would go

  const start = (i) => words.start[i] / 100, end = (i) => words.end[i] / 100;
  const chosen = () => (anchor === null ? [caret, caret + 1] : [Math.min(anchor, caret), Math.max(anchor, caret) + 1]);
  const sentence = (i) => { let low = 0, high = words.sentences.length - 1; while (low < high) { const m = (low + high + 1) >> 1; if (words.sentences[m] <= i) low = m; else high = m - 1; } return low; };
  const text = (first, last) => { let out = ""; for (let i = first; i < Math.min(last, words.text.length); i++) out += (i > first && !glued.has(i) ? " " : "") + words.text[i]; return out; };

  function classes(i) {
    const [first, last] = chosen();
    const inside = i >= clip.first && i < clip.last;
    const mark = marks.get(i);
    return `w${inside ? " in" : ""}${i === caret ? " caret" : ""}${anchor !== null && i >= first && i < last ? " sel" : ""}${i === now ? " now" : ""}${mark?.loud ? " loud" : ""}${mark && !mark.loud && mark.text !== words.text[i] ? " fixed" : ""}${bleeped.has(i) ? " bleeped" : ""}${cut.has(i) || (mark && !mark.text) ? " cut" : ""}${!inside && unsure.has(i) ? " unsure" : inside && unsure.has(i) && !mark ? " unsure" : ""}`;
  }

  function wordEl(i) {
    const mark = marks.get(i);
    const shown = mark && mark.text ? (mark.first === i ? mark.text : "") : words.text[i];
    return h("span", { class: classes(i), "data-i": String(i), title: mark && mark.text !== words.text[i] ? t("heard", { text: text(mark.first, mark.last) }) : null }, shown);
  }

  function edge(which) {
    const i = which === "start" ? clip.first : clip.last - 1;
    return h("span", {
      class: `edge ${which}`, role: "slider", tabindex: "0", "data-edge": which, "aria-label": t(which === "start" ? "edge-start" : "edge-end"), "aria-orientation": "horizontal",
      "aria-valuemin": "0", "aria-valuemax": String(words.text.length - 1), "aria-valuenow": String(i), "aria-valuetext": `${clock(which === "start" ? start(i) : end(i), true)}, ${words.text[i]}`,
    });
  }

  function build(number) {
    const row = rows[number];
    const para = h("div", { class: "para", "data-row": String(number) });
    if (row.who) para.append(h("span", { class: "who" }, row.who));
    for (let i = row.first; i < row.last; i++) {
      if (i > row.first && !glued.has(i)) para.append(" ");
      if (i === clip.first && clip.last > clip.first) para.append(edge("start"));
      const word = wordEl(i);
      shownWords.set(i, word);
      para.append(word);
      if (i === clip.last - 1 && clip.last > clip.first) para.append(edge("end"));
    }
    return para;
  }

  function lay(forget = false) {
    const style = getComputedStyle(el);
    const size = parseFloat(style.fontSize);
    heights.lay(Math.max(12, (width - 48) / (size * 0.52)), size * 1.8, 12, forget);
  }

  /** Puts into the page what is seen, takes out the rest, measures what is new. */
  function paint() {
    queued = 0;
    if (!el.isConnected) return;
    if (el.clientWidth !== width) { const top = heights.at(el.scrollTop); width = el.clientWidth; lay(true); clear(); el.scrollTop = heights.tops[top]; }
    const from = heights.at(Math.max(0, el.scrollTop - OVER)), upTo = heights.at(el.scrollTop + el.clientHeight + OVER);
    const held = document.activeElement && el.contains(document.activeElement) && document.activeElement !== el ? Number(document.activeElement.closest(".para")?.dataset.row) : -1;
    for (const [n, p] of live) if ((n < from || n > upTo) && n !== held) away(n, p);
    const fresh = [];
    for (let n = from; n <= upTo; n++) if (!live.has(n)) { const p = build(n); p.style.top = `${heights.tops[n]}px`; live.set(n, p); fresh.push([n, p]); }
    if (fresh.length) {
      const after = [...sizer.children];
      for (const [n, p] of fresh) { const next = after.find((x) => Number(x.dataset.row) > n); sizer.insertBefore(p, next || null); }
      const measured = fresh.map(([n, p]) => [n, p.offsetHeight]);
      const top = heights.at(el.scrollTop), into = el.scrollTop - heights.tops[top];
      let moved = false;
      for (const [n, high] of measured) if (Math.abs(heights.known[n] - high) > 0.5) { heights.known[n] = high; moved = true; }
      if (moved) { lay(); for (const [n, p] of live) p.style.top = `${heights.tops[n]}px`; if (measured.some(([n]) => n < top)) el.scrollTop = heights.tops[top] + into; }
    }
    sizer.style.height = `${heights.whole + 24}px`;
  }
  const soon = () => { if (!queued) queued = requestAnimationFrame(paint); };
  const wordAt = (i) => shownWords.get(i);
  function away(n, p) { p.remove(); live.delete(n); for (let i = rows[n].first; i < rows[n].last; i++) shownWords.delete(i); }
  function clear() { for (const p of live.values()) p.remove(); live.clear(); shownWords.clear(); }
  const touch = (i) => { const w = wordAt(i); if (w) w.className = classes(i); };
  function restyle(first, last) { for (const [n] of live) { const r = rows[n]; for (let i = Math.max(first, r.first); i < Math.min(last, r.last); i++) touch(i); } }

  function rebuild() {
    const kept = document.activeElement?.dataset?.edge;
    clear();
    lay();
    paint();
    if (kept) el.querySelector(`[data-edge="${kept}"]`)?.focus({ preventScroll: true });
  }

  function reveal(i, block = "near") {
    const n = heights.of(i);
    paint();
    const w = wordAt(i);
    const at = w ? w.offsetTop + Number.parseFloat(w.closest(".para").style.top) : heights.tops[n];
    const see = el.clientHeight;
    if (block === "middle" || at < el.scrollTop + 30 || at > el.scrollTop + see - 60) { el.scrollTop = at - see * 0.35; paint(); if (!w) { const later = wordAt(i); if (later) el.scrollTop = later.offsetTop + Number.parseFloat(later.closest(".para").style.top) - see * 0.35; paint(); } }
  }

  function move(i, extend, tell = true, follows = true) {
    const was = chosen();
    const old = caret;
    caret = Math.max(0, Math.min(words.text.length - 1, i));
    if (extend) anchor ??= old; else anchor = null;
    const is = chosen();
    restyle(Math.min(was[0], is[0], old), Math.max(was[1], is[1], old + 1));
    touch(caret);
    if (follows) reveal(caret);
    if (tell) say(anchor === null ? `${words.text[caret]}${caret >= clip.first && caret < clip.last ? "" : `, ${t("outside")}`}` : text(...is));
    does.chosen?.(is);
  }

  function keys(e) {
    const onEdge = e.target.dataset?.edge;
    const back = words.rtl ? "ArrowRight" : "ArrowLeft", on = words.rtl ? "ArrowLeft" : "ArrowRight";
    if (onEdge) {
      const count = e.key === back || e.key === "ArrowDown" ? -1 : e.key === on || e.key === "ArrowUp" ? 1 : 0;
      if (!count || e.ctrlKey || e.metaKey) return;
      e.preventDefault(); e.stopPropagation();
      does.step(onEdge, count, e.shiftKey ? "word" : "sentence");
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const s = sentence(caret);
    const go = {
      [back]: caret - 1, [on]: caret + 1, ArrowUp: words.sentences[Math.max(0, caret === words.sentences[s] ? s - 1 : s)],
      ArrowDown: words.sentences[s + 1] ?? words.text.length - 1, Home: clip.first, End: clip.last - 1, PageUp: words.sentences[Math.max(0, s - 8)], PageDown: words.sentences[s + 8] ?? words.text.length - 1,
    }[e.key];
    if (go !== undefined) {
      e.preventDefault(); e.stopPropagation();
      move(go, e.shiftKey, !(e.key === "ArrowUp" || e.key === "ArrowDown"));
      if (e.key === "ArrowUp" || e.key === "ArrowDown") { const k = sentence(caret); say(text(words.sentences[k], words.sentences[k + 1] ?? words.text.length)); }
      return;
    }
    if (e.key === "Enter") { e.preventDefault(); does.jump(caret); }
    if (e.key === "Escape" && anchor !== null) { e.preventDefault(); move(caret, false); }
  }

  pointer(el, {
    pull: preview,
    drop(which, exact) { const to = border; border = null; if (to) does.place(which, to.word, !exact); },
    cancel() { border = null; restyle(0, words.text.length); },
    jump(i) { el.focus({ preventScroll: true }); move(i, false, false); does.jump(i); },
    begin(i) { move(i, false, false); },
    extend(i) { move(i, true, false, false); },
    done() { el.focus({ preventScroll: true }); getSelection()?.removeAllRanges(); say(text(...chosen())); },
    twice(i) { move(i, false, false); does.correct?.(); },
  });
  el.addEventListener("keydown", keys);
  el.addEventListener("scroll", () => { soon(); }, { passive: true });
  el.addEventListener("wheel", () => { follow = performance.now() + 4000; }, { passive: true });
  new ResizeObserver(soon).observe(el);

  /** Shows which words a pulled border would take in. */
  function preview(which, i) {
    if (which === "start" ? i >= clip.last : i < clip.first) return;
    border = { edge: which, word: i };
    const [first, last] = which === "start" ? [i, clip.last] : [clip.first, i + 1];
    for (const [k, w] of shownWords) w.classList.toggle("in", k >= first && k < last);
  }

  return {
    el, chosen, text, sentence,
    get caret() { return caret; },
    /** The clip, its marks and what is struck out of it. */
    show(next, middle = false) {
      clip = next;
      marks = new Map();
      for (const m of next.marks) for (let i = m.first; i < m.last; i++) marks.set(i, m);
      cut = new Set(next.drop); bleeped = new Set([...next.bleep, ...next.mute]);
      if (middle) { caret = clip.first; anchor = null; }
      rebuild();
      if (middle) reveal(clip.first, "middle");
    },
    /** Lights the word that is said at a second of the episode. */
    tick(seconds, playing) {
      const at = (seconds + (playing ? LEAD : 0)) * 100 + 0.5;
      let low = 0, high = words.text.length - 1;
      while (low < high) { const mid = (low + high + 1) >> 1; if (words.start[mid] <= at) low = mid; else high = mid - 1; }
      const next = playing ? low : -1;
      if (next === now) return;
      const was = now;
      now = next;
      if (was >= 0) touch(was);
      if (now >= 0) { touch(now); if (performance.now() > follow) reveal(now); }
    },
    get now() { return now; },
    move, reveal, rows, heights,
    count(needle) { const want = needle.map((w) => bare(w)); let n = 0; for (let i = 0; i + want.length <= words.text.length; i++) { let k = 0; while (k < want.length && bare(words.text[i + k]) === want[k]) k++; if (k === want.length) n++; } return n; },
  };
}

export const bare = (word) => word.normalize("NFC").toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
