// The photos of a card that the phone keeps (static/js/wallet-photos.js fills them), and a word where it does not.

import { part } from "ok/offline-drawing";

/** Show front and back, drawn: a picture of no address is what the page's policy does not load. */
export async function showPhotos(card, chest) {
  let missing = 0;
  for (const side of ["front", "back"]) {
    const bytes = card[side] ? await chest.photo(card, side) : null;
    part(side).hidden = !bytes;
    if (bytes) await draw(part(side), bytes);
    else if (card[side]) missing += 1;
  }
  part("photos").hidden = part("front").hidden && part("back").hidden;
  part("no-photos").hidden = !missing;
}

async function draw(canvas, bytes) {
  const picture = await createImageBitmap(new Blob([bytes]));
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  canvas.dataset.drawn = "yes";
}
