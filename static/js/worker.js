// Workers under Trusted Types; only addresses of our own are accepted.

const own = (address) => {
  if (new URL(address, location.href).origin !== location.origin) throw new TypeError("A worker comes from here.");
  return address;
};
const policy = globalThis.trustedTypes?.createPolicy("ok-worker", { createScriptURL: own });

export function registerWorker(address, options) {
  if (!("serviceWorker" in navigator)) return Promise.resolve(null);
  return navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : own(address), options);
}

/** Start a worker of our own: what draws a PDF, for instance. */
export function ownWorker(address, options) {
  return new Worker(policy ? policy.createScriptURL(address) : own(address), options);
}
