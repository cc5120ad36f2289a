// SPDX-License-Identifier: Apache-2.0
// The rows of the lanes: which threads, in which order, and pools folded to one band each.
import { RANK, ABSENT, HELD_UP, JVM } from './history.js';
import { mostly } from './format.js';

const RUNNING = 'R'.charCodeAt(0);
const STACKED = 'DBLNIRCSW?'; // of a band, from the bottom up: an area of threads held up

const ORDERS = {
  bad: (a, b) => b.bad - a.bad,
  busy: (a, b) => b.ran - a.ran,
  name: () => 0,
};
const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** Rows in the order they are drawn: those of `first`, then pools and the threads of a pool by `order`, the worst first unless said; the JVM's own after those that are no worse. */
export function orderRows(history, view, accept, first, order) {
  const before = ORDERS[order] ?? ORDERS.bad;
  const groups = new Map();
  const from = Math.max(0, history.indexAt(view.from)), to = history.indexAt(view.to);
  const step = Math.max(1, Math.floor((to - from) / 150)); // a sample of columns is enough to rank
  history.threads.forEach((thread, slot) => {
    let bad = 0, ran = 0, seen = 0;
    for (let c = from; c <= to; c += step) {
      const letters = history.columns[c];
      const code = letters && slot < letters.length ? letters[slot] : ABSENT;
      if (code !== ABSENT) seen++;
      if (code === RUNNING) ran++;
      const rank = RANK[code];
      if (rank >= HELD_UP - 0.5) bad += rank === RANK[68] ? 100 : rank > HELD_UP ? 3 : rank === HELD_UP ? 2 : 0.2;
    }
    if (!seen || !accept(thread, slot)) return;
    const name = first?.has(thread.id) ? '' : thread.group;
    const group = groups.get(name) || { name: history.groupName(name), group: name, rows: [], bad: 0, ran: 0 };
    group.rows.push({ slot, bad, ran, thread });
    group.bad += bad; group.ran += ran;
    groups.set(name, group);
  });
  const sorted = [...groups.values()].sort((a, b) => !b.group - !a.group || before(a, b) || (a.group === JVM) - (b.group === JVM) || (order === 'name' ? 0 : b.rows.length - a.rows.length) || byName(a.name, b.name));
  for (const g of sorted) g.rows.sort((a, b) => before(a, b) || byName(a.thread.name, b.thread.name));
  return sorted;
}

/** How many threads of a pool were in each state at a second; `hidden` ones are left out. */
export function countsOf(group, letters, hidden) {
  const counts = new Int32Array(STACKED.length);
  for (const { slot } of group.rows) {
    const code = slot < letters.length ? letters[slot] : ABSENT;
    if (code === ABSENT) continue;
    const shown = mostly(String.fromCharCode(code));
    if (!hidden.includes(shown)) counts[STACKED.indexOf(shown)]++;
  }
  return counts;
}

/** The pixels of one second, one band under the other; as high as its pool has threads. */
export function bandStrip(groups, letters, { height, lane, scroll, ratio, hidden, table }) {
  const strip = new Uint32Array(height).fill(table[ABSENT]);
  groups.forEach((group, i) => {
    const counts = countsOf(group, letters, hidden);
    const top = (i * lane - scroll + 1) * ratio, bottom = ((i + 1) * lane - scroll - 1) * ratio;
    let filled = 0;
    counts.forEach((n, k) => {
      const from = bottom - (bottom - top) * (filled + n) / group.rows.length, to = bottom - (bottom - top) * filled / group.rows.length;
      for (let y = Math.max(0, Math.round(from)); n && y < Math.min(height, Math.round(to)); y++) strip[y] = table[STACKED.charCodeAt(k)];
      filled += n;
    });
  });
  return strip;
}

/** What a pool did at a second, in words. */
export function bandWords(group, letters) {
  const counts = countsOf(group, letters, ''), of = states => [...states].reduce((sum, s) => sum + counts[STACKED.indexOf(s)], 0);
  return { threads: group.rows.length, heldUp: of('DBL'), running: of('RN'), inIo: of('I'), idle: of('CSW') };
}
