// SPDX-License-Identifier: Apache-2.0
// What does each thread do, pool by pool.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { option, setOption, change, state } from '../state.js';
import { waiting, head, table, one, threadLink, lockLink, filtered, noMatch, legend, soft, stillWaits } from './parts.js';
import { count, share, rate, place, stateOf, mostly, soFar, commonName } from '../format.js';
import { account, partOf } from './thread.js';

const MOST = 300;
export default {
  title: () => 'Threads',
  load: (q, params, signal, s) => api.threads({ ...q, own: s.own }, signal),
  render(ctx) {
    const group = option('group');
    const intro = head('Threads', 'What each thread does at the end of the time range, and where its time went.', html`<span class="segments" role="group" aria-label="Group">${[['', 'Threads'], ['pool', 'Pools of threads']].map(([id, words]) => html`<button aria-pressed=${group === id} @click=${() => setOption('group', id)}>${words}</button>`)}</span>${legend()}`);
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const rows = filtered(ctx.data.threads.filter(t => !state.hidden.includes(mostly(t.state))), t => t.name, t => t.group, t => t.waitsFor?.lockName);
    return html`<div class="page">${intro}<section class="panel"><header><h2>All threads together</h2><span class="muted">where thread time went</span></header>${account(ctx.data.account)}</section>
      ${state.text ? nothing : virtual(ctx.data.virtual)}<section class="panel">${group === 'pool' ? byPool(rows) : list(rows)}</section></div>`;
  },
};

/** Virtual threads have no rows, for there may be millions: a search is for the others. */
function virtual(v) {
  if (!v) return nothing;
  const c = v.carriers;
  const facts = [v.alive < 0 ? nothing : `${count(v.alive)} alive`, c ? `${rate(c.madePerSecond)} made` : nothing, c ? html`<a href=${one('pools', c.poolId)}>${count(c.busy)} of ${count(c.most)} carriers busy</a>` : nothing, c ? `${count(c.without)} could run but have no carrier` : nothing].filter(f => f !== nothing);
  return html`<section class="panel"><header><h2>Virtual threads</h2><span class="muted">${facts.map((f, i) => html`${i ? ' · ' : ''}${f}`)}</span></header>
    ${v.waits.length ? table(v.waits, [
    { key: 'v-lock', head: 'Wait for', cell: w => html`${lockLink(w.lockId, w.lockName)}${w.idle ? html` <span class="tag">for work</span>` : nothing}` },
    { key: 'v-threads', head: 'Threads', num: true, cell: w => count(w.threads) },
    { key: 'v-longest', head: 'For, at most', num: true, cell: w => soFar(w.longest) },
    { key: 'v-owner', head: 'Held by', cell: w => (w.owner ? threadLink(w.owner) : '–') },
  ], { label: 'What virtual threads wait for' }) : nothing}
    ${v.places.length ? html`<p class="muted">Those that wait for nothing with a name: what ${count(v.sampled)} looks at one of them found.</p>${table(v.places, [
    { key: 'v-share', head: 'Share', num: true, cell: p => share(p.samples / v.sampled) },
    { key: 'v-doing', head: 'What it does', cell: p => p.doing },
    { key: 'v-site', head: 'At', cell: p => html`<span class="mono">${soft(place(p.site))}</span>` },
  ], { label: 'Where virtual threads are' })}` : nothing}</section>`;
}

function list(rows) {
  return html`${table(rows, [
    { key: 'name', head: 'Thread', value: t => t.name, cell: t => html`<span class="nowrap">${threadLink(t)}</span>` },
    { key: 'state', head: 'State', value: t => 'WSRINCLBD'.indexOf(mostly(t.state)), cell: t => html`<span class="nowrap"><i class="swatch" .style=${`background:var(--s-${mostly(t.state).trim() || 'none'})`}></i>${t.ended ? 'ended' : stateOf(t.state).words}</span>` },
    { key: 'for', head: 'For', num: true, title: 'How long it has waited', value: t => awaited(t)?.soFar, cell: t => (awaited(t) ? soFar(t.waitsFor.soFar) : '–') },
    { key: 'on', head: 'Waits for', value: t => awaited(t)?.lockName, cell: t => (awaited(t) ? html`${lockLink(t.waitsFor.lockId, t.waitsFor.lockName)}${t.waitsFor.owner ? html` <span class="muted">held by</span> ${threadLink(t.waitsFor.owner)}` : nothing}` : nothing) },
    { key: 'cpu', head: 'CPU', title: 'Share of one core', num: true, value: t => t.cpuShare, cell: t => share(t.cpuShare) },
    { key: 'blocked', head: 'At locks', title: 'Share of its time it was held up by a lock', num: true, value: t => t.blockedShare, cell: t => share(t.blockedShare) },
    { key: 'queued', head: 'At queues', title: 'Share of its time it waited for room or for an element in a queue; idle pool workers left out', num: true, value: t => partOf(t.account, 'queue'), cell: t => share(partOf(t.account, 'queue')) },
    { key: 'vol', head: 'Gave up CPU', title: 'Voluntary context switches per second', num: true, value: t => t.voluntarySwitchesPerSecond, cell: t => rate(number(t.voluntarySwitchesPerSecond)) },
    { key: 'invol', head: 'Preempted', title: 'Involuntary context switches per second', num: true, value: t => t.involuntarySwitchesPerSecond, cell: t => rate(number(t.involuntarySwitchesPerSecond)) },
    { key: 'site', head: 'At', value: t => place(t.site), cell: t => html`<span class="mono">${soft(place(t.site))}</span>` },
  ], { sort: 'state.down', label: 'Threads', most: MOST, empty: html`${state.text ? `No thread matches ‘${state.text}’` : 'No thread in this time range'}${state.hidden ? ' in the states that are shown' : ''}. ${state.text || state.hidden ? html`<button @click=${() => change({ text: '', hidden: '' })}>Clear the filter</button>` : nothing}` })}
  ${rows.length > MOST ? html`<p class="muted">The first ${count(MOST)} of ${count(rows.length)} threads in this order. Use the search field to find one.</p>` : nothing}`;
}
/** Who waits for work waits for nothing that would tell anybody anything. */
const awaited = t => (t.waitsFor && !t.waitsFor.idle && stillWaits(t) ? t.waitsFor : null);
const number = v => (typeof v === 'number' ? v : null);

function byPool(rows) {
  const pools = new Map();
  for (const t of rows) {
    const p = pools.get(t.group) || { group: t.group, names: [], n: 0, states: {}, cpu: 0, blocked: 0 };
    p.n++; p.names.push(t.name); p.states[mostly(t.state)] = (p.states[mostly(t.state)] || 0) + 1; p.cpu += t.cpuShare; p.blocked += t.blockedShare;
    pools.set(t.group, p);
  }
  return table([...pools.values()], [
    { key: 'group', head: 'Threads called', value: p => p.group, cell: p => html`<button class="plain mono" @click=${() => change({ text: commonName(p.names), opts: {} })}>${commonName(p.names)}</button>` },
    { key: 'n', head: 'Threads', num: true, value: p => p.n, cell: p => count(p.n) },
    { key: 'states', head: 'States now', cell: p => Object.entries(p.states).sort((a, b) => b[1] - a[1]).map(([s, n], i) => html`${i ? ' · ' : ''}<i class="swatch" .style=${`background:var(--s-${s.trim() || 'none'})`}></i>${count(n)} ${stateOf(s).name}`) },
    { key: 'cpu', head: 'CPU', title: 'Cores used', num: true, value: p => p.cpu, cell: p => share(p.cpu) },
    { key: 'blocked', head: 'At locks, mean', title: 'Share of their time they were held up by a lock', num: true, value: p => p.blocked / p.n, cell: p => share(p.blocked / p.n) },
  ], { sort: 'blocked.down', label: 'Pools of threads', empty: noMatch('thread') });
}
