// The question on the phone: counts down, offers the passkey, and shows how it ended as soon as it has.

import { listen } from "ok/live";
import { offerPasskey } from "ok/passkey";

const sheet = document.getElementById("confirm");
const { person, confirmation, state, seconds } = sheet.dataset;
const form = sheet.querySelector("[data-answer]");
const OPEN = ["asked", "authorised", "captured"]; // something is still to come: at last, the receipt

/** What the server says now; a page that was away may show what is long over. */
async function look() {
  if (!OPEN.includes(state)) return;
  const said = await fetch(`${location.pathname}?state`);
  if (!said.ok) return;
  const now = await said.json();
  if (now.receipt) location.assign(now.receipt);
  else if (now.state !== state) location.reload();
}

function countDown() {
  const until = Date.now() + Number(seconds) * 1000;
  const shown = sheet.querySelector("[data-part=seconds]");
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    shown.textContent = left;
    if (left) return;
    clearInterval(timer);
    form.querySelectorAll("button").forEach((button) => (button.disabled = true));
    setTimeout(() => look().catch(() => null), 1_000);
  }, 1_000);
}

if (form) {
  countDown();
  offerPasskey(form);
  form.querySelector("#pin")?.focus();
}
listen(
  `person:${person}`,
  {
    "confirmation-over": (over) => over.confirmation === confirmation && look(),
    receipt: ({ url }) => OPEN.includes(state) && location.assign(url),
  },
  { onOpen: look },
);
