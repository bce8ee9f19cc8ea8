// Looks for requests while the app is open: each second when it is seen, seldom when it is not.
import * as accounts from "./accounts.js";
import * as answers from "./answers.js";

const SEEN = 1000;
const HIDDEN = 15_000;
const LONGEST = 20_000;
// More accounts than this take turns, so that a second stays a second.
const AT_ONCE = 4;
// An account that the provider does not let in at present (it may be locked) is asked seldom.
const REFUSED = 60_000;

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
    this.known = new Map();
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
        this.known.set(account.id, value);
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
    const requests = living
      .filter((account) => this.known.get(account.id))
      .map((account) => ({ account, challenge: this.known.get(account.id) }))
      .sort((a, b) => a.challenge.created_at - b.challenge.created_at);
    this.report({ requests, offline, removed });
    return wait;
  }

  next(living) {
    if (living.length <= AT_ONCE) return living;
    const start = this.turn % living.length;
    this.turn += AT_ONCE;
    return [...living, ...living].slice(start, start + AT_ONCE);
  }

  /** An answered request is over, whatever the next look says. */
  forget(account) {
    this.known.delete(account.id);
  }
}
