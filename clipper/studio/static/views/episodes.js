// All episodes of a folder. In: /api/episodes; out: a list of links.

import { does, get } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";

export function episodes(main) {
  const list = h("ul", { class: "episode-list" }, [1, 2, 3].map(() => h("li", { class: "bone", style: { height: "5rem" } })));
  fill(main, h("div", { class: "lead" }, h("h1", {}, t("view-episodes"))), list);
  does(async () => {
    const all = await get("episodes");
    fill(list, all.map((e) => h("li", {}, h("a", { class: "card", href: `#/clips?episode=${e.key}` },
      h("div", {}, h("div", { class: "muted small" }, [e.show, e.number !== null && `No. ${e.number}`].filter(Boolean).join(" · ") || e.folder), h("h2", {}, e.title || e.folder)),
      e.problem ? h("span", { class: "chip bad" }, t("plan-broken")) : h("div", { class: "row" },
        e.kept ? h("span", { class: "chip kept" }, t("n-kept", { n: e.kept })) : null,
        h("span", { class: "chip" }, t("n-clips", { n: e.clips })),
        e.undecided ? h("span", { class: "chip" }, t("n-undecided", { n: e.undecided })) : null)))),
    all.length ? null : h("li", { class: "empty card" }, t("no-episodes")));
  });
  return {};
}
