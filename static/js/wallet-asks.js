// What the code page asks its owner: a new PIN, the PIN, whether to start over, and what to pay from.

import { SHORTEST_PIN, unlock, waitFor } from "ok/wallet-vault";

const SYSTEMS = { Android: "Android", iPhone: "iPhone", iPad: "iPad", Windows: "Windows", Mac: "Mac", Linux: "Linux" };

/** Return what the owner knows this device by, among the others. */
export function phoneName() {
  const found = Object.keys(SYSTEMS).find((system) => navigator.userAgent.includes(system));
  return SYSTEMS[found] ?? "Browser";
}

/** Ask for a new PIN, twice; `act` gets it. The form's data-… attributes hold the sentences. */
export function choosePin(page, act) {
  const form = page.querySelector("[data-form=setup]");
  onSubmit(form, async ({ pin, again }) => {
    const fault = faultOf(pin, again);
    if (fault) return fault;
    try {
      await act(pin);
    } catch (error) {
      return error instanceof TypeError ? "offline" : "failed";
    }
    form.reset();
    return null;
  });
}

function faultOf(pin, again) {
  if (!new RegExp(`^\\d{${SHORTEST_PIN},}$`).test(pin)) return "short";
  const steps = new Set([...pin].slice(1).map((digit, index) => digit - pin[index]));
  if (steps.size === 1 && Math.abs([...steps][0]) <= 1) return "easy"; // 11111, 12345, 54321
  return pin === again ? null : "differ";
}

/** Ask for the PIN; a wrong one waits longer each time, the last one wipes the phone. */
export function askForPin(page, { onOpen, onWiped }) {
  const form = page.querySelector("[data-form=unlock]");
  onSubmit(form, async ({ pin }) => {
    form.reset();
    const result = await unlock(pin, Date.now());
    if (result.pocket) await onOpen(result.pocket);
    else if (result.wiped) await onWiped();
    else return waited(form, result.wait) ? null : "wrong";
    return null;
  });
  waitFor(Date.now()).then((wait) => waited(form, wait), () => null);
}

/** Count down until the next try is allowed; says whether there is anything to wait for. */
function waited(form, wait) {
  const until = Date.now() + wait;
  const button = form.querySelector("button[type=submit]");
  const count = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    button.disabled = seconds > 0;
    say(form, seconds > 0 ? form.dataset.wait.replace("{seconds}", seconds) : "");
    if (seconds > 0) setTimeout(count, 1000);
  };
  if (wait > 0) count();
  return wait > 0;
}

/** Offer to forget everything, for whoever forgot the PIN. */
export function askForStartingOver(page, act) {
  const dialog = page.querySelector("[data-dialog=forgot]");
  page.querySelector("[data-act=forgot]").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && act());
}

/** Let the owner choose what the code pays from; `state.pocket` has the sources. */
export function chooseFunding(page, state, act) {
  const dialog = page.querySelector("[data-dialog=funding]");
  const list = dialog.querySelector("[data-part=sources]");
  page.querySelector("[data-act=switch]").addEventListener("click", () => {
    list.replaceChildren(...state.pocket.sources.map((source) => choice(source, state.pocket.chosen)));
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    const source = state.pocket.sources.find(({ ref }) => String(ref) === dialog.returnValue);
    if (source && source.ref !== state.pocket.chosen) act(source.ref);
  });
}

function choice(source, chosen) {
  const button = document.createElement("button");
  button.className = "menu-item wallet-source";
  button.value = source.ref;
  button.setAttribute("aria-pressed", source.ref === chosen);
  button.textContent = `${source.label} •• ${source.tail}`;
  return button;
}

/** Run `act` with the form's fields; it returns the name of what is wrong, or null. */
function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-busy", "true");
    say(form, "");
    const fault = await act(Object.fromEntries(new FormData(form)));
    button.removeAttribute("aria-busy");
    if (fault) say(form, form.dataset[fault]);
  });
}

function say(form, sentence) {
  form.querySelector("[data-part=fault]").textContent = sentence;
}
