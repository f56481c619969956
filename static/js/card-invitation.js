// The link of an invitation: sent with what the phone has for that, or copied.

const { link, title } = document.querySelector("[data-link]").dataset;
const said = document.querySelector("[data-part=said]");
const send = document.querySelector("[data-act=send]");

async function give() {
  if (navigator.share) {
    try {
      await navigator.share({ title, url: link });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const copied = await navigator.clipboard?.writeText(link).then(
    () => true,
    () => false,
  );
  if (copied) said.textContent = said.dataset.copied;
  else document.getElementById("invitation-link").select();
}

send.hidden = false;
send.addEventListener("click", give);
