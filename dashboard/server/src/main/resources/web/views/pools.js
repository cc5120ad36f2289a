// SPDX-License-Identifier: Apache-2.0
// Is a pool too big or too small?
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { waiting, head, table, one, shortName, filtered, noMatch } from './parts.js';
import { spark } from './spark.js';
import { unnumbered, count, share, millis, rate, nanos } from '../format.js';

/** Of some pools only the threads are known. */
const seen = (pool, text) => (pool.rejected == null ? '–' : text);

export default {
  title: () => 'Pools',
  load: (q, params, signal) => api.pools(q, signal),
  render(ctx) {
    const intro = head('Pools', 'Threads, work and queue of each pool, and the size its load needs.');
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const rows = filtered(ctx.data.pools, p => p.name, p => p.class);
    return html`<div class="page">${intro}<section class="panel">${table(rows, [
    { key: 'name', head: 'Pool', value: p => p.name, cell: p => html`<a class="mono" href=${one('pools', p.id)}>${unnumbered(shortName(p.name))}</a> <span class="tag">${p.type}</span>` },
    { key: 'size', head: 'Threads', num: true, value: p => p.size, cell: p => count(p.size) },
    { key: 'busy', head: 'Busy, most', title: 'Busy threads, mean and most', num: true, value: p => p.busyMean, cell: p => html`${count(p.busyMean)}<span class="muted">, ${count(p.busyMax)}</span>` },
    { key: 'use', head: 'Utilisation', title: 'Busy threads ÷ threads', num: true, value: p => p.utilisation, cell: p => html`${share(p.utilisation)}` },
    { key: 'course', head: 'Over time', title: 'Busy threads over the time range, under the number of threads', cell: p => spark(p.busies, `Busy threads, at most ${count(p.busyMax)} of ${count(p.size)}`, p.sizes) },
    { key: 'depth', head: 'Queue, most', title: 'Tasks that waited in the queue, most at a time', num: true, value: p => p.queueDepthMax, cell: p => seen(p, count(p.queueDepthMax)) },
    { key: 'rate', head: 'Tasks', title: 'Arrival rate', num: true, value: p => p.arrivalsPerSecond, cell: p => seen(p, rate(p.arrivalsPerSecond)) },
    { key: 'service', head: 'Service time', title: 'Start to finish, mean', num: true, value: p => p.serviceMean, cell: p => (p.timed ? nanos(p.serviceMean) : '–') },
    { key: 'queue', head: 'Queue p99', title: 'Submit to start, 99th percentile', num: true, value: p => p.queueWaitP99Ms, cell: p => (p.timed ? millis(p.queueWaitP99Ms) : '–') },
    { key: 'cpu', head: 'On CPU', title: 'CPU time ÷ service time of a task', num: true, value: p => p.cpuShare, cell: p => share(p.cpuShare) },
    { key: 'rejected', head: 'Rejected', num: true, value: p => p.rejected, cell: p => seen(p, count(p.rejected)) },
    { key: 'enough', head: 'Enough', title: 'Threads the measured load needs', num: true, value: p => p.recommended?.threads, cell: p => (p.recommended?.threads > 0 ? html`<b>${count(p.recommended.threads)}</b>` : '–') },
  ], { sort: 'size.down', label: 'Pools', empty: noMatch('pool') === nothing ? 'No pool of threads was at work in this time range.' : noMatch('pool') })}</section></div>`;
  },
};
