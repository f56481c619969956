// The cards beside the code: the one of here or the one used last is one swipe away, with and without a network.

import { countUse } from "ok/card-uses";
import { drawSymbol, readable } from "ok/card-symbol";
import { cardTile, grouped, made, membershipLine, part, worth } from "ok/offline-drawing";
import { openChest } from "ok/wallet-chest";
import { askForPlaces, forgetPlaces, isNear, knowsPlaces, note, position } from "ok/wallet-places";
import { waiting, withWaiting } from "ok/wallet-waiting";

const MOST = 4;
const MOST_TILES = 6;
const MOST_HEIGHT = 0.45;
// As long as a glance; whoever swipes past a card did not use it.
const SHOWN_MS = 2_000;

const strip = document.getElementById("strip");
const names = part("strip-names", document);
const code = strip.firstElementChild;
const spread = { key: "", cards: new Map(), current: code, timer: 0 };

/** Put the cards that the phone keeps beside the code; none while it is locked. */
export async function showCards() {
  const chest = await openChest(Date.now());
  if (!chest) return hideCards();
  const changes = await waiting();
  const [all, memberships, here] = [await chest.cards(), await chest.memberships(), await chest.here()];
  const cards = withWaiting(all, changes).filter((card) => !card.removed && !card.archived);
  for (const card of cards) card.value = worth(card, memberships);
  if (!cards.length) return hideCards();
  drawTiles(cards, memberships);
  offerNearest(cards);
  lay(ordered(cards, here), here);
  await findNearest(cards, here);
}

/** Leave nothing but the code. */
export function hideCards() {
  lay([], {});
  part("nearest", document).hidden = true;
  for (const name of ["tiles", "memberships"]) part(name, document)?.replaceChildren();
}

async function findNearest(cards, here) {
  const at = await position();
  // Whoever has swiped already is not pulled away.
  if (at && spread.current === code) lay(ordered(cards, here, at), here, at);
}

/** The ones used in this place first, then those used last, then the starred ones. */
function ordered(cards, here, at) {
  const of = (card) => [
    at && isNear(here[card.uuid], at) ? 1 : 0,
    Math.max(Date.parse(card.last_used_at ?? 0), here[card.uuid]?.at ?? 0),
    card.starred ? 1 : 0,
  ];
  const ranked = cards.filter((card) => card.barcode || card.number).map((card) => ({ card, ranks: of(card) }));
  ranked.sort((one, other) => {
    const differs = one.ranks.findIndex((rank, index) => rank !== other.ranks[index]);
    return differs < 0 ? one.card.name.localeCompare(other.card.name) : other.ranks[differs] - one.ranks[differs];
  });
  return ranked.slice(0, MOST).map(({ card }) => card);
}

/** Lay the slides, unless the same ones lie there. */
function lay(cards, here, at) {
  const near = (card) => Boolean(at && isNear(here[card.uuid], at));
  const key = JSON.stringify(cards.map(({ uuid, name, number, barcode, colour, value }) => [uuid, name, number, barcode, colour, value]));
  if (key === spread.key && !at) return;
  spread.key = key;
  const slides = cards.map((card) => slide(card, near(card)));
  spread.cards = new Map(slides.map((one, index) => [one, cards[index]]));
  while (code.nextSibling) code.nextSibling.remove();
  strip.append(...slides);
  names.hidden = !cards.length;
  names.replaceChildren(...[code, ...slides].map((one) => chip(one, spread.cards.get(one)?.name ?? names.dataset.code)));
  for (const one of [code, ...slides]) watching.observe(one);
  settle(strip.contains(spread.current) ? spread.current : code);
}

function slide(card, isHere) {
  const number = grouped(card.number || readable(card.barcode?.payload ?? ""));
  const one = made("strip-card", { name: card.name, number, value: card.value });
  one.setAttribute("aria-label", card.name);
  part("ground", one).setAttribute("fill", card.colour);
  part("near", one).hidden = !isHere;
  part("link", one).href = `/wallet/cards/${card.uuid}/`;
  part("room", one).hidden = !card.barcode;
  return one;
}

function chip(one, name) {
  const button = made("strip-name", { label: name });
  button.addEventListener("click", () => go(one));
  return button;
}

function go(one) {
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  strip.scrollTo({ left: one.offsetLeft - strip.firstElementChild.offsetLeft, behavior: smooth ? "smooth" : "instant" });
}

/** Say which slide is in sight; only that one can be reached by keyboard. */
function settle(current) {
  spread.current = current;
  const all = [code, ...spread.cards.keys()];
  for (const one of all) one.inert = one !== current;
  [...names.children].forEach((button, index) => {
    if (all[index] === current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  clearTimeout(spread.timer);
  const card = spread.cards.get(current);
  if (card) spread.timer = setTimeout(() => use(card), SHOWN_MS);
}

async function use(card) {
  if (document.visibilityState !== "visible") return;
  countUse(strip.dataset.changes, card.uuid);
  const chest = await openChest(Date.now());
  if (chest) await note(chest, card.uuid, Date.now());
  strip.dataset.noted = card.uuid;
}

async function draw(one) {
  const { barcode } = spread.cards.get(one) ?? {};
  const width = part("room", one).clientWidth;
  if (!barcode || one.dataset.drawn === String(width)) return;
  one.dataset.drawn = width;
  try {
    await drawSymbol(part("symbol", one), barcode, { width, height: Math.round(innerHeight * MOST_HEIGHT) });
  } catch {
    part("room", one).hidden = true;
    part("unable", one).hidden = false;
  }
}

const watching = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting, intersectionRatio } of seen) {
      if (!isIntersecting || !strip.contains(target)) continue;
      if (target !== code) draw(target);
      if (intersectionRatio > 0.6 && target !== spread.current) settle(target);
    }
  },
  { root: strip, threshold: [0.01, 0.61] },
);

/** Below the code, where the server did not draw them: a page that was kept holds nothing personal. */
function drawTiles(cards, memberships) {
  const row = part("tiles", document);
  if (!row) return;
  const first = ordered(cards, {}).slice(0, MOST_TILES);
  row.replaceChildren(...first.map((card) => cardTile(card, card.value)));
  part("memberships", document).replaceChildren(...memberships.map(membershipLine));
}

/** The switch for "nearest first": where somebody is, is asked after it is pressed, and stays on the phone. */
async function offerNearest(cards) {
  const button = part("nearest", document);
  button.hidden = cards.length < 2 || !navigator.geolocation;
  button.setAttribute("aria-pressed", String(await knowsPlaces()));
  part("nearest-line", document).hidden = button.hidden || !(await knowsPlaces());
}

strip.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || event.target !== strip) return;
  event.preventDefault();
  const all = [code, ...spread.cards.keys()];
  go(all[Math.max(0, Math.min(all.length - 1, all.indexOf(spread.current) + step))]);
});
let width = strip.clientWidth;
new ResizeObserver(() => {
  if (width === strip.clientWidth) return;
  width = strip.clientWidth;
  if (spread.current !== code) draw(spread.current);
  go(spread.current);
}).observe(strip);
part("nearest", document).addEventListener("click", async () => {
  if (await knowsPlaces()) await forgetPlaces();
  else if (!(await askForPlaces())) part("nearest-refused", document).hidden = false;
  await showCards();
});
