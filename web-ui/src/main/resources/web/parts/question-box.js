/** Where a question is typed. Enter asks; Shift and Enter begin a new line. */
import { draft, keepDraft } from "../server/place.js";
import { t } from "../words/i18n.js";
import { make, tell } from "./dom.js";

export class QuestionBox extends HTMLElement {
  #answering = false;
  #allowed = false;
  #note = make("p", { class: "note", id: "model-note", hidden: true });
  #text = make("textarea", {
    id: "question",
    rows: "1",
    maxlength: "2000",
    "aria-label": t("ask.label"),
    "aria-describedby": "model-note",
    placeholder: t("ask.placeholder"),
    autocomplete: "off",
    oninput: () => this.#typed(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
  });
  #button = make("button", { class: "primary" }, t("ask.ask"));

  connectedCallback() {
    const form = make("form", {}, this.#text, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.replaceChildren(form, this.#note);
    this.#text.value = draft();
  }

  /** @param {boolean} allowed */
  allow(allowed) {
    this.#allowed = allowed;
    this.#text.disabled = !allowed;
    this.#button.disabled = !allowed;
  }

  /** @param {boolean} answering */
  answering(answering) {
    this.#answering = answering;
    this.#button.textContent = t(answering ? "ask.stop" : "ask.ask");
    if (!answering && !this.#text.value) {
      keepDraft("");
    }
  }

  /** Puts words in; asks at once when they are a whole question. @param {string} text */
  suggest(text) {
    this.#text.value = text;
    this.focus();
    this.#typed();
    if (text.endsWith("?")) {
      this.#submit();
    }
  }

  focus() {
    this.#text.focus();
  }

  /** @param {Model} model */
  tellModel(model) {
    const name = t("model.on", { name: model.name, device: model.device });
    this.#note.replaceChildren(
      ...(model.domain
        ? [make("strong", {}, t("model.toy")), " ", make("span", { lang: "en" }, model.domain)]
        : [name]),
    );
    this.#note.hidden = false;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!this.#answering) {
        this.#submit();
      }
    }
  }

  #submit() {
    if (this.#answering) {
      tell(this, "answer-unwanted");
      return;
    }
    const question = this.#text.value.trim();
    if (question && this.#allowed) {
      this.#text.value = "";
      this.#fit();
      tell(this, "question-asked", question);
    }
  }

  #typed() {
    keepDraft(this.#text.value);
    this.#fit();
  }

  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}

customElements.define("question-box", QuestionBox);
