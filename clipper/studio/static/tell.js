// Notes at the edge of the page and questions in the middle. In: words; out: what the person chose.

import { button, fill, h, icon, say } from "./dom.js";
import { t } from "./i18n.js";

export function toast(text, more = "", act = null, stay = 6000) {
  const el = h("div", { class: "toast", role: "group" }, h("div", {}, h("strong", {}, text), more),
    act && button(act.text, { kind: "slim" }, () => { el.remove(); act.go(); }),
    button("", { kind: "plain slim", pic: "cross", label: t("close") }, () => el.remove()));
  document.getElementById("toasts").append(el);
  say(more ? `${text}. ${more}` : text);
  if (stay) setTimeout(() => el.remove(), stay);
}

/** A question; `build(close)` gives the dialog's content, and what is passed to `close` is the answer (null: none). */
export function ask(title, build) {
  return new Promise((done) => {
    const dialog = h("dialog", { "aria-labelledby": "asked" });
    let answer = null;
    const close = (value) => { answer = value; dialog.close(); };
    const form = h("form", { method: "dialog", onsubmit: (e) => { e.preventDefault(); } }, h("h2", { id: "asked" }, title), build(close, dialog));
    dialog.append(form);
    dialog.addEventListener("close", () => { dialog.remove(); done(answer); });
    dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const answers = (close, text, value = () => true, no = t("cancel")) => h("div", { class: "row end" },
  button(no, { kind: "plain" }, () => close(null)),
  h("button", { class: "button main", type: "submit", onclick: () => close(value()) }, text));

export function note(kind, text, more, ...does) {
  return h("div", { class: `note ${kind}` }, icon(kind === "good" ? "check" : "warn"), h("div", {}, h("strong", {}, text), more), does.length ? h("div", { class: "does" }, does) : null);
}

export { fill };
