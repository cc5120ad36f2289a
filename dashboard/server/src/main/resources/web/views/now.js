// SPDX-License-Identifier: Apache-2.0
// Is it healthy, and if not: who blocks whom?
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, change, go, urlFor, inSight } from '../state.js';
import { schedule } from '../page.js';
import { lanesOf } from '../lanes.js';
import { chart } from '../charts.js';
import { drawFlame } from '../flame.js';
import { card, legend, bar, alike, lockLink, threadLink, shortName, queueName, loading, lightUp, pointed, rowsChooser, rowsMode, one } from './parts.js';
import { blockingTree } from './tree.js';
import { verdict } from './verdict.js';
import { statesPanel, drawStates, summary } from './states.js';
import { nanos, count, clock, seconds, plural, readable, matcher, unnumbered } from '../format.js';

let lit = '', hover = null;
document.addEventListener('lockjam-light', e => { lit = e.detail; drawLanes(last); });
let last = null;

export default {
  usesCursor: true,
  title: ctx => {
    const n = ctx.page.findings.filter(f => f.open && !f.muted).length;
    return n ? `${plural(n, 'finding')} · Now` : 'Now';
  },

  async load(q, params, signal, s) {
    const [{ findings, locks, queues, stacks }, graph] = await Promise.all([
      api.now({ ...q, heldUp: 1, limit: 12, mode: 'wait' }, signal),
      s.range ? api.graph({ target: q.target, at: Math.round(s.cursor ?? s.range.to) }, signal) : null]);
    return { findings: findings.findings, locks: locks.locks, queues: queues.queues, stacks, graph };
  },

  render(ctx) {
    const { data, page, history } = ctx;
    const findings = (data?.findings ?? page.findings).filter(f => !f.muted);
    const graph = state.range ? data?.graph : page.graph;
    const column = history.indexAt(state.cursor ?? ctx.view.to);
    const now = history.counts[column] || {};
    const nowAt = history.times[column];
    return html`<h1 class="sr">Now</h1>
      ${verdict(ctx, findings, now, graph)}
      <div class="now">
        <section class="panel findings" aria-label="Findings" tabindex="0"><header><h2>Findings</h2><span class="muted">${howMany(findings)}</span>
          <a class="end" href=${urlFor('/findings')}>All</a></header>
          ${findings.length ? findings.slice(0, 12).map(f => card(f, { selected: state.sel === 'finding:' + f.id })) : none(ctx)}</section>
        <section class="panel lanes-panel"><header><h2>Threads</h2><span class="muted">${laneWords(ctx)}</span>
          ${rowsChooser()}
          <div class="end">${legend()}</div></header>
          <canvas id="lanes" class="lanes" role="img" aria-label=${`Thread lanes: ${laneWords(ctx)}. ${summary(now)}`}></canvas>
          <p class="caption hint" aria-live="off">${hover ? pointed(hover) : html`<span class="muted">Point at a lane to read it; click to look at that moment. </span><a href=${urlFor('/threads')}>View as a table</a>`}</p></section>
        <section class="panel graph" aria-label="Who blocks whom" tabindex="0"><header><h2>Who blocks whom</h2><span class="muted">at ${clock(graph?.at ?? nowAt)}</span></header>${blockingTree(graph)}${graph?.known && !graph.trees?.length && !graph.cycles?.length ? heldUpBy(data) : nothing}</section>
        ${statesPanel(ctx, now)}
        <section class="panel locks"><header><h2>Locks by time lost</h2><span class="muted">all waits added up</span><a class="end" href=${urlFor('/locks')}>All</a></header>${lockRank(data)}</section>
        <section class="panel where"><header><h2>Where threads wait</h2><span class="muted">${flameHover || (data?.stacks.total ? `${nanos(data.stacks.total)} of thread time, idle left out` : '')}</span><a class="end" href=${urlFor('/stacks')}>Open</a></header>
          ${!data ? loading : !data.stacks.total ? html`<p class="empty">${stuck(data) ? 'No wait has ended in this time range, so there is no stack to add up; see who blocks whom.' : 'No thread was held up in this time range.'}</p>` : html`<canvas id="flame" class="flame" role="img" aria-label="Flame graph of the stacks in which threads wait; as a table on the page Stacks"></canvas>`}</section>
        <section class="panel queues"><header><h2>Queue depth</h2><span class="muted">elements</span><a class="end" href=${urlFor('/queues')}>All</a></header>
          ${!data ? loading : !data.queues.length ? html`<p class="empty">No thread waited at a blocking queue in this time range.</p>` : html`<div class="chart"><canvas id="queues" role="img" aria-label="Depth of the deepest queues over time"></canvas></div>`}</section>
      </div>`;
  },

  after(ctx, root) {
    last = ctx;
    drawLanes(ctx);
    drawStates(ctx, root.querySelector('#states'));
    if (ctx.data) {
      drawFlame(root.querySelector('#flame'), trunkless(ctx.data.stacks.root), { onHover: node => {
        flameHover = node ? `${readable(node.n)}: ${nanos(node.v)}` : '';
        document.dispatchEvent(new CustomEvent('lockjam-changed'));
      } });
      drawQueues(ctx, root.querySelector('#queues'));
    }
  },
};

/** A small panel cannot show the frames that all stacks share: it starts a little below where they part, or end. */
function trunkless(root, rows = 7) {
  const path = [root];
  for (let node = root; node.c?.length && node.c[0].v > 0.97 * root.v; node = node.c[0]) path.push(node.c[0]);
  const deepest = node => 1 + Math.max(0, ...(node.c || []).map(deepest));
  const high = deepest(path[path.length - 1]);
  const from = Math.max(0, Math.min(path.length - 1, path.length + high - 1 - rows));
  return path[from];
}

const stuck = data => data.locks.some(l => l.waiting > 0);

let flameHover = '';

/** Those that are over stay in sight for the range shown. */
function howMany(findings) {
  const open = findings.filter(f => f.open).length, over = findings.length - open;
  return [open && `${count(open)} ${state.link === 'ended' ? 'at the end' : 'now'}`, over && `${count(over)} earlier`].filter(Boolean).join(', ');
}

const none = ctx => html`<p class="empty">${ctx.history.times.length ? html`<b class="good">✓</b> ` : nothing}${ctx.history.times.length ? 'Nothing to report in this time range. Lockjam looks for deadlocks, lock contention, races, pools of the wrong size, growing queues and more.' : 'The rules need a few seconds of data.'} <a href=${urlFor('/help')}>All kinds of finding</a></p>`;

const laneWords = ctx => `${plural(ctx.history.threads.filter(inSight).length, 'thread')}, ${seconds((ctx.view.to - ctx.view.from) / 1000)}`;

function drawLanes(ctx) {
  const canvas = document.getElementById('lanes');
  if (!ctx || !canvas) return;
  const holds = matcher(state.text);
  const ids = new Set();
  const target = lit || state.sel;
  if (target.startsWith('thread:')) ids.add(Number(target.slice(7)));
  if (target.startsWith('group:')) ctx.history.threads.filter(t => t.group === target.slice(6)).forEach(t => ids.add(t.id));
  if (target.startsWith('finding:')) {
    const names = new Set(ctx.page.findings.find(f => f.id === target.slice(8))?.threads || []);
    ctx.history.threads.filter(t => names.has(t.name)).forEach(t => ids.add(t.id));
  }
  lanesOf(canvas).draw(ctx.history, {
    view: ctx.view, mode: rowsMode(), hidden: state.hidden, live: ctx.live, cursor: state.cursor, lit: ids,
    filterKey: state.text + state.own, accept: t => inSight(t) && holds(t.name),
    lostAt: state.link === 'lost' ? ctx.history.last + 1000 : null,
    onHover: hit => { hover = hit; lightUp(hit); caption(); },
    onPick: hit => (hit.pool ? go('/timeline', { opts: { rows: 'lanes', group: hit.pool.group } }) : hit.at ? change({ range: ctx.view, cursor: hit.at, sel: 'thread:' + hit.thread.id }) : go('/threads/' + hit.thread.id)),
  });
}

function caption() {
  const line = document.querySelector('.lanes-panel .caption');
  if (line && last) schedule();
}

function lockRank(data) {
  if (!data) return loading;
  const locks = alike(data.locks.filter(l => l.lost > 0)).sort((a, b) => b.lost - a.lost).slice(0, 6);
  if (!locks.length) return html`<p class="empty"><b class="good">✓</b> No thread waited for a lock in this time range.</p>`;
  const most = Math.max(...locks.map(l => l.lost), 1);
  return html`<ul class="rank">${locks.map(l => html`<li title=${`${l.name}: ${plural(l.contentions, 'contended acquire')}, longest wait ${nanos(l.waitMax)}`}>
    <span class="clip">${lockLink(l.id, l.name)}${l.alike ? html` <span class="muted">${plural(l.alike, 'lock')}</span>` : nothing}</span><span class="num">${nanos(l.lost)}</span>${bar(l.lost, most, l.kind === 'monitor' ? '--s-B' : '--s-L')}</li>`)}</ul>`;
}

/** Nobody waits at this moment: who made others wait in the time range shown. */
function heldUpBy(data) {
  const full = (data?.queues ?? []).filter(q => q.putWait > 1e6).sort((x, y) => y.putWait - x.putWait).slice(0, 3), most = Math.max(0, ...full.map(q => q.putWait));
  const locks = (data?.locks ?? []).filter(l => l.isLock && l.lost > Math.max(1e6, most / 100) && l.owners.length).slice(0, 4);
  return full.length || locks.length ? html`<h3 class="muted">In the time range shown</h3><div class="tree">${full.map(q => html`<div class="row"><span class="box lock"><a class="mono" href=${one('queues', q.id)}>${queueName(q)}</a><small>${nanos(q.putWait)} waited for ${q.capacity === 0 ? 'a taker' : 'room'}</small></span>
    <span class="box waits"><small>${plural(q.putWaits, 'wait')}${q.capacity === 0 ? '' : `; it holds ${count(q.depth)}${q.capacity > 0 ? ` of ${count(q.capacity)}` : ''} now`}</small></span></div>`)}${locks.map(l => html`<div class="row"><span class="box lock">${lockLink(l.id, l.name)}<small>${nanos(l.lost)} waited, longest ${nanos(l.waitMax)}</small></span>
    <span class="box waits"><small>held by ${l.owners.slice(0, 3).map((o, i) => html`${i ? ', ' : ''}${threadLink(o.thread)}`)}${l.owners.length > 3 ? ` and ${count(l.owners.length - 3)} more` : ''}</small></span></div>`)}</div>` : nothing;
}

/** The pool alone where it tells more than the queue's own name: that of its class. */
function clipped(q) {
  const text = q.poolName ? `work of ${unnumbered(shortName(q.poolName))}` : shortName(q.name);
  return text.length > 26 ? text.slice(0, 25) + '…' : text;
}

function drawQueues(ctx, canvas) {
  const colours = ['--chart-1', '--chart-2', '--chart-3'], dashes = [[], [6, 3], [2, 2]];
  const deepest = [...ctx.data.queues].sort((a, b) => b.depthMax - a.depthMax).slice(0, 3);
  const end = Math.floor(ctx.view.to / 1000) * 1000;
  chart(canvas, {
    stamp: ctx.data, type: 'line', xLinear: true, xMin: ctx.view.from, xMax: ctx.view.to, xFormat: v => clock(v), labels: [], unit: '',
    sets: deepest.map((q, i) => ({ label: clipped(q), colour: colours[i], dash: dashes[i], data: q.depths.map((d, s) => ({ x: end - (q.depths.length - s) * 1000, y: d })) })), format: count,
  });
}
