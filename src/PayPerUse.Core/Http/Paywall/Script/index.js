import { name, on, page } from "./calls.js";
import { PayPerUse } from "./element.js";
import { forget } from "./memory.js";
import { fetchWithCredits, listen, resume } from "./requests.js";

if (!customElements.get(name)) {
  customElements.define("pay-per-use", PayPerUse);
  listen();
  // Once the app's own modules are there to hear of it.
  page.readyState === "complete" ? resume() : on("load", resume);
}

export { fetchWithCredits as fetch, forget };
