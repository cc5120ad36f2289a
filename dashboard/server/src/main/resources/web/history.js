// SPDX-License-Identifier: Apache-2.0
// What every thread did at every tick that is still kept: columns of state letters, bounded.
import { commonName, IN_PART, mostly } from './format.js';

const LIMIT = 1800; // columns; at one a second 30 min, more than the server keeps
const MOST_ROWS = 8000; // threads with a lane; of those that ended, the oldest are forgotten first
const KEPT_ROWS = 6000;
const MOST_GAPS = 500;
const OF_THE_JVM = /^(Attach Listener|Signal Dispatcher|Reference Handler|Finalizer|Notification Thread|Common-Cleaner|Service Thread|Monitor Deflation Thread|Sweeper thread|C[12] CompilerThread\d*|DestroyJavaVM|VirtualThread-un(blocker|parker)|JFR .*)$/;
export const JVM = 'JVM'; // the group of these threads
export const ABSENT = 32; // ' ': the thread was not there
const RANK = new Float32Array(128); // how bad a state is: the worst one wins a pixel
' ?WSRINCLBD'.split('').forEach((letter, i) => { RANK[letter.charCodeAt(0)] = i; });
for (const [small, [heldUp]] of Object.entries(IN_PART)) RANK[small.charCodeAt(0)] = RANK[heldUp.charCodeAt(0)] - 0.5;
export const HELD_UP = RANK['L'.charCodeAt(0)];
export { RANK };

export class History {
  constructor() {
    this.times = [];    // ms of each column
    this.columns = [];  // Uint8Array of letters by slot
    this.counts = [];   // {letter: n} of each column
    this.threads = [];  // slot → {id, name, group, own}
    this.slotOf = new Map();
    this.slots = new Map();
    this.groupNames = new Map(); // group → its name on the page, while its threads stay the same
    this.gaps = [];     // {from, to, lost, reason}
    this.pauses = [];   // {at, took, cause}
  }

  /** The first picture: a row of letters for each thread, one letter a second. */
  load(data) {
    this.slots = new Map(); // the server's slot → our row
    const lane = own => ([slot, id, name, group, states]) => {
      this.addThread(id, name, group, own);
      this.slots.set(slot, this.slotOf.get(id));
      return [this.slotOf.get(id), states];
    };
    const rows = [...data.lanes.map(lane(false)), ...data.ownLanes.map(lane(true))];
    for (let second = 0; second < data.seconds; second++) {
      const letters = new Uint8Array(this.threads.length).fill(ABSENT);
      for (const [row, states] of rows) {
        const code = states.charCodeAt(second);
        if (code === code && code !== ABSENT) letters[row] = code;
      }
      this.push(data.from + second * 1000, letters);
    }
    for (const g of data.gaps || []) this.addGap(g);
    for (const p of data.pauses || []) this.addPause(p);
  }

  /** @param own whether it is there because of us: it has a lane for who asks, and is in no count */
  addThread(id, name, group, own = false) {
    const thread = { id, name, group: !own && OF_THE_JVM.test(name) ? JVM : group, own };
    const known = this.slotOf.get(id);
    this.groupNames.delete(thread.group);
    if (known !== undefined) { this.threads[known] = thread; return; } // its name may have come late
    this.slotOf.set(id, this.threads.length);
    this.threads.push(thread);
  }

  /** A tick of the feed; one that is already there is skipped, one that is missing stays a hole. */
  tick(message) {
    if (this.threads.length > MOST_ROWS) this.forgetRows();
    for (const [threads, own] of [[message.threads, false], [message.ownThreads, true]]) {
      for (const [slot, id, name, group] of threads || []) {
        this.addThread(id, name, group, own);
        this.slots.set(slot, this.slotOf.get(id));
      }
    }
    if (this.times.length && message.at <= this.last) return false;
    const letters = new Uint8Array(this.threads.length).fill(ABSENT);
    for (let slot = 0; slot < message.s.length; slot++) {
      const row = this.slots.get(slot);
      if (row !== undefined) letters[row] = message.s.charCodeAt(slot);
    }
    this.push(message.at, letters);
    for (const p of message.pauses || []) this.addPause(p);
    for (const g of message.gaps || []) this.addGap(g);
    return true;
  }

  push(at, letters) {
    const count = { B: 0, L: 0, D: 0, R: 0, N: 0, I: 0, W: 0, S: 0, C: 0 };
    for (let i = 0; i < letters.length; i++) {
      if (letters[i] === ABSENT || this.threads[i].own) continue;
      const letter = mostly(String.fromCharCode(letters[i]));
      if (letter in count) count[letter]++;
    }
    this.times.push(at);
    this.columns.push(letters);
    this.counts.push(count);
    if (this.times.length > LIMIT) {
      this.times.shift(); this.columns.shift(); this.counts.shift();
    }
  }

  /** Threads that start and end all the time would fill the memory: drops the lanes that ended first. The counts stay. */
  forgetRows() {
    const kept = new Set();
    for (let c = this.columns.length - 1; c >= 0 && (kept.size < KEPT_ROWS || c === this.columns.length - 1); c--) {
      const letters = this.columns[c];
      for (let row = 0; row < letters.length; row++) if (letters[row] !== ABSENT) kept.add(row);
    }
    if (this.threads.length - kept.size < 500) return; // they are all alive
    const rows = [...kept].sort((a, b) => a - b);
    this.threads = rows.map(row => this.threads[row]);
    this.slotOf = new Map(this.threads.map((thread, row) => [thread.id, row]));
    const moved = new Map(rows.map((row, to) => [row, to]));
    this.slots = new Map([...this.slots].filter(([, row]) => moved.has(row)).map(([slot, row]) => [slot, moved.get(row)]));
    this.columns = this.columns.map(letters => Uint8Array.from(rows, row => (row < letters.length ? letters[row] : ABSENT)));
  }

  /** What a group of threads is called on the page. */
  groupName(group) {
    if (!group.includes('#')) return group;
    if (!this.groupNames.has(group)) this.groupNames.set(group, commonName(this.threads.filter(t => t.group === group).map(t => t.name)) || group);
    return this.groupNames.get(group);
  }

  addGap(gap) {
    if (this.gaps.some(g => g.from === gap.from)) return;
    this.gaps.push(gap);
    if (this.gaps.length > MOST_GAPS) this.gaps.shift();
  }

  addPause(pause) { this.pauses.push(pause); if (this.pauses.length > 2000) this.pauses.shift(); }

  get first() { return this.times[0]; }
  get last() { return this.times[this.times.length - 1]; }

  /** Index of the last column at or before an instant; -1 if there is none. */
  indexAt(ms) {
    let low = 0, high = this.times.length - 1, found = -1;
    while (low <= high) {
      const mid = (low + high) >> 1;
      if (this.times[mid] <= ms) { found = mid; low = mid + 1; } else high = mid - 1;
    }
    return found;
  }

  /** The usual distance of two columns in ms; a much larger one is a hole in the data. */
  get period() {
    const n = this.times.length;
    return n < 2 ? 1000 : Math.max(200, (this.times[n - 1] - this.times[Math.max(0, n - 21)]) / Math.min(20, n - 1));
  }

  letter(slot, column) {
    const letters = this.columns[column];
    return letters && slot < letters.length ? String.fromCharCode(letters[slot]) : ' ';
  }

  blocked(column) {
    const c = this.counts[column] || {};
    return (c.B || 0) + (c.L || 0) + (c.D || 0);
  }
}
