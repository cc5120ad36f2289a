// SPDX-License-Identifier: Apache-2.0
// What is known of who holds a lock: for how long at a time, and at which line while which line waited.
import { html, nothing } from '/assets/vendor/lit-html.js';
import { bar, soft, histogram } from './parts.js';
import { nanos, place, plural } from '../format.js';

const MOST_ROWS = 8, MOST_COLUMNS = 5;
const OTHER = 'other lines';
const ONE_HOLDER = ['monitor', 'lock', 'write', 'class-init'];

/** Single holds are known only where two grants in a row were kept; the sums are of all holds that the target could tell. */
export function holdTimes(l) {
  const told = l.holdTimes.reduce((sum, [, , n]) => sum + n, 0);
  const sums = l.holds > 0 ? `All ${plural(l.holds, 'hold')} under contention: mean ${nanos(l.holdMean)}, longest ${nanos(l.holdMax)}.` : '';
  const none = ONE_HOLDER.includes(l.kind) ? `No two grants in a row were kept in this time range, so single holds cannot be told. ${sums}` : 'Several threads may hold this at once: there is no one hold time.';
  return html`<section class="panel"><header><h2>How long it was held</h2>${told ? html`<span class="muted">${plural(told, 'hold')} between two grants that were kept</span>` : nothing}</header>
    ${histogram('holds', l.holdTimes, 'Histogram of hold times', none)}${told && sums ? html`<p class="muted">${sums}</p>` : nothing}</section>`;
}

/** Time waited, line against line. Nothing if one line waited for one line: the table below says that. */
export function blameMatrix(rows) {
  const waiters = lines(rows, b => b.waiter, MOST_ROWS), holders = lines(rows, b => b.holder, MOST_COLUMNS);
  if (waiters.length < 2 && holders.length < 2) return nothing;
  const cells = new Map();
  for (const b of rows) {
    const key = `${among(waiters, b.waiter)}|${among(holders, b.holder)}`;
    const cell = cells.get(key) ?? { wait: 0, waits: 0 };
    cell.wait += b.wait; cell.waits += b.waits;
    cells.set(key, cell);
  }
  const most = Math.max(...[...cells.values()].map(cell => cell.wait), 1);
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Blame matrix"><table class="matrix"><caption class="sr">Time waited, by the line that waited and the line that held the lock</caption>
    <thead><tr><td><span class="muted">waited at ↓ while held at →</span></td>${holders.map(name => html`<th scope="col" class="mono">${soft(name)}</th>`)}</tr></thead>
    <tbody>${waiters.map((waiter, w) => html`<tr><th scope="row" class="mono">${soft(waiter)}</th>${holders.map((holder, h) => one(cells.get(`${w}|${h}`), most))}</tr>`)}</tbody></table></div>`;
}

const one = (cell, most) => (cell
  ? html`<td title=${plural(cell.waits, 'wait')}>${nanos(cell.wait)}${bar(cell.wait, most)}</td>`
  : html`<td class="muted">–</td>`);

const nameOf = frame => place(frame) || 'not known';

/** Names of the lines with most wait; the last one stands for the rest if there are more. */
function lines(rows, side, most) {
  const sums = new Map();
  for (const b of rows) sums.set(nameOf(side(b)), (sums.get(nameOf(side(b))) ?? 0) + b.wait);
  const names = [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return names.length > most ? [...names.slice(0, most - 1), OTHER] : names;
}

function among(names, frame) {
  const at = names.indexOf(nameOf(frame));
  return at < 0 ? names.length - 1 : at;
}
