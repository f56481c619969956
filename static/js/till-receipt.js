// The receipt on paper, 80 mm wide. Its code brings the purchase back at any till of the shop.

import { drawQr } from "ok/wallet-symbols";

const CODE_PIXELS = 132;

export class Receipt {
  constructor({ desk, find, query }) {
    Object.assign(this, { find, language: desk.dataset.language });
    find("print").addEventListener("click", () => {
      globalThis.print();
      query.focus();
    });
    this.clear();
  }

  // What can be printed from now on; `uuid` is there for a sale that can come back.
  show(lines, uuid = null) {
    if (!lines?.length) return;
    this.find("paper-lines").textContent = lines.join("\n");
    this.find("paper-time").textContent = new Date().toLocaleString(this.language, { dateStyle: "medium", timeStyle: "short" });
    this.find("paper-code").toggleAttribute("hidden", !uuid);
    if (uuid) drawQr(this.find("paper-code"), uuid, CODE_PIXELS);
    this.find("paper-number").textContent = uuid ?? "";
    this.find("print").hidden = false;
  }

  clear() {
    this.find("print").hidden = true;
    this.find("paper-lines").textContent = "";
  }
}
