/** One question and its answer: words as they come, then the moments it rests on. */
import { citationItem } from "./citation.js";
import { make } from "./dom.js";
import { media } from "./times.js";

const STATUS_WORDS = {
  refused: "The question was refused",
  cancelled: "Stopped",
  failed: "The answer failed",
};

export class AnswerCard {
  #hear;
  #said = make("p", { class: "said waiting" });
  #trouble = make("p", { class: "trouble", hidden: true });
  #citations = make("ul", { class: "citations", "aria-label": "Moments", hidden: true });
  #footer = make("footer", { hidden: true });
  #cited = new Set();

  /** `hear` has `grown()` and `ended(words)`. */
  constructor(question, hear) {
    this.#hear = hear;
    this.element = make(
      "li",
      { class: "answer", "aria-busy": "true" },
      make("h2", {}, question),
      this.#said,
      this.#trouble,
      this.#citations,
      this.#footer,
    );
  }

  say(text) {
    this.#said.append(text);
    this.#hear.grown();
  }

  cite(citation) {
    const key = `${citation.stream} ${citation.start}`;
    if (!this.#cited.has(key)) {
      this.#cited.add(key);
      this.#citations.hidden = false;
      this.#citations.append(citationItem(citation));
      this.#hear.grown();
    }
  }

  finish(answer) {
    this.#said.textContent = answer.answer;
    answer.citations.forEach((citation) => this.cite(citation));
    if (answer.status !== "completed") {
      const reason = answer.reason === answer.status ? undefined : answer.reason;
      this.#tellTrouble([STATUS_WORDS[answer.status], reason].filter(Boolean).join(": "));
    }
    const facts = answer.coverage.map(
      (gap) => `Not watching from ${media(gap.start)} to ${media(gap.end)}: ${gap.reason}`,
    );
    if (answer.timings.firstTokenMillis > 0) {
      facts.push(`First word after ${(answer.timings.firstTokenMillis / 1000).toFixed(2)} s`);
    }
    this.#footer.replaceChildren(...facts.map((fact) => make("p", {}, fact)));
    this.#footer.hidden = facts.length === 0;
    this.#end();
  }

  fail(message) {
    this.#tellTrouble(message);
    this.#end();
  }

  #tellTrouble(words) {
    this.#trouble.textContent = words;
    this.#trouble.hidden = false;
  }

  #end() {
    this.#said.classList.remove("waiting");
    this.#said.hidden = this.#said.textContent === "";
    this.element.removeAttribute("aria-busy");
    this.#hear.ended(`${this.#said.textContent} ${this.#trouble.textContent}`.trim());
    this.#hear.grown();
  }
}
