// What a page of the wallet shows without a network: the one its address asks for, from what the phone keeps.

import { isLocked, openChest, progress } from "ok/wallet-chest";
import { asOf, balance, part, show, view } from "ok/offline-drawing";
import { showAdding } from "ok/offline-add";
import { showAway, showCard, showHistory } from "ok/offline-card";
import { showCards } from "ok/offline-cards";
import { editable, showWaiting } from "ok/offline-edits";
import { showReceipt, showReceipts } from "ok/offline-receipts";
import { lookAgain, watchForServer } from "ok/offline-return";
import { sayWhy } from "ok/wallet-able";
import { askForPin } from "ok/wallet-asks";
import { noticeUnsaved, showUnsaved } from "ok/wallet-unsaved";
import { waiting, withWaiting } from "ok/wallet-waiting";

const words = document.getElementById("offline").dataset;
const CARDS = "/wallet/cards/";
const RECEIPTS = "/wallet/receipts/";

const PAGES = [
  { at: /^\/wallet\/cards\/$/, draw: cards },
  { at: /^\/wallet\/cards\/add\/$/, title: words.add, back: () => CARDS, draw: add },
  { at: /^\/wallet\/cards\/unsaved\/$/, title: words.unsaved, back: () => CARDS, draw: unsaved },
  { at: /^\/wallet\/cards\/([0-9a-f-]{36})\/(?:edit\/)?$/, back: () => CARDS, draw: card },
  {
    at: /^\/wallet\/cards\/([0-9a-f-]{36})\/history\/$/,
    title: words.history,
    back: (uuid) => `${CARDS}${uuid}/`,
    draw: history,
  },
  { at: /^\/wallet\/receipts\/$/, title: words.receipts, draw: receipts },
  { at: /^\/wallet\/receipts\/(\d+)\/$/, title: words.receipt, back: () => RECEIPTS, draw: receipt },
];

const cardsNow = async (chest) => withWaiting(await chest.cards(), await waiting());

async function cards(chest) {
  const asked = new URLSearchParams(location.search).get("show");
  const which = ["archive", "removed"].includes(asked) ? asked : "cards";
  title(words[which]);
  part("add", document).hidden = which !== "cards";
  if (which !== "cards") backTo(CARDS);
  showCards(await cardsNow(chest), await chest.memberships(), which);
  return true;
}

async function card(chest, uuid) {
  const found = (await cardsNow(chest)).find((one) => one.uuid === uuid);
  if (!found) return false;
  title(found.name);
  showAway(found, start);
  if (found.removed) return true;
  await showCard(found, chest);
  editable(found, (change) => (change.fields?.removed ? location.assign(CARDS) : start()));
  if (location.pathname.endsWith("/edit/")) view("card").querySelector("details").open = true;
  return true;
}

async function history(chest, uuid) {
  const found = (await cardsNow(chest)).find((one) => one.uuid === uuid);
  if (found) showHistory(found, start);
  return Boolean(found);
}

async function add() {
  // Without loading anew: a network that just came back does not know this card yet.
  await showAdding((uuid) => go(`${CARDS}${uuid}/`));
  return true;
}

async function unsaved(chest) {
  const known = new Map((await cardsNow(chest)).map((one) => [one.uuid, one]));
  const written = (delta, one) => balance({ balance: delta, unit: one?.unit ?? "EUR" });
  await showUnsaved(view("unsaved"), { known, written, again: start });
  show("unsaved");
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

function go(address) {
  globalThis.history.pushState(null, "", address);
  return start();
}

async function start() {
  const page = PAGES.find(({ at }) => at.test(location.pathname));
  currentTab();
  part("add", document).hidden = true;
  if (!page) return show("nothing");
  backTo(page.back?.(page.at.exec(location.pathname)[1]));
  try {
    await draw(page);
  } catch (error) {
    console.warn("not drawn", error);
    show("nothing"); // a private window, or an old browser
    sayWhy(error);
  }
}

async function draw(page) {
  if (page.title) title(page.title);
  const chest = await openChest(Date.now());
  if (!chest) return (await isLocked(Date.now())) ? lock() : show("nothing");
  part("lock").hidden = true;
  await showWaiting();
  if (!(await page.draw(chest, page.at.exec(location.pathname)[1]))) return show("nothing");
  await noticeUnsaved(part("unsaved-notice"));
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

function backTo(address) {
  part("back", document).hidden = !address;
  part("back", document).href = address ?? "";
}

/** The tab whose address begins ours the longest, as the server would have marked it. */
function currentTab() {
  const tabs = [...document.querySelectorAll(".tab")];
  const here = tabs.filter((tab) => location.pathname.startsWith(new URL(tab.href).pathname));
  here.sort((one, other) => other.href.length - one.href.length);
  for (const tab of tabs) tab.removeAttribute("aria-current");
  here[0]?.setAttribute("aria-current", "page");
}

askForPin(part("lock"), { onOpen: start, onWiped: () => location.assign("/wallet/") });
watchForServer();
addEventListener("popstate", start);
addEventListener("pageshow", (event) => event.persisted && start());
await start();
