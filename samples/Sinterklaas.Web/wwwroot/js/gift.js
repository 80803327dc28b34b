// Making a letter or an audio message without leaving the page. When credits run out, the paywall asks for payment and sends
// the same request again: nothing is typed twice, also after a reload or by way of the bank app.
import { fetch } from "/payments/paywall.js";

const form = document.querySelector("form[data-gift]");

export function wireGiftForm() {
  if (!form) return;
  form.addEventListener("submit", event => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    make(new URL(button.formAction).pathname);
  });
  document.addEventListener("resume", event => fill(event.detail));
  document.addEventListener("answer", event => {
    event.preventDefault();
    take(event.detail.response);
  });
}

async function make(action) {
  const { idempotencyKey, ...input } = Object.fromEntries(new FormData(form));
  busy(action);
  say("");
  showErrors({});
  try {
    await take(
      await fetch(action, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": idempotencyKey },
        body: JSON.stringify({ ...input, age: Number(input.age) })
      })
    );
  } catch {
    stay(form.dataset.offline);
  }
}

async function take(answer) {
  const body = await answer.json().catch(() => ({}));
  switch (answer.status) {
    case 201:
      return location.assign(answer.headers.get("Location"));
    case 400:
      stay();
      return showErrors(body.errors ?? {});
    case 402:
      // The visitor closed the paywall; what was filled in is still there.
      return stay();
    case 409:
      // Made by another press of the same button; it is at the top of the list.
      return location.assign("/");
    case 429:
      return stay(form.dataset.tooFast);
    default:
      return stay(body.detail ?? form.dataset.failed);
  }
}

// What was filled in before a reload, with the key that it was sent with.
function fill(request) {
  if (!request?.body) return;
  const key = request.headers.find(([name]) => name === "idempotency-key")?.[1];
  for (const [name, value] of Object.entries({ ...JSON.parse(request.body), idempotencyKey: key })) {
    if (form.elements[name]) form.elements[name].value = value;
  }
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
