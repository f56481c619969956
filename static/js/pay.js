// The payment page while it is open: it follows what the phone does, and goes back to the shop when it is done.
import { listen } from "ok/live";
import { offerPasskey } from "ok/passkey";

const page = document.querySelector("[data-pay]");
const form = page.querySelector("[data-answer]");
let sending = false;

async function look() {
  const answer = await fetch(page.dataset.standing, { cache: "no-store" });
  if (!answer.ok) throw new Error(`standing: ${answer.status}`);
  const { done, back } = await answer.json();
  // Whoever pays on this very page is shown the receipt by its answer.
  if (!done || sending) return;
  if (back) location.replace(back);
  else location.reload();
}

if (form) offerPasskey(form);
addEventListener("beforeunload", () => {
  sending = true;
});
addEventListener("pageshow", () => {
  sending = false;
});
listen(page.dataset.pay, { payment: look }, { onOpen: look });
