// One card at the till: its code as large as the phone allows, on a screen that stays on.

import { drawSymbol } from "ok/card-symbol";
import { countUse } from "ok/card-uses";
import { fill } from "ok/wallet-fill";
import { hasBecome } from "ok/wallet-unsaved";

const panel = document.getElementById("card");
const code = JSON.parse(panel.dataset.code);
const part = (name) => panel.querySelector(`[data-part=${name}]`);
// As much of the height as leaves the number in sight, for a code that is turned or square.
const MOST_HEIGHT = 0.62;
const SHOWN_MS = 2_000;

async function draw() {
  const room = { width: part("room").clientWidth, height: Math.round(innerHeight * MOST_HEIGHT) };
  try {
    const turned = await drawSymbol(part("symbol"), code, room);
    panel.classList.toggle("card-turned", turned);
    panel.dataset.drawn = "yes";
  } catch (error) {
    part("symbol").setAttribute("hidden", "");
    part("unable").hidden = false;
    console.warn("card not drawn", error);
  }
}

/** Keep the screen on; the browser lets go whenever the page is out of sight. */
function keepAwake() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => null);
}

if (code.symbology) {
  await draw();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return; // the address bar came or went
    width = innerWidth;
    draw();
  });
  keepAwake();
  document.addEventListener("visibilitychange", keepAwake);
}
setTimeout(() => {
  if (document.visibilityState === "visible") countUse(panel.dataset.changes, panel.dataset.card).catch(() => null);
}, SHOWN_MS);
fill();
hasBecome(panel.dataset.card).catch(() => null);
