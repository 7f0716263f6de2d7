// The transcript under mouse, pen and finger: a click or tap jumps, a drag marks (a finger rests first, else it scrolls),
// a handle is pulled. In: the scrolling element and what is to be done; out: calls of `does`.

const REST = 380; // milliseconds that a finger rests on a word until it marks
const STILL = 9; // pixels that a resting finger may move
const EDGE = 44; // pixels from the upper or lower edge where a drag scrolls

/** `does`: pull(edge, word), drop(edge, exact), cancel(), jump(word), begin(word), extend(word), done(). */
export function pointer(el, does) {
  let pressed = null, last = null, timer = 0, rolling = 0;

  // between two words, or at a line's end, the nearest word of the line is meant
  const under = ({ clientX: x, clientY: y }) => {
    for (const dx of [0, -8, 8, -24, 24]) {
      const hit = document.elementFromPoint(x + dx, y)?.closest?.("[data-i]");
      if (hit && el.contains(hit)) return Number(hit.dataset.i);
    }
    return null;
  };

  function reach() {
    const i = under(last);
    if (i === null) return;
    if (pressed.edge) does.pull(pressed.edge, i);
    else if (pressed.marks) does.extend(i);
  }
  /** Scrolls while something is pulled near the upper or lower edge. */
  function roll() {
    rolling = 0;
    if (!pressed || !(pressed.edge || pressed.marks)) return;
    const box = el.getBoundingClientRect();
    const by = last.clientY < box.top + EDGE ? last.clientY - box.top - EDGE : last.clientY > box.bottom - EDGE ? last.clientY - box.bottom + EDGE : 0;
    if (!by) return;
    el.scrollTop += Math.max(-14, Math.min(14, by / 3));
    reach();
    rolling = requestAnimationFrame(roll);
  }
  function over() {
    clearTimeout(timer);
    cancelAnimationFrame(rolling);
    rolling = 0;
    const was = pressed;
    pressed = null;
    el.classList.remove("dragging");
    return was;
  }

  el.addEventListener("pointerdown", (e) => {
    if (e.button || pressed) return;
    last = e;
    const handle = e.target.closest("[data-edge]");
    if (handle) {
      e.preventDefault();
      handle.focus({ preventScroll: true });
      pressed = { id: e.pointerId, edge: handle.dataset.edge };
      el.classList.add("dragging");
      el.setPointerCapture(e.pointerId);
      return;
    }
    const word = under(e);
    if (word === null) return;
    if (e.shiftKey) { e.preventDefault(); does.extend(word); does.done(); return; }
    pressed = { id: e.pointerId, word, x: e.clientX, y: e.clientY, touch: e.pointerType === "touch", marks: false };
    if (pressed.touch) timer = setTimeout(() => { pressed.marks = true; el.classList.add("dragging"); does.begin(word); navigator.vibrate?.(8); }, REST);
  });
  el.addEventListener("pointermove", (e) => {
    if (e.pointerId !== pressed?.id) return;
    last = e;
    if (pressed.touch && !pressed.marks) { if (Math.hypot(e.clientX - pressed.x, e.clientY - pressed.y) > STILL) over(); return; }
    if (!pressed.edge && !pressed.marks) {
      if (under(e) === pressed.word || under(e) === null) return;
      pressed.marks = true;
      does.begin(pressed.word);
    }
    e.preventDefault();
    reach();
    if (!rolling) rolling = requestAnimationFrame(roll);
  });
  el.addEventListener("pointerup", (e) => {
    if (e.pointerId !== pressed?.id) return;
    const was = over();
    if (was.edge) does.drop(was.edge, e.altKey);
    else if (was.marks) does.done();
    else does.jump(was.word);
  });
  el.addEventListener("pointercancel", () => { const was = over(); if (was?.edge) does.cancel(); else if (was?.marks) does.done(); });
  // a finger that marks or pulls does not scroll, and calls up no menu
  el.addEventListener("touchmove", (e) => { if (e.cancelable && (pressed?.edge || pressed?.marks)) e.preventDefault(); }, { passive: false });
  el.addEventListener("contextmenu", (e) => { if (pressed?.touch) e.preventDefault(); });
  el.addEventListener("dblclick", (e) => { const i = under(e); if (i !== null) does.twice(i); });
}
