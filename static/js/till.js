// The browser till: a list of lines at the left, what to pay at the right, one sentence below.
import { Refused, Sale } from "ok/till-sale";
import { scanWithCamera } from "ok/till-camera";

const QUOTE_AFTER_MS = 250;
const CODE = /^93\d{20}$/;

const desk = document.getElementById("till");
const texts = document.getElementById("till-texts").dataset;
const find = (id) => document.getElementById(`till-${id}`);
const query = find("query");
const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
const language = document.documentElement.lang;
const euros = new Intl.NumberFormat(language, { style: "currency", currency: desk.dataset.currency });
const money = (cents) => euros.format(cents / 100);

let sale;
let lines; // what the cashier put in, in order
let answer; // the server's last answer about them
let code; // scanned, and not yet sent
let over; // the verdict stands; the next customer starts anew
let busy = false;
let timer = 0;
let asking = 0;

function start(kept) {
  sale = new Sale({ token, kept, onSilence: () => verdict("still_open", texts.noNetwork) });
  lines = [];
  answer = null;
  code = null;
  over = false;
  find("verdict").replaceChildren();
  draw();
  query.focus();
}

function basket() {
  const said = {
    operator: desk.dataset.operator.slice(0, 64),
    language: desk.dataset.language,
    currency: desk.dataset.currency,
    lines,
  };
  return code ? { ...said, code } : said;
}

function gross(line) {
  return line.unit === "piece" ? line.quantity * line.unit_price : Math.round((line.quantity * line.unit_price) / 1000);
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
      code = null;
      verdict(error.problem.verdict === "happened" ? "happened" : "did_not_happen", error.message);
      // The lines stand without the code; only what was wrong with it is told.
      if (hadCode) return requote();
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

async function requote() {
  try {
    answer = await sale.quote(basket());
  } catch (error) {
    if (!(error instanceof Refused)) timer = setTimeout(quote, 2_000);
  }
}

// ---------------------------------------------------------------- paying

async function pay(tender) {
  if (!answer || busy || over) return;
  busy = true;
  draw();
  verdict("still_open", texts.asking);
  try {
    await finish(sale.pay(tender, answer.due));
  } finally {
    busy = false;
    draw();
  }
}

async function finish(settling) {
  try {
    const said = await settling;
    if (!said) return start();
    answer = said;
    if (said.verdict === "still_open") return find("verdict").replaceChildren();
    over = true;
    sale.forget();
    verdict(said.verdict, said.sentence, why(said));
    find("next").focus();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    verdict(error.problem.verdict === "happened" ? "happened" : "did_not_happen", error.message);
    if (error.problem.code === "amount_changed") await requote();
    if (error.problem.code === "sale_closed" || error.problem.code === "sale_cancelled") over = true;
  }
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
}

function draw() {
  const priced = answer?.lines ?? [];
  find("lines").replaceChildren(...lines.map((line, index) => row(line, priced[index])));
  find("empty").hidden = lines.length > 0;
  const due = answer?.due ?? lines.reduce((sum, line) => sum + gross(line), 0);
  find("due").textContent = money(due);
  find("split").textContent = answer
    ? [
        `${texts.subtotal} ${money(answer.gross)}`,
        ...(answer.discount ? [`${texts.advantage} − ${money(answer.discount)}`] : []),
        `${texts.vat} ${money(answer.vat)}`,
      ].join(" · ")
    : "";
  drawMember(answer?.member);
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
    button.disabled = busy || !answer || over || (button.dataset.pay === "ok" && !answer.member);
  }
  query.disabled = over;
}

// ---------------------------------------------------------------- finding and scanning

function take(text) {
  const plain = text.replaceAll(/\s/g, "");
  if (!CODE.test(plain)) return false;
  code = plain;
  query.value = "";
  showFound([]);
  clearTimeout(timer);
  if (lines.length) quote();
  else draw();
  return true;
}

async function search(text) {
  if (!text.trim()) return [];
  const address = `${desk.dataset.products}?q=${encodeURIComponent(text)}`;
  const said = await fetch(address);
  return said.ok ? (await said.json()).products : [];
}

let found = [];
let marked = 0;
function showFound(products, { none = false } = {}) {
  found = products;
  marked = 0;
  const items = products.map((product, index) => {
    const item = element("li", "list-item till-hit");
    item.role = "option";
    item.append(element("span", "list-body", product.name), element("span", "list-end", money(product.unit_price)));
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(index);
    });
    return item;
  });
  if (none) items.push(element("li", "list-item second", texts.nothingFound));
  find("found").replaceChildren(...items);
  find("found").hidden = !items.length;
  query.ariaExpanded = String(Boolean(items.length));
  mark();
}

function mark() {
  [...find("found").children].forEach((item, index) => {
    item.ariaSelected = String(index === marked);
  });
}

function choose(index) {
  const product = found[index];
  query.value = "";
  showFound([]);
  if (product) add(product);
}

let searching = 0;
query.addEventListener("input", async () => {
  if (take(query.value)) return;
  const mine = ++searching;
  const products = await search(query.value);
  if (mine === searching && document.activeElement === query) showFound(products, { none: query.value.length > 2 && !products.length });
});

query.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    marked = Math.min(Math.max(marked + (event.key === "ArrowDown" ? 1 : -1), 0), Math.max(found.length - 1, 0));
    mark();
  }
  if (event.key === "Escape") showFound([]);
});
query.addEventListener("blur", () => showFound([]));

find("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const text = query.value;
  if (take(text) || !text.trim()) return;
  searching += 1;
  const position = marked;
  const products = await search(text);
  if (products.length) {
    found = products;
    choose(Math.min(position, products.length - 1));
  } else {
    showFound([], { none: true });
  }
});

find("scan").addEventListener("click", async () => {
  const text = await scanWithCamera(find("camera"), texts.noCamera);
  if (!text || take(text)) return;
  const [product] = await search(text);
  if (product) add(product);
  else showFound([], { none: true });
});

// ---------------------------------------------------------------- other article

const other = find("other-dialog");
find("other").addEventListener("click", () => other.showModal());
find("other-form").addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  const given = new FormData(event.target);
  const price = Math.round(Number(given.get("price").replace(",", ".")) * 100);
  add({ sku: "", name: given.get("name"), unit: "piece", unit_price: price, vat_rate: Number(given.get("vat")) });
  event.target.reset();
  other.close();
});
for (const button of document.querySelectorAll("dialog [data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

// ---------------------------------------------------------------- buttons and keys

for (const button of desk.querySelectorAll("[data-pay]")) {
  button.addEventListener("click", () => pay(button.dataset.pay));
}
find("next").addEventListener("click", () => start());
find("stop").addEventListener("click", stop);

const KEYS = { F8: "ok", F9: "pin", F10: "cash" };
document.addEventListener("keydown", (event) => {
  if (event.key === "F2") {
    event.preventDefault();
    query.focus();
  }
  const button = KEYS[event.key] && desk.querySelector(`[data-pay="${KEYS[event.key]}"]`);
  if (button) {
    event.preventDefault();
    if (!button.disabled) pay(KEYS[event.key]);
  }
});

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
if (query.value) query.dispatchEvent(new Event("input")); // typed before this script had loaded
