import { page } from "./calls.js";
import { PayPerUse } from "./element.js";
import { forget } from "./memory.js";
import { fetchWithCredits, listen, resume } from "./requests.js";

if (!customElements.get("pay-per-use")) {
  customElements.define("pay-per-use", PayPerUse);
  listen();
  // Once the app's own modules are there to hear of it.
  page.readyState === "complete" ? resume() : addEventListener("load", resume);
}

export { fetchWithCredits as fetch, forget };
