// A photo of a card, made small here and then sent: 1600 pixels show every digit, and fit.

const LONGEST_SIDE = 1600;
const QUALITIES = [0.82, 0.6, 0.4];
const MOST_BYTES = 1_000_000;
const TOKEN = "input[name=csrfmiddlewaretoken]";

/** Send a photo and return its digest; throws where it is none, or the server does not take it. */
export async function sendPhoto(address, file) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "image/jpeg", "X-CSRFToken": document.querySelector(TOKEN).value },
    body: await small(await createImageBitmap(file)),
  });
  if (!response.ok) throw new Error(`photo: ${response.status}`);
  return (await response.json()).digest;
}

/** Drawn anew, so that where and when it was taken stays on the phone. */
async function small(picture) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (blob.size <= MOST_BYTES) return blob;
  }
  throw new Error("photo: too large");
}
