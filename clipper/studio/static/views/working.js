// An episode that is worked on for the first time: how far it is. In: where to show it; out: nothing, `ready` is called.

import { button, fill, h, icon } from "../dom.js";
import { call, does, get, listen, on, state } from "../api.js";
import { t, tr } from "../i18n.js";

export function working(main, ready) {
  const bar = h("span", {});
  const step = h("p", { class: "muted" }, t("step-episode"));
  const left = h("p", { class: "muted small num" });
  const meter = h("div", { class: "bar", role: "progressbar", "aria-label": t("working"), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" }, bar);
  fill(main, h("div", { class: "working" }, h("h1", {}, t("working")), h("p", {}, t("working-more")), meter, h("div", { class: "row apart" }, step, left)));
  let over = false;
  const seen = (work) => {
    if (work.kind !== "find" || over) return;
    bar.style.width = `${Math.round(work.share * 100)}%`;
    meter.setAttribute("aria-valuenow", String(Math.round(work.share * 100)));
    if (work.step) step.textContent = t(`step-${work.step}`);
    left.textContent = work.left ? t("left", { time: duration(work.left) }) : "";
    if (work.stage === "done") { over = true; stop(); ready(); }
    if (work.stage === "failed" || work.stage === "cancelled") {
      over = true;
      fill(main, h("div", { class: "empty card" }, icon("warn"), h("h1", {}, t("work-failed")), work.said.map((s) => h("p", {}, tr(s))), h("p", { class: "muted" }, t("work-failed-more"))));
    }
  };
  const stop = on("work", seen);
  for (const work of state.works.values()) seen(work);
  listen();
  get("work").then((all) => all.forEach(seen));
  main.querySelector(".working")?.append(h("div", {}, button(t("cancel"), {}, () => does(() => {
    const running = [...state.works.values()].find((w) => w.kind === "find");
    return running && call("DELETE", `work/${running.id}`);
  }))));
}

export function duration(seconds) {
  const s = Math.max(1, Math.round(seconds));
  return s < 90 ? t("seconds", { n: s }) : t("minutes", { n: Math.round(s / 60) });
}
