// The shift of this till: opened with what lies in the drawer, closed with what was counted, and its totals.
//
// Kept before it is sent, under a number of its own: after silence, or a till that lost power, it is sent again.
import { call, keptName } from "ok/till-calls";

const KEPT = keptName("ok-till-shift");

export class Shift {
  constructor({ desk, find, texts, onClosed }) {
    Object.assign(this, { desk, find, texts, onClosed, open: null });
    this.dialog = find("shift-dialog");
    find("shift").addEventListener("click", () => this.show());
    find("shift-form").addEventListener("submit", (event) => this.act(event));
    this.send().catch(() => {});
  }

  async show() {
    this.say("");
    try {
      const { shifts } = await call("GET", "/api/v1/shifts?limit=10");
      this.draw(shifts.find((one) => one.state === "open") ?? null);
    } catch (problem) {
      this.draw(null);
      this.say(problem.detail ?? this.texts.noNetwork);
    }
    this.dialog.showModal();
  }

  draw(open) {
    this.open = open;
    this.find("shift-label").textContent = open ? this.texts.counted : this.texts.inDrawer;
    this.find("shift-act").textContent = open ? this.texts.closeShift : this.texts.openShift;
    const since = open && new Date(open.opened_at).toLocaleString(this.desk.dataset.language, { dateStyle: "short", timeStyle: "short" });
    this.find("shift-since").textContent = open ? [this.texts.openSince, since, open.operator].filter(Boolean).join(" ") : this.texts.noShift;
  }

  async act(event) {
    event.preventDefault();
    event.stopPropagation();
    const typed = new FormData(event.target).get("cash").trim();
    const cash = typed ? Math.round(Number(typed.replace(",", ".")) * 100) : null;
    const { operator, language } = this.desk.dataset;
    const said = { operator: operator.slice(0, 64), language };
    const now = new Date().toISOString();
    const body = this.open
      ? { ...said, state: "closed", closed_at: now, cash_counted: cash }
      : { ...said, state: "open", opened_at: now, cash_at_opening: cash };
    localStorage.setItem(KEPT, JSON.stringify({ uuid: this.open?.uuid ?? crypto.randomUUID(), body }));
    try {
      await this.send();
      event.target.reset();
      this.dialog.close();
    } catch (problem) {
      this.say(problem.detail ?? this.texts.noNetwork);
    }
  }

  async send() {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (!kept) return;
    try {
      const done = await call("PUT", `/api/v1/shifts/${kept.uuid}`, kept.body);
      localStorage.removeItem(KEPT);
      this.onClosed(done.sentence, kept.body.state === "closed" ? done.receipt_lines : []);
    } catch (problem) {
      if (problem.code) localStorage.removeItem(KEPT); // refused: nothing was changed
      throw problem;
    }
  }

  say(text) {
    this.find("shift-said").textContent = text;
  }
}
