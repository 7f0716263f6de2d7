// The look of all clips: templates side by side, in the shapes that are made, of a clip that is at hand.
// In: the plan; out: another template, other shapes.

import { choice, fill, h, select } from "../dom.js";
import { edit, frame, on, state } from "../api.js";
import { t } from "../i18n.js";

export function look(main) {
  let of = (state.plan.clips.find((c) => c.picked) || state.plan.clips[0])?.id;
  let safe = "";
  const grid = h("div", { class: "looks", role: "radiogroup", "aria-label": t("template") });
  const big = h("div", { class: "three" });
  const bar = h("div", { class: "filters" });
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-look")), h("p", { class: "muted" }, t("look-more"))), bar,
    h("section", { class: "card pad stack", "aria-label": t("shapes"), style: { "margin-bottom": "1.5rem" } }, big), grid);

  const clip = () => state.plan.clips.find((c) => c.id === of);
  const picture = (template, shape, size, alt) => {
    const c = clip();
    const img = h("img", { alt, loading: "lazy", decoding: "async", src: frame(c, shape, (c.span.end - c.span.start) / 3, size, { template, safe }), ...({ vertical: { width: 9, height: 16 }, square: { width: 1, height: 1 }, wide: { width: 16, height: 9 } }[shape]) });
    img.style.setProperty("aspect-ratio", { vertical: "9 / 16", square: "1", wide: "16 / 9" }[shape]);
    return img;
  };
  const used = () => clip()?.template || state.plan.template;

  function show() {
    if (!clip()) { fill(grid, h("p", { class: "empty card" }, t("no-clips"))); return; }
    const had = grid.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    fill(bar, select(t("view-clips"), state.plan.clips.map((c) => [c.id, c.title]), of, (v) => { of = v; show(); }, { class: "input" }),
      select(t("safe"), [["", t("no-veil")], ["all", t("veil-all")], ...state.session.platforms.filter((p) => p.veil).map((p) => [p.name, t("veil", { name: p.label })])], safe, (v) => { safe = v; show(); }),
      choice(t("shapes"), [["vertical,square,wide", t("all-shapes")], ["vertical", t("shape-vertical")], ["square", t("shape-square")], ["wide", t("shape-wide")]], state.plan.formats.join(","), (v) => edit({ do: "every-shape", formats: v.split(",") })));
    fill(big, ["vertical", "square", "wide"].map((s) => picture(undefined, s, "preview", t("preview-of", { title: `${clip().title}, ${t(`shape-${s}`)}` }))));
    fill(grid, state.session.templates.map((x) => h("button", {
      type: "button", role: "radio", class: "look card", "data-name": x.name, "aria-checked": String(x.name === state.plan.template), tabindex: x.name === used() ? "0" : "-1",
      onclick: () => edit({ do: "every-look", template: x.name }), onkeydown: arrows,
    }, h("span", { class: "shapes" }, ["vertical", "square", "wide"].map((s) => picture(x.name, s, "small", ""))),
    h("span", { class: "row apart" }, h("strong", {}, x.name), x.name === state.plan.template ? h("span", { class: "chip kept" }, t("in-use")) : null), h("span", { class: "small muted" }, x.description))));
    if (had) grid.querySelector(`[data-name="${had}"]`)?.focus();
  }
  function arrows(e) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const all = [...grid.children];
    all[(all.indexOf(e.currentTarget) + step + all.length) % all.length].focus();
  }
  show();
  const stop = on("plan", show);
  return { leave: stop };
}
