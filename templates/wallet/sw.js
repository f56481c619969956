// The wallet's service worker: code, cards and receipts open without a network, also after a restart of the browser.
//
// It keeps the files of one release, and two pages without anything personal: the code page and the one that draws
// cards and receipts from what the phone keeps, sealed (static/js/wallet-chest.js). The rest of OK passes through
// untouched. Whoever signs in or out, on whatever page, finds no page of somebody else; signing out forgets the codes.

const RELEASE = "{{ files.release }}";
const FILES = `ok-files-${RELEASE}`;
const PAGES = `ok-pages-${RELEASE}`;
const ALWAYS = [{% for path in files.always %}"{{ path|escapejs }}",{% endfor %}];
// Large, and for few cards: kept on phones that have such a card.
const RARE = [{% for path in files.rare %}"{{ path|escapejs }}",{% endfor %}];
// Reads a card by camera or photo: kept on phones where somebody adds cards.
const READER = [{% for path in files.reader %}"{{ path|escapejs }}",{% endfor %}];
const DATABASE = "ok-wallet";
const SHELL = "/wallet/";
const BARE = "/wallet/?bare";
const OFFLINE = "/wallet/offline/";
const STATIC = "/static/";
const ACCOUNT = "/account/";
const STOCK = "/wallet/phone/stock/";
const PUSH = "/wallet/phone/push/";
const ICON = "{{ icon|escapejs }}";
// The same bytes for every reader: another language is no other worker.
const NEWS_BODIES = { {% for code, said in news %}{{ code }}: "{{ said|escapejs }}", {% endfor %}};
const NEWS = {
  title: "OK",
  body: NEWS_BODIES[self.navigator.language.slice(0, 2)] ?? NEWS_BODIES.en,
  tag: "ok-news",
  url: SHELL,
};
const SIGN_OUTS = ["/account/logout/", "/wallet/sign-out/"];
// A network that takes longer than this is no network for somebody at a till.
const PATIENCE_MS = 600;
const SEND = "ok-send";
const AWAY = [502, 503, 504];
const FULL = "QuotaExceededError";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepFiles(ALWAYS));
});
self.addEventListener("activate", (event) => event.waitUntil(forgetOld().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST") forget(event, url.pathname);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(shell(event));
  else if (request.mode === "navigate" && url.pathname.startsWith(SHELL)) event.respondWith(page(event));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  const answer = (kept, why) => event.ports[0].postMessage({ kept, why });
  event.waitUntil(keep(event.data).then(answer, ({ name }) => answer(false, name === FULL ? name : "")));
});

// The network is back: a page of ours sends what waits, because it knows how.
self.addEventListener("sync", (event) => {
  if (event.tag === SEND) event.waitUntil(tellPages());
});

// A browser shows a notification for every message, so one that cannot be read says only that there is something.
self.addEventListener("push", (event) => {
  const { title, body, tag, url } = { ...NEWS, ...readable(event.data) };
  const look = { body, tag, icon: ICON, data: { url } };
  event.waitUntil(self.registration.showNotification(title, look));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data?.url));
});

// The browser moved to another address: the server hears of it, if notifications are still on here.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event)));

function readable(data) {
  try {
    const said = data?.json();
    return typeof said?.title === "string" && typeof said.url === "string" ? said : {};
  } catch {
    return {};
  }
}

/** Open a page of ours in the tab of the wallet, where there is one. */
async function openPage(address) {
  const asked = new URL(address ?? SHELL, self.location.origin);
  const { href } = asked.origin === self.location.origin ? asked : new URL(SHELL, self.location.origin);
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.find(({ url }) => new URL(url).pathname.startsWith(SHELL));
  if (!tab) return self.clients.openWindow(href);
  await tab.focus().catch(() => null);
  // A tab of an older release is not ours to steer.
  return tab.url === href ? tab : tab.navigate(href).catch(() => self.clients.openWindow(href));
}

async function moved({ newSubscription }) {
  const response = await fetch(PUSH);
  const { on, key, token } = response.ok ? await response.json() : {};
  if (!on) return;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const here = (newSubscription ?? (await self.registration.pushManager.subscribe(options))).toJSON();
  const { p256dh, auth } = here.keys;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  await fetch(PUSH, { method: "POST", headers, body: JSON.stringify({ endpoint: here.endpoint, p256dh, auth }) });
}

async function tellPages() {
  for (const client of await self.clients.matchAll()) client.postMessage({ send: true });
}

/** Answer with the code page: the server's, or the kept one when the server is away or slow. */
async function shell(event) {
  const kept = await keptPage(BARE);
  const fresh = fetchPage(event).then((response) => (response.status >= 500 && kept ? kept : response));
  if (!kept) return fresh.catch(offline);
  event.waitUntil(fresh.catch(() => null));
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fresh.catch(() => kept), patience]);
}

async function page(event) {
  try {
    const response = await fetchPage(event);
    return AWAY.includes(response.status) ? ((await keptPage(OFFLINE)) ?? response) : response;
  } catch {
    return offline();
  }
}

/** Fetch a page of the wallet; where it leads to signing in, this may be a lost phone. */
async function fetchPage(event) {
  const response = await fetch(event.request);
  if (response.type === "opaqueredirect") event.waitUntil(forgetIfBlocked());
  return response;
}

/** A blocked phone is signed out as well, and no page of ours runs on it: it still forgets what it keeps. */
async function forgetIfBlocked() {
  const device = await enrolledDevice();
  if (!device) return;
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(STOCK, { method: "POST", headers, body: JSON.stringify({ device }) });
  if (response.status !== 409 || (await response.json()).code !== "device_blocked") return;
  indexedDB.deleteDatabase(DATABASE);
  for (const name of await caches.keys()) await caches.delete(name);
}

/** Return the name by which the server knows this phone, without making a database where there is none. */
async function enrolledDevice() {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === DATABASE)) return null;
  return new Promise((resolve) => {
    const opening = indexedDB.open(DATABASE);
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
      const asked = opening.result.transaction("kept").objectStore("kept").get("device");
      asked.transaction.oncomplete = () => (opening.result.close(), resolve(asked.result?.uuid ?? null));
    };
  });
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function offline() {
  return (await keptPage(OFFLINE)) ?? Response.error();
}

/** Return a page as it was kept, the newest release first. */
async function keptPage(address) {
  for (const name of (await caches.keys()).reverse()) {
    if (!name.startsWith("ok-pages-")) continue;
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

/** Keep the two pages as they are in this release, language and theme; true once they would open. */
async function keep({ rare, reader }) {
  await keepFiles([...ALWAYS, ...(rare ? RARE : []), ...(reader ? READER : [])]);
  const cache = await caches.open(PAGES);
  for (const address of [BARE, OFFLINE]) {
    const response = await fetch(address);
    // Another release, or a sign-in page: what is kept always fits together.
    if (!response.ok || response.redirected || response.headers.get("X-OK-Release") !== RELEASE) return false;
    await cache.put(address, response);
  }
  return true;
}

async function keepFiles(paths) {
  const cache = await caches.open(FILES);
  const known = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll(paths.filter((path) => !known.has(path)));
}

/** Keep the release before this one too: pages of it may still be open. */
async function forgetOld() {
  const names = await caches.keys();
  for (const kind of ["ok-files-", "ok-pages-"]) {
    const older = names.filter((name) => name.startsWith(kind) && !name.endsWith(RELEASE));
    for (const name of older.slice(0, -1)) await caches.delete(name);
  }
  await caches.delete("ok-wallet"); // of releases that kept the page with what was on it
}

function forget(event, path) {
  if (path.startsWith(ACCOUNT) || SIGN_OUTS.includes(path)) event.waitUntil(forgetPages());
  if (SIGN_OUTS.includes(path)) indexedDB.deleteDatabase(DATABASE);
}

async function forgetPages() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("ok-pages-")).map((name) => caches.delete(name)));
}
