/** What the tests are given: the product that was started for them, a film, a browser. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { chromium } from "playwright-core";

export const address = process.env.ONLOOKER_ADDRESS ?? "http://127.0.0.1:7311";
export const film = process.env.ONLOOKER_FILM ?? "";
const CAMERA_FILM = process.env.ONLOOKER_CAMERA_FILM ?? "";
const RTSP_SCRIPT = process.env.ONLOOKER_RTSP_SCRIPT ?? "";

/** Why there is no camera to kill here; empty when there is one. */
export const noCamera = process.env.ONLOOKER_NO_CAMERA ?? (CAMERA_FILM ? "" : "no film for a camera");

/** How long a condition may take on a busy machine. */
export const PATIENCE_MS = 15000;
const POLL_MS = 200;

export function launch() {
  return chromium.launch({
    executablePath: process.env.ONLOOKER_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}

/** A page of its own profile; what it complains of is gathered in `trouble`. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    colorScheme: "light",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(keepSockets);
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) {
      trouble.push(message.text());
    }
  });
  return { page, trouble };
}

/** Lets a test get at the sockets that the page opens, and silence them. */
function keepSockets() {
  window.sockets = [];
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...address) {
      super(...address);
      window.sockets.push(this);
    }

    addEventListener(type, listener, ...options) {
      const unlessSilent = (event) => this.isSilent || listener(event);
      super.addEventListener(type, type === "message" ? unlessSilent : listener, ...options);
    }
  };
}

/** Whether the product that runs has a call. */
export async function has(path, method = "GET") {
  const reply = await fetch(address + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "GET" ? undefined : "{}",
  });
  const { error } = reply.status === 404 ? await reply.json() : {};
  return reply.status !== 405 && !error?.message.startsWith("there is nothing at");
}

/** A stream as the product itself tells it; undefined for none. */
export async function stream(id) {
  const reply = await fetch(`${address}/api/v1/streams/${id}`);
  return reply.ok ? reply.json() : undefined;
}

/** Waits until the product says so. */
export async function until(condition) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`not within ${PATIENCE_MS} ms: ${condition}`);
    }
    await setTimeout(POLL_MS);
  }
}

/** A camera: a real RTSP server in a process of its own, which can be killed and started again. */
export class Camera {
  #process;
  #port = "0";

  async start() {
    this.#process = spawn("/usr/bin/python3", [RTSP_SCRIPT, CAMERA_FILM, this.#port], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const [line] = await once(createInterface({ input: this.#process.stdout }), "line");
    this.#port = line;
  }

  get url() {
    return `rtsp://127.0.0.1:${this.#port}/cam`;
  }

  async kill() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}
