/** The last two minutes of each stream's figures, as `stream.stats` tells them each second. */
const KEPT = 120;
const TOO_SOON_MS = 300;

/** @typedef {{at: number, sampled: number, dropped: number, fps: number, lag: number}} Reading
 * `fps` is not a number in the first reading */

export class Figures {
  /** @type {Map<string, Reading[]>} */
  #readings = new Map();

  /** @param {string} stream @param {Counters} counters */
  add(stream, counters) {
    const known = this.of(stream);
    const last = known.at(-1);
    const at = performance.now();
    const sampled = counters.framesSampled;
    const before = known.at(-5) ?? known[0];
    const grown = before ? (sampled - before.sampled) / ((at - before.at) / 1000) : Number.NaN;
    if (!last || at - last.at > TOO_SOON_MS) {
      known.push({
        at,
        sampled,
        dropped: counters.framesDropped,
        fps: grown,
        lag: counters.lagSeconds,
      });
      this.#readings.set(stream, known.slice(-KEPT));
    }
  }

  /** Oldest first. @param {string} stream */
  of(stream) {
    return this.#readings.get(stream) ?? [];
  }
}
