/**
 * Changes that the server has not heard: kept in order, sealed under a key of this browser rather than the PIN's, so
 * that a locked phone still sends them. Each has a UUID, so that sending it twice counts once.
 */

import { deviceName } from "ok/card-uses";
import { all, read, together, write } from "ok/wallet-database";
import { deviceKey, seal, unseal } from "ok/wallet-seal";

const CHANGES = "/wallet/cards/changes/";
const MOST_AT_ONCE = 100;
const LATIN_1 = /^[\x00-\xff]*$/;

/**
 * Keep a change of a card: { kind: "edit", fields } or { kind: "balance", delta }; `isNew` where it makes the card.
 * `instead` names what could not be saved, and is done with once this is kept.
 */
export async function wait(card, change, instead) {
  if (!(await read("deviceKey"))) await write("deviceKey", await deviceKey());
  const said = { uuid: crypto.randomUUID(), card, at: new Date().toISOString(), ...change };
  const closed = await seal(await read("deviceKey"), said);
  await together(["waiting", "choices"], "readwrite", (of) => {
    of("waiting").put(closed, `${said.at} ${said.uuid}`);
    if (instead) of("choices").delete(instead);
  });
  const { sync } = (await navigator.serviceWorker?.getRegistration()) ?? {};
  await sync?.register("ok-send").catch(() => null);
}

/** Return the changes, the oldest first. */
export async function waiting() {
  const key = await read("deviceKey");
  return key ? Promise.all((await all("waiting")).map((record) => unseal(key, record))) : [];
}

/** Return the cards as they are with the changes that wait, new ones too. */
export function withWaiting(cards, changes) {
  const now = new Map(cards.map((card) => [card.uuid, card]));
  for (const change of changes) {
    const card = now.get(change.card) ?? (change.isNew ? blank(change) : null);
    if (card) now.set(change.card, changed(card, change));
  }
  return [...now.values()];
}

const blank = ({ card, at }) => ({
  ...{ uuid: card, added_at: at, last_used_at: null, times_used: 0, name: "", issuer: "", number: "", note: "" },
  ...{ barcode: null, colour: "#6b7280", unit: "EUR", balance: null, groups: [], valid_from: null, expires_on: null },
  ...{ starred: false, archived: false, removed: false, history: [], isNew: true },
});

function changed(card, { kind, fields, delta }) {
  if (kind === "balance") return { ...card, balance: (card.balance ?? 0) + delta };
  const { groups = {}, barcode, ...plain } = fields;
  const kept = card.groups.filter((name) => groups[name] !== false);
  const joined = Object.keys(groups).filter((name) => groups[name] && !kept.includes(name));
  const now = { ...card, ...plain, groups: [...kept, ...joined].sort() };
  if (barcode) now.barcode = { encoding: LATIN_1.test(barcode.payload) ? "iso-8859-1" : "utf-8", ...barcode };
  return barcode === null ? { ...now, barcode } : now;
}

/**
 * Send them all, giving `keep` the cards as the server has them now.
 * Returns { sent: how many it kept, refused: sentences about the others, which go to `choices` }.
 */
export async function sendWaiting(token, keep) {
  const said = { sent: 0, refused: [] };
  for (;;) {
    const changes = (await waiting()).slice(0, MOST_AT_ONCE);
    if (!changes.length) return said;
    const results = await send(changes, token);
    const kept = results.filter((result) => result.kept);
    // Before they leave what waits, or a network that goes again would hide them.
    await keep(kept.map(({ card }) => card));
    await settle(changes, results);
    said.sent += kept.length;
    said.refused.push(...results.filter((result) => !result.kept).map(({ detail }) => detail));
  }
}

async function send(changes, token) {
  const response = await fetch(CHANGES, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ device: deviceName(), changes: changes.map(({ isNew, ...said }) => said) }),
  });
  if (!response.ok) throw new Error(`changes: ${response.status}`);
  const { results } = await response.json();
  if (results.length !== changes.length) throw new Error("changes: not all were answered");
  return results;
}

/** Take what was answered from what waits; what was refused is kept with its sentence, in the same step. */
async function settle(changes, results) {
  const key = await read("deviceKey");
  const refused = results.filter(({ kept }) => !kept);
  const closed = await Promise.all(
    refused.map(async ({ uuid, detail }) => {
      const change = changes.find((one) => one.uuid === uuid);
      return [`${change.at} ${uuid}`, await seal(key, { change, detail })];
    }),
  );
  await together(["waiting", "choices"], "readwrite", (of) => {
    for (const [name, record] of closed) of("choices").put(record, name);
    for (const { at, uuid } of changes) of("waiting").delete(`${at} ${uuid}`);
  });
}
