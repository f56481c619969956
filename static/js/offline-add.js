// A new card without a network: typed, or read by camera or photo where the reader is on this phone. It has its UUID
// from here, is shown at once, and waits for the network as any other change.

import { drawSymbol, readable } from "ok/card-symbol";
import { part, show, view } from "ok/offline-drawing";
import { takeLink } from "ok/wallet-unsaved";
import { wait } from "ok/wallet-waiting";

const root = document.getElementById("offline").dataset;
const PREVIEW_HEIGHT = 200;
const EANS = { ean_13: 13, ean_8: 8, upc_a: 12 };
const CONTROLS = /[\u2401-\u241f\u2420\u2421]/g;

/** Show the form; `kept` gets the UUID of the card once it waits. */
export async function showAdding(kept) {
  const form = view("add").querySelector("[data-form=add]");
  const { said, instead } = takeLink();
  // What the form does not show but a link or an earlier try said.
  const also = {};
  for (const name of ["issuer", "number", "colour"]) if (said.get(name)) also[name] = said.get(name);
  if (said.get("expires")) also.expires_on = said.get("expires");
  const given = { name: said.get("name"), note: said.get("note"), symbology: said.get("type") };
  fill(form, { ...given, payload: said.get("code") });
  form.oninput = () => (programmeOf(form), preview(form));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const fault = faultOf(form);
    say(form, fault);
    if (fault) return;
    const card = crypto.randomUUID();
    await wait(card, { kind: "edit", fields: { ...fieldsOf(form), ...also }, isNew: true }, instead);
    form.reset();
    await kept(card);
  };
  show("add");
  preview(form);
  await offerReading(form);
}

function fill(form, read) {
  for (const name of ["name", "note"]) if (read[name]) form.elements[name].value = read[name];
  if (read.payload) form.elements.payload.value = readable(read.payload);
  const known = [...form.elements.symbology.options].find(
    ({ value, dataset }) => value && (value === read.symbology || (read.pkpass && dataset.pkpass === read.pkpass)),
  );
  if (read.payload || read.symbology) form.elements.symbology.value = known?.value ?? "";
  programmeOf(form);
  preview(form);
}

/** A programme that we know says what kind of barcode it has. */
function programmeOf({ elements }) {
  const known = programme(elements.name.value);
  if (known && elements.payload.value) elements.symbology.value ||= known.dataset.symbology;
}

function programme(typed) {
  const name = typed.trim().toLowerCase();
  return [...document.getElementById("programmes").options].find(({ value }) => value.toLowerCase() === name);
}

/** The colour that the server would give it (wallet/card_keeping.py). */
function colourOf(name) {
  const colours = root.colours.split(" ");
  return colours[new TextEncoder().encode(name).reduce((sum, byte) => sum + byte, 0) % colours.length];
}

function payloadOf({ elements }) {
  return elements.payload.value
    .trim()
    .replace(CONTROLS, (seen) => ({ "␠": " ", "␡": "\x7f" })[seen] ?? String.fromCharCode(seen.charCodeAt(0) - 0x2400));
}

function fieldsOf(form) {
  const { name, note, symbology } = form.elements;
  const known = programme(name.value);
  const fields = { name: name.value.trim(), colour: colourOf(name.value.trim()) };
  if (note.value.trim()) fields.note = note.value.trim();
  const payload = payloadOf(form);
  if (payload) fields.barcode = { symbology: symbology.value, payload };
  if (known) Object.assign(fields, { programme: known.dataset.slug, colour: known.dataset.colour });
  if (known?.dataset.issuer) fields.issuer = known.dataset.issuer;
  return fields;
}

/** Return the sentence about what the server would refuse, as far as the phone can tell. */
function faultOf(form) {
  const { name, symbology } = form.elements;
  if (!name.value.trim()) return form.dataset.unnamed;
  const payload = payloadOf(form);
  if (!payload) return "";
  if (!symbology.value) return form.dataset.kind;
  const digits = EANS[symbology.value];
  if (!digits) return "";
  const label = symbology.selectedOptions[0].textContent;
  if (!/^\d+$/.test(payload)) return form.dataset.characters.replace("{label}", label);
  if (payload.length !== digits)
    return form.dataset.length.replace("{label}", label).replace("{lengths}", digits).replace("{length}", payload.length);
  const digit = checkDigit(payload);
  return payload.endsWith(digit) ? "" : form.dataset.digit.replace("{digit}", digit);
}

/** What the last digit has to be (GS1 General Specifications 7.9.1). */
function checkDigit(payload) {
  const digits = [...payload].reverse().slice(1).map(Number);
  const sum = digits.reduce((total, digit, place) => total + digit * (place % 2 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}

async function preview(form) {
  const payload = payloadOf(form);
  const symbology = form.elements.symbology.value;
  const room = part("preview-room", form);
  const encoding = /^[\x00-\xff]*$/.test(payload) ? "iso-8859-1" : "utf-8";
  part("preview", form).hidden = !(payload && symbology);
  if (!payload || !symbology) return;
  const size = { width: room.clientWidth, height: PREVIEW_HEIGHT };
  await drawSymbol(part("preview-symbol", form), { symbology, payload, encoding }, size).catch(
    () => (part("preview", form).hidden = true), // half typed, or a kind whose drawing is not on this phone
  );
}

/** Offer camera and photo where their reader was kept (templates/wallet/sw.js). */
async function offerReading(form) {
  const isHere = await caches.match(root.reader).catch(() => null);
  part("ways", view("add")).hidden = !isHere;
  if (!isHere) return;
  const { readFile } = await import("ok/card-files");
  const { readCamera, readerOf } = await import("ok/card-reader");
  const formats = [...form.elements.symbology.options].map(({ dataset }) => dataset.detector).filter(Boolean);
  const reader = () => readerOf(root.reader, [...new Set(formats)]);
  const read = async (act, unable) => {
    tell("busy");
    const seen = await act().catch((error) => tell(error.reason ?? unable));
    if (seen) fill(form, seen);
    if (seen !== undefined) tell(seen ? "found" : "");
  };
  view("add").querySelector("[data-act=camera]").onclick = () =>
    read(() => readCamera(reader(), document.getElementById("camera")), "camera");
  part("file", view("add")).onchange = ({ target }) => {
    const [file] = target.files;
    if (file) read(() => readFile(file, { reader: reader() }), "strange").finally(() => (target.value = ""));
  };
}

function tell(reason) {
  const line = part("said", view("add"));
  line.textContent = reason ? line.dataset[reason] : "";
  line.dataset.tone = ["", "busy", "found"].includes(reason) ? "" : "wrong";
}

function say(form, sentence) {
  part("add-fault", form).textContent = sentence;
  part("add-fault", form).hidden = !sentence;
}
