// SPDX-License-Identifier: Apache-2.0
// One thread: its lane, its stack, what it waits for and holds, where its time went.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor, state, change } from '../state.js';
import { waiting, fact, stack, threadLink, lockLink, kind, table, soft, heldBy, stillWaits } from './parts.js';
import { lanesOf } from '../lanes.js';
import { nanos, count, share, rate, place, plural, clock, stateOf, mostly, soFar } from '../format.js';

export const PARTS = [['on-core', 'on a core', '--s-R'], ['run-queue', 'ready, waiting for a core', '--s-N'], ['throttled', 'throttled by the cgroup', '--chart-5'], ['lock', 'held up by a lock', '--s-B'], ['queue', 'at a queue', '--s-L'], ['io', 'in I/O', '--s-I'], ['pause', 'in JVM pauses', '--muted'], ['asleep', 'asleep', '--s-S'], ['idle', 'idle: waiting for work or a signal', '--s-W'], ['unknown', 'not known', '--s-gap']];

/** How much of a thread's time one part is; nothing is known of none. */
export function partOf(a, part) {
  const total = PARTS.reduce((sum, [key]) => sum + (a?.[key] || 0), 0);
  return total ? (a[part] || 0) / total : null;
}

/** Where time went: parts that add up to the whole. */
export function account(a) {
  const total = PARTS.reduce((sum, [key]) => sum + (a[key] || 0), 0);
  if (!total) return html`<p class="empty">Nothing is known of this time range yet.</p>`;
  const shown = PARTS.filter(([key]) => a[key]);
  return html`<div class="account" role="img" aria-label=${shown.map(([key, words]) => `${share(a[key] / total)} ${words}`).join(', ')}>${shown.map(([key, words, colour]) => html`<i title=${`${words}: ${share(a[key] / total)}`} .style=${`width:${100 * a[key] / total}%;background:var(${colour})`}></i>`)}</div>
    <div class="legend">${shown.map(([key, words, colour]) => html`<span class="entry"><i class="swatch" .style=${`background:var(${colour})`}></i>${share(a[key] / total)} ${words}</span>`)}</div>`;
}

export default {
  title: ctx => ctx.data?.name ?? 'Thread',
  load: (q, params, signal) => api.thread(params.id, q, signal),
  render(ctx) {
    const wait = waiting(ctx);
    const back = html`<p class="crumbs"><a href=${urlFor('/threads')}>← Threads</a></p>`;
    if (wait) return html`<div class="page">${back}<h1 class="sr">Thread</h1>${wait}</div>`;
    const t = ctx.data;
    return html`<div class="page">${back}
      <section class="panel"><header><h1 class="mono">${t.name}</h1><span><i class="swatch" .style=${`background:var(--s-${mostly(t.state).trim() || 'none'})`}></i>${t.ended ? 'ended' : stateOf(t.state).words}</span>
        <span class="muted">${t.osId > 0 ? `OS thread ${t.osId}` : ''}</span><span class="end"><a href=${urlFor('/threads', { text: ctx.history.groupName(t.group), opts: {} })}>Threads like it</a> · <a href=${urlFor('/stacks', { opts: { scope: 'thread:' + t.id } })}>Its stacks</a></span></header>
        ${t.waitsFor && stillWaits(t) ? html`<p>It ${t.waitsFor.soFar > 0 ? `has waited ${nanos(t.waitsFor.soFar)} for` : 'waits for'} ${lockLink(t.waitsFor.lockId, t.waitsFor.lockName)}${t.waitsFor.owner ? html`, held by ${threadLink(t.waitsFor.owner)}` : nothing}.</p>` : nothing}
        ${t.chain.length > 1 ? html`<p>The chain: ${t.chain.map((e, i) => html`${i ? ' → ' : ''}${threadLink(e.waiter)} → ${lockLink(e.lockId, e.lockName)}`)}${t.chain[t.chain.length - 1].owner ? html` → ${threadLink(t.chain[t.chain.length - 1].owner)}` : nothing}</p>` : nothing}
        <div class="facts">${fact(share(t.cpuShare), 'of one core')}${fact(share(t.blockedShare), 'held up by locks')}${fact(share(partOf(t.account, 'queue')), 'at queues')}${fact(share(idle(t.account)), 'idle or asleep')}${fact(share(t.runQueueWaitShare), 'ready, no core')}${fact(rate(t.voluntarySwitchesPerSecond), 'gave up the CPU')}${fact(rate(t.involuntarySwitchesPerSecond), 'preempted')}</div></section>
      <section class="panel"><header><h2>Its lane</h2><span class="muted">${clock(ctx.view.from)} – ${clock(ctx.view.to)}</span></header><canvas id="lane" class="lanes short" role="img" aria-label="States of this thread over time"></canvas></section>
      <section class="panel"><header><h2>Where its time went</h2></header>${account(t.account)}</section>
      <div class="cols-2"><section class="panel"><header><h2>Last stack seen</h2></header>${stack(t.stack, null, { withSource: true })}</section>
      <section class="panel"><header><h2>What it holds that others want</h2></header>${t.holds.length ? table(t.holds, [
    { key: 'lock', head: 'Lock', cell: e => html`${lockLink(e.lockId, e.lockName)} ${kind(e.kind)}` }, { key: 'waiter', head: 'Wanted by', cell: e => threadLink(e.waiter) }, { key: 'for', head: 'For', num: true, cell: e => soFar(e.soFar) }], { label: 'Locks held' }) : html`<p class="empty">Nobody waits for it at the end of the time range.</p>`}
        ${t.createdAt.length ? html`<h3>Created at</h3>${stack(t.createdAt)}` : nothing}</section></div>
      <section class="panel"><header><h2>Its waits</h2><span class="muted">for work left out, longest first${t.waits.length > MOST ? `; the first ${MOST}` : ''}</span></header>${waits(ctx, t.waits, 'It waited for nothing but work in this time range.')}
        ${t.idleWaits?.length ? html`<details><summary>Waits for work: the ${plural(Math.min(MOST, t.idleWaits.length), 'longest one', 'longest')}</summary>${waits(ctx, t.idleWaits, '')}</details>` : nothing}</section></div>`;
  },
  after(ctx, root) {
    const canvas = root.querySelector('#lane');
    if (!canvas || !ctx.data) return;
    lanesOf(canvas).draw(ctx.history, { view: ctx.view, mode: 'lanes', hidden: '', live: ctx.live, cursor: state.cursor, filterKey: 't' + ctx.data.id, accept: t => t.id === ctx.data.id, onPick: hit => hit.at && change({ range: ctx.view, cursor: hit.at }) });
  },
};

const MOST = 50;
const idle = a => { const parts = [partOf(a, 'idle'), partOf(a, 'asleep')]; return parts[0] == null ? null : parts[0] + parts[1]; };

const waits = (ctx, rows, empty) => html`${table(rows, [
    { key: 'start', head: 'Began', value: w => w.start, cell: w => html`<button class="plain mono" @click=${() => change({ range: ctx.view, cursor: w.start })}>${clock(w.start, true)}</button>` },
    { key: 'waited', head: 'Waited', num: true, value: w => w.waited, cell: w => nanos(w.waited) },
    { key: 'lock', head: 'For', value: w => w.lockName, cell: w => html`${lockLink(w.lockId, w.lockName)} ${kind(w.kind)}` },
    { key: 'owner', head: 'Held by', value: w => w.owner?.name, cell: w => heldBy(w) },
    { key: 'by', head: 'Ended by', cell: w => (w.releasedBy ? threadLink(w.releasedBy) : w.ended ? (w.granted ? nothing : 'time-out') : 'goes on') },
    { key: 'site', head: 'At', value: w => place(w.site), cell: w => html`<span class="mono">${soft(place(w.site))}</span>` }], { sort: 'waited.down', most: MOST, label: 'Waits of this thread', empty })}`;
