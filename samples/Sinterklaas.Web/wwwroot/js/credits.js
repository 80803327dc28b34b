// The number in the header. Events come while the page is looked at; where they fail, we ask now and then.
const chip = document.getElementById("credits");
const askEvery = 10_000;
let events;
let timer;

export const credits = () => Number(chip?.dataset.balance ?? 0);

export function onCredits(listener) {
  document.addEventListener("credits", event => listener(event.detail));
}

export function watchCredits() {
  if (!chip) return;
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", stop);
  follow();
}

export async function askCredits() {
  const answer = await fetch("/credits/status").catch(() => null);
  if (answer?.ok) show((await answer.json()).balance);
}

function follow() {
  stop();
  if (document.hidden) return;
  events = new EventSource("/credits/events");
  events.addEventListener("balance", event => show(JSON.parse(event.data).balance));
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return;
    stop();
    askCredits();
    timer = setInterval(askCredits, askEvery);
  });
}

function stop() {
  events?.close();
  events = undefined;
  clearInterval(timer);
}

function show(balance) {
  const before = chip.dataset.balance;
  chip.dataset.balance = balance;
  chip.querySelector("b").textContent = balance;
  chip.querySelector("span").textContent = balance === 1 ? "credit" : "credits";
  if (before !== "" && before !== undefined && Number(before) !== balance) {
    chip.classList.remove("is-new");
    void chip.offsetWidth;
    chip.classList.add("is-new");
    document.querySelectorAll("[data-balance-text]").forEach(e => (e.textContent = balance));
  }
  document.dispatchEvent(new CustomEvent("credits", { detail: balance }));
}
