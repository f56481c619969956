// One card from what the phone keeps: its code as large as the phone allows, what is on it, and what once stood there.

import { drawSymbol, readable } from "ok/card-symbol";
import { day, grouped, made, moment, part, show, view, worth } from "ok/offline-drawing";
import { showPhotos } from "ok/offline-photos";
import { wait } from "ok/wallet-waiting";

const MOST_HEIGHT = 0.62;

/** Say that it was put away, with the way back; hides that for a card that was not. */
export function showAway(card, changed) {
  const isAway = card.removed || card.archived;
  part("away").hidden = !isAway;
  if (!isAway) return;
  for (const line of part("away").querySelectorAll("[data-away]"))
    line.hidden = line.dataset.away !== (card.removed ? "removed" : "archived");
  const fields = card.removed ? { removed: false } : { archived: false };
  part("away").querySelector("button").onclick = async () => (await wait(card.uuid, { kind: "edit", fields }), changed());
  show("away");
}

/** Show it. */
export async function showCard(card, chest) {
  const facts = {
    balance: worth(card, await chest.memberships()),
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
  part("is-new").hidden = !card.isNew;
  part("history-link").href = `/wallet/cards/${card.uuid}/history/`;
  part("history-link").hidden = card.isNew || Boolean(card.shared);
  show("card");
  part("away").hidden = !card.archived;
  await draw(card.barcode);
  await showPhotos(card, chest);
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

/** Show what was written on it, the latest first, and what waits before that. */
export function showHistory(card, changed) {
  const edits = (card.history ?? []).map((edit) => {
    const copy = made("edit", { label: edit.label, at: moment(edit.at), value: edit.value });
    part("in-force", copy).hidden = !edit.in_force;
    const button = copy.querySelector("button");
    button.hidden = edit.in_force;
    button.onclick = async () => (await wait(card.uuid, { kind: "edit", fields: edit.again }), changed());
    return copy;
  });
  part("edits").replaceChildren(...edits);
  part("edits").hidden = !edits.length;
  part("no-edits").hidden = edits.length > 0;
  show("history");
}
