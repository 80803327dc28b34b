// What waits for a payment, so that a reload loses nothing. A tab keeps its own; a new one, opened by a bank app, finds the last.
import { pause, place, typeOf } from "./calls.js";

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

const here = () => place.pathname + place.search;

export const forget = () => onShelves(shelf => shelf.removeItem(name));
export const remember = pending =>
  onShelves(shelf => (shelf[name] = JSON.stringify({ page: place.pathname, at: Date.now(), ...pending })));

export function recall() {
  const isBack = place.hash === "#" + name;
  if (isBack) history.replaceState(history.state, "", here());
  const [own, last] = onShelves(shelf => shelf[name]);
  const pending = JSON.parse(own ?? (isBack && last) ?? null);
  return pending?.at > Date.now() - keepFor && (isBack || pending.page === place.pathname) ? pending : {};
}

/** Where the bank sends the customer back to. */
export const returnUrlOf = host => (host.getAttribute("return-url") ?? here()) + "#" + name;

/** Where the app says so: goes to sign in, and comes back to what waits. This page goes no further. */
export function signIn(host, pending) {
  const signInUrl = host.getAttribute("sign-in");
  if (!signInUrl) return;
  if (pending) remember(pending);
  place.assign(signInUrl + encodeURIComponent(returnUrlOf(host)));
  return pause(1e9);
}

/** A request as it is kept. One with files keeps nothing, and credentials are never kept. */
export async function pack(request) {
  if (/multipart|octet/.test(typeOf(request))) return {};
  const headers = [...request.headers].filter(([header]) => header !== "authorization");
  return { url: request.url, method: request.method, headers, body: (await request.clone().text()) || undefined };
}
