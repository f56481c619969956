// The link of a shop: what stands behind # goes to the form of a new card, through this browser only.

const page = document.getElementById("card-link");
const KEPT = "ok-card-link";

const said = new URLSearchParams(location.hash.slice(1));
if (said.get("name") || said.get("code")) {
  sessionStorage.setItem(KEPT, said.toString());
  location.replace(page.dataset.add);
} else {
  page.querySelector("[data-part=wait]").hidden = true;
  page.querySelector("[data-part=empty]").hidden = false;
}
