// Making a letter or an audio message without leaving the page. When credits run out, the paywall asks for payment and sends
// the same request again: nothing is typed twice, also after a reload or by way of the bank app.
import { fetch } from "/payments/paywall.js";

const form = document.querySelector("form[data-gift]");
let pressed;

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
  const { idempotencyKey, childName, age, ...input } = Object.fromEntries(
    [...new FormData(form)].filter(([name]) => !name.startsWith("children["))
  );
  const [first, ...children] = rows().map(childOf);
  busy(action);
  say("");
  showErrors({});
  try {
    await take(
      await fetch(`${action}/stream`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": keyPrefix(action) + idempotencyKey },
        body: JSON.stringify({ ...first, ...input, children })
      })
    );
  } catch {
    stay(form.dataset.offline);
  }
}

// A key is for one act: after a letter that failed, the same form may ask for a message.
function keyPrefix(action) {
  return `${action.slice(1)}-`;
}

async function take(answer) {
  if (answer.ok) return follow(answer.body);
  const body = await answer.json().catch(() => ({}));
  switch (answer.status) {
    case 400:
      stay();
      say(body.errors?.children?.[0] ?? "");
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

// A line for each step, and for each piece of the text while it is written.
async function follow(stream) {
  const making = document.querySelector("[data-making]");
  const step = making.querySelector("[data-making-step]");
  const text = making.querySelector("[data-making-text]");
  text.textContent = "";
  text.lang = form.elements.language.value;
  making.hidden = false;
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error("The stream broke.");
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.map(JSON.parse)) {
        if (line.step) step.textContent = making.dataset[`${line.step}Step`];
        if (line.text) text.textContent += line.text;
        if (line.error) throw line.error;
        if (line.url) return location.assign(line.url);
      }
    }
  } catch (error) {
    making.hidden = true;
    stay(typeof error === "string" ? error : form.dataset.broken);
  }
}

// The children that were filled in; the first row always counts.
function rows() {
  return [...form.querySelectorAll("[data-child]")].filter((row, i) => i === 0 || inputsOf(row).some(input => input.value.trim()));
}

function inputsOf(row) {
  return [...row.querySelectorAll("input")];
}

function childOf(row) {
  const [name, age] = inputsOf(row);
  return { childName: name.value, age: age.value === "" ? null : Number(age.value) };
}

// What was filled in before a reload, with the key that it was sent with.
function fill(request) {
  if (!request?.body) return;
  const sent = request.headers.find(([name]) => name === "idempotency-key")?.[1];
  const key = sent?.replace(/^(letters|audio)-/, "");
  const { children = [], childName, age, ...input } = JSON.parse(request.body);
  for (const [name, value] of Object.entries({ ...input, idempotencyKey: key })) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  const all = form.querySelectorAll("[data-child]");
  [{ childName, age }, ...children].forEach((child, i) => {
    const [name, age] = inputsOf(all[i]);
    name.value = child.childName ?? "";
    age.value = child.age ?? "";
  });
}

function busy(action) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = true;
    if (button.getAttribute("formaction") === action) {
      pressed = button;
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
  // A button that cannot be pressed loses the keyboard.
  if (document.activeElement === document.body) pressed?.focus();
}

function say(message) {
  form.querySelector("[data-gift-message]").textContent = message;
}

// On top of the form, where focus goes: what is wrong, each with the way to its field.
function showErrors(errors) {
  const wrong = [];
  for (const input of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    const message = errors[fieldOf(input)]?.[0] ?? "";
    document.getElementById(`${input.id}-error`).textContent = message;
    if (message) {
      input.setAttribute("aria-invalid", "true");
      wrong.push(linkTo(input, message));
    } else {
      input.removeAttribute("aria-invalid");
    }
  }
  const summary = form.querySelector("[data-refused]");
  summary.hidden = wrong.length === 0;
  summary.querySelector("ul").replaceChildren(...wrong);
  summary.focus();
}

function linkTo(input, message) {
  const link = Object.assign(document.createElement("a"), { href: `#${input.id}`, textContent: message });
  const item = document.createElement("li");
  item.append(link);
  return item;
}

// Under which name an error of this input is told.
function fieldOf(input) {
  const at = rows().indexOf(input.closest("[data-child]"));
  return input.name.replace(/\d+/, at - 1);
}
