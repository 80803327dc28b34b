import { ahead, base, call, make, page } from "./calls.js";
import { remember, returnUrlOf } from "./memory.js";
import { say } from "./texts.js";
import frame from "./paywall.html";
import style from "./paywall.css";

const isOpen = payment => /pending|processing/.test(payment?.status);

/** The dialog of an element: one payment from the choice to its end, and the balance while it is looked at. */
export function dialogOf(host) {
  const at = {};
  let packs = [];
  let credits = {};
  let pending = {};
  let payment, state, outcome, done, looker, asker, ticker, events, latest, consent;

  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = frame;
  root.querySelectorAll("[id]").forEach(part => ((at[part.id] = part).part = part.id));
  const { dialog, choice } = at;
  dialog.onclose = () => end(false);
  choice.onchange = order;
  at.close.onclick = close;
  at.retry.onclick = begin;
  at.check.onclick = () => press();
  at.cancel.onclick = () => press("/cancel");

  /** Makes what lies in the page and not in the shadow, where the page's scripts find it. */
  function attach() {
    for (const [slot, tag] of [["qr", "img"], ["link", "a"]]) {
      const id = `${host.id}-${slot}`;
      at[slot] = page.getElementById(id) ?? host.appendChild(make(tag, { id, slot, alt: "QR", width: 208 }));
    }
    wake();
  }

  /** Shows the paywall until there are credits (true) or it is closed (false). Whoever comes later shares the outcome. */
  function pay({ balance = credits.balance, required }, request, known) {
    if (outcome) return outcome;
    const asked = (outcome = new Promise(resolve => (done = resolve)));
    remember((pending = { request, required }));
    credits = { balance };
    notice("starting");
    known ? take(known) : begin();
    return asked;
  }

  /** Opens the dialog with no more than a state. */
  function notice(text) {
    payment = null;
    host.setAttribute("open", "");
    if (!dialog.open) dialog.showModal();
    show(text);
    wake();
  }

  function close() {
    dialog.close();
  }

  function end(isPaid) {
    const resolve = done;
    done = outcome = null;
    if (isPaid) {
      payment = { ...payment, status: "paid" };
      show("paid");
      host.tell("paid", payment);
    } else host.removeAttribute("open");
    wake();
    resolve?.(isPaid);
  }

  async function begin() {
    payment = null;
    show("starting");
    const [sold, answer] = await call("/payments/packs");
    if (!answer?.ok) return fail(answer);
    packs = sold.packs;
    // Who agreed to other terms than these is asked again.
    if (consent !== sold.consent) at.agreed.checked = false;
    consent = sold.consent;
    offer(at.packs, packs, pack => text("title", pack.credits, pack.price));
    offer(at.providers, sold.providers, provider => provider.name);
    at.providers.ariaLabel = text("by");
    order();
  }

  function offer(set, items, textOf) {
    set.hidden = !items[1];
    set.replaceChildren(
      ...items.map((item, index) => {
        const label = make("label");
        label.append(make("input", { type: "radio", name: set.id, value: item.id, checked: !index }), textOf(item));
        return label;
      })
    );
  }

  async function order() {
    payment = null;
    show("starting");
    if (consent && !at.agreed.checked) return show("terms");
    const { packs: pack, providers: provider } = Object.fromEntries(new FormData(choice));
    // Who chooses again while an order is being made wants the later one, whichever is answered first.
    const making = (latest = call("/payments/create", { pack, provider, consent, returnUrl: returnUrlOf(host) }));
    const [made, answer] = await making;
    if (making === latest) answer?.ok ? take(made) : fail(answer);
  }

  // Without a connection we try again by ourselves; a refusal is for the customer to try again.
  function fail(answer) {
    show(answer ? "error" : "offline");
    if (!answer) looker = setTimeout(begin, 3000);
  }

  function take(current) {
    if (!outcome) return;
    payment = current;
    if (pending.payment !== payment.id) at.qr.src = payment.qrCode;
    pending.payment = payment.id;
    remember(pending);
    at.link.href = payment.checkoutUrl;
    if (payment.status === "paid") return end(true);
    show(payment.status);
    lookAgain();
  }

  function press(action) {
    show("starting");
    look(action);
  }

  async function look(action = "") {
    const { id } = payment;
    const [current, answer] = await call("/payments/" + id + action, action ? {} : null);
    lookAgain();
    if (id !== payment?.id) return;
    if (answer?.ok) take(current);
    // What can no longer be called off was paid, or is over.
    else if (action && answer) look();
    else show("offline");
  }

  // No faster than the server asks the provider.
  function lookAgain() {
    clearTimeout(looker);
    if (outcome && isOpen(payment)) looker = setTimeout(look, 3000);
  }

  function show(next) {
    state = next;
    fill();
    if (!dialog.matches(":focus-within")) at.title.focus();
  }

  function fill() {
    const pack = payment ?? packs[0] ?? {};
    const left = (Date.parse(payment?.expiresAt) - Date.now() - ahead) / 1000;
    const time = left > 0 ? [left / 60, left % 60].map(part => `${part | 0}`.padStart(2, 0)).join(":") : null;
    const numbers = { title: pack.credits, timer: time, ...credits, ...pending };
    for (const id in at) {
      let words = id === "status" ? (text(state) ?? "") : text(id, numbers[id], pack.price);
      if (id === "link") words += at.title.textContent;
      // Only what changed is written, so that only that is read out.
      if (words != null && at[id].textContent !== words) at[id].textContent = words;
    }
    at.kept.hidden = !pending.request;
    at.terms.hidden = !consent;
    dialog.className = isOpen(payment) ? "p" : outcome && /failed|canceled|expired|error/.test(state) ? "o" : "";
    dialog.lang = language();
  }

  function language() {
    return (host.closest("[lang]")?.lang || navigator.language).slice(0, 2).toLowerCase();
  }

  function text(key, number, price) {
    return say(language(), key, number, price);
  }

  /** After sleep, from the background, with or without a connection: looks again at once. */
  function wake() {
    rest();
    if (!page.hidden && (outcome || host.matches("[live]"))) follow();
    if (!outcome) return;
    ticker = setInterval(fill, 1000);
    if (isOpen(payment)) look();
  }

  function rest() {
    events?.close();
    clearTimeout(asker);
    clearInterval(ticker);
  }

  function follow() {
    const stream = (events = new EventSource(base + "/credits/events"));
    stream.addEventListener("balance", event => credit(JSON.parse(event.data)));
    // Refused, such as too many streams: asked now and then.
    stream.onerror = async () => {
      if (stream.readyState < 2 || stream !== events) return;
      asker = setTimeout(follow, 10000);
      const [status, answer] = await call("/credits/status");
      if (answer?.ok) credit(status);
      if (answer?.status === 401) clearTimeout(asker);
    };
  }

  function credit(status) {
    const before = credits.balance;
    credits = status;
    page.querySelectorAll("[data-pay-per-use-balance]").forEach(shown => (shown.textContent = status.balance));
    host.tell("balance", status);
    if (outcome && status.balance >= pending.required) end(true);
    else if (outcome && status.balance > before && isOpen(payment)) look();
  }

  return { attach, pay, notice, close, wake, rest };
}
