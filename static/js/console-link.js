// Copies the address or a text of a payment link.
import { toast } from "ok/shell";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  toast(button.dataset.copied);
});
