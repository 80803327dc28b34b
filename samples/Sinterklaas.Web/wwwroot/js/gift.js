// Making a letter or an audio message without leaving the page, so that nothing is typed twice when credits run out.
import { closePaywall, openPaywall } from "./paywall.js";

const form = document.querySelector("form[data-gift]");
const card = form?.closest("section");
const pendingKey = "sint.pending";
const pendingFor = 60 * 60 * 1000;
const returnMark = "verder";

export function forgetPending() {
  try {
    localStorage.removeItem(pendingKey);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

export function wireGiftForm() {
  if (!form) return;
  form.addEventListener("submit", event => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    make(new URL(button.formAction).pathname);
  });
  if (new URLSearchParams(location.search).has(returnMark)) carryOn();
}

// Back from the payment page on the same device: fill the form in again and go on with the same key.
function carryOn() {
  history.replaceState(null, "", location.pathname);
  const pending = recall();
  if (!pending) return;
  for (const [name, value] of Object.entries(pending.fields)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  make(pending.action);
}

async function make(action) {
  const fields = Object.fromEntries(new FormData(form));
  const { idempotencyKey, ...input } = fields;
  busy(action);
  say("");
  showErrors({});
  let answer;
  try {
    answer = await fetch(action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": idempotencyKey },
      body: JSON.stringify({ ...input, age: Number(input.age) })
    });
  } catch {
    return stay("Er is geen verbinding. Er is niets gemaakt en niets betaald: probeer het opnieuw.");
  }
  const body = await answer.json().catch(() => ({}));
  switch (answer.status) {
    case 201:
      forgetPending();
      location.assign(answer.headers.get("Location"));
      return;
    case 400:
      stay();
      showErrors(body.errors ?? {});
      return;
    case 401:
      remember(action, fields);
      location.assign(`/signin?returnUrl=${encodeURIComponent(`/?${returnMark}`)}`);
      return;
    case 402:
      stay();
      remember(action, fields);
      pay(action);
      return;
    case 409:
      if (body.code === "in-progress") {
        await new Promise(resolve => setTimeout(resolve, 1500));
        return make(action);
      }
      // Made by another press of the same button; it is at the top of the list.
      forgetPending();
      location.assign("/");
      return;
    case 429:
      return stay(`Dat gaat te snel. Probeer het over ${answer.headers.get("Retry-After") ?? 60} seconden opnieuw.`);
    default:
      return stay(body.detail ?? "Het lukte nu niet. Het heeft je niets gekost: probeer het straks opnieuw.");
  }
}

function pay(action) {
  card.hidden = true;
  openPaywall({
    returnUrl: `/?${returnMark}`,
    onPaid: () => {
      closePaywall();
      card.hidden = false;
      make(action);
    },
    onClose: () => {
      closePaywall();
      card.hidden = false;
      forgetPending();
      form.querySelector(`[formaction="${action}"]`)?.focus();
    }
  });
}

function busy(action) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = true;
    if (button.getAttribute("formaction") === action) {
      button.dataset.label ??= button.innerHTML;
      button.textContent = button.dataset.busy;
    }
  }
}

function stay(message = "") {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = false;
    if (button.dataset.label) button.innerHTML = button.dataset.label;
  }
  say(message);
}

function say(message) {
  form.querySelector("[data-gift-message]").textContent = message;
}

function showErrors(errors) {
  let first;
  for (const input of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    const message = errors[input.name]?.[0] ?? "";
    document.getElementById(`${input.name}-error`).textContent = message;
    if (message) {
      input.setAttribute("aria-invalid", "true");
      first ??= input;
    } else {
      input.removeAttribute("aria-invalid");
    }
  }
  first?.focus();
}

function remember(action, fields) {
  try {
    localStorage.setItem(pendingKey, JSON.stringify({ action, fields, at: Date.now() }));
  } catch {
    // Without storage the form is kept on this page only.
  }
}

function recall() {
  try {
    const pending = JSON.parse(localStorage.getItem(pendingKey));
    return pending && Date.now() - pending.at < pendingFor ? pending : null;
  } catch {
    return null;
  }
}
