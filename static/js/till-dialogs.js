// What the cashier types in a window of its own: an article that is not in the catalogue or a deposit, and a coupon.

export function startDialogs({ find, onProduct, onCoupon }) {
  opened(find, "other", (given) => {
    const price = Math.round(Number(given.get("price").replace(",", ".")) * 100);
    const product = { sku: "", name: given.get("name"), unit: "piece", unit_price: price, vat_rate: Number(given.get("vat")) };
    if (given.get("kind") !== "goods") product.kind = given.get("kind");
    if (given.get("age")) product.minimum_age = Number(given.get("age"));
    onProduct(product);
  });
  // Deposits mostly bear no VAT; the cashier can say otherwise.
  find("other-kind").addEventListener("change", ({ target }) => {
    find("other-vat").value = target.value === "goods" ? "900" : "0";
  });
  opened(find, "coupon", (given) => onCoupon(given.get("coupon")));
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

function opened(find, name, onSent) {
  const dialog = find(`${name}-dialog`);
  find(name).addEventListener("click", () => dialog.showModal());
  find(`${name}-form`).addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    onSent(new FormData(event.target));
    event.target.reset();
    dialog.close();
  });
}
