// htmx under our policy: pages import "ok/htmx". What the server sends is put in the page as it is
// (the Content-Security-Policy stops scripts in it); evaluating text as a script is refused.

import htmx from "htmx";

const refuse = () => {
  throw new Error("Nothing in an attribute is run as a script here.");
};

const policy = globalThis.trustedTypes?.createPolicy("ok-htmx", { createHTML: (text) => text, createScript: refuse });

htmx.registerExtension("ok-security", {
  init: (internals) => internals.initSecurity(policy ?? { createHTML: (text) => text, createScript: refuse }, refuse, refuse),
});

export default htmx;
