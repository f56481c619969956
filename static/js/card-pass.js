// A wallet pass of Apple's (pass.json of a .pkpass): what of it stands on a card of ours.

import { BrokenFile } from "ok/zip-reader";

const RGB = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/;
const LOGOS = ["icon@3x.png", "icon@2x.png", "icon.png"];

/** Return the fields of the card, and its logo as a Blob if it has one; throws `BrokenFile`. */
export async function readPass(entries) {
  const pass = await passOf(entries);
  const barcode = pass.barcodes?.[0] ?? pass.barcode ?? {};
  return {
    name: text(pass.logoText) || text(pass.organizationName) || text(pass.description),
    issuer: text(pass.organizationName),
    payload: text(barcode.message),
    pkpass: text(barcode.format),
    number: text(barcode.altText) === text(barcode.message) ? "" : text(barcode.altText),
    colour: colourOf(pass.backgroundColor),
    expiresOn: /^\d{4}-\d\d-\d\d/.exec(text(pass.expirationDate))?.[0] ?? "",
    logo: await logoOf(entries),
  };
}

async function passOf(entries) {
  const read = entries.get("pass.json");
  if (!read) throw new BrokenFile("no pass.json");
  try {
    const pass = JSON.parse(new TextDecoder().decode(await read()));
    if (pass && typeof pass === "object") return pass;
  } catch (error) {
    if (error instanceof BrokenFile) throw error;
  }
  throw new BrokenFile("pass.json is no JSON");
}

function text(value) {
  return typeof value === "string" ? value : "";
}

function colourOf(value) {
  const channels = RGB.exec(text(value))?.slice(1).map(Number);
  if (!channels || channels.some((channel) => channel > 255)) return "";
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

async function logoOf(entries) {
  const name = LOGOS.find((each) => entries.has(each));
  return name ? new Blob([await entries.get(name)()], { type: "image/png" }) : null;
}
