/**
 * Fills the phone while there is a network, on every visit and without a button: what waits is sent, what changed is
 * fetched, the pages are kept. `data-works-offline` on the root says that everything is there. The page itself comes
 * first: nothing is asked for before it has loaded and rests.
 */

import { toast, whenIdle } from "ok/shell";
import { isAble, sayUnable, sayWhy } from "ok/wallet-able";
import { owner, prepare, progress, put, startAnew } from "ok/wallet-chest";
import { names, read, write } from "ok/wallet-database";
import { keepForOffline } from "ok/wallet-offline";
import { keepOn } from "ok/wallet-push";
import { wipe } from "ok/wallet-vault";
import { fillPhotos } from "ok/wallet-photos";
import { KEPT, asRecords, ask, send } from "ok/wallet-sending";

const CHANGES = "/wallet/cards/changes/";
const CARDS = /^\/wallet\/cards\/([0-9a-f-]{36}\/(history\/)?)?$/;
const DAY_MS = 24 * 60 * 60 * 1000;
const root = document.documentElement;
// Drawn by small modules that every phone has (static/js/card-symbol.js).
const USUAL = ["ean_13", "ean_8", "upc_a", "upc_e"];
const PLAIN = /^[ -~]+$/;

let asked = 0;

/** Here somebody adds cards by camera or photo: the reader is kept too, for when there is no network. */
export async function readsCards() {
  await write("reader", true).catch(() => null);
  return fill();
}

/** Fill, after whatever else fills in this browser; resolves to whether the wallet works offline now. */
export async function fill() {
  if (!isAble()) return sayUnable("unable") ?? false;
  asked += 1;
  root.removeAttribute("data-works-offline");
  await whenIdle();
  const works = await navigator.locks.request("ok-fill", fillAlone).catch((error) => sayWhy(error) ?? false);
  asked -= 1;
  keepOn();
  // Another one is on its way: a new PIN, for instance, means a new key and everything once more.
  if (works && !asked) root.setAttribute("data-works-offline", "");
  return works && !asked;
}

async function fillAlone() {
  const since = await newestIfFresh();
  let first = await ask(KEPT, { after: since });
  if (!first) return false;
  const known = await owner();
  if (known && known !== first.person) await wipe();
  if ((await progress()).language !== first.language) await startAnew();
  if (!(await prepare(first.person, Date.now()))) return false;
  const { sent, refused } = await send(first.token);
  refused.forEach((sentence) => toast(sentence, { error: true }));
  // An empty chest needs more than what is new.
  if ((await newestIfFresh()) !== since) first = await ask(KEPT, { after: 0 });
  if (!first) return false;
  const rare = (await fillCards()) || (await progress()).rare;
  await fillReceipts(first);
  await put({ memberships: first.memberships, progress: { ...(await progress()), rare, filledAt: Date.now() } });
  const works = await keepForOffline({ rare, reader: Boolean(await read("reader")) });
  if (!sent || !showsCards()) return works;
  location.reload(); // this page was written before the server heard of it
  return false;
}

/** Whether this page says what is on cards, and nobody is typing on it. */
function showsCards() {
  const fields = [...document.querySelectorAll("main input:not([type=hidden], [type=radio]), main textarea")];
  return CARDS.test(location.pathname) && fields.every((field) => field.value === field.defaultValue);
}

/** Receipts may change (goods come back), so once a day all of them are fetched again. */
async function newestIfFresh() {
  const { newest, fullAt } = await progress();
  return Date.now() - fullAt < DAY_MS ? newest : 0;
}

/** Fetch what changed; says whether a card needs the large library. */
async function fillCards() {
  let rare = false;
  const arrived = [];
  for (let more = true; more; ) {
    const known = await progress();
    const answer = await ask(CHANGES, { since: known.cursor });
    if (!answer) throw new Error("no cards");
    rare ||= answer.cards.some((card) => isRare(card.barcode));
    await put({ cards: asRecords(answer.cards), progress: { ...known, cursor: answer.cursor, rare: known.rare || rare } });
    arrived.push(...answer.cards);
    more = answer.more;
  }
  // Without its photos a card works all the same.
  if (arrived.length) await fillPhotos(arrived).catch(() => null);
  return rare;
}

function isRare(barcode) {
  if (!barcode || USUAL.includes(barcode.symbology)) return false;
  return !(["code_128", "qr_code"].includes(barcode.symbology) && PLAIN.test(barcode.payload));
}

async function fillReceipts(first) {
  const known = await progress();
  const since = await newestIfFresh();
  const receipts = new Map();
  for (let answer = first; ; ) {
    for (const receipt of answer.receipts) receipts.set(receipt.id, receipt);
    if (!answer.more || receipts.size >= answer.most) break;
    answer = await ask(KEPT, { after: since, before: Math.min(...receipts.keys()) });
    if (!answer) throw new Error("no receipts");
  }
  const newest = Math.max(known.newest, 0, ...receipts.keys());
  const fullAt = since ? known.fullAt : Date.now();
  // What a full answer no longer holds is older than a year.
  if (!since) for (const id of await names("receipts")) if (!receipts.has(id)) receipts.set(id, null);
  await put({ receipts, progress: { ...known, newest, fullAt, language: first.language } });
}

// The worker hears that the network is back (Background Sync), and so does the page.
navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.send && fill());
addEventListener("online", () => fill());
