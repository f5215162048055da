/** Says when the page has lost Onlooker; silent while all is well. */
class ConnectionLight extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
  }

  set(isOpen) {
    this.textContent = isOpen ? "" : "Not connected; trying again";
  }
}

customElements.define("connection-light", ConnectionLight);
