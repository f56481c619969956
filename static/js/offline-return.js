// The way back: a page that was drawn from the phone makes place for the server's as soon as the server answers, and
// never under the hands of somebody who is typing or already on the way to another page.

import { part } from "ok/offline-drawing";
import { sendFirst } from "ok/wallet-sending";

const READY = "/health/ready";
const PATIENCE_MS = 8_000;
// A server that was away tells nobody that it is back, so a page in sight asks now and then.
const ASK_EVERY_MS = 30_000;
const root = document.getElementById("offline");

let leaving = false;
let asking = null;

/** Watch for the server: the page loads anew by itself, or offers to where something is half typed. */
export function watchForServer() {
  addEventListener("beforeunload", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  setInterval(() => navigator.onLine && look(), ASK_EVERY_MS);
  root.addEventListener("input", lookAgain);
  part("back-online").querySelector("button").addEventListener("click", () => location.reload());
}

/** Look once more where only typing kept the page here: it may have been saved, or taken out again. */
export function lookAgain() {
  if (!part("back-online").hidden && !isTyping()) look();
}

/** Ask the server; one question at a time. The browser's own word for "online" says nothing about the server. */
function look() {
  if (document.visibilityState !== "visible" || leaving) return;
  asking ??= answers().then(arrived).finally(() => (asking = null));
}

async function arrived(isThere) {
  // What waits goes first, or the server's page would not know of it.
  if (isThere) await sendFirst().catch(() => null);
  if (leaving) return;
  const busy = isTyping();
  part("back-online").hidden = !(isThere && busy);
  if (isThere && !busy) location.reload();
}

async function answers() {
  // The worker answers GET only, so nothing that is kept comes between.
  const options = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
  const response = await fetch(READY, options).catch(() => null);
  return Boolean(response?.ok);
}

/** Whether somebody has something half typed that is kept nowhere. */
function isTyping() {
  return [...root.querySelectorAll("[data-form] :is(input, textarea, select), [type=search]")].some(isChanged);
}

function isChanged(field) {
  if (field.type === "file" || field.closest("[hidden]")) return false;
  if (!field.options) return field.value !== field.defaultValue;
  const usual = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(0, usual);
}
