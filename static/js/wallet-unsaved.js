/**
 * What the server refused, with its sentence: each is tried again, made a new card, or thrown away by its owner. The
 * same part of a page with a network and without one (templates/wallet/unsaved_list.html).
 */

import { names, read, remove } from "ok/wallet-database";
import { unseal } from "ok/wallet-seal";
import { wait } from "ok/wallet-waiting";

const ADD = "/wallet/cards/add/";
// What the form of a new card begins with (static/js/card-form.js and offline-add.js read it).
const LINK = "ok-card-link";
const INSTEAD = "ok-card-instead";
const BECOMES = "ok-card-becomes";

/** Return { name, change, detail } of each, the oldest first. */
export async function unsaved() {
  const key = await read("deviceKey");
  if (!key) return [];
  const found = await names("choices");
  return Promise.all(found.map(async (name) => ({ name, ...(await unseal(key, await read(name, "choices"))) })));
}

/** Say on a list of cards how many there are, if any. */
export async function noticeUnsaved(line) {
  const { length } = await names("choices").catch(() => []);
  const text = line.querySelector("[data-one]");
  line.hidden = !length;
  text.textContent = length === 1 ? text.dataset.one : text.dataset.many.replace("{count}", length);
}

/** Show them in `section`; `known` are the cards by UUID, `written` writes an amount of one. */
export async function showUnsaved(section, { known, written, again }) {
  const found = await unsaved();
  const list = section.querySelector("[data-part=unsaved]");
  list.replaceChildren(...found.map((one) => item(section, one, { known, written, again })));
  list.hidden = !found.length;
  section.querySelector("[data-part=all-saved]").hidden = found.length > 0;
}

function item(section, { name, change, detail }, { known, written, again }) {
  const copy = document.getElementById("unsaved-item").content.firstElementChild.cloneNode(true);
  const part = (wanted) => copy.querySelector(`[data-part=${wanted}]`);
  const card = known.get(change.card);
  part("name").textContent = change.fields?.name ?? card?.name ?? part("name").dataset.unknown;
  part("what").textContent = whatOf(change, card, section.dataset, written);
  part("detail").textContent = detail;
  const onAct = (act, handle) => (copy.querySelector(`[data-act=${act}]`).onclick = handle);
  onAct("again", async () => {
    const { kind, card: uuid, fields, delta, note, isNew } = change;
    await wait(uuid, kind === "edit" ? { kind, fields, isNew } : { kind, delta, note }, name);
    await again();
  });
  onAct("drop", async () => (await remove(name, "choices"), again()));
  onAct("new", () => asNewCard(name, { ...card, ...change.fields }));
  copy.querySelector("[data-act=new]").hidden = change.kind !== "edit" || !(card ?? change.fields.name);
  return copy;
}

/** Say what somebody wanted, in the words of the section. */
function whatOf({ kind, fields, delta, isNew }, card, words, written) {
  if (kind === "balance") return `${words.balance}: ${delta > 0 ? "+ " : ""}${written(delta, card)}`;
  const said = [];
  if (isNew) said.push(words.isNew);
  if (fields.name && !isNew) said.push(`${words.name}: ${fields.name}`);
  if (fields.barcode) said.push(`${words.code}: ${fields.barcode.payload}`);
  if (fields.note) said.push(`${words.note}: ${fields.note}`);
  for (const [group, isIn] of Object.entries(fields.groups ?? {})) said.push(`${words.group}: ${isIn ? "" : "− "}${group}`);
  for (const name of ["starred", "archived", "removed"]) if (name in fields) said.push(words[fields[name] ? name : "back"]);
  return said.join(" · ");
}

/** Open the form of a new card with all that is known; what could not be saved goes once that is kept. */
function asNewCard(name, { barcode, expires_on: expires, ...card }) {
  const said = { ...card, code: barcode?.payload, type: barcode?.symbology, expires };
  const kept = ["name", "issuer", "number", "note", "colour", "code", "type", "expires"].filter((one) => said[one]);
  sessionStorage.setItem(LINK, new URLSearchParams(kept.map((one) => [one, said[one]])));
  sessionStorage.setItem(INSTEAD, name);
  location.assign(ADD);
}

/** Return what the form begins with, once: what a link said, or what could not be saved and is this card `instead`. */
export function takeLink() {
  try {
    const said = new URLSearchParams(sessionStorage.getItem(LINK) ?? "");
    const instead = sessionStorage.getItem(INSTEAD);
    for (const name of [LINK, INSTEAD]) sessionStorage.removeItem(name);
    return { said, instead };
  } catch {
    return { said: new URLSearchParams(), instead: null }; // a browser that keeps nothing
  }
}

/** Remember which card takes the place of what could not be saved, until the server shows it. */
export const becomes = (instead, card) => instead && sessionStorage.setItem(BECOMES, `${instead}|${card}`);

/** This card is there: what it took the place of can go. */
export async function hasBecome(card) {
  const [instead, uuid] = (sessionStorage.getItem(BECOMES) ?? "").split("|");
  if (!instead || uuid !== card) return;
  await remove(instead, "choices");
  sessionStorage.removeItem(BECOMES);
}
