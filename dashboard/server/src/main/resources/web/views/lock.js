// SPDX-License-Identifier: Apache-2.0
// One lock: owners over waiters, how long they waited, who is to blame, where, and in which order it is taken.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor } from '../state.js';
import { waiting, stack, histogram, drawHistogram, card, threadLink, kind, table, bar, shortName, soft } from './parts.js';
import { lockFacts } from './finding.js';
import { blameMatrix, holdTimes } from './holding.js';
import { orderGraph } from './order.js';
import { drawSpans } from './spans.js';
import { nanos, count, place, clock, plural, lockName } from '../format.js';

export default {
  title: ctx => (ctx.data ? lockName(ctx.data) : 'Lock'),
  load: (q, params, signal) => api.lock(decodeURIComponent(params.id), q, signal),
  render(ctx) {
    const wait = waiting(ctx);
    const back = html`<p class="crumbs"><a href=${urlFor('/locks')}>← Locks</a></p>`;
    if (wait) return html`<div class="page">${back}<h1 class="sr">Lock</h1>${wait}</div>`;
    const l = ctx.data;
    const most = Math.max(...l.blameRows.map(b => b.wait), 1);
    return html`<div class="page">${back}
      <section class="panel"><header><h1 class="mono" title=${lockName(l)}>${soft(shortName(lockName(l)))}</h1>${kind(l.kind)}${l.sampled ? html`<span class="tag">sampled</span>` : nothing}<span class="muted mono">${l.class}</span></header>
        ${lockFacts(l)}</section>
      ${l.findings.length ? html`<div class="cols-2">${l.findings.map(f => card(f))}</div>` : nothing}
      <section class="panel"><header><h2>Owners over waiters</h2><span class="muted">${plural(l.spans.length, 'wait')} kept, the longest, ${clock(ctx.view.from)} – ${clock(ctx.view.to)}</span></header><canvas id="spans" class="spans" role="img" aria-label="Who held the lock and who waited, over time; as a table under Who held whom up"></canvas></section>
      <div class="cols-2"><section class="panel"><header><h2>How long threads waited</h2><span class="muted">${plural(l.contentions, 'wait')}</span></header>${histogram('waits', l.histogram, 'Histogram of wait times', 'No wait ended in this time range.')}</section>
      ${l.isLock ? holdTimes(l) : html`<section class="panel"><header><h2>Who ended the waits</h2><span class="muted">time waited until then</span></header>${parts(l.releasers, 'Nobody was seen to end one: they ran out, or who did is not known.')}</section>`}</div>
      <div class="cols-2"><section class="panel"><header><h2>Waiters</h2><span class="muted">time waited</span></header>${parts(l.waitingThreads, 'Nobody waited.')}</section>
      <section class="panel"><header><h2>Owners</h2><span class="muted">time others waited meanwhile</span></header>${parts(l.owners)}</section></div>
      <section class="panel"><header><h2>Who held whom up</h2><span class="muted">waiting line against holding line</span></header>${blameMatrix(l.blameRows)}${table(l.blameRows, [
    { key: 'wait', head: 'Waited', num: true, value: b => b.wait, cell: b => nanos(b.wait) },
    { key: 'bar', head: '', cell: b => html`<span class="cell-bar">${bar(b.wait, most)}</span>` },
    { key: 'waits', head: 'Waits', num: true, value: b => b.waits, cell: b => count(b.waits) },
    { key: 'waiter', head: 'Waiter at', value: b => place(b.waiter), cell: b => html`<span class="mono">${soft(place(b.waiter))}</span>` },
    { key: 'holder', head: 'Holder at', value: b => place(b.holder), cell: b => (b.holder ? html`<span class="mono">${soft(place(b.holder))}</span>` : html`<span class="muted">not known</span>`) },
    { key: 'doing', head: 'The holder', value: b => b.doing, cell: b => html`${b.doing}${b.detail ? html` <span class="muted">${b.detail}</span>` : nothing}` },
  ], { sort: 'wait.down', label: 'Blame', empty: 'No single wait with a stack was sampled in this time range.' })}</section>
      ${l.blameRows.length ? html`<div class="cols-2">${l.isLock ? html`<section class="panel"><header><h2>The holder, in the worst case</h2></header>${stack(l.blameRows[0].holderStack, l.blameRows[0].holder, { withSource: true })}</section>` : nothing}<section class="panel"><header><h2>A waiter, in the worst case</h2></header>${stack(l.blameRows[0].waiterStack, l.blameRows[0].waiter, { withSource: true })}</section></div>` : nothing}
      <section class="panel"><header><h2>Where threads waited</h2></header>${l.waitSites.length ? l.waitSites.slice(0, 6).map((s, i) => html`<details ?open=${i === 0 && !l.blameRows.length}><summary><span class="mono">${place(s.site)}</span> <span class="muted">${nanos(s.wait)}, ${plural(s.waits, 'wait')}</span></summary>${stack(s.stack)}</details>`) : html`<p class="empty">No stack was sampled.</p>`}</section>
      ${l.orders.length ? html`<section class="panel"><header><h2>Lock order</h2><span class="muted">an arrow leads from the lock held to the one asked for</span></header>${orderGraph(l.orders)}${table(l.orders, [
    { key: 'held', head: 'Held', cell: o => html`<span class="mono">${o.held}</span> <span class="muted">${o.heldAt}</span>` }, { key: 'wanted', head: 'Then wanted', cell: o => html`<span class="mono">${o.wanted}</span>` },
    { key: 'thread', head: 'Thread', cell: o => threadLink(o.thread) }, { key: 'tried', head: 'With tryLock', cell: o => (o.tried ? 'yes' : 'no') }], { label: 'Lock order' })}</section>` : nothing}</div>`;
  },
  after(ctx, root) {
    if (!ctx.data) return;
    drawHistogram(root.querySelector('#waits'), ctx.data.histogram, 'waits');
    drawHistogram(root.querySelector('#holds'), ctx.data.holdTimes, 'holds', '--chart-2');
    drawSpans(root.querySelector('#spans'), ctx.data.spans, ctx.view);
  },
};

export function parts(list, none = 'No owner was seen.') {
  const most = Math.max(...list.map(p => p.wait), 1);
  return list.length ? html`<ul class="rank">${list.slice(0, 10).map(p => html`<li><span>${threadLink(p.thread)}</span><span class="num">${nanos(p.wait)}</span>${bar(p.wait, most)}</li>`)}</ul>` : html`<p class="empty">${none}</p>`;
}
