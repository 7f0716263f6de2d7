// What is kept, and rendering it in the background: at the lower edge. In: the plan, work; out: a button, a bar.

import { button, fill, h } from "../dom.js";
import { call, clipOf, does, on, post, state } from "../api.js";
import { t, tr } from "../i18n.js";
import { toast } from "../tell.js";
import { duration } from "../views/working.js";

export function dock() {
  const el = h("aside", { class: "dock", "aria-label": t("render") });
  let last = "";

  function show() {
    const kept = state.plan?.clips.filter((c) => c.picked) || [];
    const busy = [...state.works.values()].filter((w) => w.kind === "render" && (w.stage === "running" || w.stage === "waiting"));
    const now = busy[0];
    if (!kept.length && !now) { fill(el); last = ""; return; }
    const shape = now ? now.id + now.stage : `kept ${kept.length}`;
    if (shape !== last) {
      last = shape;
      fill(el, h("div", { class: "stack" }, now ? [
        h("div", {}, h("strong", { class: "what" }), h("div", { class: "small muted num left" })),
        button(t("cancel"), {}, () => does(() => call("DELETE", `work/${now.id}`))),
        h("div", { class: "bar", role: "progressbar", "aria-label": t("rendering"), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" }, h("span", {})),
      ] : [
        h("div", {}, h("strong", {}, t("n-kept", { n: kept.length })), h("div", { class: "small muted" }, t("kept-more"))),
        button(t("render-n", { n: kept.length }), { kind: "main", pic: "film", id: "render-all" }, () => render([])),
      ]));
    }
    if (now) {
      el.querySelector(".what").textContent = now.stage === "waiting" ? t("waiting") : `${t("rendering")} ${now.note}`;
      el.querySelector(".left").textContent = now.left ? t("left", { time: duration(now.left) }) : t(`step-${now.step || "sound"}`);
      el.querySelector(".bar").setAttribute("aria-valuenow", String(Math.round(now.share * 100)));
      el.querySelector(".bar span").style.width = `${now.share * 100}%`;
    }
  }
  return { el, show, leave: () => {} };
}

export const render = (clips) => does(async () => {
  const work = await post("render", { clips });
  state.works.set(work.id, work);
});

on("work", (work) => {
  if (work.kind !== "render") return;
  const titles = work.what.map((id) => clipOf(id)?.title).filter(Boolean);
  if (work.stage === "done") toast(t("rendered", { n: titles.length }), work.said.map((x) => tr(x)).join(" · ") || titles.join(" · "), titles.length === 1 ? { text: t("look-at-it"), go: () => { location.hash = location.hash.includes("?") ? `#/clip/${work.what[0]}?${location.hash.split("?")[1]}` : `#/clip/${work.what[0]}`; } } : null, 12000);
  if (work.stage === "failed") toast(tr(work.said[0]) || t("work-failed"), work.said.slice(1).map((x) => tr(x)).join(" "), null, 0);
  if (work.stage === "cancelled") toast(t("cancelled"), t("cancelled-more"));
});
