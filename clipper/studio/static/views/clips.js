// Candidates as cards, the episode as a strip, what the page promises. In: the plan; out: picks.

import { button, choice, fill, h, icon, say, select } from "../dom.js";
import { clock } from "../dom.js";
import { call, clipOf, does, edit, frame, get, on, post, setPlan, shapesOf, state } from "../api.js";
import { t, tr } from "../i18n.js";
import { toast } from "../tell.js";
import { dock } from "../widgets/dock.js";
import { strip } from "../widgets/strip.js";

const wanted = { status: "all", topic: "", speaker: "", length: "" };
const LENGTHS = { short: [0, 30], middle: [30, 60], long: [60, Infinity] };

const status = (c) => (c.picked === true ? "kept" : c.picked === false ? "left" : "open");

export function clips(main, id, { to }) {
  const plan = () => state.plan;
  const cards = new Map();
  const grid = h("ul", { class: "cards" });
  const count = h("p", { class: "muted", role: "status" });
  const filters = h("div", { class: "filters", role: "search", "aria-label": t("filters") });
  const line = strip(to);
  const covered = h("section", { class: "covered card pad", "aria-labelledby": "covered" });
  const bottom = dock();

  function lead() {
    const p = plan();
    const over = [p.show, p.number !== null && `No. ${p.number}`].filter(Boolean).join(" · ");
    return h("div", { class: "lead" }, over && h("p", { class: "over" }, over), h("h1", {}, p.title || t("view-clips")),
      p.guests.length ? h("p", { class: "muted" }, t("with", { names: p.guests.join(", ") })) : null);
  }

  function visible(c) {
    const [least, most] = LENGTHS[wanted.length] || [0, Infinity];
    const long = c.span.end - c.span.start;
    return (wanted.status === "all" || status(c) === wanted.status) && (!wanted.topic || c.topic === wanted.topic) &&
      (!wanted.speaker || c.speakers.includes(wanted.speaker)) && long >= least && long < most;
  }

  function again() {
    const all = plan().clips;
    const there = all.filter(visible);
    for (const c of there) {
      const known = cards.get(c.id);
      const look = JSON.stringify(c);
      if (!known || known.look !== look) {
        const had = known?.el.contains(document.activeElement) ? document.activeElement.dataset.does : null;
        const el = card(c, to);
        known?.el.replaceWith(el);
        cards.set(c.id, { el, look });
        if (had) el.querySelector(`[data-does="${had}"]`)?.focus();
      }
    }
    const els = there.map((c) => cards.get(c.id).el);
    if (els.length !== grid.children.length || els.some((el, i) => grid.children[i] !== el)) {
      const focused = document.activeElement;
      fill(grid, els);
      if (grid.contains(focused)) focused.focus();
    }
    if (!there.length) fill(grid, h("li", { class: "empty card" }, h("p", {}, all.length ? t("none-match") : t("no-clips")),
      all.length ? button(t("show-all"), {}, () => { Object.assign(wanted, { status: "all", topic: "", speaker: "", length: "" }); controls(); again(); }) : null));
    const kept = all.filter((c) => c.picked).length;
    count.textContent = `${t("n-proposals", { n: there.length })}${kept ? ` · ${t("n-kept", { n: kept })}` : ""}`;
    bottom.show();
    line.show();
    coverage();
  }

  function controls() {
    const topics = [...new Set(plan().clips.map((c) => c.topic).filter(Boolean))];
    const speakers = [...new Set(plan().clips.flatMap((c) => c.speakers))];
    const change = (key) => (value) => { wanted[key] = value; again(); };
    fill(filters,
      choice(t("status"), [["all", t("all")], ["open", t("undecided")], ["kept", t("kept")], ["left", t("left-out")]], wanted.status, change("status")),
      topics.length > 1 && select(t("topic"), [["", t("any-topic")], ...topics.map((x) => [x, x])], wanted.topic, change("topic")),
      speakers.length > 1 && select(t("speaker"), [["", t("any-speaker")], ...speakers.map((x) => [x, x])], wanted.speaker, change("speaker")),
      select(t("length"), [["", t("any-length")], ["short", t("under-30")], ["middle", t("30-to-60")], ["long", t("over-60")]], wanted.length, change("length")),
      count);
  }

  function coverage() {
    const rows = plan().coverage;
    covered.hidden = !rows.length;
    fill(covered, h("h2", { id: "covered" }, t("coverage")), h("ul", {}, rows.map(({ topic, what }) => {
      const c = clipOf(what);
      return h("li", { class: c ? "yes" : "" }, icon(c ? "check" : "dash"), h("div", {}, h("div", {}, topic),
        h("div", { class: "small muted" }, c ? h("a", { href: to("clip", c.id) }, c.title) : tr(what))));
    })));
  }

  controls();
  fill(main, lead(), line.el, filters, grid, covered, bottom.el);
  again();
  const stops = [on("plan", () => { controls(); again(); }), on("work", () => bottom.show())];
  if (!state.overview) does(async () => { state.overview = await get("overview"); line.show(); });

  return {
    title: plan().title || t("view-clips"),
    leave: () => { stops.forEach((s) => s()); bottom.leave(); },
    key(e) {
      const all = [...grid.querySelectorAll("[data-clip]")];
      const at = all.findIndex((el) => el.contains(document.activeElement));
      const here = at >= 0 ? clipOf(all[at].dataset.clip) : null;
      const go = (i) => all[Math.max(0, Math.min(all.length - 1, i))]?.querySelector("h2 a")?.focus();
      if (e.key === "j") go(at + 1);
      else if (e.key === "k") go(at - 1);
      else if (e.key === "t" && here) edit({ do: "pick", clip: here.id, picked: here.picked === true ? null : true });
      else if (e.key === "l" && here) edit({ do: "pick", clip: here.id, picked: here.picked === false ? null : false });
      else if (e.key === "m" && here) more(here);
      else return;
      e.preventDefault();
    },
  };
}

function card(c, to) {
  const long = c.span.end - c.span.start;
  const pick = (picked) => edit(() => ({ do: "pick", clip: c.id, picked: clipOf(c.id)?.picked === picked ? null : picked }));
  const shape = shapesOf(c)[0];
  const img = h("img", { alt: "", loading: "lazy", decoding: "async", src: frame(c, shape, long / 3, "small") });
  img.addEventListener("error", () => img.remove());
  return h("li", { class: `clip-card card ${status(c)}`, "data-clip": c.id },
    h("div", { class: "face" }, img, h("span", { class: "long num" }, t("secs", { n: Math.round(long) }))),
    h("div", { class: "body" },
      h("h2", { class: "fades" }, h("a", { href: to("clip", c.id), "data-does": "open" }, c.title)),
      h("div", { class: "says fades" }, h("q", {}, c.opens), c.closes !== c.opens ? h("q", {}, c.closes) : null),
      h("div", { class: "row" }, h("span", { class: "small muted num" }, `${clock(c.span.start)} – ${clock(c.span.end)}`),
        c.warnings.length || c.notes.length ? h("span", { class: "chip warn", title: [...c.warnings, ...c.notes].map((x) => tr(x)).join("\n") }, icon("warn"), t("n-warnings", { n: c.warnings.length + c.notes.length })) : null),
      h("p", { class: "why fades" }, tr(c.warnings[0] || c.notes[0] || c.reasons[0] || "")),
      h("div", { class: "does" },
        button(t("keep"), { kind: "slim", pic: "check", "aria-pressed": String(c.picked === true), "data-does": "keep", "aria-label": `${t("keep")}: ${c.title}` }, () => pick(true)),
        button(t("leave"), { kind: "slim", "aria-pressed": String(c.picked === false), "data-does": "leave", "aria-label": `${t("leave")}: ${c.title}` }, () => pick(false)),
        button(t("more-like"), { kind: "slim plain", pic: "plus", "data-does": "more", "aria-label": `${t("more-like")}: ${c.title}` }, () => more(c)))));
}

async function more(c) {
  const before = new Set(state.plan.clips.map((x) => x.id));
  say(t("looking"));
  const plan = await does(() => post("more", { clip: c.id, kind: "like" }));
  if (!plan) return;
  setPlan(plan);
  const fresh = plan.clips.filter((x) => !before.has(x.id));
  toast(fresh.length ? t("n-found", { n: fresh.length }) : t("nothing-else"), fresh.map((x) => x.title).join(" · "));
}

export { call };
