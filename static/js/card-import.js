// A file of cards: whether it is too large is said before it is sent for minutes.

const form = document.getElementById("card-import");
const large = form.querySelector("[data-part=large]");

form.elements.namedItem("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  large.hidden = !file || file.size <= Number(form.dataset.most);
  if (!large.hidden) target.value = "";
});
