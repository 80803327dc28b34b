if (document.querySelector("[data-speak]")) import("./speech.js").then(({ wireSpeaker }) => wireSpeaker());

// Plain forms: one press is enough.
for (const form of document.querySelectorAll("form:not([data-gift])")) {
  form.addEventListener("submit", event => {
    if (event.submitter?.matches("[data-pay-per-use]")) return;
    const button = form.querySelector("button[type=submit]");
    if (form.dataset.busy) button.textContent = form.dataset.busy;
    setTimeout(() => (button.disabled = true));
  });
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

document.querySelector("[data-select]")?.select();

// Back from another page: a button that was pressed works again.
addEventListener("pageshow", event => {
  if (event.persisted) location.reload();
});
