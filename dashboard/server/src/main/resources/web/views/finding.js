// SPDX-License-Identifier: Apache-2.0
// One finding: what, why, cost, change, expected effect; then the evidence.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, urlFor, change, go } from '../state.js';
import { mute } from '../page.js';
import { waiting, fact, severity, stack, histogram, drawHistogram, card, threadLink, one, around, soft, shortName } from './parts.js';
import { holdTimes } from './holding.js';
import { lanesOf, ownersOf, heldBy } from '../lanes.js';
import { NBSP, clock, nanos, count, threadSeconds, plural, place, evidence, isTime, readable } from '../format.js';

export default {
  title: ctx => readable(ctx.data?.title ?? 'Finding'),
  load: (q, params, signal) => api.finding(params.id, q, signal),
  render(ctx) {
    const wait = waiting(ctx);
    if (wait) return html`<div class="page"><p class="crumbs"><a href=${urlFor('/findings')}>← Findings</a></p><h1 class="sr">Finding</h1>${wait}</div>`;
    const f = ctx.data, t = f.text, lock = f.lock;
    const [left, right] = sides(f), taken = takenAt(f, left);
    return html`<div class="page"><p class="crumbs"><a href=${urlFor('/findings')}>← Findings</a></p>
      <section class="panel"><header>${severity(f)} <b>${f.label}</b>
        <span class="muted">${when(f)}</span>
        <span class="end">${f.muted ? html`<button @click=${() => mute(f, false)}>Unmute</button>` : muteForm(f)}</span></header>
        <h1 class="lead-text">${soft(f.title)}</h1>
        <dl class="said">
          ${row('Why', t.why)}${row('Cost', t.cost)}
          <dt>Change</dt><dd><b>${soft(t.change || f.advice)}</b></dd>
          ${row('Expected', t.expect)}${row('Certainty', t.certainty)}${row('Threshold', t.threshold)}${f.muted ? row('Muted', f.mutedBecause || 'No reason was given.') : nothing}
          ${f.windowId ? html`<dt>Where</dt><dd><a class="mono" href=${one(f.subject.type === 'pool' ? 'pools' : f.subject.type === 'queue' ? 'queues' : 'locks', f.windowId)}>${soft(shortName(f.subject.name || f.subject.class || f.subject.type))}</a></dd>` : nothing}
          ${f.threads.length ? html`<dt>Threads</dt><dd>${names(ctx, f.threads)}</dd>` : nothing}
        </dl>
        <p><a class="button" href=${urlFor('/timeline', { sel: 'finding:' + f.id, range: around(f) })}>Timeline</a> ${f.threads.length ? html`<a class="button" href=${urlFor('/stacks', { opts: { scope: 'finding:' + f.id } })}>Stacks</a> ` : nothing} <a class="button" href=${urlFor('/help/' + f.kind)}>About: ${f.label}</a></p></section>
      <div class="cols-2">${left ? side(f, left, taken && html`<p class="muted">Took it at <span class="mono">${place(taken.frame)}</span>.</p>`, ownerOf(ctx, f, left)) : nothing}${right ? side(f, right) : nothing}</div>
      ${more(f, [left, right, taken])}
      ${hasLanes(ctx, f) ? html`<section class="panel"><header><h2>These threads over time</h2><span class="muted">${clock(ctx.view.from)} – ${clock(ctx.view.to)}</span><a class="end" href=${urlFor('/timeline', { sel: 'finding:' + f.id })}>Open</a></header><canvas id="finding-lanes" class="lanes short" role="img" aria-label="Lanes of the threads in this finding; arrows lead from waiters to owners"></canvas>
        ${f.waits.some(heldBy) ? html`<p class="caption muted">An arrow leads from a thread, where its wait ended or now is, to the thread that held it up.</p>` : nothing}</section>` : nothing}
      ${lock ? html`<section class="panel"><header><h2>The lock in this time range</h2></header>${lockFacts(lock)}</section>
      <div class="cols-2"><section class="panel"><header><h2>How long threads waited</h2><span class="muted">${count(lock.contentions)} waits, longest ${nanos(lock.waitMax)}</span></header>${histogram('waits', lock.histogram, 'Histogram of wait times', lock.waiting ? `No wait has ended in this time range; ${plural(lock.waiting, 'thread')} still ${lock.waiting === 1 ? 'waits' : 'wait'}.` : 'No wait ended in this time range.')}</section>
        ${lock.isLock ? holdTimes(lock) : nothing}</div>` : nothing}
      <section class="panel"><header><h2>Measured</h2><span class="muted">${clock(f.measured.from)} – ${clock(f.measured.to)}</span></header>
        <dl class="said">${Object.entries(f.evidence || {}).map(([k, v]) => row(words(k), said(k, v)))}</dl></section>
      ${f.others.length ? html`<section class="panel"><header><h2>Other findings on the same ${f.subject.type}</h2></header><div class="cols-2">${f.others.map(o => card(o))}</div></section>` : nothing}</div>`;
  },
  after(ctx, root) {
    if (ctx.data?.lock) {
      drawHistogram(root.querySelector('#waits'), ctx.data.lock.histogram, 'waits');
      drawHistogram(root.querySelector('#holds'), ctx.data.lock.holdTimes, 'holds', '--chart-2');
    }
    const canvas = root.querySelector('#finding-lanes');
    if (!canvas || !ctx.data) return;
    const wanted = new Set(ctx.data.threads), owners = ownersOf(ctx.data.waits, wanted);
    const accept = t => wanted.has(t.name) || owners.has(t.id);
    const matching = ctx.history.threads.filter(accept).length;
    canvas.style.height = `${Math.max(60, Math.min(24, matching) * 14 + 22)}px`;
    lanesOf(canvas).draw(ctx.history, { view: ctx.view, mode: 'lanes', hidden: '', live: ctx.live, cursor: state.cursor, filterKey: `${ctx.data.id}|${owners.size}`,
      accept, first: owners, arrows: ctx.data.waits, onPick: hit => (hit.at ? change({ range: ctx.view, cursor: hit.at }) : go('/threads/' + hit.thread.id)) });
  },
};

/** When it was seen; a recording is judged once, for all that was measured. */
function when(f) {
  if (state.link === 'recorded') return `${clock(f.measured.from)} – ${clock(f.measured.to)}`;
  const until = !f.open ? clock(f.lastSeenMs) : state.link === 'ended' ? 'the end' : 'now';
  return `${clock(f.firstSeenMs)} – ${until} (${nanos((f.lastSeenMs - f.firstSeenMs) * 1e6)})${f.times > 1 ? `, seen ${f.times} times` : ''}`;
}

/** Virtual threads have no lanes. */
const hasLanes = (ctx, f) => f.threads.length && ctx.history.threads.some(t => f.threads.includes(t.name));

/** Muting asks why: the reason stands beside the finding, so that nobody has to guess later. */
const muteForm = f => html`<details class="mute"><summary>Mute</summary>
  <form @submit=${e => { e.preventDefault(); mute(f, true, e.target.elements.reason.value.trim()); }}>
    <label for="mute-reason">Why?</label><input id="mute-reason" name="reason" maxlength="200" placeholder="known, ticket 4711" autocomplete="off"><button>Mute</button></form></details>`;

/** What was measured, with its unit; nothing where nothing was. */
function said(key, value) {
  if (value == null || value === 'null' || value === '') return '';
  if (Array.isArray(value)) return value.join(', ');
  if (value === 0 && isTime(key)) return ''; // of no wait, or no hold
  return typeof value === 'number' ? evidence(key, value) : String(value);
}

/** The figures of a lock; those of waits only if one has ended, those of holds only if one could be told. */
export function lockFacts(l) {
  const ended = l.contentions > 0, held = l.holds > 0 ? { mean: nanos(l.holdMean), longest: nanos(l.holdMax) } : fromGrants(l.holdTimes);
  return html`<div class="facts">${fact(threadSeconds(l.lost), 'lost')}${fact(count(l.waiting), 'waiting at the end')}${fact(count(l.waiters), 'threads waited')}${fact(count(l.contentions), l.isLock ? 'contended acquires' : 'waits')}${fact(ended ? nanos(l.waitP50) : '–', 'median wait')}${fact(ended ? nanos(l.waitP99) : '–', 'p99 wait')}${fact(ended ? nanos(l.waitMax) : '–', 'longest wait')}${l.isLock && held ? html`${fact(held.mean, 'mean hold')}${fact(held.longest, 'longest hold')}` : nothing}${l.pausedTotal ? fact(nanos(l.pausedTotal), 'of it in JVM pauses') : nothing}</div>`;
}

/** Of holds that are known from grants only, as of a monitor: each counts as the middle of its bucket, the longest as its bucket's begin. */
function fromGrants(rows) {
  const n = (rows ?? []).reduce((sum, [, , holds]) => sum + holds, 0);
  if (!n) return null;
  return { mean: `about${NBSP}${nanos(rows.reduce((sum, [from, to, holds]) => sum + holds * (from + to) / 2, 0) / n)}`, longest: `over${NBSP}${nanos(rows[rows.length - 1][0])}` };
}

const row = (name, text) => (text ? html`<dt>${name}</dt><dd>${soft(text)}</dd>` : nothing);
/** What a figure is called on the page where its key says too little. */
const CALLED = { contentions: 'Waits that ended', waitTotal: 'Waited in all', waitP50: 'Median wait', waitP99: 'p99 wait', waitMax: 'Longest wait', holdMax: 'Longest hold', holdMean: 'Mean hold', cpuShare: 'Share on a core', sampledWaits: 'Waits with a stack', holderDoes: 'The holder', type: 'Declared in', meetings: 'Meetings seen', objects: 'Objects at a time' };
/** contendedAcquires → contended acquires. */
const words = key => CALLED[key] ?? key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().replace(/^./, c => c.toUpperCase());

function names(ctx, threads) {
  const shown = threads.slice(0, 12);
  const byName = new Map(ctx.history.threads.map(t => [t.name, t]));
  return html`${shown.map((n, i) => html`${i ? ', ' : ''}${byName.has(n) ? threadLink(byName.get(n)) : html`<span class="mono">${n}</span>`}`)}${threads.length > shown.length ? html` <span class="muted">and ${count(threads.length - shown.length)} more</span>` : nothing}`;
}

/** The owner's stack left, the waiter's right; for other findings the first two places. */
function sides(f) {
  const order = ['holder', 'owner', 'first', 'task', 'creator'];
  const places = f.places.filter(p => p.stack.length || p.frame);
  const left = places.find(p => order.includes(p.role)) || places[0];
  return [left, places.find(p => p !== left && p.stack.length) ?? places.find(p => p !== left)];
}

const TITLES = { holder: 'The owner, while it holds', owner: 'The owner, while it holds', waiter: 'A waiter', first: 'First', second: 'Second', third: 'Third', fourth: 'Fourth', fifth: 'Fifth', sixth: 'Sixth', seventh: 'Seventh', eighth: 'Eighth', producer: 'Who puts in', consumer: 'Who takes out', submitter: 'Who hands in the tasks', task: 'The task', creator: 'Who creates the threads' };

/** In a deadlock and in a race each place is that of one thread, in their order; else the role says it. */
function nameOf(f, p) {
  const each = f.kind === 'deadlock' && f.places.length === f.threads.length, side = ['first', 'second'].indexOf(p.role);
  if (side >= 0 && f.threads.length === 2) return `${TITLES[p.role]}: ${f.threads[side]}`;
  return each ? `${f.threads[f.places.indexOf(p)]} waits` : TITLES[p.role] || p.role;
}

function side(f, p, above = nothing, who = nothing) {
  return html`<section class="panel"><header><h2>${nameOf(f, p)}</h2>${who}<span class="muted mono">${place(p.frame)}</span></header>${above}${p.stack.length ? stack(p.stack, p.frame, { withSource: true }) : html`<p class="empty">Only the line is known: <span class="mono">${place(p.frame)}</span>.</p>`}</section>`;
}

function more(f, shown) {
  const rest = f.places.filter(p => !shown.includes(p));
  return rest.length ? html`<details class="panel"><summary>${plural(rest.length, 'more place')}</summary><div class="cols-2">${rest.map(p => side(f, p))}</div></details>` : nothing;
}

/** The line at which the owner took the lock, where that is not the line it was seen at: told without a stack. */
const takenAt = (f, owner) => f.places.find(p => p !== owner && p.role === owner?.role && p.role === 'holder' && !p.stack.length);

/** The one thread that held the lock while others waited; several in turn are among the lock's figures. */
const ownerOf = (ctx, f, p) => (p.role === 'holder' && f.evidence?.owners?.length === 1 ? names(ctx, f.evidence.owners) : nothing);
