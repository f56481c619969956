// Give back at the till: the code on the receipt brings the purchase, and the cashier says what came back of it.
//
// Kept before it is sent, under a number of its own: after silence, or a till that lost power, it is sent again.
import { call, keptName } from "ok/till-calls";

const KEPT = keptName("ok-till-return");
const RECEIPT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Say whether a text is the code on a receipt. */
export const isReceipt = (text) => RECEIPT.test(text);

export class Return {
  constructor({ desk, find, texts, money, element, onGiven }) {
    Object.assign(this, { desk, find, texts, money, element, onGiven, sale: null });
    this.dialog = find("return-dialog");
    if (!this.dialog) return; // whoever stands here gives nothing back
    find("return").addEventListener("click", () => this.open());
    find("return-form").addEventListener("submit", (event) => this.act(event));
    this.send().catch(() => {});
  }

  /** Open the window; with the code of a receipt, on that purchase. */
  open(code = "") {
    if (!this.dialog) return;
    this.forget();
    this.find("return-code").value = code;
    this.dialog.showModal();
    if (code) this.look(code);
  }

  forget() {
    this.sale = null;
    this.say("");
    this.find("return-code").readOnly = false;
    this.find("return-lines").replaceChildren();
    this.find("return-goods").hidden = true;
    this.find("return-act").textContent = this.texts.findReceipt;
  }

  async act(event) {
    event.preventDefault();
    event.stopPropagation();
    if (!this.sale) return this.look(this.find("return-code").value.trim());
    const lines = [...event.target.querySelectorAll("[name=line]:checked")].map((box) => ({
      number: Number(box.value),
      quantity: Number(box.dataset.left),
    }));
    if (!lines.length) return this.say(this.texts.chooseLines);
    const { operator, language } = this.desk.dataset;
    const body = { uuid: crypto.randomUUID(), operator: operator.slice(0, 64), language, lines };
    localStorage.setItem(KEPT, JSON.stringify({ sale: this.sale, body }));
    await this.send().catch((problem) => this.say(problem.detail ?? this.texts.noNetwork));
  }

  async look(code) {
    if (!isReceipt(code)) return this.say(this.texts.noReceipt);
    try {
      const [sold, back] = await Promise.all([
        call("GET", `/api/v1/sales/${code}`),
        call("GET", `/api/v1/sales/${code}/refunds`),
      ]);
      this.show(sold, back.refunds.flatMap((one) => one.lines));
    } catch (problem) {
      this.say(problem.detail ?? this.texts.noNetwork);
    }
  }

  show(sold, back) {
    const came = (number) => back.filter((line) => line.number === number).reduce((sum, line) => sum + line.quantity, 0);
    const left = sold.lines.map((line) => ({ ...line, left: line.quantity - came(line.number) })).filter((line) => line.left > 0);
    if (!left.length) return this.say(this.texts.allBack);
    this.sale = sold.uuid;
    this.say("");
    this.find("return-code").readOnly = true;
    this.find("return-lines").replaceChildren(...left.map((line) => this.row(line)));
    this.find("return-goods").hidden = false;
    this.find("return-act").textContent = this.texts.giveBack;
  }

  row({ number, name, quantity, left, paid }) {
    const row = this.element("label", "list-item till-back");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "line", value: number });
    box.dataset.left = left;
    row.append(box, this.element("span", "list-body", `${left} × ${name}`), this.element("span", "list-end", left === quantity ? this.money(paid) : ""));
    return row;
  }

  async send() {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (!kept) return;
    try {
      const given = await call("POST", `/api/v1/sales/${kept.sale}/refunds`, kept.body);
      localStorage.removeItem(KEPT);
      this.dialog.close();
      this.onGiven(given.sentence, given.receipt_lines);
    } catch (problem) {
      if (problem.code) localStorage.removeItem(KEPT); // refused: nothing was given back
      throw problem;
    }
  }

  say(text) {
    this.find("return-said").textContent = text;
  }
}
