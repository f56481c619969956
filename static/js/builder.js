/* The builder: figures follow what is typed, the replay is looked at while it runs, the stopwatch ticks. */
import htmx from "ok/htmx";

const TYPED_MS = 300;
const LOOK_MS = 700;
const SECOND_MS = 1000;
const figures = document.getElementById("builder-figures");
const replay = document.getElementById("builder-replay");
let typed = 0;

function follow(form) {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const said = new URLSearchParams(new FormData(form));
    said.delete("csrfmiddlewaretoken");
    said.delete("opened");
    htmx.ajax("GET", `${figures.dataset.address}?${said}`, { target: figures, swap: "innerHTML" });
  }, TYPED_MS);
}

for (const form of document.querySelectorAll("[data-builder-form]")) {
  form.addEventListener("input", () => follow(form));
}

async function look() {
  if (!replay?.querySelector("[data-going]")) return;
  try {
    await htmx.ajax("GET", replay.dataset.address, { target: replay, swap: "innerHTML" });
  } finally {
    setTimeout(look, LOOK_MS);
  }
}

function tick(watch, since) {
  const passed = watch.hasAttribute("data-runs") ? (performance.now() - since) / SECOND_MS : 0;
  const seconds = Math.floor(Number(watch.dataset.seconds) + passed);
  const two = (number) => String(number).padStart(2, "0");
  watch.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

for (const watch of document.querySelectorAll("[data-watch]")) {
  const since = performance.now();
  tick(watch, since);
  setInterval(() => tick(watch, since), SECOND_MS);
}

setTimeout(look, LOOK_MS);
