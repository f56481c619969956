// The face of the wallet: the code on screen, a new one every twenty seconds.

import { STEP_SECONDS, codeInStep, secondsLeft, stepAt } from "ok/wallet-tag";
import { drawBarcode, drawQr } from "ok/wallet-symbols";

const GROUPS = /\d{2,4}/g;
// The ring's circumference is 100, so that the part that is left is a percentage.
const FULL_RING = 100;
// Larger than this a QR is no easier to scan, and the page below it is out of sight.
const WIDEST_QR = 330;

export class Face {
  /** `root` holds the parts, named by data-part; `onTick` is called every second with our own clock. */
  constructor(root, onTick) {
    this.part = (name) => root.querySelector(`[data-part=${name}]`);
    this.onTick = onTick;
    this.timer = 0;
    this.drawn = "";
    new ResizeObserver(() => this.redraw()).observe(this.part("symbols"));
  }

  /** Show codes for a handle; `clockOffset` turns our clock into the server's. */
  show({ key, handle, clockOffset }) {
    Object.assign(this, { key, handle, clockOffset });
    this.tick();
  }

  /** Show nothing any more. */
  hide() {
    clearTimeout(this.timer);
    this.handle = null;
    this.drawn = "";
    for (const name of ["qr", "barcode"]) this.part(name).replaceChildren();
    this.part("digits").textContent = "";
  }

  async tick() {
    clearTimeout(this.timer);
    if (!this.handle) return;
    const now = Date.now() + this.clockOffset;
    this.timer = setTimeout(() => this.tick(), 1000 - (now % 1000));
    const left = secondsLeft(now);
    this.part("seconds").textContent = left;
    this.part("ring").style.strokeDashoffset = FULL_RING * (1 - left / STEP_SECONDS);
    const { handle } = this;
    const code = await codeInStep(this.key, handle, stepAt(now));
    if (handle === this.handle && code !== this.drawn) this.draw(code);
    this.onTick(Date.now());
  }

  draw(code) {
    this.drawn = code;
    const room = this.part("symbols").clientWidth;
    drawQr(this.part("qr"), code, Math.min(room, WIDEST_QR));
    drawBarcode(this.part("barcode"), code, room);
    this.part("digits").textContent = code.match(GROUPS).join(" ");
    performance.mark("ok-code-drawn");
  }

  redraw() {
    if (this.drawn) this.draw(this.drawn);
  }
}
