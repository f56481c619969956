/**
 * Where cards were shown, so that the card of this place comes first. Only once somebody switched it on; kept sealed on
 * this phone, compared on this phone, sent nowhere.
 */

import { read, remove, write } from "ok/wallet-database";
import { sealer } from "ok/wallet-seal";

const ON = "places";
/** Sealed for the chest: by UUID when a card was last shown on this phone, and where. */
const HERE = "here";
// Where a phone finds itself indoors is off by about a hundred metres.
const NEAR_M = 250;
const APART_M = 100;
const MOST_SPOTS = 6;
const MOST_CARDS = 200;
const EARTH_M = 6_371_000;
const DECIMALS = 4;
const ASKED = { timeout: 8_000 };

/** Whether it was switched on here. */
export const knowsPlaces = async () => Boolean(await read(ON));

/** Ask where the phone is, and switch it on; false where the answer was no. */
export async function askForPlaces() {
  if (!(await found())) return false;
  await write(ON, true);
  return true;
}

/** Switch it off, and forget where cards were shown. */
export async function forgetPlaces() {
  await remove(ON);
  await remove(HERE);
}

/** Return where the phone is as [latitude, longitude]; null where nobody switched it on, without asking anything. */
export async function position() {
  if (!(await knowsPlaces())) return null;
  const { state } = (await navigator.permissions?.query({ name: "geolocation" }).catch(() => null)) ?? {};
  return state === "granted" ? found() : null;
}

function found() {
  return new Promise((resolve) => {
    const rounded = (degrees) => Number(degrees.toFixed(DECIMALS));
    const there = ({ coords }) => resolve([rounded(coords.latitude), rounded(coords.longitude)]);
    navigator.geolocation.getCurrentPosition(there, () => resolve(null), ASKED);
  });
}

/** Keep that a card was shown, and where, if that is switched on. */
export async function note(chest, card, now) {
  const at = await position();
  const here = await chest.here();
  const spots = here[card]?.spots ?? [];
  const isNew = at && !spots.some((spot) => metres(spot, at) < APART_M);
  here[card] = { at: now, spots: isNew ? [at, ...spots].slice(0, MOST_SPOTS) : spots };
  const latest = Object.entries(here).sort(([, one], [, other]) => other.at - one.at);
  const close = await sealer((await read("chest")).point);
  await write(HERE, await close(Object.fromEntries(latest.slice(0, MOST_CARDS))));
}

/** Whether a card was shown near here. */
export const isNear = (shown, at) => (shown?.spots ?? []).some((spot) => metres(spot, at) < NEAR_M);

/** The way between two places over the ground, by the haversine formula. */
function metres([latitude, longitude], [otherLatitude, otherLongitude]) {
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const [north, east] = [radians(otherLatitude - latitude), radians(otherLongitude - longitude)];
  const half = Math.sin(north / 2) ** 2 + Math.cos(radians(latitude)) * Math.cos(radians(otherLatitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half));
}
