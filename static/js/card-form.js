// The form of a card: filled in by camera, photo, PDF, wallet pass, link or programme, with the code as it will look.

import { NoCard, readFile } from "ok/card-files";
import { sendPhoto } from "ok/card-photo";
import { readCamera, readerOf } from "ok/card-reader";
import { drawSymbol, readable } from "ok/card-symbol";
import { readsCards } from "ok/wallet-fill";
import { becomes, takeLink } from "ok/wallet-unsaved";

const form = document.getElementById("card-form");
const { photos: photosAddress, reader: wasm, pdfWorker } = form.dataset;
const part = (name) => form.querySelector(`[data-part=${name}]`);
const field = (name) => form.elements.namedItem(name);
const kinds = [...field("symbology").options];
const formats = [...new Set(kinds.map((kind) => kind.dataset.detector).filter(Boolean))];
const CONTROLS = /[\u2401-\u241f\u2420\u2421]/g;
const PREVIEW_HEIGHT = 200;

function say(reason) {
  const line = part("said");
  line.textContent = reason ? line.dataset[reason] : "";
  line.dataset.tone = ["busy", "found"].includes(reason) ? "" : "wrong";
}

/** Put what was read in the fields; what somebody has already written stays unless it was read too. */
function fill(read) {
  for (const name of ["name", "issuer", "number"]) if (read[name]) field(name).value = read[name];
  if (read.expiresOn) field("expires_on").value = read.expiresOn;
  if (read.payload) field("payload").value = readable(read.payload);
  if (read.payload) field("symbology").value = symbologyOf(read);
  if (read.programme) field("programme").value = read.programme;
  chooseColour(read.colour);
  if (read.logo) keepLogo(read.logo);
  nameChanged();
  preview();
}

function symbologyOf({ symbology, pkpass }) {
  const known = kinds.find((kind) => kind.value && (kind.value === symbology || (pkpass && kind.dataset.pkpass === pkpass)));
  return known?.value ?? "";
}

function chooseColour(colour) {
  if (!/^#[0-9a-f]{6}$/.test(colour ?? "")) return;
  const choice = form.querySelector(`input[name=colour][value="${colour}"]`) ?? addColour(colour);
  choice.checked = true;
}

function addColour(colour) {
  const label = form.querySelector(".colour").cloneNode(true);
  const input = label.querySelector("input");
  input.value = colour;
  label.querySelector("circle").setAttribute("fill", colour);
  part("colours").prepend(label);
  return input;
}

async function keepLogo(blob) {
  field("logo").value = await sendPhoto(photosAddress, blob).catch(() => "");
}

/** A programme that we know brings its colour, and the kind of its code if nobody chose one. */
function nameChanged() {
  const name = field("name").value.trim().toLowerCase();
  const known = [...document.getElementById("programmes").options].find((option) => option.value.toLowerCase() === name);
  if (!known || field("programme").value === known.dataset.slug) return;
  field("programme").value = known.dataset.slug;
  field("issuer").value ||= known.dataset.issuer;
  field("symbology").value ||= known.dataset.symbology;
  chooseColour(known.dataset.colour);
  preview();
}

function payload() {
  const typed = field("payload").value.trim();
  return typed.replace(CONTROLS, (picture) =>
    ({ "\u2420": " ", "\u2421": "\x7f" })[picture] ?? String.fromCharCode(picture.charCodeAt(0) - 0x2400),
  );
}

async function preview() {
  const code = { symbology: field("symbology").value, payload: payload() };
  const wanted = Boolean(code.symbology && code.payload);
  part("preview").hidden = !wanted;
  if (!wanted) return;
  code.encoding = /^[\x00-\xff]*$/.test(code.payload) ? "iso-8859-1" : "utf-8";
  try {
    await drawSymbol(part("symbol"), code, { width: part("room").clientWidth, height: PREVIEW_HEIGHT });
  } catch {
    part("preview").hidden = true; // half typed, or wrong: the server says which
  }
}

async function scan() {
  const dialog = document.getElementById("camera");
  const hint = dialog.querySelector("[data-hint]");
  hint.textContent = hint.dataset.hint;
  try {
    const seen = await readCamera(readerOf(wasm, formats), dialog);
    if (seen) fill(seen);
    say(seen ? "found" : "");
  } catch {
    say("camera");
  }
}

async function chosen(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  say("busy");
  try {
    fill(await readFile(file, { reader: readerOf(wasm, formats), pdfWorker }));
    say("found");
  } catch (error) {
    say(error instanceof NoCard ? error.reason : "strange");
  }
}

function keepPhotos() {
  part("photos").hidden = false;
  for (const side of form.querySelectorAll("[data-side]")) {
    const picture = side.querySelector("img");
    const clear = side.querySelector("[data-act=clear]");
    const show = (digest) => {
      field(side.dataset.side).value = digest;
      picture.hidden = clear.hidden = !digest;
      if (digest) picture.src = `${photosAddress}${digest}/`;
    };
    clear.addEventListener("click", () => show(""));
    side.querySelector("input").addEventListener("change", async ({ target }) => {
      const [file] = target.files;
      if (file) await sendPhoto(photosAddress, file).then(show, () => say("photo"));
      target.value = "";
    });
  }
}

/** What a shop's link said (static/js/card-link.js kept it while one signed in), or what could not be saved. */
function fromLink() {
  const { said, instead } = takeLink();
  becomes(instead, field("card")?.value);
  if (said.get("note")) field("note").value = said.get("note");
  const get = (name) => said.get(name)?.slice(0, 2000) ?? "";
  if (!get("name") && !get("code")) return;
  fill({
    name: get("name").slice(0, 80),
    issuer: get("issuer").slice(0, 80),
    number: get("number").slice(0, 80),
    payload: get("code"),
    symbology: get("type"),
    colour: get("colour"),
    expiresOn: get("expires"),
  });
  say("found");
}

part("ways").hidden = false;
part("ways").querySelector("[data-act=camera]").addEventListener("click", scan);
part("file").addEventListener("change", chosen);
field("name").addEventListener("input", nameChanged);
for (const name of ["payload", "symbology"]) field(name).addEventListener("input", preview);
keepPhotos();
// Somebody may have typed before this script arrived.
if (!field("initial-name").value) nameChanged();
fromLink();
preview();
readsCards();
