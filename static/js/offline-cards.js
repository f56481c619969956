// Cards from what the phone keeps: all of them, and one with its code.

import { drawSymbol, readable } from "ok/card-symbol";
import { balance, day, initials, made, part, show, view } from "ok/offline-drawing";

const MOST_HEIGHT = 0.62;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const address = (uuid) => `/wallet/cards/${uuid}/`;

/** Show all cards that are not in the archive, the starred ones first. */
export function showCards(cards, memberships) {
  const shown = cards.filter((card) => !card.archived).sort(byUse);
  part("tiles").replaceChildren(...shown.map(tile));
  part("memberships").replaceChildren(...memberships.map((one) => made("membership", one)));
  part("live").hidden = !memberships.length;
  const search = view("cards").querySelector("[data-find]");
  search.addEventListener("submit", (event) => event.preventDefault());
  search.elements.q.addEventListener("input", ({ target }) => narrow(target.value));
  show("cards");
}

function byUse(one, other) {
  if (one.starred !== other.starred) return one.starred ? -1 : 1;
  const [used, usedOther] = [one.last_used_at ?? "", other.last_used_at ?? ""];
  if (used !== usedOther) return used < usedOther ? 1 : -1;
  return one.name.localeCompare(other.name);
}

function narrow(text) {
  const words = plain(text).split(/\s+/);
  let found = 0;
  for (const one of part("tiles").children) {
    one.hidden = !words.every((word) => plain(one.textContent).includes(word));
    if (!one.hidden) found += 1;
  }
  part("none").hidden = found > 0;
}

function tile(card) {
  const copy = made("tile", { initials: initials(card.name), name: card.name, balance: balance(card) });
  part("link", copy).href = address(card.uuid);
  part("link", copy).classList.toggle("tile-dark", isDark(card.colour));
  part("ground", copy).setAttribute("fill", card.colour);
  part("starred", copy).hidden = !card.starred;
  part("shared", copy).hidden = !card.shared;
  return copy;
}

/** Whether white reads better on this ground than black (WCAG's relative luminance). */
function isDark(colour) {
  const [red, green, blue] = colour.match(/[0-9a-f]{2}/g).map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const ground = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (ground + 0.05) >= (ground + 0.05) / 0.05;
}

/** Show one card, its code as large as the phone allows. */
export async function showCard(card) {
  const facts = {
    balance: balance(card),
    shared: card.shared?.by ?? "",
    issuer: card.issuer,
    valid_from: day(card.valid_from),
    expires_on: day(card.expires_on),
    groups: card.groups.join(", "),
    note: card.note,
  };
  for (const [name, text] of Object.entries(facts)) {
    const where = part(name, view("card"));
    where.textContent = text;
    where.parentElement.hidden = !text;
  }
  part("facts").hidden = !Object.values(facts).some(Boolean);
  part("ribbon").setAttribute("fill", card.colour);
  part("number").textContent = grouped(card.number || readable(card.barcode?.payload ?? ""));
  show("card");
  await draw(card.barcode);
}

async function draw(barcode) {
  part("room").hidden = !barcode;
  if (!barcode) return;
  const room = { width: part("room").clientWidth, height: Math.round(innerHeight * MOST_HEIGHT) };
  try {
    const turned = await drawSymbol(part("symbol"), barcode, room);
    document.getElementById("card").classList.toggle("card-turned", turned);
    document.getElementById("card").dataset.drawn = "yes";
    performance.mark("ok-card-drawn");
  } catch {
    part("symbol").setAttribute("hidden", "");
    part("unable").hidden = false;
  }
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => null);
}

/** A long number in groups of four, as people read it out (wallet/card_tiles.py says the same). */
function grouped(number) {
  return /^\d{9,}$/.test(number) ? number.match(/\d{1,4}/g).join(" ") : number;
}
