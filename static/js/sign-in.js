// Signs in with a passkey: by the button, or while one types, where the browser offers passkeys beside the address.
//
// Without this script, or in a browser without WebAuthn, the button stays hidden: password and mailed code remain.
// webauthnJSON (allauth's copy of @github/webauthn-json) writes credentials as JSON also where the browser cannot.

import { toast } from "ok/shell";

const form = document.getElementById("passkey-form");
const button = document.getElementById("passkey-button");
const { webauthnJSON } = globalThis;

let waiting = null; // one ceremony at a time: the button ends the one beside the address

async function options() {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`no challenge: ${response.status}`);
  return (await response.json()).request_options;
}

async function ask(more) {
  waiting?.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  const asked = await options();
  if (signal.aborted) return;
  const signed = await webauthnJSON.get({ ...asked, ...more, signal });
  form.elements.credential.value = JSON.stringify(signed);
  form.submit();
}

/** Offer passkeys in the list under the address; whatever goes wrong there is no news to who types a password. */
async function offer() {
  const offers = await PublicKeyCredential.isConditionalMediationAvailable?.();
  if (offers) await ask({ mediation: "conditional" });
}

if (form && globalThis.PublicKeyCredential && webauthnJSON) {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    ask({}).catch((error) => {
      // They turned away, or have none here: the question stays, and so do the other ways.
      toast(button.dataset.failed, { error: error.name !== "NotAllowedError" });
      offer().catch(() => {});
    });
  });
  offer().catch(() => {});
}
