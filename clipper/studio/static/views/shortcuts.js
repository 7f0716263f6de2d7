// Which keys there are. In: nothing; out: a dialog.

import { ask } from "../tell.js";
import { button, h } from "../dom.js";
import { t } from "../i18n.js";

const KEYS = [
  ["key-everywhere", [["Ctrl Z", "undo"], ["Ctrl Shift Z", "redo"], ["?", "keys"]]],
  ["key-cards", [["J K", "key-next"], ["T", "keep"], ["L", "leave"], ["Enter", "key-open"], ["M", "more-like"]]],
  ["key-clip", [["Space", "key-play"], ["← →", "key-word"], ["↑ ↓", "key-sentence"], ["Shift ← →", "key-select"], ["[ ]", "key-border"], ["C", "correct"], ["E", "emphasise"], ["X", "strike"], ["S", "split"], ["T L", "key-verdict"], ["N P", "key-clips"]]],
  ["key-edge", [["← →", "key-edge-sentence"], ["Shift ← →", "key-edge-word"]]],
];

export function shortcuts() {
  return ask(t("keys"), (close) => [
    KEYS.map(([title, rows]) => h("section", { class: "stack", style: { gap: "0.4rem" } }, h("h3", {}, t(title)),
      rows.map(([key, what]) => h("div", { class: "row apart" }, h("span", {}, t(what)), h("span", { class: "row" }, key.split(" ").map((k) => h("kbd", {}, k))))))),
    h("div", { class: "row end" }, button(t("close"), { kind: "main", autofocus: true }, () => close(null)))]);
}
