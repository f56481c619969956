// Drawing from what the phone keeps: templates of the page, filled with text only.

const root = document.getElementById("offline");
const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const DAY_MS = 24 * 60 * 60 * 1000;

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

/** Write a moment (ISO 8601) as it was where it happened, as one speaks it: today 14:02 (okplatform/web/formats.py). */
export function moment(iso, timeZone) {
  if (!iso) return "";
  const at = partsOf(new Date(iso), timeZone);
  const now = Date.now();
  const name = [0, -1].find((days) => dayOf(partsOf(new Date(now + days * DAY_MS), timeZone)) === dayOf(at));
  if (name !== undefined) return `${relative.format(name, "day")} ${at.hour}:${at.minute}`;
  const year = at.year === partsOf(new Date(now), timeZone).year ? "" : ` ${at.year}`;
  return `${at.day} ${at.month}${year} ${at.hour}:${at.minute}`;
}

const dayOf = ({ day, month, year }) => `${day} ${month} ${year}`;

function partsOf(at, timeZone) {
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const format = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", ...clock, timeZone });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
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
const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();

/** Whether white reads better on this ground than black (WCAG's relative luminance). */
function isDark(colour) {
  const [red, green, blue] = colour.match(/[0-9a-f]{2}/g).map((pair) => {
    const share = parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const ground = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (ground + 0.05) >= (ground + 0.05) / 0.05;
}

/** What a card is worth: the points of its membership where it is live, else the balance that was typed. */
export function worth(card, memberships) {
  const live = memberships.find(({ cards }) => cards?.includes(card.uuid));
  return live ? `${live.value} ${live.subtitle}` : balance(card);
}

/** A long number in groups of four, as people read it out (wallet/card_tiles.py says the same). */
export const grouped = (number) => (/^\d{9,}$/.test(number) ? number.match(/\d{1,4}/g).join(" ") : number);

/** A card as a tile, as the server draws it (templates/wallet/card_tile.html); `value` is what it is worth. */
export function cardTile(card, value) {
  const copy = made("tile", { initials: initials(card.name), name: card.name, value });
  part("link", copy).href = `/wallet/cards/${card.uuid}/`;
  part("link", copy).classList.toggle("tile-dark", isDark(card.colour));
  part("ground", copy).setAttribute("fill", card.colour);
  part("starred", copy).hidden = !card.starred;
  part("shared", copy).hidden = !card.shared;
  return copy;
}

/** A membership as a line. */
export const membershipLine = ({ title, subtitle, value }) => made("membership", { title, subtitle, value });
