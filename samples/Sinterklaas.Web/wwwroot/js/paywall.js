// One payment on screen: a code to scan, a link to tap, and its status while it changes.
import { onCredits } from "./credits.js";

const box = document.getElementById("paywall");
const askEvery = 3_000;
const texts = {
  pending: "Wachten op je betaling…",
  processing: "De bank is ermee bezig…",
  paid: "Betaald! De Sint gaat verder.",
  failed: "De betaling is niet gelukt. Er is niets afgeschreven.",
  canceled: "De betaling is geannuleerd.",
  expired: "De tijd om te betalen is om.",
  review: "Deze betaling kijken we eerst na. Je hoeft niet opnieuw te betalen."
};
const over = ["failed", "canceled", "expired", "refunded", "disputed"];
let current;

onCredits(balance => {
  if (current && balance >= current.needed) finish();
});

/** Shows the paywall; `onPaid` is called once there are credits, `onClose` when the visitor turns back. */
export async function openPaywall({ needed = 1, returnUrl, onPaid, onClose }) {
  closePaywall();
  const session = (current = { needed, returnUrl, onPaid, asked: 0 });
  box.hidden = false;
  box.focus();
  box.scrollIntoView({ block: "start" });
  part("close").hidden = !onClose;
  part("close").onclick = onClose;
  part("retry").onclick = () => start(session, session.provider);
  await start(session);
  await showProviders(session);
}

export function closePaywall() {
  clearTimeout(current?.timer);
  current = undefined;
  if (box) box.hidden = true;
}

async function start(session, provider) {
  const turn = ++session.asked;
  clearTimeout(session.timer);
  part("error").textContent = "";
  part("retry").hidden = true;
  say("pending", "De betaling wordt klaargezet…");
  const answer = await fetch("/payments/create", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ pack: box.dataset.pack, provider, returnUrl: session.returnUrl })
  }).catch(() => null);
  if (session !== current || turn !== session.asked) return;
  if (!answer?.ok) {
    say("failed", "Betalen lukt nu even niet.");
    part("error").textContent = "Probeer het over een minuut opnieuw. Wat je invulde, blijft staan.";
    part("retry").hidden = false;
    return;
  }
  const payment = await answer.json();
  session.provider = payment.provider;
  document.getElementById("paywall-qr").src = payment.qrCode;
  document.getElementById("paywall-link").href = payment.checkoutUrl;
  for (const button of part("providers").children) button.setAttribute("aria-pressed", button.value === payment.provider);
  session.expiresAt = payment.expiresAt;
  show(payment);
  session.timer = setTimeout(() => follow(session, payment.id, turn), askEvery);
}

async function follow(session, id, turn) {
  const answer = await fetch(`/payments/${id}`).catch(() => null);
  if (session !== current || turn !== session.asked) return;
  if (answer?.ok) {
    const payment = await answer.json();
    show(payment);
    if (payment.status === "paid") return finish();
    if (over.includes(payment.status)) return;
  }
  session.timer = setTimeout(() => follow(session, id, turn), askEvery);
}

function finish() {
  const { onPaid } = current;
  say("paid", texts.paid);
  clearTimeout(current.timer);
  current = undefined;
  setTimeout(onPaid, 600);
}

async function showProviders(session) {
  const answer = await fetch("/payments/packs").catch(() => null);
  if (!answer?.ok || session !== current) return;
  const { providers } = await answer.json();
  part("providers").hidden = providers.length < 2;
  part("providers").replaceChildren(
    ...providers.map(({ id, name }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.value = id;
      button.textContent = name;
      button.setAttribute("aria-pressed", id === session.provider);
      button.addEventListener("click", () => start(session, id));
      return button;
    })
  );
  const chosen = providers.find(p => p.id === session.provider);
  if (providers.length === 1 && chosen) part("provider").textContent = `met ${chosen.name}`;
}

function show(payment) {
  const until = new Date(payment.expiresAt).toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" });
  const text = texts[payment.status] ?? texts.pending;
  say(payment.status, payment.status === "pending" ? `${text} Het kan tot ${until}.` : text);
  part("retry").hidden = !over.includes(payment.status);
}

function say(status, text) {
  const line = part("status");
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("is-done", status === "paid");
  line.classList.toggle("is-over", over.includes(status));
  part("payment").classList.toggle("is-over", over.includes(status));
}

function part(name) {
  return box.querySelector(`[data-${name}]`);
}
