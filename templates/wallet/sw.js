// The wallet's service worker: the code opens without a network, also after a restart of the browser.
//
// It keeps one page (the code page as it was last seen, with every file it loaded) and the page that says
// "no network". The rest of OK passes through untouched. Whoever signs in or out, on whatever page, finds
// no page of somebody else; signing out forgets the codes too.

const CACHE = "ok-wallet";
const DATABASE = "ok-wallet";
const SHELL = "/wallet/";
const NEXT = "/wallet/?next";
const OFFLINE = "/wallet/offline/";
const STATIC = "/static/";
const ACCOUNT = "/account/";
const SIGN_OUTS = ["/account/logout/", "/wallet/sign-out/"];
// A network that takes longer than this is no network for somebody at a till.
const PATIENCE_MS = 600;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST") forget(event, url.pathname);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(shell(event));
  else if (request.mode === "navigate" && url.pathname.startsWith(SHELL)) event.respondWith(page(request));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  const answer = (kept) => event.ports[0].postMessage({ kept });
  event.waitUntil(keep(event.data.keep).then(() => answer(true), () => answer(false)));
});

/** Answer with the code page: the server's, or the kept one when the server is away or slow. */
async function shell(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL, { ignoreVary: true });
  const fresh = fetch(event.request).then(async (response) => {
    if (response.ok) await cache.put(NEXT, response.clone());
    return response.status >= 500 && kept ? kept : response;
  });
  if (!kept) return fresh.catch(offline);
  event.waitUntil(fresh.catch(() => null));
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fresh.catch(() => kept), patience]);
}

function page(request) {
  return fetch(request).catch(offline);
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function offline() {
  const cache = await caches.open(CACHE);
  return (await cache.match(OFFLINE, { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}

/** Keep these files, then the page that loaded them: what is kept always fits together. */
async function keep(files) {
  const cache = await caches.open(CACHE);
  const known = new Set((await cache.keys()).map((request) => request.url));
  const wanted = new Set([SHELL, ...files].map((path) => new URL(path, self.location.origin).href));
  await cache.addAll(files.filter((path) => !known.has(new URL(path, self.location.origin).href)));
  const next = (await cache.match(NEXT, { ignoreVary: true })) ?? (await fetch(SHELL));
  if (next.ok && !next.redirected) await cache.put(SHELL, next);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

function forget(event, path) {
  if (path.startsWith(ACCOUNT) || SIGN_OUTS.includes(path)) event.waitUntil(caches.delete(CACHE));
  if (SIGN_OUTS.includes(path)) indexedDB.deleteDatabase(DATABASE);
}
