/**
 * Changes that the server has not heard: kept in order, sealed under a key of this browser rather than the PIN's, so
 * that a locked phone still sends them. Each has a UUID, so that sending it twice counts once.
 */

import { deviceName } from "ok/card-uses";
import { all, read, together, write } from "ok/wallet-database";
import { deviceKey, seal, unseal } from "ok/wallet-seal";

const CHANGES = "/wallet/cards/changes/";
const MOST_AT_ONCE = 100;
const PLAIN = ["name", "note", "starred", "archived", "removed"];

/** Keep a change of a card: { kind: "edit", fields } or { kind: "balance", delta }. */
export async function wait(card, change) {
  if (!(await read("deviceKey"))) await write("deviceKey", await deviceKey());
  const said = { uuid: crypto.randomUUID(), card, at: new Date().toISOString(), ...change };
  await write(`${said.at} ${said.uuid}`, await seal(await read("deviceKey"), said), "waiting");
  const { sync } = (await navigator.serviceWorker?.getRegistration()) ?? {};
  await sync?.register("ok-send").catch(() => null);
}

/** Return the changes, the oldest first. */
export async function waiting() {
  const key = await read("deviceKey");
  return key ? Promise.all((await all("waiting")).map((record) => unseal(key, record))) : [];
}

/** Return a card as it is with the changes that wait. */
export function withWaiting(card, changes) {
  const now = { ...card };
  for (const { kind, fields, delta } of changes.filter((change) => change.card === card.uuid)) {
    if (kind === "balance") now.balance = (now.balance ?? 0) + delta;
    else for (const name of PLAIN) if (name in fields) now[name] = fields[name];
  }
  return now;
}

/** Send them all: { sent: how many the server kept, refused: sentences about the others, which go to `choices` }. */
export async function sendWaiting(token) {
  const said = { sent: 0, refused: [] };
  for (;;) {
    const changes = (await waiting()).slice(0, MOST_AT_ONCE);
    if (!changes.length) return said;
    const results = await send(changes, token);
    await settle(changes, results);
    said.sent += results.filter(({ kept }) => kept).length;
    said.refused.push(...results.filter(({ kept }) => !kept).map(({ detail }) => detail));
  }
}

async function send(changes, token) {
  const response = await fetch(CHANGES, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ device: deviceName(), changes }),
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
    refused.map(async ({ uuid, code, detail }) => {
      const change = changes.find((one) => one.uuid === uuid);
      return [`${change.at} ${uuid}`, await seal(key, { change, code, detail })];
    }),
  );
  await together(["waiting", "choices"], "readwrite", (of) => {
    for (const [name, record] of closed) of("choices").put(record, name);
    for (const { at, uuid } of changes) of("waiting").delete(`${at} ${uuid}`);
  });
}
