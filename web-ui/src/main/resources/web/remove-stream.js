/** The dialog that removes a stream, with or without what was seen. */
import { call, streamPath } from "./api.js";
import { make, tell } from "./dom.js";

class RemoveStream extends HTMLElement {
  #id = "";
  #title = make("h2", { id: "remove-title" });
  #forget = make("input", { type: "checkbox" });
  #said = make("p", { class: "said bad", role: "status" });
  #submit = make("button", { class: "primary" }, "Remove");
  #dialog = make("dialog", { "aria-labelledby": "remove-title" });

  connectedCallback() {
    const form = make(
      "form",
      {},
      this.#title,
      make("p", { class: "quiet" }, "What was seen is kept unless you say otherwise; it is there again when a stream of the same name is added."),
      make("label", { class: "check" }, this.#forget, "Forget all that was seen as well"),
      this.#said,
      make(
        "div",
        { class: "actions" },
        make("button", { type: "button", onclick: () => this.#dialog.close() }, "Cancel"),
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

  open(id) {
    this.#id = id;
    this.#title.textContent = `Stop watching ${id}?`;
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
      this.#said.textContent = error.message;
    } finally {
      this.#submit.disabled = false;
    }
  }
}

customElements.define("remove-stream", RemoveStream);
