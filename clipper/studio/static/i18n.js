// Texts from a catalogue, in the browser's language where there is one. In: a key and values; out: a text.

export const LANGUAGES = { en: "English", de: "Deutsch" };
let texts = {};
let fallback = {};
export let language = "en";

export async function speak(wanted) {
  const asked = [wanted, localStorage.getItem("language"), ...navigator.languages].filter(Boolean).map((l) => l.split("-")[0]);
  language = asked.find((l) => l in LANGUAGES) || "en";
  const read = async (l) => (await fetch(`/static/i18n/${l}.json`)).json();
  fallback = await read("en");
  texts = language === "en" ? fallback : await read(language);
  document.documentElement.lang = language;
}

/** t("kept", { n: 3 }): with a number `n` the key's plural form, {name} replaced by values. */
export function t(key, values = {}) {
  let found = texts[key] ?? fallback[key];
  if (found && typeof found === "object") found = found[new Intl.PluralRules(language).select(values.n)] ?? found.other;
  if (found === undefined) return key;
  return found.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}
