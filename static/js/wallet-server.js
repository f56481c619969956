// What the phone asks the server. Every answer tells by how much the server's clock is ahead of ours.

const TOKEN = "input[name=csrfmiddlewaretoken]";

/** The server said no: `status`, a stable `code`, and a sentence. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? "");
    this.status = status;
    this.code = problem.code ?? "";
  }
}

/** Enrol this phone: returns { device, serverPoint, clockOffset }. */
export async function enrolPhone(address, point, name) {
  const answer = await post(address, { public_key: toBase64(point), name });
  return { device: answer.device, serverPoint: fromBase64(answer.server_public_key), clockOffset: answer.clockOffset };
}

/** Fill the stock: returns { stock, latestReceipt, question, clockOffset }. */
export async function fetchStock(address, device) {
  const answer = await post(address, { device });
  const { stock, question, clockOffset } = answer;
  return { stock, latestReceipt: answer.latest_receipt, question, clockOffset };
}

/** Send JSON; raises `Refused`, or the browser's TypeError when there is no network. */
async function post(address, body) {
  const askedAt = Date.now();
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector(TOKEN).value },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  // The answer was written about halfway between asking and hearing.
  return { ...answer, clockOffset: Math.round(answer.server_time - (askedAt + Date.now()) / 2) };
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
