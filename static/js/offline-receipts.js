// Receipts from what the phone keeps: plain texts that the server wrote (wallet/offline_receipts.py).

import { made, moment, part, show, view } from "ok/offline-drawing";
import { drawQr } from "ok/wallet-symbols";

const TONES = { good: "good", paid: "wallet-paid", quiet: "wallet-vat third" };

const CODE_WIDTH = 212;

/** Show all, the newest first. */
export function showReceipts(receipts) {
  part("receipts").replaceChildren(...receipts.map(item));
  part("receipts").hidden = !receipts.length;
  part("no-receipts").hidden = receipts.length > 0;
  show("receipts");
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
