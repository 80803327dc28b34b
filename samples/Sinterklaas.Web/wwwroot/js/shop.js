// Buying credits for later, on the page with the balance.
import { credits } from "./credits.js";
import { closePaywall, openPaywall } from "./paywall.js";

export function wireShop() {
  const button = document.querySelector("[data-buy]");
  if (!button) return;
  button.addEventListener("click", event => {
    event.preventDefault();
    button.hidden = true;
    openPaywall({
      needed: Math.max(0, credits()) + 1,
      returnUrl: location.pathname,
      onPaid: () => location.reload(),
      onClose: () => {
        closePaywall();
        button.hidden = false;
        button.focus();
      }
    });
  });
}
