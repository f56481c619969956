// What a payment says beside what pays it: a tip, and that the cashier saw how old the customer is.

export class Beside {
  constructor({ find, texts, onChange }) {
    Object.assign(this, { find, texts, onChange });
    this.asked = 0; // how old the customer must be
    this.clear();
    this.dialog = find("tip-dialog");
    find("tip").addEventListener("click", () => this.dialog.showModal());
    find("tip-form").addEventListener("submit", (event) => this.give(event));
    find("age-looked").addEventListener("click", () => this.look());
  }

  clear() {
    this.tip = 0;
    this.age = 0; // how old the customer is seen to be, at least
    this.find("tip-form").reset();
  }

  give(event) {
    event.preventDefault();
    event.stopPropagation();
    const typed = new FormData(event.target).get("tip").trim();
    this.tip = Math.round(Number((typed || "0").replace(",", ".")) * 100);
    this.dialog.close();
    this.onChange();
  }

  look() {
    this.age = this.asked;
    this.onChange();
    this.find("query").focus();
  }

  // What is to pay with the tip; what is paid, or waits for the phone, has it in it.
  total(answer) {
    return answer.due - answer.tip + (this.tip || answer.tip);
  }

  get said() {
    return { ...(this.tip ? { tip: this.tip } : {}), ...(this.asked ? { age_checked: this.asked <= this.age } : {}) };
  }

  // Whether the cashier has to see how old the customer is before anything can be paid.
  get mustLook() {
    return this.asked > this.age;
  }

  draw(answer, over) {
    this.asked = answer?.age_check?.minimum_age ?? 0;
    this.find("age").hidden = over || !this.asked;
    this.find("age-text").hidden = !this.mustLook;
    this.find("age-text").textContent = this.texts.lookAge.replace("{age}", this.asked);
    this.find("age-looked").setAttribute("aria-pressed", String(!this.mustLook));
    this.find("age-looked").disabled = !this.mustLook;
  }
}
