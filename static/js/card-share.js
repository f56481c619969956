// The button "Share by link": the link is made here, and what it says goes to no server.

import { fragmentOf } from "ok/card-share-link";

const share = document.getElementById("card-share");
const said = share.querySelector("[data-part=said]");
const link = share.querySelector("[data-part=link]");

async function give() {
  const card = JSON.parse(share.dataset.card);
  const url = `${new URL(share.dataset.page, location.href)}#${fragmentOf(card)}`;
  link.value = url;
  if (navigator.share) {
    try {
      await navigator.share({ title: card.name, url });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  link.parentElement.hidden = false;
  const copied = await navigator.clipboard?.writeText(url).then(
    () => true,
    () => false,
  );
  if (copied) said.textContent = said.dataset.copied;
  else link.select();
}

const button = share.querySelector("[data-act=share]");
button.addEventListener("click", give);
button.disabled = false;
