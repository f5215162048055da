/** Where a question is typed. Enter asks; Shift and Enter begin a new line. */
import { make, tell } from "./dom.js";

class QuestionBox extends HTMLElement {
  #answering = false;
  #allowed = false;
  #note = make("p", { class: "note", id: "model-note", hidden: true });
  #text = make("textarea", {
    id: "question",
    rows: "1",
    maxlength: "2000",
    "aria-label": "Question",
    "aria-describedby": "model-note",
    placeholder: "Ask what it saw",
    autocomplete: "off",
    oninput: () => this.#fit(),
    onkeydown: (event) => this.#key(event),
  });
  #button = make("button", { class: "primary" }, "Ask");

  connectedCallback() {
    const form = make("form", {}, this.#text, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.replaceChildren(form, this.#note);
  }

  allow(allowed) {
    this.#allowed = allowed;
    this.#text.disabled = !allowed;
    this.#button.disabled = !allowed;
  }

  answering(answering) {
    this.#answering = answering;
    this.#button.textContent = answering ? "Stop" : "Ask";
  }

  /** Puts words in; asks at once when they are a whole question. */
  suggest(text) {
    this.#text.value = text;
    this.#text.focus();
    this.#fit();
    if (text.endsWith("?")) {
      this.#submit();
    }
  }

  tellModel(model) {
    const name = `${model.name} on ${model.device}.`;
    this.#note.textContent = model.domain ? `${name} ${model.domain}` : name;
    this.#note.hidden = false;
  }

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

  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}

customElements.define("question-box", QuestionBox);
