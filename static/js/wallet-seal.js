/**
 * Sealing: AES-GCM with 256 bits, a fresh nonce each time. A chest can be filled by whoever has its public key
 * and opened by its private key only (ECDH on P-256, HKDF with SHA-256), so that a locked phone still fills its own.
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const CIPHER = { name: "AES-GCM", length: 256 };

/** Seal a value that JSON can hold, or the bytes of an ArrayBuffer. */
export async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
}

/** Open what `seal` closed; raises an OperationError for another key. */
export async function unseal(key, record) {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(key, record)));
}

const unsealBytes = (key, { iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);

/** Make a key that never leaves this browser. */
export const deviceKey = () => crypto.subtle.generateKey(CIPHER, false, ["encrypt", "decrypt"]);

/** Make the two keys of a chest; the private one is extractable where it goes under a PIN. */
export const chestKeys = ({ extractable }) => crypto.subtle.generateKey(CURVE, extractable, ["deriveBits"]);

/** Return the public key as bytes. */
export const pointOf = (pair) => crypto.subtle.exportKey("raw", pair.publicKey);

/** Return the private key as JSON holds it, to be sealed under the PIN. */
export const asJson = (pair) => crypto.subtle.exportKey("jwk", pair.privateKey);

/** Take the private key back; it cannot be exported again. */
export const fromJson = (jwk) => crypto.subtle.importKey("jwk", jwk, CURVE, false, ["deriveBits"]);

/** Return a function that puts values in the chest of `point`. */
export async function sealer(point) {
  const once = await chestKeys({ extractable: false });
  const from = await pointOf(once);
  const key = await contentKey(once.privateKey, point, from);
  return async (value) => ({ from, ...(await seal(key, value)) });
}

/** Return a function that takes values, or `asBytes`, out of the chest of `privateKey`. */
export function opener(privateKey) {
  const known = new Map();
  return async (record, { asBytes = false } = {}) => {
    const name = String(new Uint8Array(record.from));
    if (!known.has(name)) known.set(name, contentKey(privateKey, record.from, record.from));
    return (asBytes ? unsealBytes : unseal)(await known.get(name), record);
  };
}

async function contentKey(privateKey, point, from) {
  const other = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: from };
  return crypto.subtle.deriveKey(hkdf, secret, CIPHER, false, ["encrypt", "decrypt"]);
}
