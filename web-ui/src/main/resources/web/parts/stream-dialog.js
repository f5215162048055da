/** The dialog that adds or changes a stream: the source is tried first, and what it is told. */
import { ApiError, call, streamPath, wordsOf } from "../server/api.js";
import { t } from "../words/i18n.js";
import { number } from "../words/times.js";
import { make, tell } from "./dom.js";

const NO_ERROR = { code: "", message: "" };

export class StreamDialog extends HTMLElement {
  /** The stream that is changed; none while one is added. @type {Stream | undefined} */
  #changed;
  #title = make("h2", { id: "stream-title" });
  #source = input({ required: true, oninput: () => this.#edited(), name: "source" });
  #id = input({ maxlength: "63", name: "id" });
  #prompt = make("textarea", { rows: "2", maxlength: "2000", name: "prompt" });
  #fps = make("input", { type: "number", min: "0.1", max: "30", step: "any", name: "fps" });
  #loop = make("input", { type: "checkbox", name: "loop" });
  #loopField = make("label", { class: "check" }, this.#loop, t("add.loop"));
  #idField = field("add.name", this.#id, "add.nameHint");
  #said = make("p", { class: "said", role: "status" });
  #test = make("button", { type: "button", onclick: () => this.#try() }, t("add.test"));
  #submit = make("button", { class: "primary" });
  #anyway = make(
    "button", { type: "button", hidden: true, onclick: () => this.#save() }, t("add.anyway"));
  #dialog = make("dialog", { "aria-labelledby": "stream-title" });

  connectedCallback() {
    const cancel = () => this.#dialog.close();
    const form = make(
      "form",
      {},
      this.#title,
      field("add.source", this.#source, "add.sourceHint"),
      this.#idField,
      field("add.prompt", this.#prompt, "add.promptHint"),
      make("details", {}, make("summary", {}, t("add.more")),
        field("add.fps", this.#fps, "add.fpsHint"), this.#loopField),
      this.#said,
      make("div", { class: "actions" }, this.#test, make("span", { class: "grow" }),
        make("button", { type: "button", onclick: cancel }, t("dialog.cancel")),
        this.#anyway, this.#submit),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#checkAndSave();
    });
    this.#dialog.append(form);
    this.replaceChildren(this.#dialog);
  }

  /** @param {string} [source] to begin with */
  add(source = "") {
    this.#open(undefined);
    this.#source.value = source;
    this.#edited();
  }

  /** @param {Stream} stream */
  change(stream) {
    this.#open(stream);
  }

  /** @param {Stream | undefined} stream */
  #open(stream) {
    this.#changed = stream;
    this.#title.textContent = stream ? t("change.title", { stream: stream.id }) : t("add.title");
    this.#submit.textContent = t(stream ? "change.save" : "add.save");
    this.#idField.hidden = this.#loopField.hidden = Boolean(stream);
    this.#source.value = stream?.source ?? "";
    this.#prompt.value = stream?.prompt ?? "";
    this.#fps.value = String(stream?.fps ?? 2);
    this.#id.value = "";
    this.#loop.checked = false;
    this.#edited();
    this.#say("");
    this.#dialog.showModal();
    this.#source.focus();
  }

  get #wish() {
    const prompt = this.#prompt.value.trim();
    return {
      id: this.#changed?.id || this.#id.value.trim() || nameFor(this.#source.value),
      source: this.#source.value.trim(),
      fps: Number(this.#fps.value),
      ...(prompt ? { prompt } : {}),
      ...(this.#changed ? {} : { loop: this.#loop.checked }),
    };
  }

  /** What is to be different. An address that was not touched stays, with its password. */
  get #change() {
    const { source, fps } = this.#wish;
    const before = this.#changed;
    const prompt = this.#prompt.value.trim();
    return {
      ...(source === before?.source ? {} : { source }),
      ...(fps === before?.fps ? {} : { fps }),
      ...(prompt === (before?.prompt ?? "") ? {} : { prompt }),
    };
  }

  #edited() {
    this.#anyway.hidden = true;
    this.#id.placeholder = nameFor(this.#source.value);
    this.#id.required = !this.#changed && this.#id.placeholder === "";
    this.#test.hidden = this.#source.value === this.#changed?.source;
  }

  /** Tells what the source is; false when it cannot be watched. */
  async #try() {
    this.#say(t("add.trying"));
    this.#busy(true);
    try {
      const { video } = await call("POST", "/api/v1/streams?dryRun=true", this.#wish);
      this.#say(found(video));
      return true;
    } catch (error) {
      this.#fail(error);
      this.#anyway.hidden =
        !(error instanceof ApiError) || error.param !== "source" || error.status !== 422;
      return false;
    } finally {
      this.#busy(false);
    }
  }

  async #checkAndSave() {
    if (this.#test.hidden || (await this.#try())) {
      await this.#save();
    }
  }

  async #save() {
    this.#busy(true);
    try {
      const before = this.#changed;
      const stream = before
        ? await call("PATCH", streamPath(before.id), this.#change)
        : await call("POST", "/api/v1/streams", this.#wish);
      this.#dialog.close();
      tell(this, "streams-changed", stream.id);
    } catch (error) {
      const unknown = error instanceof ApiError && error.isUnknown;
      this.#fail(unknown ? new Error(t("change.missing")) : error);
    } finally {
      this.#busy(false);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#say(wordsOf(error), true);
    const { param, status } = error instanceof ApiError ? error : new ApiError(0, NO_ERROR);
    const ofName = param === "id" || status === 409;
    this.#id.setAttribute("aria-invalid", String(ofName));
    this.#source.setAttribute("aria-invalid", String(!ofName && status >= 400 && status < 500));
  }

  /** @param {string} words @param {boolean} [bad] */
  #say(words, bad = false) {
    this.#said.textContent = words;
    this.#said.classList.toggle("bad", bad);
    this.#source.removeAttribute("aria-invalid");
    this.#id.removeAttribute("aria-invalid");
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#submit.disabled = this.#test.disabled = busy;
  }
}

/** What a source is, in words. @param {Video} video */
function found(video) {
  const { width, height, codec, framesPerSecond } = video;
  const size = `${width} × ${height}`;
  return t("add.found", { size, codec, rate: number(framesPerSecond) });
}

/** A name from the last telling part of an address, without what could be a password.
 * @param {string} source */
function nameFor(source) {
  const bare = source.trim().replace(/^[a-z]+:\/\/(?:[^@/]*@)?/i, "").replace(/[?#].*$/, "");
  const last = bare.split(/[/\\]/).filter(Boolean).pop() ?? "";
  const name = last.replace(/\.[a-z0-9]{2,4}$/i, "").toLowerCase();
  return name.replace(/[^a-z0-9_-]+/g, "-").replace(/^[-_]+|-+$/g, "").slice(0, 63);
}

/** @param {Record<string, unknown>} attributes */
function input(attributes) {
  return make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
}

/** @param {string} label @param {HTMLElement} control @param {string} hint */
function field(label, control, hint) {
  return make(
    "label",
    { class: "field" },
    make("span", {}, t(label)),
    control,
    make("small", {}, t(hint)),
  );
}

customElements.define("stream-dialog", StreamDialog);
