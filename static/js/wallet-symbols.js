/**
 * Draws a code as QR and as Code 128. Modules are a whole number of device pixels wide, so that no edge is blurred:
 * scanners refuse a pretty but grey bar. The quiet zones are part of the drawing.
 */

import { encode } from "uqr";
import { QUIET_ZONE, encodeDigits } from "ok/wallet-code128";

const SVG = "http://www.w3.org/2000/svg";
const QR_QUIET_ZONE = 4;
const BARCODE_HEIGHT = 64;

/** Draw `digits` as a QR code of at most `room` CSS pixels wide into the SVG element. */
export function drawQr(svg, digits, room) {
  const { data, size } = encode(digits, { ecc: "Q", border: QR_QUIET_ZONE });
  const rows = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join(""));
  fill(svg, rows.join(""), size, size, modulePixels(size, room));
}

/** Draw `digits` as Code 128 of at most `room` CSS pixels wide into the SVG element. */
export function drawBarcode(svg, digits, room) {
  let x = QUIET_ZONE;
  let path = "";
  encodeDigits(digits).forEach((width, index) => {
    if (index % 2 === 0) path += `M${x} 0h${width}v1h-${width}z`;
    x += width;
  });
  const modules = x + QUIET_ZONE;
  fill(svg, path, modules, 1, modulePixels(modules, room), BARCODE_HEIGHT);
}

function modulePixels(modules, room) {
  const ratio = window.devicePixelRatio || 1;
  return Math.max(1, Math.floor((room * ratio) / modules)) / ratio;
}

function fill(svg, path, columns, rows, pixels, height = rows * pixels) {
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("width", columns * pixels);
  svg.setAttribute("height", height);
  svg.replaceChildren(shape);
}
