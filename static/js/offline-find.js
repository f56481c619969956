// Finds receipts by what somebody remembers, with the same meaning of each word as wallet/receipt_search.py.

const LONGEST_SEARCH = 80;
const MOST_WORDS = 6;
const DAY_MS = 24 * 60 * 60 * 1000;
const LATELY = { 30: 30 * DAY_MS, 90: 90 * DAY_MS };
const AMOUNT = /^(\d{1,7})(?:[.,](\d{2}))?$/;
const DAY = /^(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?$/;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

const upper = (text) => text.toUpperCase();
const digits = (uuid) => uuid.replace(/[-{}]|^urn:uuid:/g, "").toLowerCase();

/** Return the receipts that fit { text, shop, period }; `period` is a number of days, or a year. */
export function findReceipts(receipts, { text, shop, period }, now) {
  const words = text.replaceAll("\0", "").trim().slice(0, LONGEST_SEARCH).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const meant = words.filter((word) => word !== "€");
  return receipts.filter(
    (receipt) =>
      (!shop || receipt.find.shop === shop) &&
      isWithin(receipt, period, now) &&
      meant.every((word) => fits(receipt, word)),
  );
}

/** What they come to in each currency: { currency, due, number }, the most receipts first. */
export function totalsOf(receipts) {
  const totals = new Map();
  for (const { find } of receipts) {
    const { currency } = find;
    const { due, number } = totals.get(currency) ?? { due: 0, number: 0 };
    totals.set(currency, { currency, due: due + find.due, number: number + 1 });
  }
  return [...totals.values()].sort((one, other) => other.number - one.number);
}

function isWithin({ at, find }, period, now) {
  if (LATELY[period]) return new Date(at) >= now - LATELY[period];
  return !period || find.day.startsWith(`${period}-`);
}

function fits({ find, number, reference }, word) {
  if (find.texts.some((text) => upper(text).includes(upper(word)))) return true;
  if (reference && upper(reference) === upper(word)) return true;
  return find.amounts.includes(cents(word)) || isOnDay(find.day, word) || digits(number) === digits(word);
}

function cents(word) {
  const [, whole, part = "0"] = AMOUNT.exec(word.replace(/^€/, "")) ?? [];
  return whole === undefined ? null : Number(whole) * 100 + Number(part);
}

function isOnDay(day, word) {
  if (ISO_DAY.test(word)) return day === word;
  const [, date, month, year] = DAY.exec(word) ?? [];
  if (!date) return false;
  const rest = `${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  return year ? day === `${year}-${rest}` : day.endsWith(`-${rest}`);
}
