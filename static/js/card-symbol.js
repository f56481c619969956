/**
 * Draws the code of a card, whatever its symbology. Modules are a whole number of device pixels wide, so that no edge
 * is blurred, and the quiet zones are part of the drawing. The codes of most cards are drawn by small modules; bwip-js
 * comes for the others only.
 */

import { KNOWN as EANS, QUIET_ZONE as EAN_QUIET_ZONE, encode as encodeEan } from "ok/card-ean";
import { QUIET_ZONE, encodeText } from "ok/wallet-code128";

const SVG = "http://www.w3.org/2000/svg";
const MATRIX_QUIET_ZONE = { qr_code: 4 };
const USUAL_QUIET_ZONE = 2;
const LINEAR_HEIGHT = 120;
// A module narrower than this is hard for a scanner to tell; such a code is turned, if that makes it wider.
const FINE_MODULE = 1.1;
const GS = /\x1d/g;

/**
 * Draw `code` ({symbology, payload, encoding}) into the SVG element, in a room of CSS pixels.
 * Returns whether it was turned. Throws what the encoder throws for a code it cannot draw.
 */
export async function drawSymbol(svg, code, room) {
  const symbol = await encodeSymbol(code);
  const turned = symbol.height === 1 && symbol.width * FINE_MODULE > room.width && room.height > room.width;
  const along = turned ? room.height : room.width;
  const pixels = modulePixels(symbol, turned ? { width: along, height: room.width } : room);
  const across = symbol.height === 1 ? Math.min(LINEAR_HEIGHT, room.width) : symbol.height * pixels;
  fill(svg, symbol, { along: symbol.width * pixels, across, turned });
  return turned;
}

function modulePixels({ width, height }, room) {
  const ratio = window.devicePixelRatio || 1;
  const widest = height === 1 ? room.width / width : Math.min(room.width / width, room.height / height);
  return Math.max(1, Math.floor(widest * ratio)) / ratio;
}

function fill(svg, { path, width, height }, { along, across, turned }) {
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  if (turned) shape.setAttribute("transform", `translate(${height} 0) rotate(90)`);
  const box = turned ? [height, width] : [width, height];
  svg.setAttribute("viewBox", `0 0 ${box.join(" ")}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("width", turned ? across : along);
  svg.setAttribute("height", turned ? along : across);
  svg.replaceChildren(shape);
}

/** Return {path, width, height} in modules, quiet zones included; a linear code is one module high. */
async function encodeSymbol({ symbology, payload, encoding }) {
  if (EANS.includes(symbology)) return linear(encodeEan(symbology, payload), EAN_QUIET_ZONE);
  if (symbology === "code_128" && /^[ -~]+$/.test(payload)) return linear(encodeText(payload), QUIET_ZONE);
  if (symbology === "qr_code" && /^[ -~]+$/.test(payload)) return encodeQr(payload);
  return encodeByBwip({ symbology, payload, encoding });
}

async function encodeQr(text) {
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { ecc: "M", border: MATRIX_QUIET_ZONE.qr_code });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { path, width: size, height: size };
}

function linear(widths, quiet) {
  let x = quiet;
  let path = "";
  widths.forEach((width, index) => {
    if (index % 2 === 0 && width) path += `M${x} 0h${width}v1h-${width}z`;
    x += width;
  });
  return { path, width: x + quiet, height: 1 };
}

// What bwip-js is asked for: its name of the symbology, and how it is given the text.
const ASKED = {
  aztec: { bcid: "azteccode" },
  codabar: { bcid: "rationalizedCodabar", text: (payload) => (/^[A-D]/.test(payload) ? payload : `A${payload}A`) },
  code_39: { bcid: "code39" },
  code_93: { bcid: "code93ext", options: { includecheck: true } },
  code_128: { bcid: "code128" },
  data_matrix: { bcid: "datamatrix" },
  itf: { bcid: "interleaved2of5" },
  pdf417: { bcid: "pdf417" },
  qr_code: { bcid: "qrcode", options: { eclevel: "M" } },
  databar: { bcid: "databaromni", text: (payload) => `(01)${payload}` },
  gs1_128: { bcid: "code128", text: withFnc1, options: { parsefnc: true } },
  gs1_data_matrix: { bcid: "datamatrix", text: withFnc1, options: { parsefnc: true } },
};

/** GS1's data begins with FNC1, and has it between elements; scanners say the latter as GS. */
function withFnc1(payload) {
  return `^FNC1${payload.replaceAll("^", "^^").replace(GS, "^FNC1")}`;
}

async function encodeByBwip({ symbology, payload, encoding }) {
  const { default: bwip } = await import("bwip-js");
  const { bcid, text = (same) => same, options = {} } = ASKED[symbology];
  const [made] = bwip.raw(bcid, inBytes(text(payload), encoding), { ...options, binarytext: true });
  if (made.sbs) return linear(made.sbs, QUIET_ZONE);
  return matrix(made, MATRIX_QUIET_ZONE[symbology] ?? USUAL_QUIET_ZONE);
}

/** One character for each byte, which is what `binarytext` takes: no announcement of an encoding. */
function inBytes(text, encoding) {
  if (encoding !== "utf-8") return text;
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function matrix({ pixs, pixx, pixy }, quiet) {
  const rows = pixs.length / pixx;
  const tall = pixy / rows;
  let path = "";
  pixs.forEach((dark, at) => {
    if (dark) path += `M${(at % pixx) + quiet} ${Math.floor(at / pixx) * tall + quiet}h1v${tall}h-1z`;
  });
  return { path, width: pixx + 2 * quiet, height: pixy + 2 * quiet };
}

const FIRST_PICTURE = 0x2400;

/** A payload as people compare it: control characters as their pictures (wallet/symbologies.py says the same). */
export function readable(payload) {
  const seen = payload.replace(/[\x00-\x1f]/g, (control) => String.fromCharCode(FIRST_PICTURE + control.charCodeAt(0)));
  return seen.replaceAll("\x7f", "␡").replace(/^ +| +$/g, (spaces) => "␠".repeat(spaces.length));
}
