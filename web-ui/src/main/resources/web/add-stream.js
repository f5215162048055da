/** The dialog that adds a stream: the source is tried out first, and its trouble told. */
import { call } from "./api.js";
import { make, tell } from "./dom.js";

class AddStream extends HTMLElement {
  #source = make("input", {
    type: "text",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => this.#edited(),
  });
  #id = make("input", {
    type: "text",
    required: true,
    maxlength: "63",
    autocomplete: "off",
    spellcheck: "false",
  });
  #loop = make("input", { type: "checkbox" });
  #said = make("p", { class: "said", role: "status" });
  #submit = make("button", { class: "primary" }, "Check and add");
  #anyway = make(
    "button",
    { type: "button", hidden: true, onclick: () => this.#add() },
    "Add it anyway",
  );
  #dialog = make("dialog", { "aria-labelledby": "add-title" });

  connectedCallback() {
    const form = make(
      "form",
      {},
      make("h2", { id: "add-title" }, "Add a stream"),
      field("Address", this.#source, "rtsp://…, http(s)://…, webcam:0, a file path, or test:pattern"),
      field("Name", this.#id, "small letters, digits, - and _"),
      make("label", { class: "check" }, this.#loop, "Play a file again from its start, for ever"),
      this.#said,
      make(
        "div",
        { class: "actions" },
        make("button", { type: "button", onclick: () => this.#dialog.close() }, "Cancel"),
        this.#anyway,
        this.#submit,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    this.#dialog.append(form);
    this.replaceChildren(this.#dialog);
  }

  open() {
    this.#source.value = "";
    this.#id.value = "";
    this.#loop.checked = false;
    this.#edited();
    this.#say("");
    this.#dialog.showModal();
    this.#source.focus();
  }

  get #wish() {
    return {
      id: this.#id.value.trim() || nameFor(this.#source.value),
      source: this.#source.value.trim(),
      loop: this.#loop.checked,
    };
  }

  #edited() {
    this.#anyway.hidden = true;
    this.#id.placeholder = nameFor(this.#source.value);
    this.#id.required = this.#id.placeholder === "";
  }

  async #check() {
    this.#say("Trying the source …");
    this.#submit.disabled = true;
    try {
      const { video } = await call("POST", "/api/v1/streams?dryRun=true", this.#wish);
      this.#say(`Found ${video.width}×${video.height} ${video.codec}. Adding it …`);
      await this.#add();
    } catch (error) {
      this.#fail(error);
      this.#anyway.hidden = error.param !== "source" || error.status !== 422;
    } finally {
      this.#submit.disabled = false;
    }
  }

  async #add() {
    try {
      const stream = await call("POST", "/api/v1/streams", this.#wish);
      this.#dialog.close();
      tell(this, "streams-changed", stream.id);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    this.#say(error.message, true);
    this.#source.setAttribute("aria-invalid", String(error.param === "source"));
    this.#id.setAttribute("aria-invalid", String(error.param === "id" || error.status === 409));
  }

  #say(words, bad = false) {
    this.#said.textContent = words;
    this.#said.classList.toggle("bad", bad);
    this.#source.removeAttribute("aria-invalid");
    this.#id.removeAttribute("aria-invalid");
  }
}

/** A name from the last telling part of an address, without what could be a password. */
function nameFor(source) {
  const bare = source.trim().replace(/^[a-z]+:\/\/(?:[^@/]*@)?/i, "").replace(/[?#].*$/, "");
  const last = bare.split(/[/\\]/).filter(Boolean).pop() ?? "";
  const name = last.replace(/\.[a-z0-9]{2,4}$/i, "").toLowerCase();
  return name.replace(/[^a-z0-9_-]+/g, "-").replace(/^[-_]+|-+$/g, "").slice(0, 63);
}

function field(label, input, hint) {
  return make(
    "label",
    { class: "field" },
    make("span", {}, label),
    input,
    make("small", {}, hint),
  );
}

customElements.define("add-stream", AddStream);
