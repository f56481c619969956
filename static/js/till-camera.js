// Read one code with the camera; the browser's own detector where there is one, else the packaged one.

const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "qr_code"];
const LOOK_EVERY_MS = 120;

async function detector() {
  if ("BarcodeDetector" in globalThis) {
    const known = await globalThis.BarcodeDetector.getSupportedFormats();
    if (FORMATS.every((format) => known.includes(format))) return new globalThis.BarcodeDetector({ formats: FORMATS });
  }
  const { BarcodeDetector, setZXingModuleOverrides } = await import("barcode-detector");
  setZXingModuleOverrides({ locateFile: () => document.getElementById("till").dataset.reader });
  return new BarcodeDetector({ formats: FORMATS });
}

// Resolves to the text of the first code seen, or to null when the dialog is closed.
export async function scanWithCamera(dialog, noCamera) {
  const video = dialog.querySelector("video");
  const note = dialog.querySelector("p");
  note.textContent = "";
  dialog.showModal();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    note.textContent = noCamera;
    return null;
  }
  video.srcObject = stream;
  try {
    const [eye] = await Promise.all([detector(), video.play()]);
    while (dialog.open) {
      const [seen] = await eye.detect(video);
      if (seen) return seen.rawValue;
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    if (dialog.open) dialog.close();
  }
}
