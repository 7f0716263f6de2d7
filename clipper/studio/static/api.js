// Speaking with the server: typed answers of /api, the plan's version with each edit, events. In: calls; out: promises.

import { t, tr } from "./i18n.js";

let csrf = "";
let episode = "";
const listeners = new Map();

export const state = { session: null, plan: null, transcript: null, overview: null, works: new Map(), made: [], saving: 0, lost: false };

export function on(name, fn) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(fn);
  return () => listeners.get(name).delete(fn);
}
export function emit(name, data) {
  for (const fn of [...(listeners.get(name) || [])]) fn(data);
}

export class Fault extends Error {
  constructor(status, body) {
    super(tr(body.error) || ({ 401: t("not-in"), 403: t("status-403"), 413: t("status-413") }[status] ?? t("went-wrong")));
    this.status = status;
    this.mend = tr(body.mend) || "";
    this.theirs = body.theirs || null;
  }
}

export function url(path, query = {}) {
  const asked = new URLSearchParams();
  if (episode) asked.set("episode", episode);
  for (const [k, v] of Object.entries(query)) if (v !== undefined && v !== null && v !== "") asked.set(k, v);
  const text = asked.toString();
  return `/api/${path}${text ? `?${text}` : ""}`;
}

export const call = (method, path, body, query) => asked(method, path, query, body === undefined ? undefined : JSON.stringify(body), "application/json");
/** Keeps a sound file in OUT; gives its name there. */
export const upload = (kind, file) => asked("POST", "uploads", { kind }, file, "application/octet-stream");

async function asked(method, path, query, body, type) {
  let answer;
  try {
    answer = await fetch(url(path, query), {
      method, credentials: "same-origin", body,
      headers: { ...(body !== undefined && { "content-type": type }), ...(method !== "GET" && { "x-clipper": csrf }) },
    });
  } catch {
    setLost(true);
    throw new Fault(0, { error: t("lost"), mend: t("lost-mend") });
  }
  setLost(false);
  const told = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Fault(answer.status, told);
  return told;
}
export const get = (path, query) => call("GET", path, undefined, query);
export const post = (path, body = {}) => call("POST", path, body);

function setLost(lost) {
  if (state.lost !== lost) { state.lost = lost; emit("lost", lost); }
}

export async function begin() {
  state.session = await get("session");
  csrf = state.session.csrf;
}

export function useEpisode(key) {
  episode = key || "";
  Object.assign(state, { plan: null, transcript: null, overview: null, made: [] });
  source?.close();
}
export const episodeKey = () => episode;

export async function load() {
  setPlan(await get("plan"));
  listen();
}

export function setPlan(plan) {
  const before = state.plan;
  state.plan = plan;
  if (state.transcript && state.transcript.version !== plan.words) state.transcript = null;
  emit("plan", before);
}

export async function transcript() {
  if (!state.transcript) state.transcript = await get("transcript");
  return state.transcript;
}

export const clipOf = (id) => state.plan?.clips.find((c) => c.id === id);

// Edits go one after the other: each one knows the version that the last one left.
let line = Promise.resolve();
function inLine(work) {
  const next = line.then(work, work);
  line = next.catch(() => {});
  return next;
}

function saving(step) {
  state.saving += step;
  emit("saving", state.saving);
}

/**
 * Does an edit and shows the plan after it. Gives true, or false when it was not done (which is told then).
 * `wanted` may be a function, for what depends on the edits before it: it is asked when its turn comes.
 */
export function edit(wanted, { force = false } = {}) {
  saving(1);
  return inLine(async () => {
    const asked = typeof wanted === "function" ? wanted() : wanted;
    try {
      setPlan(await post("edits", { version: state.plan.version, edit: asked, force }));
      return true;
    } catch (fault) {
      if (fault.theirs) {
        const mine = { asked, before: clipOf(asked.clip) };
        setPlan(fault.theirs);
        emit("conflict", mine);
      } else emit("fault", fault);
      return false;
    } finally { saving(-1); }
  });
}

/** Changes a value of the show's look; false when it could not be, which is told then. */
export function restyle(key, value, was) {
  saving(1);
  return inLine(async () => {
    try { setPlan(await post("look", { key, value, was })); return true; } catch (fault) { emit("fault", fault); return false; } finally { saving(-1); }
  });
}

export function turn(word, force = false) {
  saving(1);
  return inLine(async () => {
    try {
      const was = state.plan[word];
      setPlan(await post(word, { force }));
      emit("turned", { word, was });
    } catch (fault) {
      if (fault.status === 409) emit("overtaken", { word, fault });
      else emit("fault", fault);
    } finally { saving(-1); }
  });
}

export async function does(work) {
  try { return await work(); } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    emit("fault", fault);
    return null;
  }
}

let source = null;
let timer = 0;
export function listen() {
  source?.close();
  source = new EventSource(url("events"));
  source.addEventListener("hello", (e) => { setLost(false); if (JSON.parse(e.data).version !== state.plan?.version) refresh(); });
  source.addEventListener("plan", (e) => { if (JSON.parse(e.data).version !== state.plan?.version) refresh(); });
  source.addEventListener("work", (e) => {
    const work = JSON.parse(e.data);
    state.works.set(work.id, work);
    emit("work", work);
  });
  source.onerror = () => { setLost(true); clearTimeout(timer); if (source.readyState === 2) timer = setTimeout(listen, 2000); };
}

/** The plan as it is on disk; waits for edits that are under way. */
export function refresh() {
  return inLine(async () => {
    try {
      const plan = await get("plan");
      if (plan.version !== state.plan?.version || Boolean(plan.problem) !== Boolean(state.plan?.problem)) {
        const known = state.plan;
        setPlan(plan);
        if (known && known.version && !plan.problem) emit("elsewhere");
      }
    } catch { /* told by the banner */ }
  });
}

export const frame = (clip, shape, at, size, more = {}) => url(`clips/${clip.id}/frame`, { shape, at: at.toFixed(3), size, v: clip.look.slice(0, 12), ...more });
export const shapesOf = (clip) => clip.formats || state.plan.formats;
