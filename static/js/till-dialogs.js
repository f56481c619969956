// What the cashier types in a window of its own: an article that is not in the catalogue, and a coupon.

export function startDialogs({ find, onProduct, onCoupon }) {
  opened(find, "other", (given) => {
    const price = Math.round(Number(given.get("price").replace(",", ".")) * 100);
    onProduct({ sku: "", name: given.get("name"), unit: "piece", unit_price: price, vat_rate: Number(given.get("vat")) });
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
