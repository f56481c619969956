// The code page: which of its views shows, and what happens when.
//
//   setup    this browser shows no codes yet      locked   the PIN is needed
//   code     a code is on screen                  unable   this browser cannot keep or make keys

import { listen } from "ok/live";
import { toast } from "ok/shell";
import * as chest from "ok/wallet-chest";
import { Face } from "ok/wallet-face";
import { names } from "ok/wallet-database";
import { fill } from "ok/wallet-fill";
import * as pockets from "ok/wallet-pocket";
import { Refused, enrolPhone, fetchStock } from "ok/wallet-server";
import { deriveCodeKey, makeKeyPair, publicPoint } from "ok/wallet-tag";
import * as vault from "ok/wallet-vault";
import { askForPin, askForStartingOver, chooseFunding, choosePin, phoneName } from "ok/wallet-asks";

const page = document.getElementById("wallet");
const { person, enrol, stock } = page.dataset;
// Without a network nobody tells that a code was used, so no handle stays on screen longer than this.
const LONGEST_SHOWN_MS = 3 * 60 * 1000;
const FEW_CODES = 5;
// The page opens and its stream opens: one stock is enough for both.
const ENOUGH_MS = 2_000;

const state = {
  device: null, // what was enrolled
  key: null, // the code key, while unlocked
  pocket: pockets.EMPTY,
  handle: null, // on screen, since shownAt
  shownAt: 0,
  lockAt: 0,
  refilledAt: 0,
  clockOffset: 0,
};
const face = new Face(page, everySecond);

function view(name) {
  page.querySelectorAll("[data-view]").forEach((part) => (part.hidden = part.dataset.view !== name));
  if (name !== "code") face.hide();
  page.querySelector(`[data-view=${name}] [autofocus]`)?.focus();
}

function notice(name) {
  page.querySelectorAll("[data-notice]").forEach((line) => (line.hidden = line.dataset.notice !== name));
}

async function start() {
  try {
    state.device = await vault.device();
    await crypto.subtle.digest("SHA-256", new Uint8Array());
  } catch {
    return view("unable"); // a private window, plain http, or an old browser
  }
  const owner = state.device?.person ?? (await chest.owner());
  if (owner && String(owner) !== person) await forgetPhone();
  if (!state.device) return view("setup");
  state.clockOffset = await vault.clockOffset();
  const pocket = await vault.pocketIfUnlocked(Date.now());
  return pocket ? opened(pocket) : view("locked");
}

/** The PIN was right, or not needed again yet. */
async function opened(pocket) {
  const { privateKey, serverPoint, uuid } = state.device;
  state.key = await deriveCodeKey(privateKey, serverPoint, uuid);
  state.pocket = pocket;
  state.lockAt = Date.now() + (await vault.unlockedFor(Date.now()));
  await showNext();
  besides();
  await refill();
}

async function unlocked(pocket) {
  await opened(pocket);
  keepPage();
}

/** Put another handle on screen; from now on a till may have used it. */
async function showNext() {
  state.handle = pockets.nextHandle(state.pocket);
  state.shownAt = Date.now();
  if (state.handle) state.pocket = pockets.setAside(state.pocket, state.handle, state.shownAt);
  await vault.keepPocket(state.pocket, Date.now());
  if (!state.key) return; // locked in the meantime
  showFunding();
  notice(pockets.freshCount(state.pocket) < FEW_CODES ? "few" : null);
  view(state.handle ? "code" : "empty");
  if (state.handle) face.show(state);
}

function showFunding() {
  const source = pockets.chosenSource(state.pocket);
  const known = Boolean(source?.label);
  page.querySelector("[data-part=funding]").hidden = !known;
  page.querySelector("[data-part=no-funding]").hidden = known;
  page.querySelector("[data-part=funding-label]").textContent = source?.label ?? "";
  page.querySelector("[data-part=funding-tail]").textContent = known ? `•• ${source.tail}` : "";
  page.querySelector("[data-act=switch]").hidden = state.pocket.sources.length < 2;
}

/** Fetch the stock, if there is a network: what it no longer lists was used. */
async function refill() {
  if (!state.key || Date.now() - state.refilledAt < ENOUGH_MS) return;
  state.refilledAt = Date.now();
  try {
    const answer = await fetchStock(stock, state.device.uuid);
    state.clockOffset = answer.clockOffset;
    await vault.keepClockOffset(answer.clockOffset);
    await restocked(answer);
  } catch (error) {
    state.refilledAt = 0;
    await refused(error);
  }
}

async function restocked({ stock: sources, latestReceipt, question }) {
  if (question) return location.assign(question);
  state.pocket = pockets.restock(state.pocket, sources);
  const stillUnused = pockets.holds(state.pocket, state.handle);
  if (!stillUnused && latestReceipt && latestReceipt.at > state.shownAt + state.clockOffset) {
    location.assign(latestReceipt.url);
  } else if (!stillUnused) {
    await showNext();
  } else {
    state.pocket = pockets.setAside(state.pocket, state.handle, state.shownAt);
    await vault.keepPocket(state.pocket, Date.now());
    showFunding();
    notice(null);
    if (state.key) face.show(state);
  }
}

/** A stock that did not come: blocked phones start over, expired sessions say so, no network is no news. */
async function refused(error) {
  if (!(error instanceof Refused)) return;
  if (["device_blocked", "device_unknown"].includes(error.code)) {
    await forgetPhone();
    toast(error.message, { error: true });
    view("setup");
  } else if ([401, 403].includes(error.status)) {
    notice("signed-out");
  }
}

async function forgetPhone({ keepWaiting = false } = {}) {
  await (keepWaiting ? vault.wipeButWaiting() : vault.wipe());
  Object.assign(state, { device: null, key: null, pocket: pockets.EMPTY, handle: null });
  besides();
}

function everySecond(now) {
  if (now >= state.lockAt) lock();
  else if (now - state.shownAt >= LONGEST_SHOWN_MS) showNext();
}

async function lock() {
  face.hide();
  state.key = null;
  await vault.lock();
  view("locked");
  besides();
}

/** Make the keys, tell the server the public one, and keep the rest under the PIN. */
async function setUp(pin) {
  const pair = await makeKeyPair();
  const answer = await enrolPhone(enrol, await publicPoint(pair), phoneName());
  state.device = { uuid: answer.device, person, privateKey: pair.privateKey, serverPoint: answer.serverPoint };
  state.clockOffset = answer.clockOffset;
  const filled = await fetchStock(stock, answer.device);
  const pocket = pockets.restock(pockets.EMPTY, filled.stock);
  state.refilledAt = Date.now();
  await vault.enrol({ enrolled: state.device, pin, pocket, now: Date.now() });
  await vault.keepClockOffset(answer.clockOffset);
  navigator.storage?.persist?.();
  await opened(pocket);
  await keepPage();
}

async function keepPage() {
  const showsCodes = state.device;
  const works = await fill();
  document.querySelector("[data-part=works-offline]").hidden = !(works && showsCodes);
  besides();
}

/** Lay the cards beside the code, and take them away when there are none to see: later than the code itself. */
async function besides() {
  const [any, unsaved] = await Promise.all(["cards", "choices"].map((store) => names(store).catch(() => [])));
  document.querySelector("[data-part=unsaved]").hidden = !unsaved.length;
  if (any.length || document.querySelector("[data-part=strip-names] *")) await (await import("ok/code-cards")).showCards();
}

function keepAwake() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => null);
}

choosePin(page, setUp);
askForPin(page, { onOpen: unlocked, onWiped: async () => (await forgetPhone({ keepWaiting: true }), view("setup")) });
askForStartingOver(page, async () => (await forgetPhone({ keepWaiting: true }), view("setup")));
chooseFunding(page, state, async (ref) => ((state.pocket = pockets.choose(state.pocket, ref)), showNext()));
page.querySelector("[data-act=next]").addEventListener("click", showNext);
document.addEventListener("visibilitychange", keepAwake);
addEventListener("online", refill);
addEventListener("pageshow", (event) => event.persisted && start());

await start();
keepAwake();
keepPage();
const go = ({ url }) => location.assign(url);
listen(`person:${person}`, { receipt: go, confirmation: go }, { onOpen: refill });
