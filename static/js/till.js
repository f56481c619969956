// The browser till: a list of lines at the left, what to pay at the right, one sentence below.
import { Beside } from "ok/till-beside";
import { startDialogs } from "ok/till-dialogs";
import { startFinding } from "ok/till-find";
import { GiftCards } from "ok/till-gift-card";
import { startKeys } from "ok/till-keys";
import { drawPoints } from "ok/till-points";
import { Receipt } from "ok/till-receipt";
import { Return } from "ok/till-return";
import { Refused, Sale } from "ok/till-sale";
import { Shift } from "ok/till-shift";
import { Unsettled } from "ok/till-unsettled";

const QUOTE_AFTER_MS = 250;

const desk = document.getElementById("till");
const texts = document.getElementById("till-texts").dataset;
const find = (id) => document.getElementById(`till-${id}`);
const query = find("query");
const language = document.documentElement.lang;
const euros = new Intl.NumberFormat(language, { style: "currency", currency: desk.dataset.currency });
const money = (cents) => euros.format(cents / 100);

const receipt = new Receipt({ desk, find, query });
const onSold = (sentence, printed) => {
  receipt.show(printed);
  return verdict("happened", sentence, printed.join("\n"));
};
const onPrinted = (...said) => onSold(...said)?.classList.add("till-print");
const gifts = new GiftCards({ desk, find, texts, money, onChange: showCards, onSold });
const beside = new Beside({ find, texts, onChange: draw });
let sale;
let lines; // what the cashier put in, in order
let answer; // the server's last answer about them
let code; // scanned, and not yet sent
let buys; // what points are to buy, on the customer's word: { points: "max" }, { reward } or nothing
let coupons; // codes that were typed or scanned, as the server writes them
let over; // the verdict stands; the next customer starts anew
let busy = false;
let timer = 0;
let asking = 0;
let counting = 0;

function start(kept) {
  lines = [];
  buys = {};
  coupons = [];
  gifts.clear();
  receipt.clear();
  beside.clear();
  begin(kept);
  find("verdict").replaceChildren();
}

// A new sale with the lines that stand there.
function begin(kept) {
  const onSilence = () => verdict("still_open", texts.noNetwork);
  sale = new Sale({ kept, onSilence, onWaiting: showWaiting });
  answer = null;
  code = null;
  over = false;
  draw();
  query.focus();
}

function scanned(plain) {
  code = plain;
  clearTimeout(timer);
  if (lines.length) quote();
  else draw();
}

function addCoupon(text) {
  if (over) start();
  const plain = text.replaceAll(/[\s-]/g, "").toUpperCase();
  if (plain && !coupons.includes(plain)) coupons.push(plain);
  changed();
}

function choose(next) {
  buys = next;
  changed();
}

function dropCoupon(plain) {
  coupons = coupons.filter((one) => one !== plain);
  changed();
}

function basket() {
  const said = {
    operator: desk.dataset.operator.slice(0, 64),
    language: desk.dataset.language,
    currency: desk.dataset.currency,
    lines,
    ...(coupons.length ? { coupons } : {}),
    ...buys,
  };
  return code ? { ...said, code } : said;
}

function gross(line) {
  const sign = line.kind === "deposit_return" ? -1 : 1;
  return sign * (line.unit === "piece" ? line.quantity * line.unit_price : Math.round((line.quantity * line.unit_price) / 1000));
}

// Cards that pay all of it have paid it: nothing is left to choose.
function showCards() {
  draw();
  if (answer && !beside.mustLook && !gifts.rest(beside.total(answer))) pay("gift_card");
}

// ---------------------------------------------------------------- lines

function add(product) {
  if (over) start();
  const known = lines.find((line) => line.sku && line.sku === product.sku && line.unit_price === product.unit_price);
  if (known && known.unit === "piece") known.quantity += 1;
  else lines.push({ quantity: product.unit === "piece" ? 1 : 1000, ...product });
  changed();
}

function step(line, by) {
  line.quantity += line.unit === "piece" ? by : by * 100;
  if (line.quantity <= 0) lines.splice(lines.indexOf(line), 1);
  changed();
}

function changed() {
  answer = null;
  draw();
  clearTimeout(timer);
  timer = setTimeout(quote, QUOTE_AFTER_MS);
}

async function quote() {
  if (!lines.length || over) return;
  const mine = ++asking;
  busy = true;
  drawButtons();
  try {
    const said = await sale.quote(basket());
    if (mine !== asking) return;
    answer = said;
    code = null;
    find("verdict").replaceChildren();
  } catch (error) {
    if (mine !== asking) return;
    if (error instanceof Refused) {
      const hadCode = Boolean(code);
      const coupon = withoutRefused(error.problem);
      if (!coupon) code = null;
      verdict(error.problem.verdict === "happened" ? "happened" : "did_not_happen", error.message);
      // The lines stand without the code; only what was wrong with it is told.
      if (hadCode || coupon) return requote();
    } else {
      verdict("still_open", texts.noNetwork);
      timer = setTimeout(quote, 2_000);
    }
  } finally {
    if (mine === asking) {
      busy = false;
      draw();
    }
  }
}

// Leave out the coupon or what points were to buy, whichever was refused, and say whether there were any: the code
// that was sent with them counts still.
function withoutRefused({ code: refused, field }) {
  if (/^(points|reward)_/.test(refused)) {
    buys = {};
    return true;
  }
  if (!field?.startsWith("coupons.")) return false;
  coupons.splice(Number(field.slice("coupons.".length)), 1);
  return true;
}

async function requote() {
  try {
    answer = await sale.quote(basket());
    code = null;
  } catch (error) {
    if (!(error instanceof Refused)) timer = setTimeout(quote, 2_000);
  }
}

// ---------------------------------------------------------------- paying

async function pay(tender) {
  if (!answer || busy || over || beside.mustLook) return;
  busy = true;
  draw();
  verdict("still_open", texts.asking);
  try {
    const due = beside.total(answer);
    const byCard = gifts.tenders(due);
    const tenders = gifts.rest(due) || !byCard.length ? [...byCard, { kind: tender }] : byCard;
    await finish(sale.pay({ tenders, amount_due: answer.due - answer.tip, ...beside.said }));
  } finally {
    busy = false;
    draw();
  }
}

async function finish(settling) {
  const mine = sale;
  try {
    const said = await settling;
    if (mine !== sale) return; // stopped meanwhile: the next sale is on the screen
    if (!said) return start();
    answer = said;
    if (said.verdict === "still_open") return find("verdict").replaceChildren();
    sale.forget();
    if (said.verdict === "did_not_happen" && said.confirmation) return await otherPayment(said);
    over = true;
    verdict(said.verdict, said.sentence, why(said));
    receipt.show(said.receipt_lines, said.uuid);
    find("next").focus();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (mine !== sale) return;
    verdict(error.problem.verdict === "happened" ? "happened" : "did_not_happen", error.message);
    if (withoutRefused(error.problem) || error.problem.code === "amount_changed") await requote();
    if (error.problem.code === "sale_closed" || error.problem.code === "sale_cancelled") over = true;
  }
}

// The customer did not confirm: the same goods stand ready for another payment.
async function otherPayment(said) {
  begin();
  verdict(said.verdict, said.sentence);
  if (lines.length) await requote();
}

// The phone is asked: one sentence, and the seconds that are left.
function showWaiting(said) {
  clearInterval(counting);
  const until = Date.parse(said.confirmation.deadline);
  const count = () => {
    const box = find("verdict").querySelector("[data-waiting]");
    if (!box) return clearInterval(counting);
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    box.textContent = texts.left.replace("{seconds}", seconds);
  };
  verdict("still_open", said.sentence, " ");
  find("verdict").querySelector(".verdict-why").dataset.waiting = "";
  counting = setInterval(count, 1000);
  count();
}

function why(said) {
  if (!said.member) return "";
  const parts = [];
  if (said.points_earned) parts.push(`${texts.got} ${said.points_earned} ${said.member.points_name}`);
  if (said.discount) parts.push(`${texts.saved} ${money(said.discount)}`);
  const name = said.member.name ?? texts.customer;
  return `${parts.length ? `${name} ${parts.join(` ${texts.and} `)}. ` : ""}${texts.receipt}`;
}

async function stop() {
  busy = true;
  drawButtons();
  try {
    if (sale.revision) await sale.stop();
    sale.forget();
    start();
    verdict("did_not_happen", texts.stopped);
  } catch (error) {
    verdict(error.problem?.verdict ?? "still_open", error.problem ? error.message : texts.noNetwork);
  } finally {
    busy = false;
    draw();
  }
}

// ---------------------------------------------------------------- drawing

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function verdict(kind, sentence, reason = "") {
  const style = { happened: "", did_not_happen: " verdict-did-not-happen", still_open: " verdict-still-open" }[kind];
  const box = element("div", `verdict${style}`);
  const said = element("div", "");
  said.append(element("p", "verdict-sentence", sentence));
  if (reason) said.append(element("p", "verdict-why", reason));
  box.append(find(`icon-${kind}`).content.cloneNode(true), said);
  find("verdict").replaceChildren(box);
  return box.querySelector(".verdict-why");
}

function draw() {
  const priced = answer?.lines ?? [];
  find("lines").replaceChildren(...lines.map((line, index) => row(line, priced[index])));
  find("empty").hidden = lines.length > 0;
  beside.draw(answer, over);
  const due = answer ? beside.total(answer) : lines.reduce((sum, line) => sum + gross(line), 0);
  find("due").textContent = money(gifts.rest(due));
  find("split").textContent = answer
    ? [
        `${texts.subtotal} ${money(answer.gross - answer.tip)}`,
        ...(answer.discount ? [`${texts.advantage} − ${money(answer.discount)}`] : []),
        `${texts.vat} ${money(answer.vat)}`,
        ...(due > answer.due - answer.tip ? [`${texts.tip} ${money(due - answer.due + answer.tip)}`] : []),
        ...(gifts.held.length ? [`${texts.gift} − ${money(due - gifts.rest(due))}`] : []),
      ].join(" · ")
    : "";
  drawMember(answer?.member);
  drawPoints(find("points"), over ? null : answer, { buys, choose, money, icon: find("icon-points") });
  find("coupons").replaceChildren(...coupons.map(couponRow));
  find("near").replaceChildren(...(answer?.near_misses ?? []).map((miss) => element("li", "", miss.sentence)));
  drawButtons();
}

function row(line, priced) {
  const made = element("tr", "");
  const name = element("td", "");
  name.append(element("span", "till-line-name", line.name));
  for (const discount of priced?.discounts ?? []) {
    name.append(element("span", "till-line-why", `${discount.text} − ${money(discount.amount)}`));
  }
  const count = element("td", "number");
  const stepper = element("span", "till-stepper");
  const fewer = stepButton("−", `${texts.fewer}: ${line.name}`, () => step(line, -1));
  const more = stepButton("+", `${texts.more}: ${line.name}`, () => step(line, 1));
  const units = { piece: "", gram: " g", millilitre: " ml" }[line.unit];
  stepper.append(fewer, element("span", "till-count", `${line.quantity}${units}`), more);
  count.append(stepper);
  made.append(name, count, element("td", "number", money(priced?.paid ?? gross(line))));
  return made;
}

function couponRow(plain) {
  const given = answer?.coupons.find((one) => one.code === plain);
  const amount = given?.amount ? `${given.text} − ${money(given.amount)}` : given ? texts.couponNothing : "";
  const made = element("li", "till-coupon");
  made.append(element("span", "grow", `${plain} ${amount}`), stepButton("×", `${texts.couponDrop}: ${plain}`, () => dropCoupon(plain)));
  return made;
}

function stepButton(sign, label, act) {
  const button = Object.assign(element("button", "till-step", sign), { type: "button", ariaLabel: label, disabled: over });
  button.addEventListener("click", act);
  return button;
}

function drawMember(member) {
  find("member").hidden = !member;
  find("scan-hint").hidden = Boolean(member) || over;
  if (!member) return;
  const name = member.name ?? texts.shopper;
  find("member-mark").textContent = name.slice(0, 1).toUpperCase();
  find("member-name").textContent = name;
  find("member-points").textContent =
    member.points_balance === null ? texts.noProgramme : `${member.points_balance} ${member.points_name}`;
}

function drawButtons() {
  find("tenders").hidden = over;
  find("next").hidden = !over;
  find("stop").hidden = over || (!lines.length && !sale.revision);
  for (const button of desk.querySelectorAll("[data-pay]")) {
    button.disabled = busy || !answer || over || beside.mustLook || (button.dataset.pay === "ok" && !answer.member);
  }
  query.disabled = over;
}

// ---------------------------------------------------------------- buttons and keys

for (const button of desk.querySelectorAll("[data-pay]")) {
  button.addEventListener("click", () => pay(button.dataset.pay));
}
find("next").addEventListener("click", () => start());
find("stop").addEventListener("click", stop);

startKeys({ desk, find, query, pay });

// A till that lost power in the middle of a payment first asks how that ended.
const kept = Sale.kept();
start(kept?.waiting ? kept : null);
if (kept?.waiting) {
  busy = true;
  verdict("still_open", texts.asking);
  finish(sale.settle()).finally(() => {
    busy = false;
    draw();
  });
}
new Shift({ desk, find, texts, onClosed: onPrinted });
new Unsettled({ find, texts, element, language, mine: () => sale.uuid }).show();
const back = new Return({ desk, find, texts, money, element, onGiven: onPrinted });
startFinding({ desk, find, texts, money, element, onCode: scanned, onProduct: add, onCoupon: addCoupon, onReceipt: (uuid) => back.open(uuid) });
startDialogs({ find, onProduct: add, onCoupon: addCoupon });
