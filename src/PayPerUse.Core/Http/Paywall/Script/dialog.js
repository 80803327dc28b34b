import { ahead, base, call, make, page } from "./calls.js";
import { remember, returnUrlOf } from "./memory.js";
import { languageOf, say } from "./texts.js";
import frame from "./paywall.html";
import style from "./paywall.css";

// Pending or processing.
const isOpen = payment => /ing$/.test(payment?.status);

/** The dialog of an element: one payment from the choice to its end, and the balance while it is looked at. */
export function dialogOf(host) {
  const at = {};
  let packs = [];
  let credits = {};
  let pending = {};
  let chosen = {};
  let payment, state, outcome, done, looker, asker, ticker, events, latest, consent;

  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = frame;
  root.querySelectorAll("[id]").forEach(part => ((at[part.id] = part).part = part.id));
  const { dialog, choice } = at;

  const text = (...asked) => say(languageOf(host), ...asked);

  /** Makes what lies in the page and not in the shadow, where the page's scripts find it. */
  const attach = () => {
    for (const [slot, tag] of [["qr", "img"], ["link", "a"]]) {
      const part = make(tag, { id: `${host.id}-${slot}`, slot, alt: "QR", width: 208 });
      at[slot] = host.querySelector(`[slot=${slot}]`) ?? host.appendChild(part);
    }
    // A dialog that was moved is open, but no longer before everything else.
    if (dialog.open) {
      dialog.open = false;
      dialog.showModal();
    }
    wake();
  };

  /** Shows the paywall until there are credits (true) or it is closed (false). Whoever comes later shares the outcome. */
  const pay = ({ balance = credits.balance, required, packs: sold = packs }, request, known) => {
    if (outcome) return outcome;
    const asked = (outcome = new Promise(resolve => (done = resolve)));
    remember((pending = { request, required }));
    credits = { balance };
    packs = sold;
    notice("starting");
    known ? take(known) : begin();
    return asked;
  };

  /** Opens the dialog with no more than a state. */
  const notice = text => {
    payment = null;
    host.setAttribute("open", "");
    if (!dialog.open) dialog.showModal();
    show(text);
    wake();
  };

  const close = () => dialog.close();

  /** Closes the dialog of a payment that is over, unless the next has begun in it. */
  const leave = () => outcome || close();

  const end = isPaid => {
    const resolve = done;
    done = outcome = null;
    if (isPaid) {
      payment = { ...payment, status: "paid" };
      show("paid");
      host.tell("paid", payment);
    } else host.removeAttribute("open");
    wake();
    resolve?.(isPaid);
  };

  /** Forgets a payment, for another. Whether there is anybody to show it to. */
  const restart = () => {
    payment = null;
    clearTimeout(looker);
    // What is tried again by itself is not read out again.
    show(state === "offline" ? state : "starting");
    return outcome;
  };

  const begin = async () => {
    if (!restart()) return;
    const [sold, answer] = await call("/payments/packs");
    if (!answer?.ok) return fail(answer);
    packs = sold.packs;
    // Who agreed to other terms than these is asked again.
    if (consent !== sold.consent) at.agreed.checked = false;
    consent = sold.consent;
    at.agree.textContent = sold.consentText;
    offer(at.packs, packs, pack => text("title", pack.credits, pack.price));
    offer(at.providers, sold.providers, provider => provider.name);
    at.providers.ariaLabel = text("by");
    order();
  };

  const offer = (set, items, textOf) => {
    set.hidden = !items[1];
    set.replaceChildren(
      ...items.map((item, index) => {
        const label = make("label");
        // The last one that is checked stays so.
        const checked = !index || item.id === chosen[set.name];
        label.append(make("input", { type: "radio", name: set.name, value: item.id, checked }), textOf(item));
        return label;
      })
    );
  };

  const order = async () => {
    chosen = Object.fromEntries(new FormData(choice));
    if (!restart()) return;
    if (consent && !at.agreed.checked) return show("terms");
    // Who chooses again while an order is being made wants the later one, whichever is answered first.
    const making = (latest = call("/payments/create", { ...chosen, consent, returnUrl: returnUrlOf(host) }));
    const [made, answer] = await making;
    if (making === latest) answer?.ok ? take(made) : fail(answer);
  };

  // Without a connection we try again by ourselves; a refusal is for the customer to try again.
  const fail = answer => {
    show(answer ? "error" : "offline");
    if (!answer) looker = setTimeout(begin, 3000);
  };

  const take = current => {
    if (!outcome) return;
    chosen = payment = current;
    if (pending.payment !== payment.id) at.qr.src = payment.qrCode;
    pending.payment = payment.id;
    remember(pending);
    at.link.href = payment.checkoutUrl;
    if (payment.status === "paid") return end(true);
    show(payment.status);
    lookAgain();
  };

  const press = action => {
    show("starting");
    look(action);
  };

  const look = async (action = "") => {
    const { id } = payment;
    const [current, answer] = await call("/payments/" + id + action, action && {});
    lookAgain();
    if (id !== payment?.id) return;
    if (answer?.ok) take(current);
    // What can no longer be called off was paid, or is over.
    else if (action && answer) look();
    else show("offline");
  };

  // No faster than the server asks the provider.
  const lookAgain = () => {
    clearTimeout(looker);
    if (outcome && isOpen(payment)) looker = setTimeout(look, 3000);
  };

  const show = next => {
    const isSame = state === next;
    state = next;
    fill();
    // What had the focus may be gone.
    const focused = root.activeElement ?? page.activeElement;
    if (!isSame && !(dialog.matches(":focus-within") && focused.checkVisibility())) at.title.focus();
  };

  const fill = () => {
    const pack = payment ?? packs.find(pack => pack.id === chosen.pack) ?? packs[0] ?? {};
    const title = text("title", pack.credits, pack.price) || "Credits";
    const left = (Date.parse(payment?.expiresAt) - Date.now() - ahead) / 1000;
    const timer = left > 0 ? [left / 60, left % 60].map(part => `${part | 0}`.padStart(2, 0)).join(":") : null;
    const numbers = { timer, ...credits, ...pending };
    for (const id in at) {
      let words = id === "title" ? title : id === "status" ? (text(state) ?? "") : text(id, numbers[id]);
      if (id === "link") words += title;
      // Only what changed is written, so that only that is read out.
      if (words != null && at[id].textContent !== words) at[id].textContent = words;
    }
    at.kept.hidden = !pending.request;
    at.terms.hidden = !consent;
    dialog.className = isOpen(payment) ? "p" : outcome && /ed$|error/.test(state) ? "o" : "";
    dialog.lang = languageOf(host);
  };

  /** After sleep, from the background, with or without a connection: looks again at once. Out of the page it rests. */
  const wake = () => {
    events?.close();
    clearTimeout(asker);
    clearInterval(ticker);
    if (!page.hidden && host.isConnected && (outcome || host.matches("[live]"))) follow();
    if (!outcome) return;
    ticker = setInterval(fill, 1000);
    if (isOpen(payment)) look();
    else if (state === "offline") begin();
  };

  const follow = () => {
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
  };

  const credit = status => {
    const before = credits.balance;
    credits = status;
    page.querySelectorAll("[data-pay-per-use-balance]").forEach(shown => (shown.textContent = status.balance));
    host.tell("balance", status);
    if (!outcome) return;
    if (status.balance >= pending.required) end(true);
    else if (status.balance > before && isOpen(payment)) look();
  };

  // Told a moment later, when it may be open again.
  dialog.onclose = () => dialog.open || end(false);
  choice.onchange = order;
  // Enter is for buttons: a form without one would be sent, and the page be gone.
  choice.onsubmit = () => false;
  at.close.onclick = close;
  at.retry.onclick = begin;
  at.check.onclick = () => press();
  at.cancel.onclick = () => press("/cancel");

  return { attach, pay, notice, close, leave, wake };
}
