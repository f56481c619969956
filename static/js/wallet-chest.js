/**
 * The chest: cards, memberships and receipts, sealed. It is filled without the PIN and opened with it; on a phone
 * where no PIN was chosen its key lies beside it, and only the phone's own lock protects it
 * (docs/adr/0027-without-a-network.md).
 */

import { all, read, together, write } from "ok/wallet-database";
import { asJson, chestKeys, fromJson, opener, pointOf, seal, sealer, unseal } from "ok/wallet-seal";
import { device, keyWhileUnlocked } from "ok/wallet-vault";

/** What a release writes; another one begins anew, and leaves what waits to be sent alone. */
const DATA = 2;
const FILLED = ["cards", "receipts", "photos"];

/** Instead of a card that was removed: what the phone knows of it stays, marked. */
export const GONE = "gone";

/** Return how far the phone is: { cursor, newest, language, filledAt, fullAt }. */
export async function progress() {
  const known = await read("progress");
  return known?.data === DATA ? known : { cursor: 0, newest: 0, fullAt: 0 };
}

/** Return whose chest it is, or undefined. */
export const owner = () => read("owner");

/** Empty it, under another key if there is one; what waits to be sent stays. */
export async function startAnew(chest) {
  await together(["kept", ...FILLED], "readwrite", (of) => {
    for (const store of FILLED) of(store).clear();
    for (const name of ["progress", "memberships"]) of("kept").delete(name);
    if (!chest) return;
    of("kept").put(chest, "chest");
    of("kept").delete("here"); // nothing opens it any more
  });
}

/** Have a chest for this person; false while only the PIN could make one. */
export async function prepare(person, now) {
  await write("owner", person);
  const chest = await read("chest");
  if (!(await device())) return chest ? true : withoutPin();
  if (chest?.sealed) return true;
  const key = await keyWhileUnlocked(now);
  if (!key) return false;
  await underPin(key);
  return true;
}

async function withoutPin() {
  const pair = await chestKeys({ extractable: false });
  await startAnew({ point: await pointOf(pair), key: pair.privateKey });
  return true;
}

async function underPin(pinKey) {
  const pair = await chestKeys({ extractable: true });
  await startAnew({ point: await pointOf(pair), sealed: await seal(pinKey, await asJson(pair)) });
}

/** Put records in: { cards: Map, receipts: Map, memberships, progress }, all at once or not at all. */
export async function put({ cards = new Map(), receipts = new Map(), memberships, ...rest }) {
  const close = await sealer((await read("chest")).point);
  const one = async ([name, value]) => [name, value && value !== GONE ? await close(value) : value];
  const closed = async (map) => Promise.all([...map].map(one));
  const [sealedCards, sealedReceipts] = [await closed(cards), await closed(receipts)];
  const sealedMemberships = memberships && (await close(memberships));
  await together(["kept", ...FILLED], "readwrite", (of) => {
    for (const [name, record] of sealedCards) putCard(of("cards"), name, record);
    for (const [name, record] of sealedReceipts) record ? of("receipts").put(record, name) : of("receipts").delete(name);
    if (sealedMemberships) of("kept").put(sealedMemberships, "memberships");
    if (rest.progress) of("kept").put({ ...rest.progress, data: DATA }, "progress");
  });
}

/** Seal one value for the chest, where it is put by another hand. */
export const asSealed = async (value) => (await sealer((await read("chest")).point))(value);

function putCard(store, name, record) {
  if (record !== GONE) return record ? store.put(record, name) : store.delete(name);
  // Without opening it, which a locked phone could not.
  const known = store.get(name);
  known.onsuccess = () => known.result && store.put({ ...known.result, removed: true }, name);
}

/** Return what opens the chest, or null while the phone is locked or there is none. */
export async function openChest(now) {
  const chest = await read("chest");
  if (!chest) return null;
  if (chest.key) return reader(chest.key);
  const pinKey = await keyWhileUnlocked(now);
  return pinKey && reader(await fromJson(await unseal(pinKey, chest.sealed)));
}

/** Say whether there is anything in it, and the PIN is what is missing. */
export async function isLocked(now) {
  const chest = await read("chest");
  return Boolean(chest?.sealed) && !(await keyWhileUnlocked(now));
}

function reader(privateKey) {
  const unlock = opener(privateKey);
  const open = async (record) => (record.removed ? { ...(await unlock(record)), removed: true } : unlock(record));
  const photo = async (card, side) => {
    const record = await read(`${card.uuid} ${side}`, "photos");
    return record?.digest === card[side] ? unlock(record, { asBytes: true }) : null;
  };
  const every = async (store) => Promise.all((await all(store)).map(open));
  const one = async (name, store) => {
    const record = await read(name, store);
    return record && open(record);
  };
  return {
    cards: () => every("cards"),
    photo,
    receipts: async () => (await every("receipts")).sort((one, other) => (one.at < other.at ? 1 : -1)),
    receipt: (id) => one(id, "receipts"),
    memberships: async () => (await one("memberships", "kept")) ?? [],
    here: async () => (await one("here", "kept")) ?? {},
  };
}
