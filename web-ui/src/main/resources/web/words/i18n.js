/**
 * The page's words in the reader's language: the chosen one, else the browser's, else English.
 * A language is a file in messages/ and an entry here.
 */
export const LANGUAGES = { en: "English", de: "Deutsch" };
const KEPT_AS = "onlooker.language";

export const language = chosen();
/** The language as it is written where the reader is: what numbers and dates look like. */
export const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;
const reply = await fetch(`/messages/${language}.json`);
/** @type {Record<string, string>} */
const messages = await reply.json();
const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
document.documentElement.lang = language;

/**
 * The words for a key; `{name}` in them stands for a value, and with a `count` the key's ".one"
 * or ".other" is taken.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const { count } = values;
  const counted = typeof count === "number" ? messages[`${key}.${plural.select(count)}`] : undefined;
  const words = counted ?? messages[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number.format(value) : value;
  });
}

/** Keeps the language and begins anew in it. @param {string} wanted */
export function speak(wanted) {
  localStorage.setItem(KEPT_AS, wanted);
  location.reload();
}

function chosen() {
  const wishes = [kept(), ...navigator.languages.map((one) => one.slice(0, 2))];
  return wishes.find((one) => one in LANGUAGES) ?? "en";
}

function kept() {
  try {
    return localStorage.getItem(KEPT_AS) ?? "";
  } catch {
    return "";
  }
}
