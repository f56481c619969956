/**
 * What the phone keeps: its key pair, the stock of handles, and how often a wrong PIN was tried.
 *
 * The private key cannot be exported. The stock is encrypted with AES-GCM under a key made from the PIN (PBKDF2 with
 * SHA-256, RFC 8018), so without the PIN there is nothing to show. Unlocking lasts five minutes, on every page of this browser.
 * Wrong PINs wait longer and longer; the tenth wipes everything, and the phone has to be set up again online.
 */

import { all, forget, read, remove, together, write } from "ok/wallet-database";
import { seal, unseal } from "ok/wallet-seal";

// OWASP's figure for PBKDF2-HMAC-SHA256: some tenths of a second on a phone.
const ITERATIONS = 600_000;
export const UNLOCKED_MS = 5 * 60 * 1000;
export const MOST_FAILURES = 10;
export const SHORTEST_PIN = 5;
const FREE_FAILURES = 2;
const FIRST_WAIT_MS = 5_000;

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
  await wipeButWaiting();
  return { wiped: true };
}

/** Forget everything this browser kept for the wallet. */
export const wipe = forget;

/**
 * Forget codes, cards and receipts of somebody who does not know the PIN. Changes that were not sent stay, sealed under
 * a key of this browser: they are sent as soon as their owner has signed in.
 */
export async function wipeButWaiting() {
  if (!(await all("waiting")).length) return forget();
  const staying = await Promise.all(["owner", "deviceKey"].map(async (name) => [name, await read(name)]));
  const emptied = ["kept", "cards", "receipts", "photos"];
  return together(emptied, "readwrite", (of) => {
    for (const store of emptied) of(store).clear();
    for (const [name, value] of staying) if (value) of("kept").put(value, name);
  });
}

/** Return the key that the PIN makes while the phone is unlocked, otherwise null; locks nothing. */
export async function keyWhileUnlocked(now) {
  return (await unlockedFor(now)) > 0 ? ((await read("unlocked"))?.key ?? null) : null;
}

async function unlockedKey(now) {
  const key = await keyWhileUnlocked(now);
  if (!key) await lock();
  return key;
}

async function pinKey(pin, salt, iterations) {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(pbkdf2, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
