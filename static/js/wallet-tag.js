/**
 * The wallet code on the phone: the same formula as wallet/codes.py and wallet/keys.py, with the browser's own
 * cryptography. A code is "93" + handle (10 digits) + tag (10 digits); the tag is HMAC-SHA256 (RFC 2104) over "OK1", the
 * handle's digits and the 20-second step as 8 big-endian bytes, its first 8 bytes modulo 10^10.
 */

export const STEP_SECONDS = 20;
const VERSION = "93";
const TAG_DIGITS = 10;
const SALT = new TextEncoder().encode("ok-wallet-code-v1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** Make a key pair whose private key this browser never hands out. */
export function makeKeyPair() {
  return crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
}

/** Return the uncompressed public point (65 bytes) that the server keeps. */
export async function publicPoint(keyPair) {
  return new Uint8Array(await crypto.subtle.exportKey("raw", keyPair.publicKey));
}

/** Return the HMAC key both sides share: ECDH, then HKDF-SHA256 (RFC 5869) with the device's UUID as info. */
export async function deriveCodeKey(privateKey, serverPoint, deviceUuid) {
  const server = await crypto.subtle.importKey("raw", serverPoint, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: SALT, info: uuidBytes(deviceUuid) };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(hkdf, secret, hmac, false, ["sign"]);
}

/** Return the number of the step that a moment (milliseconds since 1970) falls in. */
export function stepAt(moment) {
  return Math.floor(moment / 1000 / STEP_SECONDS);
}

/** Return the whole seconds until the next step. */
export function secondsLeft(moment) {
  return STEP_SECONDS - (Math.floor(moment / 1000) % STEP_SECONDS);
}

/** Return the 22 digits this phone shows for a handle (10 digits, as text) in a step. */
export async function codeInStep(key, handle, step) {
  const message = new Uint8Array(3 + handle.length + 8);
  message.set(new TextEncoder().encode(`OK1${handle}`));
  new DataView(message.buffer).setBigUint64(3 + handle.length, BigInt(step));
  const digest = new DataView(await crypto.subtle.sign("HMAC", key, message));
  const tag = digest.getBigUint64(0) % 10n ** BigInt(TAG_DIGITS);
  return VERSION + handle + tag.toString().padStart(TAG_DIGITS, "0");
}

function uuidBytes(uuid) {
  const hex = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, index) => parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}
