// Finding an article by number, bar code or name, and reading a code that was scanned or typed.

import { scanWithCamera } from "ok/till-camera";
import { isReceipt } from "ok/till-return";

const CODE = /^93\d{20}$/;
const COUPON_LINK = /\/wallet\/coupons\/[\w-]+\/([\w-]+)\/?$/;

/**
 * Let the search field find. `find(id)` gives a part of the till, `texts` its sentences; a shopper's code goes to `onCode`,
 * an article to `onProduct`, the link of a coupon to `onCoupon`, the code of a receipt to `onReceipt`.
 */
export function startFinding({ desk, find, texts, money, element, onCode, onProduct, onCoupon, onReceipt }) {
  const query = find("query");
  let found = [];
  let marked = 0;
  let searching = 0;

  function take(text) {
    const plain = text.replaceAll(/\s/g, "");
    const coupon = COUPON_LINK.exec(plain);
    if (!coupon && !CODE.test(plain) && !isReceipt(plain)) return false;
    query.value = "";
    showFound([]);
    if (coupon) onCoupon(coupon[1]);
    else if (isReceipt(plain)) onReceipt(plain);
    else onCode(plain);
    return true;
  }

  async function search(text) {
    if (!text.trim()) return [];
    const said = await fetch(`${desk.dataset.products}?q=${encodeURIComponent(text)}`);
    return said.ok ? (await said.json()).products : [];
  }

  function showFound(products, { none = false } = {}) {
    found = products;
    marked = 0;
    const items = products.map((product, index) => {
      const item = element("li", "list-item till-hit");
      item.role = "option";
      item.append(element("span", "list-body", product.name), element("span", "list-end", money(product.unit_price)));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(index);
      });
      return item;
    });
    if (none) items.push(element("li", "list-item second", texts.nothingFound));
    find("found").replaceChildren(...items);
    find("found").hidden = !items.length;
    query.ariaExpanded = String(Boolean(items.length));
    mark();
  }

  function mark() {
    [...find("found").children].forEach((item, index) => {
      item.ariaSelected = String(index === marked);
    });
  }

  function choose(index) {
    const product = found[index];
    query.value = "";
    showFound([]);
    if (product) onProduct(product);
  }

  query.addEventListener("input", async () => {
    if (take(query.value)) return;
    const mine = ++searching;
    const products = await search(query.value);
    const isLooked = mine === searching && document.activeElement === query;
    if (isLooked) showFound(products, { none: query.value.length > 2 && !products.length });
  });

  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      marked = Math.min(Math.max(marked + (event.key === "ArrowDown" ? 1 : -1), 0), Math.max(found.length - 1, 0));
      mark();
    }
    if (event.key === "Escape") showFound([]);
  });
  query.addEventListener("blur", () => showFound([]));

  find("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const text = query.value;
    if (take(text) || !text.trim()) return;
    searching += 1;
    const position = marked;
    const products = await search(text);
    if (products.length) {
      found = products;
      choose(Math.min(position, products.length - 1));
    } else {
      showFound([], { none: true });
    }
  });

  find("scan").addEventListener("click", async () => {
    const text = await scanWithCamera(find("camera"), texts.noCamera);
    if (!text || take(text)) return;
    const [product] = await search(text);
    if (product) onProduct(product);
    else showFound([], { none: true });
  });

  if (query.value) query.dispatchEvent(new Event("input")); // typed before this script had loaded
}
