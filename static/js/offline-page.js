// What a page of the wallet shows without a network: the one its address asks for, from what the phone keeps.

import { isLocked, openChest, progress } from "ok/wallet-chest";
import { asOf, part, show } from "ok/offline-drawing";
import { showCard, showCards } from "ok/offline-cards";
import { editable, showWaiting } from "ok/offline-edits";
import { showReceipt, showReceipts } from "ok/offline-receipts";
import { lookAgain, watchForServer } from "ok/offline-return";
import { askForPin } from "ok/wallet-asks";
import { waiting, withWaiting } from "ok/wallet-waiting";

const words = document.getElementById("offline").dataset;
const path = location.pathname;

const PAGES = [
  { at: /^\/wallet\/cards\/$/, title: () => words.cards, draw: cards },
  { at: /^\/wallet\/cards\/([0-9a-f-]{36})\/$/, back: "/wallet/cards/", draw: card },
  { at: /^\/wallet\/receipts\/$/, title: () => words.receipts, draw: receipts },
  { at: /^\/wallet\/receipts\/(\d+)\/$/, title: () => words.receipt, back: "/wallet/receipts/", draw: receipt },
];

async function cards(chest) {
  const changes = await waiting();
  const now = (await chest.cards()).map((one) => withWaiting(one, changes));
  showCards(now.filter((one) => !one.removed), await chest.memberships());
  return true;
}

async function card(chest, uuid) {
  const kept = await chest.card(uuid);
  const found = kept && withWaiting(kept, await waiting());
  if (!found || found.removed) return false;
  title(found.name);
  await showCard(found);
  editable(found, ({ fields }) => (fields?.removed ? location.assign("/wallet/cards/") : start()));
  return true;
}

async function receipts(chest) {
  showReceipts(await chest.receipts());
  return true;
}

async function receipt(chest, id) {
  const found = await chest.receipt(Number(id));
  if (found) showReceipt(found);
  return Boolean(found);
}

async function start() {
  const page = PAGES.find(({ at }) => at.test(path));
  currentTab();
  if (!page) return show("nothing");
  part("back", document).hidden = !page.back;
  part("back", document).href = page.back ?? "";
  try {
    await draw(page);
  } catch (error) {
    console.warn("not drawn", error);
    show("nothing"); // a private window, or an old browser
  }
}

async function draw(page) {
  if (page.title) title(page.title());
  const chest = await openChest(Date.now());
  if (!chest) return (await isLocked(Date.now())) ? lock() : show("nothing");
  part("lock").hidden = true;
  await showWaiting();
  if (!(await page.draw(chest, page.at.exec(path)[1]))) return show("nothing");
  const { filledAt } = await progress();
  const line = part("as-of");
  line.hidden = !filledAt;
  const text = line.querySelector("[data-text]");
  text.textContent = text.dataset.text.replace("{moment}", asOf(filledAt ?? Date.now()));
  lookAgain();
}

function lock() {
  show("");
  part("lock").hidden = false;
  part("lock").querySelector("[data-view=locked]").hidden = false;
}

function title(text) {
  part("title", document).textContent = text;
  document.title = `${text} · OK`;
}

/** The tab whose address begins ours the longest, as the server would have marked it. */
function currentTab() {
  const tabs = [...document.querySelectorAll(".tab")];
  const here = tabs.filter((tab) => path.startsWith(new URL(tab.href).pathname));
  here.sort((one, other) => other.href.length - one.href.length);
  for (const tab of tabs) tab.removeAttribute("aria-current");
  here[0]?.setAttribute("aria-current", "page");
}

askForPin(part("lock"), { onOpen: start, onWiped: () => location.assign("/wallet/") });
watchForServer();
addEventListener("pageshow", (event) => event.persisted && start());
await start();
