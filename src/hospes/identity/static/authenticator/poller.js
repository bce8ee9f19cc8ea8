// Looks for requests while the app is open: each second when it is seen, seldom when it is not.
import * as accounts from "./accounts.js";
import * as answers from "./answers.js";
import { now } from "./clock.js";

const SEEN = 1000;
const HIDDEN = 15_000;
const LONGEST = 20_000;
// More accounts than this take turns, so that a second stays a second.
const AT_ONCE = 4;
// An account that the provider does not let in at present (it may be locked) is asked seldom.
const REFUSED = 60_000;

// Sign-ins come before what applications ask, then the newest before the others.
const hides = (told, other) => {
  const [asks, otherAsks] = [told, other].map(({ purpose }) => purpose === "request");
  return asks === otherAsks ? other.created_at <= told.created_at : otherAsks;
};

export class Poller {
  /**
   * `report` gets {requests, offline, removed}: open requests as {account, challenge}, whether the
   * provider is out of reach, and the accounts whose link was just found removed.
   */
  constructor(report) {
    this.report = report;
    this.timer = 0;
    this.failures = 0;
    this.turn = 0;
    this.asking = false;
    // An account's requests as far as this phone knows, the one that the provider tells of first.
    this.known = new Map();
    // Requests that are done with here; a look that was under way may still bring one.
    this.done = new Set();
    this.refused = new Map();
    document.addEventListener("visibilitychange", () => this.soon());
    addEventListener("online", () => this.soon());
    addEventListener("offline", () => this.soon());
  }

  /** Look now. */
  soon() {
    this.failures = 0;
    this.refused.clear();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 0);
  }

  async look() {
    if (this.asking) return;
    this.asking = true;
    let wait = 0;
    try {
      wait = await this.ask();
    } catch {
      // Storage went away under us: the screens say so; here it counts as a failure.
      this.failures += 1;
    } finally {
      this.asking = false;
    }
    const usual = document.visibilityState === "visible" ? SEEN : HIDDEN;
    const backOff = Math.min(usual * 2 ** Math.min(this.failures, 5), LONGEST);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(wait, this.failures ? backOff : usual));
  }

  async ask() {
    const living = (await accounts.all()).filter((account) => !account.removedAt);
    const asked = this.next(
      living.filter((account) => !(this.refused.get(account.id) > Date.now())),
    );
    const results = await Promise.allSettled(asked.map((account) => answers.open(account)));
    const removed = [];
    let wait = 0;
    let offline = false;
    let troubled = false;
    for (const [index, account] of asked.entries()) {
      const { value, reason } = results[index];
      if (!reason) {
        this.learn(account, value);
      } else if (reason.code === "not_authorized") {
        this.known.delete(account.id);
        this.refused.set(account.id, Date.now() + REFUSED);
      } else if (reason.code === "device_removed") {
        await accounts.noteRemoved(account.id);
        this.known.delete(account.id);
        removed.push(account);
      } else {
        troubled = true;
        offline ||= reason.code === "offline";
        wait = Math.max(wait, (reason.wait || 0) * 1000);
      }
    }
    this.failures = troubled ? this.failures + 1 : 0;
    this.report({ requests: this.open(living), offline, removed });
    return wait;
  }

  /**
   * The provider tells of one open request an account, the newest; it hides the ones before it,
   * which stay open. What should have come before the told one is over.
   */
  learn(account, told) {
    const before = this.known.get(account.id) || [];
    if (!told || this.done.has(told.uuid) || this.done.has(`${account.id} ${told.uuid}`)) {
      this.known.delete(account.id);
      return;
    }
    const place = before.findIndex(({ uuid }) => uuid === told.uuid);
    const hidden = (place < 0 ? before : before.slice(place + 1)).filter((one) => hides(told, one));
    this.known.set(account.id, [told, ...hidden]);
  }

  /** Open requests, the oldest first; `sure` are those of which the provider tells itself. */
  open(living) {
    const seen = new Set();
    return living
      .flatMap((account) =>
        (this.known.get(account.id) || []).map((challenge, place) => ({ account, challenge, sure: place === 0 })),
      )
      // The newest was first; of two in one second the older one stays before the newer.
      .reverse()
      .filter(({ challenge }) => challenge.expires_at * 1000 > now())
      .sort((a, b) => a.challenge.created_at - b.challenge.created_at)
      .filter(({ challenge }) => !seen.has(challenge.uuid) && seen.add(challenge.uuid));
  }

  next(living) {
    if (living.length <= AT_ONCE) return living;
    const start = this.turn % living.length;
    this.turn += AT_ONCE;
    return [...living, ...living].slice(start, start + AT_ONCE);
  }

  /**
   * A request is over, whatever a look says that is under way: for one account, where its own link
   * does not serve, else for all. What it hid is looked for again at once.
   */
  forget(uuid, account = null) {
    this.done.add(account ? `${account.id} ${uuid}` : uuid);
    for (const [id, list] of this.known) {
      if (account && account.id !== id) continue;
      if (list[0].uuid === uuid) this.known.delete(id);
      else this.known.set(id, list.filter((one) => one.uuid !== uuid));
    }
    this.soon();
  }
}
