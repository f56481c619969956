// A file that somebody chose for a card: a picture, a PDF or a wallet pass. It is read here and sent nowhere.

import { BrokenFile, readZip } from "ok/zip-reader";
import { readPass } from "ok/card-pass";
import { readPicture } from "ok/card-reader";

const LARGEST = 30 * 1024 * 1024;
const PDF = "%PDF-";
const ZIP = "PK\x03\x04";

/** Why a file gives no card; `reason` names the sentence. */
export class NoCard extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Return what stands on the card in this file; throws `NoCard`. */
export async function readFile(file, { reader, pdfWorker }) {
  if (file.size > LARGEST) throw new NoCard("large");
  const start = new TextDecoder("latin1").decode(await file.slice(0, 5).arrayBuffer());
  if (start.startsWith(ZIP)) return fromPass(file);
  const pictures = start === PDF ? pagesOf(file, pdfWorker) : pictureOf(file);
  for await (const picture of pictures) {
    const seen = await readPicture(await reader, picture);
    if (seen) return seen;
  }
  throw new NoCard("none");
}

async function fromPass(file) {
  try {
    return await readPass(await readZip(await file.arrayBuffer()));
  } catch (error) {
    if (error instanceof BrokenFile) throw new NoCard("broken");
    throw error;
  }
}

async function* pictureOf(file) {
  try {
    yield await createImageBitmap(file);
  } catch {
    throw new NoCard("strange");
  }
}

async function* pagesOf(file, worker) {
  const { drawPages } = await import("ok/card-pdf");
  try {
    yield* drawPages(await file.arrayBuffer(), worker);
  } catch (error) {
    if (error instanceof NoCard) throw error;
    throw new NoCard("strange");
  }
}
