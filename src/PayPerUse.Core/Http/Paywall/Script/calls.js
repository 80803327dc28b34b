import { signIn } from "./memory.js";
import { languageOf } from "./texts.js";

// Names of our own for what is used everywhere: a build can shorten these.
export const name = "pay-per-use";
export const page = document;
export const on = addEventListener;
export const place = location;

// The address of this script tells where the contract is mapped.
export const base = import.meta.url.split("/payments/paywall.js")[0];
export const send = fetch.bind(window);
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
export const typeOf = message => message.headers.get("Content-Type");
export const jsonOf = answer => (/json/.test(typeOf(answer)) ? answer.clone().json() : {});
export const make = (tag, properties) => Object.assign(page.createElement(tag), properties);

/** How far the server's clock is ahead of this device's, in milliseconds. */
export let ahead = 0;

export const paywall = () => page.querySelector(name) ?? page.body.appendChild(make(name));

/** Asks the contract: what it says, and how. Neither without a connection. A session that ended under a payment begins anew. */
export const call = async (path, body) => {
  try {
    const headers = { "Content-Type": "application/json", "Accept-Language": languageOf(paywall()) };
    const answer = await send(base + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    ahead = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
    if (answer.status === 401 && /pay/.test(path)) await signIn(paywall());
    return [await jsonOf(answer), answer];
  } catch {
    return [];
  }
};
