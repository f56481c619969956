// The list of cards from what the phone keeps: found, narrowed to a group and put in order as with a network.

import { cardTile, made, membershipLine, part, show, view, worth } from "ok/offline-drawing";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const later = (one, other) => (one === other ? 0 : one < other ? 1 : -1);
const byName = (one, other) => one.name.localeCompare(other.name);

// As wallet/cards.py puts them; what was never used comes last.
const SORTS = {
  used: (one, other) => later(one.last_used_at ?? "", other.last_used_at ?? "") || byName(one, other),
  often: (one, other) => other.times_used - one.times_used || byName(one, other),
  name: byName,
  added: (one, other) => later(one.added_at, other.added_at) || byName(one, other),
};
const LISTS = {
  cards: (card) => !card.removed && !card.archived,
  archive: (card) => !card.removed && card.archived,
  removed: (card) => card.removed,
};

/** Show the cards of one list: `cards`, `archive` or `removed`. */
export function showCards(cards, memberships, which) {
  const search = view("cards").querySelector("[data-find]");
  const asked = new URLSearchParams(location.search);
  const mine = cards.filter(LISTS[which]).map((card) => ({ ...card, worth: worth(card, memberships) }));
  search.hidden = which !== "cards";
  offerGroups(search, mine, asked.get("group") ?? "");
  search.elements.sort.value = Object.hasOwn(SORTS, asked.get("sort") ?? "") ? asked.get("sort") : "used";
  search.elements.q.value ||= asked.get("q") ?? "";
  const draw = () => (remember(search, asked), list(mine, search, which));
  search.onsubmit = (event) => event.preventDefault();
  search.oninput = draw;
  search.onchange = draw;
  draw();
  part("memberships").replaceChildren(...memberships.map(membershipLine));
  part("live").hidden = which !== "cards" || !memberships.length;
  part("others").hidden = which !== "cards";
  part("not-all").hidden = which !== "removed";
  show("cards");
}

/** What was chosen stands in the address, where the server's page finds it. */
function remember({ elements }, asked) {
  for (const name of ["q", "sort", "group"]) {
    const said = elements[name]?.value ?? "";
    if (said && said !== "used") asked.set(name, said);
    else asked.delete(name);
  }
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
}

function list(cards, { elements }, which) {
  const words = plain(elements.q.value).split(/\s+/);
  const group = elements.group?.value ?? "";
  const found = cards.filter(
    (card) => (!group || card.groups.includes(group)) && words.every((word) => plain(textOf(card)).includes(word)),
  );
  const sort = SORTS[elements.sort.value];
  found.sort((one, other) => Number(other.starred) - Number(one.starred) || sort(one, other));
  part("tiles").replaceChildren(...found.map((card) => cardTile(card, card.worth)));
  for (const line of view("cards").querySelectorAll("[data-none]"))
    line.hidden = found.length > 0 || line.dataset.none !== (cards.length ? "found" : which);
}

const textOf = (card) => [card.name, card.issuer, card.note, card.number, ...card.groups].join(" ");

function offerGroups(search, cards, chosen) {
  const groups = [...new Set(cards.flatMap((card) => card.groups))].sort((one, other) => one.localeCompare(other));
  const room = part("groups", search);
  room.hidden = !groups.length;
  room.querySelectorAll("[data-group]").forEach((one) => one.remove());
  for (const group of groups) {
    const chip = made("group", { name: group });
    Object.assign(chip.querySelector("input"), { value: group, defaultChecked: group === chosen });
    room.append(chip);
  }
  if (!groups.includes(chosen)) room.querySelector("input").checked = true;
}
