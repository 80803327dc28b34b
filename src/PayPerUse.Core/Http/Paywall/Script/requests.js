import { call, jsonOf, make, page, pause, paywall, place, send, typeOf } from "./calls.js";
import { forget, pack, recall, signIn } from "./memory.js";

const keyHeader = "Idempotency-Key";
const mark = "[data-pay-per-use]";

/** Like fetch, with the page's paywall. */
export const fetchWithCredits = (...request) => paywall().fetch(...request);

// Not crypto.randomUUID: it is missing on plain http, such as on a phone in the developer's network.
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** Sends a request of the app. One that is refused with 402 goes out again, with the same key, once there are credits. */
export async function fetchPaid(wall, request) {
  if (!request.url.startsWith(place.origin + "/")) return send(request);
  if (!/GET|HEAD/.test(request.method) && !request.headers.has(keyHeader)) request.headers.set(keyHeader, newKey());
  for (let isPaid = false; ; ) {
    const answer = await send(request.clone()).catch(error => {
      if (!isPaid) throw error;
    });
    const status = answer?.status;
    const problem = /402|409/.test(status) ? await jsonOf(answer) : {};
    if (status === 402 && (await wall.pay(problem, await pack(request)))) isPaid = true;
    else if (!answer || problem.code === "in-progress") await pause(1500);
    else {
      if (status === 401) await signIn(wall, { request: await pack(request) });
      if (isPaid || status === 402) forget();
      if (isPaid) wall.close();
      return answer;
    }
  }
}

/** Goes on with what a reload, or the way to the bank and back, interrupted. */
export async function resume() {
  const { request, payment: id, required, at } = recall();
  if (!at) return;
  const wall = paywall();
  wall.tell("resume", request);
  refill(request);
  if (id || !request) {
    let payment, seen;
    while (id && ([payment, seen] = await call("/payments/" + id)) && !seen) await pause(3000);
    // Not seen by somebody else who signed in.
    if (seen?.ok === false || !(await wall.pay({ required }, request, payment))) return forget();
  }
  const answer = request?.url && (await fetchPaid(wall, new Request(request.url, request)));
  forget();
  if (!answer) await pause(1500);
  wall.close();
  if (answer) deliver(wall, answer, request);
}

// To the app if it takes it, else as a browser shows the answer to a form.
async function deliver(wall, response, request) {
  const target = response.redirected ? response.url : response.ok && response.headers.get("Location");
  if (!wall.tell("answer", { response, request })) return;
  if (target) place.assign(target);
  else if (/html/.test(typeOf(response))) {
    const text = await response.text();
    page.open();
    page.write(text);
    page.close();
  } else if (!response.ok && response.status !== 402) wall.notice("error");
}

const urlOf = element => element?.getAttribute("formaction") ?? element?.getAttribute("action");

async function submit(form, button) {
  const wall = paywall();
  const url = new URL(urlOf(button) ?? urlOf(form) ?? "", place).href;
  const { elements } = form;
  const key = elements.idempotencyKey ?? form.appendChild(make("input", { type: "hidden", name: "idempotencyKey" }));
  key.value ||= newKey();
  const fields = new FormData(form, button);
  const body = form.enctype.startsWith("multipart") ? fields : new URLSearchParams(fields);
  form.ariaBusy = "true";
  try {
    const response = await wall.fetch(url, { method: "POST", headers: { Accept: "text/html", [keyHeader]: key.value }, body });
    if (response.ok) key.value = "";
    await deliver(wall, response, { url });
  } catch {
    wall.notice("offline");
  }
  form.ariaBusy = null;
}

// What was filled in comes back into its form.
function refill(request) {
  for (const form of page.querySelectorAll("form" + mark)) {
    if (![form, ...form.elements].some(e => new URL(urlOf(e) ?? "", place).href === request?.url)) continue;
    for (const [field, value] of new URLSearchParams(request.body)) {
      const input = form.elements[field];
      if (input) Object.assign(input, { value, checked: true });
    }
  }
}

function onSubmit(event) {
  const { target: form, submitter, defaultPrevented } = event;
  if (defaultPrevented || !form.matches(mark) || form.method !== "post") return;
  event.preventDefault();
  if (form.ariaBusy !== "true") submit(form, submitter);
}

function onClick(event) {
  if (!event.target.closest("button" + mark)) return;
  event.preventDefault();
  paywall().show();
}

/** Forms and buttons with the mark. Again after a page was written anew, which ends all listening. */
export function listen() {
  addEventListener("submit", onSubmit);
  addEventListener("click", onClick);
}
