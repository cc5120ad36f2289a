// SPDX-License-Identifier: Apache-2.0
// Did my fix help? Two time ranges, or two targets, side by side.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, option, change, urlFor } from '../state.js';
import { head, table, lockLink, shortName, severity, one } from './parts.js';
import { PARTS } from './thread.js';
import { view, page } from '../app.js';
import { nanos, count, clock, share, digits, seconds } from '../format.js';

/** TARGET@FROM..TO, or nothing for the half of the range that is shown. */
function side(text, fallback) {
  const match = /^(.*)@(\d+)\.\.(\d+)$/.exec(text || '');
  return match ? { target: match[1] || state.target, from: Number(match[2]), to: Number(match[3]) } : fallback;
}

function sides() {
  const v = view(), middle = Math.round((v.from + v.to) / 2000) * 1000;
  return [side(option('a'), { target: state.target, from: Math.round(v.from), to: middle }), side(option('b'), { target: state.target, from: middle, to: Math.round(v.to) })];
}

export default {
  title: () => 'Compare',
  async load(q, params, signal) {
    const both = await Promise.all(sides().map(async s => {
      const [locks, pools, findings, threads] = await Promise.all([api.locks(s, signal), api.pools(s, signal), api.findings(s, signal), api.threads({ ...s, limit: 1 }, signal)]);
      return { side: s, seconds: (s.to - s.from) / 1000, locks: locks.locks, pools: pools.pools, findings: findings.findings, account: threads.account };
    }));
    return { a: both[0], b: both[1] };
  },
  render(ctx) {
    const keep = name => change({ opts: { ...state.opts, [name]: `${state.target}@${Math.round(ctx.view.from)}..${Math.round(ctx.view.to)}` } });
    const tools = html`<button @click=${() => keep('a')}>Take the shown range as A</button><button @click=${() => keep('b')}>Take it as B</button>${option('a') || option('b') ? html`<button @click=${() => change({ opts: {} })}>Back to halves</button>` : nothing}`;
    const intro = head('Compare', option('a') || option('b') ? 'Two chosen ranges.' : 'The first half of the shown range against the second. Choose others with the time strip.', tools);
    if (!ctx.data) return html`<div class="page">${intro}<div class="panel empty" role="status">${ctx.error ? ctx.error.message : 'Comparing.'}</div></div>`;
    const { a, b } = ctx.data;
    return html`<div class="page">${intro}<section class="panel"><p><b class="side-a">A</b> ${words(a)} <span class="muted">against</span> <b class="side-b">B</b> ${words(b)}</p></section>
      <section class="panel"><header><h2>Locks</h2><span class="muted">thread time lost in each second</span></header>${table(pairs(a.locks, b.locks, l => l.name, l => l.lostPerSecond), [
    { key: 'name', head: 'Lock', value: p => p.name, cell: p => lockLink((p.b ?? p.a).id, p.name) }, ...columns(seconds, 1e-6),
    { key: 'p99', head: 'p99 wait A → B', num: true, cell: p => `${nanos(p.a?.waitP99)} → ${nanos(p.b?.waitP99)}` }], { sort: 'change.down', label: 'Locks compared', empty: 'No lock was waited for in either.' })}</section>
      <section class="panel"><header><h2>Where thread time went</h2><span class="muted">share of all thread time</span></header>${table(shares(a.account, b.account), [
    { key: 'name', head: 'Thread time', cell: p => p.name }, ...columns(share, 0.0005)], { label: 'Thread time compared', empty: 'No thread was seen in either.' })}</section>
      <section class="panel"><header><h2>Pools</h2><span class="muted">busy threads, mean</span></header>${table(pairs(a.pools, b.pools, p => p.name, p => p.busyMean), [
    { key: 'name', head: 'Pool', value: p => p.name, cell: p => html`<a class="mono" href=${one('pools', (p.b ?? p.a).id)}>${shortName(p.name)}</a>` }, ...columns(digits, 0.005),
    { key: 'size', head: 'Threads A → B', num: true, cell: p => `${count(p.a?.size)} → ${count(p.b?.size)}` }], { sort: 'change.down', label: 'Pools compared', empty: 'No pool in either.' })}</section>
      <section class="panel"><header><h2>Findings</h2></header>${table(pairs(a.findings, b.findings, f => f.id, f => f.impact.threadSecondsPerSecond), [
    { key: 'title', head: 'Finding', cell: p => html`${severity(p.b ?? p.a)} <a href=${urlFor('/findings/' + (p.b ?? p.a).id)}>${(p.b ?? p.a).title}</a>` }, { key: 'a', head: 'In A', cell: p => (p.a ? 'yes' : 'no') }, { key: 'b', head: 'In B', cell: p => (p.b ? 'yes' : 'no') },
    { key: 'verdict', head: '', cell: p => (p.a && !p.b ? html`<span class="good">gone</span>` : !p.a && p.b ? html`<span class="warning">new</span>` : 'still there') }], { label: 'Findings compared', empty: 'No finding in either.' })}</section></div>`;
  },
};

const words = s => `${clock(s.side.from)} – ${clock(s.side.to)}${state.targets.length > 1 ? ` (${s.side.target})` : ''}`;
/** A, B and the difference; one smaller than `least` is none. */
const columns = (format, least) => [
  { key: 'av', head: 'A', num: true, value: p => p.av, cell: p => (p.a ? format(p.av) : '–') }, { key: 'bv', head: 'B', num: true, value: p => p.bv, cell: p => (p.b ? format(p.bv) : '–') },
  { key: 'change', head: 'Change', num: true, value: p => Math.abs(p.bv - p.av), cell: p => delta(p, format, least) }];

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
  for (const x of a) all.set(key(x), { name: key(x), a: x, av: value(x) || 0, bv: 0 });
  for (const y of b) all.set(key(y), { ...(all.get(key(y)) || { name: key(y), av: 0 }), b: y, bv: value(y) || 0 });
  return [...all.values()];
}
