/**
 * What the phone keeps: its key pair, the stock of handles, and how often a wrong PIN was tried.
 *
 * The private key cannot be exported. The stock is encrypted with AES-GCM under a key made from the PIN (PBKDF2 with
 * SHA-256, RFC 8018), so without the PIN there is nothing to show. Unlocking lasts five minutes, on every page of this browser.
 * Wrong PINs wait longer and longer; the tenth wipes everything, and the phone has to be set up again online.
 */

const DATABASE = "ok-wallet";
const STORE = "kept";
// OWASP's figure for PBKDF2-HMAC-SHA256: some tenths of a second on a phone.
const ITERATIONS = 600_000;
export const UNLOCKED_MS = 5 * 60 * 1000;
export const MOST_FAILURES = 10;
export const SHORTEST_PIN = 5;
const FREE_FAILURES = 2;
const FIRST_WAIT_MS = 5_000;

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      // Another tab signs out: let go, or its deletion waits for us.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function store(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

const read = (name) => store("readonly", (kept) => kept.get(name));
const write = (name, value) => store("readwrite", (kept) => kept.put(value, name));
const remove = (name) => store("readwrite", (kept) => kept.delete(name));

/** Return what was enrolled: { uuid, person, privateKey, serverPoint }, or undefined. */
export const device = () => read("device");

/** Return by how many milliseconds the server's clock is ahead of this phone's. */
export const clockOffset = async () => (await read("clockOffset")) ?? 0;

/** Keep the difference between the clocks, for when there is no network. */
export const keepClockOffset = (offset) => write("clockOffset", offset);

/** Keep a fresh enrolment under a new PIN, and unlock. */
export async function enrol({ enrolled, pin, pocket, now }) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await pinKey(pin, salt, ITERATIONS);
  await write("device", enrolled);
  await write("pin", { salt, iterations: ITERATIONS, failures: 0, notBefore: 0 });
  await write("unlocked", { key, since: now });
  await keepPocket(pocket, now);
}

/** Return the pocket if the phone is unlocked, otherwise null. */
export async function pocketIfUnlocked(now) {
  const key = await unlockedKey(now);
  return key && unseal(key, await read("pocket"));
}

/** Return how many milliseconds the phone stays unlocked; 0 when it is locked. */
export async function unlockedFor(now) {
  const unlocked = await read("unlocked");
  const passed = unlocked ? now - unlocked.since : UNLOCKED_MS;
  // A clock set back must not keep the phone open.
  return passed < 0 ? 0 : Math.max(0, UNLOCKED_MS - passed);
}

/** Keep the pocket, encrypted; does nothing once the phone is locked. */
export async function keepPocket(pocket, now) {
  const key = await unlockedKey(now);
  if (key) await write("pocket", await seal(key, pocket));
}

/** Lock: from now on the PIN is needed. */
export const lock = () => remove("unlocked");

/** Return how many milliseconds a next try of the PIN has to wait. */
export async function waitFor(now) {
  const { notBefore = 0 } = (await read("pin")) ?? {};
  return Math.max(0, notBefore - now);
}

/**
 * Try a PIN. Returns { pocket } when it is right; { failures, wait } when it is wrong; { wiped: true } after the last.
 * The failure is counted before the try, so that closing the page in the middle does not win one.
 */
export async function unlock(pin, now) {
  const known = await read("pin");
  const wait = Math.max(0, known.notBefore - now);
  if (wait > 0) return { failures: known.failures, wait };
  const failures = known.failures + 1;
  const delay = failures <= FREE_FAILURES ? 0 : FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES - 1);
  await write("pin", { ...known, failures, notBefore: now + delay });
  const key = await pinKey(pin, known.salt, known.iterations);
  const pocket = await unseal(key, await read("pocket")).catch(() => null);
  if (pocket) {
    await write("pin", { ...known, failures: 0, notBefore: 0 });
    await write("unlocked", { key, since: now });
    return { pocket };
  }
  if (failures < MOST_FAILURES) return { failures, wait: delay };
  await wipe();
  return { wiped: true };
}

/** Forget everything this browser kept for the wallet. */
export async function wipe() {
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

async function unlockedKey(now) {
  if ((await unlockedFor(now)) > 0) return (await read("unlocked"))?.key ?? null;
  await lock();
  return null;
}

async function pinKey(pin, salt, iterations) {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(pbkdf2, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
}

async function unseal(key, { iv, sealed }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}
