// Receipts from what the phone keeps: plain texts that the server wrote (wallet/offline_receipts.py).

import { balance, made, moment, part, show, view } from "ok/offline-drawing";
import { findReceipts, totalsOf } from "ok/offline-find";
import { drawQr } from "ok/wallet-symbols";

const TONES = { good: "good", paid: "wallet-paid", quiet: "wallet-vat third" };

const CODE_WIDTH = 212;

/** Show those that are looked for, the newest first. */
export function showReceipts(receipts) {
  const search = view("receipts").querySelector("[data-find-receipts]");
  search.hidden = !receipts.length;
  offer(search, receipts);
  const draw = () => list(receipts, search);
  search.onsubmit = (event) => event.preventDefault();
  search.oninput = draw;
  draw();
  show("receipts");
}

/** Offer the shops and years of what is here, and what the address asked for. */
function offer({ elements }, receipts) {
  const asked = new URLSearchParams(location.search);
  const shops = new Map(receipts.map(({ find, shop }) => [find.shop, shop]));
  const years = new Set(receipts.map(({ find }) => find.day.slice(0, 4)));
  options(elements.shop, [...shops].sort(([, one], [, other]) => one.localeCompare(other)));
  options(elements.period, [...years].map((year) => [year, year]));
  elements.q.value ||= asked.get("q") ?? "";
  for (const name of ["shop", "period"]) {
    elements[name].value = asked.get(name) ?? "";
    if (elements[name].selectedIndex < 0) elements[name].value = "";
  }
}

function options(select, choices) {
  select.querySelectorAll("[data-here]").forEach((one) => one.remove());
  for (const [value, label] of choices) {
    const option = new Option(label, value);
    option.dataset.here = "";
    select.add(option);
  }
}

function list(receipts, { elements }) {
  const wanted = { text: elements.q.value, shop: elements.shop.value, period: elements.period.value };
  const found = findReceipts(receipts, wanted, Date.now());
  part("receipts").replaceChildren(...found.map(item));
  part("receipts").hidden = !found.length;
  part("no-receipts").hidden = receipts.length > 0;
  part("none-found").hidden = found.length > 0 || !receipts.length;
  part("older").hidden = !receipts.length;
  total(found);
  const asked = new URLSearchParams(
    [["q", wanted.text], ["shop", wanted.shop], ["period", wanted.period]].filter(([, said]) => said),
  );
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
}

function total(found) {
  const line = part("total");
  const said = totalsOf(found).map(({ currency, due, number }) => {
    const amount = balance({ balance: due, unit: currency });
    return line.dataset[number === 1 ? "one" : "many"].replace("{number}", number).replace("{amount}", amount);
  });
  line.textContent = said.join("\n");
  line.hidden = !said.length;
}

function item(receipt) {
  const { shop, initials, place, amount } = receipt;
  const copy = made("receipt", { shop, initials, place, amount, moment: moment(receipt.at, receipt.timezone) });
  part("link", copy).href = `/wallet/receipts/${receipt.id}/`;
  part("initials", copy)?.classList.add(receipt.mark);
  return copy;
}

/** Show one. */
export function showReceipt(receipt) {
  const within = view("receipt");
  for (const name of ["amount", "shop", "place", "number"]) part(name, within).textContent = receipt[name];
  part("moment", within).textContent = moment(receipt.at, receipt.timezone);
  const parts = receipt.parts.map(({ name, lines }) => {
    const section = made("receipt-part", {});
    section.setAttribute("aria-label", name);
    part("lines", section).replaceChildren(...lines.map(line));
    return section;
  });
  const notes = receipt.notes.map(({ title, line, value }) => made("receipt-note", { title, line, value }));
  part("parts").replaceChildren(...parts, ...notes);
  drawQr(part("code", within), receipt.number, CODE_WIDTH);
  const reference = part("reference");
  reference.textContent = receipt.reference ? reference.dataset.text.replace("{reference}", receipt.reference) : "";
  show("receipt");
}

function line({ text, detail, amount, tone }) {
  const copy = made("receipt-line", { text, detail, amount });
  if (TONES[tone]) copy.classList.add(...TONES[tone].split(" "));
  return copy;
}
