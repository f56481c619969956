/**
 * A card as a link: all of it stands behind the #, so that no server sees it. The shape is that of Catima's share link
 * (CatimaLoyalty/Android, docs/CARD_SHARING_URL_FORMAT.md): keys and values encoded, and all of that once more. Two keys
 * are ours: `type`, because Catima has no name for each symbology, and `issuer`.
 */

const LONGEST = 20_000;
const HERE = "Europe/Amsterdam";
const LENGTHS = { name: 80, issuer: 80, number: 80, note: 2_000, payload: 2_000 };

/** Return what stands behind the # for a card: {name, number, payload, symbology, catima, encoding, colour, from, until, issuer}. */
export function fragmentOf(card) {
  const barcode = card.payload ? { barcodeid: card.payload, barcodetype: card.catima, type: card.symbology } : {};
  const said = {
    store: card.name,
    note: "",
    cardid: card.number || card.payload || "-",
    ...barcode,
    barcodeencoding: card.encoding === "utf-8" ? "UTF-8" : "ISO-8859-1",
    headercolor: String(Number.parseInt(card.colour.slice(1), 16) - 0x1000000),
    validfrom: card.from,
    expiry: card.until,
    issuer: card.issuer,
  };
  const pairs = Object.entries(said).filter(([key, value]) => value || key === "note");
  return encodeURIComponent(pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&"));
}

/** Return the card that a link or its fragment says, or null; `kinds` maps Catima's names of symbologies to ours. */
export function readShared(text, kinds) {
  const said = valuesOf(text.slice(0, LONGEST));
  const type = said.get("type") || kinds[said.get("barcodetype")] || "";
  const number = said.get("cardid") === "-" ? "" : (said.get("cardid") ?? "");
  const payload = type ? said.get("barcodeid") || number : "";
  const card = {
    name: said.get("store") ?? "",
    issuer: said.get("issuer") ?? "",
    number: number === payload ? "" : number,
    note: said.get("note") ?? "",
    payload,
    symbology: Object.values(kinds).includes(type) ? type : "",
    colour: colourOf(said.get("headercolor")),
    from: dayOf(said.get("validfrom")),
    until: dayOf(said.get("expiry")),
  };
  for (const [name, longest] of Object.entries(LENGTHS)) card[name] = card[name].slice(0, longest);
  return card.name && (card.payload || card.number) ? card : null;
}

/** The keys and values, however often they were encoded on the way: messengers undo one of the two. */
function valuesOf(text) {
  const [, query = "", fragment = ""] = /^[^?#]*\??([^#]*)#?(.*)$/s.exec(text.includes("#") || text.includes("?") ? text : `#${text}`);
  return new Map([...pairsOf(query), ...pairsOf(fragment)]);
}

function pairsOf(text) {
  const once = text.includes("=") ? text : decoded(text);
  const pairs = once.split("&").map((pair) => /^([a-z]+)=(.*)$/s.exec(pair));
  return pairs.filter(Boolean).map(([, key, value]) => [key, decoded(value.replaceAll("+", " "))]);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function colourOf(text) {
  if (!/^-?\d{1,10}$/.test(text ?? "")) return "";
  return `#${(Number(text) & 0xffffff).toString(16).padStart(6, "0")}`;
}

/** A moment in milliseconds as the day it is here. */
function dayOf(text) {
  if (!/^-?\d{1,15}$/.test(text ?? "") || !Number(text)) return "";
  const moment = new Date(Number(text));
  return Number.isNaN(moment.valueOf()) ? "" : new Intl.DateTimeFormat("en-CA", { timeZone: HERE }).format(moment);
}
