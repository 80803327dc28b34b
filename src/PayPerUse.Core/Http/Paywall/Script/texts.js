// One line for each id in paywall.html and each state: English, Dutch, French, German. # and $ are filled in.
import lines from "./texts.txt";

/** The language of an element, or of its page, or of the browser: one of those there are. */
export const languageOf = element =>
  /^(nl|fr|de|)/i.exec(element.closest("[lang]")?.lang || navigator.language)[0].toLowerCase() || "en";

/** A text with its number and its price: empty when one that it needs is missing, undefined when there is no such text. */
export function say(language, key, number, price) {
  const texts = lines.split("\n").find(line => line.startsWith(key + "|"))?.split("|");
  const text = texts?.["ennlfrde".indexOf(language) / 2 + 1];
  const said = text
    ?.replace(number === 1 && "dits", "dit")
    .replace("#", number ?? "~")
    .replace("$", () => (price ? money(language, price) : "~"));
  return /~/.test(said) ? "" : said;
}

function money(language, { amount, currency }) {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
