// Keeps the wallet on the phone, so that it opens without a network (templates/wallet/sw.js serves it).

import { registerWorker } from "ok/worker";

const WORKER = "/sw.js";

/**
 * Have the pages and files of this release kept, and the large ones that this phone needs: { rare, reader }. Resolves to true once they
 * would open offline.
 */
export async function keepForOffline(more) {
  const registration = await registerWorker(WORKER, { scope: "/" });
  if (!registration) return false;
  await newest(registration);
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data.why ? reject(new DOMException("", data.why)) : resolve(data.kept));
    active.postMessage(more, [port2]);
  });
}

/** Wait for a new worker to take over: the old one does not keep pages of a new release. */
function newest({ installing, waiting }) {
  const coming = installing ?? waiting;
  return new Promise((resolve) => {
    if (!coming) return resolve();
    const look = () => ["activated", "redundant"].includes(coming.state) && resolve();
    coming.addEventListener("statechange", look);
    look();
  });
}
