// Sending what waits: by every page of ours that the server answers, before anything of the server is shown as news.

import { GONE, owner, progress, put } from "ok/wallet-chest";
import { sendWaiting, waiting } from "ok/wallet-waiting";

export const KEPT = "/wallet/phone/kept/";

/** Ask the server; null without a network or a session. */
export async function ask(address, query) {
  const response = await fetch(`${address}?${new URLSearchParams(query)}`).catch(() => null);
  return response?.ok ? response.json() : null;
}

/** Send what waits, if it belongs to whoever is signed in; whatever goes wrong, it keeps waiting. */
export async function sendFirst() {
  if (!(await waiting()).length) return;
  await navigator.locks.request("ok-fill", async () => {
    const first = await ask(KEPT, { after: (await progress()).newest });
    if (first && first.person === (await owner())) await send(first.token);
  });
}

/** Send what waits, and keep the cards as the server has them now. */
export const send = (token) => sendWaiting(token, (cards) => put({ cards: asRecords(cards) }));

/** Cards by UUID as the chest takes them; of one's own removed card stays what the phone knew, to take it back. */
export const asRecords = (cards) =>
  new Map(cards.map((card) => [card.uuid, card.removed ? (card.can_return ? GONE : null) : card]));
