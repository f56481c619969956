// How often this browser has shown each card: its own totals, so that telling the server twice counts once.

const DEVICE = "ok-card-device";
const USES = "ok-card-uses";
const TOKEN = "input[name=csrfmiddlewaretoken]";

/** This browser's own name among the phones of its person. */
export function deviceName() {
  const known = localStorage.getItem(DEVICE);
  if (known) return known;
  const name = crypto.randomUUID();
  localStorage.setItem(DEVICE, name);
  return name;
}

/** Count one more use of a card and tell the server; without a network the next time tells both. */
export async function countUse(address, card) {
  const uses = JSON.parse(localStorage.getItem(USES) ?? "{}");
  uses[card] = (uses[card] ?? 0) + 1;
  localStorage.setItem(USES, JSON.stringify(uses));
  const change = { kind: "use", uuid: crypto.randomUUID(), card, at: new Date().toISOString(), count: uses[card] };
  await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector(TOKEN).value },
    body: JSON.stringify({ device: deviceName(), changes: [change] }),
  }).catch(() => null);
}
