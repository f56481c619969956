// The list of cards: found while one types, in the order one chooses.

import { fill } from "ok/wallet-fill";
import { noticeUnsaved } from "ok/wallet-unsaved";

const search = document.querySelector("[data-search]");
const tiles = [...document.querySelectorAll("[data-tile]")];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function narrow() {
  const words = plain(search.elements.q.value).split(/\s+/);
  let found = 0;
  for (const tile of tiles) {
    const fits = words.every((word) => plain(tile.textContent).includes(word));
    tile.hidden = !fits;
    if (fits) found += 1;
  }
  document.querySelector("[data-none]").hidden = found > 0;
}

if (search) {
  // Of very many cards only the first are here: then the server searches, and its button stays.
  const isCut = Boolean(document.querySelector("[data-cut]"));
  search.querySelector("[data-without-script]").hidden = !isCut;
  // What the server left out because of a word is not here to be found again.
  if (tiles.length && !isCut && !search.elements.q.value) search.elements.q.addEventListener("input", narrow);
  search.addEventListener("change", (event) => event.target.name !== "q" && search.requestSubmit());
}
const notice = () => noticeUnsaved(document.querySelector("[data-part=unsaved-notice]"));
notice();
fill().then(notice);
