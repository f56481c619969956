// Draws the pages of a PDF, so that their codes can be read; pdf.js comes only when somebody chooses one.

import { ownWorker } from "ok/worker";
import { GlobalWorkerOptions, getDocument } from "pdfjs";

const MOST_PAGES = 5;
const SHARP = 1600;

/** Yield the first pages as canvases, one after another. */
export async function* drawPages(data, worker) {
  GlobalWorkerOptions.workerPort ??= ownWorker(worker, { type: "module" });
  const asked = { data, isEvalSupported: false, useWasm: false, enableXfa: false, disableFontFace: true };
  const document = await getDocument(asked).promise;
  try {
    for (let number = 1; number <= Math.min(document.numPages, MOST_PAGES); number += 1) {
      yield await drawPage(await document.getPage(number));
    }
  } finally {
    await document.cleanup();
  }
}

async function drawPage(page) {
  const { width, height } = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: SHARP / Math.max(width, height) });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: viewport.width, height: viewport.height });
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
  return canvas;
}
