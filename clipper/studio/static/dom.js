// Elements from plain values. Texts become text nodes, never markup. In: a tag, properties, children; out: an element.

const SVG = "http://www.w3.org/2000/svg";

/** h("p", { class: "muted", onclick }, "text", child) */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else if (key === "class") el.className = value;
    else if (key === "style") for (const [k, v] of Object.entries(value)) el.style.setProperty(k, v);
    else if (key in el && typeof value !== "string" && !key.startsWith("aria")) el[key] = value;
    else el.setAttribute(key, value === true ? "" : String(value));
  }
  put(el, children);
  return el;
}

export function put(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

export function fill(el, ...children) {
  el.replaceChildren();
  put(el, children);
  return el;
}

const PATHS = {
  play: "M8 5.5v13l10.5-6.5z", pause: "M8 5v14M16 5v14", undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3", check: "m5 12.5 4.5 4.5L19 7.5", cross: "M6 6l12 12M18 6 6 18",
  back: "m15 5-7 7 7 7", next: "m9 5 7 7-7 7", plus: "M12 5v14M5 12h14", warn: "M12 8v5M12 16.5v.5M12 3 2.5 20h19z",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3", star: "M12 4l2.3 5.2 5.7.6-4.3 3.8 1.2 5.6L12 16.3 7.1 19.2l1.2-5.6L4 9.8l5.7-.6z",
  strike: "M5 12h14M8 7.5C8 5.5 10 5 12 5s3.5.7 4 2M16 16c0 2-1.7 3-4 3s-4-1-4.2-2.6", bleep: "M4 12h3l2-6 4 12 2.5-8 1.5 2h3", split: "M12 3v18M7 8 3 12l4 4M17 8l4 4-4 4",
  load: "M12 4v11M7 11l5 5 5-5M5 20h14", folder: "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  from: "M5 4v16M9 12h11M15 7l5 5-5 5", to: "M19 4v16M15 12H4M9 7l-5 5 5 5", film: "M4 5h16v14H4zM4 9h16M4 15h16M9 5v4M15 5v4M9 15v4M15 15v4",
  dash: "M6 12h12", eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  ear: "M4 10v4M8 6v12M12 3v18M16 8v8M20 10v4", merge: "M4 12h16M10 6l-6 6 6 6M14 6l6 6-6 6",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const set = { viewBox: "0 0 24 24", fill: name === "play" ? "currentColor" : "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [k, v] of Object.entries(set)) svg.setAttribute(k, v);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] || "");
  svg.append(path);
  return svg;
}

/** A button with a text, an icon, or both; `label` is its name where it has no text. */
export function button(text, { kind = "", pic, label, ...rest } = {}, act) {
  return h("button", { type: "button", class: `button ${kind}${text ? "" : " icon"}`, "aria-label": label, title: rest.title || label, onclick: act, ...rest }, pic && icon(pic), text);
}

/** One of several, as buttons: choices are [value, text]. */
export function choice(label, choices, now, pick) {
  const group = h("div", { class: "choice", role: "group", "aria-label": label });
  for (const [value, text] of choices) {
    group.append(h("button", { type: "button", "aria-pressed": String(value === now), onclick: () => {
      for (const b of group.children) b.setAttribute("aria-pressed", String(b === group.children[choices.findIndex((c) => c[0] === value)]));
      pick(value);
    } }, text));
  }
  return group;
}

export function select(label, choices, now, pick, props = {}) {
  const el = h("select", { class: "input", "aria-label": label, onchange: () => pick(el.value), ...props });
  for (const [value, text] of choices) el.append(h("option", { value, selected: value === now }, text));
  return el;
}

let liveTimer = 0;
/** Says something to a screen reader. */
export function say(text) {
  const live = document.getElementById("live");
  clearTimeout(liveTimer);
  live.textContent = "";
  liveTimer = setTimeout(() => { live.textContent = text; }, 30);
}

export function clock(seconds, tenths = false) {
  const all = Math.max(0, tenths ? Math.floor(seconds * 10) / 10 : Math.round(seconds));
  const hours = Math.floor(all / 3600), minutes = Math.floor((all % 3600) / 60), rest = all % 60;
  const s = tenths ? rest.toFixed(1).padStart(4, "0") : String(Math.floor(rest)).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${s}` : `${minutes}:${s}`;
}
