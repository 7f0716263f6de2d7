// The look of all clips: templates side by side, in the shapes that are made, of a clip that is at hand.
// In: the plan; out: another template, other shapes, colours and captions of the show's own (its clipper.toml).

import { button, choice, fill, h, icon, select } from "../dom.js";
import { call, does, edit, frame, on, restyle, state } from "../api.js";
import { t, tr } from "../i18n.js";

// a role as the language calls it; one of somebody's own template by its own name
const named = (role) => { const key = `role-${role}`, name = t(key); return name === key ? role : name; };

export function look(main) {
  let of = (state.plan.clips.find((c) => c.picked) || state.plan.clips[0])?.id;
  let safe = "";
  const grid = h("div", { class: "looks", role: "radiogroup", "aria-label": t("template") });
  const big = h("div", { class: "three" });
  const bar = h("div", { class: "filters" });
  const own = h("section", { class: "card pad stack", "aria-label": t("own-look"), style: { "margin-bottom": "1.5rem" } });
  let seen = "", later = 0;
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-look")), h("p", { class: "muted" }, t("look-more"))), bar,
    h("section", { class: "card pad stack", "aria-label": t("shapes"), style: { "margin-bottom": "1.5rem" } }, big), own, grid);

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
    fill(bar, select(t("view-clips"), state.plan.clips.map((c) => [c.id, c.title]), of, (v) => { of = v; show(); }, { class: "input" }),
      select(t("safe"), [["", t("no-veil")], ["all", t("veil-all")], ...state.session.platforms.filter((p) => p.veil).map((p) => [p.name, t("veil", { name: p.label })])], safe, (v) => { safe = v; show(); }),
      choice(t("shapes"), [["vertical,square,wide", t("all-shapes")], ["vertical", t("shape-vertical")], ["square", t("shape-square")], ["wide", t("shape-wide")]], state.plan.formats.join(","), (v) => edit({ do: "every-shape", formats: v.split(",") })));
    if (seen === clip().id + clip().look + safe) return;
    const first = !seen;
    seen = clip().id + clip().look + safe;
    fill(big, ["vertical", "square", "wide"].map((s) => picture(undefined, s, "preview", t("preview-of", { title: `${clip().title}, ${t(`shape-${s}`)}` }))));
    showOwn();
    for (const el of grid.children) el.setAttribute("aria-checked", String(el.dataset.name === state.plan.template));
    clearTimeout(later); // what is looked at comes first, then the templates
    if (first) templates(); else later = setTimeout(templates, 900);
  }

  function templates() {
    const had = grid.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    fill(grid, state.session.templates.map((x) => h("button", {
      type: "button", role: "radio", class: "look card", "data-name": x.name, "aria-checked": String(x.name === state.plan.template), tabindex: x.name === used() ? "0" : "-1",
      onclick: () => edit({ do: "every-look", template: x.name }), onkeydown: arrows,
    }, h("span", { class: "shapes" }, ["vertical", "square", "wide"].map((s) => picture(x.name, s, "small", ""))),
    h("span", { class: "row apart" }, h("strong", {}, x.name), x.name === state.plan.template ? h("span", { class: "chip kept" }, t("in-use")) : null), h("span", { class: "small muted" }, tr(x.description)))));
    if (had) grid.querySelector(`[data-name="${had}"]`)?.focus();
  }

  async function showOwn() {
    const at = seen, c = clip();
    const now = await does(() => call("GET", `clips/${c.id}/look`));
    if (!now || at !== seen || !own.isConnected) return;
    const had = own.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const change = async (...what) => { if (!(await restyle(...what))) showOwn(); };
    const colour = (x) => {
      const key = `brand.${x.role}`, role = named(x.role), name = t("colour-of", { role });
      const set = (v) => change(key, v, x.own);
      const text = h("input", { class: "input num", value: x.own || x.seen, maxlength: 9, size: 9, style: { width: "7.5rem" }, "aria-label": `${name} #RRGGBB`, "data-key": `t-${key}`, onchange: (e) => set(e.target.value.trim()) });
      return h("li", {}, h("input", { type: "color", value: (x.own || x.seen).slice(0, 7), "aria-label": name, "data-key": key, onchange: (e) => set(e.target.value.toUpperCase()) }),
        h("span", { class: "role", title: x.role }, role), text,
        x.own ? button(t("as-template"), { kind: "slim plain", label: `${t("as-template")}: ${role}`, "data-key": `r-${key}` }, () => set(null)) : h("span", { class: "small muted" }, t("of-template")));
    };
    fill(own, h("div", { class: "row apart" }, h("h2", {}, t("own-look")), h("span", { class: "small muted" }, t("own-look-more", { file: now.file }))),
      now.unread.map((u) => h("div", { class: "note warn", role: "status" }, icon("warn"), h("div", {}, h("strong", {}, t("cannot-read", { role: named(u.role) })), t("cannot-read-more", { contrast: u.contrast, least: u.least, shape: t(`shape-${u.shape}`), layer: u.layer })))),
      h("ul", { class: "colours" }, now.colours.map(colour)),
      h("div", { class: "three-fields" }, h("div", { class: "field" }, h("span", { class: "label" }, t("caption-style")), select(t("caption-style"), [["", t("as-template-is", { name: now.style })], ...now.styles.map((x) => [x, x])], now.captions || "", (v) => change("captions", v || null, now.captions), { "data-key": "captions" })),
      ["title", "hook"].map((key) => h("div", { class: "field" }, h("label", { class: "label", for: `look-${key}` }, t(key)), h("input", { class: "input", id: `look-${key}`, "data-key": key, maxlength: 200, value: c[key], onchange: (e) => edit({ do: key, clip: c.id, [key]: e.target.value }) })))));
    if (had) [...own.querySelectorAll("[data-key]")].find((el) => el.dataset.key === had)?.focus();
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
  return { leave: () => { clearTimeout(later); stop(); } };
}
