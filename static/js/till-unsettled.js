// What this till began and did not settle, shown when it opens: each with its sentence and what settles it.
//
// Every button is a call that may come twice: a sale is paid once, or stopped, whatever is sent.

import { call } from "ok/till-calls";

const ASK_WITHIN_MS = 8_000;

export class Unsettled {
  constructor({ find, texts, element, language, mine }) {
    Object.assign(this, { find, texts, element, language, mine });
  }

  async show() {
    const box = this.find("unsettled");
    const said = await this.call("GET", `/api/v1/unsettled-sales?limit=10&language=${this.language}`).catch(() => null);
    if (!said) return;
    const sales = said.sales.filter((sale) => sale.uuid !== this.mine());
    this.find("unsettled-list").replaceChildren(...sales.map((sale) => this.row(sale)));
    box.hidden = !sales.length;
  }

  row(sale) {
    const row = this.element("li", "list-item till-unsettled");
    const body = this.element("div", "list-body");
    const at = new Date(sale.opened_at).toLocaleString(this.language, { dateStyle: "short", timeStyle: "short" });
    const said = this.element("p", "list-line", [at, sale.operator, sale.reference].filter(Boolean).join(" · "));
    body.append(this.element("p", "list-title", sale.sentence), said);
    row.append(body, ...this.buttons(sale, said));
    return row;
  }

  buttons(sale, said) {
    const address = `/api/v1/sales/${sale.uuid}`;
    if (sale.do === "wait" || sale.do === "ask") return [this.button(this.texts.ask, said, () => this.call("GET", address))];
    const body = (kind) => ({ revision: sale.revision, amount_due: sale.due, tenders: [{ kind }] });
    const pay = (text, kind) => this.button(text, said, () => this.call("POST", `${address}/payment`, body(kind)));
    const stop = this.button(this.texts.stopIt, said, () => this.call("DELETE", address));
    return sale.do === "stop" ? [stop] : [pay(this.texts.pin, "pin"), pay(this.texts.cash, "cash"), stop];
  }

  button(text, said, act) {
    const button = this.element("button", "button button-quiet button-small", text);
    button.type = "button";
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await act();
        await this.show();
      } catch (problem) {
        said.textContent = problem.detail ?? this.texts.noNetwork;
        button.disabled = false;
      }
    });
    return button;
  }

  call(method, address, body) {
    return call(method, address, body, AbortSignal.timeout(ASK_WITHIN_MS));
  }
}
