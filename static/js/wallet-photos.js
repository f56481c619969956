/**
 * Photos of the cards that were used lately, sealed as the cards are. In the clear beside each: its digest, size and
 * the moment of that use, so that a locked phone knows which one makes place.
 */

import { asSealed } from "ok/wallet-chest";
import { names, read, together } from "ok/wallet-database";

const PHOTOS = "/wallet/cards/photos/";
const MOST_BYTES = 12_000_000;
const SIDES = ["front", "back"];

/** Fetch what is new of these cards, the last used first, as far as there is room. */
export async function fillPhotos(cards) {
  const kept = await known();
  for (const card of cards) forgetOthers(kept, card);
  const wanted = cards.flatMap(photosOf).sort(byUse);
  for (const { name, digest, at } of wanted) {
    const here = kept.get(name);
    if (here) kept.set(name, { ...here, at });
    else if (roomFor(kept, at)) await fetchOne(kept, name, { digest, at });
  }
  makeRoom(kept);
  await together(["photos"], "readwrite", (of) => {
    of("photos").clear();
    for (const [name, record] of kept) of("photos").put(record, name);
  });
}

const byUse = (one, other) => (one.at < other.at ? 1 : -1);

async function known() {
  const found = await names("photos");
  return new Map(await Promise.all(found.map(async (name) => [name, await read(name, "photos")])));
}

function photosOf(card) {
  const at = card.last_used_at ?? card.added_at ?? "";
  return SIDES.filter((side) => card[side]).map((side) => ({ name: `${card.uuid} ${side}`, digest: card[side], at }));
}

/** A card that was removed, or has other photos now, leaves none behind. */
function forgetOthers(kept, card) {
  for (const side of SIDES) {
    const name = `${card.uuid} ${side}`;
    if (kept.get(name)?.digest !== card[side]) kept.delete(name);
  }
}

/** Whether what was used later leaves anything for one that was used `at`. */
function roomFor(kept, at) {
  const later = [...kept.values()].filter((one) => one.at >= at);
  return later.reduce((sum, { bytes }) => sum + bytes, 0) < MOST_BYTES;
}

async function fetchOne(kept, name, { digest, at }) {
  const response = await fetch(`${PHOTOS}${digest}/`).catch(() => null);
  if (!response?.ok) return;
  const content = await response.arrayBuffer();
  kept.set(name, { digest, at, bytes: content.byteLength, ...(await asSealed(content)) });
}

function makeRoom(kept) {
  let bytes = 0;
  for (const [name, one] of [...kept].sort(([, one], [, other]) => byUse(one, other))) {
    bytes += one.bytes;
    if (bytes > MOST_BYTES) kept.delete(name);
  }
}
