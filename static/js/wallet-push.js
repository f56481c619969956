/**
 * Notifications in this browser. The server keeps where they go for as long as somebody is signed in here; the browser
 * remembers who turned them on, so that nobody else who signs in gets them.
 */

import { registerWorker } from "ok/worker";

const ADDRESS = "/wallet/phone/push/";
const WHOSE = "ok-push";

/** How it stands here: "on", "off", "refused", or why it cannot be: "home" (iOS asks for the app) or "unable". */
export async function standing() {
  if (!("serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis)) {
    return isApple() && !isInstalled() ? "home" : "unable";
  }
  if (Notification.permission === "denied") return "refused";
  const [here, known] = await Promise.all([subscription(), ask("GET")]);
  return here && known.on && Notification.permission === "granted" ? "on" : "off";
}

/** Turn them on; called by a press only, because the browser asks for permission. Raises an Error with a sentence. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return standing();
  const { key, token, whose } = await ask("GET");
  await tell(await subscribed(key), token);
  localStorage.setItem(WHOSE, whose);
  return "on";
}

export async function turnOff() {
  localStorage.removeItem(WHOSE);
  const { token } = await ask("GET");
  await ask("DELETE", { token });
  await (await subscription())?.unsubscribe();
  return "off";
}

/**
 * Tell the server again where they go, after signing in anew or when it has another key; and stop, when this phone was
 * removed elsewhere. Never raises.
 */
export async function keepOn() {
  try {
    const was = localStorage.getItem(WHOSE);
    if (!was || Notification.permission !== "granted") return;
    const { on, key, token, whose } = await ask("GET");
    const [here, isSame] = [await subscription(), was === whose];
    if (!here || was.split(" ")[0] !== whose.split(" ")[0] || (on && isOf(here, key))) return;
    if (isSame && !on) {
      localStorage.removeItem(WHOSE);
      await here.unsubscribe();
      return;
    }
    await tell(await subscribed(key), token);
    localStorage.setItem(WHOSE, whose);
  } catch {
    // Without a network, or refused: the next visit tries again.
  }
}

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return registration?.pushManager.getSubscription() ?? null;
}

/** Return this browser's subscription, made anew where it was made with another key of ours. */
async function subscribed(key) {
  await registerWorker("/sw.js", { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const here = await pushManager.getSubscription();
  if (here && isOf(here, key)) return here;
  await here?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function isOf(here, key) {
  return text(here.options.applicationServerKey) === key;
}

async function tell(here, token) {
  const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
  const keys = { p256dh: text(here.getKey("p256dh")), auth: text(here.getKey("auth")) };
  await ask("POST", { token, body: { endpoint: here.endpoint, ...keys, timezone } });
}

async function ask(method, { token, body } = {}) {
  const headers = { "Content-Type": "application/json", ...(token && { "X-CSRFToken": token }) };
  const response = await fetch(ADDRESS, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? "");
  return answer;
}

function text(bytes) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function isApple() {
  // An iPad says that it is a Mac.
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

function isInstalled() {
  return navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
}
