// SPDX-License-Identifier: Apache-2.0
// One lock: owners over waiters, how long they waited, who is to blame, where, and in which order it is taken.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor, change } from '../state.js';
import { waiting, stack, drawHistogram, card, threadLink, kind, table, bar } from './parts.js';
import { fact } from './finding.js';
import { colour } from '../charts.js';
import { nanos, count, place, threadSeconds, clock, plural, lockName } from '../format.js';

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
      <section class="panel"><header><h1 class="mono">${lockName(l)}</h1>${kind(l.kind)}${l.sampled ? html`<span class="tag">sampled</span>` : nothing}<span class="muted mono">${l.class}</span></header>
        <div class="facts">${fact(threadSeconds(l.lost), 'lost')}${fact(count(l.waiting), 'waiting at the end')}${fact(count(l.contentions), 'contended acquires')}${fact(nanos(l.waitP50), 'median wait')}${fact(nanos(l.waitP99), 'p99 wait')}${fact(nanos(l.waitMax), 'longest wait')}${fact(l.holds ? nanos(l.holdMean) : '–', 'mean hold')}${fact(l.holds ? nanos(l.holdMax) : '–', 'longest hold')}${l.pausedTotal ? fact(nanos(l.pausedTotal), 'of it in JVM pauses') : nothing}</div></section>
      ${l.findings.length ? html`<div class="cols-2">${l.findings.map(f => card(f))}</div>` : nothing}
      <section class="panel"><header><h2>Owners over waiters</h2><span class="muted">${plural(l.spans.length, 'wait')} with stacks, ${clock(ctx.view.from)} – ${clock(ctx.view.to)}</span></header><canvas id="spans" class="spans" role="img" aria-label="Who held the lock and who waited, over time; as a table under Who held whom up"></canvas></section>
      <div class="cols-2"><section class="panel"><header><h2>How long threads waited</h2></header><div class="chart"><canvas id="waits" role="img" aria-label="Histogram of wait times"></canvas></div></section>
      <section class="panel"><header><h2>Owners</h2><span class="muted">time others waited meanwhile</span></header>${parts(l.owners)}</section></div>
      <section class="panel"><header><h2>Who held whom up</h2><span class="muted">waiting line against holding line</span></header>${table(l.blameRows, [
    { key: 'wait', head: 'Waited', num: true, value: b => b.wait, cell: b => nanos(b.wait) },
    { key: 'bar', head: '', cell: b => html`<span class="cell-bar">${bar(b.wait, most)}</span>` },
    { key: 'waits', head: 'Waits', num: true, value: b => b.waits, cell: b => count(b.waits) },
    { key: 'waiter', head: 'Waiter at', cell: b => html`<span class="mono">${place(b.waiter)}</span>` },
    { key: 'holder', head: 'Holder at', cell: b => (b.holder ? html`<span class="mono">${place(b.holder)}</span>` : html`<span class="muted">not known</span>`) },
    { key: 'doing', head: 'The holder', cell: b => html`${b.doing}${b.detail ? html` <span class="muted">${b.detail}</span>` : nothing}` },
  ], { sort: 'wait.down', label: 'Blame', empty: 'No single wait with a stack was sampled in this time range.' })}</section>
      ${l.blameRows.length ? html`<div class="cols-2"><section class="panel"><header><h2>The holder, in the worst case</h2></header>${stack(l.blameRows[0].holderStack)}</section><section class="panel"><header><h2>A waiter, in the worst case</h2></header>${stack(l.blameRows[0].waiterStack)}</section></div>` : nothing}
      <section class="panel"><header><h2>Where threads waited</h2></header>${l.waitSites.length ? l.waitSites.slice(0, 6).map((s, i) => html`<details ?open=${i === 0 && !l.blameRows.length}><summary><span class="mono">${place(s.site)}</span> <span class="muted">${nanos(s.wait)}, ${plural(s.waits, 'wait')}</span></summary>${stack(s.stack)}</details>`) : html`<p class="empty">No stack was sampled.</p>`}</section>
      ${l.orders.length ? html`<section class="panel"><header><h2>Lock order</h2><span class="muted">taken while another was held</span></header>${table(l.orders, [
    { key: 'held', head: 'Held', cell: o => html`<span class="mono">${o.held}</span> <span class="muted">${o.heldAt}</span>` }, { key: 'wanted', head: 'Then wanted', cell: o => html`<span class="mono">${o.wanted}</span>` },
    { key: 'thread', head: 'Thread', cell: o => threadLink(o.thread) }, { key: 'tried', head: 'With tryLock', cell: o => (o.tried ? 'yes' : 'no') }], { label: 'Lock order' })}</section>` : nothing}</div>`;
  },
  after(ctx, root) {
    if (!ctx.data) return;
    drawHistogram(root.querySelector('#waits'), ctx.data.histogram, 'waits');
    drawSpans(root.querySelector('#spans'), ctx);
  },
};

export function parts(list) {
  const most = Math.max(...list.map(p => p.wait), 1);
  return list.length ? html`<ul class="rank">${list.slice(0, 10).map(p => html`<li><span>${threadLink(p.thread)}</span><span class="num">${nanos(p.wait)}</span>${bar(p.wait, most)}</li>`)}</ul>` : html`<p class="empty">No owner was seen.</p>`;
}

/** Owners on top, under them how many waited, from the single waits that are kept. */
function drawSpans(canvas, ctx) {
  if (!canvas) return;
  const spans = ctx.data.spans, { from, to } = ctx.view;
  const owners = [...new Map(spans.filter(s => s.owner).map(s => [s.owner.id, s.owner])).values()].slice(0, 8);
  const rows = owners.length, height = Math.max(1, rows) * 18 + 84;
  canvas.style.height = height + 'px';
  const box = canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = box.width * ratio; canvas.height = height * ratio;
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  const left = 132, x = ms => left + (ms - from) / (to - from) * (box.width - left);
  g.font = '11px ' + colour('--mono'); g.textBaseline = 'middle';
  owners.forEach((owner, i) => {
    g.fillStyle = colour('--text');
    g.fillText(owner.name.slice(0, 18), 0, i * 18 + 9);
    g.fillStyle = colour('--s-I');
    for (const s of spans) if (s.owner?.id === owner.id) g.fillRect(x(Math.max(from, s.start)), i * 18 + 2, Math.max(2, x(Math.min(to, s.start + s.waited / 1e6)) - x(Math.max(from, s.start))), 14);
  });
  const top = Math.max(1, rows) * 18 + 6, area = 60;
  const bins = new Float32Array(Math.max(1, Math.floor(box.width - left)));
  for (const s of spans) {
    const a = Math.max(0, Math.floor(x(s.start) - left)), b = Math.min(bins.length - 1, Math.ceil(x(s.start + s.waited / 1e6) - left));
    for (let i = a; i <= b; i++) bins[i] += s.weight;
  }
  const most = Math.max(1, ...bins);
  g.fillStyle = colour('--s-B');
  bins.forEach((n, i) => { if (n) g.fillRect(left + i, top + area - n / most * area, 1, n / most * area); });
  g.fillStyle = colour('--muted');
  g.fillText(`up to ${Math.round(most)} wait`, 0, top + area / 2);
  g.fillText(clock(from), left, height - 8); g.textAlign = 'right'; g.fillText(clock(to), box.width, height - 8); g.textAlign = 'left';
}
