// What waits for a payment, so that a reload loses nothing. A tab keeps its own; a new one, opened by a bank app, finds the last.
import { name, pause, place } from "./calls.js";

const keepFor = 3600000;

const onShelves = use => {
  try {
    return [sessionStorage, localStorage].map(use);
  } catch {
    // A browser that keeps nothing: the page itself still does.
    return [];
  }
};

const here = () => place.pathname + place.search;

export const forget = () => onShelves(shelf => shelf.removeItem(name));
export const remember = pending =>
  onShelves(shelf => (shelf[name] = JSON.stringify({ page: place.pathname, at: Date.now(), ...pending })));

export const recall = () => {
  const isBack = place.hash === "#" + name;
  if (isBack) history.replaceState(history.state, "", here());
  const [own, last] = onShelves(shelf => shelf[name]);
  const pending = JSON.parse(own ?? (isBack && last) ?? null);
  return pending?.at > Date.now() - keepFor && (isBack || pending.page === place.pathname) ? pending : {};
};

/** Where the bank sends the customer back to. */
export const returnUrlOf = host => (host.getAttribute("return-url") ?? here()) + "#" + name;

/** Where the app says so: goes to sign in, and comes back to what waits. This page goes no further. */
export const signIn = (host, pending) => {
  const signInUrl = host.getAttribute("sign-in");
  if (!signInUrl) return;
  if (pending) remember(pending);
  place.assign(signInUrl + encodeURIComponent(returnUrlOf(host)));
  return pause(1e9);
};

/** A request as it is kept. Of one with files, with what is no text, or too large, nothing is; and credentials never are. */
export const pack = async request => {
  const isLarge = (await request.clone().blob()).size > 1e6;
  const body = isLarge ? "\ufffd" : await request.clone().text();
  if (/\ufffd|; filename="./.test(body)) return {};
  const headers = [...request.headers].filter(([header]) => header !== "authorization");
  return { url: request.url, method: request.method, headers, body: body || undefined };
};
