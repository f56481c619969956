// Keeps the code page on the phone (templates/wallet/sw.js does the keeping), so that it opens without a network.

import { registerWorker } from "ok/worker";

const STATIC = "/static/";

/** Have the page and everything it loaded kept; resolves to true once it would open offline. */
export async function keepForOffline(workerAddress, offlineAddress) {
  const registered = await registerWorker(workerAddress, { scope: "/" });
  if (!registered) return false;
  const { active } = await navigator.serviceWorker.ready;
  const kept = new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.kept);
    active.postMessage({ keep: [offlineAddress, ...loadedFiles()] }, [port2]);
  });
  return kept;
}

/** What this page loaded: named by its tags, or fetched by its modules. */
function loadedFiles() {
  const tags = [...document.querySelectorAll("link[href], script[src]")].map((tag) => tag.href || tag.src);
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const paths = [...tags, ...fetched].map((address) => new URL(address, location.href));
  const ours = paths.filter((url) => url.origin === location.origin && url.pathname.startsWith(STATIC));
  return [...new Set(ours.map((url) => url.pathname))];
}
