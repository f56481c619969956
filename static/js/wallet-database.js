/**
 * The one database of this browser, which belongs to one person (docs/adr/0027-without-a-network.md).
 *
 *   kept      keys, codes, how far the phone is          cards, receipts, photos   filled from the server, sealed
 *   waiting   changes that the server has not heard      choices           what could not be merged by itself
 */

const DATABASE = "ok-wallet";
const VERSION = 3;
const STORES = ["kept", "cards", "receipts", "photos", "waiting", "choices"];

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const here = request.result.objectStoreNames;
      for (const name of STORES) if (!here.contains(name)) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      // Another tab signs out, or is newer than this one: let go, or it waits for us.
      request.result.onversionchange = () => (request.result.close(), (opened = null));
      resolve(request.result);
    };
    request.onerror = () => ((opened = null), reject(request.error));
  });
  return opened;
}

/** Do what `act` asks of the stores in one transaction; returns the result of the request it returns. */
export async function together(names, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode);
    const request = act((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export const read = (name, store = "kept") => together([store], "readonly", (of) => of(store).get(name));
export const write = (name, value, store = "kept") =>
  together([store], "readwrite", (of) => of(store).put(value, name));
export const remove = (name, store = "kept") => together([store], "readwrite", (of) => of(store).delete(name));
export const all = (store) => together([store], "readonly", (of) => of(store).getAll());
export const names = (store) => together([store], "readonly", (of) => of(store).getAllKeys());

/** Forget everything this browser kept. */
export async function forget() {
  const database = await open();
  database.close();
  opened = null;
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = resolve;
    request.onerror = resolve;
    request.onblocked = resolve;
  });
}
