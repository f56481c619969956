// Says yes with a passkey: signs the challenge that stands in the page, and sends the form with it.
//
// The form holds a hidden field "passkey" and a hidden button data-act="passkey", the page the options in
// #passkey-options; the button shows where the browser can do it.

export function offerPasskey(form) {
  const options = document.getElementById("passkey-options");
  const button = form.querySelector("[data-act=passkey]");
  if (!button || !globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options.textContent));
    const signed = await navigator.credentials.get({ publicKey }).catch(() => null);
    if (!signed) return; // they turned away: the question stays
    form.elements.passkey.value = JSON.stringify(signed);
    form.submit();
  });
}
