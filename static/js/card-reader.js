// Reads the code of a card from a camera or a picture: the text and which symbology it is.

// A symbology of ours for each name of the Barcode Detection API; with GS in it, it is the GS1 kind.
const GS = "\x1d";
const GS1 = { code_128: "gs1_128", data_matrix: "gs1_data_matrix" };
const LOOK_EVERY_MS = 120;
// Larger than this no reader finds more, and a phone runs out of memory.
const LARGEST_SIDE = 2400;
const SMALLER_SIDE = 1000;

let detector = null;

async function makeDetector(wasm, formats) {
  const { BarcodeDetector, setZXingModuleOverrides } = await import("barcode-detector");
  setZXingModuleOverrides({ locateFile: () => wasm });
  return new BarcodeDetector({ formats });
}

/** What reads codes: `wasm` is where its decoder is, `formats` the names it looks for. */
export function readerOf(wasm, formats) {
  detector ??= makeDetector(wasm, formats);
  return detector;
}

// The detector says EAN-13 for the codes that stand for one, and DataBar with its GS1 identifier.
const PAYLOADS = {
  upc_a: (ean) => ean.slice(-12),
  upc_e: (ean) => (ean.length === 13 ? upcEOf(ean.slice(1)) : ean),
  databar: (element) => element.slice(-14),
};

function found({ rawValue, format }) {
  const payload = PAYLOADS[format]?.(rawValue) ?? rawValue;
  return { payload, symbology: payload.includes(GS) ? (GS1[format] ?? format) : format };
}

/** Write the twelve digits that a UPC-E stands for as its eight (ISO/IEC 15420, 4.2.4). */
export function upcEOf(digits) {
  const [, system, maker, product, check] = /^(.)(.{5})(.{5})(.)$/.exec(digits);
  const short = [
    [/^(..)([012])00$/, /^00(...)$/, ([, head, turn], [, tail]) => head + tail + turn],
    [/^(...)00$/, /^000(..)$/, ([, head], [, tail]) => `${head}${tail}3`],
    [/^(....)0$/, /^0000(.)$/, ([, head], [, tail]) => `${head}${tail}4`],
    [/^(.{5})$/, /^0000(.)$/, ([, head], [, tail]) => head + tail],
  ];
  for (const [first, second, join] of short) {
    const found = [first.exec(maker), second.exec(product)];
    if (found.every(Boolean)) return system + join(...found) + check;
  }
  return digits;
}

/** Return the first code in a bitmap or canvas, or null; a smaller copy finds what is out of focus. */
export async function readPicture(reader, picture) {
  for (const side of [LARGEST_SIDE, SMALLER_SIDE]) {
    const [seen] = await reader.detect(scaled(picture, side));
    if (seen) return found(seen);
  }
  return null;
}

function scaled(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.max(1, picture.width * scale), Math.max(1, picture.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff"; // a picture with no ground of its own
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Resolve to the first code the camera sees, to null when the dialog is closed; throws without a camera. */
export async function readCamera(reader, dialog) {
  const video = dialog.querySelector("video");
  const camera = { facingMode: "environment", width: { ideal: 1280 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: camera });
  dialog.showModal();
  video.srcObject = stream;
  try {
    const [eye] = await Promise.all([reader, video.play()]);
    while (dialog.open) {
      const [seen] = await eye.detect(video);
      if (seen) return found(seen);
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    if (dialog.open) dialog.close();
  }
}
