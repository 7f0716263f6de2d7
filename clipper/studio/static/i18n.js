// Texts from a catalogue, in the browser's language where there is one. In: a key and values; out: a text.

export const LANGUAGES = { en: "English", de: "Deutsch" };
let texts = {};
let fallback = {};
let sayings = null; // what the server says in English, as [pattern, text] in this language
export let language = "en";

export async function speak(wanted) {
  const asked = [wanted, localStorage.getItem("language"), ...navigator.languages].filter(Boolean).map((l) => l.split("-")[0]);
  language = asked.find((l) => l in LANGUAGES) || "en";
  const read = async (l) => (await fetch(`/static/i18n/${l}.json`)).json();
  const wants = language === "en" ? [read("en")] : [read("en"), read(language), read(`said.${language}`)];
  const [english, own, said] = await Promise.all(wants);
  fallback = english;
  texts = own || english;
  sayings = said ? patterns(said) : null;
  document.documentElement.lang = language;
}

/** t("kept", { n: 3 }): with a number `n` the key's plural form, {name} replaced by values. */
export function t(key, values = {}) {
  let found = texts[key] ?? fallback[key];
  if (found && typeof found === "object") found = found[new Intl.PluralRules(language).select(values.n)] ?? found.other;
  if (found === undefined) return key;
  return found.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

/** A number with one decimal, as the language writes it. */
export const decimal = (number) => number.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What the server says, which is English, in the page's language; what the catalogue does not have stays. */
export function tr(text, depth = 0) {
  if (!sayings || !text || depth > 3) return text;
  for (const one of sayings) {
    if (depth && !one.english.includes(" ")) continue; // a name or a value, which only looks like a word of ours
    one.pattern ??= new RegExp(`^${one.english.split(/\{\d\}/).map((x) => x.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("(.+?)")}$`, "su");
    const found = one.pattern.exec(text);
    if (found) return one.own.replace(/\{(\d)\}/g, (all, n) => tr(found[Number(n)], depth + 1)).replace(/\((\d+) times\)/g, (all, n) => `(${t("n-times", { n: Number(n) })})`);
  }
  const [, place, what] = /^(.{1,1000}?): (.+)$/s.exec(text) || [];
  return what ? `${tr(place, depth + 1)}: ${tr(what, depth + 1)}` : text;
}

// the more letters of a text are fixed, the surer a match is
function patterns(said) {
  const fixed = (text) => text.replace(/\{\d\}|[^\p{L}]/gu, "").length;
  return Object.entries(said).map(([english, own]) => ({ english, own, pattern: null })).sort((a, b) => fixed(b.english) - fixed(a.english));
}
