import { pause } from "./calls.js";
import { dialogOf } from "./dialog.js";
import { forget } from "./memory.js";
import { fetchPaid, fetchWithCredits } from "./requests.js";

export class PayPerUse extends HTMLElement {
  constructor() {
    super();
    Object.assign(this, dialogOf(this));
  }

  connectedCallback() {
    this.id ||= "paywall";
    this.attach();
    if (this.matches("[intercept]")) window.fetch = fetchWithCredits;
  }

  disconnectedCallback() {
    this.wake();
    // Unless it is only moved.
    queueMicrotask(() => this.isConnected || this.close());
  }

  /** Opens the paywall to buy credits. Resolves to whether they were paid. */
  async show() {
    const isPaid = await this.pay({});
    forget();
    if (isPaid) pause(1500).then(this.leave);
    return isPaid;
  }

  /** Like fetch, but an answer 402 opens the paywall, and once it is paid the same request goes out again. */
  async fetch(...request) {
    return fetchPaid(this, new Request(...request));
  }

  tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, cancelable: true }));
  }
}
