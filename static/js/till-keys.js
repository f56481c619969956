// The keys of the till: what each does, and the window that shows them.

const TENDERS = { F8: "ok", F9: "pin", F10: "cash" };

export function startKeys({ desk, find, query, pay }) {
  const window_ = find("keys-dialog");
  find("keys").addEventListener("click", () => window_.showModal());
  document.addEventListener("keydown", (event) => {
    const act = {
      F2: () => query.focus(),
      F7: () => find("print").hidden || find("print").click(),
      ...Object.fromEntries(Object.entries(TENDERS).map(([key, kind]) => [key, () => press(kind)])),
      ...(mayAsk(event) ? { "?": () => window_.showModal() } : {}),
    }[event.key];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });

  function press(kind) {
    if (!desk.querySelector(`[data-pay="${kind}"]`).disabled) pay(kind);
  }

  // A question mark belongs to what is being typed, but for a search that has not begun.
  function mayAsk({ target }) {
    return target === query ? !query.value : !target.matches("input, select, textarea");
  }
}
