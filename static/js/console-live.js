/* The live page: hears of sales, fetches the figures anew, draws the quarters of an hour. */
import htmx from "ok/htmx";
import uPlot from "uplot";
import { listen } from "ok/live";

const PAUSE_MS = 300; // a busy chain sells ten times a second; three looks a second are live enough
const place = document.getElementById("live");
let busy = false;
let again = false;

function colour(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

function clockTime(minutes) {
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${hours}:${String(minutes % 60).padStart(2, "0")}`;
}

function draw() {
  const frame = place.querySelector("[data-chart]");
  const rows = [...place.querySelectorAll("[data-quarters] tbody tr")];
  if (!frame || rows.length === 0) {
    return;
  }
  const numbers = (name) => rows.map((row) => Number(row.dataset[name]));
  const inStore = numbers("inStore");
  const online = numbers("online");
  const axis = { stroke: colour("--ink-2"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const options = {
    width: frame.clientWidth,
    height: 220,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(4, most)] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, ticks) => ticks.map(clockTime), incrs: [15, 30, 60, 120, 240] },
      { ...axis, size: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [
      {},
      { stroke: colour("--ok"), fill: colour("--ok-soft"), width: 2, points: { show: rows.length === 1 } },
      { stroke: colour("--online"), fill: colour("--online-soft"), width: 2, points: { show: rows.length === 1 } },
    ],
  };
  frame.replaceChildren();
  new uPlot(options, [numbers("start"), inStore, online], frame);
}

function sayAgo() {
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });
  for (const time of place.querySelectorAll("[data-ago]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000));
    if (seconds < 60) {
      time.textContent = ago.format(-seconds, "second");
    } else if (seconds < 3600) {
      time.textContent = ago.format(-Math.round(seconds / 60), "minute");
    }
  }
}

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const tableOpen = place.querySelector(".live-table")?.open;
  try {
    await htmx.ajax("GET", place.dataset.address, { target: "#live", swap: "innerHTML" });
    if (tableOpen && place.querySelector(".live-table")) {
      place.querySelector(".live-table").open = true;
    }
    draw();
    sayAgo();
  } finally {
    setTimeout(() => {
      busy = false;
      if (again) {
        again = false;
        refresh();
      }
    }, PAUSE_MS);
  }
}

draw();
sayAgo();
setInterval(sayAgo, 1000);
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
listen(place.dataset.channel, { sales: refresh }, { onOpen: refresh });
