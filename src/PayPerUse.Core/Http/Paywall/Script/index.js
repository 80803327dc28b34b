import { PayPerUse } from "./element.js";
import { forget } from "./memory.js";
import { listen, paywall, resume } from "./requests.js";

if (!customElements.get("pay-per-use")) {
  customElements.define("pay-per-use", PayPerUse);
  listen();
  // Once the app's own modules are there to hear of it.
  document.readyState === "complete" ? resume() : addEventListener("load", resume);
}

/** Like fetch, with the page's paywall. */
const fetchWithCredits = (...request) => paywall().fetch(...request);

export { fetchWithCredits as fetch, forget };
