// Says what allauth's script for passkeys keeps to itself: they turned away, there is none here, or no WebAuthn at all.

import { toast } from "ok/shell";

const sentence = document.getElementById("passkey-said");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // else it complains in the console
  toast(sentence.content.textContent, { error: event.detail.exception?.name !== "NotAllowedError" });
});
