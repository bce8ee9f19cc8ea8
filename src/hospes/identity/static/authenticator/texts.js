// The app's words, from the provider's own catalogues, in the chosen language.
let words = {};

export async function load(language) {
  const { version } = document.documentElement.dataset;
  const answer = await fetch(`/authenticator/app/${version}/texts/${language}.json`);
  if (!answer.ok) throw new Error("the app's words did not load");
  words = await answer.json();
  document.documentElement.lang = language;
}

export const language = () => document.documentElement.lang;

/** The language with the person's own region, where the browser knows one: en-GB, de-CH. */
export const locale = () =>
  (navigator.languages || []).find((tag) => tag.split("-")[0] === language()) || language();

/** Return the words of `key`; `{name}` in them is replaced by `values.name`. */
export function t(key, values = {}) {
  return fill(words[key] ?? key, values);
}

export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** Write a moment (milliseconds) the way the language does. */
export const moment = (milliseconds, { seconds = false } = {}) =>
  new Intl.DateTimeFormat(locale(), {
    dateStyle: "medium",
    timeStyle: seconds ? "medium" : "short",
  }).format(milliseconds);

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Write how long ago something was: "5 minutes ago". */
export function ago(milliseconds, now = Date.now()) {
  const passed = Math.max(0, now - milliseconds);
  const relative = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const [unit, size] = UNITS.find(([, length]) => passed >= length) || [];
  return unit ? relative.format(-Math.floor(passed / size), unit) : relative.format(0, "second");
}
