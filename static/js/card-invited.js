// An invitation to a card: its secret stands behind the # and waits in this tab until one has signed in.

const KEPT = "ok-card-invitation";
const WHOLE = /^[0-9a-f]{96}$/;

const page = document.getElementById("card-invited");
const part = (name) => page.querySelector(`[data-part=${name}]`);
const said = location.hash.slice(1);

if (said) {
  if (WHOLE.test(said)) sessionStorage.setItem(KEPT, said);
  // Whoever looks at the address or goes back finds no secret there.
  history.replaceState(null, "", location.pathname);
}
const token = said && !WHOLE.test(said) ? null : sessionStorage.getItem(KEPT);
part("broken").hidden = Boolean(token);
part("open").hidden = !token;
const form = page.querySelector("form");
if (token && form) {
  form.elements.namedItem("token").value = token;
  form.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
}
