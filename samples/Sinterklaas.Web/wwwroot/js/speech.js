// Without a voice on the server the browser speaks: slow and low, as the Sint would.
const locales = { nl: "nl-BE", fr: "fr-BE", de: "de-DE", en: "en-GB" };

export function wireSpeaker() {
  const speaker = document.querySelector("[data-speak]");
  if (!speaker) return;
  const button = speaker.querySelector("[data-speak-start]");
  const note = speaker.querySelector("[data-speak-note]");
  const speech = window.speechSynthesis;
  if (!speech) {
    note.textContent = speaker.dataset.noVoice;
    return;
  }
  button.disabled = false;
  const idle = button.textContent;
  button.addEventListener("click", () => {
    if (speech.speaking) {
      speech.cancel();
      return;
    }
    const words = new SpeechSynthesisUtterance(document.getElementById(speaker.dataset.speak).textContent.trim());
    words.lang = locales[speaker.dataset.language] ?? "nl-BE";
    words.rate = 0.85;
    words.pitch = 0.6;
    words.onend = words.onerror = () => (button.textContent = idle);
    button.textContent = speaker.dataset.stop;
    speech.speak(words);
  });
  addEventListener("pagehide", () => speech.cancel());
}
