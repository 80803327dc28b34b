// For who is signed in: the number of credits in the header, and what costs one.
import { forget } from "/payments/paywall.js";
import { wireGiftForm } from "./gift.js";

wireGiftForm();

const chip = document.getElementById("credits");
let before;
document.addEventListener("balance", ({ detail: { balance } }) => {
  chip.querySelector("span").textContent = balance === 1 ? chip.dataset.one : chip.dataset.many;
  if (before !== undefined && before !== balance) {
    chip.classList.remove("is-new");
    void chip.offsetWidth;
    chip.classList.add("is-new");
  }
  before = balance;
});

// The page with the history shows what was bought; who comes back from the bank finds it there already.
document.addEventListener("paid", ({ detail: { id } }) => {
  const isShown = document.querySelector(`a[href="/payments/${id}/receipt"]`);
  if (document.querySelector("[data-history]") && !isShown) location.reload();
});

// Nothing of this visitor stays behind for the next one.
document.querySelector("form[action='/signout']")?.addEventListener("submit", forget);
document.getElementById("confirm-delete")?.form.addEventListener("submit", forget);
