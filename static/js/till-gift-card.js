// Gift cards at the browser till: look what is on one and pay with it, sell a new one, put more on one.
//
// What a card pays is worked out when the sale is paid, so that the lines may change after the card was shown.
import { call, keptName } from "ok/till-calls";

const KEPT = keptName("ok-till-gift-card");

export class GiftCards {
  constructor({ desk, find, texts, money, onChange, onSold }) {
    Object.assign(this, { desk, find, texts, money, onChange, onSold, held: [] });
    this.dialog = find("gift-dialog");
    find("gift").addEventListener("click", () => this.open());
    find("gift-form").addEventListener("submit", (event) => this.act(event));
    this.finish().catch(() => {});
  }

  open() {
    this.say("");
    this.dialog.showModal();
  }

  clear() {
    this.held = [];
  }

  // What the cards pay of an amount, as the API wants it; the last tender of the sale takes the rest.
  tenders(due) {
    let rest = due;
    const parts = this.held.map(({ card, pin, balance }) => {
      const amount = Math.min(balance, rest);
      rest -= amount;
      return { kind: "gift_card", card, pin, amount };
    });
    return parts.filter((part) => part.amount > 0);
  }

  // What is left to pay in another way.
  rest(due) {
    return this.tenders(due).reduce((left, part) => left - part.amount, due);
  }

  async act(event) {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    const said = new FormData(form);
    const card = said.get("card").replaceAll(/[\s-]/g, "");
    try {
      await (event.submitter.value === "pay" ? this.show(card, said.get("pin")) : this.load(card, said, event.submitter.value));
      form.reset();
    } catch (problem) {
      this.say(problem.errors?.[0]?.sentence ?? problem.detail ?? this.texts.noNetwork);
    }
  }

  async show(card, pin) {
    const asked = card.length === 16 ? { card, pin } : { card };
    const found = await call("POST", "/api/v1/gift-card-balances", asked);
    if (found.state !== "active" || !found.balance) throw { detail: this.texts.giftEmpty };
    const known = this.held.filter((one) => one.card.slice(0, 16) !== card.slice(0, 16));
    this.held = [...known, { card, pin: asked.pin ?? "", balance: found.balance, end: found.number_end }];
    this.dialog.close();
    this.onChange();
  }

  // Kept before it is sent, under a number of its own: after silence, or a till that lost power, it is sent again.
  async load(card, said, paidBy) {
    if (localStorage.getItem(KEPT)) return this.finish();
    const amount = Math.round(Number(said.get("amount").replace(",", ".")) * 100);
    const body = { amount, currency: this.desk.dataset.currency, paid_by: paidBy, language: this.desk.dataset.language };
    if (card) body.card = card.slice(0, 16);
    localStorage.setItem(KEPT, JSON.stringify({ uuid: crypto.randomUUID(), body }));
    await this.finish();
  }

  async finish() {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (!kept) return;
    try {
      const done = await call("PUT", `/api/v1/gift-card-loads/${kept.uuid}`, kept.body);
      localStorage.removeItem(KEPT);
      this.dialog.close();
      this.onSold(done.sentence, done.receipt_lines);
    } catch (problem) {
      if (problem.code) localStorage.removeItem(KEPT); // refused: nothing was booked
      throw problem;
    }
  }

  say(text) {
    this.find("gift-said").textContent = text;
  }
}
