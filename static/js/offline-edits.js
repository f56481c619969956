// Changing a card without a network: what is written here waits until the server has heard it.

import { part, view } from "ok/offline-drawing";
import { wait, waiting } from "ok/wallet-waiting";

const AMOUNT = /^\d{1,9}([.,]\d{1,2})?$/;

/** Say how many changes wait. */
export async function showWaiting() {
  const count = (await waiting()).length;
  const line = part("waiting");
  const text = line.firstElementChild;
  line.hidden = !count;
  text.textContent = count === 1 ? text.dataset.one : text.dataset.many.replace("{count}", count);
}

/** Fill the form with a card, and keep what is changed; `changed` draws it anew. */
export function editable(card, changed) {
  const form = view("card").querySelector("[data-form=edit]");
  // What the owner of a shared card does not let one do is not offered (wallet/card_access.py).
  const may = { own: !card.shared, book: card.shared?.may_book ?? true };
  for (const one of form.querySelectorAll("[data-may]")) one.hidden = !may[one.dataset.may];
  const keep = async (change) => {
    await wait(card.uuid, change);
    await changed(change);
  };
  for (const name of ["name", "note"]) settle(form.elements[name], card[name]);
  settle(form.elements.groups, card.groups.join(", "));
  form.onsubmit = (event) => {
    event.preventDefault();
    const fields = {};
    for (const name of ["name", "note"]) {
      const typed = (form.elements[name].value = form.elements[name].value.trim());
      if (typed !== card[name]) fields[name] = typed;
    }
    const groups = groupsMoved(card.groups, form.elements.groups);
    if (Object.keys(groups).length) fields.groups = groups;
    if (Object.keys(fields).length) keep({ kind: "edit", fields });
  };
  onAct("star", () => keep({ kind: "edit", fields: { starred: !card.starred } }));
  view("card").querySelector("[data-act=archive]").hidden = card.archived;
  onAct("archive", () => keep({ kind: "edit", fields: { archived: !card.archived } }));
  onAct("remove", () => keep({ kind: "edit", fields: { removed: true } }));
  for (const [name, sign] of [["off", -1], ["on", 1]]) {
    onAct(name, () => {
      const delta = sign * read(form.elements.amount, card.unit);
      part("amount-fault", form).hidden = Boolean(delta);
      if (!delta) return;
      form.elements.amount.value = "";
      keep({ kind: "balance", delta });
    });
  }
  part("star-on", form).hidden = card.starred;
  part("star-off", form).hidden = !card.starred;
}

/** Which groups the card goes into (true) or leaves; the field is written as it will stand. */
function groupsMoved(stood, field) {
  const typed = [...new Set(field.value.split(",").map((name) => name.trim()))].filter(Boolean).sort();
  field.value = typed.join(", ");
  const left = stood.filter((name) => !typed.includes(name)).map((name) => [name, false]);
  return Object.fromEntries([...left, ...typed.filter((name) => !stood.includes(name)).map((name) => [name, true])]);
}

/** Say what stands in a field now. What differs from it is somebody's typing, which nothing takes away. */
function settle(field, now) {
  const isTyped = field.value !== field.defaultValue;
  field.defaultValue = now;
  if (!isTyped) field.value = now;
}

function onAct(name, act) {
  view("card").querySelector(`[data-act=${name}]`).onclick = act;
}

/** Minor units where the unit is a currency, else whole ones; 0 for what is no amount. */
function read({ value }, unit) {
  const typed = value.trim();
  if (!AMOUNT.test(typed)) return 0;
  const amount = Number(typed.replace(",", "."));
  return /^[A-Z]{3}$/.test(unit) ? Math.round(amount * 100) : Number.isInteger(amount) ? amount : 0;
}
