// While codes are being made, show how far it is.
import htmx from "ok/htmx";

const LOOK_AFTER_MS = 1_500;
const list = document.getElementById("coupon-series");

async function look() {
  if (!list.querySelector("[data-making]")) return;
  // Without a network: what stands there was true a moment ago.
  await htmx.ajax("GET", location.pathname, { target: "#coupon-series", swap: "innerHTML" }).catch(() => {});
  setTimeout(look, LOOK_AFTER_MS);
}

setTimeout(look, LOOK_AFTER_MS);
