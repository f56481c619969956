// A switch acts at once: moving it sends its form.

for (const form of document.querySelectorAll("[data-consent]")) {
  form.querySelector("input[type=checkbox]").addEventListener("change", () => form.requestSubmit());
}
