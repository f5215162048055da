/** One question and its answer: words as they come, then the moments it rests on. */
import { t } from "../words/i18n.js";
import { media, millis, when } from "../words/times.js";
import { make } from "./dom.js";
import { MomentStrip } from "./moment-strip.js";

export class AnswerCard {
  #hear;
  #said = make("p", { class: "said waiting", lang: "en" });
  #trouble = make("p", { class: "trouble", hidden: true });
  #moments = new MomentStrip();
  #footer = make("footer", { hidden: true });

  /** @param {string} question @param {{grown: () => void, ended: (words: string) => void}} hear */
  constructor(question, hear) {
    this.#hear = hear;
    this.element = make(
      "li",
      { class: "answer", "aria-busy": "true" },
      make("h3", {}, question),
      this.#said,
      this.#trouble,
      this.#moments,
      this.#footer,
    );
  }

  /** @param {string} text */
  say(text) {
    this.#said.append(text);
    this.#hear.grown();
  }

  /** @param {Moment} moment */
  cite(moment) {
    this.#moments.add(moment);
    this.#hear.grown();
  }

  /** @param {Answer} answer */
  finish(answer) {
    this.element.dataset.asked = answer.askedAt;
    this.#moments.endsAt(answer.askedAt);
    this.#said.textContent = answer.answer;
    answer.citations.forEach((citation) => this.cite(citation));
    if (answer.status !== "completed") {
      const reason = answer.reason === answer.status ? "" : answer.reason;
      this.#tellTrouble([t(`answer.${answer.status}`), reason].filter(Boolean).join(": "));
    }
    const first = answer.timings.firstTokenMillis;
    this.#foot(
      ...gaps(answer.coverage),
      ...(first > 0 ? [make("p", {}, t("answer.first", { time: millis(first) }))] : []),
    );
    this.#end();
  }

  /** An answer of before. @param {Turn} turn @param {Moment[]} moments */
  recall(turn, moments) {
    this.element.dataset.asked = turn.askedAt;
    this.#moments.endsAt(turn.askedAt);
    this.#said.textContent = turn.answer;
    moments.forEach((moment) => this.#moments.add(moment));
    this.#foot(make("p", {}, when(turn.askedAt)));
    this.#settle();
  }

  /** @param {string} message */
  fail(message) {
    this.#tellTrouble(message);
    this.#end();
  }

  /** @param {...HTMLElement} facts */
  #foot(...facts) {
    this.#footer.replaceChildren(...facts);
    this.#footer.hidden = facts.length === 0;
  }

  /** @param {string} words */
  #tellTrouble(words) {
    this.#trouble.textContent = words;
    this.#trouble.hidden = false;
  }

  #settle() {
    this.#said.classList.remove("waiting");
    this.#said.hidden = this.#said.textContent === "";
    this.element.removeAttribute("aria-busy");
  }

  #end() {
    this.#settle();
    this.#hear.ended(`${this.#said.textContent} ${this.#trouble.textContent}`.trim());
    this.#hear.grown();
  }
}

/** When nobody was watching: said at once when it was once, else to be opened.
 * @param {Answer["coverage"]} coverage */
function gaps(coverage) {
  const lines = coverage.map(({ start, end, reason }) =>
    make("p", {}, t("answer.gap", { start: media(start), end: media(end), reason })),
  );
  const summary = make("summary", {}, t("answer.gaps", { count: lines.length }));
  return lines.length > 1 ? [make("details", {}, summary, ...lines)] : lines;
}
