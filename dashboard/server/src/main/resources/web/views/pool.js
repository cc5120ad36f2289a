// SPDX-License-Identifier: Apache-2.0
// One pool: size, busy and queue over time; the advice with its arithmetic; what if it had N threads?
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor, option, setOption } from '../state.js';
import { waiting, fact, stack, shortName, histogram, drawHistogram } from './parts.js';
import { chart } from '../charts.js';
import { unnumbered, nanos, count, share, millis, rate, clock, digits, plural, place, groupOf, readable } from '../format.js';

let what = null;
export default {
  title: ctx => (ctx.data ? shortName(ctx.data.name) : 'Pool'),
  async load(q, params, signal, s) {
    const id = decodeURIComponent(params.id);
    const pool = await api.pool(id, q, signal);
    what = await api.whatIf(id, { ...q, n: s.opts.n || Math.max(1, pool.size) }, signal);
    return pool;
  },
  render(ctx) {
    const wait = waiting(ctx);
    const back = html`<p class="crumbs"><a href=${urlFor('/pools')}>← Pools</a></p>`;
    if (wait) return html`<div class="page">${back}<h1 class="sr">Pool</h1>${wait}</div>`;
    const p = ctx.data, a = p.advice, n = Number(option('n')) || Math.max(1, p.size);
    const group = groupOf(p.name);
    const most = Math.max(8, p.size * 2, (a.threads || 1) * 2, n);
    return html`<div class="page">${back}
      <section class="panel"><header><h1 class="mono">${unnumbered(shortName(p.name))}</h1><span class="tag">${p.type}</span><span class="muted mono">${p.class}</span>${ctx.history.threads.some(t => t.group === group) ? html`<span class="end"><a href=${urlFor('/threads', { text: p.name, opts: {} })}>Its threads</a> · <a href=${urlFor('/stacks', { opts: { scope: 'pool:' + group } })}>Their stacks</a></span>` : nothing}</header>
        <div class="facts">${fact(count(p.size), 'threads')}${fact(p.maxSize < 0 ? 'unbounded' : count(p.maxSize), 'maximum')}${fact(count(p.busyMean), 'busy, mean')}${fact(count(p.busyMax), 'busy, most')}${fact(share(p.utilisation), 'utilisation')}${p.rejected == null ? nothing : fact(rate(p.arrivalsPerSecond), 'arrival rate')}${fact(p.timed ? nanos(p.serviceMean) : '–', 'service time, mean')}${fact(p.timed ? nanos(p.queueTimeMean) : '–', 'queue time, mean')}${fact(share(p.cpuShare), 'of it on a core')}${p.rejected == null ? nothing : fact(count(p.rejected), 'rejected')}</div></section>
      <section class="panel"><header><h2>Size, busy, queue</h2></header><div class="chart"><canvas id="over-time" role="img" aria-label="Threads, busy threads and queue depth over time"></canvas></div></section>
      <div class="cols-2"><section class="panel"><header><h2>How many threads?</h2>${a.confident || sizeless(p) ? nothing : html`<span class="tag">not certain</span>`}</header>
        <p class="lead-text">${size(a, p)}</p>
        ${sizeless(p) ? nothing : html`<p>${sentence(a.why)}</p>`}${!sizeless(p) && a.doubt && a.doubt !== a.why ? html`<p class="muted">Not certain: ${a.doubt}.</p>` : nothing}
        <dl class="said"><dt>Busy threads the load needs</dt><dd>${p.timed ? html`${rate(p.arrivalsPerSecond)} × ${nanos(a.offered == null ? p.serviceMean : a.offered / p.arrivalsPerSecond * 1e9)} ${a.offered == null ? 'is from too few tasks to judge by' : html`= <b>${digits(a.offered)}</b> (Little's law)`}` : 'No task was timed yet.'}</dd>
          <dt>Cores</dt><dd>${count(a.cores)}${binds(a, p) ? html`; at ${share(p.cpuShare)} on a core they keep at most <b>${count(a.cpuBound)}</b> threads running` : nothing}</dd>
          ${a.goetz > 0 ? html`<dt>Rule of thumb</dt><dd>cores × (1 + wait ÷ compute) = <b>${count(a.goetz)}</b></dd>` : nothing}
          <dt>Variation</dt><dd>service times ${p.serviceVariation == null ? 'not known' : digits(p.serviceVariation)}, arrivals ${p.arrivalVariation == null ? 'not known' : digits(p.arrivalVariation)} (squared coefficient)</dd>
          ${a.closedLoop ? html`<dt>Mind</dt><dd>The submitters wait for their replies: with another size they would submit at another rate.</dd>` : nothing}</dl></section>
      ${sizeless(p) ? nothing : html`<section class="panel"><header><h2>What if it had ${plural(n, 'thread')}?</h2></header>
        <label class="what-if"><span class="sr">Threads</span><input type="range" min="1" max=${most} .value=${String(n)} @change=${e => setOption('n', e.target.value)}></label>
        <div class="facts">${fact(a.offered == null ? '–' : what?.queueWaitMeanMs == null ? 'cannot keep up' : millis(what.queueWaitMeanMs), 'predicted mean queue time')}${fact(share(what?.utilisation), 'utilisation')}</div>
        ${points(a).length ? html`<div class="chart"><canvas id="curve" role="img" aria-label="Predicted queue time by number of threads"></canvas></div><p class="muted">◆ as measured now${binds(a, p) ? `; beyond ${count(a.cpuBound)} threads the cores are the limit` : ''}${missed(p)}</p>` : html`<p class="empty">A prediction needs more tasks than were seen in this time range.</p>`}</section>`}</div>
      <div class="cols-2"><section class="panel"><header><h2>Queue time</h2><span class="muted">submit to start, ${plural(p.timed, 'timed task')}</span></header>${histogram('queue-times', p.queueTimes, 'Histogram of queue times', 'No task was timed in this time range.', 'small')}</section>
      <section class="panel"><header><h2>Service time</h2><span class="muted">start to finish</span></header>${histogram('service-times', p.serviceTimes, 'Histogram of service times', 'No task was timed in this time range.', 'small')}</section></div>
      <section class="panel"><header><h2>Who hands in the tasks</h2></header>${p.submitters.length ? p.submitters.slice(0, 6).map((s, i) => html`<details ?open=${i === 0}><summary><span class="mono">${place(s.site)}</span> <span class="muted">${plural(s.tasks, 'task')} sampled, ${readable(shortName(s.task))}</span></summary>${stack(s.stack)}</details>`) : html`<p class="empty">No submitter was sampled in this time range.</p>`}</section></div>`;
  },
  after(ctx, root) {
    const p = ctx.data;
    if (!p) return;
    const end = Math.floor(ctx.view.to / 1000) * 1000;
    const line = values => values.map((v, i) => ({ x: end - (values.length - i) * 1000, y: v }));
    chart(root.querySelector('#over-time'), { type: 'line', xLinear: true, xMin: ctx.view.from, xMax: ctx.view.to, xFormat: v => clock(v), labels: [], unit: '', format: count,
      sets: [{ label: 'threads', colour: '--chart-2', dash: [6, 3], data: line(p.sizes) }, { label: 'busy', colour: '--chart-3', data: line(p.busies) }, ...(p.rejected == null ? [] : [{ label: 'queue depth', colour: '--chart-1', dash: [2, 2], data: line(p.depths) }])] });
    drawCurve(root.querySelector('#curve'), p);
    drawHistogram(root.querySelector('#queue-times'), p.queueTimes, 'tasks', '--chart-4');
    drawHistogram(root.querySelector('#service-times'), p.serviceTimes, 'tasks', '--chart-3');
  },
};

const sentence = text => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

/** Whether there is no size to choose. */
const sizeless = pool => pool.type === 'virtual-threads';

const size = (advice, pool) => {
  if (sizeless(pool)) return 'Virtual threads need no pool: a thread for each task, and a Semaphore where few may run at a time.';
  if (!(advice.threads > 0)) return 'No size can be recommended yet.';
  if (advice.threads === pool.size) return `${plural(pool.size, 'thread')} are right for this load.`;
  const bursts = advice.threads < pool.size && pool.busyMax > advice.threads ? `; ${count(pool.busyMax)} were busy at once` : '';
  return `${plural(advice.threads, 'thread')} instead of ${count(pool.size)} keep up with this load${bursts}.`;
};

/** Whether the cores set a limit anywhere near the threads there are or should be. */
const binds = (advice, pool) => advice.cpuBound > 0 && advice.cpuBound <= 4 * Math.max(pool.size, advice.threads);

/** Says so where the formula is far from what was measured: it assumes that arrivals are no worse than their variation tells. */
function missed(p) {
  const here = points(p.advice).find(c => c.threads === p.size), measured = p.queueTimeMean / 1e6;
  if (!here || !p.timed || Math.max(here.queueWaitMeanMs, measured) < 1) return '';
  const off = Math.max(here.queueWaitMeanMs, 0.01) / Math.max(measured, 0.01);
  return off > FAR || off < 1 / FAR ? `. For this size the formula says ${millis(here.queueWaitMeanMs)} where ${millis(measured)} were measured: take its shape, not its numbers` : '';
}
const FAR = 3;

const points = advice => advice.curve.filter(c => c.queueWaitMeanMs != null);

/** Queue time against the number of threads, with the point that was measured and the line beyond which only cores help. */
function drawCurve(canvas, p) {
  if (!canvas) return;
  const curve = points(p.advice);
  const most = Math.max(...curve.map(c => c.threads), p.size), high = Math.max(...curve.map(c => c.queueWaitMeanMs), p.timed ? p.queueTimeMean / 1e6 : 0);
  const sets = [{ label: 'predicted', colour: '--chart-1', data: curve.map(c => ({ x: c.threads, y: c.queueWaitMeanMs })) }];
  if (p.timed) sets.push({ label: 'measured', colour: '--text', points: 'rectRot', data: [{ x: p.size, y: p.queueTimeMean / 1e6 }] });
  const bound = p.advice.cpuBound;
  if (bound > 0 && bound <= most) sets.push({ label: 'limit of the cores', colour: '--chart-4', dash: [4, 3], data: [{ x: bound, y: 0 }, { x: bound, y: high }] });
  chart(canvas, { type: 'line', xLinear: true, xMin: 0, xMax: Math.ceil(most * 1.03), xSteps: true, xFormat: count, labels: [], sets, unit: 'mean queue time', xTitle: 'threads', format: millis });
}
