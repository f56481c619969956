// What every page does, whatever its frame: letting go of a toast, and never sending a form twice.

const TOAST_MS = 6000;
// A page that is never idle gets on with it all the same.
const PATIENCE_MS = 2000;

/** Resolves once the page has loaded and has nothing else to do: what is not for the eye waits for that. */
export const whenIdle = () =>
  new Promise((resolve) => {
    const rest = () =>
      // Safari does not say when it is idle.
      globalThis.requestIdleCallback ? requestIdleCallback(resolve, { timeout: PATIENCE_MS }) : setTimeout(resolve);
    if (document.readyState === "complete") rest();
    else addEventListener("load", rest, { once: true });
  });

export function toast(text, { error = false } = {}) {
  const line = document.createElement("p");
  line.className = error ? "toast toast-error" : "toast";
  line.textContent = text;
  document.getElementById("toasts").append(line);
  fade(line);
}

function fade(line) {
  setTimeout(() => line.remove(), TOAST_MS);
}

document.querySelectorAll("#toasts .toast").forEach(fade);

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button) return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory is ready to be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('button[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
});
