// SPDX-License-Identifier: Apache-2.0
// Did my fix help? Two time ranges, or two targets, side by side.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, option, setOption, change, urlFor } from '../state.js';
import { head, table, lockLink, shortName, severity, one, soft } from './parts.js';
import { drawFlame, difference, depth } from '../flame.js';
import { PARTS } from './thread.js';
import { view, page } from '../page.js';
import { nanos, count, clock, share, digits, seconds, readable, targetName, points, unnumbered } from '../format.js';

/** TARGET@FROM..TO, or nothing for the half of the range that is shown. */
function side(text, fallback) {
  const match = /^(.*)@(\d+)\.\.(\d+)$/.exec(text || '');
  return match ? { target: match[1] || state.target, from: Number(match[2]), to: Number(match[3]) } : fallback;
}

/** The chosen sides; else the first two recordings, whole; else the halves of the shown range. */
function sides() {
  const v = view(), middle = Math.round((v.from + v.to) / 2000) * 1000;
  const [a, b] = recordings() ?? [{ target: state.target, from: Math.round(v.from), to: middle }, { target: state.target, from: middle, to: Math.round(v.to) }];
  return [side(option('a'), a), side(option('b'), b)];
}

/** All that is kept, the last second whole: what was found at its end counts. */
const all = ({ id, kept }) => ({ target: id, from: Math.floor(kept.from), to: Math.ceil(kept.to) + 1000 });
const recordings = () => (state.targets.length > 1 && state.targets.every(t => t.state === 'recorded') ? state.targets.slice(0, 2).map(all) : null);

export default {
  title: () => 'Compare',
  async load(q, params, signal) {
    const both = await Promise.all(sides().map(async s => {
      const [locks, pools, findings, threads, stacks] = await Promise.all([api.locks(s, signal), api.pools(s, signal), api.findings(s, signal), api.threads({ ...s, limit: 1 }, signal), api.stacks({ ...s, mode: option('mode', 'wait') }, signal)]);
      return { side: s, seconds: (s.to - s.from) / 1000, locks: locks.locks, pools: pools.pools, findings: findings.findings, account: threads.account, root: stacks.root };
    }));
    return { a: both[0], b: both[1], flame: difference(...both) };
  },
  after(ctx, root) {
    if (ctx.data?.flame.v) drawFlame(root.querySelector('#difference'), ctx.data.flame, { search: state.text, onHover: point });
  },
  render(ctx) {
    const keep = name => change({ opts: { ...state.opts, [name]: `${state.target}@${Math.round(ctx.view.from)}..${Math.round(ctx.view.to)}` } });
    const tools = html`<button @click=${() => keep('a')}>Take the shown range as A</button><button @click=${() => keep('b')}>Take it as B</button>${option('a') || option('b') ? html`<button @click=${() => change({ opts: {} })}>Back</button>` : nothing}`;
    const intro = head('Compare', option('a') || option('b') ? 'Two chosen ranges.' : recordings() ? 'The first recording against the second.' : 'The first half of the shown range against the second. Choose others with the time strip.', tools);
    if (!ctx.data) return html`<div class="page">${intro}<div class="panel empty" role="status">${ctx.error ? ctx.error.message : 'Comparing.'}</div></div>`;
    const { a, b } = ctx.data;
    const same = a.side.target === b.side.target; // then ids are the same, too, and names may still be learnt
    return html`<div class="page">${intro}<section class="panel"><p class="row"><b class="side-a">A</b> ${words(a, 'a')} <span class="muted">against</span> <b class="side-b">B</b> ${words(b, 'b')}</p></section>
      <section class="panel"><header><h2>Locks</h2><span class="muted">thread time lost in each second</span></header>${table(pairs(a.locks, b.locks, same ? l => l.id : l => l.name, l => l.lostPerSecond), [
    { key: 'name', head: 'Lock', value: p => p.name, cell: p => lockLink((p.b ?? p.a).id, p.name) }, ...columns(seconds, 1e-6),
    { key: 'p99', head: 'p99 wait A → B', num: true, cell: p => `${nanos(p.a?.waitP99)} → ${nanos(p.b?.waitP99)}` }], { sort: 'change.down', label: 'Locks compared', empty: 'No lock was waited for in either.' })}</section>
      <section class="panel"><header><h2>Where thread time went</h2><span class="muted">share of all thread time</span></header>${table(shares(a.account, b.account), [
    { key: 'name', head: 'Thread time', cell: p => p.name }, ...columns(share, 0.001, points)], { label: 'Thread time compared', empty: 'No thread was seen in either.' })}</section>
      <section class="panel"><header><h2>Pools</h2><span class="muted">busy threads, mean</span></header>${table(pairs(a.pools, b.pools, same ? p => p.id : p => p.name, p => p.busyMean), [
    { key: 'name', head: 'Pool', value: p => p.name, cell: p => html`<a class="mono" href=${one('pools', (p.b ?? p.a).id)}>${unnumbered(shortName(p.name))}</a>` }, ...columns(digits, 0.005),
    { key: 'size', head: 'Threads A → B', num: true, cell: p => `${count(p.a?.size)} → ${count(p.b?.size)}` }], { sort: 'change.down', label: 'Pools compared', empty: 'No pool in either.' })}</section>
      ${stacks(ctx.data)}
      <section class="panel"><header><h2>Findings</h2></header>${table(pairs(a.findings, b.findings, f => f.id, f => f.impact.threadSecondsPerSecond), [
    { key: 'title', head: 'Finding', cell: p => html`${severity(p.b ?? p.a)} <a href=${urlFor('/findings/' + (p.b ?? p.a).id)}>${soft((p.b ?? p.a).title)}</a>` }, { key: 'a', head: 'In A', cell: p => (p.a ? 'yes' : 'no') }, { key: 'b', head: 'In B', cell: p => (p.b ? 'yes' : 'no') },
    { key: 'verdict', head: '', cell: p => (p.a && !p.b ? html`<span class="good">gone</span>` : !p.a && p.b ? html`<span class="warning">new</span>` : 'still there') }], { label: 'Findings compared', empty: 'No finding in either.' })}</section></div>`;
  },
};

let pointed = '';
function point(node) {
  pointed = node ? `${readable(node.n)}: ${nanos(node.a)} → ${nanos(node.b)} in each second` : '';
  document.dispatchEvent(new CustomEvent('lockjam-changed'));
}

function stacks({ flame }) {
  const mode = option('mode', 'wait');
  const chooser = html`<span class="segments" role="group" aria-label="What the widths mean">${[['wait', 'Waiting'], ['cpu', 'On a core']].map(([id, text]) => html`<button aria-pressed=${mode === id} @click=${() => setOption('mode', id === 'wait' ? '' : id)}>${text}</button>`)}</span>`;
  return html`<section class="panel"><header><h2>Stacks</h2>${chooser}<span class="muted">${pointed || PER_SECOND}</span>
    <span class="legend end"><span class="entry"><i class="swatch" .style=${'background:var(--a)'}></i>more in A</span><span class="entry"><i class="swatch" .style=${'background:var(--f-other)'}></i>alike</span><span class="entry"><i class="swatch" .style=${'background:var(--b)'}></i>more in B</span></span></header>
    ${flame.v ? html`<canvas id="difference" class="flame" .style=${`height:${Math.min(480, Math.max(80, depth(flame) * 18 + 4))}px`} role="img" aria-label="Flame graph of both ranges; the largest differences as a table below"></canvas>
      ${table(ends(flame), [{ key: 'name', head: 'Where', cell: p => html`<span class="mono">${p.name}</span>` }, ...columns(nanos, 1e4)], { label: 'Stacks compared' })}`
    : html`<p class="empty">No stack in either.</p>`}</section>`;
}

const PER_SECOND = 'thread time in each second; widths are A and B together. Click a frame to zoom, the first row to go back.';

/** The innermost frames, by how much they changed; the twelve largest. */
function ends(flame) {
  const sums = new Map();
  const walk = node => {
    const own = side => Math.max(0, node[side] - node.c.reduce((sum, child) => sum + child[side], 0));
    const row = sums.get(node.n) ?? { name: readable(node.n), a: {}, b: {}, av: 0, bv: 0 };
    row.av += own('a'); row.bv += own('b');
    sums.set(node.n, row);
    node.c.forEach(walk);
  };
  flame.c.forEach(walk);
  return [...sums.values()].filter(row => Math.abs(row.bv - row.av) >= 1e4).sort((p, q) => Math.abs(q.bv - q.av) - Math.abs(p.bv - p.av)).slice(0, 12);
}

/** A side's range, and, if there are several targets, which it is of: another one is taken whole. */
const words = (s, name) => html`${clock(s.side.from)} – ${clock(s.side.to)}${state.targets.length > 1 ? html` of <select aria-label=${`Target of ${name.toUpperCase()}`} @change=${e => whole(name, e.target.value)}>
  ${state.targets.map(t => html`<option value=${t.id} .selected=${t.id === s.side.target}>${targetName(t)}</option>`)}</select>` : nothing}`;

function whole(name, id) {
  const { target, from, to } = all(state.targets.find(t => t.id === id));
  change({ opts: { ...state.opts, [name]: `${target}@${from}..${to}` } });
}

/** A, B and the difference; one smaller than `least` is none. */
const columns = (format, least, by = format) => [
  { key: 'av', head: 'A', num: true, value: p => p.av, cell: p => (p.a ? format(p.av) : '–') }, { key: 'bv', head: 'B', num: true, value: p => p.bv, cell: p => (p.b ? format(p.bv) : '–') },
  { key: 'change', head: 'Change', num: true, value: p => Math.abs(p.bv - p.av), cell: p => delta(p, by, least) }];

function delta({ av, bv }, format, least) {
  const by = Math.abs(bv - av);
  if (by < least) return html`<span class="muted">none</span>`;
  return html`<b>${bv > av ? '+' : '−'}${format(by)}</b>${av >= least && bv >= least ? html` <span class="muted">(× ${digits(bv / av)})</span>` : nothing}`;
}

/** The parts of all thread time as shares of it. */
function shares(a, b) {
  const sum = account => PARTS.reduce((total, [key]) => total + (account[key] || 0), 0);
  const wholeA = sum(a), wholeB = sum(b);
  return PARTS.map(([key, name]) => ({ name, a: wholeA, b: wholeB, av: wholeA ? (a[key] || 0) / wholeA : 0, bv: wholeB ? (b[key] || 0) / wholeB : 0 })).filter(p => p.av || p.bv);
}

function pairs(a, b, key, value) {
  const all = new Map();
  for (const x of a) all.set(key(x), { name: x.name ?? key(x), a: x, av: value(x) || 0, bv: 0 });
  for (const y of b) all.set(key(y), { av: 0, ...all.get(key(y)), name: y.name ?? key(y), b: y, bv: value(y) || 0 });
  return [...all.values()];
}
