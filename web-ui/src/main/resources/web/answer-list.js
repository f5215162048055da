/** The questions asked of each stream and their answers, newest last. */
import { AnswerCard } from "./answer-card.js";
import { make, tell } from "./dom.js";

const SUGGESTIONS = [
  "What can you see now?",
  "When did you last see a ",
  "Was there ever a ",
  "What was visible a minute ago?",
];

class AnswerList extends HTMLElement {
  #stream = "";
  #lists = new Map();
  #welcome = this.#makeWelcome();
  #spoken = make("p", { class: "visually-hidden", "aria-live": "polite" });

  connectedCallback() {
    this.replaceChildren(this.#welcome, this.#spoken);
  }

  show(stream) {
    if (stream === this.#stream && this.#lists.has(stream)) {
      return;
    }
    this.#stream = stream;
    this.#lists.forEach((list, id) => (list.hidden = id !== stream));
    this.#welcome.hidden = stream === "" || this.#of(stream).childElementCount > 0;
  }

  /** Adds a question; returns the card that its answer goes to. */
  begin(stream, question) {
    const card = new AnswerCard(question, {
      grown: () => this.#follow(),
      ended: (words) => (this.#spoken.textContent = words),
    });
    this.#of(stream).append(card.element);
    this.#welcome.hidden = true;
    card.element.scrollIntoView({ block: "end" });
    return card;
  }

  #of(stream) {
    if (!this.#lists.has(stream)) {
      const list = make("ol", { "aria-label": `Answers about ${stream}` });
      list.hidden = stream !== this.#stream;
      this.#lists.set(stream, list);
      this.append(list);
    }
    return this.#lists.get(stream);
  }

  /** Keeps the end in view for who is reading there. */
  #follow() {
    const rest = this.scrollHeight - this.scrollTop - this.clientHeight;
    if (rest < 160) {
      this.scrollTop = this.scrollHeight;
    }
  }

  #makeWelcome() {
    const chips = SUGGESTIONS.map((text) =>
      make(
        "li",
        {},
        make(
          "button",
          { type: "button", onclick: () => tell(this, "question-suggested", text) },
          text.endsWith(" ") ? `${text}…` : text,
        ),
      ),
    );
    return make(
      "div",
      { class: "welcome", hidden: true },
      make("p", {}, "Ask about now, or about anything that was seen before. Answers show the moments they rest on."),
      make("ul", {}, ...chips),
    );
  }
}

customElements.define("answer-list", AnswerList);
