// A browser that keeps nothing says so, once and quietly; the page works all the same.

const SAID = "ok-keeps-nothing";
// What a browser answers that has no room, or where nothing may be kept: a private window, for instance.
const FULL = "QuotaExceededError";
const UNABLE = ["SecurityError", "UnknownError", "DataCloneError", "NotSupportedError", "NotAllowedError"];

/** Whether this browser has what keeping needs. */
export function isAble() {
  try {
    return Boolean(navigator.locks && navigator.serviceWorker && globalThis.crypto?.subtle && globalThis.indexedDB);
  } catch {
    return false; // where nothing may be kept, even asking is refused
  }
}

/** Say why nothing is kept: `unable` or `full`. The code page has a sentence of its own. */
export function sayUnable(reason) {
  const line = document.querySelector(`[data-keeps=${reason}]`);
  if (!line || document.querySelector("[data-view=unable]:not([hidden])") || wasSaid(reason)) return;
  line.hidden = false;
}

/** Say it if that is what an error means: of a network that went away there is nothing to say. */
export function sayWhy({ name }) {
  if (name === FULL) sayUnable("full");
  else if (UNABLE.includes(name)) sayUnable("unable");
}

function wasSaid(reason) {
  try {
    const said = sessionStorage.getItem(SAID) === reason;
    sessionStorage.setItem(SAID, reason);
    return said;
  } catch {
    return false; // no storage at all
  }
}
