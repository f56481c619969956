// The page of notifications: how it stands in this browser, and the buttons that change it.

import { toast } from "ok/shell";
import { standing, turnOff, turnOn } from "ok/wallet-push";

const box = document.getElementById("push");
const zone = document.querySelector("input[name=timezone]");
zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;

function show(name) {
  box.querySelectorAll("[data-push]").forEach((part) => (part.hidden = part.dataset.push !== name));
  box.dataset.standing = name;
}

async function turn(button) {
  button.setAttribute("aria-busy", "true");
  const was = box.dataset.standing;
  try {
    const now = await (button.dataset.turn === "on" ? turnOn() : turnOff());
    // The list of phones stands on the page.
    if (["on", "off"].includes(now) && now !== was) location.reload();
    else show(now);
  } catch (error) {
    const { failed } = box.dataset;
    toast(error.name === "Error" && error.message ? error.message : failed, { error: true });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

for (const button of box.querySelectorAll("[data-turn]")) button.addEventListener("click", () => turn(button));
show(await standing().catch(() => "off"));
