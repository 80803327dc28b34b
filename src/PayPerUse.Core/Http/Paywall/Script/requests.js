import { call, jsonOf, make, name, on, page, pause, paywall, place, send, typeOf } from "./calls.js";
import { forget, pack, recall, signIn } from "./memory.js";

const keyHeader = "Idempotency-Key";
const mark = "[data-pay-per-use]";

/** Like fetch, with the page's paywall. */
export const fetchWithCredits = (...request) => paywall().fetch(...request);

// Not crypto.randomUUID: it is missing on plain http, such as on a phone in the developer's network.
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** Sends a request of the app. One that is refused with 402 goes out again, with the same key, once there are credits. */
export const fetchPaid = async (wall, request, isPaid) => {
  if (!request.url.startsWith(place.origin + "/")) return send(request);
  if (!/GET|HEAD/.test(request.method) && !request.headers.has(keyHeader)) request.headers.set(keyHeader, newKey());
  for (;;) {
    const sending = send(request.clone());
    const answer = await sending.catch(() => {});
    const status = answer?.status;
    const problem = /402|409/.test(status) ? await jsonOf(answer) : {};
    if (status === 402 && (await wall.pay(problem, await pack(request)))) isPaid = true;
    // What was paid for is sent until it is answered, or its sender gives it up.
    else if (answer ? problem.code === "in-progress" : isPaid && !request.signal.aborted) await pause(1500);
    else {
      if (status === 401) await signIn(wall, { request: await pack(request) });
      if (isPaid || status === 402) forget();
      if (isPaid) wall.leave();
      return sending;
    }
  }
};

/** Goes on with what a reload, or the way to the bank and back, interrupted. */
export const resume = async () => {
  const { request, payment: id, required, at } = recall();
  if (!at) return;
  const wall = paywall();
  wall.tell("resume", request);
  refill(request);
  if (id || !request) {
    let payment, seen;
    // Whoever cannot tell now may later.
    while (id && ([payment, seen] = await call("/payments/" + id)) && !(seen?.status < 429)) await pause(3000);
    // Not seen by somebody else who signed in.
    if ((seen && !seen.ok) || !(await wall.pay({ required }, request, payment))) return forget();
  }
  if (request?.url) return deliver(wall, await fetchPaid(wall, new Request(request.url, request), true), request);
  forget();
  pause(1500).then(wall.leave);
};

// To the app if it takes it, else as a browser shows the answer to a form.
const deliver = async (wall, response, request) => {
  const target = response.redirected ? response.url : response.ok && response.headers.get("Location");
  if (!wall.tell("answer", { response, request })) return;
  if (target) place.assign(target);
  else if (/html/.test(typeOf(response))) {
    const text = await response.text();
    page.open();
    page.write(text);
    page.close();
    listen();
  } else if (!response.ok && response.status !== 402) wall.notice("error");
};

const addressOf = (button, form) =>
  new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", place).href;

const submit = async (form, button) => {
  const wall = paywall();
  const url = addressOf(button, form);
  const key = form.elements.idempotencyKey ?? form.appendChild(make("input", { type: "hidden", name: "idempotencyKey" }));
  key.value ||= newKey();
  const fields = new FormData(form, button);
  const body = form.enctype.startsWith("multipart") ? fields : new URLSearchParams(fields);
  form.ariaBusy = "true";
  try {
    const response = await wall.fetch(url, { method: "POST", headers: { Accept: "text/html", [keyHeader]: key.value }, body });
    wall.leave();
    await deliver(wall, response, { url });
    // Only what has arrived is over: until then the same key asks for it again.
    if (response.ok) key.value = "";
  } catch {
    wall.notice("offline");
    await pause(3000);
    if (wall.matches("[open]")) return submit(form, button);
  }
  form.ariaBusy = null;
};

// What was filled in comes back into its form.
const refill = request => {
  for (const form of page.querySelectorAll("form" + mark)) {
    if (![form, ...form.elements].some(element => addressOf(element, form) === request?.url)) continue;
    for (const [field, value] of new URLSearchParams(request.body)) {
      const input = form.elements[field];
      if (input) {
        input.value = value;
        input.checked = true;
      }
    }
  }
};

const onSubmit = event => {
  const { target: form, submitter, defaultPrevented } = event;
  if (defaultPrevented || !form.matches(mark) || form.method !== "post") return;
  event.preventDefault();
  if (form.ariaBusy !== "true") submit(form, submitter);
};

const onClick = event => {
  if (!event.target.closest("button" + mark)) return;
  event.preventDefault();
  paywall().show();
};

const onWake = () => {
  page.querySelectorAll(name).forEach(wall => wall.wake());
};

/** Forms and buttons with the mark, and what wakes a paywall. Again after a page was written anew, which ends all listening. */
export const listen = () => {
  on("submit", onSubmit);
  on("click", onClick);
  on("online", onWake);
  on("visibilitychange", onWake, true);
};
