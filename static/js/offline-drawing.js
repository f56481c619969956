// Drawing from what the phone keeps: templates of the page, filled with text only.

const root = document.getElementById("offline");
const language = document.documentElement.lang;

/** Return the section of the page with this name. */
export const view = (name) => root.querySelector(`[data-view=${name}]`);

/** Return a part of the page, or of `within`. */
export const part = (name, within = root) => within.querySelector(`[data-part=${name}]`);

/** Show one view and no other. */
export function show(name) {
  root.querySelectorAll(":scope > [data-view]").forEach((one) => (one.hidden = one.dataset.view !== name));
}

/** Return a copy of a template with its parts filled in; what is empty is taken out. */
export function made(template, texts) {
  const copy = document.getElementById(template).content.firstElementChild.cloneNode(true);
  for (const [name, text] of Object.entries(texts)) {
    const where = part(name, copy);
    if (text) where.textContent = text;
    else where.remove();
  }
  return copy;
}

/** Write a moment (ISO 8601) as it was where it happened. */
export function moment(iso, timeZone) {
  if (!iso) return "";
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(iso));
}

/** Write a day (ISO 8601). */
export function day(iso) {
  const at = iso && new Date(`${iso}T12:00:00`);
  return at ? new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(at) : "";
}

/** Write the time of today, or the day and the time. */
export function asOf(at) {
  const same = new Date(at).toDateString() === new Date().toDateString();
  const style = same ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, style).format(new Date(at));
}

/** Write a balance: minor units where the unit is a currency, else whole ones. */
export function balance({ balance: amount, unit }) {
  if (amount === null || amount === undefined) return "";
  if (!/^[A-Z]{3}$/.test(unit)) return `${new Intl.NumberFormat(language).format(amount)} ${named(unit, amount)}`;
  return new Intl.NumberFormat(language, { style: "currency", currency: unit }).format(amount / 100);
}

/** Points and stamps go by their names in the page's language; another unit by its own. */
function named(unit, amount) {
  const names = document.querySelector("[data-units]")?.dataset[unit]?.split("|");
  return names ? names[amount === 1 ? 0 : 1] : unit;
}

/** The first letters of the first two words. */
export const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
