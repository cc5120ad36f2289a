// SPDX-License-Identifier: Apache-2.0
// Which lock costs most: by lock, by waiting thread, by blocking thread.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { option, setOption, urlFor } from '../state.js';
import { waiting, head, table, alike, lockLink, threadLink, kind, bar, filtered, noMatch, soft } from './parts.js';
import { nanos, count, place, threadSeconds, plural } from '../format.js';

export default {
  title: () => 'Locks',
  load: (q, params, signal) => api.locks(q, signal),
  render(ctx) {
    const group = option('group');
    const chooser = html`<span class="segments" role="group" aria-label="Group by">${[['', 'By lock'], ['waiter', 'By waiting thread'], ['owner', 'By owner']].map(([id, words]) => html`<button aria-pressed=${group === id} @click=${() => setOption('group', id)}>${words}</button>`)}</span>`;
    const intro = head('Locks', 'What threads waited for, queues left out; by thread-seconds lost.', chooser);
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const { locks } = ctx.data, heldUp = locks.filter(l => l.holdsUp), signals = locks.filter(l => !l.holdsUp);
    return html`<div class="page">${intro}<section class="panel"><header><h2>Held up</h2><span class="muted">by locks, and by results that other threads owe</span></header>${group ? byThread(heldUp, group) : byLock(heldUp, 'Locks', html`<b class="good">✓</b> No thread was held up by a lock in this time range.`)}
        ${ctx.data.total > locks.length ? html`<p class="muted">The ${count(locks.length)} with the longest waits of ${count(ctx.data.total)}.</p>` : nothing}</section>
      ${signals.length && !group ? html`<section class="panel"><header><h2>Signals</h2><span class="muted">waited for without being held up: notify, conditions, unpark, the end of a thread</span></header>${byLock(signals, 'Signals', 'None matches.')}</section>` : nothing}</div>`;
  },
};

const eachOf = l => html` <a href=${urlFor('/locks', { text: l.name, opts: { mode: 'each' } })} title="Show each; the figures are sums, and the longest median and p99 of them">${plural(l.alike, 'lock')}</a>`;

function byLock(locks, label, none) {
  const wanted = filtered(locks, l => l.name, l => l.class, l => l.owners[0]?.thread?.name);
  const rows = option('mode') === 'each' ? wanted : alike(wanted);
  const most = Math.max(...rows.map(l => l.lost), 1);
  return table(rows, [
    { key: 'name', head: label === 'Locks' ? 'Lock, and where' : 'Signal, and where', title: 'The line at which threads waited longest', value: l => l.name, cell: l => html`${lockLink(l.id, l.name)} ${kind(l.kind)}${l.alike ? eachOf(l) : nothing}${l.objects > 1 ? html` <span class="muted">${plural(l.objects, 'object')}</span>` : nothing}${l.sampled ? html` <span class="tag" title="Estimated from samples">sampled</span>` : nothing}${l.sites[0] ? html`<br><span class="mono muted">${soft(place(l.sites[0]))}</span>` : nothing}` },
    { key: 'lost', head: label === 'Locks' ? 'Lost' : 'Waited', title: 'Thread-seconds threads spent waiting, waits that go on included', num: true, value: l => l.lost, cell: l => threadSeconds(l.lost) },
    { key: 'share', head: '', cell: l => html`<span class="cell-bar">${bar(l.lost, most, l.kind === 'monitor' ? '--s-B' : '--s-L')}</span>` },
    { key: 'waiting', head: 'Waiting', title: 'Threads waiting at the end of the time range', num: true, value: l => l.waiting, cell: l => count(l.waiting) },
    { key: 'contentions', head: 'Waits', title: 'Waits that ended in the time range', num: true, value: l => l.contentions, cell: l => count(l.contentions) },
    { key: 'p50', head: 'Median wait', num: true, value: l => l.waitP50, cell: l => nanos(l.waitP50) },
    { key: 'p99', head: 'p99 wait', num: true, value: l => l.waitP99, cell: l => nanos(l.waitP99) },
    { key: 'max', head: 'Longest', num: true, value: l => l.waitMax, cell: l => nanos(l.waitMax) },
    { key: 'hold', head: 'Longest hold', title: 'From successive grants of a contended lock', num: true, value: l => l.holdMax, cell: l => (l.holds ? nanos(l.holdMax) : '–') },
    { key: 'owner', head: 'Owner, most often', value: l => l.owners[0]?.thread?.name ?? '', cell: l => threadLink(l.owners[0]?.thread) },
  ].filter(column => label === 'Locks' || !['hold', 'owner'].includes(column.key)), { sort: 'lost.down', label, empty: noMatch('lock') === nothing ? none : noMatch('lock') });
}

function byThread(locks, side) {
  const threads = new Map();
  for (const lock of locks) {
    for (const part of side === 'waiter' ? lock.waitingThreads : lock.owners) {
      const row = threads.get(part.thread.id) || { thread: part.thread, wait: 0, waits: 0, locks: [] };
      row.wait += part.wait; row.waits += part.waits; row.locks.push({ lock, wait: part.wait });
      threads.set(part.thread.id, row);
    }
  }
  const rows = filtered([...threads.values()], r => r.thread.name);
  const most = Math.max(...rows.map(r => r.wait), 1);
  return table(rows, [
    { key: 'thread', head: side === 'waiter' ? 'Waiting thread' : 'Owner', value: r => r.thread.name, cell: r => threadLink(r.thread) },
    { key: 'wait', head: side === 'waiter' ? 'Waited' : 'Kept others waiting', num: true, value: r => r.wait, cell: r => nanos(r.wait) },
    { key: 'share', head: '', cell: r => html`<span class="cell-bar">${bar(r.wait, most)}</span>` },
    { key: 'waits', head: 'Waits', num: true, value: r => r.waits, cell: r => count(r.waits) },
    { key: 'locks', head: 'Locks', cell: r => r.locks.sort((a, b) => b.wait - a.wait).slice(0, 4).map((l, i) => html`${i ? ', ' : ''}${lockLink(l.lock.id, l.lock.name)}`) },
  ], { sort: 'wait.down', label: side === 'waiter' ? 'Waiting threads' : 'Owners', empty: noMatch('thread') === nothing ? 'Nobody in this time range.' : noMatch('thread') });
}
