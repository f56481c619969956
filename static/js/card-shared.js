// A card that somebody shared: it stands behind the # of the address, is shown here, and kept by one button.

import { readShared } from "ok/card-share-link";
import { drawSymbol, readable } from "ok/card-symbol";

const page = document.getElementById("card-shared");
const kinds = JSON.parse(page.dataset.kinds);
const part = (name) => page.querySelector(`[data-part=${name}]`);
// Where the form of a new card finds what a link said, after one has signed in (static/js/card-form.js).
const KEPT = "ok-card-link";
const HEIGHT = 260;

async function show(card) {
  for (const name of ["paste", "wait"]) part(name).hidden = true;
  part("card").hidden = false;
  part("name").textContent = card.name;
  part("ribbon").setAttribute("fill", card.colour || "#0a6b4b");
  part("number").textContent = readable(card.payload || card.number);
  if (card.symbology) await draw(card);
  part("keep").addEventListener("submit", (event) => keep(event, card));
}

async function draw({ symbology, payload }) {
  const encoding = /^[\x00-\xff]*$/.test(payload) ? "iso-8859-1" : "utf-8";
  try {
    part("room").hidden = false;
    await drawSymbol(part("symbol"), { symbology, payload, encoding }, { width: part("room").clientWidth, height: HEIGHT });
    page.dataset.drawn = "yes";
  } catch {
    part("room").hidden = true; // the number is there all the same
  }
}

/** Signed in, the form goes as it is; else what the card says waits in this tab until one has. */
function keep(event, card) {
  const form = part("keep");
  if (!form.dataset.signedIn) {
    event.preventDefault();
    const said = { name: card.name, issuer: card.issuer, number: card.number, code: card.payload, type: card.symbology };
    sessionStorage.setItem(KEPT, String(new URLSearchParams({ ...said, colour: card.colour, expires: card.until })));
    location.assign(form.action);
    return;
  }
  const fields = {
    name: card.name,
    issuer: card.issuer,
    number: card.number,
    note: card.note,
    payload: readable(card.payload),
    symbology: card.symbology,
    colour: card.colour,
    valid_from: card.from,
    expires_on: card.until,
  };
  for (const [name, value] of Object.entries(fields)) form.elements.namedItem(name).value = value;
}

function open(text) {
  const card = readShared(text, kinds);
  if (card) show(card);
  return Boolean(card);
}

function askForLink(isBroken) {
  part("wait").hidden = true;
  part("paste").hidden = false;
  part("broken").hidden = !isBroken;
}

part("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!open(part("paste").elements.namedItem("link").value.trim())) askForLink(true);
});
const fragment = location.hash.slice(1);
if (!fragment || !open(fragment)) askForLink(Boolean(fragment));
