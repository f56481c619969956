// Every call of the till goes through here. The training twin says with each of them that it is one: nothing that it
// does is real, and what it keeps for a crash lies apart from what the real till keeps.

const desk = document.getElementById("till");

export const training = desk.dataset.training !== undefined;

/** The name under which this till, or its twin, keeps something in the browser. */
export function keptName(name) {
  return training ? `${name}-training` : name;
}

/** Send `body` as JSON, by somebody who is signed in; returns what `fetch` does. */
export function send(method, address, body, signal) {
  const headers = {
    "Content-Type": "application/json",
    "X-CSRFToken": desk.querySelector("[name=csrfmiddlewaretoken]").value,
    ...(training ? { "OK-Training": "1" } : {}),
  };
  return fetch(address, { method, body: body && JSON.stringify(body), headers, signal });
}

/** Send and read the answer; throws the problem where it is refused, and `{}` where there was no answer to read. */
export async function call(method, address, body, signal) {
  const answer = await send(method, address, body, signal);
  if (answer.status >= 500) throw {};
  const said = await answer.json();
  if (!answer.ok) throw said;
  return said;
}

/** Post fields of a form to a page of ours; returns and throws as `call` does. */
export async function post(address, fields = {}) {
  const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token } });
  if (answer.status >= 500) throw {};
  const said = await answer.json();
  if (!answer.ok) throw said;
  return said;
}
