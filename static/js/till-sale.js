// One sale of the browser till, and the loop that every till should have:
// make a UUID and store it; send; on silence ask; not known: send the same again; give up: delete. While the
// shopper confirms on the phone it asks with ?wait=: the answer comes when there is one.
//
// Nothing here guesses: a sale ends with the server's verdict, or goes on asking for it.

import { keptName, send } from "ok/till-calls";

const KEPT = keptName("ok-till-sale");
const ASK_AFTER_MS = 2_000;
const ANSWER_WITHIN_MS = 8_000;
const WAIT_SECONDS = 25;

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

class Silence extends Error {}

export class Sale {
  constructor({ onSilence, onWaiting, kept }) {
    this.onSilence = onSilence;
    this.onWaiting = onWaiting;
    this.uuid = kept?.uuid ?? crypto.randomUUID();
    this.revision = kept?.revision ?? 0;
    this.waiting = kept?.waiting ?? null; // the payment whose answer never came
    this.keep();
  }

  static kept() {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  }

  keep() {
    if (this.gone) return; // the next sale's number stands there by now
    const { uuid, revision, waiting } = this;
    localStorage.setItem(KEPT, JSON.stringify({ uuid, revision, waiting }));
  }

  forget() {
    this.gone = true;
    localStorage.removeItem(KEPT);
  }

  get address() {
    return `/api/v1/sales/${this.uuid}`;
  }

  // Quoting is harmless: a lost quote is simply asked again with the next revision.
  quote(basket) {
    this.revision += 1;
    this.keep();
    return this.call("PUT", this.address, { ...basket, revision: this.revision });
  }

  async pay(payment) {
    this.waiting = { revision: this.revision, ...payment };
    this.keep();
    return this.settle();
  }

  // Send the payment until the server has said what became of it.
  async settle() {
    for (;;) {
      try {
        const first = await this.call("POST", `${this.address}/payment`, this.waiting);
        const answer = await this.confirmed(first);
        this.waiting = null;
        this.keep();
        return answer;
      } catch (error) {
        if (!(error instanceof Silence)) {
          this.waiting = null;
          this.keep();
          throw error;
        }
        this.onSilence();
        const found = await this.confirmed(await this.ask());
        if (found?.verdict !== "still_open") {
          this.waiting = null;
          this.keep();
          return found;
        }
      }
    }
  }

  // Wait while the shopper is asked on the phone; returns how that ended.
  async confirmed(said) {
    while (said?.verdict === "still_open" && said.confirmation) {
      this.onWaiting(said);
      const asked = Date.now();
      said = await this.ask(WAIT_SECONDS);
      // A server that cannot wait answers at once: then it is us who wait.
      const isOpen = said?.verdict === "still_open";
      if (isOpen && Date.now() - asked < ASK_AFTER_MS / 2) await new Promise((done) => setTimeout(done, ASK_AFTER_MS));
    }
    return said;
  }

  // Ask until there is an answer; what the server does not know did not happen.
  async ask(wait = 0) {
    for (;;) {
      try {
        return await this.call("GET", wait ? `${this.address}?wait=${wait}` : this.address, undefined, wait);
      } catch (error) {
        if (error instanceof Refused && error.problem.code === "sale_unknown") return null;
        if (!(error instanceof Silence)) throw error;
        this.onSilence();
        await new Promise((done) => setTimeout(done, ASK_AFTER_MS));
      }
    }
  }

  stop() {
    return this.call("DELETE", this.address);
  }

  async call(method, address, body, wait = 0) {
    let answer;
    let said;
    try {
      answer = await send(method, address, body, AbortSignal.timeout(ANSWER_WITHIN_MS + wait * 1000));
      said = await answer.json();
    } catch {
      throw new Silence(); // an answer that broke off, or a login page of somebody's network, is none
    }
    if (answer.status >= 500 || !(answer.ok || said.code)) throw new Silence();
    if (!answer.ok) throw new Refused(said);
    return said;
  }
}
