// What could not be saved, with a network.

import { sayWhy } from "ok/wallet-able";
import { openChest } from "ok/wallet-chest";
import { fill } from "ok/wallet-fill";
import { showUnsaved } from "ok/wallet-unsaved";

const section = document.getElementById("unsaved");
const language = document.documentElement.lang;

function written(amount, card) {
  const unit = card?.unit ?? "EUR";
  if (!/^[A-Z]{3}$/.test(unit)) return `${new Intl.NumberFormat(language).format(amount)} ${unit}`;
  return new Intl.NumberFormat(language, { style: "currency", currency: unit }).format(amount / 100);
}

async function start() {
  const chest = await openChest(Date.now()).catch(() => null);
  const cards = chest ? await chest.cards() : [];
  const known = new Map(cards.map((card) => [card.uuid, card]));
  await showUnsaved(section, { known, written, again: async () => (await fill(), start()) });
}

const shown = () => start().catch(sayWhy);
await shown();
await fill();
await shown();
