// What waits for a payment, so that a reload loses nothing. A tab keeps its own; a new one, opened by a bank app, finds the last.
import { typeOf } from "./calls.js";

export const name = "pay-per-use";
const keepFor = 3600000;

function onShelves(use) {
  try {
    return [sessionStorage, localStorage].map(use);
  } catch {
    // A browser that keeps nothing: the page itself still does.
    return [];
  }
}

export const forget = () => onShelves(shelf => shelf.removeItem(name));
export const remember = pending =>
  onShelves(shelf => (shelf[name] = JSON.stringify({ page: location.pathname, at: Date.now(), ...pending })));

export function recall() {
  const isBack = location.hash === "#" + name;
  if (isBack) history.replaceState(history.state, "", location.pathname + location.search);
  const [own, last] = onShelves(shelf => shelf[name]);
  const pending = JSON.parse(own ?? (isBack && last) ?? null);
  return pending?.at > Date.now() - keepFor && (isBack || pending.page === location.pathname) ? pending : {};
}

/** Where the bank sends the customer back to. */
export const returnUrlOf = host => (host.getAttribute("return-url") ?? location.pathname + location.search) + "#" + name;

/** A request as it is kept. One with files keeps nothing, and credentials are never kept. */
export async function pack(request) {
  if (/multipart|octet/.test(typeOf(request))) return {};
  const headers = [...request.headers].filter(([header]) => header !== "authorization");
  return { url: request.url, method: request.method, headers, body: (await request.clone().text()) || undefined };
}
