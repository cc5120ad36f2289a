// SPDX-License-Identifier: Apache-2.0
// Who is starving or flooding: all blocking queues, and one of them.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor } from '../state.js';
import { waiting, head, fact, table, one, shortName, queueName, filtered, noMatch, histogram, drawHistogram, stack, soft } from './parts.js';
import { parts } from './lock.js';
import { chart } from '../charts.js';
import { spark } from './spark.js';
import { unnumbered, count, nanos, seconds, clock, plural, place, digits } from '../format.js';

const room = q => (q.capacity < 0 ? 'unbounded' : q.capacity === 0 ? 'hand-off' : count(q.capacity));
const secondsToFull = q => (q.capacity > 0 && q.growthPerSecond > 0.5 ? (q.capacity - q.depth) / q.growthPerSecond : null);
const fills = q => seconds(secondsToFull(q));

export default {
  title: ctx => (!ctx.params.id ? 'Queues' : ctx.data ? queueName(ctx.data) : 'Queue'),
  load: (q, params, signal) => (params.id ? api.queue(decodeURIComponent(params.id), q, signal) : api.queues(q, signal)),
  render(ctx) {
    if (ctx.params.id) return single(ctx);
    const intro = head('Queues', 'Depth of each blocking queue; who waits for room, who waits for elements.');
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const rows = filtered(ctx.data.queues, q => q.name, q => q.poolName, q => q.class);
    return html`<div class="page">${intro}<section class="panel">${table(rows, [
    { key: 'name', head: 'Queue', value: q => q.name, cell: q => html`<a class="mono" href=${one('queues', q.id)}>${soft(shortName(q.name))}</a>${q.poolName ? html` <span class="muted">of ${soft(unnumbered(shortName(q.poolName)))}</span>` : nothing}` },
    { key: 'depth', head: 'Depth', num: true, value: q => q.depth, cell: q => count(q.depth) },
    { key: 'room', head: 'Capacity', num: true, value: q => q.capacity, cell: room },
    { key: 'course', head: 'Course', title: 'Depth over the time range', cell: q => spark(q.depths, `Depth, at most ${count(q.depthMax)}`) },
    { key: 'max', head: 'Deepest', num: true, value: q => q.depthMax, cell: q => count(q.depthMax) },
    { key: 'grow', head: 'Growth', title: 'Slope of the depth', num: true, value: q => q.growthPerSecond, cell: q => `${digits(q.growthPerSecond)}/s` },
    { key: 'fills', head: 'Full in', title: 'At the present growth', num: true, value: q => secondsToFull(q), cell: fills },
    { key: 'puts', head: 'Waits to put', title: 'Producers that waited for room', num: true, value: q => q.putWaits, cell: q => count(q.putWaits) },
    { key: 'put', head: 'Put wait', num: true, value: q => q.putWait, cell: q => nanos(q.putWait) },
    { key: 'takes', head: 'Waits to take', num: true, value: q => q.takeWaits, cell: q => count(q.takeWaits) },
    { key: 'take', head: 'Take wait', title: 'Consumers held up; idle pool workers left out', num: true, value: q => q.takeWait, cell: q => nanos(q.takeWait) },
    { key: 'idle', head: 'Workers idle', title: 'Pool workers waiting for work', num: true, value: q => q.idleTakeWait, cell: q => nanos(q.idleTakeWait) },
  ], { sort: 'depth.down', label: 'Queues', empty: noMatch('queue') === nothing ? 'No thread waited at a blocking queue in this time range.' : noMatch('queue') })}</section></div>`;
  },
  after(ctx, root) {
    const q = ctx.data;
    if (!ctx.params.id || !q) return;
    const end = Math.floor(ctx.view.to / 1000) * 1000;
    chart(root.querySelector('#depth'), { type: 'line', xLinear: true, xMin: ctx.view.from, xMax: ctx.view.to, xFormat: v => clock(v), labels: [], unit: 'elements', format: count,
      sets: [{ label: 'depth', colour: '--chart-1', data: q.depths.map((d, i) => ({ x: end - (q.depths.length - i) * 1000, y: d })) }] });
    drawHistogram(root.querySelector('#puts'), q.puts, 'waits', '--chart-1');
    drawHistogram(root.querySelector('#takes'), q.takes, 'waits', '--chart-2');
  },
};

function single(ctx) {
  const back = html`<p class="crumbs"><a href=${urlFor('/queues')}>← Queues</a></p>`;
  const wait = waiting(ctx);
  if (wait) return html`<div class="page">${back}<h1 class="sr">Queue</h1>${wait}</div>`;
  const q = ctx.data;
  const long = list => list.filter(each => each.wait > 0); // who found room at once did not wait
  const sites = list => (long(list).length ? long(list).slice(0, 5).map(s => html`<details><summary><span class="mono">${place(s.site)}</span> <span class="muted">${nanos(s.wait)}, ${plural(s.waits, 'wait')}</span></summary>${stack(s.stack)}</details>`) : nothing);
  return html`<div class="page">${back}<section class="panel"><header><h1 class="mono">${queueName(q)}</h1><span class="muted mono">${q.class}</span>${q.pool ? html`<a class="end" href=${one('pools', 'pool-' + q.pool)}>Its pool</a>` : nothing}</header>
    <div class="facts">${fact(count(q.depth), 'elements now')}${fact(room(q), 'capacity')}${fact(count(q.depthMax), 'deepest')}${fact(`${digits(q.growthPerSecond)}/s`, 'growth')}${fact(fills(q), 'full in')}${fact(nanos(q.putWait), 'waited to put')}${fact(nanos(q.takeWait), 'waited to take')}</div></section>
    <section class="panel"><header><h2>Depth</h2></header><div class="chart"><canvas id="depth" role="img" aria-label="Depth over time"></canvas></div></section>
    <div class="cols-2"><section class="panel"><header><h2>Producers waiting for room</h2><span class="muted">${plural(q.putWaits, 'wait')}</span></header>${histogram('puts', q.puts, 'Histogram of waits to put', 'No producer waited for room.', 'small')}${sites(q.producers)}${long(q.producerThreads).length ? parts(long(q.producerThreads)) : nothing}</section>
    <section class="panel"><header><h2>Consumers waiting for elements</h2><span class="muted">${plural(q.takeWaits, 'wait')}</span></header>${histogram('takes', q.takes, 'Histogram of waits to take', q.idleTakeWait > 0 ? `Only pool workers waited, for work: ${nanos(q.idleTakeWait)} together.` : 'No consumer waited for elements.', 'small')}${sites(q.consumers)}${long(q.consumerThreads).length ? parts(long(q.consumerThreads)) : nothing}</section></div></div>`;
}
