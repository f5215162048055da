/** The dialog that removes a stream, with or without what was seen. */
import { call, streamPath, wordsOf } from "../server/api.js";
import { t } from "../words/i18n.js";
import { make, tell } from "./dom.js";

export class RemoveDialog extends HTMLElement {
  #id = "";
  #title = make("h2", { id: "remove-title" });
  #forget = make("input", { type: "checkbox" });
  #said = make("p", { class: "said bad", role: "status" });
  #submit = make("button", { class: "primary" }, t("remove.remove"));
  #dialog = make("dialog", { "aria-labelledby": "remove-title" });

  connectedCallback() {
    const cancel = () => this.#dialog.close();
    const form = make(
      "form",
      {},
      this.#title,
      make("p", { class: "quiet" }, t("remove.words")),
      make("label", { class: "check" }, this.#forget, t("remove.forget")),
      this.#said,
      make(
        "div",
        { class: "actions" },
        make("button", { type: "button", onclick: cancel }, t("dialog.cancel")),
        this.#submit,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#remove();
    });
    this.#dialog.append(form);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} id */
  open(id) {
    this.#id = id;
    this.#title.textContent = t("remove.title", { stream: id });
    this.#forget.checked = false;
    this.#said.textContent = "";
    this.#dialog.showModal();
  }

  async #remove() {
    this.#submit.disabled = true;
    try {
      await call("DELETE", `${streamPath(this.#id)}?memory=${this.#forget.checked}`);
      this.#dialog.close();
      tell(this, "streams-changed");
    } catch (error) {
      this.#said.textContent = wordsOf(error);
    } finally {
      this.#submit.disabled = false;
    }
  }
}

customElements.define("remove-dialog", RemoveDialog);
