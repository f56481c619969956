// What only the training twin does: a customer who is not real shows codes and answers, and scenarios are run and judged.
//
// It types as a hand scanner does and knows nothing of the till's inside; the server judges by what was really sold.
import htmx from "ok/htmx";
import { call, post } from "ok/till-calls";
import { Sale } from "ok/till-sale";
import { drawQr } from "ok/wallet-symbols";

const CODE_PIXELS = 99;
const A_MINUTE = 60;

const twin = document.getElementById("till-twin");
const desk = document.getElementById("till");
const query = document.getElementById("till-query");
const texts = twin.dataset;
const find = (id) => document.getElementById(`till-twin-${id}`);
let shown = "";
let run = null;
let began = 0;

// ---------------------------------------------------------------- the customer

function show(code) {
  shown = code;
  drawQr(find("code"), code, CODE_PIXELS);
  find("code").removeAttribute("hidden");
  find("scan").hidden = false;
  find("digits").textContent = code;
}

function hide() {
  shown = "";
  find("code").setAttribute("hidden", "");
  find("scan").hidden = true;
  find("digits").textContent = "";
}

find("show").addEventListener("click", () =>
  trying(async () => {
    const { code } = await call("POST", "/api/v1/test/wallet-codes", { person: texts.person });
    show(code);
  }),
);

find("scan").addEventListener("click", () => {
  query.value = shown;
  hide();
  query.dispatchEvent(new Event("input"));
});

for (const button of twin.querySelectorAll("[data-says]")) {
  button.addEventListener("click", () =>
    trying(async () => {
      const sale = Sale.kept();
      if (!sale?.waiting) throw { detail: texts.nothingAsked };
      await call("POST", `/api/v1/test/sales/${sale.uuid}/confirmation`, { answer: button.dataset.says });
    }),
  );
}

async function trying(act) {
  find("said").textContent = "";
  try {
    await act();
  } catch (problem) {
    find("said").textContent = problem.detail ?? texts.noNetwork;
  }
}

// ---------------------------------------------------------------- the scenarios

function list() {
  return htmx.ajax("GET", texts.runs, { target: find("list"), swap: "innerHTML" }).catch(() => {});
}

// What a customer bought yesterday, so that something can come back of it today.
async function purchase() {
  const { language, currency, operator } = desk.dataset;
  const line = (name, price) => ({ name, unit_price: price, vat_rate: 900 });
  const uuid = crypto.randomUUID();
  await call("PUT", `/api/v1/sales/${uuid}`, {
    revision: 1,
    operator: operator.slice(0, 64),
    language,
    currency,
    lines: [line(texts.goods, 420), line(texts.moreGoods, 260)],
    payment: { tenders: [{ kind: "cash" }] },
  });
  return uuid;
}

async function begin({ scenario, isReturn }) {
  hide();
  const receipt = isReturn === undefined ? "" : await purchase();
  run = await post(texts.runs, { scenario, receipt });
  began = Date.now();
  find("name").textContent = run.title;
  find("says").textContent = run.says;
  find("verdict").hidden = true;
  find("run").hidden = false;
  find("list").hidden = true;
  tick();
  if (receipt) show(receipt);
  query.focus();
}

function tick() {
  if (!run) return;
  const seconds = Math.floor((Date.now() - began) / 1000);
  find("clock").textContent = texts.seconds.replace("{seconds}", seconds);
  find("clock").classList.toggle("pill-wait", seconds > A_MINUTE);
}

find("list").addEventListener("click", (event) => {
  const button = event.target.closest("[data-scenario]");
  if (button) trying(() => begin(button.dataset));
});

find("done").addEventListener("click", () =>
  trying(async () => {
    const judged = await post(`${texts.runs}${run.uuid}/`);
    run = null;
    hide();
    find("run").hidden = true;
    find("list").hidden = false;
    const stars = document.createElement("span");
    stars.className = "stars";
    stars.role = "img";
    stars.ariaLabel = texts.stars.replace("{stars}", judged.stars);
    stars.textContent = "★".repeat(judged.stars) + "☆".repeat(3 - judged.stars);
    find("verdict").replaceChildren(stars, ` ${judged.title}: ${judged.sentence}`);
    find("verdict").hidden = false;
    await list();
  }),
);

setInterval(tick, 1000);
list();
