// Names to confirm and speakers to name. In: the plan's spelling and speakers; out: rows switched, written otherwise.

import { fill, h, icon } from "../dom.js";
import { edit, on, state } from "../api.js";
import { t } from "../i18n.js";

export function names(main) {
  const spelled = h("section", { class: "card", "aria-labelledby": "spelled" });
  const voices = h("section", { class: "card", "aria-labelledby": "voices" });
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-names")), h("p", { class: "muted" }, t("names-more"))), h("div", { class: "stack" }, voices, spelled));

  function show() {
    const had = main.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const rows = state.plan.spelling;
    fill(spelled, h("div", { class: "pad row apart" }, h("h2", { id: "spelled" }, t("spelling")), h("span", { class: "small muted" }, t("n-rows", { n: rows.length }))),
      rows.length ? h("ul", { class: "list" }, rows.map((r) => h("li", {},
        h("div", {}, h("div", { class: "heard" }, r.heard), h("div", { class: "small muted" }, [r.count ? t("n-times", { n: r.count }) : "", r.where].filter(Boolean).join(" · "))),
        h("input", { class: "input", value: r.written, "data-key": `w-${r.heard}`, "aria-label": t("written-for", { heard: r.heard }), maxlength: 120, onchange: (e) => e.target.value.trim() && edit({ do: "spell", clip: "", heard: r.heard, written: e.target.value }) }),
        h("label", { class: "row small" }, h("input", { type: "checkbox", checked: r.applied, "data-key": `a-${r.heard}`, onchange: (e) => edit({ do: "spell", clip: "", heard: r.heard, written: r.written, applied: e.target.checked }) }), t("apply")))))
        : h("div", { class: "empty" }, icon("check"), h("p", {}, t("no-spelling"))));
    const who = Object.entries(state.plan.speakers);
    fill(voices, h("div", { class: "pad row apart" }, h("h2", { id: "voices" }, t("speakers")), h("span", { class: "small muted" }, t("speakers-more"))),
      who.length ? h("ul", { class: "list" }, who.map(([key, name]) => h("li", {},
        h("div", { class: "heard" }, key), h("input", { class: "input", value: name, "data-key": `s-${key}`, "aria-label": t("name-of", { speaker: key }), maxlength: 80, onchange: (e) => edit({ do: "speaker", clip: "", speaker: key, name: e.target.value }) }),
        h("span", { class: "small muted" }, t("n-clips", { n: state.plan.clips.filter((c) => c.speakers.includes(name)).length })))))
        : h("div", { class: "empty" }, h("p", {}, t("no-speakers"))));
    if (had) [...main.querySelectorAll("[data-key]")].find((el) => el.dataset.key === had)?.focus();
  }
  show();
  const stop = on("plan", show);
  return { leave: stop };
}
